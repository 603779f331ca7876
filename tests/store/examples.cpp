#include "examples.h"

#include <fmt/format.h>

#include "store/queries.h"

namespace evotune {

RunRecord example_run() {
  RunRecord record;
  record.space_name = "example";
  record.space_path = "example.yaml";
  record.space_hash = "aaaabbbbccccdddd";
  record.space_text = "name: example\n";
  record.template_hash = "template";
  record.problem = "N=512";
  record.device_id = "cpu";
  record.device_name = "Test CPU";
  record.device_arch = "x86-64";
  record.compiler = "g++ 12";
  record.strategy = "evolve/1";
  record.settings = R"({"population":24})";
  record.seed = 1;
  record.environment = R"({"host":"test"})";
  return record;
}

Outcome timed(double speedup, double noise) {
  Outcome outcome;
  outcome.facts = CompilerFacts{32, 0, std::nullopt, 1024, 0.5};
  outcome.accuracy = Accuracy{1e-6, 0.25, false};
  ShapeTiming timing{"N=512", {}};
  for (int i = -4; i <= 4; ++i) timing.pairs.push_back({speedup * (1 + noise * i) * 1e-3, 1e-3});
  outcome.result = Measurement{{timing}};
  return outcome;
}

Evaluation right(std::uint32_t ordinal, std::uint32_t number, double speedup, double noise) {
  Evaluation one;
  one.ordinal = ordinal;
  one.individual.proposal.config = Config{{number}};
  one.individual.proposal.origin = "random";
  one.individual.outcome = timed(speedup, noise);
  one.individual.score = Score{true, speedup - 0.004};
  one.key = fmt::format("key{}", number);
  one.config = fmt::format("BM={}", number);
  one.config_json = fmt::format(R"({{"BM":{}}})", number);
  one.source_hash = fmt::format("source{}", number);
  one.source_text = fmt::format("// kernel {}\n", number);
  one.seconds_spent = 0.25;
  return one;
}

Evaluation wrong(std::uint32_t ordinal, std::uint32_t number, Failure failure) {
  Evaluation one = right(ordinal, number, 1);
  one.individual.outcome = Outcome{};
  one.individual.outcome.result = std::move(failure);
  one.individual.score = Score{false, -1};
  return one;
}

std::vector<std::string> ranking(const Store& store) {
  BestFilter all;
  all.top = 0;
  std::vector<std::string> names;
  for (const RankedCandidate& one : best(store, all)) names.push_back(one.configuration);
  return names;
}

Evaluation varied(std::uint32_t ordinal) {
  return right(ordinal, ordinal, 1 + 0.01 * (ordinal % 97), 0.001 * (ordinal % 7));
}

}  // namespace evotune
