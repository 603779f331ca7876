#include "device/cpu/block_queue.h"

#include <algorithm>
#include <ctime>
#include <utility>

namespace evotune::cpu {

BlockQueue::BlockQueue(std::uint64_t blocks) : blocks_(blocks) {
  for (std::atomic<std::uint64_t>& one : at_) one = none;
}

std::uint64_t BlockQueue::take(unsigned runner) {
  std::uint64_t mine = none;
  if (!pause_at_ || monotonic_seconds() < *pause_at_) mine = next_++;
  if (mine >= blocks_ || mine > ended_at_) mine = none;
  at_[runner] = mine;
  return mine;
}

void BlockQueue::end(unsigned runner, std::string why) {
  const std::scoped_lock lock(ending_);
  if (at_[runner] > ended_at_) return;
  why_ = std::move(why);
  ended_at_ = at_[runner].load();
}

std::uint64_t BlockQueue::left() const { return blocks_ - std::min(next_.load(), blocks_); }

bool BlockQueue::is_first_to_fail(unsigned runner) const {
  const std::uint64_t mine = at_[runner];
  const auto is_lower = [mine](std::uint64_t block) { return block < mine; };
  while (std::any_of(at_.begin(), at_.end(), is_lower) && !is_lower(ended_at_)) {
    constexpr timespec moment{0, 50'000};
    nanosleep(&moment, nullptr);
  }
  return !is_lower(ended_at_);
}

}  // namespace evotune::cpu
