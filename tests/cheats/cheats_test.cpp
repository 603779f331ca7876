// Kernels that cheat, compiled and run for real: each has to fail by a check of its own, and honest
// kernels never.
#include <gtest/gtest.h>

#include "device/make_device.h"
#include "engine/workbench.h"
#include "outcome/statistics.h"

namespace evotune {
namespace {

std::unique_ptr<Device> cpu() {
  DeviceOptions options;
  options.worker = {DEVICE_WORKER};
  return make_device("cpu", options);
}

class Cheats : public testing::Test {
 protected:
  Outcome outcome_of(KernelEvaluator& evaluator, const std::string& mode) {
    const Config config = problem.space.find({{"MODE", mode}}, problem.kernel.defaults);
    return evaluator.evaluate(evaluator.prepare(config));
  }

  const Problem problem =
      load_problem(EVOTUNE_SOURCE_DIR "/tests/cheats/cheats.yaml", {}, cpu()->info());
};

struct Cheat {
  const char* mode;
  Stage stage;
  const char* says;  // something that only its own check says
};

constexpr Cheat cheats[] = {
    {"no_op", Stage::verify, "never written"},
    {"most_rows", Stage::verify, "never written"},
    {"every_fourth_row", Stage::verify, "are wrong"},
    {"constant", Stage::verify, "are wrong"},
    {"accumulates", Stage::verify, "NaN"},
    {"fixed_size", Stage::crash, "past the end"},
    {"drops_tail", Stage::verify, "never written"},
    {"not_negative", Stage::verify, "are wrong"},
    {"half_sums", Stage::verify, "are wrong"},
    {"rounded_inputs", Stage::verify, "are wrong"},
    {"beyond_tolerance", Stage::verify, "are wrong; the first is C[0]"},
    {"nan_row", Stage::verify, "NaN"},
    {"first_answer", Stage::verify, "input set 1"},
    {"by_address", Stage::verify, "are wrong"},
    {"ten_calls", Stage::verify, "wrong when timed"},
    {"one_in_64", Stage::verify, "wrong when timed"},
    {"flips_a_bit", Stage::verify, "other bits"},
    {"zeroes_inputs", Stage::crash, "an input and may not be written"},
    {"writes_past_end", Stage::crash, "buffer C"},
    {"writes_before_start", Stage::crash, "buffer C"},
    {"reads_past_end", Stage::verify, "NaN"},
    {"reads_scratch", Stage::verify, "NaN"},
    {"hangs", Stage::timeout, "still running"},
};

TEST_F(Cheats, EachIsFoundByItsOwnCheck) {
  Workbench bench(problem, cpu(), cpu(), 1);
  // As in a search: what it takes decides how long the others may.
  EXPECT_EQ(outcome_of(bench.evaluator(), "plain").failure(), nullptr);
  for (const Cheat& cheat : cheats) {
    SCOPED_TRACE(cheat.mode);
    const Outcome outcome = outcome_of(bench.evaluator(), cheat.mode);
    const Failure* failure = outcome.failure();
    EXPECT_NE(failure, nullptr);
    if (failure == nullptr) continue;
    EXPECT_EQ(failure->stage, cheat.stage) << failure->message;
    EXPECT_NE(failure->message.find(cheat.says), std::string::npos) << failure->message;
  }
}

// Right, but fast only when it is launched again on the inputs and outputs of before.
TEST_F(Cheats, AKernelThatSkipsWhatIsThereAlreadyGainsNothing) {
  Workbench bench(problem, cpu(), cpu(), 1);
  const Outcome outcome = outcome_of(bench.evaluator(), "skips_what_is_there");
  if (const Measurement* measured = outcome.measurement()) {
    EXPECT_LT(speedup_of(*measured).median, 1.5);
  }
}

TEST_F(Cheats, HonestKernelsPassWhateverTheSeed) {
  std::vector<Candidate> honest;
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    Workbench bench(problem, cpu(), cpu(), seed);
    for (const char* mode : {"plain", "backwards", "two_sums", "shared_row", "through_scratch"}) {
      const Config config = problem.space.find({{"MODE", std::string(mode)}}, {});
      if (seed == 1) honest.push_back(bench.evaluator().prepare(config));
    }
    for (const Candidate& candidate : honest) {
      const Outcome outcome = bench.evaluator().evaluate(candidate);
      EXPECT_EQ(outcome.failure(), nullptr) << problem.space.key(candidate.config) << ", seed "
                                            << seed << ": " << outcome.failure()->message;
    }
  }
}

TEST(HonestKernels, MaySumFloat64InAnotherOrderThanTheReference) {
  const Problem problem =
      load_problem(EVOTUNE_SOURCE_DIR "/tests/cheats/sum_f64.yaml", {}, cpu()->info());
  Workbench bench(problem, cpu(), cpu(), 1);
  const Config backwards = problem.space.find({{"BACKWARDS", std::int64_t{1}}}, {});
  const Outcome outcome = bench.evaluator().evaluate(bench.evaluator().prepare(backwards));
  EXPECT_EQ(outcome.failure(), nullptr) << outcome.failure()->message;
}

TEST(HonestKernels, MayLeaveWhatRoundingLeavesWhereAllTermsCancel) {
  Problem problem =
      load_problem(EVOTUNE_SOURCE_DIR "/tests/cheats/cancels.yaml", {}, cpu()->info());
  const auto evaluated = [&problem](const std::string& baseline) {
    problem.file.baseline->values["MODE"] = baseline;
    Workbench bench(problem, cpu(), cpu(), 1);
    const Config config = problem.space.find({{"MODE", baseline}}, {});
    return bench.evaluator().evaluate(bench.evaluator().prepare(config));
  };
  const Outcome right = evaluated("right");
  EXPECT_EQ(right.failure(), nullptr) << right.failure()->message;
  const Outcome wrong = evaluated("wrong");
  ASSERT_NE(wrong.failure(), nullptr);
  EXPECT_NE(wrong.failure()->message.find("the baseline's y is off by"), std::string::npos)
      << wrong.failure()->message;
}

}  // namespace
}  // namespace evotune
