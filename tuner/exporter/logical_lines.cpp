#include "exporter/logical_lines.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"

namespace evotune {
namespace {

bool is_word(char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0; }

// Reads one logical line at a time. Everything that may hold a line end without ending the line
// (continuation, comment, raw string) is consumed whole.
class LineReader {
 public:
  explicit LineReader(std::string_view text) : text_(text) {}

  bool done() const { return at_ >= text_.size(); }

  LogicalLine next() {
    const std::size_t start = at_;
    line_ = LogicalLine{};
    line_.number = number_;
    while (!done() && text_[at_] != '\n') step();
    if (!done()) ++at_;
    line_.raw = text_.substr(start, at_ - start);
    number_ += static_cast<int>(std::count(line_.raw.begin(), line_.raw.end(), '\n'));
    return std::move(line_);
  }

 private:
  void step() {
    if (skip_continuation()) return;
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with("//")) return line_comment();
    if (rest.starts_with("/*")) return block_comment();
    const char c = text_[at_];
    if (c == '"' || c == '\'') return quoted(c);
    if (is_word(c)) return word();
    take(1);
  }

  void take(std::size_t count) {
    line_.code += text_.substr(at_, count);
    at_ += count;
  }

  // A backslash before the line end, blanks between them allowed as compilers do.
  bool skip_continuation() {
    if (text_[at_] != '\\') return false;
    std::size_t end = at_ + 1;
    while (end < text_.size() && (text_[end] == ' ' || text_[end] == '\t' || text_[end] == '\r'))
      ++end;
    if (end >= text_.size() || text_[end] != '\n') return false;
    at_ = end + 1;
    return true;
  }

  void line_comment() {
    while (!done() && text_[at_] != '\n')
      if (!skip_continuation()) ++at_;
    line_.code += ' ';
  }

  void block_comment() {
    const std::size_t end = text_.find("*/", at_ + 2);
    at_ = end == std::string_view::npos ? text_.size() : end + 2;
    line_.code += ' ';
  }

  // An apostrophe that is never closed ("#error don't") ends with its line.
  void quoted(char quote) {
    take(1);
    while (!done() && text_[at_] != '\n') {
      if (skip_continuation()) continue;
      const char c = text_[at_];
      take(c == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n' ? 2 : 1);
      if (c == quote) return;
    }
  }

  // An identifier or a number; its end decides whether a quote begins a raw string (R"…) or
  // separates digits (1'000).
  void word() {
    const std::size_t start = at_;
    const bool number = std::isdigit(static_cast<unsigned char>(text_[at_])) != 0;
    const auto inside = [&](std::size_t i) {
      if (i >= text_.size()) return false;
      if (is_word(text_[i]) || (number && text_[i] == '.')) return true;
      return number && text_[i] == '\'' && i + 1 < text_.size() && is_word(text_[i + 1]);
    };
    std::size_t end = at_;
    while (inside(end)) ++end;
    take(end - start);
    const std::string_view word = text_.substr(start, end - start);
    const bool raw_prefix =
        word == "R" || word == "LR" || word == "uR" || word == "UR" || word == "u8R";
    if (raw_prefix && !done() && text_[at_] == '"') raw_string();
  }

  void raw_string() {
    const std::size_t open = text_.find('(', at_);
    if (open == std::string_view::npos) return take(1);
    const std::string close = ")" + std::string(text_.substr(at_ + 1, open - at_ - 1)) + "\"";
    const std::size_t end = text_.find(close, open);
    take((end == std::string_view::npos ? text_.size() : end + close.size()) - at_);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int number_ = 1;
  LogicalLine line_;
};

}  // namespace

std::vector<LogicalLine> logical_lines(std::string_view text) {
  std::vector<LogicalLine> lines;
  for (LineReader reader(text); !reader.done();) lines.push_back(reader.next());
  return lines;
}

LineDirective directive_of(const LogicalLine& line) {
  std::string_view rest = trim(line.code);
  if (!rest.starts_with('#')) return {};
  rest = trim(rest.substr(1));
  const auto end = std::find_if_not(rest.begin(), rest.end(), is_word);
  const auto length = static_cast<std::size_t>(end - rest.begin());
  return {rest.substr(0, length), trim(rest.substr(length))};
}

}  // namespace evotune
