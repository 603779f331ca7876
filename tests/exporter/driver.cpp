// A CUDA driver that runs nothing and writes down what it is asked, for the exported header's test.
#include <cuda.h>

#include <cstdio>
#include <cstring>

void (*look_at_arguments)(void**) = nullptr;  // what a test wants to see besides

extern "C" {
CUresult cuModuleLoadData(CUmodule* module, const void* image) {
  std::printf("load %s\n", static_cast<const char*>(image));
  *module = reinterpret_cast<CUmodule>(1);
  return CUDA_SUCCESS;
}
CUresult cuModuleUnload(CUmodule) {
  std::printf("unload\n");
  return CUDA_SUCCESS;
}
CUresult cuModuleGetFunction(CUfunction* function, CUmodule, const char* name) {
  *function = reinterpret_cast<CUfunction>(2);
  return std::strcmp(name, "scale") == 0 ? CUDA_SUCCESS : CUDA_ERROR_NOT_FOUND;
}
CUresult cuModuleGetGlobal(CUdeviceptr*, size_t*, CUmodule, const char*) {
  return CUDA_ERROR_NOT_FOUND;
}
CUresult cuFuncSetAttribute(CUfunction, CUfunction_attribute, int value) {
  std::printf("shared %d\n", value);
  return CUDA_SUCCESS;
}
CUresult cuGetErrorString(CUresult, const char** text) {
  *text = "not found";
  return CUDA_SUCCESS;
}
CUresult cuLaunchKernel(CUfunction, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
                        unsigned bz, unsigned shared, CUstream, void** arguments, void**) {
  std::printf("grid %u %u %u block %u %u %u shared %u x %llu y %llu n %d factor %g\n", gx, gy, gz,
              bx, by, bz, shared, *static_cast<CUdeviceptr*>(arguments[0]),
              *static_cast<CUdeviceptr*>(arguments[1]), *static_cast<int*>(arguments[2]),
              static_cast<double>(*static_cast<float*>(arguments[3])));
  if (look_at_arguments != nullptr) look_at_arguments(arguments);
  return CUDA_SUCCESS;
}
}
