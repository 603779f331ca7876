#include "space/tree_search.h"

#include <algorithm>
#include <bit>
#include <set>
#include <utility>

namespace evotune {
namespace {

constexpr std::size_t most_known = 300'000;  // of the subtrees to remember: 50 MB

void append(std::string& key, const Scalar& value) {
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

}  // namespace

TreeSearch::TreeSearch(const Constraints& written, std::span<const std::size_t> order,
                       std::span<const std::uint64_t> sizes, std::size_t depth)
    : written_(written),
      order_(order.begin(), order.end()),
      sizes_(sizes.begin(), sizes.end()),
      depth_(depth),
      definition_(written.in_stages(order_)),
      constraints_(definition_),
      plan_(constraints_.plan(order_)),
      assignment_(constraints_.blank()),
      choices_(order_.size(), 0),
      branches_(depth),
      tree_({order.begin(), order.begin() + static_cast<std::ptrdiff_t>(depth)}) {
  find_levels();
}

bool TreeSearch::run(std::uint64_t most_steps) {
  most_steps_ = most_steps;
  const std::optional<Subtree> root = subtree(0);
  if (!root) return false;
  trouble_.count = root->trouble;
  found_ = root->node.has_value();
  if (found_) tree_.set_root(*root->node);
  return true;
}

void TreeSearch::find_levels() {
  const std::size_t parameters = definition_.parameters.size();
  std::vector<std::size_t> known_after(parameters + definition_.lets.size(), 0);
  for (std::size_t at = 0; at < depth_; ++at) {
    known_after[order_[at]] = at;
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
    before.push_back(order_[at - 1]);
    std::sort(before.begin(), before.end());
    const std::vector<std::size_t>& now = levels_[at].live;
    levels_[at].repeats = !std::includes(now.begin(), now.end(), before.begin(), before.end());
  }
}

std::string TreeSearch::key(const Level& level) const {
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

std::optional<TreeSearch::Subtree> TreeSearch::subtree(std::size_t at) {
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

std::optional<TreeSearch::Subtree> TreeSearch::expanded(std::size_t at) {
  Subtree built;
  std::vector<ChoiceTree::Branch>& branches = branches_[at];
  branches.clear();
  for (std::uint64_t choice = 0; choice < sizes_[at]; ++choice) {
    if (++steps_ > most_steps_) return std::nullopt;
    choices_[at] = choice;
    constraints_.set(assignment_, order_[at], choice);
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

Verdict TreeSearch::verdict_at(std::size_t at) {
  for (const Constraints::Step& step : plan_[at]) {
    const Verdict verdict = constraints_.run(step, assignment_);
    if (verdict == Verdict::errs && trouble_.first.empty()) explain_error(at);
    if (verdict != Verdict::holds) return verdict;
  }
  return Verdict::holds;
}

// In the words of the space file, which knows of no parts.
void TreeSearch::explain_error(std::size_t at) {
  const Constraints::Plan plan = written_.plan(order_);
  Assignment assignment = written_.blank();
  for (std::size_t bound = 0; bound <= at; ++bound)
    written_.set(assignment, order_[bound], choices_[bound]);
  for (std::size_t bound = 0; bound <= at; ++bound)
    for (const Constraints::Step& step : plan[bound])
      if (written_.run(step, assignment) == Verdict::errs) {
        trouble_.first = written_.explain_error(step, assignment);
        return;
      }
}

std::uint64_t TreeSearch::combinations_below(std::size_t at) const {
  std::uint64_t count = 1;
  for (std::size_t rest = at + 1; rest < sizes_.size(); ++rest)
    count = product(count, sizes_[rest]);
  return count;
}

}  // namespace evotune
