// Walks the source as a preprocessor would, keeping what it knows of every macro:
// 1. A `#define` or `#undef` outside of undecided conditionals is known from there on.
// 2. A branch whose condition is known false goes, and so does every branch after a true one.
// 3. A conditional of which an undecided branch stays, stays a conditional; what its branches
// define
//    differently from before is unknown after it.
#include "exporter/prune.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "base/errors.h"
#include "base/text.h"
#include "exporter/condition.h"
#include "exporter/logical_lines.h"

namespace evotune {
namespace {

bool opens(std::string_view directive) {
  return directive == "if" || directive == "ifdef" || directive == "ifndef";
}
bool continues(std::string_view directive) {
  return directive.starts_with("el") && (directive == "else" || directive == "elif" ||
                                         directive == "elifdef" || directive == "elifndef");
}

std::string_view first_word(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), [](char c) {
    return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0;
  });
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

// The condition of any of the directives, as `#if` would have it.
std::string condition_of(const LineDirective& directive) {
  const std::string rest(directive.rest);
  if (directive.name == "else") return "1";
  if (directive.name.ends_with("ifdef")) return "defined(" + rest + ")";
  if (directive.name.ends_with("ifndef")) return "!defined(" + rest + ")";
  return rest;
}

class Pruner {
 public:
  Pruner(std::string_view text, const std::set<std::string>& undefined)
      : lines_(logical_lines(text)) {
    for (const std::string& name : undefined) macros_[name] = Macro{Macro::Kind::undefined};
  }

  std::string run() {
    block();
    if (at_ < lines_.size()) unbalanced(lines_[at_]);
    return std::move(out_);
  }

 private:
  static constexpr int deepest = 256;

  [[noreturn]] static void unbalanced(const LogicalLine& line) {
    throw UserError("line " + std::to_string(line.number) +
                    ": conditionals do not balance: " + std::string(trim(line.code)));
  }

  // Up to the directive that ends the branch, or to the end of the text.
  void block() {
    for (; at_ < lines_.size(); ++at_) {
      const LineDirective directive = directive_of(lines_[at_]);
      if (opens(directive.name)) {
        conditional();
      } else if (continues(directive.name) || directive.name == "endif") {
        return;
      } else if (directive.name != "line") {
        learn(directive);
        out_ += lines_[at_].raw;
      }
    }
  }

  void skip_block() {
    int depth = 0;
    for (; at_ < lines_.size(); ++at_) {
      const LineDirective directive = directive_of(lines_[at_]);
      if (opens(directive.name)) ++depth;
      if (depth == 0 && (continues(directive.name) || directive.name == "endif")) return;
      if (directive.name == "endif") --depth;
    }
  }

  // From #if to its #endif, on which it leaves `at_`.
  void conditional() {
    const LogicalLine& first = lines_[at_];
    if (++depth_ > deepest) unbalanced(first);
    const Macros before = macros_;
    std::vector<Macros> ends;  // what is known at the end of each branch of one that stays
    bool decided = false;
    for (LineDirective directive = directive_of(first); directive.name != "endif";) {
      const std::optional<bool> taken =
          decided ? false : evaluate_condition(condition_of(directive), macros_);
      branch(directive, taken, !ends.empty());
      decided = decided || taken.value_or(false);
      if (!taken || (*taken && !ends.empty())) {
        ends.push_back(macros_);
        macros_ = before;
      }
      if (at_ >= lines_.size()) unbalanced(first);
      directive = directive_of(lines_[at_]);
    }
    if (!ends.empty()) out_ += lines_[at_].raw;
    for (const Macros& end : ends) forget_differences(before, end);
    --depth_;
  }

  // Writes a branch, or does not; leaves `at_` on the directive after it.
  void branch(const LineDirective& directive, std::optional<bool> taken, bool opened) {
    const LogicalLine& line = lines_[at_++];
    if (taken == false) return skip_block();
    if (taken && opened)
      out_ += directive.name == "else" ? std::string(line.raw) : "#else\n";
    else if (!taken && (opened || opens(directive.name)))
      out_ += line.raw;
    else if (!taken)
      out_ += "#if " + condition_of(directive) + "\n";  // the first that stays was an #elif
    block();
  }

  void learn(const LineDirective& directive) {
    if (directive.name != "define" && directive.name != "undef") return;
    const std::string_view name = first_word(directive.rest);
    if (name.empty()) return;
    const std::string_view body = directive.rest.substr(name.size());
    Macro macro;
    if (directive.name == "undef")
      macro.kind = Macro::Kind::undefined;
    else if (body.starts_with('('))
      macro.kind = Macro::Kind::function;
    else
      macro = Macro{Macro::Kind::object, std::string(trim(body))};
    macros_[std::string(name)] = macro;
  }

  void forget_differences(const Macros& before, const Macros& end) {
    for (const auto& [name, macro] : end) {
      const auto known = before.find(name);
      if (known == before.end() || !(known->second == macro)) macros_[name] = Macro{};
    }
  }

  std::vector<LogicalLine> lines_;
  std::size_t at_ = 0;
  int depth_ = 0;
  Macros macros_;
  std::string out_;
};

}  // namespace

std::string prune(std::string_view text, const std::set<std::string>& undefined) {
  return Pruner(text, undefined).run();
}

}  // namespace evotune
