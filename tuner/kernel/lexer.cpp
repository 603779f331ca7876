#include "kernel/lexer.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

namespace evotune {
namespace {

bool letter(char c) { return c == '_' || std::isalpha(static_cast<unsigned char>(c)) != 0; }
bool digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool blank(char c) { return c == ' ' || c == '\t' || c == '\f' || c == '\v' || c == '\r'; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<CodeToken> run() {
    while (at_ < text_.size()) {
      const std::size_t begin = at_;
      const int line = line_;
      const CodeTokenKind kind = take();
      const std::string_view taken = text_.substr(begin, at_ - begin);
      line_ += static_cast<int>(std::count(taken.begin(), taken.end(), '\n'));
      tokens_.push_back({kind, taken, line});
    }
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  // The length of an escaped line end here, else 0.
  [[nodiscard]] std::size_t splice() const {
    if (peek() != '\\') return 0;
    if (peek(1) == '\n') return 2;
    return peek(1) == '\r' && peek(2) == '\n' ? 3 : 0;
  }

  CodeTokenKind take() {
    const char c = peek();
    if (c == '\n') return ++at_, CodeTokenKind::newline;
    if (blank(c) || splice() > 0) return take_space();
    if (c == '/' && peek(1) == '/') return take_line_comment();
    if (c == '/' && peek(1) == '*') return take_until("*/", 2, CodeTokenKind::comment);
    if (c == '"') return take_quoted('"', CodeTokenKind::string);
    if (c == '\'') return take_quoted('\'', CodeTokenKind::character);
    if (letter(c)) return take_word();
    if (digit(c) || (c == '.' && digit(peek(1)))) return take_number();
    return ++at_, CodeTokenKind::punctuation;
  }

  CodeTokenKind take_space() {
    while (at_ < text_.size()) {
      if (const std::size_t length = splice(); length > 0)
        at_ += length;
      else if (blank(peek()))
        ++at_;
      else
        break;
    }
    return CodeTokenKind::space;
  }

  CodeTokenKind take_line_comment() {
    while (at_ < text_.size() && peek() != '\n') at_ += std::max<std::size_t>(1, splice());
    return CodeTokenKind::comment;
  }

  CodeTokenKind take_until(std::string_view end, std::size_t skip, CodeTokenKind kind) {
    const std::size_t found = text_.find(end, at_ + skip);
    at_ = found == std::string_view::npos ? text_.size() : found + end.size();
    return kind;
  }

  CodeTokenKind take_quoted(char quote, CodeTokenKind kind) {
    ++at_;
    while (at_ < text_.size() && peek() != '\n') {
      const char c = peek();
      if (const std::size_t length = splice(); length > 0)
        at_ += length;
      else
        at_ += c == '\\' && at_ + 1 < text_.size() && peek(1) != '\n' ? 2U : 1U;
      if (c == quote) break;
    }
    at_ = std::min(at_, text_.size());
    return kind;
  }

  CodeTokenKind take_word() {
    const std::size_t begin = at_;
    while (letter(peek()) || digit(peek())) ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    const bool raw = word == "R" || word == "u8R" || word == "uR" || word == "UR" || word == "LR";
    return raw && peek() == '"' ? take_raw_string() : CodeTokenKind::identifier;
  }

  CodeTokenKind take_raw_string() {
    const std::size_t open = text_.find('(', at_);
    constexpr std::size_t longest_delimiter = 16;  // [lex.string]
    if (open == std::string_view::npos || open - at_ - 1 > longest_delimiter)
      return take_quoted('"', CodeTokenKind::string);
    std::string end = ")";
    end += text_.substr(at_ + 1, open - at_ - 1);
    end += '"';
    return take_until(end, open - at_, CodeTokenKind::string);
  }

  // A preprocessing number: it swallows suffixes, exponents and digit separators.
  CodeTokenKind take_number() {
    while (at_ < text_.size()) {
      const char c = peek();
      const char next = peek(1);
      const bool exponent = c == 'e' || c == 'E' || c == 'p' || c == 'P';
      if (exponent && (next == '+' || next == '-'))
        at_ += 2;
      else if (letter(c) || digit(c) || c == '.' || (c == '\'' && (letter(next) || digit(next))))
        ++at_;
      else
        break;
    }
    return CodeTokenKind::number;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::vector<CodeToken> tokens_;
};

}  // namespace

std::vector<CodeToken> code_tokens(std::string_view text) { return Lexer(text).run(); }

}  // namespace evotune
