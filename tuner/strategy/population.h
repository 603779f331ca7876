#pragma once

#include <span>
#include <vector>

#include "outcome/individual.h"

namespace evotune {

struct Member {
  Config config;
  Score score;
};

/// All that was told, best first; of equals the earlier one.
class Population {
 public:
  void insert(std::span<const Individual>);

  [[nodiscard]] std::size_t size() const { return members_.size(); }
  [[nodiscard]] const Member& operator[](std::size_t rank) const { return members_[rank]; }
  [[nodiscard]] const std::vector<Member>& members() const { return members_; }
  /// Whether there is anything right, so anything to breed from or to climb from.
  [[nodiscard]] bool right() const { return !members_.empty() && members_.front().score.passed; }
  /// The part of all that is better than this score: 0 is the best, 1 the worst there is.
  [[nodiscard]] double place(const Score&) const;

 private:
  std::vector<Member> members_;
};

}  // namespace evotune
