// Prints an expression's tree as C++, with no more brackets than it needs.
#include "exporter/to_cpp.h"

#include <fmt/format.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "base/text.h"
#include "expr/syntax.h"

namespace evotune {
namespace {

// How tightly a piece of C++ holds together: what it must be put in brackets for.
enum class Hold : std::uint8_t { choice, any, all, comparison, sum, product, unary, primary };

struct Piece {
  std::string text;
  Hold hold = Hold::primary;
  bool is_bool = false;
};

std::string within(const Piece& piece, Hold needed) {
  return piece.hold < needed ? "(" + piece.text + ")" : piece.text;
}

// What an operator is called in cpp_arithmetic; empty for those that C++ has itself.
std::string_view function_of(Operator op) {
  switch (op) {
    case Operator::divide:
      return "divide";
    case Operator::floor_divide:
      return "floor_div";
    case Operator::remainder:
      return "floor_mod";
    case Operator::power:
      return "power";
    case Operator::to_integer:
      return "to_integer";
    case Operator::to_real:
      return "double";
    case Operator::minimum:
    case Operator::maximum:
    case Operator::ceil_div:
    case Operator::round_up:
    case Operator::absolute:
    case Operator::log2:
    case Operator::sqrt:
    case Operator::floor:
    case Operator::ceil:
    case Operator::round:
      return spelling(op);
    default:
      return {};
  }
}

class Printer {
 public:
  Printer(const Syntax& syntax, const Spelling& spelling) : syntax_(syntax), spelling_(spelling) {}

  Piece print(std::uint32_t index) const {
    const Node& node = syntax_.nodes[index];
    switch (node.form) {
      case Form::constant:
        return constant(node.constant);
      case Form::name:
        return {spelling_(syntax_.names[node.name].text)};
      case Form::unary:
        return unary(node);
      case Form::fold:
        return fold(node);
      case Form::comparison:
        return comparison(node);
      case Form::all:
        return joined(node, " && ", Hold::all, "({0} ? {1} : {0})");
      case Form::any:
        return joined(node, " || ", Hold::any, "({0} ? {0} : {1})");
      case Form::choice:
        return choice(node);
      case Form::list:
        break;
    }
    return {};  // a list stands only after `in`, which prints it
  }

 private:
  static Piece constant(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value))
      return {fmt::format("std::string_view(\"{}\")", *text)};
    if (const auto* truth = std::get_if<bool>(&value))
      return {*truth ? "true" : "false", Hold::primary, true};
    if (const auto* whole = std::get_if<std::int64_t>(&value))
      // Of the width that the language computes in; the least one has no literal.
      return {*whole == INT64_MIN ? "INT64_MIN" : fmt::format("std::int64_t{{{}}}", *whole)};
    return {to_text(value)};
  }

  Piece unary(const Node& node) const {
    const Piece inner = print(node.children.front().node);
    if (node.op == Operator::negation)
      return {"!" + within(inner, Hold::primary), Hold::unary, true};
    if (node.op == Operator::negate) return {"-" + within(inner, Hold::primary), Hold::unary};
    if (node.op == Operator::plus) return {"+" + within(inner, Hold::primary), Hold::unary};
    return {fmt::format("{}({})", function_of(node.op), inner.text)};
  }

  Piece fold(const Node& node) const {
    Piece left = print(node.children.front().node);
    for (std::size_t i = 1; i < node.children.size(); ++i) {
      const Operator op = node.children[i].joined_by;
      const Piece right = print(node.children[i].node);
      const Hold hold = op == Operator::multiply ? Hold::product : Hold::sum;
      const Hold beyond = op == Operator::multiply ? Hold::unary : Hold::product;
      if (const std::string_view function = function_of(op); !function.empty())
        left = {fmt::format("{}({}, {})", function, left.text, right.text)};
      else
        left = {fmt::format("{} {} {}", within(left, hold), spelling(op), within(right, beyond)),
                hold};
    }
    return left;
  }

  Piece comparison(const Node& node) const {
    std::vector<std::string> pairs;
    for (std::size_t i = 1; i < node.children.size(); ++i) {
      const Operator op = node.children[i].joined_by;
      const std::string left = within(print(node.children[i - 1].node), Hold::sum);
      if (op == Operator::in || op == Operator::not_in)
        pairs.push_back(membership(left, node.children[i]));
      else
        pairs.push_back(fmt::format("{} {} {}", left, spelling(op),
                                    within(print(node.children[i].node), Hold::sum)));
    }
    return {join(pairs, " && "), pairs.size() == 1 ? Hold::comparison : Hold::all, true};
  }

  std::string membership(const std::string& item, const Child& list) const {
    std::vector<std::string> equals;
    for (const Child& element : syntax_.nodes[list.node].children)
      equals.push_back(item + " == " + within(print(element.node), Hold::sum));
    return fmt::format("{}({})", list.joined_by == Operator::not_in ? "!" : "",
                       equals.empty() ? "false" : join(equals, " || "));
  }

  // `and` and `or` give one of their operands; only of truths is that what && and || give.
  Piece joined(const Node& node, std::string_view word, Hold hold,
               std::string_view selecting) const {
    Piece left = print(node.children.front().node);
    for (std::size_t i = 1; i < node.children.size(); ++i) {
      const Piece right = print(node.children[i].node);
      const std::string first = within(left, left.hold == hold ? hold : Hold::comparison);
      const std::string second = within(right, Hold::comparison);
      if (left.is_bool && right.is_bool)
        left = {first + std::string(word) + second, hold, true};
      else
        left = {fmt::format(fmt::runtime(selecting), first, second)};
    }
    return left;
  }

  Piece choice(const Node& node) const {
    const Piece condition = print(node.children[0].node);
    const Piece yes = print(node.children[1].node);
    const Piece no = print(node.children[2].node);
    return {fmt::format("{} ? {} : {}", within(condition, Hold::any), within(yes, Hold::any),
                        within(no, Hold::choice)),
            Hold::choice, yes.is_bool && no.is_bool};
  }

  const Syntax& syntax_;
  const Spelling& spelling_;
};

// `in` a string searches it, which C++ has no operator for.
bool searches_strings(const Syntax& syntax) {
  for (const Node& node : syntax.nodes)
    for (const Child& child : node.children)
      if (node.form == Form::comparison &&
          (child.joined_by == Operator::in || child.joined_by == Operator::not_in) &&
          syntax.nodes[child.node].form != Form::list)
        return true;
  return false;
}

}  // namespace

std::optional<std::string> to_cpp(const Expression& expression, const Spelling& spelling) {
  const Syntax syntax = parse_syntax(expression.text());
  if (searches_strings(syntax)) return std::nullopt;
  return Printer(syntax, spelling).print(syntax.root).text;
}

const std::string_view cpp_arithmetic =
    R"text(// Python's arithmetic: division rounds down, / gives a double.
template <typename A, typename B>
auto floor_div(A a, B b) {
  if (b == 0) throw std::domain_error("division by zero");
  if constexpr (std::is_floating_point_v<A> || std::is_floating_point_v<B>) {
    return std::floor(static_cast<double>(a) / static_cast<double>(b));
  } else {
    const std::int64_t x = a, y = b;
    return x / y - ((x % y != 0 && (x < 0) != (y < 0)) ? 1 : 0);
  }
}
template <typename A, typename B>
auto floor_mod(A a, B b) {
  return a - b * floor_div(a, b);
}
template <typename A, typename B>
double divide(A a, B b) {
  if (b == 0) throw std::domain_error("division by zero");
  return static_cast<double>(a) / static_cast<double>(b);
}
template <typename A, typename B>
auto ceil_div(A a, B b) {
  return -floor_div(-a, b);
}
template <typename A, typename B>
auto round_up(A a, B b) {
  return ceil_div(a, b) * b;
}
template <typename A, typename B>
auto power(A a, B b) {
  if constexpr (std::is_floating_point_v<A> || std::is_floating_point_v<B>) {
    return std::pow(static_cast<double>(a), static_cast<double>(b));
  } else {
    if (b < 0) throw std::domain_error("a negative power of a whole number");
    std::int64_t result = 1;
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(b); ++i) result *= a;
    return result;
  }
}
template <typename A>
A abs(A a) {
  return a < 0 ? -a : a;
}
template <typename A, typename B>
auto min(A a, B b) {
  return b < a ? b : a;
}
template <typename A, typename B>
auto max(A a, B b) {
  return a < b ? b : a;
}
template <typename A, typename B, typename... More>
auto min(A a, B b, More... more) {
  return min(min(a, b), more...);
}
template <typename A, typename B, typename... More>
auto max(A a, B b, More... more) {
  return max(max(a, b), more...);
}
template <typename A>
std::int64_t to_integer(A a) {
  return static_cast<std::int64_t>(a);
}
template <typename A>
std::int64_t floor(A a) {
  return to_integer(std::floor(static_cast<double>(a)));
}
template <typename A>
std::int64_t ceil(A a) {
  return to_integer(std::ceil(static_cast<double>(a)));
}
template <typename A>
std::int64_t round(A a) {
  return to_integer(std::nearbyint(static_cast<double>(a)));
}
template <typename A>
double log2(A a) {
  return std::log2(static_cast<double>(a));
}
template <typename A>
double sqrt(A a) {
  return std::sqrt(static_cast<double>(a));
}
)text";

}  // namespace evotune
