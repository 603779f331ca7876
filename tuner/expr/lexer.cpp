#include "expr/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>

#include "expr/expression.h"

namespace evotune {
namespace {

// Longer symbols stand before their beginnings.
constexpr std::array<std::string_view, 18> symbols = {
    "**", "//", "<=", ">=", "==", "!=", "+", "-", "*", "/", "%", "<", ">", "(", ")", "[", "]", ","};

struct Foreign {
  std::string_view spelling;
  std::string_view hint;
};

// What other languages, or other parts of Python, would say.
constexpr std::array<Foreign, 18> foreign_symbols = {{
    {"===", "write '=='"},
    {"!==", "write '!='"},
    {"&&", "write 'and'"},
    {"||", "write 'or'"},
    {"<>", "write '!='"},
    {"<<", "multiply by a power of two"},
    {">>", "divide by a power of two with '//'"},
    {"->", ""},
    {":=", ""},
    {"?", "write 'a if c else b'"},
    {":", "write 'a if c else b'"},
    {"!", "write 'not'"},
    {"&", "write 'and'; there are no bit operations"},
    {"|", "write 'or'; there are no bit operations"},
    {"^", "powers are '**'; there are no bit operations"},
    {"~", "write 'not'; there are no bit operations"},
    {"=", "'==' compares"},
    {";", ""},
}};

constexpr std::array<Foreign, 4> foreign_words = {{{"is", "write '=='"},
                                                   {"None", "there is no None"},
                                                   {"lambda", "there are no functions to define"},
                                                   {"for", "there are no loops"}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_word(char c) { return is_letter(c) || is_digit(c); }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_printable(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Word> run() {
    std::vector<Word> tokens;
    while (skip_blanks(), at_ < text_.size()) tokens.push_back(next());
    tokens.push_back({WordKind::end, {}, text_.size() + 1});
    return tokens;
  }

 private:
  [[noreturn]] void fail(std::string message) const {
    throw ExpressionError{std::move(message), at_ + 1};
  }
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void skip_blanks() {
    while (is_blank(peek())) ++at_;
  }
  [[nodiscard]] Word take(WordKind kind, std::size_t length) {
    const Word token{kind, text_.substr(at_, length), at_ + 1};
    at_ += length;
    return token;
  }

  Word next() {
    const char c = peek();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    if (is_letter(c)) return name();
    if (c == '\'' || c == '"') return string();
    return symbol();
  }

  Word name() {
    std::size_t length = 0;
    do {
      if (length != 0) ++length;  // the dot
      if (!is_letter(peek(length))) fail("a name may not end with a dot");
      while (is_word(peek(length))) ++length;
    } while (peek(length) == '.');
    for (const Foreign& foreign : foreign_words) {
      if (foreign.spelling == text_.substr(at_, length)) refuse(foreign);
    }
    return take(WordKind::name, length);
  }

  Word string() {
    const std::size_t end = text_.find(peek(), at_ + 1);
    if (end == std::string_view::npos) fail("this string is never closed");
    const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
    if (inside.find('\\') != std::string_view::npos) fail("strings have no escapes");
    if (!std::all_of(inside.begin(), inside.end(), is_printable)) {
      fail("a string may not hold control characters");
    }
    return take(WordKind::string, end + 1 - at_);
  }

  Word number() {
    if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'X')) return hexadecimal();
    std::size_t length = digits(0);
    WordKind kind = WordKind::integer;
    if (peek(length) == '.') {
      kind = WordKind::real;
      length = digits(length + 1);
    }
    if (peek(length) == 'e' || peek(length) == 'E') {
      const std::size_t sign = peek(length + 1) == '+' || peek(length + 1) == '-' ? 1 : 0;
      if (is_digit(peek(length + 1 + sign))) {
        kind = WordKind::real;
        length = digits(length + 1 + sign);
      }
    }
    return finish_number(kind, length);
  }

  Word hexadecimal() {
    std::size_t length = 2;
    while (is_digit(peek(length)) || (peek(length) >= 'a' && peek(length) <= 'f') ||
           (peek(length) >= 'A' && peek(length) <= 'F')) {
      ++length;
    }
    if (length == 2) fail("'0x' needs hexadecimal digits");
    return finish_number(WordKind::integer, length);
  }

  [[nodiscard]] std::size_t digits(std::size_t from) const {
    while (is_digit(peek(from))) ++from;
    return from;
  }

  Word finish_number(WordKind kind, std::size_t length) {
    if (is_word(peek(length)) || peek(length) == '.') {
      while (is_word(peek(length)) || peek(length) == '.') ++length;
      fail(fmt::format("'{}' is not a number", text_.substr(at_, length)));
    }
    if (peek() == '0' && is_digit(peek(1))) {
      fail(fmt::format("'{}': a number may not begin with 0", text_.substr(at_, length)));
    }
    return take(kind, length);
  }

  Word symbol() {
    const std::string_view rest = text_.substr(at_);
    for (const Foreign& foreign : foreign_symbols) {
      if (!rest.starts_with(foreign.spelling)) continue;
      if (foreign.spelling == "!" && rest.starts_with("!=")) continue;
      if (foreign.spelling == "=" && rest.starts_with("==")) continue;
      refuse(foreign);
    }
    for (const std::string_view spelling : symbols) {
      if (rest.starts_with(spelling)) return take(WordKind::symbol, spelling.size());
    }
    if (!is_printable(peek()) || static_cast<unsigned char>(peek()) >= 0x80) {
      fail("this character means nothing in an expression");
    }
    fail(fmt::format("'{}' means nothing in an expression", peek()));
  }

  [[noreturn]] void refuse(const Foreign& foreign) const {
    const std::string_view colon = foreign.hint.empty() ? "" : ": ";
    fail(fmt::format("'{}' has no meaning here{}{}", foreign.spelling, colon, foreign.hint));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

double real_literal(const Word& token) {
  const char* const end = token.text.data() + token.text.size();
  double value = 0;
  const auto [stopped, error] = std::from_chars(token.text.data(), end, value);
  if (error == std::errc() && stopped == end && std::isfinite(value)) return value;
  throw ExpressionError{fmt::format("no double is as large or small as {}", token.text),
                        token.column};
}

std::int64_t integer_literal(const Word& token) {
  const bool hexadecimal = token.text.size() > 2 && !is_digit(token.text[1]);
  const char* const end = token.text.data() + token.text.size();
  std::int64_t value = 0;
  const auto [stopped, error] =
      std::from_chars(token.text.data() + (hexadecimal ? 2 : 0), end, value, hexadecimal ? 16 : 10);
  if (error == std::errc() && stopped == end) return value;
  throw ExpressionError{fmt::format("{} does not fit 64 bits", token.text), token.column};
}

}  // namespace

Value literal(const Word& token) {
  if (token.kind == WordKind::real) return real_literal(token);
  if (token.kind == WordKind::integer) return integer_literal(token);
  return std::string(token.text.substr(1, token.text.size() - 2));
}

std::vector<Word> words_of(std::string_view text) { return Lexer(text).run(); }

}  // namespace evotune
