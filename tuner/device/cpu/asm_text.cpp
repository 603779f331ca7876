#include "device/cpu/asm_text.h"

#include <algorithm>

#include "device/cpu/ptx.h"

namespace evotune::cpu {
namespace {

/// What stands between the brackets of an asm statement.
struct AsmText {
  std::string text;
  std::vector<AsmOperand> operands;
  bool readable = true;  ///< the text is all literals
};

/// What a string literal means, but for escapes that PTX has no use for.
std::string unquoted(std::string_view literal) {
  if (literal.starts_with("R\"")) {
    const std::size_t open = literal.find('('), close = literal.rfind(')');
    return std::string(literal.substr(open + 1, close - open - 1));
  }
  std::string text;
  for (std::size_t i = literal.find('"') + 1; i + 1 < literal.size(); ++i) {
    if (literal[i] != '\\') {
      text += literal[i];
      continue;
    }
    ++i;
    text += literal[i] == 'n' ? '\n' : literal[i] == 't' ? ' ' : literal[i];
  }
  return text;
}

/// In a text with operands "%%" stands for '%'. Without any, '%' stands for itself.
std::string with_single_percents(std::string text) {
  for (std::size_t at = text.find("%%"); at != std::string::npos; at = text.find("%%", at + 1))
    text.erase(at, 1);
  return text;
}

AsmText parse_asm(const SourceWords& words, std::size_t open, std::size_t after,
                  std::string_view source) {
  AsmText found;
  int section = 0;
  for (std::size_t i = open + 1; i + 1 < after; ++i) {
    const SourceWord& word = words[i];
    if (word.is(":")) {
      ++section;
    } else if (section == 0) {
      found.readable = found.readable && word.kind == CodeTokenKind::string;
      if (word.kind == CodeTokenKind::string) found.text += unquoted(word.text);
    } else if (section <= 2 && word.kind == CodeTokenKind::string && words[i + 1].is("(")) {
      const std::size_t end = after_brackets(words, i + 1);
      const std::size_t begin = end_of(words[i + 1]);
      std::string expression(source.substr(begin, words[end - 1].offset - begin));
      std::replace(expression.begin(), expression.end(), '\n', ' ');
      std::replace(expression.begin(), expression.end(), '\\', ' ');
      found.operands.push_back({unquoted(word.text), std::move(expression)});
      i = end - 1;
    } else if (section <= 2 && !word.is(",")) {
      found.readable = false;
    }
  }
  found.text = with_single_percents(std::move(found.text));
  return found;
}

std::string in_cpp(const AsmText& found) {
  return found.readable ? translate_ptx(found.text, found.operands)
                        : "static_assert(false, \"inline PTX whose text macros or branches put "
                          "together is not supported by the CPU device\")";
}

/// The strings of one branch: words [begin, end).
struct Branch {
  std::size_t begin = 0, end = 0;
  [[nodiscard]] bool holds(std::size_t word) const { return word >= begin && word < end; }
};

/// Of the one #if between open and after. None where there is none, or where it has a branch
/// without strings: what that leaves of the asm would need lines of its own.
std::vector<Branch> branches_between(const SourceWords& words, std::size_t open,
                                     std::size_t after) {
  std::vector<Branch> branches;
  bool inside = false, complete = false;
  for (std::size_t i = open; i + 1 < after; ++i) {
    if (!words[i].directive) {
      if (!inside) continue;
      Branch& last = branches.back();
      if (last.end == 0) last.begin = i;
      last.end = i + 1;
    } else if (words[i].is("#")) {
      const std::string_view name = words[i + 1].text;
      if (name.starts_with("if") != branches.empty()) return {};
      inside = name != "endif";
      complete = complete || name == "else";
      if (inside) branches.emplace_back();
    }
  }
  const bool whole =
      complete && !inside &&
      std::all_of(branches.begin(), branches.end(), [](const Branch& one) { return one.end != 0; });
  return whole ? branches : std::vector<Branch>{};
}

}  // namespace

std::vector<RewrittenAsm> asm_in_cpp(const SourceWords& words, std::size_t begin, std::size_t open,
                                     std::size_t after, std::string_view source) {
  const bool in_macro = words[open].directive;
  const std::vector<Branch> branches =
      in_macro ? std::vector<Branch>{} : branches_between(words, open, after);
  if (branches.empty()) return {{begin, after, in_cpp(parse_asm(words, open, after, source))}};

  std::vector<RewrittenAsm> rewritten;
  for (const Branch& branch : branches) {
    SourceWords read;
    for (std::size_t i = open; i < after; ++i) {
      const bool of_another =
          !branch.holds(i) && std::any_of(branches.begin(), branches.end(),
                                          [i](const Branch& one) { return one.holds(i); });
      if (!words[i].directive && !of_another) read.push_back(words[i]);
    }
    rewritten.push_back(
        {branch.begin, branch.end, in_cpp(parse_asm(read, 0, read.size(), source))});
  }
  // The rest goes, up to the #if and behind its #endif.
  std::size_t first = open, behind = after;
  while (!words[first].directive) ++first;
  while (!words[behind - 1].directive) --behind;
  rewritten.push_back({begin, first, ""});
  rewritten.push_back({behind, after, ""});
  return rewritten;
}

}  // namespace evotune::cpu
