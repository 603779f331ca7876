#include "kernel/npy.h"

#include <fmt/format.h>

#include <charconv>
#include <cstring>
#include <limits>
#include <optional>

#include "base/text.h"

namespace evotune {
namespace {

constexpr std::string_view magic = "\x93NUMPY";

Failure refusal(std::string_view what) {
  return {Stage::load, fmt::format("not a .npy file that can be used: {}", what)};
}

std::size_t little_endian(std::string_view bytes) {
  std::size_t value = 0;
  for (std::size_t i = bytes.size(); i > 0; --i)
    value = value << 8 | static_cast<unsigned char>(bytes[i - 1]);
  return value;
}

// What follows "'key':" in the header, a Python dictionary that NumPy writes in one fixed way.
std::optional<std::string_view> entry_of(std::string_view header, std::string_view key) {
  const std::size_t at = header.find(fmt::format("'{}':", key));
  if (at == std::string_view::npos) return std::nullopt;
  return trim(header.substr(at + key.size() + 3));
}

std::optional<std::string> quoted(std::string_view text) {
  if (text.empty() || text[0] != '\'') return std::nullopt;
  const std::size_t end = text.find('\'', 1);
  if (end == std::string_view::npos) return std::nullopt;
  return std::string(text.substr(1, end - 1));
}

// "(3, 4)", "(3,)", "()"
std::optional<std::vector<std::uint64_t>> shape_of(std::string_view text) {
  const std::size_t end = text.find(')');
  if (text.empty() || text[0] != '(' || end == std::string_view::npos) return std::nullopt;
  text = text.substr(1, end - 1);
  std::vector<std::uint64_t> shape;
  while (!(text = trim(text)).empty()) {
    std::uint64_t extent = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), extent);
    if (error != std::errc{}) return std::nullopt;
    shape.push_back(extent);
    text = trim(text.substr(static_cast<std::size_t>(stop - text.data())));
    if (text.starts_with(',')) text.remove_prefix(1);
  }
  return shape;
}

// The header's text; `content` is left at the data.
std::optional<std::string_view> take_header(std::string_view& content) {
  constexpr std::size_t before_length = 8;
  if (!content.starts_with(magic) || content.size() < before_length + 4) return std::nullopt;
  const std::size_t width = content[magic.size()] == 1 ? 2 : 4;
  const std::size_t length = little_endian(content.substr(before_length, width));
  content.remove_prefix(before_length + width);
  if (length > content.size()) return std::nullopt;
  const std::string_view header = content.substr(0, length);
  content.remove_prefix(length);
  return header;
}

std::optional<std::uint64_t> bytes_of(const NpyArray& array) {
  std::uint64_t bytes = 0;
  for (const char c : array.type.substr(2)) {
    if (c < '0' || c > '9' || bytes > 100) return std::nullopt;
    bytes = bytes * 10 + static_cast<std::uint64_t>(c - '0');
  }
  for (const std::uint64_t extent : array.shape) {
    if (extent != 0 && bytes > std::numeric_limits<std::uint64_t>::max() / extent)
      return std::nullopt;
    bytes *= extent;
  }
  return bytes;
}

}  // namespace

Result<NpyArray> parse_npy(std::string_view content) {
  const auto header = take_header(content);
  if (!header) return refusal("no header");
  const auto type = entry_of(*header, "descr");
  const auto order = entry_of(*header, "fortran_order");
  const auto extents = entry_of(*header, "shape");
  if (!type || !order || !extents) return refusal("the header lacks descr, fortran_order or shape");
  if (!order->starts_with("False")) return refusal("it is in Fortran order; save it in C order");
  const auto name = quoted(*type);
  const auto shape = shape_of(*extents);
  if (!name || name->size() < 3 || !shape) return refusal("the header cannot be read");
  if ((*name)[0] == '>') return refusal("it is big-endian");
  NpyArray array{*name, *shape, {}};
  const auto bytes = bytes_of(array);
  if (!bytes || *bytes != content.size())
    return refusal(
        fmt::format("its header promises another size than its {} bytes of data", content.size()));
  array.data.resize(content.size());
  if (!content.empty()) std::memcpy(array.data.data(), content.data(), content.size());
  return array;
}

std::string npy_type(ElementType type) {
  switch (type) {
    case ElementType::i8:
      return "|i1";
    case ElementType::u8:
      return "|u1";
    case ElementType::f16:
      return "<f2";
    case ElementType::f32:
      return "<f4";
    case ElementType::f64:
      return "<f8";
    case ElementType::i16:
      return "<i2";
    case ElementType::i32:
      return "<i4";
    case ElementType::i64:
      return "<i8";
    case ElementType::u32:
      return "<u4";
    case ElementType::u64:
      return "<u8";
    case ElementType::u16:
    case ElementType::bf16:
      break;
  }
  return "<u2";
}

}  // namespace evotune
