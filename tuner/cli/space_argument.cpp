#include "cli/space_argument.h"

#include <algorithm>
#include <vector>

#include "base/errors.h"
#include "base/text.h"
#include "space/space_file.h"

namespace evotune {
namespace {

void demand_known(const Store& store, const std::string& name) {
  const std::vector<std::string> known = space_names(store);
  if (std::find(known.begin(), known.end(), name) != known.end()) return;
  const std::vector<RunStatus> all = runs(store);
  const auto same_hash = [&](const RunStatus& run) { return run.record.space_hash == name; };
  if (std::any_of(all.begin(), all.end(), same_hash)) return;
  throw UserError("the database has no space named '" + name + "'", suggestion(name, known));
}

}  // namespace

SpaceArgument space_argument(const std::string& text) {
  if (!text.ends_with(".yaml") && !text.ends_with(".yml")) return {text, {}};
  const SpaceFile file = read_space_file(text);
  return {file.name, file.hash};
}

BestFilter filter_for(const Store& store, const SpaceArgument& space) {
  if (space.hash.empty() && !space.name.empty()) demand_known(store, space.name);
  BestFilter filter;
  filter.space = space.name;
  filter.preferred_hash = space.hash;
  return filter;
}

std::string nothing_right(const SpaceArgument& space, const std::string& device) {
  return "no right configuration of " + (space.name.empty() ? "any space" : space.name) +
         (device.empty() ? "" : " on " + device) +
         " is known; `evotune run` looks for one, `evotune runs` lists what was tried\n";
}

}  // namespace evotune
