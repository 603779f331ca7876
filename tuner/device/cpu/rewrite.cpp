#include "device/cpu/rewrite.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/text.h"
#include "device/cpu/ptx.h"
#include "device/cpu/shim_files.h"
#include "device/cpu/source_words.h"

namespace evotune::cpu {
namespace {

struct Edit {
  std::size_t begin = 0, end = 0;
  std::string text;
};

/// A declaration `extern … __shared__ … T name[]…[N];` taken apart.
struct DynamicShared {
  std::string type;  ///< "volatile float"
  std::string_view name;
  std::string rest;  ///< the extents after the first: "[N]"
};

/// The declaration in [first, last), its `;` at last. Nothing if it is not of that form.
std::optional<DynamicShared> parse_dynamic_shared(const SourceWords& words, std::size_t first,
                                                  std::size_t last, std::string_view source) {
  DynamicShared found;
  bool shared = words[first].is("__shared__");
  std::size_t i = first + 1;
  for (; i < last && !words[i].is("["); ++i) {
    const SourceWord& word = words[i];
    const bool aligns = word.is("__align__") || word.is("alignas") || word.is("__attribute__") ||
                        word.is("__builtin_align__");
    if (word.is("__shared__")) {
      shared = true;
    } else if (word.is("extern")) {
      continue;
    } else if (aligns && i + 1 < last && words[i + 1].is("(")) {
      i = after_brackets(words, i + 1) - 1;
    } else if (i + 1 < last && words[i + 1].is("[") && word.kind == CodeTokenKind::identifier) {
      found.name = word.text;
    } else {
      if (!found.type.empty() && end_of(words[i - 1]) != word.offset) found.type += ' ';
      found.type += word.text;
    }
  }
  while (i < last && !words[i].is("]")) ++i;  // the first extent says nothing
  if (!shared || found.name.empty() || found.type.empty() || i >= last) return std::nullopt;
  const std::size_t rest = end_of(words[i]);
  found.rest = trim(source.substr(rest, words[last].offset - rest));
  return found;
}

std::string declare(const DynamicShared& shared, bool inside) {
  const std::string_view where =
      inside ? "evotune_dynamic_shared()" : "evotune_dynamic_shared_at_load()";
  const std::string_view storage = inside ? "" : "static ";
  return shared.rest.empty()
             ? fmt::format("{}{}* {} = ({}*){}", storage, shared.type, shared.name, shared.type,
                           where)
             : fmt::format("{}{} (*{}){} = ({} (*){}){}", storage, shared.type, shared.name,
                           shared.rest, shared.type, shared.rest, where);
}

bool of_cuda(std::string_view header) {
  for (const char* folder : {"thrust/", "cub/", "cuda/", "nv/", "crt/", "cooperative_groups/",
                             "ATen/", "torch/", "c10/", "cutlass/", "cute/"})
    if (header.starts_with(folder)) return true;
  return (header.starts_with("cu") || header.starts_with("sm_") || header.starts_with("texture_") ||
          header.starts_with("surface_")) &&
         header.ends_with(".h") && header != "curses.h";
}

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

class Rewriter {
 public:
  explicit Rewriter(std::string_view source)
      : source_(source), words_(source_words(source)), in_function_(in_function(words_)) {}

  std::string rewritten() {
    for (std::size_t i = 0; i < words_.size();) i = step(i);
    return applied();
  }

 private:
  /// Returns the index of the next word to look at.
  std::size_t step(std::size_t i) {
    const SourceWord& word = words_[i];
    if (word.is("include") && word.directive) include(i);
    if (word.is("extern") && !word.directive) return dynamic_shared(i);
    if (word.is("__shared__") && !word.directive) return static_shared(i);
    if (word.is("__noinline__") && !(i > 0 && words_[i - 1].is("(")))
      replace(i, i + 1, "__attribute__((noinline))");
    if (word.is("asm") || word.is("__asm__") || word.is("__asm")) return inline_ptx(i);
    if (adjacent(i, "<<<")) {
      replace(i, i + 3, " evotune_refused_kernel_launch ");
      return i + 3;
    }
    return i + 1;
  }

  /// A header of CUDA's that the shim has not must not be found in a toolkit beside the compiler:
  /// its name is changed into one that no one has, and explain_compile_errors changes it back.
  void include(std::size_t i) {
    const std::string_view name = included_header(source_, words_, i);
    if (of_cuda(name) && !in_shim(name)) replace(i + 1, i + 2, fmt::format("<{}", refused_folder));
  }

  std::size_t dynamic_shared(std::size_t i) {
    std::size_t last = i;
    while (last < words_.size() && !words_[last].is(";") && !words_[last].is("{")) ++last;
    if (last == words_.size() || !words_[last].is(";")) return i + 1;
    const auto shared = parse_dynamic_shared(words_, i, last, source_);
    if (!shared) return i + 1;
    replace(i, last, declare(*shared, in_function_[i]));
    return last;
  }

  /// `asm volatile("…" : outputs : inputs : clobbers)` becomes C++.
  std::size_t inline_ptx(std::size_t i) {
    std::size_t open = i + 1;
    while (open < words_.size() && words_[open].kind == CodeTokenKind::identifier) ++open;
    if (open >= words_.size() || !words_[open].is("(")) return i + 1;
    const std::size_t after = after_brackets(words_, open);
    const AsmText found = parse_asm(words_, open, after, source_);
    replace(i, after,
            found.readable ? translate_ptx(found.text, found.operands)
                           : "static_assert(false, \"inline PTX whose text macros put together is "
                             "not supported by the CPU device\")");
    return after;
  }

  /// `static` before or after is said twice; alignas must come first.
  std::size_t static_shared(std::size_t i) {
    if (i + 1 < words_.size() && words_[i + 1].is("extern")) return dynamic_shared(i);
    if (i > 0 && words_[i - 1].is("static")) replace(i - 1, i, "");
    if (i + 1 >= words_.size()) return i + 1;
    if (words_[i + 1].is("static")) {
      replace(i + 1, i + 2, "");
      return i + 2;
    }
    if (!words_[i + 1].is("alignas")) return i + 1;
    const std::size_t after = after_brackets(words_, i + 1);
    const std::size_t begin = words_[i + 1].offset;
    replace(i, after,
            std::string(source_.substr(begin, end_of(words_[after - 1]) - begin)) + " __shared__");
    return after;
  }

  [[nodiscard]] bool adjacent(std::size_t i, std::string_view characters) const {
    if (i + characters.size() > words_.size()) return false;
    return source_.substr(words_[i].offset, characters.size()) == characters &&
           words_[i].kind == CodeTokenKind::punctuation;
  }

  /// The words [first, last), keeping the line breaks between them.
  void replace(std::size_t first, std::size_t last, std::string text) {
    const std::size_t begin = words_[first].offset, end = end_of(words_[last - 1]);
    const std::string_view old = source_.substr(begin, end - begin);
    const auto breaks =
        std::count(old.begin(), old.end(), '\n') - std::count(text.begin(), text.end(), '\n');
    for (std::ptrdiff_t i = 0; i < breaks; ++i) text += words_[first].directive ? "\\\n" : "\n";
    edits_.push_back({begin, end, std::move(text)});
  }

  [[nodiscard]] std::string applied() const {
    std::string result;
    std::size_t at = 0;
    for (const Edit& edit : edits_) {
      result.append(source_, at, edit.begin - at);
      result += edit.text;
      at = edit.end;
    }
    return result.append(source_, at);
  }

  std::string_view source_;
  SourceWords words_;
  std::vector<bool> in_function_;
  std::vector<Edit> edits_;
};

}  // namespace

std::string rewrite_for_host(std::string_view source) { return Rewriter(source).rewritten(); }

}  // namespace evotune::cpu
