#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "device/cuda/nvrtc_library.h"
#include "kernel/compiled.h"
#include "kernel/source.h"
#include "outcome/failure.h"

namespace evotune {

/// CUDA C++ to cubin or PTX by NVRTC, which needs neither a GPU nor a driver. Any thread, but a
/// compiler can hang and crash: see device/isolated/.
class CudaCompiler {
 public:
  CudaCompiler();  ///< with the NVRTC that this machine has
  explicit CudaCompiler(const std::vector<std::filesystem::path>& nvrtc_candidates);

  [[nodiscard]] bool available() const { return library_ != nullptr; }
  /// Empty when available; else what is missing and how to get it.
  [[nodiscard]] const std::string& why_not() const { return why_not_; }
  [[nodiscard]] std::string version() const;  ///< "NVRTC 13.0"; empty when there is none
  [[nodiscard]] std::filesystem::path library() const;
  [[nodiscard]] const std::vector<std::filesystem::path>& header_folders() const {
    return header_folders_;
  }
  [[nodiscard]] std::vector<std::string> architectures() const;  ///< "sm_75", …: what it can target

  /// A cubin for "sm_90". Without an NVRTC: Stage::infrastructure.
  [[nodiscard]] Result<Compiled> compile(const Source&, const std::string& arch) const;
  /// The PTX of the same source, for the virtual architecture of the same number.
  [[nodiscard]] Result<std::string> ptx(const Source&, const std::string& arch) const;

 private:
  class Program;
  [[nodiscard]] Result<std::unique_ptr<Program>> build(const Source&, const std::string& target,
                                                       bool verbose) const;

  std::shared_ptr<const NvrtcLibrary> library_;
  std::string why_not_;
  std::vector<std::filesystem::path> header_folders_;
};

}  // namespace evotune
