#include "exporter/to_cpp.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/process.h"
#include "base/rng.h"

namespace evotune {
namespace {

std::string dotless(const std::string& name) {
  std::string out = name;
  std::replace(out.begin(), out.end(), '.', '_');
  return out;
}

std::string printed(const std::string& text) {
  const auto parsed = Expression::parse(text);
  EXPECT_TRUE(parsed) << text;
  return to_cpp(*parsed, dotless).value_or("nothing");
}

TEST(ToCpp, SaysInCppWhatPythonSays) {
  EXPECT_EQ(printed("ceil_div(N, BN)"), "ceil_div(N, BN)");
  EXPECT_EQ(printed("(BM // TM) * (BN // TN)"), "floor_div(BM, TM) * floor_div(BN, TN)");
  EXPECT_EQ(printed("a - (b - c) * -d"), "a - (b - c) * -d");
  EXPECT_EQ(printed("a if b < 3 else c"), "b < std::int64_t{3} ? a : c");
  EXPECT_EQ(printed("a < b <= c"), "a < b && b <= c");
  EXPECT_EQ(printed("x in [a, b] or not y == c"), "(x == a || x == b) || !(y == c)");
  EXPECT_EQ(printed("LAYOUT == 'row'"), "LAYOUT == std::string_view(\"row\")");
  EXPECT_EQ(printed("a or b"), "(a ? a : b)");
  EXPECT_EQ(printed("2 ** -n / device.sms"), "divide(power(std::int64_t{2}, -n), device_sms)");
}

TEST(ToCpp, SaysNothingWhereCppHasNoWord) { EXPECT_EQ(printed("'r' in LAYOUT"), "nothing"); }

// Expressions of whole numbers, reals and truths over a, b, c.
class ExpressionWriter {
 public:
  explicit ExpressionWriter(std::uint64_t seed) : rng_(seed) {}

  std::string number(int depth) {
    if (depth == 0) return pick({"a", "b", "c", "3", "7", "1.5", "0", "12"});
    switch (rng_.below(6)) {
      case 0:
        return "(" + number(depth - 1) + pick({" if "}) + truth(depth - 1) + " else " +
               number(depth - 1) + ")";
      case 1:
        return pick({"min", "max", "ceil_div", "round_up"}) + "(" + number(depth - 1) + ", " +
               number(depth - 1) + ")";
      case 2:
        return pick({"abs", "int", "float", "floor", "ceil", "round"}) + "(" + number(depth - 1) +
               ")";
      case 3:
        return "-" + number(0) + " ** 2";
      case 4:
        return "(" + number(depth - 1) + ")" + pick({" // ", " % ", " / "}) + number(0);
      default:
        return number(depth - 1) + pick({" + ", " - ", " * "}) + number(depth - 1);
    }
  }

 private:
  std::string truth(int depth) {
    if (depth == 0 || rng_.below(2) == 0)
      return number(0) + pick({" < ", " == ", " >= "}) + number(0) + pick({"", " < 9", " != b"});
    return "(" + truth(depth - 1) + pick({" and ", " or "}) + pick({"", "not "}) +
           truth(depth - 1) + pick({"", " or a in [1, b]"}) + ")";
  }

  std::string pick(const std::vector<std::string>& from) { return from[rng_.below(from.size())]; }

  Rng rng_;
};

TEST(ToCpp, ComputesWhatTheLanguageComputes) {
  const Bindings bound = {{"a", std::int64_t{17}}, {"b", std::int64_t{-5}}, {"c", 2.25}};
  std::string program =
      "#include <cmath>\n#include <cstdint>\n#include <cstdio>\n#include <stdexcept>\n"
      "#include <string_view>\n#include <type_traits>\nnamespace arithmetic {\n";
  program += cpp_arithmetic;
  program +=
      "std::int64_t a = 17, b = -5; double c = 2.25; int wrong = 0;\n"
      "void expect(double is, double wanted, const char* text) {\n"
      "  if (std::fabs(is - wanted) <= 1e-12 * std::fabs(wanted)) return;\n"
      "  std::printf(\"%s is %.17g, not %.17g\\n\", text, is, wanted); ++wrong;\n}\n"
      "void run() {\n";
  int compared = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    const std::string text = ExpressionWriter(seed).number(3);
    const auto parsed = Expression::parse(text);
    ASSERT_TRUE(parsed) << text;
    const auto value = evaluate_number(*parsed, bound);
    if (!value) continue;  // a division by zero
    program += fmt::format("expect(static_cast<double>({}), {:.17g}, \"{}\");\n",
                           *to_cpp(*parsed, dotless), *value, text);
    ++compared;
  }
  program += "}\n}\nint main() { arithmetic::run(); return arithmetic::wrong != 0; }\n";
  EXPECT_GT(compared, 75);

  const TemporaryDirectory folder;
  const std::string file = (folder.path() / "program.cpp").string();
  const std::string binary = (folder.path() / "program").string();
  write_file(file, program);
  const auto built =
      run_process({"g++", "-std=c++17", "-Wall", "-Wextra", "-Werror", "-Wno-parentheses",
                   "-Wno-bool-compare", "-Wno-float-equal", "-Wno-tautological-compare",
                   "-Wno-int-in-bool-context", file, "-o", binary});
  ASSERT_EQ(built.exit_code, 0) << built.output;
  const auto ran = run_process({binary});
  EXPECT_EQ(ran.exit_code, 0) << ran.output;
}

}  // namespace
}  // namespace evotune
