#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
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

  /// Clocks of all threads of a block. Copies share them until one is raised.
  class Far {
   public:
    [[nodiscard]] bool covers(unsigned thread, std::uint32_t clock) const {
      return clocks_ != nullptr && clock <= (*clocks_)[thread];
    }
    [[nodiscard]] bool shares(const Far& other) const { return clocks_ == other.clocks_; }
    [[nodiscard]] std::size_t bytes() const {
      return clocks_ == nullptr ? 0 : clocks_->size() * sizeof(std::uint32_t);
    }
    [[nodiscard]] std::uint32_t at(unsigned thread) const { return (*clocks_)[thread]; }
    void forget() { clocks_.reset(); }
    /// But for the warp that begins at `skipped`, whose clocks are kept elsewhere.
    void join(const Far& other, unsigned skipped = most_threads);
    /// The clocks of one warp of a block of so many threads.
    void raise(unsigned first, const Row& row, unsigned threads);

   private:
    void own(unsigned threads);
    std::shared_ptr<std::vector<std::uint32_t>> clocks_;  ///< by thread; null: nothing is known
  };

  /// What happened before a moment, for who hears of it later.
  struct Past {
    std::uint32_t epoch = 0, thread = 0;
    Row row{};
    Far far;
    [[nodiscard]] unsigned first() const { return thread / lanes * lanes; }
    [[nodiscard]] bool covers(const Moment& earlier) const {
      if (earlier.epoch != epoch) return earlier.epoch < epoch;
      if (earlier.thread / lanes == thread / lanes && earlier.clock <= row[earlier.thread % lanes])
        return true;
      return far.covers(earlier.thread, earlier.clock);
    }
    /// Whether it takes the place of `other`, of the same epoch. No is always right.
    [[nodiscard]] bool tells_all_of(const Past& other) const {
      return first() == other.first() && far.shares(other.far) &&
             std::equal(row.begin(), row.end(), other.row.begin(), std::greater_equal<>());
    }
    /// What a thread of the same block, of so many, knew in the same epoch.
    void add(const Past& other, unsigned threads) {
      far.join(other.far);
      if (first() == other.first()) return raise_row(row, other.row);
      far.raise(first(), row, threads);
      far.raise(other.first(), other.row, threads);
    }
  };

  ThreadClocks()
      : now_(most_threads), rows_(most_threads), taken_(most_threads), far_(most_threads) {}

  void restart(unsigned warp_count) {
    threads_ = warp_count * lanes;
    for (unsigned i = 0; i < threads_; ++i) {
      now_[i] = 1;
      rows_[i].fill(0);
      taken_[i].fill(0);
    }
    forget_far();
  }
  /// A barrier of the block orders all that anybody knew.
  void forget_far() {
    for (unsigned i = 0; some_are_far_ && i < most_threads; ++i) far_[i].forget();
    some_are_far_ = false;
  }

  [[nodiscard]] std::uint32_t now(unsigned thread) const { return now_[thread]; }
  /// Whether what `other` did at `clock` happens before what `thread` does now.
  [[nodiscard]] bool knows(unsigned thread, unsigned other, std::uint32_t clock) const {
    if (thread / lanes == other / lanes && clock <= rows_[thread][other % lanes]) return true;
    return far_[thread].covers(other, clock);
  }

  /// These lanes of a warp tell each other all.
  void meet(unsigned warp, std::uint32_t who) {
    const unsigned first = warp * lanes;
    Row joined{};
    for_each(who, [&](unsigned lane) { raise_row(joined, rows_[first + lane]); });
    for_each(who,
             [&](unsigned lane) { joined[lane] = std::max(joined[lane], now_[first + lane]++); });
    for_each(who, [&](unsigned lane) { rows_[first + lane] = joined; });
    if (!some_are_far_) return;
    Far far;
    for_each(who, [&](unsigned lane) { far.join(far_[first + lane]); });
    for_each(who, [&](unsigned lane) { far_[first + lane] = far; });
  }
  /// They hand each other values: what each was given is known, what else they did is not.
  void exchange(unsigned warp, std::uint32_t who) {
    const unsigned first = warp * lanes;
    Row given{};
    for_each(who, [&](unsigned lane) { given[lane] = now_[first + lane]++; });
    for_each(who, [&](unsigned lane) { raise_row(taken_[first + lane], given); });
  }
  /// Whether `other`, of the same warp, has handed over what it read at `clock` before now.
  [[nodiscard]] bool has_taken(unsigned thread, unsigned other, std::uint32_t clock) const {
    return thread / lanes == other / lanes && clock <= taken_[thread][other % lanes];
  }
  /// What has happened before now, as far as the thread knows.
  [[nodiscard]] Past past(unsigned thread, std::uint32_t epoch) const {
    Past past{epoch, thread, rows_[thread], far_[thread]};
    past.row[thread % lanes] = now_[thread];
    return past;
  }
  void tick(unsigned thread) { ++now_[thread]; }
  [[nodiscard]] unsigned threads() const { return threads_; }
  /// Adds it to what is written down for others.
  void note(const Past& past, Far& to) const {
    to.join(past.far);
    to.raise(past.first(), past.row, threads_);
  }
  void learn(unsigned thread, const Far& written) {
    const unsigned first = thread / lanes * lanes;
    for (unsigned i = 0; i < lanes && written.bytes() != 0; ++i)
      rows_[thread][i] = std::max(rows_[thread][i], written.at(first + i));
    far_[thread].join(written, first);
    some_are_far_ = some_are_far_ || far_[thread].bytes() != 0;
  }
  void learn(unsigned thread, const Past& past) {
    learn(thread, past.far);
    if (past.first() == thread / lanes * lanes) return raise_row(rows_[thread], past.row);
    far_[thread].raise(past.first(), past.row, threads_);
    some_are_far_ = true;
  }

 private:
  template <typename F>
  static void for_each(std::uint32_t who, F act) {
    for (; who != 0; who &= who - 1) act(static_cast<unsigned>(__builtin_ctz(who)));
  }
  static void raise_row(Row& to, const Row& from) {
    for (std::size_t i = 0; i < lanes; ++i) to[i] = std::max(to[i], from[i]);
  }

  unsigned threads_ = 0;
  std::vector<std::uint32_t> now_;
  std::vector<Row> rows_;   ///< of each thread, what it knows of its warp
  std::vector<Row> taken_;  ///< of each thread, until when it was handed what others have read
  std::vector<Far> far_;    ///< of each thread, what it knows of other warps
  bool some_are_far_ = false;
};

inline void ThreadClocks::Far::own(unsigned threads) {
  if (clocks_ == nullptr)
    clocks_ = std::make_shared<std::vector<std::uint32_t>>(threads);
  else if (clocks_.use_count() != 1)
    clocks_ = std::make_shared<std::vector<std::uint32_t>>(*clocks_);
}

inline void ThreadClocks::Far::join(const Far& other, unsigned skipped) {
  if (other.clocks_ == nullptr || clocks_ == other.clocks_) return;
  const auto count = static_cast<unsigned>(other.clocks_->size());
  bool tells = false, misses = false;
  const auto look = [&](unsigned from, unsigned to) {
    for (unsigned i = from; i < to; ++i) {
      const std::uint32_t mine = clocks_ == nullptr ? 0 : (*clocks_)[i];
      tells |= (*other.clocks_)[i] > mine;
      misses |= (*other.clocks_)[i] < mine;
    }
  };
  look(0, std::min(skipped, count));
  look(std::min(skipped + lanes, count), count);
  if (!tells) return;
  if (!misses) {
    clocks_ = other.clocks_;
    return;
  }
  own(count);
  for (unsigned i = 0; i < count; ++i) (*clocks_)[i] = std::max((*clocks_)[i], (*other.clocks_)[i]);
}

inline void ThreadClocks::Far::raise(unsigned first, const Row& row, unsigned threads) {
  bool tells = clocks_ == nullptr;
  for (unsigned i = 0; i < lanes && !tells; ++i) tells = row[i] > (*clocks_)[first + i];
  if (!tells) return;
  own(threads);
  for (unsigned i = 0; i < lanes; ++i)
    (*clocks_)[first + i] = std::max((*clocks_)[first + i], row[i]);
}

}  // namespace evotune::cpu
