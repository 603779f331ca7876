#pragma once

#include <string>
#include <string_view>

namespace evotune {

/// 32 hex digits that name this content (XXH3, 128 bits). Not meant against an adversary.
[[nodiscard]] std::string content_hash(std::string_view content);

}  // namespace evotune
