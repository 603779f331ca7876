#include "strategy/precedents.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/errors.h"
#include "base/text.h"
#include "space/number.h"

namespace evotune {
namespace {

std::optional<std::uint32_t> choice_of(const Parameter& parameter, const Value& value) {
  const auto found = std::find_if(parameter.values.begin(), parameter.values.end(),
                                  [&](const Value& one) { return same_value(one, value); });
  if (found == parameter.values.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - parameter.values.begin());
}

std::optional<Config> translated(const Space& space, const Precedents& precedents,
                                 const Bindings& values) {
  Config config;
  for (std::size_t p = 0; p < precedents.known.size(); ++p) {
    config.choice.push_back(0);
    if (!precedents.known[p]) continue;
    const Parameter& parameter = space.parameters()[p];
    const auto value = values.find(parameter.name);
    const auto choice = value == values.end() ? std::nullopt : choice_of(parameter, value->second);
    if (!choice) return std::nullopt;
    config.choice.back() = *choice;
  }
  return config;
}

}  // namespace

Precedents matched(const Space& space, std::span<const ForeignOutcome> outcomes) {
  Precedents result;
  std::set<std::string> only_there;
  bool any = false;
  for (const ForeignOutcome& one : outcomes)
    for (const auto& [name, value] : one.values) only_there.insert(name);
  for (const Parameter& parameter : space.parameters()) {
    result.known.push_back(only_there.erase(parameter.name) > 0);
    any = any || (result.known.back() && parameter.values.size() > 1);
  }
  if (!any) throw UserError("none of its parameters is one of this space's");
  result.only_there.assign(only_there.begin(), only_there.end());
  std::map<Config, Score> best;
  for (const ForeignOutcome& one : outcomes) {
    auto config = translated(space, result, one.values);
    if (!config) {
      ++result.left_out;
      continue;
    }
    const auto [found, fresh] = best.emplace(std::move(*config), one.score);
    if (!fresh) found->second = std::max(found->second, one.score);
  }
  if (best.empty()) throw UserError("none of its configurations has values that this space offers");
  for (const auto& [config, score] : best) result.outcomes.push_back({config, score});
  std::stable_sort(result.outcomes.begin(), result.outcomes.end(),
                   [](const Precedent& a, const Precedent& b) { return a.score > b.score; });
  return result;
}

std::string shortfall(const Space& space, const Precedents& precedents) {
  std::vector<std::string> only_here;
  for (std::size_t p = 0; p < precedents.known.size(); ++p)
    if (!precedents.known[p]) only_here.push_back(space.parameters()[p].name);
  std::vector<std::string> parts;
  if (!only_here.empty()) parts.push_back("it knew no " + join(only_here, ", "));
  if (!precedents.only_there.empty())
    parts.push_back("this space has no " + join(precedents.only_there, ", "));
  if (precedents.left_out > 0)
    parts.push_back("this space does not offer the values of " +
                    std::to_string(precedents.left_out) + " of its configurations");
  return join(parts, "; ");
}

}  // namespace evotune
