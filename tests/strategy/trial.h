#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "strategy/strategy.h"

namespace evotune {

/// A parameter with values 1 to `count`.
inline Parameter numbers(const std::string& name, std::int64_t count) {
  Parameter parameter{name, ParameterKind::value, {}, {}};
  for (std::int64_t i = 1; i <= count; ++i) parameter.values.emplace_back(i);
  return parameter;
}

inline Parameter words(const std::string& name, const std::vector<std::string>& values) {
  Parameter parameter{name, ParameterKind::value, {}, {}};
  for (const std::string& one : values) parameter.values.emplace_back(one);
  return parameter;
}

/// What every configuration is worth; stands for compiling, checking and timing it.
using Landscape = std::function<Score(const Config&)>;

inline Individual tried(const Proposal& proposal, const Landscape& landscape) {
  Individual individual;
  individual.proposal = proposal;
  individual.score = landscape(proposal.config);
  return individual;
}

/// Asks `batch` at a time and tells, until `budget` questions were asked or none is left.
inline std::vector<Individual> search(Strategy& strategy, const Landscape& landscape,
                                      std::size_t budget, std::size_t batch) {
  std::vector<Individual> history;
  while (history.size() < budget) {
    std::vector<Individual> answers;
    for (const Proposal& one : strategy.ask(batch)) answers.push_back(tried(one, landscape));
    if (answers.empty()) break;
    strategy.tell(answers);
    history.insert(history.end(), answers.begin(), answers.end());
  }
  return history;
}

inline std::vector<Proposal> questions(const std::vector<Individual>& history) {
  std::vector<Proposal> proposals;
  for (const Individual& one : history) proposals.push_back(one.proposal);
  return proposals;
}

}  // namespace evotune
