#include "device/cpu/rewrite.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "device/cpu/lexer.h"

namespace evotune::cpu {
namespace {

using Tokens = std::vector<Token>;

struct Edit {
  std::size_t begin = 0, end = 0;
  std::string text;
};

std::size_t end_of(const Token& token) { return token.offset + token.text.size(); }

/// The index after the bracket that closes the one at `open`, or the end of the tokens.
std::size_t after_brackets(const Tokens& tokens, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < tokens.size(); ++i) {
    if (tokens[i].is("(")) ++depth;
    if (tokens[i].is(")") && --depth == 0) return i + 1;
  }
  return tokens.size();
}

/// For each token: whether it stands in a function. A brace that follows `namespace x` or
/// `extern "C"` opens no function; any other one is taken to.
std::vector<bool> in_function(const Tokens& tokens) {
  std::vector<bool> answer(tokens.size());
  std::vector<bool> braces;  // of functions?
  std::size_t begin = 0;     // of the declaration that is being read
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool inside = std::find(braces.begin(), braces.end(), true) != braces.end();
    answer[i] = inside;
    if (tokens[i].directive) {
      if (begin == i) begin = i + 1;
      continue;
    }
    if (tokens[i].is("{")) {
      const bool linkage = i == begin + 2 && tokens[begin].is("extern");
      const bool space = i > begin && (tokens[begin].is("namespace") || tokens[begin].is("inline"));
      braces.push_back(!(linkage || (space && !tokens[i - 1].is(")"))));
    }
    if (tokens[i].is("}") && !braces.empty()) braces.pop_back();
    if (tokens[i].is("{") || tokens[i].is("}") || tokens[i].is(";")) begin = i + 1;
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
std::optional<DynamicShared> parse_dynamic_shared(const Tokens& tokens, std::size_t first,
                                                  std::size_t last, std::string_view source) {
  DynamicShared found;
  bool shared = false;
  std::size_t i = first + 1;
  for (; i < last && !tokens[i].is("["); ++i) {
    const Token& token = tokens[i];
    const bool aligns = token.is("__align__") || token.is("alignas") || token.is("__attribute__") ||
                        token.is("__builtin_align__");
    if (token.is("__shared__")) {
      shared = true;
    } else if (aligns && i + 1 < last && tokens[i + 1].is("(")) {
      i = after_brackets(tokens, i + 1) - 1;
    } else if (i + 1 < last && tokens[i + 1].is("[") && token.kind == Token::Kind::identifier) {
      found.name = token.text;
    } else {
      if (!found.type.empty() && end_of(tokens[i - 1]) != token.offset) found.type += ' ';
      found.type += token.text;
    }
  }
  if (!shared || found.name.empty() || found.type.empty() || i + 1 >= last ||
      !tokens[i + 1].is("]"))
    return std::nullopt;
  const std::size_t rest = end_of(tokens[i + 1]);
  found.rest = source.substr(rest, tokens[last].offset - rest);
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
      : source_(source), tokens_(tokenize(source)), in_function_(in_function(tokens_)) {}

  std::string rewritten() {
    for (std::size_t i = 0; i < tokens_.size();) i = step(i);
    return applied();
  }

 private:
  /// Returns the index of the next token to look at.
  std::size_t step(std::size_t i) {
    const Token& token = tokens_[i];
    if (token.is("extern") && !token.directive) return dynamic_shared(i);
    if (token.is("__shared__") && !token.directive) return static_shared(i);
    if (token.is("__noinline__") && !(i > 0 && tokens_[i - 1].is("(")))
      replace(i, i + 1, "__attribute__((noinline))");
    if (token.is("asm") || token.is("__asm__") || token.is("__asm"))
      replace(i, i + 1, "evotune_refused_inline_ptx");
    if (adjacent(i, "<<<")) {
      replace(i, i + 3, " evotune_refused_kernel_launch ");
      return i + 3;
    }
    return i + 1;
  }

  std::size_t dynamic_shared(std::size_t i) {
    std::size_t last = i;
    while (last < tokens_.size() && !tokens_[last].is(";") && !tokens_[last].is("{")) ++last;
    if (last == tokens_.size() || !tokens_[last].is(";")) return i + 1;
    const auto shared = parse_dynamic_shared(tokens_, i, last, source_);
    if (!shared) return i + 1;
    replace(i, last, declare(*shared, in_function_[i]));
    return last;
  }

  /// `static` before or after is said twice; alignas must come first.
  std::size_t static_shared(std::size_t i) {
    if (i > 0 && tokens_[i - 1].is("static")) replace(i - 1, i, "");
    if (i + 1 >= tokens_.size()) return i + 1;
    if (tokens_[i + 1].is("static")) {
      replace(i + 1, i + 2, "");
      return i + 2;
    }
    if (!tokens_[i + 1].is("alignas")) return i + 1;
    const std::size_t after = after_brackets(tokens_, i + 1);
    const std::size_t begin = tokens_[i + 1].offset;
    replace(i, after,
            std::string(source_.substr(begin, end_of(tokens_[after - 1]) - begin)) + " __shared__");
    return after;
  }

  [[nodiscard]] bool adjacent(std::size_t i, std::string_view characters) const {
    if (i + characters.size() > tokens_.size()) return false;
    return source_.substr(tokens_[i].offset, characters.size()) == characters &&
           tokens_[i].kind == Token::Kind::punctuation;
  }

  /// The tokens [first, last), keeping the line breaks between them.
  void replace(std::size_t first, std::size_t last, std::string text) {
    const std::size_t begin = tokens_[first].offset, end = end_of(tokens_[last - 1]);
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
  Tokens tokens_;
  std::vector<bool> in_function_;
  std::vector<Edit> edits_;
};

}  // namespace

std::string rewrite_for_host(std::string_view source) { return Rewriter(source).rewritten(); }

}  // namespace evotune::cpu
