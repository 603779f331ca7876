#include <array>

#include "base/text.h"
#include "strategy/strategies.h"

namespace evotune {
namespace {

struct Row {
  std::string_view name;
  int version;  // goes up whenever the same seed and outcomes would lead to other questions
  bool warms;   // has a use for precedents
  std::unique_ptr<Strategy> (*make)(const SearchSettings&, const Space&, std::uint64_t seed,
                                    const Precedents&);
};

// The only list of strategies there is.
constexpr std::array table{
    Row{"evolve", 3, true, make_evolve},          Row{"genetic", 1, false, make_genetic},
    Row{"memetic", 1, true, make_memetic},        Row{"local", 1, true, make_local},
    Row{"anneal", 1, true, make_anneal},          Row{"random", 1, false, make_random},
    Row{"exhaustive", 1, false, make_exhaustive},
};

const Row& row_of(const std::string& name, const Location& where) {
  for (const Row& row : table)
    if (row.name == name) return row;
  throw UserError(std::vector<Mistake>{
      {where, "there is no strategy '" + name + "'", suggestion(name, strategy_names())}});
}

}  // namespace

std::unique_ptr<Strategy> make_strategy(const SearchSettings& settings, const Space& space,
                                        std::uint64_t seed, const Precedents& precedents) {
  const Row& row = row_of(settings.strategy, settings.strategy_where);
  if (!row.warms && !precedents.outcomes.empty())
    throw UserError("strategy '" + settings.strategy + "' has no use for earlier outcomes",
                    "leave --warm-start out, or choose another strategy");
  return row.make(settings, space, seed, precedents);
}

std::vector<std::string> strategy_names() {
  std::vector<std::string> names;
  for (const Row& row : table) names.emplace_back(row.name);
  return names;
}

std::string strategy_version(const SearchSettings& settings) {
  const Row& row = row_of(settings.strategy, settings.strategy_where);
  return std::string(row.name) + "/" + std::to_string(row.version);
}

}  // namespace evotune
