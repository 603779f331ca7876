#include "device/cpu/source_words.h"

#include <algorithm>

namespace evotune::cpu {

SourceWords source_words(std::string_view source) {
  SourceWords words;
  std::size_t offset = 0;
  bool line_begins = true, directive = false;
  for (const CodeToken& token : code_tokens(source)) {
    if (token.kind == CodeTokenKind::newline) {
      line_begins = true;
      directive = false;
    }
    if (token.significant()) {
      directive = directive || (line_begins && token.is("#"));
      line_begins = false;
      words.push_back({token, offset, directive});
    }
    offset += token.text.size();
  }
  return words;
}

std::size_t after_brackets(const SourceWords& words, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < words.size(); ++i) {
    if (words[i].is("(")) ++depth;
    if (words[i].is(")") && --depth == 0) return i + 1;
  }
  return words.size();
}

std::string_view included_header(std::string_view source, const SourceWords& words, std::size_t i) {
  if (!words[i].is("include") || !words[i].directive) return {};
  std::size_t close = i + 1;
  while (close < words.size() && words[close].directive && !words[close].is(">")) ++close;
  if (i + 2 >= words.size() || !words[i + 1].is("<") || close >= words.size()) return {};
  const std::size_t begin = end_of(words[i + 1]);
  return source.substr(begin, words[close].offset - begin);
}

std::vector<bool> in_function(const SourceWords& words) {
  std::vector<bool> answer(words.size());
  std::vector<bool> braces;  // of functions?
  std::size_t begin = 0;     // of the declaration that is being read
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool inside = std::find(braces.begin(), braces.end(), true) != braces.end();
    answer[i] = inside;
    if (words[i].directive) {
      if (begin == i) begin = i + 1;
      continue;
    }
    if (words[i].is("{")) {
      const bool linkage = i == begin + 2 && words[begin].is("extern");
      const std::size_t head = words[begin].is("inline") ? begin + 1 : begin;
      braces.push_back(!(linkage || (head < i && words[head].is("namespace"))));
    }
    if (words[i].is("}") && !braces.empty()) braces.pop_back();
    if (words[i].is("{") || words[i].is("}") || words[i].is(";")) begin = i + 1;
  }
  return answer;
}

}  // namespace evotune::cpu
