// Reads `#if` conditions as a preprocessor does, in three-valued logic: what asks about a macro
// that is not known stays undecided, and `0 && undecided` is false all the same.
// 1. The tokens are expanded: known object-like macros, `defined`, true and false.
// 2. The expansion is parsed and computed at once, in 64 bits, signed or unsigned.
#include "exporter/condition.h"

#include <cerrno>
#include <cstdlib>
#include <limits>
#include <set>
#include <vector>

#include "exporter/preprocessor_tokens.h"

namespace evotune {
namespace {

using Token = ConditionToken;
using Tokens = std::vector<Token>;
using Kind = Token::Kind;

bool is_op(const Token& token, std::string_view text) {
  return token.kind == Kind::op && token.text == text;
}

// Step 1. Gives up (nullopt) wherever the expansion depends on something that is not known and
// could be more than one operand.
class Expansion {
 public:
  explicit Expansion(const Macros& macros) : macros_(macros) {}

  std::optional<Tokens> of(std::string_view text) {
    if (!append(text) || out_.size() > most_tokens) return std::nullopt;
    return std::move(out_);
  }

 private:
  static constexpr std::size_t most_tokens = 10000;  // macros of macros grow exponentially
  static constexpr std::size_t deepest = 100;

  bool append(std::string_view text) {
    const auto tokens = condition_tokens(text);
    if (!tokens || hidden_.size() > deepest) return false;
    for (std::size_t i = 0; i < tokens->size(); ++i) {
      if (out_.size() > most_tokens) return false;
      const Token& token = (*tokens)[i];
      if (token.kind != Kind::name) {
        out_.push_back(token);
      } else if (token.text == "defined") {
        if (!append_defined(*tokens, i)) return false;
      } else if (!append_name(token.text)) {
        return false;
      }
    }
    return true;
  }

  // `defined X` or `defined(X)`; leaves `i` on its last token.
  bool append_defined(const Tokens& tokens, std::size_t& i) {
    const bool bracket = i + 1 < tokens.size() && is_op(tokens[i + 1], "(");
    const std::size_t name = i + (bracket ? 2 : 1);
    const std::size_t last = name + (bracket ? 1 : 0);
    if (last >= tokens.size() || tokens[name].kind != Kind::name) return false;
    if (bracket && !is_op(tokens[last], ")")) return false;
    i = last;
    const auto known = macros_.find(tokens[name].text);
    if (known == macros_.end() || known->second.kind == Macro::Kind::unknown)
      out_.push_back({Kind::unknown, tokens[name].text});
    else
      append_number(known->second.kind != Macro::Kind::undefined);
    return true;
  }

  bool append_name(std::string_view name) {
    if (name == "true" || name == "false") return append_number(name == "true");
    if (hidden_.contains(name)) return append_number(false);  // a macro does not expand in itself
    const auto known = macros_.find(name);
    if (known == macros_.end() || known->second.kind == Macro::Kind::unknown) {
      // A compiler's own macro (__CUDA_ARCH__) is one operand; anybody else's may be "0 || 1".
      if (!name.starts_with("__")) return false;
      out_.push_back({Kind::unknown, name});
      return true;
    }
    if (known->second.kind == Macro::Kind::undefined) return append_number(false);
    if (known->second.kind == Macro::Kind::function) return false;
    hidden_.insert(name);
    const bool fine = append(known->second.body);
    hidden_.erase(name);
    return fine;
  }

  bool append_number(bool value) {
    out_.push_back({Kind::number, value ? "1" : "0"});
    return true;
  }

  const Macros& macros_;
  Tokens out_;
  std::set<std::string_view> hidden_;
};

struct Number {
  std::uint64_t bits = 0;
  bool is_unsigned = false;
  std::int64_t as_signed() const { return static_cast<std::int64_t>(bits); }
};
using Operand = std::optional<Number>;  // nullopt: undecided

Number truth_value(bool value) { return {value ? 1U : 0U, false}; }
Operand from_signed(std::int64_t value) { return Number{static_cast<std::uint64_t>(value), false}; }

std::optional<Number> number_from(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c != '\'') digits += c;
  const bool binary = digits.starts_with("0b") || digits.starts_with("0B");
  const char* first = digits.c_str() + (binary ? 2 : 0);
  char* end = nullptr;
  errno = 0;
  const std::uint64_t bits = std::strtoull(first, &end, binary ? 2 : 0);
  if (end == first || errno == ERANGE) return std::nullopt;
  const std::string suffix(end);
  if (suffix.find_first_not_of("uUlL") != std::string::npos || suffix.size() > 3)
    return std::nullopt;
  const bool too_big = bits > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return Number{bits, too_big || suffix.find_first_of("uU") != std::string::npos};
}

Operand compared(std::string_view op, const Number& a, const Number& b) {
  const bool less =
      a.is_unsigned || b.is_unsigned ? a.bits < b.bits : a.as_signed() < b.as_signed();
  const bool equal = a.bits == b.bits;
  if (op == "==") return truth_value(equal);
  if (op == "!=") return truth_value(!equal);
  if (op == "<") return truth_value(less);
  if (op == "<=") return truth_value(less || equal);
  if (op == ">") return truth_value(!less && !equal);
  return truth_value(!less);  // ">="
}

Operand shifted(std::string_view op, const Number& a, const Number& b) {
  const bool sensible = b.bits < 64 && (a.is_unsigned || a.as_signed() >= 0);
  if (!sensible) return std::nullopt;
  if (op == ">>") return Number{a.bits >> b.bits, a.is_unsigned};
  const Number left{a.bits << b.bits, a.is_unsigned};
  if (!a.is_unsigned && (left.as_signed() < 0 || left.bits >> b.bits != a.bits))
    return std::nullopt;
  return left;
}

Operand divided(std::string_view op, const Number& a, const Number& b, bool is_unsigned) {
  if (b.bits == 0) return std::nullopt;
  if (is_unsigned) return Number{op == "/" ? a.bits / b.bits : a.bits % b.bits, true};
  if (b.as_signed() == -1 && a.as_signed() == std::numeric_limits<std::int64_t>::min())
    return std::nullopt;
  return from_signed(op == "/" ? a.as_signed() / b.as_signed() : a.as_signed() % b.as_signed());
}

Operand added(std::string_view op, const Number& a, const Number& b, bool is_unsigned) {
  if (is_unsigned) {
    if (op == "+") return Number{a.bits + b.bits, true};
    return Number{op == "-" ? a.bits - b.bits : a.bits * b.bits, true};
  }
  std::int64_t sum = 0;
  const bool overflows = op == "+"   ? __builtin_add_overflow(a.as_signed(), b.as_signed(), &sum)
                         : op == "-" ? __builtin_sub_overflow(a.as_signed(), b.as_signed(), &sum)
                                     : __builtin_mul_overflow(a.as_signed(), b.as_signed(), &sum);
  return overflows ? Operand{} : from_signed(sum);
}

Operand logical(std::string_view op, const Operand& a, const Operand& b) {
  const bool decides = op == "||";  // the truth that decides whatever the other side is
  for (const Operand& side : {a, b})
    if (side && (side->bits != 0) == decides) return truth_value(decides);
  return a && b ? Operand{truth_value(!decides)} : std::nullopt;
}

Operand computed(std::string_view op, const Operand& a, const Operand& b) {
  if (op == "&&" || op == "||") return logical(op, a, b);
  if (!a || !b) return std::nullopt;
  const bool is_unsigned = a->is_unsigned || b->is_unsigned;
  if (op == "|") return Number{a->bits | b->bits, is_unsigned};
  if (op == "^") return Number{a->bits ^ b->bits, is_unsigned};
  if (op == "&") return Number{a->bits & b->bits, is_unsigned};
  if (op == "<<" || op == ">>") return shifted(op, *a, *b);
  if (op == "/" || op == "%") return divided(op, *a, *b, is_unsigned);
  if (op == "+" || op == "-" || op == "*") return added(op, *a, *b, is_unsigned);
  return compared(op, *a, *b);
}

int precedence(std::string_view op) {
  static const std::map<std::string_view, int> table = {
      {"||", 1}, {"&&", 2}, {"|", 3}, {"^", 4},  {"&", 5},  {"==", 6},
      {"!=", 6}, {"<", 7},  {">", 7}, {"<=", 7}, {">=", 7}, {"<<", 8},
      {">>", 8}, {"+", 9},  {"-", 9}, {"*", 10}, {"/", 10}, {"%", 10}};
  const auto found = table.find(op);
  return found == table.end() ? 0 : found->second;
}

// Step 2.
class Calculation {
 public:
  explicit Calculation(const Tokens& tokens) : tokens_(tokens) {}

  std::optional<bool> run() {
    const Operand value = conditional();
    if (malformed_ || at_ != tokens_.size() || !value) return std::nullopt;
    return value->bits != 0;
  }

 private:
  static constexpr int deepest = 200;

  bool accept(std::string_view op) {
    if (at_ >= tokens_.size() || !is_op(tokens_[at_], op)) return false;
    ++at_;
    return true;
  }

  Operand conditional() {
    const Operand condition = binary(1);
    if (!accept("?")) return condition;
    const Operand yes = nested();
    if (!accept(":")) malformed_ = true;
    const Operand no = nested();
    if (!condition || !yes || !no) return std::nullopt;
    return Number{condition->bits != 0 ? yes->bits : no->bits, yes->is_unsigned || no->is_unsigned};
  }

  Operand binary(int least) {
    Operand left = unary();
    while (!malformed_ && at_ < tokens_.size() && tokens_[at_].kind == Kind::op) {
      const std::string_view op = tokens_[at_].text;
      if (precedence(op) < least) break;
      ++at_;
      const Operand right = binary(precedence(op) + 1);
      left = computed(op, left, right);
    }
    return left;
  }

  Operand unary() {
    std::string signs;
    while (accept("+") || accept("-") || accept("!") || accept("~")) signs += tokens_[at_ - 1].text;
    Operand value = primary();
    for (; value && !signs.empty(); signs.pop_back()) {
      if (signs.back() == '!') value = truth_value(value->bits == 0);
      if (signs.back() == '~') value->bits = ~value->bits;
      if (signs.back() == '-')
        value = added("-", Number{0, value->is_unsigned}, *value, value->is_unsigned);
    }
    return value;
  }

  Operand primary() {
    if (at_ >= tokens_.size()) return refuse();
    const Token& token = tokens_[at_++];
    if (token.kind == Kind::unknown) return std::nullopt;
    if (token.kind == Kind::number) {
      const Operand value = number_from(token.text);
      return value ? value : refuse();
    }
    if (!is_op(token, "(")) return refuse();
    const Operand value = nested();
    return accept(")") ? value : refuse();
  }

  Operand nested() {
    if (++depth_ > deepest) return refuse();
    const Operand value = conditional();
    --depth_;
    return value;
  }

  Operand refuse() {
    malformed_ = true;
    at_ = tokens_.size();
    return std::nullopt;
  }

  const Tokens& tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool malformed_ = false;
};

}  // namespace

std::optional<bool> evaluate_condition(std::string_view condition, const Macros& macros) {
  const auto tokens = Expansion(macros).of(condition);
  if (!tokens) return std::nullopt;
  return Calculation(*tokens).run();
}

}  // namespace evotune
