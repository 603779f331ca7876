#include "cli/asked_config.h"

#include "base/errors.h"
#include "base/text.h"
#include "cli/tuning_options.h"

namespace evotune {
namespace {

Bindings preset_values(const Problem& problem, const std::string& preset) {
  std::vector<std::string> names;
  for (const NamedConfig& one : problem.file.presets) {
    if (one.name == preset) return one.values;
    names.push_back(one.name);
  }
  throw UserError("there is no preset '" + preset + "'", suggestion(preset, names));
}

}  // namespace

Config asked_config(const Problem& problem, const std::vector<std::string>& assignments,
                    const std::string& preset) {
  Bindings values = parse_assignments(assignments);
  if (!preset.empty()) values.merge(preset_values(problem, preset));  // what is named here wins
  const Config config = problem.space.find(values, problem.space.values(baseline_of(problem)));
  if (const std::string why = problem.space.why_invalid(config); !why.empty())
    throw UserError(problem.space.key(config) + " is not a valid configuration", why);
  return config;
}

}  // namespace evotune
