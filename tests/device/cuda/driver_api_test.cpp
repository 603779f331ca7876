// Our own declarations of the driver's functions against NVIDIA's, where cuda.h is installed. All
// is said when this compiles.
#include "device/cuda/driver_api.h"

#include <cuda.h>
#include <gtest/gtest.h>

#include <type_traits>

namespace evotune {
namespace {

/// Passed alike: a handle for a handle, a number or an enumeration for one of the same size.
template <typename Ours, typename Theirs>
constexpr bool is_passed_alike() {
  if constexpr (std::is_pointer_v<Ours> && std::is_pointer_v<Theirs>) {
    using A = std::remove_pointer_t<Ours>;
    using B = std::remove_pointer_t<Theirs>;
    if constexpr (std::is_class_v<A> || std::is_void_v<A>)
      return std::is_class_v<B> == std::is_class_v<A> && std::is_void_v<B> == std::is_void_v<A>;
    else
      return std::is_const_v<A> == std::is_const_v<B> &&
             is_passed_alike<std::remove_const_t<A>, std::remove_const_t<B>>();
  } else {
    return std::is_floating_point_v<Ours> == std::is_floating_point_v<Theirs> &&
           !std::is_pointer_v<Ours> && !std::is_pointer_v<Theirs> && sizeof(Ours) == sizeof(Theirs);
  }
}

template <typename Ours, typename... A, typename Theirs, typename... B>
constexpr bool are_called_alike(Ours (*)(A...), Theirs (*)(B...)) {
  if constexpr (sizeof...(A) == sizeof...(B))
    return is_passed_alike<Ours, Theirs>() && (is_passed_alike<A, B>() && ...);
  return false;
}

constexpr CudaFunctions ours{};
static_assert(are_called_alike(ours.init, decltype(&cuInit){}));
static_assert(are_called_alike(ours.driver_get_version, decltype(&cuDriverGetVersion){}));
static_assert(are_called_alike(ours.get_error_name, decltype(&cuGetErrorName){}));
static_assert(are_called_alike(ours.get_error_string, decltype(&cuGetErrorString){}));
static_assert(are_called_alike(ours.device_get_count, decltype(&cuDeviceGetCount){}));
static_assert(are_called_alike(ours.device_get, decltype(&cuDeviceGet){}));
static_assert(are_called_alike(ours.device_get_name, decltype(&cuDeviceGetName){}));
static_assert(are_called_alike(ours.device_get_attribute, decltype(&cuDeviceGetAttribute){}));
static_assert(are_called_alike(ours.device_get_pci_bus_id, decltype(&cuDeviceGetPCIBusId){}));
static_assert(are_called_alike(ours.device_total_mem, decltype(&cuDeviceTotalMem){}));
static_assert(are_called_alike(ours.device_primary_ctx_retain,
                               decltype(&cuDevicePrimaryCtxRetain){}));
static_assert(are_called_alike(ours.device_primary_ctx_release,
                               decltype(&cuDevicePrimaryCtxRelease){}));
static_assert(are_called_alike(ours.ctx_set_current, decltype(&cuCtxSetCurrent){}));
static_assert(are_called_alike(ours.ctx_synchronize, decltype(&cuCtxSynchronize){}));
static_assert(are_called_alike(ours.ctx_reset_persisting_l2_cache,
                               decltype(&cuCtxResetPersistingL2Cache){}));
static_assert(are_called_alike(ours.module_load_data, decltype(&cuModuleLoadData){}));
static_assert(are_called_alike(ours.module_unload, decltype(&cuModuleUnload){}));
static_assert(are_called_alike(ours.module_get_function, decltype(&cuModuleGetFunction){}));
static_assert(are_called_alike(ours.module_get_global, decltype(&cuModuleGetGlobal){}));
static_assert(are_called_alike(ours.func_get_attribute, decltype(&cuFuncGetAttribute){}));
static_assert(are_called_alike(ours.func_set_attribute, decltype(&cuFuncSetAttribute){}));
static_assert(are_called_alike(ours.mem_alloc, decltype(&cuMemAlloc){}));
static_assert(are_called_alike(ours.mem_free, decltype(&cuMemFree){}));
static_assert(are_called_alike(ours.memcpy_htod_async, decltype(&cuMemcpyHtoDAsync){}));
static_assert(are_called_alike(ours.memcpy_dtoh_async, decltype(&cuMemcpyDtoHAsync){}));
static_assert(are_called_alike(ours.memcpy_dtod_async, decltype(&cuMemcpyDtoDAsync){}));
static_assert(are_called_alike(ours.memset_d8_async, decltype(&cuMemsetD8Async){}));
static_assert(are_called_alike(ours.stream_create, decltype(&cuStreamCreate){}));
static_assert(are_called_alike(ours.stream_destroy, decltype(&cuStreamDestroy){}));
static_assert(are_called_alike(ours.stream_synchronize, decltype(&cuStreamSynchronize){}));
static_assert(are_called_alike(ours.stream_begin_capture, decltype(&cuStreamBeginCapture){}));
static_assert(are_called_alike(ours.stream_end_capture, decltype(&cuStreamEndCapture){}));
static_assert(are_called_alike(ours.event_create, decltype(&cuEventCreate){}));
static_assert(are_called_alike(ours.event_destroy, decltype(&cuEventDestroy){}));
static_assert(are_called_alike(ours.event_record, decltype(&cuEventRecord){}));
static_assert(are_called_alike(ours.event_query, decltype(&cuEventQuery){}));
static_assert(are_called_alike(ours.event_elapsed_time, decltype(&cuEventElapsedTime){}));
static_assert(are_called_alike(ours.launch_kernel, decltype(&cuLaunchKernel){}));
static_assert(are_called_alike(ours.launch_cooperative_kernel,
                               decltype(&cuLaunchCooperativeKernel){}));
static_assert(are_called_alike(ours.graph_instantiate_with_flags, decltype(&cuGraphInstantiate){}));
static_assert(are_called_alike(ours.graph_destroy, decltype(&cuGraphDestroy){}));
static_assert(are_called_alike(ours.graph_exec_destroy, decltype(&cuGraphExecDestroy){}));
static_assert(are_called_alike(ours.graph_upload, decltype(&cuGraphUpload){}));
static_assert(are_called_alike(ours.graph_launch, decltype(&cuGraphLaunch){}));

template <typename Ours, typename Theirs>
constexpr bool equal(Ours mine, Theirs theirs) {
  return static_cast<long>(mine) == static_cast<long>(theirs);
}

static_assert(equal(CudaResult::out_of_memory, CUDA_ERROR_OUT_OF_MEMORY));
static_assert(equal(CudaResult::not_initialized, CUDA_ERROR_NOT_INITIALIZED));
static_assert(equal(CudaResult::deinitialized, CUDA_ERROR_DEINITIALIZED));
static_assert(equal(CudaResult::device_unavailable, CUDA_ERROR_DEVICE_UNAVAILABLE));
static_assert(equal(CudaResult::no_device, CUDA_ERROR_NO_DEVICE));
static_assert(equal(CudaResult::invalid_device, CUDA_ERROR_INVALID_DEVICE));
static_assert(equal(CudaResult::invalid_image, CUDA_ERROR_INVALID_IMAGE));
static_assert(equal(CudaResult::invalid_context, CUDA_ERROR_INVALID_CONTEXT));
static_assert(equal(CudaResult::no_binary_for_gpu, CUDA_ERROR_NO_BINARY_FOR_GPU));
static_assert(equal(CudaResult::ecc_uncorrectable, CUDA_ERROR_ECC_UNCORRECTABLE));
static_assert(equal(CudaResult::invalid_ptx, CUDA_ERROR_INVALID_PTX));
static_assert(equal(CudaResult::nvlink_uncorrectable, CUDA_ERROR_NVLINK_UNCORRECTABLE));
static_assert(equal(CudaResult::unsupported_ptx_version, CUDA_ERROR_UNSUPPORTED_PTX_VERSION));
static_assert(equal(CudaResult::not_found, CUDA_ERROR_NOT_FOUND));
static_assert(equal(CudaResult::not_ready, CUDA_ERROR_NOT_READY));
static_assert(equal(CudaResult::illegal_address, CUDA_ERROR_ILLEGAL_ADDRESS));
static_assert(equal(CudaResult::launch_out_of_resources, CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES));
static_assert(equal(CudaResult::launch_timeout, CUDA_ERROR_LAUNCH_TIMEOUT));
static_assert(equal(CudaResult::context_is_destroyed, CUDA_ERROR_CONTEXT_IS_DESTROYED));
static_assert(equal(CudaResult::assertion, CUDA_ERROR_ASSERT));
static_assert(equal(CudaResult::hardware_stack_error, CUDA_ERROR_HARDWARE_STACK_ERROR));
static_assert(equal(CudaResult::illegal_instruction, CUDA_ERROR_ILLEGAL_INSTRUCTION));
static_assert(equal(CudaResult::misaligned_address, CUDA_ERROR_MISALIGNED_ADDRESS));
static_assert(equal(CudaResult::invalid_address_space, CUDA_ERROR_INVALID_ADDRESS_SPACE));
static_assert(equal(CudaResult::invalid_pc, CUDA_ERROR_INVALID_PC));
static_assert(equal(CudaResult::launch_failed, CUDA_ERROR_LAUNCH_FAILED));
static_assert(equal(CudaResult::cooperative_launch_too_large,
                    CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE));
static_assert(equal(CudaResult::not_supported, CUDA_ERROR_NOT_SUPPORTED));
static_assert(equal(CudaResult::system_not_ready, CUDA_ERROR_SYSTEM_NOT_READY));
static_assert(equal(CudaResult::system_driver_mismatch, CUDA_ERROR_SYSTEM_DRIVER_MISMATCH));
static_assert(equal(CudaResult::mps_client_terminated, CUDA_ERROR_MPS_CLIENT_TERMINATED));
static_assert(equal(CudaResult::unknown, CUDA_ERROR_UNKNOWN));

using Attribute = CudaDeviceAttribute;
static_assert(equal(Attribute::max_threads_per_block, CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK));
static_assert(equal(Attribute::max_shared_memory_per_block,
                    CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK));
static_assert(equal(Attribute::warp_size, CU_DEVICE_ATTRIBUTE_WARP_SIZE));
static_assert(equal(Attribute::max_registers_per_block,
                    CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK));
static_assert(equal(Attribute::clock_rate, CU_DEVICE_ATTRIBUTE_CLOCK_RATE));
static_assert(equal(Attribute::memory_clock_rate, CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE));
static_assert(equal(Attribute::global_memory_bus_width,
                    CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH));
static_assert(equal(Attribute::multiprocessor_count, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT));
static_assert(equal(Attribute::l2_cache_size, CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE));
static_assert(equal(Attribute::compute_capability_major,
                    CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR));
static_assert(equal(Attribute::compute_capability_minor,
                    CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR));
static_assert(equal(Attribute::cooperative_launch, CU_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH));
static_assert(equal(Attribute::max_shared_memory_per_block_optin,
                    CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN));
static_assert(equal(CudaFunctionAttribute::max_threads_per_block,
                    CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK));
static_assert(equal(CudaFunctionAttribute::shared_size_bytes, CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES));
static_assert(equal(CudaFunctionAttribute::max_dynamic_shared_size_bytes,
                    CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES));
static_assert(equal(cuda_stream_non_blocking, CU_STREAM_NON_BLOCKING));
static_assert(equal(CudaCaptureMode::thread_local_, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));

TEST(DriverApi, IsDeclaredAsInCudaH) { SUCCEED() << "for CUDA " << CUDA_VERSION; }

}  // namespace
}  // namespace evotune
