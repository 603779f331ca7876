#pragma once

#include <string>

#include "base/file.h"
#include "kernel/source.h"

namespace evotune {

/// A space file and its kernel in a folder of their own.
class KernelFolder {
 public:
  explicit KernelFolder(const std::string& kernel) { write("kernel.cu", kernel); }

  void write(const std::string& name, const std::string& text) const {
    const std::filesystem::path file = folder_.path() / name;
    std::filesystem::create_directories(file.parent_path());
    write_file(file, text);
  }

  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }

  /// The kernel alone, for what needs no space file.
  [[nodiscard]] Template kernel() const {
    const std::filesystem::path file = folder_.path() / "kernel.cu";
    return {"kernel", file, folder_.path(), read_file(file), {}};
  }

  /// `parameters` and what follows it; the rest of a space file is given here.
  [[nodiscard]] SpaceFile space(const std::string& parameters_and_more,
                                const std::string& entry = "gemm") const {
    return parse_space_file(
        folder_.path() / "space.yaml",
        "kernel: {template: kernel.cu, entry: \"" + entry + "\"}\n" + parameters_and_more);
  }

 private:
  TemporaryDirectory folder_;
};

/// The sections that a space file cannot do without, beside parameters.
inline const std::string small_rest =
    "launch: {grid: 1, block: 32}\n"
    "arguments:\n"
    "  - {name: C, out: \"f32[8]\"}\n";

inline const std::string small_kernel = "__global__ void gemm(float* C) {}\n";

}  // namespace evotune
