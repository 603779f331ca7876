#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace evotune {

/// The files of a project, where an option -I that nobody knows here would find a header.
class HeadersBelow {
 public:
  explicit HeadersBelow(std::filesystem::path root) : root_(std::move(root)) {}

  /// The file below the root whose path ends with `name`; of several, the one that has most folders
  /// in common with `folder`, unless two have as many.
  [[nodiscard]] std::optional<std::filesystem::path> nearest(const std::filesystem::path& folder,
                                                             const std::filesystem::path& name);

 private:
  void read_folders();

  std::filesystem::path root_;
  bool read_ = false;
  std::multimap<std::string, std::filesystem::path> files_;  ///< by their last names
};

}  // namespace evotune
