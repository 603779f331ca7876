#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace evotune {

/// nvrtc.h's names for what evotune uses of it, so that it builds where there is no toolkit.
using NvrtcProgram = struct _nvrtcProgram*;
enum class NvrtcResult : int {
  success = 0,
  out_of_memory = 1,
  invalid_option = 5,
  compilation = 6,
  builtin_operation_failure = 7,
  name_expression_not_valid = 10,
};

/// libnvrtc, opened at run time. It is never closed: it leaves threads behind.
struct NvrtcLibrary {
  std::filesystem::path path;
  int major = 0, minor = 0;

  const char* (*get_error_string)(NvrtcResult) = nullptr;
  NvrtcResult (*version)(int* major, int* minor) = nullptr;
  NvrtcResult (*get_num_supported_archs)(int*) = nullptr;
  NvrtcResult (*get_supported_archs)(int*) = nullptr;
  NvrtcResult (*create_program)(NvrtcProgram*, const char* text, const char* name, int headers,
                                const char* const* header_texts,
                                const char* const* header_names) = nullptr;
  NvrtcResult (*destroy_program)(NvrtcProgram*) = nullptr;
  NvrtcResult (*compile_program)(NvrtcProgram, int count, const char* const* options) = nullptr;
  NvrtcResult (*add_name_expression)(NvrtcProgram, const char*) = nullptr;
  NvrtcResult (*get_lowered_name)(NvrtcProgram, const char*, const char**) = nullptr;
  NvrtcResult (*get_ptx_size)(NvrtcProgram, std::size_t*) = nullptr;
  NvrtcResult (*get_ptx)(NvrtcProgram, char*) = nullptr;
  NvrtcResult (*get_cubin_size)(NvrtcProgram, std::size_t*) = nullptr;
  NvrtcResult (*get_cubin)(NvrtcProgram, char*) = nullptr;
  NvrtcResult (*get_log_size)(NvrtcProgram, std::size_t*) = nullptr;
  NvrtcResult (*get_log)(NvrtcProgram, char*) = nullptr;
};

/// The first of these that can be opened; none, and why not, if there is none.
struct OpenedNvrtc {
  std::shared_ptr<const NvrtcLibrary> library;
  std::string why_not;
};
[[nodiscard]] OpenedNvrtc open_nvrtc(const std::vector<std::filesystem::path>& candidates);

}  // namespace evotune
