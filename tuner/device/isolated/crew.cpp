#include "device/isolated/crew.h"

#include <utility>

#include "base/errors.h"

namespace evotune {
namespace {

constexpr int failures_that_end_it = 3;

}  // namespace

Result<std::unique_ptr<Worker>> Crew::hire() {
  Result<std::unique_ptr<Worker>> worker = Worker::start(spawner_, options_.start_limit);
  if (worker)
    failures_ = 0;
  else if (++failures_ >= failures_that_end_it)
    throw DeviceLost("no worker can be started: " + worker.error().message);
  return worker;
}

Result<std::unique_ptr<Worker>> CompilePool::take() {
  {
    const std::lock_guard lock(mutex_);
    while (!idle_.empty()) {
      std::unique_ptr<Worker> worker = std::move(idle_.back());
      idle_.pop_back();
      if (worker->usable()) return worker;
    }
  }
  return crew_->hire();
}

void CompilePool::add(std::unique_ptr<Worker> worker) {
  if (!worker->usable()) return;
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(worker));
}

Result<Compiled> CompilePool::compile(const Source& source) {
  Result<std::unique_ptr<Worker>> worker = take();
  if (!worker) return worker.error();
  Result<Compiled> compiled = (*worker)->ask<Compiled>(message_of(MessageKind::compile, source),
                                                       crew_->options().compile_limit, "compiling");
  add(*std::move(worker));
  return compiled;
}

Result<Worker*> Lane::worker() {
  if (Worker* present = this->present()) return present;
  worker_.reset();  // the old one first: two of them may not fit the device
  Result<std::unique_ptr<Worker>> fresh = crew_->hire();
  if (!fresh) return fresh.error();
  worker_ = *std::move(fresh);
  ++generation_;
  return worker_.get();
}

Worker* Lane::present() const {
  return worker_ != nullptr && worker_->usable() ? worker_.get() : nullptr;
}

}  // namespace evotune
