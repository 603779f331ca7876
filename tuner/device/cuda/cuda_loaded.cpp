#include "device/cuda/cuda_loaded.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "base/clock.h"

namespace evotune {
namespace {

/// From here on a launch is so short that the two events around it cost too large a part of it.
constexpr int fewest_replayed = 16;
/// What a replay's copies of the arguments may take, unless an eighth of the GPU's memory is less.
constexpr std::size_t most_copied = std::size_t{2} << 30;
constexpr int empty_starts = 5;
/// A sample that the GPU took slowed down is taken again, so often and after this.
constexpr int most_tries = 3;
constexpr std::chrono::milliseconds pause(20);

}  // namespace

CudaLoaded::CudaLoaded(std::shared_ptr<CudaContext> context, std::unique_ptr<CudaModule> module,
                       const Launch& launch, const Workload& workload,
                       std::shared_ptr<CudaInputs> inputs)
    : context_(std::move(context)),
      module_(std::move(module)),
      launch_(launch),
      workload_(workload),
      inputs_(std::move(inputs)),
      arguments_(*context_, *module_, workload, inputs_, 1),
      events_(*context_) {
  events_.make_room(2);
}

/// By what the baseline shares with the candidate, and by nothing that the two may differ in.
bool CudaLoaded::is_replayed(const Run& run) const {
  const auto copies = static_cast<std::size_t>(run.launches);
  return run.launches >= fewest_replayed && CudaArguments::bytes_of(workload_, copies) <=
                                                std::min(most_copied, context_->total_bytes() / 8);
}

Result<Sample> CudaLoaded::run(const Run& run) {
  if (run.input_set >= workload_.input_sets.size() || run.launches < 1)
    return Failure{Stage::infrastructure,
                   fmt::format("a run of {} launches on input set {} of {} was asked for",
                               run.launches, run.input_set, workload_.input_sets.size())};
  return judged_by_code<Sample>([&]() -> Result<Sample> {
    std::string slowdown;
    for (int tries = 0; tries < most_tries; ++tries) {
      if (tries > 0) std::this_thread::sleep_for(pause);
      Result<Sample> sample = run_once(run);
      if (!sample || !run.flush) return sample;
      const GpuClocks::Reading clocks = context_->clocks().read();
      sample->clock_hz = clocks.hz;
      slowdown = clocks.slowdown;
      if (slowdown.empty()) return sample;
    }
    return Failure{
        Stage::infrastructure,
        fmt::format("the GPU has slowed itself down ({}): its times say nothing", slowdown)};
  });
}

Result<Sample> CudaLoaded::run_once(const Run& run) {
  last_run_ = nullptr;
  const Sample sample = is_replayed(run) ? replay(run) : launch_one_by_one(run);
  inputs_compared_ = run.launches == 1 && !run.flush;  // else when the answer is read
  if (auto failure = find_damage()) return *std::move(failure);
  return sample;
}

/// Flushing takes the GPU longer than the host needs to queue what follows it: so the launch lies
/// ready when its turn comes, and the events stand right around it.
Sample CudaLoaded::launch_one_by_one(const Run& run) {
  const auto launches = static_cast<std::size_t>(run.launches);
  events_.make_room(2 * launches);
  arguments_.prepare(run);
  context_->synchronise();  // copying and poisoning is on no clock
  if (run.flush) context_->forget_persisting_lines();
  const Seconds host_start = monotonic_seconds();
  for (std::size_t i = 0; i < launches; ++i) {
    if (i > 0) arguments_.poison(run);  // else a kernel that finds its answer there could go home
    if (run.flush) context_->flush();
    events_.record(2 * i);
    module_->launch(launch_, arguments_.pointers(0));
    events_.record(2 * i + 1);
  }
  events_.wait(2 * launches - 1, run.limit);
  context_->synchronise();
  Seconds launched = 0;
  for (std::size_t i = 0; i < launches; ++i) launched += events_.between(2 * i, 2 * i + 1);
  last_run_ = &arguments_;
  return {launched / run.launches, monotonic_seconds() - host_start};
}

Sample CudaLoaded::replay(const Run& run) {
  const auto launches = static_cast<std::size_t>(run.launches);
  if (rehearsed_ == nullptr || rehearsed_->arguments.copies() != launches) {
    rehearsed_.reset();
    rehearsed_.reset(
        new Rehearsed{{*context_, *module_, workload_, inputs_, launches}, nullptr, {}});
  }
  CudaArguments& arguments = rehearsed_->arguments;
  arguments.prepare(run);
  if (rehearsed_->replay == nullptr || rehearsed_->scalars != arguments.scalars()) record(run);
  const Seconds nothing = time_of_nothing();
  context_->synchronise();
  if (run.flush) context_->forget_persisting_lines();
  const Seconds host_start = monotonic_seconds();
  if (run.flush) context_->flush();
  events_.record(0);
  rehearsed_->replay->start();
  events_.record(1);
  events_.wait(1, run.limit);
  context_->synchronise();
  const Seconds launched = events_.between(0, 1);
  last_run_ = &arguments;
  return {std::max(launched - nothing, launched / 2) / run.launches,
          monotonic_seconds() - host_start};
}

void CudaLoaded::record(const Run& run) {
  CudaArguments& arguments = rehearsed_->arguments;
  rehearsed_->replay = std::make_unique<CudaReplay>(*context_, [&] {
    for (std::size_t i = 0; i < static_cast<std::size_t>(run.launches); ++i)
      module_->launch(launch_, arguments.pointers(i));
  });
  rehearsed_->scalars = arguments.scalars();
}

Seconds CudaLoaded::time_of_nothing() {
  if (nothing_) return *nothing_;
  const CudaReplay empty(*context_, [] {});
  for (int i = 0; i < empty_starts; ++i) {
    context_->flush();  // so that it, too, lies ready when its turn comes
    events_.record(0);
    empty.start();
    events_.record(1);
    context_->synchronise();
    const Seconds took = events_.between(0, 1);
    nothing_ = std::min(nothing_.value_or(took), took);
  }
  return *nothing_;
}

/// Of many copies the first and the last stand for all.
std::optional<Failure> CudaLoaded::find_damage() const {
  const std::size_t last = last_run_->copies() - 1;
  last_run_->check_surroundings(0);
  if (last > 0) last_run_->check_surroundings(last);
  return inputs_compared_ ? last_run_->changed_input(0) : std::nullopt;
}

Result<Buffers> CudaLoaded::read() {
  if (last_run_ == nullptr)
    return Failure{Stage::infrastructure, "there is nothing to read: the kernel has not run"};
  return judged_by_code<Buffers>([&]() -> Result<Buffers> {
    const std::size_t last = last_run_->copies() - 1;
    if (!inputs_compared_)
      if (auto failure = last_run_->changed_input(last)) return *std::move(failure);
    return last_run_->read(last);
  });
}

}  // namespace evotune
