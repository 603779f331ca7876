#include "kernel/options.h"

#include <gtest/gtest.h>

#include "kernel_folder.h"
#include "space/options.h"

namespace evotune {
namespace {

using Options = std::vector<std::string>;

Options options(const std::string& section, const Bindings& bound) {
  const KernelFolder folder(small_kernel);
  const SpaceFile file =
      folder.space("parameters: {BM: [1, 2]}\noptions: {" + section + "}\n" + small_rest);
  const Result<Options> result = options_of(file, bound);
  return result ? *result : Options{"failed: " + result.error().message};
}

TEST(Options, AreWrittenAsNvccSpellsThem) {
  EXPECT_EQ(
      options("fast_math: true, max_registers: 64, fmad: false, opt_level: 2", {}),
      (Options{"--use_fast_math", "--fmad=false", "--maxrregcount=64", "--ptxas-options=-O2"}));
}

TEST(Options, AreLeftOutWhereTheCompilerDecides) {
  EXPECT_EQ(options("fast_math: false, max_registers: 0, opt_level: 3", {}), Options{});
}

TEST(Options, TunedOnesTakeTheConfigurationsValue) {
  EXPECT_EQ(options("max_registers: [0, 128]", {{"max_registers", std::int64_t{128}}}),
            (Options{"--maxrregcount=128"}));
  EXPECT_EQ(options("max_registers: [0, 128]", {{"max_registers", std::int64_t{0}}}), Options{});
}

TEST(Options, EveryOptionThatASpaceFileMayNameHasASpelling) {
  for (const CompilerOption& one : compiler_options()) {
    SpaceFile file;
    file.fixed_options[std::string(one.name)] = std::holds_alternative<bool>(one.standard)
                                                    ? Value{one.standard != Value{true}}
                                                    : Value{std::int64_t{1}};
    const Result<Options> result = options_of(file, {});
    ASSERT_TRUE(result) << one.name;
    EXPECT_EQ(result->size(), 1U) << one.name;
  }
}

TEST(Options, UnknownOnesAndTextAreRefused) {
  SpaceFile file;
  file.fixed_options["fast_math"] = std::string("true -o /etc/passwd");
  EXPECT_FALSE(options_of(file, {}));
  file.fixed_options = {{"output", true}};
  EXPECT_FALSE(options_of(file, {}));
}

}  // namespace
}  // namespace evotune
