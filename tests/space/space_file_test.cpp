#include "space/space_file.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/file.h"
#include "example.h"
#include "space/names.h"
#include "space/options.h"

namespace evotune {
namespace {

const std::string smallest = R"yaml(kernel: {template: copy, entry: copy}
problem: {N: 64}
parameters: {B: [1, 2]}
launch: {grid: N, block: B}
arguments: [{name: y, out: "f32[N]"}]
)yaml";

SpaceFile parse(const std::string& text, const Bindings& overrides = {}) {
  return parse_space_file("spaces/copy.yaml", text, overrides);
}

std::vector<Mistake> mistakes_of(const std::string& text, const Bindings& overrides = {}) {
  try {
    static_cast<void>(parse(text, overrides));
  } catch (const UserError& error) {
    return error.mistakes();
  }
  return {};
}

Value literal(const ParameterDeclaration& parameter, std::size_t i) {
  return std::get<Value>(parameter.values.at(i));
}

const std::int64_t one = 1;

TEST(SpaceFile, EverythingUnsaidHasItsDefault) {
  const SpaceFile file = parse(smallest);
  EXPECT_EQ(file.name, "copy");
  EXPECT_EQ(file.reference.file, "reference.cu");
  EXPECT_EQ(file.reference.entry, "reference");
  EXPECT_FALSE(file.reference.launch);
  EXPECT_FALSE(file.baseline);
  EXPECT_FALSE(file.fitness);
  EXPECT_EQ(file.error_weight, 0.4);
  EXPECT_EQ(file.search.strategy, "evolve");
  EXPECT_EQ(file.measure.min_pairs, 7);
  EXPECT_FALSE(file.stop.evaluations);
  EXPECT_TRUE(file.constraints.empty());
}

TEST(SpaceFile, ASpaceWithoutAProblemHasOneShapeWithoutSizes) {
  const SpaceFile file = parse(R"yaml(kernel: {template: copy, entry: copy}
parameters: {B: [1, 2]}
launch: {grid: 1, block: B}
arguments: [{name: y, out: "f32[64]"}]
)yaml");
  ASSERT_EQ(file.problem.size(), 1U);
  EXPECT_TRUE(file.problem[0].sizes.empty());
}

TEST(SpaceFile, EverySectionIsRead) {
  const SpaceFile file = parse(example_space);
  EXPECT_EQ(file.kernel.entry, "gemm<BM, T>");
  EXPECT_EQ(to_text(file.problem.at(0)), "K=512,M=512,N=512");
  EXPECT_EQ(file.check.size(), 2U);
  EXPECT_EQ(file.held_out.size(), 1U);
  EXPECT_EQ(file.lets.at(1).name, "tile_bytes");
  EXPECT_EQ(file.launch.grid.size(), 2U);
  EXPECT_TRUE(file.launch.shared_bytes);
  EXPECT_EQ(file.reference.entry, "gemm_reference");
  EXPECT_EQ(file.reference.launch->block.size(), 1U);
  EXPECT_EQ(file.presets.at(1).name, "tiled");
  EXPECT_EQ(file.verify.max_abs, 1e-3);
  EXPECT_TRUE(file.verify.reduction);
  EXPECT_EQ(file.gates.size(), 1U);
  EXPECT_EQ(file.metrics.size(), 2U);
  EXPECT_TRUE(file.fitness);
  EXPECT_EQ(file.search.batch, 4);
  EXPECT_EQ(file.search.design, 6);
  EXPECT_EQ(file.search.candidates, 100);
  EXPECT_EQ(file.search.brood, 32);
  EXPECT_EQ(file.stop.evaluations, 240U);
  EXPECT_EQ(file.stop.stagnation, 5);
  EXPECT_EQ(file.measure.max_pairs, 9);
}

TEST(SpaceFile, RacesAreLookedForInFinalistsUnlessItSaysOtherwise) {
  EXPECT_EQ(parse(example_space).verify.races, RaceChecks::finalists);
  const auto with = [](const std::string& word) {
    std::string text = example_space;
    return text.replace(text.find("verify: {"), 9, "verify: {races: " + word + ", ");
  };
  EXPECT_EQ(parse(with("every")).verify.races, RaceChecks::every);
  EXPECT_EQ(parse(with("off")).verify.races, RaceChecks::off);
  EXPECT_THROW((void)parse(with("all")), UserError);
}

TEST(SpaceFile, ParametersAreReadByTheirKinds) {
  const auto parameters = parse(example_space).parameters;
  ASSERT_EQ(parameters.size(), 10U);
  EXPECT_EQ(literal(parameters[2], 3), Value(std::int64_t{8}));
  EXPECT_EQ(parameters[3].values.size(), 3U);
  EXPECT_EQ(literal(parameters[4], 0), Value(std::string("row")));
  EXPECT_EQ(parameters[5].kind, ParameterKind::file);
  EXPECT_EQ(parameters[6].kind, ParameterKind::type);
  EXPECT_TRUE(std::holds_alternative<PlacedExpression>(parameters[7].values[1]));
  EXPECT_EQ(literal(parameters[7], 2), Value(std::int64_t{7}));
  EXPECT_EQ(parameters[8].name, "fast_math");
  EXPECT_EQ(parameters[8].kind, ParameterKind::option);
}

TEST(SpaceFile, AnOptionIsTunedByAListAndFixedByAScalar) {
  const SpaceFile file = parse(example_space);
  EXPECT_EQ(file.fixed_options, (Bindings{{"fmad", true}}));
  EXPECT_EQ(literal(file.parameters[9], 1), Value(std::int64_t{64}));
}

TEST(SpaceFile, ArgumentsAreReadByTheirRoles) {
  const auto arguments = parse(example_space).arguments;
  ASSERT_EQ(arguments.size(), 8U);
  EXPECT_EQ(arguments[0].values.kind, ValuesSpec::Kind::uniform);
  EXPECT_EQ(arguments[1].element, "T");
  EXPECT_EQ(arguments[1].extents.at(1).text(), "max(N, 1)");
  EXPECT_EQ(arguments[2].values.kind, ValuesSpec::Kind::integers);
  EXPECT_EQ(arguments[2].values.high->text(), "N - 1");
  EXPECT_EQ(arguments[3].values.file, "data/table.npy");
  EXPECT_EQ(arguments[5].role, Role::scratch);
  EXPECT_EQ(arguments[6].role, Role::constant);
  EXPECT_EQ(arguments[6].symbol, "filter");
  EXPECT_EQ(arguments[6].name, "filter");
  EXPECT_EQ(arguments[7].role, Role::scalar);
  EXPECT_EQ(arguments[7].value.at(0).text(), "M");
}

TEST(SpaceFile, ScratchMayBeginWithValues) {
  std::string text = example_space;
  const std::string plain = "{name: work, scratch: \"u8[BLOCKS * 4]\"}";
  const std::size_t at = text.find(plain);
  ASSERT_NE(at, text.npos);
  text.replace(at, plain.size(), "{name: work, scratch: \"u8[4]\", values: zeros}");
  const auto arguments = parse(text).arguments;
  EXPECT_EQ(arguments[5].role, Role::filled_scratch);
  EXPECT_EQ(arguments[5].values.kind, ValuesSpec::Kind::zeros);
}

TEST(SpaceFile, AStructureWithoutMembersTakesAByte) {
  const auto arguments =
      parse(
          "kernel: {template: t, entry: f}\nlaunch: {grid: 1, block: 1}\narguments:\n"
          "  - {name: C, out: \"f32[1]\"}\n  - {name: op, struct: []}\n")
          .arguments;
  ASSERT_EQ(arguments.size(), 2U);
  EXPECT_EQ(arguments[1].element, "u8");
  EXPECT_EQ(arguments[1].value.size(), 1U);
}

TEST(SpaceFile, VectorsAndStructuresArePassedByValue) {
  const auto arguments = parse(smallest.substr(0, smallest.find("arguments")) + R"(arguments:
  - {name: y, out: "f32[64]"}
  - {name: size, scalar: i32, value: [N, 2 * N]}
  - {name: origin, scalar: float4, value: [0, 0, 0, N]}
  - {name: p, struct: [{name: n, scalar: i64, value: N}, {name: q, struct: [{name: x, scalar: half2, value: [1, 2]}]}]}
  - {name: r, struct: [{name: s, struct: [{name: z, out: "f32[2 * N]"}]}]}
)")
                             .arguments;
  ASSERT_EQ(arguments.size(), 6U);
  EXPECT_EQ(arguments[5].name, "r.s.z");
  EXPECT_EQ(arguments[5].within, "r");
  EXPECT_EQ(arguments[5].role, Role::out);
  EXPECT_EQ(arguments[1].value.at(1).text(), "2 * N");
  EXPECT_EQ(arguments[1].vector, 0U);
  EXPECT_EQ(arguments[2].element, "f32");
  EXPECT_EQ(arguments[2].vector, 4U);
  EXPECT_EQ(arguments[3].role, Role::scalar);
  EXPECT_EQ(arguments[3].members.at(0).element, "i64");
  const ArgumentSpec& inner = arguments[3].members.at(1).members.at(0);
  EXPECT_EQ(inner.element, "f16");
  EXPECT_EQ(inner.vector, 2U);
  EXPECT_EQ(names_in(arguments[3]), (std::vector<std::string>{"", "i64", "N", "", "f16"}));
}

TEST(SpaceFile, ASizeIsAnExpressionUnlessItIsQuoted) {
  std::string text = smallest;
  text.replace(text.find("{B: [1, 2]}"), 11, "{B: [1, N], W: [\"N\", P]}");
  const auto parameters = parse(text).parameters;
  EXPECT_TRUE(std::holds_alternative<PlacedExpression>(parameters[0].values[1]));
  EXPECT_EQ(literal(parameters[1], 0), Value(std::string("N")));
}

TEST(SpaceFile, SeveralTuningShapesAreAList) {
  std::string text = smallest;
  text.replace(text.find("{N: 64}"), 7, "[{N: 64}, {N: 65}]");
  EXPECT_EQ(parse(text).problem.size(), 2U);
}

TEST(SpaceFile, AnOverrideReplacesTheSizeOfEveryTuningShape) {
  std::string text = smallest;
  text.replace(text.find("{N: 64}"), 7, "[{N: 64, K: 1}, {N: 65, K: 1}, {N: 64, K: 2}]");
  const SpaceFile file = parse(text, {{"N", std::int64_t{4096}}});
  ASSERT_EQ(file.problem.size(), 2U);  // two became equal
  EXPECT_EQ(to_text(file.problem[0]), "K=1,N=4096");
  EXPECT_EQ(to_text(file.problem[1]), "K=2,N=4096");
}

TEST(SpaceFile, AnOverrideOfNoSizeIsRefusedWithASuggestion) {
  const auto mistakes = mistakes_of(example_space, {{"KK", one}});
  ASSERT_EQ(mistakes.size(), 1U);
  EXPECT_EQ(mistakes[0].what, "--problem KK: there is no such size");
  EXPECT_EQ(mistakes[0].hint, "did you mean 'K'?");
  EXPECT_EQ(mistakes_of(smallest, {{"N", 0.5}}).size(), 1U);
  EXPECT_EQ(mistakes_of(smallest, {{"N", std::int64_t{0}}}).size(), 1U);
}

TEST(SpaceFile, NamesAreUsedByExpressionsEntryElementTypesAndOptions) {
  const auto used = names_used(parse(example_space));
  for (const char* name : {"BM", "BN", "TM", "STAGES", "T", "BLOCKS", "fast_math", "threads"})
    EXPECT_TRUE(std::binary_search(used.begin(), used.end(), name)) << name;
  for (const char* name : {"LAYOUT", "SOFTMAX"})  // only their template can tell
    EXPECT_FALSE(std::binary_search(used.begin(), used.end(), name)) << name;
}

TEST(SpaceFile, FitnessMayBeWeighed) {
  const SpaceFile file = parse(smallest + "fitness: {error_weight: 0, error_scale: 1e-2}\n");
  EXPECT_FALSE(file.fitness);
  EXPECT_EQ(file.error_weight, 0);
  EXPECT_EQ(file.error_scale, 1e-2);
  EXPECT_FALSE(parse(smallest + "fitness: default\n").fitness);
}

TEST(SpaceFile, ExpressionsOfABlockScalarAreReadAndPlacedAtItsBeginning) {
  const SpaceFile file = parse(smallest + "constraints:\n  - >-\n    B <= N\n");
  EXPECT_EQ(file.constraints.at(0).expression.text(), "B <= N");
  EXPECT_EQ(file.constraints.at(0).where.line, 7);
}

TEST(SpaceFile, TheHashIsOfTheText) {
  EXPECT_EQ(parse(smallest).hash, parse(smallest).hash);
  EXPECT_NE(parse(smallest).hash, parse(smallest + "\n").hash);
}

TEST(SpaceFile, AMissingFileIsTheUsersMistakeAndWhatIsThereIsSuggested) {
  try {
    static_cast<void>(read_space_file(EVOTUNE_SOURCE_DIR "/search_spaces/gem_f32.yaml"));
    FAIL();
  } catch (const UserError& error) {
    EXPECT_NE(std::string(error.what()).find("no file"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("search_spaces/gemm_f32.yaml'?"), std::string::npos)
        << error.what();
  }
}

TEST(SpaceFile, TheDocumentationsExampleIsValid) {
  const std::string text = read_file(EVOTUNE_SOURCE_DIR "/docs/space-file.md");
  const std::string fence = "```yaml\n";
  const std::size_t begin = text.find(fence) + fence.size();
  EXPECT_NO_THROW(static_cast<void>(parse(text.substr(begin, text.find("```", begin) - begin))));
}

TEST(SpaceFile, TheDocumentationNamesEveryKeyOptionFactAndResult) {
  const std::string text = read_file(EVOTUNE_SOURCE_DIR "/docs/space-file.md");
  std::vector<std::string> names = {"name",
                                    "kernel",
                                    "problem",
                                    "shapes",
                                    "parameters",
                                    "let",
                                    "constraints",
                                    "launch",
                                    "options",
                                    "arguments",
                                    "reference",
                                    "baseline",
                                    "presets",
                                    "verify",
                                    "gates",
                                    "metrics",
                                    "fitness",
                                    "search",
                                    "stop",
                                    "measure",
                                    "powers_of_two",
                                    "range",
                                    "types",
                                    "files",
                                    "template",
                                    "entry",
                                    "check",
                                    "held_out",
                                    "grid",
                                    "block",
                                    "shared_bytes",
                                    "in",
                                    "out",
                                    "inout",
                                    "scratch",
                                    "scalar",
                                    "constant",
                                    "values",
                                    "normal",
                                    "uniform",
                                    "integers",
                                    "one_hot",
                                    "zeros",
                                    "max_abs",
                                    "relative",
                                    "reduction",
                                    "nondeterministic",
                                    "races",
                                    "error_weight",
                                    "error_scale",
                                    "strategy",
                                    "population",
                                    "elite",
                                    "generations",
                                    "batch",
                                    "design",
                                    "candidates",
                                    "brood",
                                    "evaluations",
                                    "minutes",
                                    "target_us",
                                    "stagnation",
                                    "min_pairs",
                                    "max_pairs",
                                    "max_seconds",
                                    "half_width",
                                    "drop_margin"};
  for (const CompilerOption& option : compiler_options()) names.emplace_back(option.name);
  for (const std::string& fact : device_fact_names()) names.push_back(fact);
  for (const std::string& result : outcome_names()) names.push_back(result);
  for (const std::string& name : names)
    EXPECT_NE(text.find("`" + name + "`"), std::string::npos) << name;
}

}  // namespace
}  // namespace evotune
