#include "engine/preparation.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace evotune {
namespace {

constexpr std::size_t most_waited_for = 8;  // small enough for Ctrl-C to be heard between

}  // namespace

Preparation::Preparation(const Evaluator& evaluator, std::vector<Config> configs, int jobs,
                         bool aside)
    : evaluator_(evaluator),
      configs_(std::move(configs)),
      jobs_(static_cast<std::size_t>(std::max(1, jobs))),
      aside_(aside),
      promises_(configs_.size()) {
  if (aside_) start_group(jobs_);
}

Preparation::~Preparation() {
  closing_ = true;
  for (std::thread& one : threads_) one.join();
}

std::size_t Preparation::next_group() const {
  const std::size_t left = configs_.size() - end_;
  return aside_ ? left : std::min(left, most_waited_for);
}

void Preparation::start_group(std::size_t threads) {
  begun_ = end_;
  for (const std::size_t end = end_ + next_group(); end_ < end; ++end_)
    coming_.push_back(promises_[end_].get_future());
  for (std::size_t i = 0; i < std::min(threads, coming_.size()); ++i)
    threads_.emplace_back([this] { work(); });
}

void Preparation::work() {
  for (std::size_t i = begun_++; i < end_ && !closing_; i = begun_++) try {
      promises_[i].set_value(evaluator_.prepare(configs_[i]));
    } catch (...) {
      promises_[i].set_exception(std::current_exception());
    }
}

std::size_t Preparation::to_wait_for() const {
  if (coming_.empty()) return next_group();
  return coming_.front().wait_for(std::chrono::seconds(0)) == std::future_status::ready ? 0 : 1;
}

Preparation::Ready Preparation::next() {
  const Seconds begun = monotonic_seconds();
  if (coming_.empty()) {
    start_group(jobs_ - 1);
    work();
    for (std::thread& one : threads_) one.join();
    threads_.clear();
    share_ = (monotonic_seconds() - begun) / static_cast<double>(coming_.size());
  }
  std::future<Candidate> first = std::move(coming_.front());
  coming_.pop_front();
  Candidate candidate = first.get();
  return {std::move(candidate), aside_ ? monotonic_seconds() - begun : share_};
}

}  // namespace evotune
