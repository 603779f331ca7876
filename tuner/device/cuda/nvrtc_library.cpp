#include "device/cuda/nvrtc_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <system_error>

#include "device/cuda/opened_library.h"

namespace evotune {
namespace {

/// False when a function is missing: older than 11.1, or no NVRTC at all.
bool find_all(void* handle, NvrtcLibrary& library) {
  return find_function(handle, "nvrtcGetErrorString", library.get_error_string) &&
         find_function(handle, "nvrtcVersion", library.version) &&
         find_function(handle, "nvrtcGetNumSupportedArchs", library.get_num_supported_archs) &&
         find_function(handle, "nvrtcGetSupportedArchs", library.get_supported_archs) &&
         find_function(handle, "nvrtcCreateProgram", library.create_program) &&
         find_function(handle, "nvrtcDestroyProgram", library.destroy_program) &&
         find_function(handle, "nvrtcCompileProgram", library.compile_program) &&
         find_function(handle, "nvrtcAddNameExpression", library.add_name_expression) &&
         find_function(handle, "nvrtcGetLoweredName", library.get_lowered_name) &&
         find_function(handle, "nvrtcGetPTXSize", library.get_ptx_size) &&
         find_function(handle, "nvrtcGetPTX", library.get_ptx) &&
         find_function(handle, "nvrtcGetCUBINSize", library.get_cubin_size) &&
         find_function(handle, "nvrtcGetCUBIN", library.get_cubin) &&
         find_function(handle, "nvrtcGetProgramLogSize", library.get_log_size) &&
         find_function(handle, "nvrtcGetProgramLog", library.get_log);
}

/// NVRTC's first compilation opens this second library by its plain name, and counts on an RPATH to
/// find it beside itself. Below AddressSanitizer, which opens libraries in the caller's stead, that
/// RPATH is not read: what is open already is found. Where it is missing, compiling says so.
void open_builtins(const NvrtcLibrary& library) {
  std::error_code unknown;
  const std::filesystem::path real = std::filesystem::canonical(library.path, unknown);
  if (unknown) return;
  const std::string name = fmt::format("libnvrtc-builtins.so.{}.{}", library.major, library.minor);
  (void)dlopen((real.parent_path() / name).c_str(), RTLD_NOW | RTLD_LOCAL);
}

}  // namespace

OpenedNvrtc open_nvrtc(const std::vector<std::filesystem::path>& candidates) {
  OpenedNvrtc opened;
  for (const std::filesystem::path& candidate : candidates) {
    void* handle = dlopen(candidate.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
      const char* why = dlerror();
      // Plain names are guesses; a file that exists and does not open is worth telling.
      if (opened.why_not.empty() && candidate.has_parent_path() && why != nullptr)
        opened.why_not = why;
      continue;
    }
    auto library = std::make_shared<NvrtcLibrary>();
    if (find_all(handle, *library) &&
        library->version(&library->major, &library->minor) == NvrtcResult::success) {
      library->path = file_of_function(reinterpret_cast<void*>(library->version));
      open_builtins(*library);
      return {library, ""};
    }
    opened.why_not = fmt::format("{} is no NVRTC, or older than CUDA 11.2", candidate.string());
  }
  if (opened.why_not.empty()) opened.why_not = "libnvrtc was not found";
  return opened;
}

}  // namespace evotune
