#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/rng.h"
#include "space/constraints.h"
#include "space/space.h"

namespace evotune {

/// Saturating, as are all counts of a space.
[[nodiscard]] std::uint64_t product(std::uint64_t, std::uint64_t);

/// Parameters that constraints connect, and which of their combinations are valid. Groups know
/// nothing of each other: a Space is their product.
///
/// A combination's key is its rank among all combinations in lexical order, so a sorted list of
/// keys is at once the set, the order and the index. A group with too many valid combinations to
/// list keeps the list of valid beginnings instead, and samples by completing and rejecting.
class Group {
 public:
  Group(const Constraints&, const Definition&, std::vector<std::size_t> members, Space::Trouble&);

  [[nodiscard]] std::span<const std::size_t> members() const { return members_; }
  [[nodiscard]] bool listed() const { return kind_ != Kind::sampled; }
  [[nodiscard]] std::uint64_t count() const { return count_; }  ///< of the valid ones
  [[nodiscard]] std::uint64_t combinations() const { return combinations_; }
  [[nodiscard]] bool valid(const Config&) const;
  void sample(Rng&, Config&) const;

  /// Neighbouring keys, and so neighbouring indices. Only of listed groups.
  struct Range {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    [[nodiscard]] std::uint64_t size() const { return end - begin; }
  };
  [[nodiscard]] Range everything() const { return {0, count_}; }
  /// The choice of member number `member` in the combination with this index.
  [[nodiscard]] std::uint32_t choice(std::uint64_t index, std::size_t member) const;
  /// Those of a range whose choices up to and including this member are that of `index`.
  [[nodiscard]] Range narrowed(Range, std::uint64_t index, std::size_t member) const;

 private:
  enum class Kind : std::uint8_t { free, listed, sampled };
  struct Search;

  void list(const Constraints&, Space::Trouble&);
  void prepare_sampling(Search&);
  void estimate_count(std::uint64_t completions);
  [[nodiscard]] bool try_sample(Rng&, Config&, Assignment&) const;
  [[nodiscard]] bool holds(const Config&, Assignment&) const;
  [[nodiscard]] std::uint64_t key_at(std::uint64_t index) const;

  const Constraints& constraints_;
  std::vector<std::size_t> members_;
  std::vector<std::uint64_t> sizes_, strides_;  ///< per member
  Kind kind_ = Kind::free;
  std::uint64_t combinations_ = 1;
  std::uint64_t count_ = 0;
  std::vector<std::uint64_t> keys_;  ///< sorted; of combinations or, when sampled, of beginnings
  std::vector<std::size_t> order_;   ///< of binding, as member numbers
  std::size_t begun_ = 0;            ///< when sampled: how many of `order_` a beginning binds
  Constraints::Plan plan_;
};

}  // namespace evotune
