#include "kernel/declaration_words.h"

namespace evotune {

bool begins_class(const CodeToken& word) {
  return word.is("struct") || word.is("class") || word.is("union") || word.is("enum");
}
bool is_attribute(const CodeToken& word) {
  return word.is("alignas") || word.is("__align__") || word.is("__attribute__");
}

std::size_t after_template(std::span<const CodeToken> words, std::size_t i) {
  if (!words[i].is("template") || i + 1 >= words.size() || !words[i + 1].is("<")) return i;
  int depth = 0;
  for (++i; i + 1 < words.size(); ++i) {
    if (words[i].is("<")) ++depth;
    if (words[i].is(">") && --depth == 0) return i + 1;
  }
  return i;
}

bool is_of_a_named_type(std::span<const CodeToken> words, std::size_t i) {
  const auto is_name = [&](std::size_t at) {
    return at < words.size() && words[at].kind == CodeTokenKind::identifier;
  };
  if ((!words[i].is("struct") && !words[i].is("union") && !words[i].is("enum")) || !is_name(i + 1))
    return false;
  for (i += 2; i < words.size() && words[i].is("*");) ++i;
  return is_name(i) && i + 1 < words.size() &&
         std::string_view(";=[(,").find(words[i + 1].text) != std::string_view::npos;
}

bool writes_a_function(const MacroDefinition& one) {
  const std::vector<CodeToken>& value = one.value;
  std::size_t i = 0;
  while (i < value.size() && !value[i].is(")")) ++i;  // its parameters
  for (++i; i + 1 < value.size() && !value[i].is("{"); ++i) {
    const bool type = begins_class(value[i]) && !value[i - 1].is("<") && !value[i - 1].is(",");
    if (type || value[i].is("constexpr") || value[i].is("=")) return false;
  }
  return i + 1 < value.size() && value[i - 1].is(")");
}

}  // namespace evotune
