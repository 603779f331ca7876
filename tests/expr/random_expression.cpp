#include "random_expression.h"

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace evotune {
namespace {

constexpr std::string_view leaves[] = {
    "a", "a", "b", "b", "c",   "d",   "e",     "f",       "s",     "t",   "p",   "q",
    "m", "n", "0", "1", "2",   "7",   "64",    "0.5",     "2.0",   "-3",  "1e3", "0x10",
    "3", "5", "8", "9", "2.5", "1e9", "'row'", "\"col\"", "False", "True"};
constexpr std::string_view infixes[] = {"+",  "-",  "*",   "+",  "-",   "*",  "//",
                                        "%",  "/",  "<",   "<=", "==",  "!=", ">",
                                        ">=", "in", "and", "or", "and", "or", "not in"};
constexpr std::string_view unary_functions[] = {"abs",   "log2",  "sqrt", "int",
                                                "float", "floor", "ceil", "round"};
constexpr std::string_view binary_functions[] = {"min", "max", "ceil_div", "round_up"};
constexpr std::string_view exponents[] = {"0", "1", "2", "3", "6", "-1", "-2", "0.5", "-0.5"};
constexpr std::string_view prefixes[] = {"-", "+", "not ", "- -"};

std::string pick(Rng& rng, std::span<const std::string_view> from) {
  return std::string(from[rng.below(from.size())]);
}

std::string perhaps_bracketed(Rng& rng, std::string text) {
  return rng.below(5) < 2 ? "(" + text + ")" : text;
}

std::string list(Rng& rng, int depth) {
  std::string text;
  for (std::uint64_t left = rng.below(4); left > 0; --left) {
    text += random_expression(rng, depth - 1) + ", ";
  }
  return rng.below(4) == 0 && text.size() > 2 ? "(" + text + ")" : "[" + text + "]";
}

}  // namespace

const Bindings& random_bindings() {
  static const Bindings bindings = {{"a", std::int64_t{3}},
                                    {"b", std::int64_t{-7}},
                                    {"c", std::int64_t{0}},
                                    {"d", 2.5},
                                    {"e", -0.75},
                                    {"f", 0.0},
                                    {"s", std::string("row")},
                                    {"t", std::string("o")},
                                    {"p", true},
                                    {"q", false},
                                    {"m", std::numeric_limits<std::int64_t>::max()},
                                    {"n", std::numeric_limits<std::int64_t>::min()}};
  return bindings;
}

std::string random_expression(Rng& rng, int depth) {
  if (depth <= 0 || rng.below(12) == 0) return pick(rng, leaves);
  const auto next = [&] { return random_expression(rng, depth - 1); };
  switch (rng.below(14)) {
    case 0:
      return pick(rng, prefixes) + next();
    case 1: {
      const std::string base = next();
      return "(" + base + ") ** " + pick(rng, exponents);
    }
    case 2:
      return pick(rng, unary_functions) + "(" + next() + ")";
    case 3: {
      const std::string left = next();
      return pick(rng, binary_functions) + "(" + left + ", " + next() + ")";
    }
    case 4: {
      const std::string wanted = next();
      return wanted + (rng.below(2) == 0 ? " in " : " not in ") + list(rng, depth);
    }
    case 5: {
      const std::string then = next();
      const std::string condition = next();
      return perhaps_bracketed(rng, then + " if " + condition + " else " + next());
    }
    default: {
      const std::string left = next();
      const std::string infix = pick(rng, infixes);
      return perhaps_bracketed(rng, left + " " + infix + " " + next());
    }
  }
}

}  // namespace evotune
