#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/handle.h"

namespace evotune {

/// The whole of a regular file. Throws IoError that names the file; `limit` guards against
/// surprises.
[[nodiscard]] std::string read_file(const std::filesystem::path&,
                                    std::size_t limit = std::size_t{64} << 20);

/// All or nothing: written beside the target, synced, renamed. Throws IoError.
void write_file(const std::filesystem::path&, std::string_view content);

/// A fresh directory that is removed with all it holds when this object goes; where its process was
/// killed, by the next process that makes one.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  Handle lock_;  ///< held as long as the directory is somebody's
};

/// Removes the directories under this one whose processes were killed. One that was changed within
/// the last `grace` seconds may be so new that nobody holds it yet.
void remove_orphaned_directories(const std::filesystem::path& under, double grace);

}  // namespace evotune
