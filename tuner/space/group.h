#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/rng.h"
#include "space/choice_tree.h"
#include "space/constraints.h"
#include "space/space.h"

namespace evotune {

/// Parameters that constraints connect, and which of their combinations are valid. Groups know
/// nothing of each other: a Space is their product.
///
/// The tree of valid combinations is built by binding one parameter after the other, checking every
/// constraint as soon as its last parameter is bound. What follows depends on those parameters
/// only that later constraints name; where they agree, the subtree is the same and built once. A
/// group for which even that is too much keeps the tree of valid beginnings instead, and samples by
/// completing and rejecting.
class Group {
 public:
  Group(const Constraints&, const Definition&, std::vector<std::size_t> members, Space::Trouble&);
  /// Of all parameters, with these valid combinations whatever the constraints say.
  Group(const Constraints&, ChoiceTree);

  [[nodiscard]] std::span<const std::size_t> members() const { return members_; }
  [[nodiscard]] bool listed() const { return begun_ == order_.size(); }
  [[nodiscard]] std::uint64_t count() const { return count_; }  ///< of the valid ones
  [[nodiscard]] std::uint64_t combinations() const { return combinations_; }
  [[nodiscard]] bool valid(const Config&) const;
  /// Makes the members those of the index-th valid combination. Only of listed groups.
  void choose(std::uint64_t index, Config& config) const { tree_.choose(index, config); }
  void sample(Rng&, Config&) const;
  [[nodiscard]] std::size_t bytes() const { return tree_.bytes(); }

 private:
  void sample_beginnings(Space::Trouble&);
  void estimate_count();
  [[nodiscard]] bool try_sample(Rng&, Config&, Assignment&) const;
  [[nodiscard]] bool holds(const Config&, Assignment&) const;

  const Constraints& constraints_;
  std::vector<std::size_t> members_, order_;  ///< ascending, and as they are bound
  std::vector<std::uint64_t> sizes_;          ///< as they are bound
  Constraints::Plan plan_;
  std::uint64_t combinations_ = 1;
  std::uint64_t count_ = 0;
  std::size_t begun_ = 0;  ///< how many parameters the tree binds
  ChoiceTree tree_;
};

}  // namespace evotune
