#include "space/group.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/text.h"

namespace evotune {
namespace {

constexpr std::uint64_t most_listed = 5'000'000;
constexpr std::uint64_t most_steps = 30'000'000;  // seconds of work; beyond it, sampling has to do
constexpr int most_tries = 1'000'000;             // of completing a beginning
constexpr int estimate_tries = 20'000;
constexpr std::uint64_t saturated = std::numeric_limits<std::uint64_t>::max();

std::uint64_t saturating_sum(std::uint64_t a, std::uint64_t b) {
  return a > saturated - b ? saturated : a + b;
}

}  // namespace

std::uint64_t product(std::uint64_t a, std::uint64_t b) {
  return b != 0 && a > saturated / b ? saturated : a * b;
}

/// Binds the parameters one by one, in `order_`, and collects the keys of what holds at `depth`.
struct Group::Search {
  Group& group;
  const Constraints& constraints;
  Assignment assignment;
  std::size_t depth = 0;  ///< how many parameters to bind
  std::uint64_t steps = 0;
  Space::Trouble trouble{};

  /// False if there are too many, or it takes too long.
  bool run(std::size_t at, std::uint64_t key) {
    if (at == depth) {
      if (group.keys_.size() >= most_listed) return false;
      group.keys_.push_back(key);
      return true;
    }
    const std::size_t member = group.order_[at];
    for (std::uint64_t choice = 0; choice < group.sizes_[member]; ++choice) {
      if (++steps > most_steps) return false;
      constraints.set(assignment, group.members_[member], choice);
      if (holds_at(at) && !run(at + 1, key + choice * group.strides_[member])) return false;
    }
    return true;
  }

  bool holds_at(std::size_t at) {
    for (const Constraints::Step& step : group.plan_[at]) {
      const Verdict verdict = constraints.run(step, assignment);
      if (verdict == Verdict::errs) note_error(step, at);
      if (verdict != Verdict::holds) return false;
    }
    return true;
  }

  void note_error(const Constraints::Step& step, std::size_t at) {
    if (trouble.first.empty()) trouble.first = constraints.explain_error(step, assignment);
    std::uint64_t excluded = 1;
    for (std::size_t rest = at + 1; rest < group.order_.size(); ++rest)
      excluded = product(excluded, group.sizes_[group.order_[rest]]);
    trouble.count = saturating_sum(trouble.count, excluded);
  }
};

Group::Group(const Constraints& constraints, const Definition& definition,
             std::vector<std::size_t> members, Space::Trouble& trouble)
    : constraints_(constraints), members_(std::move(members)) {
  for (const std::size_t member : members_)
    sizes_.push_back(definition.parameters[member].values.size());
  strides_.assign(members_.size(), 1);
  for (std::size_t i = members_.size() - 1; i-- > 0;)
    strides_[i] = product(strides_[i + 1], sizes_[i + 1]);
  const std::vector<std::size_t> order = constraints.binding_order(members_);
  for (const std::size_t parameter : order)
    order_.push_back(static_cast<std::size_t>(
        std::lower_bound(members_.begin(), members_.end(), parameter) - members_.begin()));
  plan_ = constraints.plan(order);
  combinations_ = product(strides_.front(), sizes_.front());
  const bool unconstrained =
      members_.size() == 1 &&
      std::all_of(plan_.begin(), plan_.end(), [](const auto& steps) { return steps.empty(); });
  count_ = sizes_.front();
  if (!unconstrained) list(constraints, trouble);
}

void Group::list(const Constraints& constraints, Space::Trouble& trouble) {
  Search search{*this, constraints, constraints.blank(), order_.size(), 0};
  if (combinations_ != saturated && search.run(0, 0)) {
    kind_ = Kind::listed;
    if (!std::is_sorted(order_.begin(), order_.end())) std::sort(keys_.begin(), keys_.end());
    keys_.shrink_to_fit();
    count_ = keys_.size();
  } else {
    kind_ = Kind::sampled;
    prepare_sampling(search);
  }
  trouble = search.trouble;
}

// The longest beginnings that can be listed: the fewer parameters are left to chance, the fewer
// samples are rejected. Their keys count the first parameter bound fastest, so that a key means the
// same at every length.
void Group::prepare_sampling(Search& search) {
  std::uint64_t stride = 1;
  for (const std::size_t member : order_) {
    strides_[member] = stride;
    stride = product(stride, sizes_[member]);
  }
  keys_ = {0};
  search.trouble = {};
  for (begun_ = 0; begun_ + 1 < order_.size() && !keys_.empty(); ++begun_) {
    const std::size_t next = order_[begun_];
    if (product(strides_[next], sizes_[next]) == saturated) break;
    std::vector<std::uint64_t> shorter = std::exchange(keys_, {});
    const Space::Trouble met = std::exchange(search.trouble, {});
    search.depth = begun_ + 1;
    search.steps = 0;
    if (search.run(0, 0)) continue;
    keys_ = std::move(shorter);
    search.trouble = met;
    break;
  }
  std::uint64_t completions = 1;
  for (std::size_t at = begun_; at < order_.size(); ++at)
    completions = product(completions, sizes_[order_[at]]);
  count_ = 0;
  if (!keys_.empty()) estimate_count(completions);
}

void Group::estimate_count(std::uint64_t completions) {
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
      static_cast<double>(keys_.size()) * static_cast<double>(completions) * accepted / tried;
  count_ = accepted == 0        ? 0
           : estimate >= 0x1p63 ? saturated
                                : std::max<std::uint64_t>(1, static_cast<std::uint64_t>(estimate));
}

bool Group::try_sample(Rng& rng, Config& config, Assignment& assignment) const {
  const std::uint64_t key = keys_[rng.below(keys_.size())];
  for (std::size_t at = 0; at < order_.size(); ++at) {
    const std::size_t member = order_[at];
    const std::uint64_t choice =
        at < begun_ ? key / strides_[member] % sizes_[member] : rng.below(sizes_[member]);
    config.choice[members_[member]] = static_cast<std::uint32_t>(choice);
  }
  return holds(config, assignment);
}

bool Group::holds(const Config& config, Assignment& assignment) const {
  for (const std::size_t member : members_)
    constraints_.set(assignment, member, config.choice[member]);
  const Constraints::Step* guilty = nullptr;
  return constraints_.run(plan_, assignment, guilty) == Verdict::holds;
}

bool Group::valid(const Config& config) const {
  if (kind_ == Kind::free) return true;
  if (kind_ == Kind::sampled) {
    Assignment assignment = constraints_.blank();
    return holds(config, assignment);
  }
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < members_.size(); ++i) key += config.choice[members_[i]] * strides_[i];
  return std::binary_search(keys_.begin(), keys_.end(), key);
}

void Group::sample(Rng& rng, Config& config) const {
  if (listed()) {
    const std::uint64_t index = rng.below(count_);
    for (std::size_t i = 0; i < members_.size(); ++i) config.choice[members_[i]] = choice(index, i);
    return;
  }
  Assignment assignment = constraints_.blank();
  for (int tries = 0; tries < most_tries; ++tries)
    if (try_sample(rng, config, assignment)) return;
  throw UserError(fmt::format("no valid configuration found in {} tries", most_tries),
                  "the space is too large to list and valid configurations are too rare in it; "
                  "give some parameters fewer values");
}

std::uint64_t Group::key_at(std::uint64_t index) const {
  return kind_ == Kind::free ? index : keys_[index];
}

std::uint32_t Group::choice(std::uint64_t index, std::size_t member) const {
  return static_cast<std::uint32_t>(key_at(index) / strides_[member] % sizes_[member]);
}

Group::Range Group::narrowed(Range range, std::uint64_t index, std::size_t member) const {
  if (kind_ == Kind::free) return {index, index + 1};
  const std::uint64_t stride = strides_[member];
  const std::uint64_t first = keys_[index] - keys_[index] % stride;
  const auto at = [&](std::uint64_t i) { return keys_.begin() + static_cast<std::ptrdiff_t>(i); };
  const auto begin = std::lower_bound(at(range.begin), at(range.end), first);
  const auto end = std::lower_bound(begin, at(range.end), first + stride);
  return {static_cast<std::uint64_t>(begin - keys_.begin()),
          static_cast<std::uint64_t>(end - keys_.begin())};
}

}  // namespace evotune
