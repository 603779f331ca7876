#include "engine/problem.h"

#include <string>
#include <vector>

#include "base/errors.h"
#include "base/text.h"

namespace evotune {
namespace {

Config find_valid(const Problem& problem, const NamedConfig& named, const std::string& what) {
  const Config config = problem.space.find(named.values, problem.kernel.defaults, named.where);
  if (!problem.space.valid(config))
    throw UserError({Mistake{named.where, what + " is not a valid configuration",
                             problem.space.why_invalid(config)}});
  return config;
}

}  // namespace

Config baseline_of(const Problem& problem) {
  if (problem.file.baseline) return find_valid(problem, *problem.file.baseline, "the baseline");
  const NamedConfig defaults{"baseline", {}, problem.file.kernel.where};
  return find_valid(problem, defaults, "the template's own #defines (no baseline is given)");
}

std::vector<Preset> presets_of(const Problem& problem) {
  std::vector<Preset> presets;
  for (const NamedConfig& one : problem.file.presets)
    presets.push_back({one.name, find_valid(problem, one, "preset '" + one.name + "'")});
  return presets;
}

std::string problem_text(const SpaceFile& file) {
  std::vector<std::string> shapes;
  for (const Shape& shape : file.problem) shapes.push_back(to_text(shape));
  return join(shapes, ";");
}

}  // namespace evotune
