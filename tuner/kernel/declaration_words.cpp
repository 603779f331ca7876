#include "kernel/declaration_words.h"

#include <algorithm>

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

std::set<std::string_view> template_parameters(std::span<const CodeToken> words, std::size_t i) {
  std::set<std::string_view> names;
  for (std::size_t end = after_template(words, i); i < end; end = after_template(words, i)) {
    int depth = 0;
    bool has_default = false;
    for (++i; i + 1 < end; ++i) {
      const CodeToken &word = words[i], &before = words[i - 1], &next = words[i + 1];
      depth += word.is("<") ? 1 : word.is(">") ? -1 : 0;
      if (depth != 1) continue;
      has_default = !word.is(",") && (has_default || word.is("="));
      const bool ends = next.is(",") || next.is(">") || next.is("=");
      if (word.kind == CodeTokenKind::identifier && ends && !has_default && !before.is("<") &&
          !before.is(","))
        names.insert(word.text);
    }
    i = end;
    if (i >= words.size()) break;
  }
  return names;
}

std::string_view alias_of(std::span<const CodeToken> words, const Brackets& brackets,
                          std::size_t begin) {
  const std::size_t first = after_template(words, begin);
  if (first + 2 < words.size() && words[first].is("using") && words[first + 2].is("="))
    return words[first + 1].text;
  if (first >= words.size() || !words[first].is("typedef")) return {};
  for (std::size_t i = first + 2; i + 1 < words.size(); ++i) {
    const bool pointer = words[i].is("(") && words[i + 1].is("*");
    if ((words[i].is("(") && !pointer) || words[i].is("{") || words[i].is("["))
      i = brackets.closing(i, words.size());
    else if (words[i].kind == CodeTokenKind::identifier &&
             (words[i + 1].is(";") || (words[i - 1].is("*") && words[i + 1].is(")"))))
      return words[i].text;
  }
  return {};
}

bool lacks_uchar(std::string_view source) {
  for (const char* own : {"define uchar", "using uchar", "uchar;"})
    if (source.find(own) != source.npos) return false;
  return source.find("uchar") != source.npos;
}

std::string_view variable_of(std::span<const CodeToken> words, std::size_t begin) {
  for (std::size_t i = after_template(words, begin) + 1; i < words.size() && !words[i].is("("); ++i)
    if (words[i].kind == CodeTokenKind::punctuation &&
        std::string_view("[={;").find(words[i].text) != std::string_view::npos)
      return words[i - 1].kind == CodeTokenKind::identifier ? words[i - 1].text
                                                            : std::string_view();
  return {};
}

bool asserts_of(std::span<const CodeToken> words, const std::set<std::string_view>& names) {
  return words.front().is("static_assert") &&
         std::any_of(words.begin(), words.end(),
                     [&](const CodeToken& word) { return names.count(word.text) != 0; });
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
