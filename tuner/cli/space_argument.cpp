#include "cli/space_argument.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
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

void demand_space_file(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code unknown;
  if (fs::exists(path, unknown)) return;
  const std::string nothing = "there is no space file '" + path + "'";
  std::vector<std::string> known;
  for (const fs::path& folder : {fs::path(path).parent_path(), fs::path("search_spaces")})
    for (const auto& one : fs::directory_iterator(folder.empty() ? "." : folder, unknown))
      if (one.path().extension() == ".yaml")
        known.push_back((folder / one.path().filename()).string());
  const auto named = std::find_if(known.begin(), known.end(), [&](const std::string& one) {
    return fs::path(one).stem() == path;  // a space's name where its file is asked for
  });
  if (named != known.end()) throw UserError(nothing, "did you mean '" + *named + "'?");
  std::sort(known.begin(), known.end());
  throw UserError(nothing, suggestion(path, known));
}

SpaceArgument space_argument(const std::string& text) {
  if (!text.ends_with(".yaml") && !text.ends_with(".yml")) return {text, {}};
  demand_space_file(text);
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
