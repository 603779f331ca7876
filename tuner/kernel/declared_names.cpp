#include "kernel/declared_names.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace evotune {
namespace {

using Words = std::set<std::string_view>;

class DeclaredNames {
 public:
  explicit DeclaredNames(const std::vector<CodeToken>& code) : code_(code) {
    note_types();
    note_blocks();
  }

  std::set<std::string, std::less<>> run() {
    std::vector<std::size_t> open;  // brackets
    for (std::size_t i = 0; i < code_.size(); ++i) {
      if (is(i, "(") || is(i, "[") || is(i, "{")) open.push_back(i);
      if ((is(i, ")") || is(i, "]") || is(i, "}")) && !open.empty()) open.pop_back();
      const bool in_list = !open.empty() && blocks_.count(open.back()) == 0;
      if (is_word(i) && declares(i, in_list)) found_.emplace(code_[i].text);
    }
    return std::move(found_);
  }

 private:
  [[nodiscard]] bool is(std::size_t i, std::string_view text) const {
    return i < code_.size() && code_[i].is(text);
  }
  [[nodiscard]] bool is_word(std::size_t i) const {
    return i < code_.size() && code_[i].kind == CodeTokenKind::identifier;
  }

  // `struct Point`, `typename T`, `using real =`, `typedef float real;`
  void note_types() {
    static const Words heads = {"struct", "class", "union", "enum", "typename", "using"};
    for (std::size_t i = 0; i + 1 < code_.size(); ++i) {
      if (heads.count(code_[i].text) != 0 && is_word(i + 1)) types_.insert(code_[i + 1].text);
      if (!is(i, "typedef")) continue;
      std::size_t end = i;
      while (end < code_.size() && !is(end, ";")) ++end;
      if (is_word(end - 1)) types_.insert(code_[end - 1].text);
    }
  }

  [[nodiscard]] bool is_type(std::size_t i) const {
    static const Words known = {"void",  "bool",  "int",    "unsigned", "signed", "long",
                                "short", "char",  "float",  "double",   "half",   "half2",
                                "auto",  "const", "struct", "volatile", "uint",   "ulong"};
    static const Words scalars = {"char", "uchar",    "short",     "ushort", "int",   "uint",
                                  "long", "longlong", "ulonglong", "ulong",  "float", "double"};
    const std::string_view text = code_[i].text;
    return known.count(text) != 0 || types_.count(text) != 0 || text.ends_with("_t") ||
           text.starts_with("__half") || text.find("nv_bfloat") != text.npos ||
           (text.back() >= '1' && text.back() <= '4' &&
            scalars.count(text.substr(0, text.size() - 1)) != 0);
  }

  // Words, numbers and what stands between them in a template's arguments.
  [[nodiscard]] bool is_within_arguments(std::size_t i) const {
    const CodeToken& one = code_[i];
    return is_word(i) || one.kind == CodeTokenKind::number ||
           (one.text.size() == 1 && std::string_view(",:*+-/%").find(one.text) != one.text.npos);
  }

  // The '>' of `Matrix<float, 2>`, which is none of a comparison.
  [[nodiscard]] bool closes_template(std::size_t i) const {
    constexpr std::size_t far = 200;
    const std::size_t first = i > far ? i - far : 0;
    for (int depth = 0; i > first; --i) {
      if (is(i, ">")) ++depth;
      if (is(i, "<") && --depth == 0) return is_word(i - 1);
      if (!is_within_arguments(i) && !is(i, "<") && !is(i, ">")) return false;
    }
    return false;
  }

  // `float4 *N`, `auto&& N`, `Matrix<float, 2>& N`, `(*N)[4]`, `thing *N;`, but not `2 * N`
  [[nodiscard]] bool declares_indirectly(std::size_t i, std::size_t first_sign) const {
    if (first_sign == 0) return true;
    const std::size_t before = first_sign - 1;
    if (is_word(before)) {
      const bool begins =
          before == 0 || is(before - 1, ";") || is(before - 1, "{") || is(before - 1, "}");
      return is_type(before) || (begins && (is(i + 1, ";") || is(i + 1, ",") || is(i + 1, "=")));
    }
    return code_[before].kind != CodeTokenKind::number && !is(before, ")") && !is(before, "]");
  }

  // `auto [M, N] =`, `asm("%[N]" : [N] "=f"(x))`
  [[nodiscard]] bool is_bound(std::size_t i) const {
    if (is(i + 1, "]") && i + 2 < code_.size() && code_[i + 2].kind == CodeTokenKind::string)
      return true;
    std::size_t open = i;
    while (open > 0 && (is_word(open) || is(open, ","))) --open;
    while (open > 0 && (is(open, "[") || is(open, "&"))) --open;
    return is(open, "auto");
  }

  // The braces with statements in them, and those of an `enum`: no declaration begins in others,
  // `= {1, N}`, `f(float2{M, N})`, nor in brackets.
  void note_blocks() {
    std::vector<std::pair<std::size_t, bool>> open;  // braces, and whether they have statements
    for (std::size_t i = 0; i < code_.size(); ++i) {
      if (is(i, ";") && !open.empty()) open.back().second = true;
      if (is(i, "{")) open.emplace_back(i, is_enumeration(i));
      if (!is(i, "}") || open.empty()) continue;
      const auto [brace, has_statements] = open.back();
      open.pop_back();
      if (!has_statements) continue;
      blocks_.insert(brace);
      if (!open.empty()) open.back().second = true;
    }
    for (const auto& [brace, has_statements] : open) blocks_.insert(brace);
  }

  [[nodiscard]] bool is_enumeration(std::size_t brace) const {
    constexpr std::size_t far = 40;  // with attributes and an underlying type
    for (std::size_t i = brace; i > 0 && brace - i < far; --i) {
      if (is(i - 1, "enum")) return true;
      if (is(i - 1, ";") || is(i - 1, "{") || is(i - 1, "}") || is(i - 1, "=")) return false;
    }
    return false;
  }

  // `f<2, N, 3>()`
  [[nodiscard]] bool is_template_argument(std::size_t i) const {
    constexpr std::size_t many = 16;
    for (std::size_t end = i + 1; end < std::min(i + many, code_.size()); ++end) {
      if (is(end, ">")) return closes_template(end);
      if (!is_within_arguments(end)) return false;
    }
    return false;
  }

  // `int N`, `p.N`, `Matrix<float, 2> N`, and of `int M, N;` the second; `return N` declares
  // nothing.
  [[nodiscard]] bool declares(std::size_t i, bool in_list) const {
    static const Words verbs = {"return", "case", "else", "do", "throw", "sizeof", "and", "or"};
    if (i == 0) return true;
    if (is_word(i - 1)) return verbs.count(code_[i - 1].text) == 0;
    std::size_t sign = i;
    while (sign > 0 && (is(sign - 1, "*") || is(sign - 1, "&"))) --sign;
    if (sign != i) return declares_indirectly(i, sign);
    const bool member = is(i - 1, ".") || (i > 1 && is(i - 1, ">") && is(i - 2, "-")) ||
                        (i > 1 && is(i - 1, ":") && is(i - 2, ":"));
    const bool assigned = is(i + 1, "=") && !is(i + 2, "=");
    const bool next = !in_list && (is(i - 1, ",") || is(i - 1, "{"));
    return assigned || member || (next && !is_template_argument(i)) ||
           (is(i - 1, ">") && closes_template(i - 1)) || is_bound(i);
  }

  const std::vector<CodeToken>& code_;
  Words types_;
  std::unordered_set<std::size_t> blocks_;  ///< where their braces are
  std::set<std::string, std::less<>> found_;
};

}  // namespace

std::set<std::string, std::less<>> declared_names(const std::vector<CodeToken>& code) {
  return DeclaredNames(code).run();
}

}  // namespace evotune
