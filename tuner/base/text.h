#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace evotune {

/// The candidate a misspelt word most likely meant, if any is near enough.
[[nodiscard]] std::optional<std::string> closest(std::string_view word,
                                                 std::span<const std::string> candidates);

/// "did you mean 'BM'?", or "known: BM, BN, …", for a word that is none of the known ones.
[[nodiscard]] std::string suggestion(std::string_view word, std::span<const std::string> known);

[[nodiscard]] std::string_view trim(std::string_view);
/// A text without the mark by which some editors say that it is UTF-8.
[[nodiscard]] std::string_view without_byte_order_mark(std::string_view);
[[nodiscard]] std::vector<std::string> split_lines(std::string_view);  ///< without their ends
[[nodiscard]] std::string join(std::span<const std::string>, std::string_view separator);
[[nodiscard]] bool is_identifier(std::string_view);  ///< a C identifier

}  // namespace evotune
