#include "device/cpu/used_code.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <vector>

#include "device/cpu/rewrite.h"
#include "device/cpu/shim_files.h"
#include "device/cpu/source_words.h"
#include "kernel/brackets.h"
#include "kernel/declaration_words.h"
#include "kernel/directives.h"

namespace evotune::cpu {
namespace {

using Names = std::vector<std::string_view>;

/// A declaration of file or namespace scope: words [begin, end).
struct Part {
  std::size_t begin = 0, end = 0;
  bool kept = false;
};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Words that declare nothing by themselves.
bool is_no_name(std::string_view word) {
  constexpr std::array<std::string_view, 28> words = {
      "alignas",  "auto",     "bool",     "char",    "class",  "const",    "constexpr",
      "double",   "enum",     "extern",   "float",   "inline", "int",      "long",
      "mutable",  "noexcept", "short",    "signed",  "static", "struct",   "template",
      "typename", "union",    "unsigned", "virtual", "void",   "volatile", "decltype"};
  return word.starts_with("__") || is_one_of(words, word);
}

class UsedCode {
 public:
  UsedCode(std::string_view source, std::string_view roots)
      : source_(source), words_(source_words(source)) {
    const std::vector<CodeToken> tokens = code_tokens(source);
    const std::vector<Directive> directives = directives_of(tokens);
    for (const MacroDefinition& one : definitions_of(directives)) {
      for (const CodeToken& token : one.value)
        if (token.kind == CodeTokenKind::identifier) macros_[one.name].push_back(token.text);
      for (std::size_t i = 1; i < one.value.size(); ++i)
        pastes_ = pastes_ || (one.value[i - 1].is("#") && one.value[i].is("#"));
      if (one.takes_arguments) calls_.insert(one.name);
      if (!one.value.empty() && (one.value.back().text == ";" || one.value.back().text == "}"))
        declarations_.insert(one.name);
    }
    match_brackets(directives);
    collect_parts();
    for (const CodeToken& token : code_tokens(roots)) pending_.push_back(token.text);
  }

  std::string text() {
    keep_what_is_reached();
    std::string result(source_);
    for (const Part& part : parts_)
      for (std::size_t i = part.begin; i < part.end && !part.kept; ++i)
        if (!words_[i].directive) blank(words_[i], result);
    for (std::size_t i = 1; i < words_.size(); ++i)
      if (const std::string_view header = included_header(source_, words_, i);
          (header.starts_with("cuda_fp") && !in_shim(header)) || is_refused_header(header)) {
        blank(words_[i - 1], result);
        for (; words_[i].directive && !words_[i].is(">"); ++i) blank(words_[i], result);
        blank(words_[i], result);
      }
    return result;
  }

 private:
  static void blank(const SourceWord& word, std::string& text) {
    for (std::size_t at = word.offset; at < end_of(word); ++at)
      if (text[at] != '\n') text[at] = ' ';
  }

  void match_brackets(const std::vector<Directive>& directives) {
    auto next = directives.begin();
    for (std::size_t i = 0; i < words_.size(); ++i) {
      for (; next != directives.end() && next->text.data() <= words_[i].text.data(); ++next)
        brackets_.pass(*next);
      if (!words_[i].directive && words_[i].kind == CodeTokenKind::punctuation)
        brackets_.pass(words_[i].text, i);
    }
  }

  /// Past the bracket that closes the one at `open`; directives have none.
  [[nodiscard]] std::size_t after(std::size_t open) const {
    return std::min(brackets_.closing(open, words_.size()) + 1, words_.size());
  }

  [[nodiscard]] std::size_t after_angle(std::size_t open) const {
    int depth = 0;
    for (std::size_t i = open; i < words_.size() && !words_[i].is(";"); ++i) {
      if (words_[i].is("<")) ++depth;
      if (words_[i].is(">") && --depth == 0) return i + 1;
    }
    return open + 1;
  }

  void collect_parts() {
    for (std::size_t i = 0; i < words_.size();) {
      if (words_[i].directive || words_[i].is("}") || words_[i].is(";")) {
        ++i;
      } else if (const std::size_t inside = scope_at(i); inside != 0) {
        i = inside;
      } else {
        const Part part{i, end_of_part(i), false};
        const Names names = names_of(part);
        for (const std::string_view name : names) parts_of_[name].push_back(parts_.size());
        parts_.push_back(part);
        if (names.empty() && !names_missing_type(part)) keep(parts_.back());
        i = part.end;
      }
    }
  }

  /// Past the brace that `namespace x` or `extern "C"` opens at `i`, or 0.
  [[nodiscard]] std::size_t scope_at(std::size_t i) const {
    const std::size_t head = words_[i].is("inline") ? i + 1 : i;
    const bool space = head < words_.size() && words_[head].is("namespace");
    const bool linkage = words_[i].is("extern") && i + 2 < words_.size() &&
                         words_[i + 1].kind == CodeTokenKind::string && words_[i + 2].is("{");
    if (!space && !linkage) return 0;
    while (i < words_.size() && !words_[i].is("{") && !words_[i].is(";") && !words_[i].is("=")) ++i;
    return i < words_.size() && words_[i].is("{") ? i + 1 : 0;
  }

  /// A function ends with its body, a macro that is all of a declaration with its arguments,
  /// anything else with its semicolon.
  [[nodiscard]] std::size_t end_of_part(std::size_t i) const {
    if (declarations_.count(words_[i].text) != 0 && i + 1 < words_.size() && words_[i + 1].is("("))
      return after(i + 1);
    bool parameters = false, initialised = false;
    for (; i < words_.size() && !words_[i].is(";"); ++i) {
      const SourceWord& word = words_[i];
      if (word.directive) continue;
      const bool body = word.is("{") && parameters && !initialised;
      initialised = initialised || (word.is("=") && !names_operator(words_, i));
      parameters = parameters || (word.is("(") && !words_[i - 1].is("alignas") &&
                                  !words_[i - 1].text.starts_with("__align"));
      if (word.is("(") || word.is("[") || word.is("{")) i = after(i) - 1;
      if (body) return i + 1;
    }
    return std::min(i + 1, words_.size());
  }

  [[nodiscard]] std::size_t after_template(std::size_t i) const {
    while (words_[i].is("template") && i + 1 < words_.size() && words_[i + 1].is("<"))
      i = after_angle(i + 1);
    return i;
  }

  /// What the part declares, and what it is a member of. None: it must stay.
  [[nodiscard]] Names names_of(const Part& part) const {
    constexpr std::array<std::string_view, 4> others = {"namespace", "friend", "static_assert",
                                                        "asm"};
    Names functions, all;
    std::size_t i = after_template(part.begin);
    if (i >= part.end || is_one_of(others, words_[i].text)) return {};
    if (words_[i].is("using") || words_[i].is("typedef")) return aliases_of({i, part.end});
    const bool lists = words_[i].is("enum");
    std::string_view last;  // the identifier before this word
    bool initialised = false, in_value = false;
    for (; i < part.end; ++i) {
      const SourceWord& word = words_[i];
      if (word.directive) continue;
      initialised = initialised || word.is("=");
      in_value = !word.is(",") && (in_value || word.is("="));
      if (word.is("operator") || (!in_value && calls_.count(word.text) != 0)) return {};
      const bool named = word.kind == CodeTokenKind::identifier && !is_no_name(word.text);
      if (named) all.push_back(word.text);
      const bool member = word.is(":") && i + 1 < part.end && words_[i + 1].is(":");
      if ((word.is("(") || member) && !last.empty() && !initialised) functions.push_back(last);
      const bool opens = word.is("(") || word.is("[") || (word.is("{") && !lists);
      if (!word.is("<")) last = named ? word.text : std::string_view();
      if (word.is("<") || opens) i = (opens ? after(i) : after_angle(i)) - 1;
    }
    return functions.empty() ? all : functions;
  }

  /// The name of `using x = …;` or `typedef … x;`. None, where it is not as plain as that, or
  /// where macros put names together that no word here is.
  [[nodiscard]] Names aliases_of(const Part& part) const {
    if (pastes_) return {};
    const bool typed = words_[part.begin].is("typedef");
    const std::size_t name = typed ? part.end - 2 : part.begin + 1;
    if (part.end - part.begin < 4 || !words_[part.end - 1].is(";")) return {};
    if (words_[name].kind != CodeTokenKind::identifier || calls_.count(words_[name].text) != 0)
      return {};
    if (!typed && !words_[name + 1].is("=")) return {};
    for (std::size_t i = part.begin; i < part.end; ++i) {
      const SourceWord& word = words_[i];
      const bool several = word.is("(") || word.is("{") || word.is(",");
      if (word.directive || (typed && several)) return {};
    }
    return {words_[name].text};
  }

  void keep(Part& part) {
    part.kept = true;
    for (std::size_t i = part.begin; i < part.end; ++i)
      if (words_[i].kind == CodeTokenKind::identifier) pending_.push_back(words_[i].text);
  }

  /// In its head: an overload or a specialisation for it, a macro that makes one.
  [[nodiscard]] bool names_missing_type(const Part& part) const {
    constexpr std::array<std::string_view, 3> torch = {"at", "c10", "torch"};
    for (std::size_t i = part.begin; i < part.end && !words_[i].is("{"); ++i) {
      const bool space = i + 2 < part.end && words_[i + 1].is(":") && words_[i + 2].is(":");
      if (words_[i].is("cudaTextureObject_t") || words_[i].text.starts_with("__nv_fp8") ||
          (space && is_one_of(torch, words_[i].text)))
        return true;
    }
    return false;
  }

  /// All that declare a name, but for those for a type that is not there, where there are others.
  void keep_of(const std::vector<std::size_t>& declared) {
    const auto missing = [this](std::size_t one) { return names_missing_type(parts_[one]); };
    const bool all = std::all_of(declared.begin(), declared.end(), missing);
    for (const std::size_t one : declared)
      if (!parts_[one].kept && (all || !missing(one))) keep(parts_[one]);
  }

  void keep_what_is_reached() {
    std::set<std::string_view> reached;
    while (!pending_.empty()) {
      const std::string_view name = pending_.back();
      pending_.pop_back();
      if (!reached.insert(name).second) continue;
      if (const auto parts = parts_of_.find(name); parts != parts_of_.end()) keep_of(parts->second);
      if (const auto macro = macros_.find(name); macro != macros_.end())
        pending_.insert(pending_.end(), macro->second.begin(), macro->second.end());
    }
  }

  std::string_view source_;
  SourceWords words_;
  Brackets brackets_;  ///< of words_
  std::vector<Part> parts_;
  std::map<std::string_view, std::vector<std::size_t>> parts_of_;  ///< by the names they declare
  std::map<std::string_view, Names> macros_;                       ///< what each one says
  std::set<std::string_view> calls_;                               ///< macros that take arguments
  std::set<std::string_view> declarations_;  ///< macros that end as a declaration does
  bool pastes_ = false;                      ///< a macro has `##`
  Names pending_;                            ///< names yet to be followed
};

}  // namespace

std::string used_code(std::string_view source, std::string_view roots) {
  return UsedCode(source, roots).text();
}

}  // namespace evotune::cpu
