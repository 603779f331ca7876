#include "device/cuda/toolkit.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <system_error>

#include "base/process.h"

namespace evotune {
namespace {

namespace fs = std::filesystem;

constexpr const char* sonames[] = {"libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so"};

std::optional<fs::path> from_environment(const char* name) {
  const std::optional<std::string> value = environment_variable(name);
  return value ? std::optional<fs::path>(*value) : std::nullopt;
}

/// What is in a folder, sorted, so that two runs look in the same order; nothing if it is none.
std::vector<fs::path> entries_of(const fs::path& folder) {
  std::error_code none;
  std::vector<fs::path> entries;
  for (const fs::directory_entry& one : fs::directory_iterator(folder, none))
    entries.push_back(one.path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

/// Where scripts/setup lays NVIDIA's wheels out like a toolkit.
std::optional<fs::path> installed_by_setup() {
  const auto data = from_environment("XDG_DATA_HOME"), home = from_environment("HOME");
  if (!data && !home) return std::nullopt;
  return (data ? *data : *home / ".local/share") / "evotune/cuda";
}

std::vector<fs::path> toolkit_roots() {
  std::vector<fs::path> roots;
  for (const char* name : {"CUDA_HOME", "CUDA_PATH"})
    if (const auto root = from_environment(name)) roots.push_back(*root);
  roots.emplace_back("/usr/local/cuda");
  std::error_code none;
  if (const std::optional<std::string> nvcc = find_program("nvcc"))
    if (const fs::path real = fs::canonical(*nvcc, none); !none)
      roots.push_back(real.parent_path().parent_path());
  if (const auto root = installed_by_setup()) roots.push_back(*root);
  return roots;
}

/// Python installations whose packages may hold NVIDIA's wheels.
std::vector<fs::path> python_prefixes() {
  std::vector<fs::path> prefixes;
  if (const auto active = from_environment("VIRTUAL_ENV")) prefixes.push_back(*active);
  std::error_code none;
  if (const std::optional<std::string> python = find_program("python3")) {
    prefixes.push_back(fs::path(*python).parent_path().parent_path());
    if (const fs::path real = fs::canonical(*python, none); !none)
      prefixes.push_back(real.parent_path().parent_path());
  }
  if (const auto home = from_environment("HOME")) prefixes.push_back(*home / ".local");
  prefixes.emplace_back("/usr/local");
  prefixes.emplace_back("/usr");
  return prefixes;
}

/// The folders of NVIDIA's wheels: …/site-packages/nvidia/cu13, …/nvidia/cuda_nvrtc, …
std::vector<fs::path> wheels() {
  std::vector<fs::path> found;
  for (const fs::path& prefix : python_prefixes())
    for (const fs::path& version : entries_of(prefix / "lib")) {
      if (version.filename().string().rfind("python3", 0) != 0) continue;
      for (const char* packages : {"site-packages", "dist-packages"})
        for (const fs::path& wheel : entries_of(version / packages / "nvidia"))
          if (std::find(found.begin(), found.end(), wheel) == found.end()) found.push_back(wheel);
    }
  return found;
}

void add_libraries_in(const fs::path& folder, std::vector<fs::path>& candidates) {
  std::error_code none;
  for (const char* name : sonames)
    if (fs::exists(folder / name, none)) candidates.push_back(folder / name);
}

bool has_header(const fs::path& folder, std::string_view name) {
  std::error_code none;
  return fs::exists(folder / name, none);
}

/// An include folder, then the libraries that newer toolkits keep below it.
void add_headers_in(const fs::path& folder, std::vector<fs::path>& folders) {
  folders.push_back(folder);
  if (has_header(folder / "cccl", "cuda/std/version")) folders.push_back(folder / "cccl");
}

/// Wheels come in parts: the core headers in one, cooperative groups and libcu++ in others.
std::vector<fs::path> headers_of_wheels() {
  std::vector<fs::path> folders;
  bool core = false;
  for (const fs::path& wheel : wheels()) {
    const fs::path include = wheel / "include";
    core |= has_header(include, "cuda_fp16.h");
    for (const char* part : {"cuda_fp16.h", "cooperative_groups.h", "cccl/cuda/std/version"})
      if (has_header(include, part)) {
        add_headers_in(include, folders);
        break;
      }
  }
  return core ? folders : std::vector<fs::path>();
}

}  // namespace

std::vector<fs::path> nvrtc_candidates() {
  if (const auto wanted = from_environment("EVOTUNE_NVRTC")) return {*wanted};
  std::vector<fs::path> candidates(std::begin(sonames), std::end(sonames));
  for (const fs::path& root : toolkit_roots())
    for (const char* folder : {"lib64", "lib"}) add_libraries_in(root / folder, candidates);
  for (const fs::path& wheel : wheels()) add_libraries_in(wheel / "lib", candidates);
  return candidates;
}

std::vector<fs::path> header_folders(const fs::path& nvrtc_library) {
  std::vector<fs::path> roots;
  std::error_code none;
  if (const fs::path real = fs::canonical(nvrtc_library, none); !none)
    roots.push_back(real.parent_path().parent_path());
  for (const fs::path& root : toolkit_roots()) roots.push_back(root);
  for (const fs::path& root : roots)
    if (has_header(root / "include", "cuda_fp16.h")) {
      std::vector<fs::path> folders;
      add_headers_in(root / "include", folders);
      return folders;
    }
  return headers_of_wheels();
}

}  // namespace evotune
