#include "engine/recorded_evaluator.h"

#include <algorithm>
#include <utility>

#include "base/errors.h"
#include "base/hash.h"

namespace evotune {
namespace {

bool names_all(const SpaceFile& file, const NamedConfig& config) {
  return std::all_of(file.parameters.begin(), file.parameters.end(),
                     [&](const ParameterDeclaration& one) {
                       return config.values.find(one.name) != config.values.end();
                     });
}

bool needs_template(const SpaceFile& file) {
  return !file.baseline || !names_all(file, *file.baseline) ||
         !std::all_of(file.presets.begin(), file.presets.end(),
                      [&](const NamedConfig& one) { return names_all(file, one); });
}

}  // namespace

DeviceInfo recorded_device(const std::string& spec, const SpaceRecording& recording) {
  DeviceInfo info;
  info.id = spec;
  info.name = "replay:" + recording.name;
  if (!recording.gpu.empty()) info.name += " (" + recording.gpu + ")";
  info.arch = "recorded";
  info.compiler = "recording " + fingerprint(recording);
  info.facts = recording.facts;
  return info;
}

Problem recorded_problem(SpaceFile file, const SpaceRecording& recording) {
  Space space(file, recording.facts);
  std::vector<Config> valid;
  for (Config& one : configurations_in(space, recording))
    if (space.valid(one)) valid.push_back(std::move(one));
  if (valid.empty())
    throw UserError("the constraints of " + file.path.string() + " forbid all that was recorded",
                    "recorded is, for example: " + recording.space.key(recording.space.at(0)));
  space.keep_only(std::move(valid));
  Template kernel = needs_template(file) ? load_template(file) : Template{};
  return {std::move(file), std::move(space), std::move(kernel), {}};
}

RecordedEvaluator::RecordedEvaluator(const Problem& problem, const SpaceRecording& recording)
    : problem_(problem), recording_(recording), fingerprint_(fingerprint(recording)) {
  std::vector<Config> configs = configurations_in(problem.space, recording);
  for (std::size_t row = 0; row < configs.size(); ++row)
    row_of_.emplace(std::move(configs[row]), row);
  baseline_ = seconds_of(baseline_of(problem));
}

std::optional<Seconds> RecordedEvaluator::seconds_of(const Config& config) const {
  const std::optional<double>& ms = recording_.ms[row_of_.at(config)];
  return ms ? std::optional(*ms / 1e3) : std::nullopt;
}

Candidate RecordedEvaluator::prepare(const Config& config) const {
  Candidate candidate;
  candidate.config = config;
  return candidate;
}

Outcome RecordedEvaluator::evaluate(const Candidate& candidate, const Examination&) {
  Outcome outcome;
  if (const auto seconds = seconds_of(candidate.config)) {
    // Twice, because a single pair would count as one of unknown spread.
    const Pair pair{baseline_.value_or(*seconds), *seconds};
    outcome.result = Measurement{{{problem_text(problem_.file), {pair, pair}}}};
    return outcome;
  }
  const auto known = recording_.failures.find(row_of_.at(candidate.config));
  outcome.result = known != recording_.failures.end()
                       ? known->second
                       : Failure{Stage::launch, "failed when it was recorded"};
  return outcome;
}

std::string RecordedEvaluator::key(const Candidate& candidate) const {
  return content_hash(fingerprint_ + problem_.space.key(candidate.config));
}

}  // namespace evotune
