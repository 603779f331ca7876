#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <future>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "engine/evaluator.h"

namespace evotune {

/// Candidates of one batch, rendered and compiled by `jobs` threads, handed over in the order
/// given. `aside`: all the time, also while the caller measures; else only while it waits for the
/// next.
class Preparation {
 public:
  Preparation(const Evaluator&, std::vector<Config>, int jobs, bool aside);
  ~Preparation();  ///< what is being compiled is waited for, no more is begun
  Preparation(const Preparation&) = delete;
  Preparation& operator=(const Preparation&) = delete;

  struct Ready {
    Candidate candidate;
    Seconds waited = 0;  ///< by the caller; its share where several were waited for
  };
  /// The next one. Throws what its compilation threw (DeviceLost).
  [[nodiscard]] Ready next();
  /// The one at this position instead, each once. Any thread; only where it compiles aside.
  [[nodiscard]] Candidate take(std::size_t position) { return coming_.at(position).get(); }
  /// How many next() will wait for.
  [[nodiscard]] std::size_t to_wait_for() const;

 private:
  [[nodiscard]] std::size_t next_group() const;
  void start_group(std::size_t threads);
  void work();

  const Evaluator& evaluator_;
  std::vector<Config> configs_;
  std::size_t jobs_;
  bool aside_;
  std::vector<std::promise<Candidate>> promises_;  ///< one for each configuration
  std::deque<std::future<Candidate>> coming_;      ///< of the group under way
  Seconds share_ = 0;                              ///< of the wait for this group, for each of it
  std::size_t end_ = 0;                            ///< of the group under way
  std::atomic<std::size_t> begun_{0};
  std::atomic<bool> closing_{false};
  std::vector<std::thread> threads_;
};

}  // namespace evotune
