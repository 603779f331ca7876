#include "engine/evaluation.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <utility>
#include <variant>

#include "engine/fitness.h"

namespace evotune {
namespace {

std::string json_of(const Bindings& bindings) {
  nlohmann::json object = nlohmann::json::object();
  for (const auto& [name, value] : bindings)
    std::visit([&object, key = name](const auto& one) { object[key] = one; }, value);
  return object.dump();
}

}  // namespace

Evaluation score(const Problem& problem, const Candidate& candidate, Proposal proposal,
                 Outcome outcome, const std::string& device) {
  Judgement judgement = Fitness(problem.file).judge(outcome, problem.space.bind(candidate.config));
  if (judgement.failure) outcome.result = *judgement.failure;
  if (!device.empty()) judgement.metrics.emplace("device.id", device);

  Evaluation one;
  one.config = problem.space.key(candidate.config);
  one.config_json = json_of(problem.space.values(candidate.config));
  one.metrics_json = json_of(judgement.metrics);
  if (candidate.source) {
    one.source_hash = candidate.source->hash;
    one.source_text = candidate.source->provenance + candidate.source->text;
  }
  one.individual = {std::move(proposal), std::move(outcome), judgement.score};
  return one;
}

}  // namespace evotune
