#pragma once

#include <cstddef>

// cuda.h's names for what evotune uses of the driver, so that it builds where there is no toolkit.
// tests/device/cuda/driver_api_test.cpp compares all of it with cuda.h where that is installed.

namespace evotune {

using CudaOrdinal = int;                 ///< CUdevice
using CudaAddress = unsigned long long;  ///< CUdeviceptr
using CudaContextHandle = struct CUctx_st*;
using CudaModuleHandle = struct CUmod_st*;
using CudaFunction = struct CUfunc_st*;
using CudaStream = struct CUstream_st*;
using CudaEvent = struct CUevent_st*;
using CudaGraph = struct CUgraph_st*;
using CudaGraphExec = struct CUgraphExec_st*;

/// CUresult: those that evotune tells apart.
enum class CudaResult : int {
  success = 0,
  invalid_value = 1,
  out_of_memory = 2,
  not_initialized = 3,
  deinitialized = 4,
  device_unavailable = 46,
  no_device = 100,
  invalid_device = 101,
  invalid_image = 200,
  invalid_context = 201,
  no_binary_for_gpu = 209,
  ecc_uncorrectable = 214,
  invalid_ptx = 218,
  nvlink_uncorrectable = 220,
  unsupported_ptx_version = 222,
  contained = 226,
  not_found = 500,
  not_ready = 600,
  illegal_address = 700,
  launch_out_of_resources = 701,
  launch_timeout = 702,
  context_is_destroyed = 709,
  assertion = 710,
  hardware_stack_error = 714,
  illegal_instruction = 715,
  misaligned_address = 716,
  invalid_address_space = 717,
  invalid_pc = 718,
  launch_failed = 719,
  cooperative_launch_too_large = 720,
  tensor_memory_leak = 721,
  not_supported = 801,
  system_not_ready = 802,
  system_driver_mismatch = 803,
  mps_client_terminated = 810,
  unknown = 999,
};

/// CUdevice_attribute.
enum class CudaDeviceAttribute : int {
  max_threads_per_block = 1,
  max_shared_memory_per_block = 8,
  warp_size = 10,
  max_registers_per_block = 12,
  clock_rate = 13,  ///< in kHz, as the memory's
  multiprocessor_count = 16,
  memory_clock_rate = 36,
  global_memory_bus_width = 37,  ///< in bits
  l2_cache_size = 38,
  compute_capability_major = 75,
  compute_capability_minor = 76,
  cooperative_launch = 95,
  max_shared_memory_per_block_optin = 97,
};

/// CUfunction_attribute.
enum class CudaFunctionAttribute : int {
  max_threads_per_block = 0,
  shared_size_bytes = 1,
  max_dynamic_shared_size_bytes = 8,
};

inline constexpr unsigned cuda_stream_non_blocking = 1;
/// CU_STREAM_CAPTURE_MODE_THREAD_LOCAL.
enum class CudaCaptureMode : int { thread_local_ = 1 };

/// libcuda's functions, under the names of the versions that cuda.h of CUDA 11.4 to 13 stands for.
/// Everything that has a stream gets evotune's own, so nothing here knows a default stream.
struct CudaFunctions {
  CudaResult (*init)(unsigned flags);
  CudaResult (*driver_get_version)(int*);
  CudaResult (*get_error_name)(CudaResult, const char**);
  CudaResult (*get_error_string)(CudaResult, const char**);
  CudaResult (*device_get_count)(int*);
  CudaResult (*device_get)(CudaOrdinal*, int);
  CudaResult (*device_get_name)(char*, int size, CudaOrdinal);
  CudaResult (*device_get_attribute)(int*, CudaDeviceAttribute, CudaOrdinal);
  CudaResult (*device_get_pci_bus_id)(char*, int size, CudaOrdinal);
  CudaResult (*device_total_mem)(std::size_t*, CudaOrdinal);
  CudaResult (*device_primary_ctx_retain)(CudaContextHandle*, CudaOrdinal);
  CudaResult (*device_primary_ctx_release)(CudaOrdinal);
  CudaResult (*ctx_set_current)(CudaContextHandle);
  CudaResult (*ctx_synchronize)();
  CudaResult (*ctx_reset_persisting_l2_cache)();
  CudaResult (*module_load_data)(CudaModuleHandle*, const void* image);
  CudaResult (*module_unload)(CudaModuleHandle);
  CudaResult (*module_get_function)(CudaFunction*, CudaModuleHandle, const char*);
  CudaResult (*module_get_global)(CudaAddress*, std::size_t* bytes, CudaModuleHandle, const char*);
  CudaResult (*func_get_attribute)(int*, CudaFunctionAttribute, CudaFunction);
  CudaResult (*func_set_attribute)(CudaFunction, CudaFunctionAttribute, int);
  CudaResult (*mem_alloc)(CudaAddress*, std::size_t);
  CudaResult (*mem_free)(CudaAddress);
  CudaResult (*memcpy_htod_async)(CudaAddress, const void*, std::size_t, CudaStream);
  CudaResult (*memcpy_dtoh_async)(void*, CudaAddress, std::size_t, CudaStream);
  CudaResult (*memcpy_dtod_async)(CudaAddress to, CudaAddress from, std::size_t, CudaStream);
  CudaResult (*memset_d8_async)(CudaAddress, unsigned char, std::size_t, CudaStream);
  CudaResult (*stream_create)(CudaStream*, unsigned flags);
  CudaResult (*stream_destroy)(CudaStream);
  CudaResult (*stream_synchronize)(CudaStream);
  CudaResult (*stream_begin_capture)(CudaStream, CudaCaptureMode);
  CudaResult (*stream_end_capture)(CudaStream, CudaGraph*);
  CudaResult (*event_create)(CudaEvent*, unsigned flags);
  CudaResult (*event_destroy)(CudaEvent);
  CudaResult (*event_record)(CudaEvent, CudaStream);
  CudaResult (*event_query)(CudaEvent);
  CudaResult (*event_elapsed_time)(float* milliseconds, CudaEvent, CudaEvent);
  CudaResult (*launch_kernel)(CudaFunction, unsigned, unsigned, unsigned, unsigned, unsigned,
                              unsigned, unsigned shared_bytes, CudaStream, void** parameters,
                              void** extra);
  CudaResult (*launch_cooperative_kernel)(CudaFunction, unsigned, unsigned, unsigned, unsigned,
                                          unsigned, unsigned, unsigned shared_bytes, CudaStream,
                                          void** parameters);
  CudaResult (*graph_instantiate_with_flags)(CudaGraphExec*, CudaGraph, unsigned long long flags);
  CudaResult (*graph_destroy)(CudaGraph);
  CudaResult (*graph_exec_destroy)(CudaGraphExec);
  CudaResult (*graph_upload)(CudaGraphExec, CudaStream);
  CudaResult (*graph_launch)(CudaGraphExec, CudaStream);

  /// Since CUDA 12.4; null before.
  CudaResult (*func_get_param_info)(CudaFunction, std::size_t index, std::size_t* offset,
                                    std::size_t* bytes);
};

}  // namespace evotune
