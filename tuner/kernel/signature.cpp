#include "kernel/signature.h"

#include <algorithm>
#include <array>

#include "kernel/constants.h"
#include "kernel/declared_names.h"

namespace evotune {
namespace {

using CodeTokens = std::vector<CodeToken>;

constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

// The index just past the bracket that closes the one at `open`; nowhere if it is never closed.
// `<` counts as a bracket only inside `<`, so that `i < n` in parentheses does no harm.
std::size_t past_closing(const CodeTokens& code, std::size_t open) {
  const bool angles = code[open].is("<");
  int depth = 0;
  for (std::size_t i = open; i < code.size(); ++i) {
    const CodeToken& token = code[i];
    if (token.kind != CodeTokenKind::punctuation) continue;
    const char c = token.text[0];
    if (c == '(' || c == '[' || c == '{' || (angles && c == '<')) ++depth;
    if (c == ')' || c == ']' || c == '}' || (angles && c == '>')) --depth;
    if (depth == 0) return i + 1;
    if (angles && c == ';') return nowhere;
  }
  return nowhere;
}

// Splits the tokens between two brackets at the commas that stand outside of inner ones.
std::vector<CodeTokens> split_at_commas(const CodeTokens& code, std::size_t begin,
                                        std::size_t end) {
  std::vector<CodeTokens> parts(1);
  int depth = 0;
  for (std::size_t i = begin; i < end; ++i) {
    const CodeToken& token = code[i];
    const bool punctuation = token.kind == CodeTokenKind::punctuation;
    if (punctuation && std::string_view("([{<").find(token.text[0]) != std::string_view::npos)
      ++depth;
    if (punctuation && std::string_view(")]}>").find(token.text[0]) != std::string_view::npos)
      --depth;
    if (depth == 0 && token.is(","))
      parts.emplace_back();
    else
      parts.back().push_back(token);
  }
  if (parts.size() == 1 && parts[0].empty()) parts.clear();
  return parts;
}

bool qualifies(const CodeToken& token) {
  constexpr std::array<std::string_view, 8> qualifiers{
      "const",    "volatile", "__restrict__", "__restrict",
      "restrict", "struct",   "typename",     "__grid_constant__"};
  return std::any_of(qualifiers.begin(), qualifiers.end(),
                     [&](std::string_view word) { return token.is(word); });
}

bool is_builtin_type(const CodeToken& token) {
  constexpr std::array<std::string_view, 9> words{"void",   "bool",     "char",  "short", "int",
                                                  "signed", "unsigned", "float", "double"};
  return token.is("long") || std::any_of(words.begin(), words.end(),
                                         [&](std::string_view word) { return token.is(word); });
}

// Leaves out what a function's type does without: all that follows the last star, or a value's
// own const. What stands in brackets is another type's.
CodeTokens without_own_qualifiers(CodeTokens tokens) {
  constexpr std::array<std::string_view, 3> own{"const", "volatile", "__grid_constant__"};
  std::size_t past_star = 0;
  std::vector<std::size_t> of_value;
  int depth = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const CodeToken& token = tokens[i];
    if (token.is("<") || token.is("(")) ++depth;
    if (token.is(">") || token.is(")")) --depth;
    if (depth > 0) continue;
    if (token.is("*")) past_star = i + 1;
    if (std::find(own.begin(), own.end(), token.text) != own.end()) of_value.push_back(i);
  }
  if (past_star > 0) {
    tokens.resize(past_star);
    return tokens;
  }
  for (auto at = of_value.rbegin(); at != of_value.rend(); ++at)
    tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(*at));
  return tokens;
}

std::string spelling_of(CodeTokens tokens, bool array) {
  // An array's const is its elements'.
  if (!array) tokens = without_own_qualifiers(std::move(tokens));
  std::string text;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool words = i > 0 && tokens[i].kind == CodeTokenKind::identifier &&
                       tokens[i - 1].kind == CodeTokenKind::identifier;
    text += (words ? " " : "") + std::string(tokens[i].text);
  }
  return array ? text + "*" : text;
}

KernelParameter parameter_of(CodeTokens tokens) {
  const auto ends = [](const CodeToken& token) { return token.is("=") || token.is("["); };
  const auto end = std::find_if(tokens.begin(), tokens.end(), ends);
  KernelParameter parameter;
  const bool array = end != tokens.end() && end->is("[");
  tokens.erase(end, tokens.end());
  const auto is_star = [](const CodeToken& token) { return token.is("*"); };
  const auto stars = std::count_if(tokens.begin(), tokens.end(), is_star);
  parameter.pointer = array || stars > 0;
  // But not `float (*row)[4]`, nor a template's arguments.
  parameter.to_pointers = stars + (array ? 1 : 0) > 1 &&
                          std::all_of(tokens.begin(), tokens.end(), [](const CodeToken& token) {
                            return !token.is("(") && !token.is("<");
                          });
  CodeTokens whole = tokens;
  tokens.erase(std::remove_if(tokens.begin(), tokens.end(), qualifies), tokens.end());
  // `float* x` and `float x` have a name, `float*` and `unsigned int` have none.
  const bool named = tokens.size() > 1 && tokens.back().kind == CodeTokenKind::identifier &&
                     !is_builtin_type(tokens.back());
  if (named) {
    parameter.name = tokens.back().text;
    tokens.pop_back();
    whole.pop_back();
  }
  parameter.spelling = spelling_of(std::move(whole), array);
  for (const CodeToken& token : tokens) {
    if (token.is("*") || token.is("&")) continue;
    const bool apart = token.kind == CodeTokenKind::identifier && !parameter.type.empty();
    if (apart) parameter.type += ' ';
    parameter.type += token.text;
  }
  return parameter;
}

// `int BM = 4`, `typename T`, `class... Ts`: the last word before the default.
std::string_view template_parameter_of(const CodeTokens& tokens) {
  std::string_view name;
  for (const CodeToken& token : tokens) {
    if (token.is("=")) break;
    if (token.kind == CodeTokenKind::identifier) name = token.text;
  }
  return !tokens.empty() && name == tokens[0].text ? std::string_view{} : name;
}

/// From here on text is in this branch of an #if; 0: in none.
struct Branch {
  const char* begin;
  int number;
};

std::vector<Branch> branches_of(const std::vector<Directive>& directives) {
  std::vector<Branch> branches;
  std::vector<int> open;
  int last = 0;
  for (const Directive& one : directives) {
    const bool begins = one.name.starts_with("if"), ends = one.name == "endif";
    const bool other = one.name.starts_with("el");
    if ((ends || other) && !open.empty()) open.pop_back();
    if (begins || other) open.push_back(++last);
    if (begins || ends || other)
      branches.push_back({one.text.data(), open.empty() ? 0 : open.back()});
  }
  return branches;
}

class Outliner {
 public:
  Outliner(CodeTokens code, std::vector<Branch> branches, Outline& outline)
      : code_(std::move(code)), branches_(std::move(branches)), outline_(outline) {}

  void run() {
    for (std::size_t i = 0; i < code_.size(); ++i) {
      const CodeToken& token = code_[i];
      if (token.is("template") && i + 1 < code_.size() && code_[i + 1].is("<")) open_template(i);
      // A template's head ends with its declaration.
      if (token.is(";") || token.is("}")) templated_ = false;
      if (token.is("{")) opened_.push_back(namespace_opened_at(i));
      if (token.is("}") && !opened_.empty()) opened_.pop_back();
      if (token.is("__global__")) note_kernel(i);
      if (token.is("__constant__") || token.is("__device__")) note_variable(i);
    }
  }

 private:
  void open_template(std::size_t i) {
    const std::size_t end = past_closing(code_, i + 1);
    if (end == nowhere) return;
    templated_ = end > i + 3;
    for (const CodeTokens& part : split_at_commas(code_, i + 2, end - 1))
      if (const std::string_view name = template_parameter_of(part); !name.empty())
        outline_.template_parameters.emplace(name);
  }

  // The name is the last one before a parenthesis whose partner `{`, `;` or the like follows:
  // `__global__ void __launch_bounds__(256) gemm(…) {`.
  void note_kernel(std::size_t i) {
    for (++i; i < code_.size() && !code_[i].is("{") && !code_[i].is(";"); ++i) {
      if (!code_[i].is("(")) continue;
      const std::size_t end = past_closing(code_, i);
      if (end == nowhere) return;
      const bool is_list = end < code_.size() && (code_[end].is("{") || code_[end].is(";"));
      if (is_list && code_[i - 1].is(")")) outline_.kernels_by_macro = true;  // NAME(k)(int n) {
      if (is_list && code_[i - 1].kind == CodeTokenKind::identifier) {
        const std::string_view name = code_[i - 1].text;
        outline_.kernels.push_back(
            {std::string(name), scope(), templated_, branch_at(name.data()), list(i + 1, end - 1)});
        return;
      }
      i = end - 1;
    }
  }

  // "a::b::" for `namespace a::b {`; empty for a brace of anything else.
  [[nodiscard]] std::string namespace_opened_at(std::size_t brace) const {
    const auto is_name = [](const CodeToken& token) {
      return (token.kind == CodeTokenKind::identifier && !token.is("namespace")) || token.is(":");
    };
    std::size_t begin = brace;
    while (begin > 0 && is_name(code_[begin - 1])) --begin;
    const bool opens = begin > 0 && begin < brace && code_[begin - 1].is("namespace");
    if (!opens || (begin > 1 && code_[begin - 2].is("inline"))) return {};
    std::string name;
    for (std::size_t i = begin; i < brace; ++i) name += code_[i].text;
    return name + "::";
  }

  [[nodiscard]] std::string scope() const {
    std::string all;
    for (const std::string& one : opened_) all += one;
    return all;
  }

  [[nodiscard]] int branch_at(const char* place) const {
    int number = 0;
    for (const Branch& one : branches_)
      if (one.begin <= place) number = one.number;
    return number;
  }

  [[nodiscard]] std::optional<std::vector<KernelParameter>> list(std::size_t begin,
                                                                 std::size_t end) const {
    std::vector<KernelParameter> parameters;
    for (const CodeTokens& part : split_at_commas(code_, begin, end)) {
      const bool conditional =
          std::any_of(part.begin(), part.end(), [](const CodeToken& t) { return t.is("#"); });
      const bool is_macro = std::any_of(part.begin(), part.end(), [this](const CodeToken& t) {
        return macros_.find(t.text) != macros_.end();
      });
      if (part.empty() || conditional || (is_macro && part.size() == 1)) return std::nullopt;
      if (part.size() == 1 && part[0].is("void")) continue;
      parameters.push_back(parameter_of(part));
    }
    return parameters;
  }

  void note_variable(std::size_t i) {
    std::string_view name;
    for (++i; i < code_.size(); ++i) {
      const CodeToken& token = code_[i];
      if (token.is("(") || token.is("{") || token.is("#")) return;  // a function
      if (token.is(";") || token.is("=") || token.is("[")) break;
      if (token.kind == CodeTokenKind::identifier) name = token.text;
    }
    if (!name.empty()) outline_.device_variables.emplace(name);
  }

  CodeTokens code_;
  std::vector<Branch> branches_;
  Outline& outline_;
  const std::set<std::string, std::less<>>& macros_ = outline_.defined;
  std::vector<std::string> opened_;  ///< each brace's namespace
  bool templated_ = false;
};

}  // namespace

CodeTokens significant_code(const CodeTokens& tokens) {
  CodeTokens code;
  bool line_is_empty = true;
  bool in_directive = false;
  for (const CodeToken& token : tokens) {
    if (token.kind == CodeTokenKind::newline) {
      line_is_empty = true;
      in_directive = false;
    }
    if (!token.significant()) continue;
    if (!in_directive) code.push_back(token);
    in_directive = in_directive || (line_is_empty && token.is("#"));
    line_is_empty = false;
  }
  return code;
}

namespace {

void note_declared(const CodeTokens& code, const std::vector<Directive>& directives,
                   Outline& outline) {
  outline.declared = declared_names(code);
  for (const KernelSignature& kernel : outline.kernels)
    for (const KernelParameter& one : kernel.parameters.value_or(std::vector<KernelParameter>{}))
      outline.declared.insert(one.name);
  for (const MacroDefinition& one : definitions_of(directives)) {
    CodeTokens body{{CodeTokenKind::punctuation, "("}};  // nothing is declared by its first word
    for (const CodeToken& token : one.value)
      if (token.significant()) body.push_back(token);
    outline.declared.merge(declared_names(body));
  }
}

// What an #if asks for must be known to the preprocessor, and what is a template's parameter
// reaches it by the entry.
void note_constants(const CodeTokens& code, const std::vector<Directive>& directives,
                    Outline& outline) {
  for (const ConstantDefinition& one : constants_of(code)) outline.constants.emplace(one.name);
  for (const std::string& name : outline.template_parameters) outline.constants.erase(name);
  for (const Directive& one : directives) {
    if (!one.name.starts_with("if") && !one.name.starts_with("el")) continue;
    for (const CodeToken& word : one.words) outline.constants.erase(std::string(word.text));
  }
}

}  // namespace

Outline outline_of(std::string_view text) {
  Outline outline;
  const CodeTokens tokens = code_tokens(text);
  for (const CodeToken& token : tokens)
    if (token.kind == CodeTokenKind::identifier) outline.identifiers.emplace(token.text);
  const std::vector<Directive> directives = directives_of(tokens);
  for (const MacroDefinition& one : definitions_of(directives)) {
    if (!one.undefines) outline.defined.emplace(one.name);
    for (const CodeToken& token : one.value)
      outline.kernels_by_macro = outline.kernels_by_macro || token.is("__global__");
  }
  const CodeTokens code = significant_code(tokens);
  Outliner(code, branches_of(directives), outline).run();
  note_declared(code, directives, outline);
  note_constants(code, directives, outline);
  return outline;
}

}  // namespace evotune
