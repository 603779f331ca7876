#include "kernel/host_names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

namespace evotune {
namespace {

const std::set<std::string_view> host_headers = {"any",
                                                 "barrier",
                                                 "bits/stdc++.h",
                                                 "cblas.h",
                                                 "cerrno",
                                                 "charconv",
                                                 "chrono",
                                                 "clocale",
                                                 "codecvt",
                                                 "condition_variable",
                                                 "coroutine",
                                                 "csetjmp",
                                                 "csignal",
                                                 "cstdarg",
                                                 "ctime",
                                                 "cublas.h",
                                                 "cublas_v2.h",
                                                 "cublasLt.h",
                                                 "cublasXt.h",
                                                 "cuda_gl_interop.h",
                                                 "cuda_profiler_api.h",
                                                 "cudaGL.h",
                                                 "cudaProfiler.h",
                                                 "cudnn.h",
                                                 "cufft.h",
                                                 "cufftw.h",
                                                 "cufftXt.h",
                                                 "curand.h",
                                                 "cusolverDn.h",
                                                 "cusolverSp.h",
                                                 "cusparse.h",
                                                 "cusparse_v2.h",
                                                 "cutensor.h",
                                                 "cwchar",
                                                 "deque",
                                                 "dirent.h",
                                                 "errno.h",
                                                 "exception",
                                                 "execution",
                                                 "fcntl.h",
                                                 "filesystem",
                                                 "format",
                                                 "forward_list",
                                                 "fstream",
                                                 "future",
                                                 "getopt.h",
                                                 "immintrin.h",
                                                 "iomanip",
                                                 "ios",
                                                 "iosfwd",
                                                 "iostream",
                                                 "istream",
                                                 "iterator",
                                                 "latch",
                                                 "list",
                                                 "locale",
                                                 "locale.h",
                                                 "map",
                                                 "memory",
                                                 "memory_resource",
                                                 "mpi.h",
                                                 "mutex",
                                                 "nccl.h",
                                                 "numeric",
                                                 "nvml.h",
                                                 "nvToolsExt.h",
                                                 "omp.h",
                                                 "ostream",
                                                 "pthread.h",
                                                 "queue",
                                                 "random",
                                                 "regex",
                                                 "semaphore",
                                                 "set",
                                                 "setjmp.h",
                                                 "shared_mutex",
                                                 "signal.h",
                                                 "source_location",
                                                 "sstream",
                                                 "stack",
                                                 "stdarg.h",
                                                 "stdexcept",
                                                 "stop_token",
                                                 "streambuf",
                                                 "string",
                                                 "string_view",
                                                 "strings.h",
                                                 "thread",
                                                 "time.h",
                                                 "timer.h",
                                                 "typeindex",
                                                 "typeinfo",
                                                 "unistd.h",
                                                 "unordered_map",
                                                 "unordered_set",
                                                 "valarray",
                                                 "vector",
                                                 "wchar.h",
                                                 "x86intrin.h"};
// Of CUDA's samples (but <helper_math.h>, which is for kernels), of OpenGL, of Python.
constexpr std::array<std::string_view, 19> host_header_beginnings = {"helper_cu",
                                                                     "helper_functions.h",
                                                                     "helper_gl.h",
                                                                     "helper_image.h",
                                                                     "helper_multiprocess.h",
                                                                     "helper_nv",
                                                                     "helper_string.h",
                                                                     "helper_timer.h",
                                                                     "nvrtc_helper.h",
                                                                     "GL/",
                                                                     "GLUT/",
                                                                     "nvbench/",
                                                                     "nvtx3/",
                                                                     "pybind11/",
                                                                     "sys/",
                                                                     "boost/",
                                                                     "cutil",
                                                                     "npp",
                                                                     "opencv2/"};

const std::set<std::string_view> toolkit_headers = {"builtin_types.h",
                                                    "common_functions.h",
                                                    "cooperative_groups.h",
                                                    "cuComplex.h",
                                                    "cuda.h",
                                                    "cuda_awbarrier.h",
                                                    "cuda_bf16.h",
                                                    "cuda_device_runtime_api.h",
                                                    "cuda_fp16.h",
                                                    "cuda_pipeline.h",
                                                    "cuda_pipeline_primitives.h",
                                                    "cuda_runtime.h",
                                                    "cuda_runtime_api.h",
                                                    "device_atomic_functions.h",
                                                    "device_functions.h",
                                                    "device_launch_parameters.h",
                                                    "driver_types.h",
                                                    "host_defines.h",
                                                    "math_constants.h",
                                                    "math_functions.h",
                                                    "mma.h",
                                                    "vector_functions.h",
                                                    "vector_types.h"};
constexpr std::array<std::string_view, 4> system_folders = {"cooperative_groups/", "crt/", "cub/",
                                                            "sm_"};
const std::set<std::string_view> c_headers = {
    "assert.h", "ctype.h",   "float.h",  "inttypes.h", "limits.h", "malloc.h", "math.h",
    "memory.h", "stdbool.h", "stddef.h", "stdint.h",   "stdio.h",  "stdlib.h", "string.h"};

const std::set<std::string_view> host_names = {"CHECK_CUDA",
                                               "EXIT_FAILURE",
                                               "EXIT_SUCCESS",
                                               "FILE",
                                               "PYBIND11_MODULE",
                                               "StopWatchInterface",
                                               "TORCH_CHECK",
                                               "TORCH_LIBRARY",
                                               "argc",
                                               "argv",
                                               "calloc",
                                               "cerr",
                                               "checkCmdLineFlag",
                                               "checkCudaErrors",
                                               "clock_gettime",
                                               "cout",
                                               "endl",
                                               "exit",
                                               "fflush",
                                               "findCudaDevice",
                                               "fopen",
                                               "fprintf",
                                               "fstream",
                                               "getCmdLineArgumentInt",
                                               "getLastCudaError",
                                               "getopt",
                                               "gettimeofday",
                                               "ifstream",
                                               "istream",
                                               "mt19937",
                                               "ofstream",
                                               "omp_get_wtime",
                                               "ostream",
                                               "ostringstream",
                                               "rand",
                                               "runtime_error",
                                               "shared_ptr",
                                               "srand",
                                               "stderr",
                                               "stdout",
                                               "stringstream",
                                               "timeval",
                                               "torch",
                                               "unique_ptr"};
const std::set<std::string_view> host_names_of_std = {"chrono",        "condition_variable",
                                                      "deque",         "exception",
                                                      "filesystem",    "future",
                                                      "ios",           "list",
                                                      "map",           "multimap",
                                                      "multiset",      "mutex",
                                                      "queue",         "set",
                                                      "stack",         "string",
                                                      "thread",        "vector",
                                                      "function",      "istringstream",
                                                      "unordered_map", "unordered_set"};

// Followed by an upper-case letter: cudaMalloc, cublasSgemm, sdkCreateTimer.
constexpr std::array<std::string_view, 10> host_interfaces = {
    "cuda", "cublas", "curand", "cusparse", "cufft", "cudnn", "cusolver", "nccl", "sdk", "nvtx"};

constexpr std::array<std::string_view, 3> torch = {"torch", "at", "c10"};
constexpr std::array<std::string_view, 1> thrust = {"thrust"}, cutlass = {"cutlass"},
                                          cute = {"cute"}, curand = {"curand*"};
constexpr std::array<std::string_view, 3> fp8 = {"__nv_fp8*", "__nv_cvt_*", "__NV_*"};
constexpr std::array<SidedLibrary, 8> sided_libraries = {{{"torch/", torch, true},
                                                          {"ATen/", torch, true},
                                                          {"c10/", torch, true},
                                                          {"thrust/", thrust},
                                                          {"cutlass/", cutlass, true},
                                                          {"cute/", cute, true},
                                                          {"curand_kernel.h", curand},
                                                          {"cuda_fp8.h", fp8}}};

// Kernels use these, too.
constexpr std::array<std::string_view, 4> cufft_types = {"cufftComplex", "cufftDoubleComplex",
                                                         "cufftDoubleReal", "cufftReal"};
constexpr std::array<std::string_view, 11> device_spaces = {
    "at",     "c10",  "cooperative_groups", "cub", "cuda", "cute", "cutlass", "nvcuda", "std",
    "thrust", "torch"};

bool is_of_host_interface(std::string_view word) {
  if (std::find(cufft_types.begin(), cufft_types.end(), word) != cufft_types.end()) return false;
  for (const std::string_view prefix : host_interfaces)
    if (word.starts_with(prefix) && word.size() > prefix.size() &&
        std::isupper(static_cast<unsigned char>(word[prefix.size()])) != 0)
      return !word.starts_with("cudaTexture") && !word.starts_with("cudaSurface");
  return word.starts_with("AT_DISPATCH_") || word.starts_with("MPI_");
}

}  // namespace

bool is_host_header(std::string_view header) {
  return host_headers.count(header) != 0 ||
         std::any_of(host_header_beginnings.begin(), host_header_beginnings.end(),
                     [header](std::string_view one) { return header.starts_with(one); });
}

bool is_system_header(std::string_view header) {
  // C++'s own headers have no ending, nor have those of libcu++: "cuda/utils.h" is a project's.
  const bool of_libcu = header.starts_with("cuda/") || header.starts_with("nv/");
  return is_host_header(header) || sided_library(header) != nullptr ||
         toolkit_headers.count(header) != 0 || c_headers.count(header) != 0 ||
         (header.find('.') == header.npos && (of_libcu || header.find('/') == header.npos)) ||
         std::any_of(system_folders.begin(), system_folders.end(),
                     [header](std::string_view one) { return header.starts_with(one); });
}

bool is_host_name(std::string_view name) {
  return host_names.count(name) != 0 || is_of_host_interface(name);
}

bool is_host_name_of_std(std::string_view name) { return host_names_of_std.count(name) != 0; }

bool is_device_space(std::string_view name) {
  return std::find(device_spaces.begin(), device_spaces.end(), name) != device_spaces.end();
}

const SidedLibrary* sided_library(std::string_view header) {
  const auto found =
      std::find_if(sided_libraries.begin(), sided_libraries.end(),
                   [header](const SidedLibrary& one) { return header.starts_with(one.header); });
  return found == sided_libraries.end() ? nullptr : &*found;
}

bool is_name_of(const SidedLibrary& library, std::string_view word) {
  return std::any_of(library.names.begin(), library.names.end(), [word](std::string_view one) {
    return one.ends_with('*') ? word.starts_with(one.substr(0, one.size() - 1)) : word == one;
  });
}

}  // namespace evotune
