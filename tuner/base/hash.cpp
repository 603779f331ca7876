#include "base/hash.h"

#include <xxhash.h>

#include <fmt/format.h>

namespace evotune {

std::string content_hash(std::string_view content) {
  const XXH128_hash_t hash = XXH3_128bits(content.data(), content.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace evotune
