#include "device/isolated/crew.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/errors.h"
#include "device/isolated/canary.h"

namespace evotune {
namespace {

constexpr int failures_that_end_it = 3;
constexpr std::size_t most_logged = std::size_t{1} << 20;

std::uint64_t physical_memory() {
  return static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) *
         static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

Result<std::unique_ptr<Worker>> Crew::hire() try {
  Result<std::unique_ptr<Worker>> worker = Worker::start(
      spawner_, options_.start_limit,
      options_.log ? [this](const std::string& output) { log(output); } : WorkerLog());
  if (worker) {
    failures_ = 0;
    hired_ = true;
  } else if (++failures_ >= failures_that_end_it) {
    throw DeviceLost("no worker can be started: " + worker.error().message);
  }
  return worker;
} catch (const UserError& why) {
  if (!hired_) throw;
  // What was there once is nobody's mistake when it is gone: a GPU that fell off the bus.
  throw DeviceLost(std::string("no worker can be started: ") + why.what());
}

void Crew::log(const std::string& output) {
  const std::lock_guard lock(logging_);
  if (logged_ > most_logged) return;
  logged_ += output.size();
  options_.log(logged_ > most_logged ? "workers print more than is shown\n" : output);
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
  Result<std::unique_ptr<Worker>> worker = crew_->hire();
  if (worker) (*worker)->limit_memory(crew_->options().compile_bytes);
  return worker;
}

Seconds CompilePool::limit() const {
  const IsolatedDeviceOptions& options = crew_->options();
  if (took_.empty()) return options.compile_limit;
  const Seconds most_take = took_[took_.size() * 9 / 10];
  return std::min(options.compile_limit, std::max(options.least_compile_limit, 3 * most_take));
}

void CompilePool::add(std::unique_ptr<Worker> worker) {
  if (!worker->usable()) return;
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(worker));
}

Result<Compiled> CompilePool::compile(const Source& source) {
  Result<std::unique_ptr<Worker>> worker = take();
  if (!worker) return worker.error();
  Seconds limit = 0;
  {
    const std::lock_guard lock(mutex_);
    limit = this->limit();
  }
  const Seconds begun = monotonic_seconds();
  Result<Compiled> compiled =
      (*worker)->ask<Compiled>(message_of(MessageKind::compile, source), limit, "compiling");
  const Seconds took = monotonic_seconds() - begun;
  add(*std::move(worker));
  if (compiled) {
    const std::lock_guard lock(mutex_);
    took_.insert(std::upper_bound(took_.begin(), took_.end(), took), took);
  }
  return compiled;
}

Result<Worker*> Lane::worker() {
  if (Worker* present = this->present()) return present;
  if (worker_ != nullptr) suspicious_ = true;
  worker_.reset();  // the old one first: two of them may not fit the device
  Result<std::unique_ptr<Worker>> fresh = crew_->hire();
  if (!fresh) return fresh.error();
  (*fresh)->limit_memory(options().run_bytes != 0 ? options().run_bytes : physical_memory());
  if (suspicious_)
    if (auto failure = fault_of_machine(**fresh)) return *std::move(failure);
  suspicious_ = false;
  worker_ = *std::move(fresh);
  ++generation_;
  return worker_.get();
}

std::optional<Failure> Lane::fault_of_machine(Worker& worker) {
  if (!canary_) {
    Result<Compiled> compiled = compilers_->compile(canary());
    if (!compiled)
      return Failure{Stage::infrastructure,
                     "a kernel that always works does not compile: " + compiled.error().message};
    canary_ = *std::move(compiled);
  }
  return fails_canary(worker, *canary_, options());
}

void Lane::renew_for(const std::string& build_id) {
  kernels_.insert(build_id);
  if (kernels_.size() <= options().kernels_per_worker) return;
  worker_.reset();
  kernels_ = {build_id};
}

Worker* Lane::present() const {
  return worker_ != nullptr && worker_->usable() ? worker_.get() : nullptr;
}

}  // namespace evotune
