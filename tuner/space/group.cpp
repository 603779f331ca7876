#include "space/group.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/text.h"

namespace evotune {
namespace {

// A second of work and 200 MB; beyond that, sampling has to do.
constexpr std::uint64_t most_steps = 10'000'000;
constexpr std::uint64_t most_beginning_steps = 2'000'000;
constexpr std::size_t most_known = 300'000;
constexpr int most_tries = 1'000'000;  // of completing a beginning
constexpr int estimate_tries = 20'000;
constexpr std::uint64_t saturated = std::numeric_limits<std::uint64_t>::max();

}  // namespace

/// Builds the tree of all beginnings of a length that no constraint refuses.
class Group::Search {
 public:
  Search(const Group& group, std::size_t depth)
      : group_(group),
        depth_(depth),
        definition_(group.constraints_.in_stages(group.order_)),
        constraints_(definition_),
        plan_(constraints_.plan(group.order_)),
        assignment_(constraints_.blank()),
        choices_(group.order_.size(), 0),
        branches_(depth),
        tree_({group.order_.begin(), group.order_.begin() + static_cast<std::ptrdiff_t>(depth)}) {
    find_levels();
  }

  /// False if it takes too long.
  [[nodiscard]] bool run(std::uint64_t most_steps) {
    most_steps_ = most_steps;
    const std::optional<Subtree> root = subtree(0);
    if (!root) return false;
    trouble.count = root->trouble;
    found_ = root->node.has_value();
    if (found_) tree_.set_root(*root->node);
    return true;
  }

  [[nodiscard]] bool found() const { return found_; }
  [[nodiscard]] ChoiceTree take_tree() { return std::move(tree_); }

  Space::Trouble trouble{};

 private:
  struct Subtree {
    std::optional<ChoiceTree::NodeId> node;  ///< nothing: no combination is valid
    std::uint64_t trouble = 0;
  };
  /// What is known before a level is bound and matters at it or later: parameters, lets, parts.
  struct Level {
    std::vector<std::size_t> live;                   ///< slots, ascending
    bool repeats = false;                            ///< the same values of these may be met again
    std::unordered_map<std::string, Subtree> known;  ///< by these values
  };

  void find_levels() {
    const std::size_t parameters = definition_.parameters.size();
    std::vector<std::size_t> known_after(parameters + definition_.lets.size(), 0);
    for (std::size_t at = 0; at < depth_; ++at) {
      known_after[group_.order_[at]] = at;
      for (const Constraints::Step& step : plan_[at])
        if (step.is_let) known_after[parameters + step.index] = at;
    }
    levels_.resize(depth_);
    std::set<std::size_t> used;
    for (std::size_t at = depth_; at-- > 0;) {
      for (const Constraints::Step& step : plan_[at]) {
        used.insert(step.code->used_slots().begin(), step.code->used_slots().end());
        for (const std::size_t let : step.lets) used.insert(parameters + let);
      }
      for (const std::size_t slot : used)
        if (known_after[slot] < at) levels_[at].live.push_back(slot);
    }
    // Only where something stops to matter do several ways lead to the same place.
    for (std::size_t at = 1; at < depth_; ++at) {
      std::vector<std::size_t> before = levels_[at - 1].live;
      before.push_back(group_.order_[at - 1]);
      std::sort(before.begin(), before.end());
      const std::vector<std::size_t>& now = levels_[at].live;
      levels_[at].repeats = !std::includes(now.begin(), now.end(), before.begin(), before.end());
    }
  }

  [[nodiscard]] std::string key(const Level& level) const {
    const std::size_t parameters = definition_.parameters.size();
    std::string key;
    for (const std::size_t slot : level.live)
      for (std::size_t shape = 0; shape < assignment_.values.size(); ++shape) {
        if (slot < parameters && shape > 0) break;
        const bool failed =
            slot >= parameters && assignment_.let_failed[shape][slot - parameters] != 0;
        append(key, failed ? Scalar::absent(0) : assignment_.values[shape][slot]);
      }
    return key;
  }

  static void append(std::string& key, const Scalar& value) {
    key += static_cast<char>(value.kind());
    if (value.is(Scalar::Kind::string)) {
      key += std::to_string(value.string().size()) + ':';
      key += value.string();
    } else if (!value.is(Scalar::Kind::absent)) {
      const std::uint64_t bits = value.is(Scalar::Kind::real)
                                     ? std::bit_cast<std::uint64_t>(value.real())
                                     : static_cast<std::uint64_t>(value.integer());
      const auto bytes = (static_cast<int>(std::bit_width(bits)) + 7) / 8;
      key += static_cast<char>(bytes);
      for (int i = 0; i < bytes; ++i) key += static_cast<char>(bits >> (8 * i) & 0xff);
    }
  }

  std::optional<Subtree> subtree(std::size_t at) {
    if (at == depth_) return Subtree{ChoiceTree::leaf, 0};
    Level& level = levels_[at];
    if (!level.repeats) return expanded(at);
    std::string here = key(level);
    if (const auto known = level.known.find(here); known != level.known.end()) return known->second;
    const std::optional<Subtree> built = expanded(at);
    if (!built || ++known_ > most_known) return std::nullopt;
    level.known.emplace(std::move(here), *built);
    return built;
  }

  std::optional<Subtree> expanded(std::size_t at) {
    Subtree built;
    std::vector<ChoiceTree::Branch>& branches = branches_[at];
    branches.clear();
    for (std::uint64_t choice = 0; choice < group_.sizes_[at]; ++choice) {
      if (++steps_ > most_steps_) return std::nullopt;
      choices_[at] = choice;
      constraints_.set(assignment_, group_.order_[at], choice);
      const Verdict verdict = verdict_at(at);
      if (verdict == Verdict::errs)
        built.trouble = saturating_sum(built.trouble, combinations_below(at));
      if (verdict != Verdict::holds) continue;
      const std::optional<Subtree> below = subtree(at + 1);
      if (!below) return std::nullopt;
      built.trouble = saturating_sum(built.trouble, below->trouble);
      if (below->node) branches.push_back({static_cast<std::uint32_t>(choice), *below->node});
    }
    if (!branches.empty()) built.node = tree_.add(branches);
    return built;
  }

  Verdict verdict_at(std::size_t at) {
    for (const Constraints::Step& step : plan_[at]) {
      const Verdict verdict = constraints_.run(step, assignment_);
      if (verdict == Verdict::errs && trouble.first.empty()) explain_error(at);
      if (verdict != Verdict::holds) return verdict;
    }
    return Verdict::holds;
  }

  /// In the words of the space file, which knows of no parts.
  void explain_error(std::size_t at) {
    const Constraints& written = group_.constraints_;
    Assignment assignment = written.blank();
    for (std::size_t bound = 0; bound <= at; ++bound)
      written.set(assignment, group_.order_[bound], choices_[bound]);
    for (std::size_t bound = 0; bound <= at; ++bound)
      for (const Constraints::Step& step : group_.plan_[bound])
        if (written.run(step, assignment) == Verdict::errs) {
          trouble.first = written.explain_error(step, assignment);
          return;
        }
  }

  [[nodiscard]] std::uint64_t combinations_below(std::size_t at) const {
    std::uint64_t count = 1;
    for (std::size_t rest = at + 1; rest < group_.sizes_.size(); ++rest)
      count = product(count, group_.sizes_[rest]);
    return count;
  }

  const Group& group_;
  const std::size_t depth_;
  const Definition definition_;
  const Constraints constraints_;
  const Constraints::Plan plan_;
  Assignment assignment_;
  std::vector<std::uint64_t> choices_;                     ///< per level
  std::vector<std::vector<ChoiceTree::Branch>> branches_;  ///< per level, of the node being built
  std::vector<Level> levels_;
  ChoiceTree tree_;
  std::uint64_t steps_ = 0, most_steps_ = 0, known_ = 0;
  bool found_ = false;
};

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
  Search search(*this, order_.size());
  if (search.run(most_steps)) {
    begun_ = order_.size();
    if (search.found()) tree_ = search.take_tree();
    count_ = search.found() ? tree_.count() : 0;
  }
  trouble = search.trouble;
  if (!listed() || count_ == saturated) sample_beginnings(trouble);
}

// The longest beginnings that a tree can be built of: the fewer parameters are left to chance, the
// fewer samples are rejected.
void Group::sample_beginnings(Space::Trouble& trouble) {
  begun_ = 0;
  count_ = 0;
  tree_ = ChoiceTree();
  for (std::size_t depth = 1; depth < order_.size(); ++depth) {
    Search search(*this, depth);
    if (!search.run(most_beginning_steps)) break;
    trouble = search.trouble;
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
