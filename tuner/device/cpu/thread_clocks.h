#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace evotune::cpu {

/// A moment in a thread's life: what barriers its block had passed orders it against the rest of
/// the block, within these its own clock does.
struct Moment {
  std::uint32_t block = 0, epoch = 0, thread = 0, clock = 0;
};

/// What each thread of a block knows of the others between two barriers of the block: vector
/// clocks. A thread's clock moves on when it tells others; what it did before is known to those it
/// told, and to whom they tell. Of their own warp all threads know something, of other warps only
/// those that met a part of the block.
class ThreadClocks {
 public:
  static constexpr unsigned lanes = 32, most_threads = 1024;
  using Row = std::array<std::uint32_t, lanes>;
  using Far = std::vector<std::uint32_t>;  ///< by thread; empty: nothing is known

  /// What happened before a moment, for who hears of it later.
  struct Past {
    std::uint32_t epoch = 0, thread = 0;
    Row row{};
    Far far;
    [[nodiscard]] bool covers(const Moment& earlier) const {
      if (earlier.epoch != epoch) return earlier.epoch < epoch;
      if (earlier.thread / lanes == thread / lanes && earlier.clock <= row[earlier.thread % lanes])
        return true;
      return !far.empty() && earlier.clock <= far[earlier.thread];
    }
    /// What a thread of the same warp knew in the same epoch.
    void add(const Past& other) {
      raise(row, other.row);
      join(far, other.far);
    }
  };

  ThreadClocks() : now_(most_threads), rows_(most_threads), far_(most_threads) {}

  void restart(unsigned warp_count) {
    threads_ = warp_count * lanes;
    for (unsigned i = 0; i < threads_; ++i) {
      now_[i] = 1;
      rows_[i].fill(0);
    }
    forget_far();
  }
  /// A barrier of the block orders all that anybody knew.
  void forget_far() {
    for (unsigned i = 0; some_are_far_ && i < most_threads; ++i) far_[i].clear();
    some_are_far_ = false;
  }

  [[nodiscard]] std::uint32_t now(unsigned thread) const { return now_[thread]; }
  /// Whether what `other` did at `clock` happens before what `thread` does now.
  [[nodiscard]] bool knows(unsigned thread, unsigned other, std::uint32_t clock) const {
    if (thread / lanes == other / lanes && clock <= rows_[thread][other % lanes]) return true;
    return !far_[thread].empty() && clock <= far_[thread][other];
  }

  /// These lanes of a warp tell each other all.
  void meet(unsigned warp, std::uint32_t who) {
    const unsigned first = warp * lanes;
    Row joined{};
    for_each(who, [&](unsigned lane) { raise(joined, rows_[first + lane]); });
    for_each(who,
             [&](unsigned lane) { joined[lane] = std::max(joined[lane], now_[first + lane]++); });
    for_each(who, [&](unsigned lane) { rows_[first + lane] = joined; });
    if (!some_are_far_) return;
    Far far;
    for_each(who, [&](unsigned lane) { join(far, far_[first + lane]); });
    for_each(who, [&](unsigned lane) { far_[first + lane] = far; });
  }
  /// What has happened before now, as far as the thread knows.
  [[nodiscard]] Past past(unsigned thread, std::uint32_t epoch) const {
    Past past{epoch, thread, rows_[thread], far_[thread]};
    past.row[thread % lanes] = now_[thread];
    return past;
  }
  void tick(unsigned thread) { ++now_[thread]; }
  /// Adds it to what is written down for others.
  static void note(const Past& past, Far& to) {
    join(to, past.far);
    to.resize(most_threads);
    const unsigned first = past.thread / lanes * lanes;
    for (unsigned i = 0; i < lanes; ++i) to[first + i] = std::max(to[first + i], past.row[i]);
  }
  void learn(unsigned thread, const Far& written) {
    join(far_[thread], written);
    some_are_far_ = some_are_far_ || !written.empty();
  }

 private:
  template <typename F>
  static void for_each(std::uint32_t who, F act) {
    for (; who != 0; who &= who - 1) act(static_cast<unsigned>(__builtin_ctz(who)));
  }
  template <typename Clocks>
  static void raise(Clocks& to, const Clocks& from) {
    for (std::size_t i = 0; i < from.size(); ++i) to[i] = std::max(to[i], from[i]);
  }
  static void join(Far& to, const Far& from) {
    if (to.empty())
      to = from;
    else
      raise(to, from);
  }

  unsigned threads_ = 0;
  std::vector<std::uint32_t> now_;
  std::vector<Row> rows_;  ///< of each thread, what it knows of its warp
  std::vector<Far> far_;   ///< of each thread, what it knows of all
  bool some_are_far_ = false;
};

}  // namespace evotune::cpu
