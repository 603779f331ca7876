#include "space/characters.h"

#include <algorithm>
#include <cstddef>

namespace evotune {
namespace {

constexpr unsigned char byte_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

// Length of the well-formed UTF-8 sequence that begins here; 0 if there is none (RFC 3629: no
// overlong forms, no surrogates, nothing beyond U+10FFFF).
std::size_t sequence_length(std::string_view text) {
  const unsigned char first = byte_at(text, 0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  const unsigned char second = byte_at(text, 1);
  const unsigned char low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const unsigned char high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (std::size_t i = 2; i < length; ++i)
    if ((byte_at(text, i) & 0xc0) != 0x80) return 0;
  return length;
}

struct Cursor {
  int line = 1;
  int column = 1;
  bool indenting = true;
};

}  // namespace

std::optional<Mistake> first_bad_character(std::string_view text, const std::string& file) {
  Cursor at;
  for (std::size_t i = 0; i < text.size();) {
    const auto refuse = [&](const char* what, const char* hint) {
      return Mistake{{file, at.line, at.column}, what, hint};
    };
    const std::size_t length = sequence_length(text.substr(i));
    const char c = text[i];
    if (length == 0) return refuse("not UTF-8", "save the file as UTF-8");
    if ((byte_at(text, i) < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
      return refuse("a control character", "remove it");
    if (c == '\t' && at.indenting) return refuse("a tab in the indentation", "indent with spaces");
    i += length;
    if (c == '\n') {
      at = {at.line + 1, 1, true};
    } else {
      at.indenting = at.indenting && c == ' ';
      at.column += static_cast<int>(length);
    }
  }
  return std::nullopt;
}

}  // namespace evotune
