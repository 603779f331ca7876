#include "device/cuda/cuda_driver.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>

#include "device/cuda/opened_library.h"

namespace evotune {
namespace {

/// Null, or the name of the first function that is missing. cuda.h's names are macros for these.
const char* find_all(void* handle, CudaFunctions& call) {
  const char* missing = nullptr;
  const auto need = [&](const char* name, auto& function) {
    if (missing == nullptr && !find_function(handle, name, function)) missing = name;
  };
  need("cuInit", call.init);
  need("cuDriverGetVersion", call.driver_get_version);
  need("cuGetErrorName", call.get_error_name);
  need("cuGetErrorString", call.get_error_string);
  need("cuDeviceGetCount", call.device_get_count);
  need("cuDeviceGet", call.device_get);
  need("cuDeviceGetName", call.device_get_name);
  need("cuDeviceGetAttribute", call.device_get_attribute);
  need("cuDeviceGetPCIBusId", call.device_get_pci_bus_id);
  need("cuDeviceTotalMem_v2", call.device_total_mem);
  need("cuDevicePrimaryCtxRetain", call.device_primary_ctx_retain);
  need("cuDevicePrimaryCtxRelease_v2", call.device_primary_ctx_release);
  need("cuCtxSetCurrent", call.ctx_set_current);
  need("cuCtxSynchronize", call.ctx_synchronize);
  need("cuCtxResetPersistingL2Cache", call.ctx_reset_persisting_l2_cache);
  need("cuModuleLoadData", call.module_load_data);
  need("cuModuleUnload", call.module_unload);
  need("cuModuleGetFunction", call.module_get_function);
  need("cuModuleGetGlobal_v2", call.module_get_global);
  need("cuFuncGetAttribute", call.func_get_attribute);
  need("cuFuncSetAttribute", call.func_set_attribute);
  need("cuMemAlloc_v2", call.mem_alloc);
  need("cuMemFree_v2", call.mem_free);
  need("cuMemcpyHtoDAsync_v2", call.memcpy_htod_async);
  need("cuMemcpyDtoHAsync_v2", call.memcpy_dtoh_async);
  need("cuMemcpyDtoDAsync_v2", call.memcpy_dtod_async);
  need("cuMemsetD8Async", call.memset_d8_async);
  need("cuStreamCreate", call.stream_create);
  need("cuStreamDestroy_v2", call.stream_destroy);
  need("cuStreamSynchronize", call.stream_synchronize);
  need("cuStreamBeginCapture_v2", call.stream_begin_capture);
  need("cuStreamEndCapture", call.stream_end_capture);
  need("cuEventCreate", call.event_create);
  need("cuEventDestroy_v2", call.event_destroy);
  need("cuEventRecord", call.event_record);
  need("cuEventQuery", call.event_query);
  need("cuEventElapsedTime", call.event_elapsed_time);
  need("cuLaunchKernel", call.launch_kernel);
  need("cuLaunchCooperativeKernel", call.launch_cooperative_kernel);
  need("cuGraphInstantiateWithFlags", call.graph_instantiate_with_flags);
  need("cuGraphDestroy", call.graph_destroy);
  need("cuGraphExecDestroy", call.graph_exec_destroy);
  need("cuGraphUpload", call.graph_upload);
  need("cuGraphLaunch", call.graph_launch);
  (void)find_function(handle, "cuFuncGetParamInfo", call.func_get_param_info);
  return missing;
}

/// Asked of the driver itself, so that codes it knows and we do not have their names too.
std::string describe(const CudaFunctions& call, CudaResult result) {
  const char *name = nullptr, *text = nullptr;
  (void)call.get_error_name(result, &name);
  (void)call.get_error_string(result, &text);
  return fmt::format("{} ({}): {}", name != nullptr ? name : "CUDA error", static_cast<int>(result),
                     text != nullptr ? text : "unknown to this driver");
}

Stage stage_of(CudaResult result) {
  switch (result) {
    case CudaResult::out_of_memory:
      return Stage::out_of_memory;
    case CudaResult::launch_timeout:
      return Stage::timeout;
    case CudaResult::invalid_value:
    case CudaResult::launch_out_of_resources:
    case CudaResult::cooperative_launch_too_large:
      return Stage::launch;
    case CudaResult::invalid_image:
    case CudaResult::no_binary_for_gpu:
    case CudaResult::invalid_ptx:
    case CudaResult::unsupported_ptx_version:
    case CudaResult::not_found:
      return Stage::load;
    case CudaResult::illegal_address:
    case CudaResult::assertion:
    case CudaResult::hardware_stack_error:
    case CudaResult::illegal_instruction:
    case CudaResult::misaligned_address:
    case CudaResult::invalid_address_space:
    case CudaResult::invalid_pc:
    case CudaResult::launch_failed:
    case CudaResult::tensor_memory_leak:
      return Stage::crash;
    default:
      return Stage::infrastructure;
  }
}

}  // namespace

Failure failure_of(const CudaError& error) { return {stage_of(error.result()), error.what()}; }

/// What a kernel did to its context ends that, and a few things that are no kernel's fault.
bool ends_context(CudaResult result) {
  const Stage stage = stage_of(result);
  if (stage != Stage::infrastructure) return stage == Stage::crash || stage == Stage::timeout;
  switch (result) {
    case CudaResult::not_initialized:
    case CudaResult::deinitialized:
    case CudaResult::device_unavailable:
    case CudaResult::no_device:
    case CudaResult::invalid_device:
    case CudaResult::invalid_context:
    case CudaResult::ecc_uncorrectable:
    case CudaResult::nvlink_uncorrectable:
    case CudaResult::contained:
    case CudaResult::context_is_destroyed:
    case CudaResult::system_not_ready:
    case CudaResult::system_driver_mismatch:
    case CudaResult::mps_client_terminated:
    case CudaResult::unknown:
      return true;
    default:
      return false;
  }
}

void CudaDriver::check(CudaResult result, const char* act) const {
  if (result == CudaResult::success) return;
  throw CudaError(result, fmt::format("{} while {}", describe(call, result), act));
}

std::string CudaDriver::version_text() const {
  return fmt::format("CUDA {}.{}", version / 1000, version % 1000 / 10);
}

std::string CudaDriver::gpu_name(int ordinal) const {
  std::array<char, 256> name{};
  CudaOrdinal gpu = 0;
  check(call.device_get(&gpu, ordinal), "looking for the GPU");
  check(call.device_get_name(name.data(), static_cast<int>(name.size()) - 1, gpu),
        "asking the GPU's name");
  return name.data();
}

std::string CudaDriver::pci_bus_id(int ordinal) const {
  std::array<char, 64> id{};
  CudaOrdinal gpu = 0;
  check(call.device_get(&gpu, ordinal), "looking for the GPU");
  check(call.device_get_pci_bus_id(id.data(), static_cast<int>(id.size()) - 1, gpu),
        "asking where the GPU is");
  return id.data();
}

int CudaDriver::attribute(CudaDeviceAttribute which, int ordinal) const {
  int value = 0;
  CudaOrdinal gpu = 0;
  check(call.device_get(&gpu, ordinal), "looking for the GPU");
  check(call.device_get_attribute(&value, which, gpu), "asking what the GPU has");
  return value;
}

std::string CudaDriver::arch(int ordinal) const {
  return fmt::format("sm_{}{}", attribute(CudaDeviceAttribute::compute_capability_major, ordinal),
                     attribute(CudaDeviceAttribute::compute_capability_minor, ordinal));
}

OpenedCudaDriver open_cuda_driver() {
  const auto [name, handle] = open_library("EVOTUNE_LIBCUDA", "libcuda.so.1");
  const std::string file = name.string();
  if (handle == nullptr) return {nullptr, file + " was not found; it comes with NVIDIA's driver"};
  auto driver = std::make_shared<CudaDriver>();
  if (const char* missing = find_all(handle, driver->call))
    return {nullptr,
            fmt::format("{} has no {}; a driver for CUDA 11.4 or newer is needed", file, missing)};
  driver->path = file_of_function(reinterpret_cast<void*>(driver->call.init));
  // A kernel that the driver does not like is to fail when it is loaded, not when it is timed.
  setenv("CUDA_MODULE_LOADING", "EAGER", 0);
  try {
    driver->check(driver->call.driver_get_version(&driver->version), "asking the driver's version");
    driver->check(driver->call.init(0), "starting the driver");
    driver->check(driver->call.device_get_count(&driver->gpus), "counting GPUs");
  } catch (const CudaError& error) {
    return {nullptr, error.what()};
  }
  if (driver->gpus == 0) return {nullptr, "the driver finds no GPU"};
  return {driver, ""};
}

}  // namespace evotune
