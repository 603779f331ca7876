// Our meaning is Python's: the same expressions are given to a python3.
#include <gtest/gtest.h>

#include <bit>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "expr/expression.h"
#include "random_expression.h"

namespace evotune {
namespace {

std::string python_literal(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return "'" + *text + "'";
  if (const auto* boolean = std::get_if<bool>(&value)) return *boolean ? "True" : "False";
  return to_text(value);
}

std::vector<std::string> answers_of(const std::string& python,
                                    const std::vector<std::string>& expressions) {
  const TemporaryDirectory folder;
  std::string names;
  for (const auto& [name, value] : random_bindings()) {
    names += name + " = " + python_literal(value) + "\n";
  }
  write_file(folder.path() / "names", names);
  write_file(folder.path() / "expressions", join(expressions, "\n") + "\n");
  const ProcessLimits limits{60, std::size_t{16} << 20};
  const ProcessResult result =
      run_process({python, "-W", "ignore", EVOTUNE_SOURCE_DIR "/tests/expr/python_oracle.py",
                   folder.path() / "names", folder.path() / "expressions"},
                  limits);
  EXPECT_EQ(result.exit_code, 0) << result.output;
  return split_lines(result.output);
}

// "int 3", as the oracle says it; "error" without the reason, which is each one's own.
std::string answer_to(const std::string& text) {
  const auto expression = Expression::parse(text);
  if (!expression) return "error";
  const auto value = expression->evaluate(random_bindings());
  if (!value) return "error";
  constexpr const char* types[] = {"int ", "float ", "bool ", "str "};
  return types[value->index()] + python_literal(*value);
}

bool agree(const std::string& ours, const std::string& pythons) {
  if (ours == "error" || pythons.starts_with("error")) {
    return ours == "error" && pythons.starts_with("error");
  }
  if (!ours.starts_with("float ") || !pythons.starts_with("float ")) return ours == pythons;
  const auto bits = [](const std::string& text) {
    return std::bit_cast<std::uint64_t>(std::strtod(text.c_str() + 6, nullptr));
  };
  return bits(ours) == bits(pythons);
}

// Lists are values in Python; here they only stand after `in`.
bool refused_by_choice(const std::string& text) {
  const auto expression = Expression::parse(text);
  return !expression && expression.error().message.find("a list may only") != std::string::npos;
}

TEST(ExpressionsAndPython, AgreeOnTheValueAndTheTypeOfRandomExpressions) {
  const auto python = find_program("python3");
  if (!python) GTEST_SKIP() << "no python3 on PATH: the differential test needs it";
  std::vector<std::string> expressions;
  for (std::uint64_t index = 0; index < 6000; ++index) {
    Rng rng(20240, 0, index);
    expressions.push_back(random_expression(rng, 1 + static_cast<int>(rng.below(6))));
  }
  const std::vector<std::string> answers = answers_of(*python, expressions);
  ASSERT_EQ(answers.size(), expressions.size());
  std::size_t valued = 0;
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    if (refused_by_choice(expressions[i])) continue;
    const std::string ours = answer_to(expressions[i]);
    valued += ours == "error" ? 0U : 1U;
    EXPECT_TRUE(agree(ours, answers[i]))
        << expressions[i] << "\nours:   " << ours << "\npython: " << answers[i];
  }
  EXPECT_GT(valued, expressions.size() / 3) << "too few of the random expressions have a value";
}

}  // namespace
}  // namespace evotune
