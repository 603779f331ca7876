#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>

#include "kernel/compiled.h"

namespace evotune {

/// What compilers made, kept on disk under the name of all that decided it. Any thread; several
/// processes may use one folder. A disk that does not do as asked costs compilations, nothing else.
class CompileCache {
 public:
  static constexpr std::uint64_t default_cap = std::uint64_t{1} << 30;

  explicit CompileCache(std::filesystem::path folder, std::uint64_t cap = default_cap);

  /// Nothing where there is none; one that is damaged is removed.
  [[nodiscard]] std::optional<Compiled> find(const std::string& key) const;
  /// Beyond the cap, those that were not asked for the longest go.
  void keep(const std::string& key, const Compiled&);

  struct Usage {
    std::size_t entries = 0;
    std::uint64_t bytes = 0;
  };
  [[nodiscard]] Usage usage() const;
  /// Removes every entry, and nothing else that may be in the folder; returns how many.
  std::size_t clear();

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] std::uint64_t cap() const { return cap_; }

 private:
  [[nodiscard]] std::filesystem::path file_of(const std::string& key) const;
  [[nodiscard]] bool write(const std::filesystem::path& file, const std::string& entry) const;
  void trim();

  std::filesystem::path folder_;
  std::uint64_t cap_;
  std::mutex writing_;
  std::optional<std::uint64_t> bytes_;  ///< there at the last look, and written since
  bool writable_ = true;                ///< until it once was not
};

/// Where the cache is: EVOTUNE_CACHE, else evotune/ in XDG_CACHE_HOME or ~/.cache. Nothing when
/// EVOTUNE_CACHE is "off" or there is no home.
[[nodiscard]] std::optional<std::filesystem::path> cache_folder();

}  // namespace evotune
