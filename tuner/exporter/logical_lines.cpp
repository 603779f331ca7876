#include "exporter/logical_lines.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "kernel/lexer.h"

namespace evotune {
namespace {

void append(LogicalLine& line, const CodeToken& token) {
  const bool first = line.raw.empty();
  if (first) line.number = token.line;
  // Tokens lie next to each other in the text.
  line.raw = {first ? token.text.data() : line.raw.data(), line.raw.size() + token.text.size()};
  line.code += token.significant() ? token.text : std::string_view(" ");
}

}  // namespace

std::vector<LogicalLine> logical_lines(std::string_view text) {
  std::vector<LogicalLine> lines;
  bool ended = true;
  for (const CodeToken& token : code_tokens(text)) {
    if (ended) lines.emplace_back();
    append(lines.back(), token);
    ended = token.kind == CodeTokenKind::newline;
  }
  return lines;
}

LineDirective directive_of(const LogicalLine& line) {
  std::string_view rest = trim(line.code);
  if (!rest.starts_with('#')) return {};
  rest = trim(rest.substr(1));
  const auto* const end = std::find_if_not(rest.begin(), rest.end(), [](char c) {
    return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0;
  });
  const auto length = static_cast<std::size_t>(end - rest.begin());
  return {rest.substr(0, length), trim(rest.substr(length))};
}

}  // namespace evotune
