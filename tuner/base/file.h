#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace evotune {

/// The whole of a regular file. Throws IoError that names the file; `limit` guards against
/// surprises.
[[nodiscard]] std::string read_file(const std::filesystem::path&,
                                    std::size_t limit = std::size_t{64} << 20);

/// All or nothing: written beside the target, synced, renamed. Throws IoError.
void write_file(const std::filesystem::path&, std::string_view content);

/// A fresh directory that is removed with all it holds when this object goes.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace evotune
