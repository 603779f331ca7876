#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace evotune::cpu {

/// What each lane of a block's warps knows of the others: vector clocks. A lane's clock moves on
/// when it meets others; what it did before is known to those it met, and to whom they meet.
class WarpClocks {
 public:
  static constexpr unsigned lanes = 32, most_warps = 32;

  WarpClocks() : warps_(most_warps) {}

  void restart(unsigned warp_count) {
    for (unsigned w = 0; w < warp_count; ++w) {
      warps_[w].now.fill(1);
      for (Row& row : warps_[w].known) row.fill(0);
    }
  }

  [[nodiscard]] std::uint32_t now(unsigned warp, unsigned lane) const {
    return warps_[warp].now[lane];
  }
  /// Whether what `other` did at `clock` happens before what `lane` does now.
  [[nodiscard]] bool knows(unsigned warp, unsigned lane, unsigned other,
                           std::uint32_t clock) const {
    return clock <= warps_[warp].known[lane][other];
  }

  void meet(unsigned warp, std::uint32_t who) {
    Warp& here = warps_[warp];
    Row joined{};
    for_each(who, [&](unsigned lane) {
      for (unsigned i = 0; i < lanes; ++i) joined[i] = std::max(joined[i], here.known[lane][i]);
    });
    for_each(who, [&](unsigned lane) { joined[lane] = std::max(joined[lane], here.now[lane]++); });
    for_each(who, [&](unsigned lane) { here.known[lane] = joined; });
  }

 private:
  using Row = std::array<std::uint32_t, lanes>;
  struct Warp {
    Row now{};
    std::array<Row, lanes> known{};
  };
  template <typename F>
  static void for_each(std::uint32_t who, F act) {
    for (; who != 0; who &= who - 1) act(static_cast<unsigned>(__builtin_ctz(who)));
  }

  std::vector<Warp> warps_;
};

}  // namespace evotune::cpu
