#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/process.h"

namespace evotune {
namespace {

ProcessResult evotune(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), EVOTUNE_PROGRAM);
  return run_process(arguments, {.seconds = 60});
}

struct Mistyped {
  std::vector<std::string> arguments;
  const char* says;
};

class CommandLine : public testing::TestWithParam<Mistyped> {};

TEST_P(CommandLine, MistakesEndWithTwoAndSayWhatWasProbablyMeant) {
  const ProcessResult result = evotune(GetParam().arguments);
  EXPECT_EQ(result.exit_code, 2) << result.output;
  EXPECT_NE(result.output.find(GetParam().says), std::string::npos) << result.output;
  EXPECT_LT(result.output.size(), 600u);
}

const std::string space = EVOTUNE_SOURCE_DIR "/search_spaces/gemm_f32.yaml";

INSTANTIATE_TEST_SUITE_P(
    Mistakes, CommandLine,
    testing::Values(Mistyped{{"bst"}, "there is no command 'bst'\n    did you mean 'best'?"},
                    Mistyped{{"--json", "best"}, "'--json' belongs behind the command"},
                    Mistyped{{"run"}, "space is required"},
                    Mistyped{{"run"}, "`evotune run --help`"},
                    Mistyped{{"run", space, "--evalutions", "3"}, "did you mean '--evaluations'?"},
                    Mistyped{{"best", "a", "b"}, "unexpected argument 'b'"},
                    Mistyped{{"run", space, "--evaluations", "0"}, "'0' is no number above 0"},
                    Mistyped{{"run", space, "--minutes", "soon"}, "'soon' is no number above 0"},
                    Mistyped{{"run", space, "--strategy", "evolv"},
                             "evotune: --strategy: there is no"},
                    Mistyped{{"check", space + "l"}, "did you mean '" EVOTUNE_SOURCE_DIR},
                    Mistyped{{"best", "nosuch.yaml"}, "there is no file nosuch.yaml"}));

TEST(CommandLine, WithoutArgumentsTheHelpIsShown) {
  const ProcessResult result = evotune({});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.output.find("Usage: evotune"), std::string::npos) << result.output;
}

TEST(CommandLine, WhatIsHiddenIsNotSuggested) {
  EXPECT_EQ(evotune({"wroker"}).output.find("'worker'"), std::string::npos);
}

TEST(CommandLine, HelpAndVersionAreNoMistakes) {
  EXPECT_EQ(evotune({"--help"}).exit_code, 0);
  EXPECT_EQ(evotune({"run", "--help"}).exit_code, 0);
  EXPECT_EQ(evotune({"--version"}).exit_code, 0);
}

}  // namespace
}  // namespace evotune
