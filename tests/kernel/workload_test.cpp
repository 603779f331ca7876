#include "kernel/workload.h"

#include "kernel/structure.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "base/file.h"
#include "npy_bytes.h"

namespace evotune {
namespace {

Expression expression(const std::string& text) { return *Expression::parse(text); }

ArgumentSpec array(const std::string& name, Role role, const std::string& element,
                   const std::vector<std::string>& extents) {
  ArgumentSpec spec;
  spec.name = name;
  spec.role = role;
  spec.element = element;
  for (const std::string& one : extents) spec.extents.push_back(expression(one));
  return spec;
}

ArgumentSpec scalar(const std::string& name, const std::string& element, const std::string& value) {
  ArgumentSpec spec = array(name, Role::scalar, element, {});
  spec.value = {expression(value)};
  return spec;
}

const Bindings sizes{{"M", std::int64_t{6}}, {"K", std::int64_t{4}}, {"T", std::string("half")}};

Result<Workload> made(const std::vector<ArgumentSpec>& specs,
                      const std::vector<InputFlavour>& flavours = {InputFlavour::declared},
                      std::uint64_t seed = 1, const std::string& folder = ".") {
  return make_workload(specs, sizes, flavours, seed, folder);
}

Failure refusal(const std::vector<ArgumentSpec>& specs, const std::string& folder = ".") {
  const Result<Workload> workload = made(specs, {InputFlavour::declared}, 1, folder);
  return workload ? Failure{Stage::infrastructure, "accepted"} : workload.error();
}

bool refused(const ArgumentSpec& spec, const std::string& part, Stage stage = Stage::load,
             const std::string& folder = ".") {
  const Failure failure = refusal({spec}, folder);
  EXPECT_EQ(failure.stage, stage);
  EXPECT_NE(failure.message.find(part), std::string::npos) << failure.message;
  return failure.stage == stage && failure.message.find(part) != std::string::npos;
}

TEST(Workload, SizesComeFromTheShape) {
  const auto workload = made({array("A", Role::in, "f32", {"M", "K"}),
                              array("C", Role::out, "f16", {"M * 2"}), scalar("m", "i32", "M")});
  ASSERT_TRUE(workload);
  EXPECT_EQ(workload->arguments[0].count, 24U);
  EXPECT_EQ(workload->arguments[1].bytes(), 24U);
  EXPECT_EQ(workload->input_sets[0][0].size(), 96U);
  EXPECT_TRUE(workload->input_sets[0][1].empty());
  EXPECT_EQ(as_doubles(workload->input_sets[0][2], ElementType::i32), (std::vector{6.0}));
}

TEST(Workload, ATypeParameterDecidesTheElementType) {
  const auto workload = made({array("A", Role::in, "T", {"M"})});
  ASSERT_TRUE(workload);
  EXPECT_EQ(workload->arguments[0].type, ElementType::f16);
}

TEST(Workload, EveryInputSetHasItsOwnValues) {
  const auto workload =
      made({array("A", Role::in, "f32", {"M"}), array("B", Role::in, "f32", {"M"})},
           {InputFlavour::declared, InputFlavour::declared});
  ASSERT_TRUE(workload);
  EXPECT_NE(workload->input_sets[0][0], workload->input_sets[1][0]);
  EXPECT_NE(workload->input_sets[0][0], workload->input_sets[0][1]);
}

TEST(Workload, TheSameSeedMakesTheSameWorkload) {
  const std::vector<ArgumentSpec> specs{array("A", Role::in, "f32", {"M"})};
  const auto one = made(specs), same = made(specs),
             other = made(specs, {InputFlavour::declared}, 2);
  ASSERT_TRUE(one && same && other);
  EXPECT_EQ(one->id, same->id);
  EXPECT_EQ(one->input_sets, same->input_sets);
  EXPECT_NE(one->id, other->id);
}

TEST(Workload, TheIdNamesOutputsToo) {
  const auto one = made({array("C", Role::out, "f32", {"M"})});
  const auto other = made({array("C", Role::out, "f32", {"K"})});
  ASSERT_TRUE(one && other);
  EXPECT_NE(one->id, other->id);
}

TEST(Workload, AnOneHotSetSelectsRowsOfTheOtherInput) {
  const auto workload =
      made({array("A", Role::in, "f32", {"M", "K"}), array("B", Role::in, "f32", {"K"})},
           {InputFlavour::one_hot});
  ASSERT_TRUE(workload);
  double sum = 0;
  for (const double x : as_doubles(workload->input_sets[0][0], ElementType::f32)) sum += x;
  EXPECT_EQ(sum, 6);  // one in each of the M rows
  for (const double x : as_doubles(workload->input_sets[0][1], ElementType::f32))
    EXPECT_EQ(x, std::round(x));
}

TEST(Workload, AScalarMustFitItsType) {
  EXPECT_TRUE(refused(scalar("m", "i8", "M * 100"), "600 does not fit i8"));
  EXPECT_TRUE(refused(scalar("m", "u32", "-M"), "-6 does not fit u32"));
  EXPECT_TRUE(refused(scalar("m", "i32", "M / 4"), "M / 4"));
  EXPECT_TRUE(refused(scalar("m", "i32", "NOBODY"), "NOBODY"));
}

// {kind: i8, factor: f64, bias: float4, steps: [i32 x 3], inner: {low: f16}}
ArgumentSpec structure() {
  ArgumentSpec bias = scalar("bias", "f32", "0.1"), steps = scalar("steps", "i32", "M");
  bias.vector = 4;
  for (const char* more : {"1", "2", "3"}) bias.value.push_back(expression(more));
  for (const char* more : {"7", "8"}) steps.value.push_back(expression(more));
  ArgumentSpec inner = array("inner", Role::scalar, "", {});
  inner.members = {scalar("low", "f16", "1")};
  ArgumentSpec spec = array("p", Role::scalar, "", {});
  spec.members = {scalar("kind", "i8", "5"), scalar("factor", "f64", "0.5"), bias, steps, inner};
  return spec;
}

template <typename T>
T read(const Buffer& bytes, std::size_t offset) {
  T value{};
  std::memcpy(&value, &bytes.at(offset), sizeof value);
  return value;
}

TEST(Workload, AVectorHasItsComponentsOneBehindTheOther) {
  ArgumentSpec size = scalar("size", "i32", "M");
  size.value.push_back(expression("K"));
  const auto workload = made({size});
  ASSERT_TRUE(workload);
  EXPECT_EQ(workload->arguments[0].bytes(), 8U);
  EXPECT_EQ(as_doubles(workload->input_sets[0][0], ElementType::i32), (std::vector{6.0, 4.0}));
  size.value.push_back(expression("2 ** 31"));
  EXPECT_TRUE(refused(size, "2147483648 does not fit i32"));
}

TEST(Workload, AStructureIsLaidOutAsInC) {
  struct Inner {
    std::uint16_t low;
  };
  struct Mirror {
    char kind;
    double factor;
    alignas(16) float bias[4];
    int steps[3];
    Inner inner;
  };
  const auto workload = made({structure()});
  ASSERT_TRUE(workload);
  const Buffer& bytes = workload->input_sets[0][0];
  ASSERT_EQ(bytes.size(), sizeof(Mirror));
  EXPECT_EQ(workload->arguments[0].bytes(), sizeof(Mirror));
  const auto mirror = read<Mirror>(bytes, 0);
  EXPECT_EQ(mirror.kind, 5);
  EXPECT_EQ(mirror.factor, 0.5);
  EXPECT_EQ(mirror.bias[0], 0.1F);
  EXPECT_EQ(mirror.bias[3], 3);
  EXPECT_EQ(mirror.steps[0], 6);
  EXPECT_EQ(mirror.steps[2], 8);
  EXPECT_EQ(mirror.inner.low, to_half(1));
}

TEST(Workload, AnArrayOfAStructureIsPlacedWhereItsAddressBelongs) {
  ArgumentSpec spec = structure();
  spec.members[4].members.push_back(array("x", Role::in, "f32", {"M"}));
  spec.members.insert(spec.members.begin() + 1, array("y", Role::out, "f32", {"M"}));
  ArgumentSpec x = array("p.inner.x", Role::in, "f32", {"M"}),
               y = array("p.y", Role::out, "f32", {"M"});
  x.within = y.within = "p";
  const auto workload = made({spec, y, x});
  ASSERT_TRUE(workload) << workload.error().message;
  // char kind, float* y, double factor, float4 bias, int steps[3], {half low, float* x}
  EXPECT_EQ(workload->arguments[1].offset, 8U);
  EXPECT_EQ(workload->arguments[2].offset, 72U);
  EXPECT_EQ(workload->arguments[0].bytes(), 80U);
  EXPECT_EQ(holder_of(*workload, 2), std::size_t{0});
  EXPECT_EQ(holder_of(*workload, 0), std::nullopt);
  const Workload wide = widened(*workload);  // double bias[4], double low
  EXPECT_EQ(wide.arguments[1].offset, 8U);
  EXPECT_EQ(wide.arguments[2].offset, 88U);
  EXPECT_EQ(wide.arguments[0].bytes(), 96U);
  EXPECT_EQ(wide.arguments[2].type, ElementType::f64);
  EXPECT_EQ(read<double>(wide.input_sets[0][0], 80), 1);
}

TEST(Workload, AFloatingScalarIsRoundedToItsType) {
  const auto workload = made({scalar("x", "f32", "0.1")});
  ASSERT_TRUE(workload);
  EXPECT_EQ(as_doubles(workload->input_sets[0][0], ElementType::f32)[0], double{0.1F});
}

TEST(Workload, SizesThatAreNoneAreRefused) {
  EXPECT_TRUE(refused(array("A", Role::in, "f32", {"K - M"}), "K - M is -2"));
  EXPECT_TRUE(refused(array("A", Role::in, "f32", {"M / 4"}), "M / 4"));
  EXPECT_TRUE(refused(array("A", Role::out, "f32", {"2 ** 40", "2 ** 40"}), "elements"));
  EXPECT_TRUE(refused(array("A", Role::in, "f33", {"M"}), "'f33' is no element type"));
}

TEST(Workload, WhatDoesNotFitIntoMemoryIsRefusedBeforeItIsMade) {
  EXPECT_TRUE(refused(array("A", Role::out, "f32", {"2 ** 31"}), "2147483648 elements",
                      Stage::out_of_memory));
  EXPECT_TRUE(refused(array("A", Role::in, "f64", {"2 ** 40"}), "bytes", Stage::out_of_memory));
}

TEST(Workload, AFormulaSaysEachElementByItsNumber) {
  ArgumentSpec rows = array("rows", Role::in, "i32", {"M + 1"});
  rows.values.kind = ValuesSpec::Kind::formula;
  rows.values.formula = expression("i * K");
  ArgumentSpec weights = array("weights", Role::in, "f16", {"M"});
  weights.values.kind = ValuesSpec::Kind::formula;
  weights.values.formula = expression("1 / (1 + i)");
  const auto workload = made({rows, weights, array("A", Role::in, "f32", {"M"})},
                             {InputFlavour::declared, InputFlavour::zeros});
  ASSERT_TRUE(workload);
  for (const Buffers& set : workload->input_sets) {
    const std::vector<double> begins = as_doubles(set[0], ElementType::i32);
    for (std::size_t i = 0; i < begins.size(); ++i) EXPECT_EQ(begins[i], 4.0 * double(i));
    EXPECT_EQ(as_doubles(set[1], ElementType::f16)[2], from_half(to_half(1.0 / 3)));
  }

  rows.values.formula = expression("i // (i - 3)");
  EXPECT_TRUE(refused(rows, "i // (i - 3) at i = 3: "));
  rows.values.formula = expression("i / 2");
  EXPECT_TRUE(refused(rows, "i / 2 at i = 1: the value must be a whole number, not 0.5"));
  weights.values.formula = expression("20000 * i");
  EXPECT_TRUE(refused(weights, "20000 * i at i = 4: 80000 does not fit f16"));
  rows.element = "u8";
  rows.values.formula = expression("255 + i");
  EXPECT_TRUE(refused(rows, "255 + i at i = 1: 256 does not fit u8"));
}

TEST(Workload, ARangeOfIntegersMustBeOneOfItsType) {
  ArgumentSpec spec = array("A", Role::in, "u8", {"M"});
  spec.values.kind = ValuesSpec::Kind::integers;
  spec.values.low = expression("0");
  spec.values.high = expression("M * 100");
  EXPECT_TRUE(refused(spec, "[0, 600] do not fit u8"));
  spec.values.high = expression("-1");
  EXPECT_TRUE(refused(spec, "no integer is in [0, -1]"));
}

TEST(Workload, AFailureSaysWhereTheArgumentStands) {
  ArgumentSpec spec = scalar("m", "i8", "1000");
  spec.where = {"space.yaml", 12, 5};
  EXPECT_TRUE(refused(spec, "space.yaml:12:5: argument 'm'"));
}

class WorkloadFile : public testing::Test {
 protected:
  ArgumentSpec from(const std::string& file, const std::string& element = "f32",
                    const std::string& size = "2") {
    ArgumentSpec spec = array("A", Role::in, element, {size});
    spec.values.kind = ValuesSpec::Kind::file;
    spec.values.file = file;
    return spec;
  }
  void SetUp() override {
    write_file(folder_.path() / "a.npy",
               npy_bytes("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 8));
  }
  TemporaryDirectory folder_;
};

TEST_F(WorkloadFile, IsTheSameInEveryInputSet) {
  const auto workload = made({from("a.npy")}, {InputFlavour::declared, InputFlavour::zeros}, 1,
                             folder_.path().string());
  ASSERT_TRUE(workload) << workload.error().message;
  EXPECT_EQ(workload->input_sets[0][0].at(5), std::byte{5});
  EXPECT_EQ(workload->input_sets[1][0], workload->input_sets[0][0]);
}

TEST_F(WorkloadFile, MustHoldWhatIsDeclared) {
  const std::string folder = folder_.path().string();
  EXPECT_TRUE(refused(from("a.npy", "i32"), "holds <f4, not <i4", Stage::load, folder));
  EXPECT_TRUE(refused(from("a.npy", "f32", "3"), "holds 2 elements, not 3", Stage::load, folder));
  EXPECT_TRUE(refused(from("gone.npy"), "cannot read", Stage::load, folder));
  EXPECT_TRUE(refused(from("../a.npy"), "outside", Stage::load, folder));
}

TEST(Widened, FloatingValuesAreThoseThatTheKernelSees) {
  const auto workload = made({array("A", Role::in, "f16", {"M"}), scalar("x", "f32", "0.1"),
                              scalar("n", "i32", "M"), array("C", Role::out, "f32", {"M"})});
  ASSERT_TRUE(workload);
  const Workload wide = widened(*workload);
  EXPECT_EQ(wide.arguments[0].type, ElementType::f64);
  EXPECT_EQ(wide.arguments[2].type, ElementType::i32);
  EXPECT_EQ(wide.arguments[3].bytes(), 48U);
  EXPECT_EQ(as_doubles(wide.input_sets[0][0], ElementType::f64),
            as_doubles(workload->input_sets[0][0], ElementType::f16));
  EXPECT_EQ(as_doubles(wide.input_sets[0][1], ElementType::f64)[0], double{0.1F});
  EXPECT_EQ(wide.input_sets[0][2], workload->input_sets[0][2]);
  EXPECT_NE(wide.id, workload->id);
}

TEST(Widened, AStructureIsLaidOutAnew) {
  struct Mirror {
    char kind;
    double factor;
    alignas(16) double bias[4];
    int steps[3];
    double inner;
  };
  const auto workload = made({structure()});
  ASSERT_TRUE(workload);
  const Workload wide = widened(*workload);
  ASSERT_EQ(wide.input_sets[0][0].size(), sizeof(Mirror));
  EXPECT_EQ(wide.arguments[0].bytes(), sizeof(Mirror));
  const auto mirror = read<Mirror>(wide.input_sets[0][0], 0);
  EXPECT_EQ(mirror.kind, 5);
  EXPECT_EQ(mirror.bias[0], double{0.1F});
  EXPECT_EQ(mirror.bias[3], 3);
  EXPECT_EQ(mirror.steps[2], 8);
  EXPECT_EQ(mirror.inner, 1);
}

}  // namespace
}  // namespace evotune
