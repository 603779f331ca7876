#include "kernel/constants.h"

#include <algorithm>
#include <array>

namespace evotune {
namespace {

constexpr auto nowhere = static_cast<std::size_t>(-1);

bool opens(const CodeToken& token) { return token.is("(") || token.is("[") || token.is("{"); }
bool closes(const CodeToken& token) { return token.is(")") || token.is("]") || token.is("}"); }

bool is_word(const CodeToken& token) { return token.kind == CodeTokenKind::identifier; }

bool is_const(const CodeToken& token) { return token.is("constexpr") || token.is("const"); }

/// What may stand before the first word of a declaration's type.
bool begins_declaration(const CodeToken& before) {
  constexpr std::array<std::string_view, 9> beginnings = {
      "#", ";", "{", "}", "static", "inline", "__device__", "extern", "__host__"};
  return std::find(beginnings.begin(), beginnings.end(), before.text) != beginnings.end();
}

class ConstantReader {
 public:
  explicit ConstantReader(const std::vector<CodeToken>& code) : code_(code) {}

  std::vector<ConstantDefinition> run() {
    std::vector<Place> open;  // what each brace that is open belongs to
    for (std::size_t i = 0; i < code_.size(); ++i) {
      const Place here = open.empty() ? Place::file : open.back();
      if (code_[i].is("{")) open.push_back(opened_at(i, here));
      if (code_[i].is("}") && !open.empty()) open.pop_back();
      if (here == Place::host) continue;
      if (code_[i].is("enum")) read_enumerators(i + 1, here == Place::file);
      if (is_const(code_[i]) && begins_with_it(i)) read_declaration(i, here == Place::file);
    }
    return std::move(found_);
  }

 private:
  enum class Place { file, type, device, host };

  // `namespace a::b {`, `extern "C" {`, `struct S {`, `__device__ int f() {`, and within a function
  // all that is its own.
  [[nodiscard]] Place opened_at(std::size_t brace, Place around) const {
    if (around == Place::device || around == Place::host) return around;
    Place place = Place::host;
    for (std::size_t i = brace; i-- > 0;) {
      const CodeToken& one = code_[i];
      if (one.is(";") || one.is("}") || one.is("{")) break;
      if (one.is("__global__") || one.is("__device__")) return Place::device;
      const bool type = one.is("struct") || one.is("class") || one.is("union");
      if (type && !has_brackets(i, brace)) place = Place::type;
      if ((one.is("namespace") || one.is("extern")) && !has_brackets(i, brace)) place = around;
    }
    return place;
  }

  [[nodiscard]] bool has_brackets(std::size_t i, std::size_t end) const {
    return std::any_of(code_.begin() + static_cast<std::ptrdiff_t>(i),
                       code_.begin() + static_cast<std::ptrdiff_t>(end),
                       [](const CodeToken& one) { return one.is("("); });
  }

  // `const int`, `static const int`, `unsigned int const`.
  [[nodiscard]] bool begins_with_it(std::size_t i) const {
    while (i > 0 && is_word(code_[i - 1]) && !begins_declaration(code_[i - 1]))
      if (is_const(code_[--i])) return false;
    return i == 0 || begins_declaration(code_[i - 1]);
  }

  // A number, or what the compiler makes of numbers: what names others is no default.
  [[nodiscard]] static bool is_literal(const ConstantDefinition& one) {
    return std::none_of(one.value.begin(), one.value.end(), [](const CodeToken& token) {
      const bool named = is_word(token) && !token.is("true") && !token.is("false");
      return named || token.is(",") || token.is("{");
    });
  }

  // What stands from `begin` to `end`, if that is a number.
  void add(const CodeToken& name, std::size_t begin, std::size_t end, bool at_file_scope) {
    if (begin >= end) return;
    const auto token = [this](std::size_t at) {
      return code_.begin() + static_cast<std::ptrdiff_t>(at);
    };
    const char* text = code_[begin].text.data();
    const CodeToken& last = code_[end - 1];
    const auto length = static_cast<std::size_t>(last.text.data() + last.text.size() - text);
    ConstantDefinition one{name.text, {token(begin), token(end)}, {text, length}, at_file_scope};
    if (is_literal(one)) found_.push_back(std::move(one));
  }

  // Declarators up to the semicolon; one in brackets of its own, an array or a function ends it.
  void read_declaration(std::size_t i, bool at_file_scope) {
    const std::size_t first = i;
    while (i < code_.size() && !code_[i].is(";")) {
      const std::size_t sign = value_sign(i);
      if (sign == nowhere || sign < first + 2) return;
      const std::size_t end = end_of_value(sign + 1);
      if (end >= code_.size()) return;
      const std::size_t behind = end + (code_[sign].is("{") ? 1 : 0);  // `int BM{64}`
      if (behind >= code_.size() || (!code_[behind].is(",") && !code_[behind].is(";"))) return;
      add(code_[sign - 1], sign + 1, end, at_file_scope);
      i = code_[behind].is(",") ? behind + 1 : behind;
    }
  }

  // Those of an enumeration with a name are that type's: `enum Operation { N = 0, T = 1 };`.
  void read_enumerators(std::size_t i, bool at_file_scope) {
    const bool has_name = i < code_.size() && is_word(code_[i]);
    while (i < code_.size() && (is_word(code_[i]) || code_[i].is(":"))) ++i;
    if (i >= code_.size() || !code_[i].is("{")) return;
    while (++i + 1 < code_.size() && is_word(code_[i])) {
      std::size_t end = i + 1;
      if (code_[end].is("=")) {
        end = end_of_value(i + 2);
        if (end < code_.size()) add(code_[i], i + 2, end, at_file_scope && !has_name);
      }
      i = end;
      if (i >= code_.size() || !code_[i].is(",")) return;
    }
  }

  // The "=" or "{" behind a name, with nothing but words of a type before it.
  [[nodiscard]] std::size_t value_sign(std::size_t i) const {
    for (; i < code_.size(); ++i) {
      if (code_[i].is("=") || code_[i].is("{")) return is_word(code_[i - 1]) ? i : nowhere;
      if (!is_word(code_[i]) && !code_[i].is(":")) return nowhere;
    }
    return nowhere;
  }

  // The comma, semicolon or brace that ends it.
  [[nodiscard]] std::size_t end_of_value(std::size_t i) const {
    for (int depth = 0; i < code_.size(); ++i) {
      if (depth == 0 && (code_[i].is(",") || code_[i].is(";") || code_[i].is("}"))) return i;
      if (opens(code_[i])) ++depth;
      if (closes(code_[i]) && --depth < 0) return code_.size();
    }
    return i;
  }

  const std::vector<CodeToken>& code_;
  std::vector<ConstantDefinition> found_;
};

}  // namespace

std::vector<ConstantDefinition> constants_of(const std::vector<CodeToken>& code) {
  return ConstantReader(code).run();
}

}  // namespace evotune
