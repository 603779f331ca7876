#include "device/cpu/lexer.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

namespace evotune::cpu {
namespace {

bool starts_word(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool continues_word(char c) {
  return starts_word(c) || std::isdigit(static_cast<unsigned char>(c)) != 0;
}

class Scanner {
 public:
  explicit Scanner(std::string_view source) : source_(source) {}

  std::vector<Token> scan() {
    while (at_ < source_.size()) step();
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }

  void step() {
    const char c = peek();
    if (c == '\n') {
      directive_ = false;
      line_begins_ = true;
      ++at_;
    } else if (c == '\\' && (peek(1) == '\n' || (peek(1) == '\r' && peek(2) == '\n'))) {
      at_ += peek(1) == '\n' ? 2u : 3u;  // the line goes on, and a directive with it
    } else if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      ++at_;
    } else if (c == '/' && peek(1) == '/') {
      skip_to_line_end();
    } else if (c == '/' && peek(1) == '*') {
      const std::size_t end = source_.find("*/", at_ + 2);
      at_ = end == std::string_view::npos ? source_.size() : end + 2;
    } else {
      token(c);
    }
  }

  void skip_to_line_end() {
    while (at_ < source_.size() && peek() != '\n') at_ += peek() == '\\' ? 2u : 1u;
    at_ = std::min(at_, source_.size());
  }

  void token(char c) {
    if (c == '#' && line_begins_) directive_ = true;
    line_begins_ = false;
    if (starts_word(c))
      word();
    else if (std::isdigit(static_cast<unsigned char>(c)) != 0)
      number();
    else if (c == '"' || c == '\'')
      quoted(at_);
    else
      emit(Token::Kind::punctuation, at_, at_ + 1);
  }

  void word() {
    std::size_t end = at_;
    while (end < source_.size() && continues_word(source_[end])) ++end;
    const std::string_view text = source_.substr(at_, end - at_);
    const char next = end < source_.size() ? source_[end] : '\0';
    const bool raw = next == '"' && text.ends_with('R') && text.size() <= 3;
    const bool prefix = text == "L" || text == "u" || text == "U" || text == "u8";
    if (raw)
      raw_string(end);
    else if (prefix && (next == '"' || next == '\''))
      quoted(end);
    else
      emit(Token::Kind::identifier, at_, end);
  }

  void number() {
    std::size_t end = at_;
    const auto part_of_number = [&](char c) {
      if (continues_word(c) || c == '.' || c == '\'') return true;
      const char before = source_[end - 1];
      return (c == '+' || c == '-') &&
             (before == 'e' || before == 'E' || before == 'p' || before == 'P');
    };
    while (end < source_.size() && (end == at_ || part_of_number(source_[end]))) ++end;
    emit(Token::Kind::number, at_, end);
  }

  /// `open` is at the quotation mark; the token begins at at_, with a prefix if there is one.
  void quoted(std::size_t open) {
    const char mark = source_[open];
    std::size_t end = open + 1;
    while (end < source_.size() && source_[end] != mark && source_[end] != '\n')
      end += source_[end] == '\\' ? 2u : 1u;
    emit(Token::Kind::text, at_, std::min(end + 1, source_.size()));
  }

  void raw_string(std::size_t open) {
    const std::size_t bracket = source_.find('(', open);
    std::size_t end = source_.size();
    if (bracket != std::string_view::npos) {
      const std::string close =
          ")" + std::string(source_.substr(open + 1, bracket - open - 1)) + "\"";
      if (const auto found = source_.find(close, bracket); found != std::string_view::npos)
        end = found + close.size();
    }
    emit(Token::Kind::text, at_, end);
  }

  void emit(Token::Kind kind, std::size_t begin, std::size_t end) {
    tokens_.push_back({kind, source_.substr(begin, end - begin), begin, directive_});
    at_ = end;
  }

  std::string_view source_;
  std::size_t at_ = 0;
  bool directive_ = false;
  bool line_begins_ = true;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokenize(std::string_view source) { return Scanner(source).scan(); }

}  // namespace evotune::cpu
