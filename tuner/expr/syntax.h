#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "expr/operators.h"
#include "expr/value.h"

namespace evotune {

enum class Form : std::uint8_t {
  constant,
  name,
  unary,       ///< one child
  fold,        ///< a + b - c: from the left
  comparison,  ///< a < b <= c: every neighbouring pair
  all,         ///< and
  any,         ///< or
  choice,      ///< condition, then, else
  list,        ///< only as the right side of `in`
};

struct Child {
  std::uint32_t node = 0;
  Operator joined_by = Operator::add;  ///< to the child before it, in a fold or comparison
  std::size_t column = 0;              ///< of that operator
};

struct Node {
  Form form = Form::constant;
  std::size_t column = 0;
  Operator op = Operator::plus;  ///< of a unary
  Value constant;
  std::uint32_t name = 0;  ///< index into Syntax::names
  std::vector<Child> children;
};

struct Name {
  std::string text;
  std::size_t column = 0;  ///< of its first use
};

/// What an expression says. Chains like a + b + c are one node, so the tree is as deep as the
/// nesting of the text and not as its length.
struct Syntax {
  std::vector<Node> nodes;  ///< children before parents
  std::uint32_t root = 0;
  std::vector<Name> names;  ///< in the order of first use
};

inline constexpr std::size_t max_text = 4096;
inline constexpr std::size_t max_depth = 64;

/// Throws ExpressionError.
[[nodiscard]] Syntax parse_syntax(std::string_view text);

}  // namespace evotune
