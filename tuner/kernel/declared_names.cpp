#include "kernel/declared_names.h"

namespace evotune {
namespace {

using Words = std::set<std::string_view>;

class DeclaredNames {
 public:
  explicit DeclaredNames(const std::vector<CodeToken>& code) : code_(code) { note_types(); }

  std::set<std::string, std::less<>> run() {
    std::string open{'{'};  // brackets
    for (std::size_t i = 0; i < code_.size(); ++i) {
      if (is(i, "(") || is(i, "[") || is(i, "{")) open += code_[i].text;
      if ((is(i, ")") || is(i, "]") || is(i, "}")) && open.size() > 1) open.pop_back();
      if (is_word(i) && declares(i, open.back() != '{')) found_.emplace(code_[i].text);
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

  // The '>' of `Matrix<float, 2>`, which is none of a comparison.
  [[nodiscard]] bool closes_template(std::size_t i) const {
    for (int depth = 0; i > 0; --i) {
      if (is(i, ">")) ++depth;
      if (is(i, "<") && --depth == 0) return is_word(i - 1);
      const bool inner = is_word(i) || code_[i].kind == CodeTokenKind::number || is(i, ",") ||
                         is(i, ":") || is(i, "*") || is(i, "<") || is(i, ">");
      if (!inner) return false;
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

  // `= {1, N}`, `f(a, {{N, 1}})`: no declaration begins in there.
  [[nodiscard]] bool is_in_list(std::size_t i) const {
    constexpr std::size_t far = 1000;  // a table of names is in doubt
    const std::size_t first = i > far ? i - far : 1;
    int depth = 0;
    while (i-- > first && (depth > 0 || !is(i, ";"))) {
      if (is(i, ")") || is(i, "]") || is(i, "}")) ++depth;
      const bool opens = is(i, "(") || is(i, "[") || is(i, "{");
      if (!opens || depth-- > 0) continue;
      if (!is(i, "{")) return false;
      const bool of_call = i > 1 && is(i - 1, "(") && is_word(i - 2);
      if (is(i - 1, "=") || is(i - 1, ",") || is(i - 1, "return") || of_call) return true;
      if (!is(i - 1, "{")) return false;
      depth = 0;
    }
    return false;
  }

  // One of a list's elements: also `int q{N}` and `f<2, N>()`.
  [[nodiscard]] bool is_element(std::size_t i) const {
    if (is(i + 1, ">") && closes_template(i + 1)) return true;
    const bool alone = is(i - 1, "{") && is(i + 1, "}") && i > 2 && is_word(i - 2);
    return (alone && is_type(i - 3) && !is(i - 3, "struct")) || is_in_list(i);
  }

  // `int N`, `p.N`, `Matrix<float, 2> N`, and of `int M, N;` the second; `return N` declares
  // nothing.
  [[nodiscard]] bool declares(std::size_t i, bool in_brackets) const {
    static const Words verbs = {"return", "case", "else", "do", "throw", "sizeof", "and", "or"};
    if (i == 0) return true;
    if (is_word(i - 1)) return verbs.count(code_[i - 1].text) == 0;
    std::size_t sign = i;
    while (sign > 0 && (is(sign - 1, "*") || is(sign - 1, "&"))) --sign;
    if (sign != i) return declares_indirectly(i, sign);
    const bool member = is(i - 1, ".") || (i > 1 && is(i - 1, ">") && is(i - 2, "-")) ||
                        (i > 1 && is(i - 1, ":") && is(i - 2, ":"));
    const bool assigned = is(i + 1, "=") && !is(i + 2, "=");
    const bool next = (is(i - 1, ",") && !in_brackets) || is(i - 1, "{");
    return assigned || member || (next && !is_element(i)) ||
           (is(i - 1, ">") && closes_template(i - 1)) || is_bound(i);
  }

  const std::vector<CodeToken>& code_;
  Words types_;
  std::set<std::string, std::less<>> found_;
};

}  // namespace

std::set<std::string, std::less<>> declared_names(const std::vector<CodeToken>& code) {
  return DeclaredNames(code).run();
}

}  // namespace evotune
