#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace evotune {

/// Objects keep the order in which their members were added.
using OrderedJson = nlohmann::ordered_json;

/// How a command prints: for people, for spreadsheets, for scripts.
enum class Format : std::uint8_t { text, csv, json };

/// Rows of a command's answer. A cell is any JSON value; null is "not known".
struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<OrderedJson>> rows;
};

/// Aligned columns under their names; numbers to the right, doubles to five digits.
[[nodiscard]] std::string to_text(const Table&);

/// RFC 4180, doubles in full. Text that a spreadsheet would run as a formula gets a `'` in front.
[[nodiscard]] std::string to_csv(const Table&);

/// A list of objects.
[[nodiscard]] OrderedJson to_json(const Table&);

[[nodiscard]] std::string write(const Table&, Format);

/// Indented JSON with its newline; bytes that are no UTF-8 (a compiler's log) become U+FFFD.
[[nodiscard]] std::string write(const OrderedJson&);

/// For a terminal: control characters become visible, so that no text of a kernel can steer it.
[[nodiscard]] std::string printable(std::string_view);

/// The finite value, or null.
[[nodiscard]] OrderedJson number_or_null(double);

/// To standard output. Throws IoError where that is full.
void print(std::string_view);

}  // namespace evotune
