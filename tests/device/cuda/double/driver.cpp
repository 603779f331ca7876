// libcuda's functions, as far as evotune uses them, on a Gpu of our own.
#include <cxxabi.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

#include "gpu.h"

// A process opens one of the GPUs, so it has one.
namespace {

using namespace evotune;
using cuda_double::Gpu;
using cuda_double::Module;
using cuda_double::Recorded;

Gpu& gpu() {
  static Gpu one;
  return one;
}

using Instant = std::chrono::steady_clock::time_point;
struct Event {
  Instant at;
};
using Graph = std::vector<Recorded>;

Module& of(CudaModuleHandle module) { return *reinterpret_cast<Module*>(module); }
Module& of(CudaFunction function) { return *reinterpret_cast<Module*>(function); }
Event& of(CudaEvent event) { return *reinterpret_cast<Event*>(event); }
Graph& of(CudaGraph graph) { return *reinterpret_cast<Graph*>(graph); }
Graph& of(CudaGraphExec graph) { return *reinterpret_cast<Graph*>(graph); }

std::string demangled(const char* symbol) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(symbol, nullptr, nullptr, &status), &std::free);
  return status == 0 && name ? name.get() : symbol;
}

/// A call that needs a context that lives.
template <typename Act>
CudaResult in_context(const Act& act) {
  if (gpu().state != CudaResult::success) return gpu().state;
  return act();
}

CudaResult copy(void* to, const void* from, std::size_t bytes) {
  return in_context([&] {
    if (gpu().capture != nullptr) return static_cast<CudaResult>(900);
    gpu().wait();
    std::memcpy(to, from, bytes);
    return CudaResult::success;
  });
}

const char* name_of(CudaResult result) {
  switch (result) {
    case CudaResult::out_of_memory:
      return "CUDA_ERROR_OUT_OF_MEMORY";
    case CudaResult::device_unavailable:
      return "CUDA_ERROR_DEVICE_UNAVAILABLE";
    case CudaResult::illegal_address:
      return "CUDA_ERROR_ILLEGAL_ADDRESS";
    case CudaResult::illegal_instruction:
      return "CUDA_ERROR_ILLEGAL_INSTRUCTION";
    case CudaResult::misaligned_address:
      return "CUDA_ERROR_MISALIGNED_ADDRESS";
    case CudaResult::launch_failed:
      return "CUDA_ERROR_LAUNCH_FAILED";
    default:
      return "CUDA_ERROR";
  }
}

void* pointer(CudaAddress address) { return reinterpret_cast<void*>(address); }

}  // namespace

extern "C" {

CudaResult cuInit(unsigned) { return CudaResult::success; }
CudaResult cuDriverGetVersion(int* version) {
  *version = 13000;
  return CudaResult::success;
}
CudaResult cuGetErrorName(CudaResult result, const char** name) {
  *name = name_of(result);
  return CudaResult::success;
}
CudaResult cuGetErrorString(CudaResult, const char** text) {
  *text = "said by the double";
  return CudaResult::success;
}
CudaResult cuDeviceGetCount(int* count) {
  *count = static_cast<int>(cuda_double::gpu_names().size());
  return CudaResult::success;
}
CudaResult cuDeviceGet(CudaOrdinal* device, int ordinal) {
  *device = ordinal;
  const bool there = ordinal >= 0 && ordinal < static_cast<int>(cuda_double::gpu_names().size());
  return there ? CudaResult::success : CudaResult::invalid_device;
}
CudaResult cuDeviceGetName(char* name, int size, CudaOrdinal device) {
  const std::string text = cuda_double::gpu_names().at(static_cast<std::size_t>(device));
  std::strncpy(name, text.c_str(), static_cast<std::size_t>(size));
  return CudaResult::success;
}
CudaResult cuDeviceGetPCIBusId(char* id, int size, CudaOrdinal device) {
  const std::string text = "0000:0" + std::to_string(device) + ":00.0";
  std::strncpy(id, text.c_str(), static_cast<std::size_t>(size));
  return CudaResult::success;
}
CudaResult cuDeviceGetAttribute(int* value, CudaDeviceAttribute which, CudaOrdinal) {
  switch (which) {
    case CudaDeviceAttribute::max_threads_per_block:
      *value = 1024;
      break;
    case CudaDeviceAttribute::max_shared_memory_per_block:
      *value = Gpu::shared_bytes;
      break;
    case CudaDeviceAttribute::max_shared_memory_per_block_optin:
      *value = Gpu::shared_bytes_optin;
      break;
    case CudaDeviceAttribute::warp_size:
      *value = 32;
      break;
    case CudaDeviceAttribute::max_registers_per_block:
      *value = 65536;
      break;
    case CudaDeviceAttribute::multiprocessor_count:
      *value = 4;
      break;
    case CudaDeviceAttribute::clock_rate:
      *value = 1980 * 1000;
      break;
    case CudaDeviceAttribute::memory_clock_rate:
      *value = 2600 * 1000;
      break;
    case CudaDeviceAttribute::global_memory_bus_width:
      *value = 5120;
      break;
    case CudaDeviceAttribute::l2_cache_size:
      *value = 1 << 20;
      break;
    case CudaDeviceAttribute::compute_capability_major:
      *value = 8;
      break;
    case CudaDeviceAttribute::compute_capability_minor:
      *value = 0;
      break;
    case CudaDeviceAttribute::cooperative_launch:
      *value = 1;
      break;
    default:
      return CudaResult::invalid_value;
  }
  return CudaResult::success;
}
CudaResult cuDeviceTotalMem_v2(std::size_t* bytes, CudaOrdinal) {
  *bytes = Gpu::memory_bytes;
  return CudaResult::success;
}
CudaResult cuDevicePrimaryCtxRetain(CudaContextHandle* context, CudaOrdinal device) {
  gpu().ordinal = device;
  *context = reinterpret_cast<CudaContextHandle>(&gpu());
  return gpu().state;
}
CudaResult cuDevicePrimaryCtxRelease_v2(CudaOrdinal) { return gpu().state; }
CudaResult cuCtxSetCurrent(CudaContextHandle) { return gpu().state; }
CudaResult cuCtxSynchronize() {
  gpu().wait();
  return gpu().state;
}
CudaResult cuCtxResetPersistingL2Cache() { return gpu().state; }
CudaResult cuModuleLoadData(CudaModuleHandle* handle, const void* image) {
  return in_context([&] {
    Module* module = nullptr;
    const CudaResult result = gpu().load(image, module);
    *handle = reinterpret_cast<CudaModuleHandle>(module);
    return result;
  });
}
CudaResult cuModuleUnload(CudaModuleHandle module) {
  return in_context([&] {
    delete &of(module);
    return CudaResult::success;
  });
}
CudaResult cuModuleGetFunction(CudaFunction* function, CudaModuleHandle module, const char* name) {
  return in_context([&] {
    *function = reinterpret_cast<CudaFunction>(module);
    return of(module).image.symbol == name ? CudaResult::success : CudaResult::not_found;
  });
}
CudaResult cuModuleGetGlobal_v2(CudaAddress* address, std::size_t* bytes, CudaModuleHandle module,
                                const char* name) {
  return in_context([&] {
    // What no code uses is not in a shared object for the host, but it is in a cubin.
    const std::string symbol = demangled(name), &source = of(module).image.source;
    if (symbol.starts_with("evotune_"))
      return source.find("__device__ char " + symbol + ";") != source.npos ? CudaResult::success
                                                                           : CudaResult::not_found;
    const auto variable = of(module).kernel.find_variable(symbol);
    if (!variable) return CudaResult::not_found;
    *address = reinterpret_cast<CudaAddress>(variable->bytes.data());
    *bytes = variable->bytes.size();
    return CudaResult::success;
  });
}
CudaResult cuFuncGetAttribute(int* value, CudaFunctionAttribute which, CudaFunction function) {
  *value = which == CudaFunctionAttribute::shared_size_bytes
               ? of(function).kernel.static_shared_bytes()
               : 1024;
  return gpu().state;
}
CudaResult cuFuncSetAttribute(CudaFunction function, CudaFunctionAttribute, int bytes) {
  return in_context([&] {
    if (bytes > Gpu::shared_bytes_optin - of(function).kernel.static_shared_bytes())
      return CudaResult::invalid_value;
    of(function).most_dynamic_shared = bytes;
    return CudaResult::success;
  });
}
CudaResult cuFuncGetParamInfo(CudaFunction function, std::size_t index, std::size_t* offset,
                              std::size_t* bytes) {
  const auto& parameters = of(function).kernel.parameters();
  if (index >= parameters.size()) return CudaResult::invalid_value;
  *offset = 0;
  *bytes = parameters[index].size;
  return gpu().state;
}
CudaResult cuMemAlloc_v2(CudaAddress* address, std::size_t bytes) {
  return in_context([&] { return gpu().allocate(*address, bytes); });
}
CudaResult cuMemFree_v2(CudaAddress address) {
  return in_context([&] { return gpu().release(address); });
}
CudaResult cuMemcpyHtoDAsync_v2(CudaAddress to, const void* from, std::size_t bytes, CudaStream) {
  return copy(pointer(to), from, bytes);
}
CudaResult cuMemcpyDtoHAsync_v2(void* to, CudaAddress from, std::size_t bytes, CudaStream) {
  return copy(to, pointer(from), bytes);
}
CudaResult cuMemcpyDtoDAsync_v2(CudaAddress to, CudaAddress from, std::size_t bytes, CudaStream) {
  return copy(pointer(to), pointer(from), bytes);
}
CudaResult cuMemsetD8Async(CudaAddress to, unsigned char value, std::size_t bytes, CudaStream) {
  return in_context([&] {
    std::memset(pointer(to), value, bytes);
    return CudaResult::success;
  });
}
CudaResult cuStreamCreate(CudaStream* stream, unsigned) {
  *stream = reinterpret_cast<CudaStream>(&gpu());
  return gpu().state;
}
CudaResult cuStreamDestroy_v2(CudaStream) { return gpu().state; }
CudaResult cuStreamSynchronize(CudaStream) { return cuCtxSynchronize(); }
CudaResult cuStreamBeginCapture_v2(CudaStream, CudaCaptureMode) {
  return in_context([&] {
    gpu().capture = new Graph;
    return CudaResult::success;
  });
}
CudaResult cuStreamEndCapture(CudaStream, CudaGraph* graph) {
  *graph = reinterpret_cast<CudaGraph>(gpu().capture);
  gpu().capture = nullptr;
  return gpu().state;
}
CudaResult cuEventCreate(CudaEvent* event, unsigned) {
  *event = reinterpret_cast<CudaEvent>(new Event{});
  return gpu().state;
}
CudaResult cuEventDestroy_v2(CudaEvent event) {
  delete &of(event);
  return gpu().state;
}
CudaResult cuEventRecord(CudaEvent event, CudaStream) {
  of(event).at = std::chrono::steady_clock::now();
  return gpu().state;
}
CudaResult cuEventQuery(CudaEvent) { return gpu().hangs ? CudaResult::not_ready : gpu().state; }
CudaResult cuEventElapsedTime(float* milliseconds, CudaEvent earlier, CudaEvent later) {
  *milliseconds = std::chrono::duration<float, std::milli>(of(later).at - of(earlier).at).count();
  return gpu().state;
}
CudaResult cuLaunchKernel(CudaFunction function, unsigned gx, unsigned gy, unsigned gz, unsigned bx,
                          unsigned by, unsigned bz, unsigned shared, CudaStream, void** parameters,
                          void**) {
  return in_context([&] {
    return gpu().launch(of(function), {{gx, gy, gz}, {bx, by, bz}, shared}, parameters, false);
  });
}
CudaResult cuLaunchCooperativeKernel(CudaFunction function, unsigned gx, unsigned gy, unsigned gz,
                                     unsigned bx, unsigned by, unsigned bz, unsigned shared,
                                     CudaStream, void** parameters) {
  return in_context([&] {
    return gpu().launch(of(function), {{gx, gy, gz}, {bx, by, bz}, shared}, parameters, true);
  });
}
CudaResult cuGraphInstantiateWithFlags(CudaGraphExec* exec, CudaGraph graph, unsigned long long) {
  *exec = reinterpret_cast<CudaGraphExec>(new Graph(of(graph)));
  return gpu().state;
}
CudaResult cuGraphDestroy(CudaGraph graph) {
  delete &of(graph);
  return gpu().state;
}
CudaResult cuGraphExecDestroy(CudaGraphExec exec) {
  delete &of(exec);
  return gpu().state;
}
CudaResult cuGraphUpload(CudaGraphExec, CudaStream) { return gpu().state; }
CudaResult cuGraphLaunch(CudaGraphExec exec, CudaStream) {
  return in_context([&] { return gpu().replay(of(exec)); });
}
}
