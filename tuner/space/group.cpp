#include "space/group.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/errors.h"
#include "space/tree_search.h"

namespace evotune {
namespace {

// A second of work and 200 MB; beyond that, sampling has to do.
constexpr std::uint64_t most_steps = 10'000'000;
constexpr std::uint64_t most_beginning_steps = 2'000'000;
constexpr int most_tries = 1'000'000;  // of completing a beginning
constexpr int estimate_tries = 20'000;
constexpr std::uint64_t saturated = std::numeric_limits<std::uint64_t>::max();

}  // namespace

Group::Group(const Constraints& constraints, const Definition& definition,
             std::vector<std::size_t> members, Space::Trouble& trouble)
    : constraints_(constraints),
      members_(std::move(members)),
      order_(constraints.binding_order(members_)),
      plan_(constraints.plan(order_)) {
  for (const std::size_t parameter : order_) {
    sizes_.push_back(definition.parameters[parameter].values.size());
    combinations_ = product(combinations_, sizes_.back());
  }
  TreeSearch search(constraints, order_, sizes_, order_.size());
  if (search.run(most_steps)) {
    begun_ = order_.size();
    if (search.found()) tree_ = search.take_tree();
    count_ = search.found() ? tree_.count() : 0;
  }
  trouble = search.trouble();
  if (!listed() || count_ == saturated) sample_beginnings(trouble);
}

Group::Group(const Constraints& constraints, ChoiceTree tree)
    : constraints_(constraints),
      members_(tree.parameters().begin(), tree.parameters().end()),
      order_(members_),
      combinations_(tree.count()),
      count_(tree.count()),
      begun_(order_.size()),
      tree_(std::move(tree)) {}

// The longest beginnings that a tree can be built of: the fewer parameters are left to chance, the
// fewer samples are rejected.
void Group::sample_beginnings(Space::Trouble& trouble) {
  begun_ = 0;
  count_ = 0;
  tree_ = ChoiceTree();
  for (std::size_t depth = 1; depth < order_.size(); ++depth) {
    TreeSearch search(constraints_, order_, sizes_, depth);
    if (!search.run(most_beginning_steps)) break;
    trouble = search.trouble();
    if (!search.found()) return;
    ChoiceTree longer = search.take_tree();
    if (longer.count() == saturated) break;
    begun_ = depth;
    tree_ = std::move(longer);
  }
  estimate_count();
}

void Group::estimate_count() {
  std::uint64_t completions = 1;
  for (std::size_t at = begun_; at < order_.size(); ++at)
    completions = product(completions, sizes_[at]);
  Rng rng(0x5a3c);
  Assignment assignment = constraints_.blank();
  Config config;
  config.choice.assign(members_.back() + 1, 0);
  int tried = 0;
  int accepted = 0;
  while (tried < estimate_tries || (accepted == 0 && tried < most_tries)) {
    ++tried;
    accepted += try_sample(rng, config, assignment) ? 1 : 0;
  }
  const double estimate =
      static_cast<double>(tree_.count()) * static_cast<double>(completions) * accepted / tried;
  count_ = accepted == 0        ? 0
           : estimate >= 0x1p63 ? saturated
                                : std::max<std::uint64_t>(1, static_cast<std::uint64_t>(estimate));
}

bool Group::try_sample(Rng& rng, Config& config, Assignment& assignment) const {
  tree_.choose(rng.below(tree_.count()), config);
  for (std::size_t at = begun_; at < order_.size(); ++at)
    config.choice[order_[at]] = static_cast<std::uint32_t>(rng.below(sizes_[at]));
  return holds(config, assignment);
}

bool Group::holds(const Config& config, Assignment& assignment) const {
  for (const std::size_t member : members_)
    constraints_.set(assignment, member, config.choice[member]);
  const Constraints::Step* guilty = nullptr;
  return constraints_.run(plan_, assignment, guilty) == Verdict::holds;
}

bool Group::valid(const Config& config) const {
  if (listed()) return tree_.contains(config);
  Assignment assignment = constraints_.blank();
  return holds(config, assignment);
}

void Group::sample(Rng& rng, Config& config) const {
  if (listed()) return choose(rng.below(count_), config);
  Assignment assignment = constraints_.blank();
  for (int tries = 0; tries < most_tries; ++tries)
    if (try_sample(rng, config, assignment)) return;
  throw UserError(fmt::format("no valid configuration found in {} tries", most_tries),
                  "the space is too large to list and valid configurations are too rare in it; "
                  "give some parameters fewer values");
}

}  // namespace evotune
