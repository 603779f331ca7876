#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace evotune {

/// The files of a project, where an option -I that nobody knows here would find a header. They are
/// read once, when the first is asked for; any thread may ask.
class HeadersBelow {
 public:
  explicit HeadersBelow(std::filesystem::path root) : root_(std::move(root)) {}

  /// The files below the root whose paths end with `name`, of which as many folders are `folder`'s
  /// as of no other: one, or some that are as near, or none. Without those that are `open`.
  [[nodiscard]] std::vector<std::filesystem::path> nearest(
      const std::filesystem::path& folder, const std::filesystem::path& name,
      const std::vector<std::filesystem::path>& open);

 private:
  void read_folders();

  std::filesystem::path root_;
  std::once_flag read_;
  std::multimap<std::string, std::filesystem::path> files_;  ///< by their last names
};

}  // namespace evotune
