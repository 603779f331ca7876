#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "outcome/failure.h"

namespace evotune::cpu {

/// A C++ compiler of this machine.
struct HostCompiler {
  std::string program;
  std::string version;  ///< the first line of --version
  [[nodiscard]] bool is_clang() const { return version.find("clang") != std::string::npos; }
};

/// `wanted` if it says one, else $EVOTUNE_CXX, else clang++, else g++: clang++ -O2 makes faster
/// kernels, g++ compiles faster. Nothing when that is not installed.
[[nodiscard]] std::optional<HostCompiler> find_host_compiler(const std::string& wanted = {});

/// What to install, when there is none.
[[nodiscard]] Failure no_host_compiler(const std::string& wanted = {});

/// What the folder of the shim's headers is called in an image's debug information. The user's
/// files are relative there.
constexpr const char* shim_folder_in_lines = "/evotune-shim";

/// "-DBM=64", which is put into the source; not -DNDEBUG, which decides what <assert.h> is.
[[nodiscard]] bool defines_macro(const std::string& option);

/// nvcc's options as the host compiler spells them; those that mean nothing on a host are dropped,
/// and those that define macros.
/// Fails (Stage::compile) for one that is unknown.
[[nodiscard]] Result<std::vector<std::string>> host_options(const std::vector<std::string>& nvcc);

/// The command that compiles `source` to the shared object `image`.
[[nodiscard]] std::vector<std::string> compile_command(const HostCompiler&,
                                                       const std::vector<std::string>& options,
                                                       const std::filesystem::path& shim,
                                                       const std::filesystem::path& source,
                                                       const std::filesystem::path& image);

/// Of a module of LLVM's as clang++ writes it, before anything is optimised.
inline constexpr std::string_view module_extension = ".ll";

/// The commands that do the same for a kernel whose accesses are followed: access_callbacks.cpp is
/// called before each, and debug information says where. Two of them, because g++ would link its
/// own library of call-backs. Of clang++ the source, or what it makes of it, may be a module.
[[nodiscard]] std::vector<std::string> observed_compile_command(
    const HostCompiler&, const std::vector<std::string>& options, const std::filesystem::path& shim,
    const std::filesystem::path& source, const std::filesystem::path& object);
[[nodiscard]] std::vector<std::string> observed_link_command(const HostCompiler&,
                                                             const std::filesystem::path& object,
                                                             const std::filesystem::path& image);

/// What the shim's folder and the kernel's are called in debug information.
inline constexpr std::string_view shim_in_debug_info = "/evotune-shim";
inline constexpr std::string_view source_in_debug_info = "/evotune-source";

}  // namespace evotune::cpu
