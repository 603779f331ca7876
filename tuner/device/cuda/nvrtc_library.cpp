#include "device/cuda/nvrtc_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <system_error>

namespace evotune {
namespace {

template <typename Function>
bool find(void* handle, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(handle, name));
  return function != nullptr;
}

/// False when a function is missing: older than 11.1, or no NVRTC at all.
bool find_all(void* handle, NvrtcLibrary& library) {
  return find(handle, "nvrtcGetErrorString", library.get_error_string) &&
         find(handle, "nvrtcVersion", library.version) &&
         find(handle, "nvrtcGetNumSupportedArchs", library.get_num_supported_archs) &&
         find(handle, "nvrtcGetSupportedArchs", library.get_supported_archs) &&
         find(handle, "nvrtcCreateProgram", library.create_program) &&
         find(handle, "nvrtcDestroyProgram", library.destroy_program) &&
         find(handle, "nvrtcCompileProgram", library.compile_program) &&
         find(handle, "nvrtcAddNameExpression", library.add_name_expression) &&
         find(handle, "nvrtcGetLoweredName", library.get_lowered_name) &&
         find(handle, "nvrtcGetPTXSize", library.get_ptx_size) &&
         find(handle, "nvrtcGetPTX", library.get_ptx) &&
         find(handle, "nvrtcGetCUBINSize", library.get_cubin_size) &&
         find(handle, "nvrtcGetCUBIN", library.get_cubin) &&
         find(handle, "nvrtcGetProgramLogSize", library.get_log_size) &&
         find(handle, "nvrtcGetProgramLog", library.get_log);
}

/// The file that the loader chose for a plain name.
std::filesystem::path path_of(const NvrtcLibrary& library) {
  Dl_info info{};
  if (dladdr(reinterpret_cast<void*>(library.version), &info) == 0 || info.dli_fname == nullptr)
    return {};
  return info.dli_fname;
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
      library->path = path_of(*library);
      open_builtins(*library);
      return {library, ""};
    }
    opened.why_not = fmt::format("{} is no NVRTC, or older than CUDA 11.2", candidate.string());
  }
  if (opened.why_not.empty()) opened.why_not = "libnvrtc was not found";
  return opened;
}

}  // namespace evotune
