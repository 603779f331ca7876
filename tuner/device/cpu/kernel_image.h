#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/handle.h"
#include "device/cpu/executor.h"
#include "device/cpu/fault_line.h"
#include "device/cpu/image_variables.h"
#include "device/cpu/watched_memory.h"
#include "kernel/compiled.h"
#include "outcome/failure.h"

namespace evotune::cpu {

/// What an image exports that can be observed.
inline constexpr const char* observed_symbol = "evotune_observed";
/// What an image exports whose kernel speaks of its grid as a group.
inline constexpr const char* whole_grid_symbol = "evotune_whole_grid";
/// What an image exports whose source gives blocks no word to speak with; it returns the names of
/// its constants.
inline constexpr const char* independent_blocks_symbol = "evotune_independent_blocks";

/// A kernel's shared object in this process.
class KernelImage {
 public:
  /// Fails (Stage::load) when it cannot be opened or is not the build that was asked for.
  /// `dynamic_shared` is where file-scope declarations of dynamic shared memory point.
  [[nodiscard]] static Result<KernelImage> open(const Compiled&, void* dynamic_shared);

  [[nodiscard]] Entry entry() const { return entry_; }
  [[nodiscard]] const std::vector<Parameter>& parameters() const { return parameters_; }
  [[nodiscard]] std::vector<std::span<std::byte>> shared_variables() const;
  [[nodiscard]] int static_shared_bytes() const;
  /// Compiled so that its accesses can be followed.
  [[nodiscard]] bool observed() const { return observed_; }
  [[nodiscard]] std::uintptr_t base() const { return base_; }
  /// All that the kernel can write: shared variables and global ones; in what can be observed also
  /// what surrounds the shared ones.
  [[nodiscard]] std::vector<WatchedRegion> writable_variables() const;
  /// Whether the kernel's blocks may wait for each other.
  [[nodiscard]] bool needs_whole_grid() const { return needs_whole_grid_; }
  /// Whether blocks may run at the same time, in images of their own: none can tell another
  /// anything, and nothing but constants outlives them.
  [[nodiscard]] bool has_independent_blocks() const { return has_independent_blocks_; }
  [[nodiscard]] ImagePlace place() const { return {file_.fd(), base_, end_}; }

  struct Variable {
    std::span<std::byte> bytes;
    bool writable = false;
  };
  /// A `__constant__` or `__device__` variable, qualified ("ns::filter") or not.
  [[nodiscard]] std::optional<Variable> find_variable(std::string_view name) const;

 private:
  struct Close {
    void operator()(void* library) const;
  };
  [[nodiscard]] std::span<std::byte> bytes_of(const ImageVariable&) const;
  [[nodiscard]] WatchedRegion watched(const ImageVariable&) const;

  // Open as long as the library is: dlopen takes a path that it has seen for the library that it
  // has, and a closed descriptor's number comes again.
  Handle file_;
  std::unique_ptr<void, Close> library_;
  std::uintptr_t base_ = 0, end_ = 0;
  Entry entry_ = nullptr;
  bool observed_ = false;
  bool needs_whole_grid_ = false;
  bool has_independent_blocks_ = false;
  std::vector<Parameter> parameters_;
  std::vector<ImageVariable> variables_;
};

}  // namespace evotune::cpu
