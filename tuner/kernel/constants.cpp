#include "kernel/constants.h"

#include <algorithm>
#include <array>

namespace evotune {
namespace {

constexpr auto nowhere = static_cast<std::size_t>(-1);

bool opens(const CodeToken& token) { return token.is("(") || token.is("[") || token.is("{"); }
bool closes(const CodeToken& token) { return token.is(")") || token.is("]") || token.is("}"); }

bool is_word(const CodeToken& token) { return token.kind == CodeTokenKind::identifier; }

/// What may stand before the first const of a declaration.
bool begins_declaration(const CodeToken& before) {
  constexpr std::array<std::string_view, 9> beginnings = {
      "#", ";", "{", "}", "static", "inline", "__device__", "extern", "__host__"};
  return std::find(beginnings.begin(), beginnings.end(), before.text) != beginnings.end();
}

class ConstantReader {
 public:
  explicit ConstantReader(const std::vector<CodeToken>& code) : code_(code) {}

  std::vector<ConstantDefinition> run() {
    std::vector<bool> namespaces;  // of each brace that is open: whether it is one's
    for (std::size_t i = 0; i < code_.size(); ++i) {
      if (code_[i].is("{")) namespaces.push_back(opens_namespace(i));
      if (code_[i].is("}") && !namespaces.empty()) namespaces.pop_back();
      const bool constant = code_[i].is("constexpr") || code_[i].is("const");
      if (!constant || (i > 0 && !begins_declaration(code_[i - 1]))) continue;
      read_declaration(i,
                       std::find(namespaces.begin(), namespaces.end(), false) == namespaces.end());
    }
    return std::move(found_);
  }

 private:
  // `namespace a::b {`, `extern "C" {`
  [[nodiscard]] bool opens_namespace(std::size_t brace) const {
    for (std::size_t i = brace; i-- > 0;) {
      if (code_[i].is("namespace") || code_[i].is("extern")) return true;
      const bool name =
          is_word(code_[i]) || code_[i].is(":") || code_[i].kind == CodeTokenKind::string;
      if (!name) return false;
    }
    return false;
  }

  // Declarators up to the semicolon; one in brackets of its own, an array or a function ends it.
  void read_declaration(std::size_t i, bool at_file_scope) {
    const std::size_t first = i;
    while (i < code_.size() && !code_[i].is(";")) {
      const std::size_t sign = value_sign(i);
      if (sign == nowhere || sign < first + 2) return;
      const std::size_t end = end_of_value(sign + 1);
      if (end >= code_.size() || end == sign + 1) return;
      const CodeToken& last = code_[end - 1];
      const char* begin = code_[sign + 1].text.data();
      const auto length = static_cast<std::size_t>(last.text.data() + last.text.size() - begin);
      const auto token = [this](std::size_t at) {
        return code_.begin() + static_cast<std::ptrdiff_t>(at);
      };
      found_.push_back(
          {code_[sign - 1].text, {token(sign + 1), token(end)}, {begin, length}, at_file_scope});
      i = code_[end].is(",") ? end + 1 : end;
    }
  }

  // The "=" behind a name, with nothing but words of a type before it.
  [[nodiscard]] std::size_t value_sign(std::size_t i) const {
    for (; i < code_.size(); ++i) {
      if (code_[i].is("=")) return is_word(code_[i - 1]) ? i : nowhere;
      if (!is_word(code_[i]) && !code_[i].is(":")) return nowhere;
    }
    return nowhere;
  }

  [[nodiscard]] std::size_t end_of_value(std::size_t i) const {
    for (int depth = 0; i < code_.size(); ++i) {
      if (depth == 0 && (code_[i].is(",") || code_[i].is(";"))) return i;
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
