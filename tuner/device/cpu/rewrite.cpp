#include "device/cpu/rewrite.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/text.h"
#include "kernel/lexer.h"

namespace evotune::cpu {
namespace {

/// A token that means something to the compiler.
struct Word : CodeToken {
  std::size_t offset = 0;  ///< in the source
  bool directive = false;  ///< part of a line that begins with '#'
};
using Words = std::vector<Word>;

Words words_of(std::string_view source) {
  Words words;
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

struct Edit {
  std::size_t begin = 0, end = 0;
  std::string text;
};

std::size_t end_of(const Word& word) { return word.offset + word.text.size(); }

/// The index after the bracket that closes the one at `open`, or the end of the words.
std::size_t after_brackets(const Words& words, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < words.size(); ++i) {
    if (words[i].is("(")) ++depth;
    if (words[i].is(")") && --depth == 0) return i + 1;
  }
  return words.size();
}

/// For each word: whether it stands in a function. A brace that follows `namespace x` or
/// `extern "C"` opens no function; any other one is taken to.
std::vector<bool> in_function(const Words& words) {
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
      const bool space = i > begin && (words[begin].is("namespace") || words[begin].is("inline"));
      braces.push_back(!(linkage || (space && !words[i - 1].is(")"))));
    }
    if (words[i].is("}") && !braces.empty()) braces.pop_back();
    if (words[i].is("{") || words[i].is("}") || words[i].is(";")) begin = i + 1;
  }
  return answer;
}

/// A declaration `extern … __shared__ … T name[]…[N];` taken apart.
struct DynamicShared {
  std::string type;  ///< "volatile float"
  std::string_view name;
  std::string rest;  ///< the extents after the first: "[N]"
};

/// The declaration in [first, last), its `;` at last. Nothing if it is not of that form.
std::optional<DynamicShared> parse_dynamic_shared(const Words& words, std::size_t first,
                                                  std::size_t last, std::string_view source) {
  DynamicShared found;
  bool shared = false;
  std::size_t i = first + 1;
  for (; i < last && !words[i].is("["); ++i) {
    const Word& word = words[i];
    const bool aligns = word.is("__align__") || word.is("alignas") || word.is("__attribute__") ||
                        word.is("__builtin_align__");
    if (word.is("__shared__")) {
      shared = true;
    } else if (aligns && i + 1 < last && words[i + 1].is("(")) {
      i = after_brackets(words, i + 1) - 1;
    } else if (i + 1 < last && words[i + 1].is("[") && word.kind == CodeTokenKind::identifier) {
      found.name = word.text;
    } else {
      if (!found.type.empty() && end_of(words[i - 1]) != word.offset) found.type += ' ';
      found.type += word.text;
    }
  }
  if (!shared || found.name.empty() || found.type.empty() || i + 1 >= last || !words[i + 1].is("]"))
    return std::nullopt;
  const std::size_t rest = end_of(words[i + 1]);
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

class Rewriter {
 public:
  explicit Rewriter(std::string_view source)
      : source_(source), words_(words_of(source)), in_function_(in_function(words_)) {}

  std::string rewritten() {
    for (std::size_t i = 0; i < words_.size();) i = step(i);
    return applied();
  }

 private:
  /// Returns the index of the next word to look at.
  std::size_t step(std::size_t i) {
    const Word& word = words_[i];
    if (word.is("extern") && !word.directive) return dynamic_shared(i);
    if (word.is("__shared__") && !word.directive) return static_shared(i);
    if (word.is("__noinline__") && !(i > 0 && words_[i - 1].is("(")))
      replace(i, i + 1, "__attribute__((noinline))");
    if (word.is("asm") || word.is("__asm__") || word.is("__asm"))
      replace(i, i + 1, "evotune_refused_inline_ptx");
    if (adjacent(i, "<<<")) {
      replace(i, i + 3, " evotune_refused_kernel_launch ");
      return i + 3;
    }
    return i + 1;
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

  /// `static` before or after is said twice; alignas must come first.
  std::size_t static_shared(std::size_t i) {
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
    text.append(static_cast<std::size_t>(std::max<std::ptrdiff_t>(breaks, 0)), '\n');
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
  Words words_;
  std::vector<bool> in_function_;
  std::vector<Edit> edits_;
};

}  // namespace

std::string rewrite_for_host(std::string_view source) { return Rewriter(source).rewritten(); }

}  // namespace evotune::cpu
