#include "kernel/directives.h"

namespace evotune {
namespace {

std::string_view spanning(const CodeToken& first, const CodeToken& last) {
  const char* end = last.text.data() + last.text.size();
  return {first.text.data(), static_cast<std::size_t>(end - first.text.data())};
}

// The name that must not be defined for this condition's first branch to be taken:
// `#ifndef NAME`, `#if !defined(NAME)`, `#if !defined NAME`.
std::string_view guard_of(const Directive& condition) {
  const std::vector<CodeToken>& words = condition.words;
  if (condition.name == "ifndef" && !words.empty()) return words[0].text;
  if (condition.name != "if" || words.size() < 3 || !words[0].is("!") || !words[1].is("defined"))
    return {};
  if (words.size() == 3) return words[2].text;
  return words.size() == 5 && words[2].is("(") ? words[3].text : std::string_view{};
}

// `#define F(x)` takes arguments, `#define F (x)` does not.
bool takes_arguments(const Directive& define) {
  if (define.words.size() < 2 || !define.words[1].is("(")) return false;
  const std::string_view name = define.words[0].text;
  return define.words[1].text.data() == name.data() + name.size();
}

bool holds(const std::vector<std::string_view>& guards, std::string_view name) {
  for (const std::string_view guard : guards)
    if (guard == name) return true;
  return false;
}

}  // namespace

std::string with_joined_directives(std::string_view text) {
  std::string joined;
  joined.reserve(text.size());
  bool goes_on = false;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const std::size_t first = line.find_first_not_of(" \t"), last = line.find_last_not_of(" \t\r");
    goes_on = last != line.npos && (goes_on || line[first] == '#') && line[last] == '\\';
    joined += goes_on ? line.substr(0, last + 1) : line;
    if (goes_on && line.ends_with('\r')) joined += '\r';
    text.remove_prefix(line.size());
    if (!text.empty()) joined += '\n', text.remove_prefix(1);
  }
  return joined;
}

std::vector<Directive> directives_of(const std::vector<CodeToken>& tokens) {
  std::vector<Directive> found;
  bool line_is_empty = true;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind == CodeTokenKind::newline) line_is_empty = true;
    if (!tokens[i].significant()) continue;
    const bool begins = line_is_empty && tokens[i].is("#");
    line_is_empty = false;
    if (!begins) continue;
    Directive directive;
    directive.line = tokens[i].line;
    const CodeToken& hash = tokens[i];
    for (; i + 1 < tokens.size() && tokens[i + 1].kind != CodeTokenKind::newline; ++i) {
      const CodeToken& token = tokens[i + 1];
      if (!token.significant()) continue;
      if (directive.name.empty())
        directive.name = token.text;
      else
        directive.words.push_back(token);
    }
    directive.text = spanning(hash, tokens[i]);
    found.push_back(std::move(directive));
  }
  return found;
}

std::string_view included_header(const Directive& one) {
  if (one.name != "include" || one.words.empty()) return {};
  const char* begin = one.words.front().text.data();
  const char* end = one.words.back().text.data() + one.words.back().text.size();
  const std::string_view whole(begin, static_cast<std::size_t>(end - begin));
  return whole.size() < 3 ? std::string_view() : whole.substr(1, whole.size() - 2);
}

std::vector<MacroDefinition> definitions_of(const std::vector<Directive>& directives) {
  std::vector<MacroDefinition> found;
  std::vector<std::string_view> guards;  // one for each condition that is open here
  for (const Directive& one : directives) {
    if (one.name.starts_with("if")) guards.push_back(guard_of(one));
    if (one.name.starts_with("el") && !guards.empty()) guards.back() = {};
    if (one.name == "endif" && !guards.empty()) guards.pop_back();
    const bool undefines = one.name == "undef";
    if ((one.name != "define" && !undefines) || one.words.empty()) continue;
    MacroDefinition definition;
    definition.name = one.words[0].text;
    if (!undefines) definition.value.assign(one.words.begin() + 1, one.words.end());
    definition.text = one.text;
    definition.guarded = holds(guards, definition.name);
    definition.undefines = undefines;
    definition.takes_arguments = takes_arguments(one);
    found.push_back(std::move(definition));
  }
  return found;
}

}  // namespace evotune
