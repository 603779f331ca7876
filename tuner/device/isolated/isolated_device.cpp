#include "device/isolated/isolated_device.h"

#include <new>
#include <optional>
#include <span>
#include <utility>

#include "base/errors.h"
#include "device/isolated/crew.h"
#include "device/isolated/lane_requests.h"
#include "device/isolated/messages.h"

namespace evotune {
namespace {

constexpr Seconds unload_limit = 5;

/// Our own lack of memory for large data is the candidate's failure, not the run's end.
template <typename T, typename Act>
Result<T> within_memory(const Act& act) {
  try {
    return act();
  } catch (const std::bad_alloc&) {
    return Failure{Stage::out_of_memory, "no memory to exchange data with the worker"};
  }
}

/// A kernel in the lane's worker, and all it takes to load it again in the next one.
class IsolatedLoaded : public Loaded {
 public:
  IsolatedLoaded(std::shared_ptr<Lane> lane, const Compiled& compiled, const Launch& launch,
                 const Workload& workload)
      : lane_(std::move(lane)),
        request_{compiled, launch, outline_of(workload), false},
        workload_(workload) {}
  ~IsolatedLoaded() override;

  /// Nothing when it is loaded.
  std::optional<Failure> load();

  Result<Sample> run(const Run&) override;
  Result<Buffers> read() override;
  Result<Observation> observe(std::size_t input_set, Watch, Seconds limit) override;

 private:
  Result<Worker*> loaded_worker();
  Result<Sample> run_once(const Run&);
  [[nodiscard]] bool present() const {
    return lane_->present() != nullptr && lane_->generation() == generation_;
  }
  /// What killed the worker stays this kernel's verdict.
  template <typename T>
  Result<T> judged(Result<T> result) {
    if (!result && lane_->present() == nullptr) verdict_ = result.error();
    return result;
  }

  std::shared_ptr<Lane> lane_;
  LoadRequest request_;
  const Workload& workload_;
  std::uint64_t generation_ = 0;  ///< of the worker that holds it; 0 is none
  std::uint64_t id_ = 0;          ///< its name there
  bool has_run_ = false;          ///< there
  std::optional<Failure> verdict_;
  /// Launches since the last that was late. One that is late again so soon is not the machine's
  /// fault: a kernel may hang in each launch but the first after it is loaded.
  static constexpr std::uint64_t trusted_after = 4;
  std::uint64_t on_time_ = trusted_after;
};

IsolatedLoaded::~IsolatedLoaded() {
  try {
    const auto lock = lane_->lock();
    if (present())
      (void)lane_->present()->call(message_of(MessageKind::unload, id_), unload_limit, "unloading");
  } catch (const std::exception&) {
    // The worker is dead or unusable then, and whoever needs it next gets a new one.
  }
}

std::optional<Failure> IsolatedLoaded::load() {
  const auto lock = lane_->lock();
  lane_->renew_for(request_.compiled.build_id);
  const Result<Worker*> worker = loaded_worker();
  return worker ? std::nullopt : std::optional(worker.error());
}

Result<Worker*> IsolatedLoaded::loaded_worker() {
  if (verdict_) return *verdict_;
  if (present()) return lane_->present();
  Result<Worker*> worker = lane_->worker();
  if (!worker) return worker.error();
  const Result<std::uint64_t> id =
      judged(load_into(**worker, request_, workload_, lane_->options().load_limit));
  if (!id) return id.error();
  id_ = *id;
  generation_ = lane_->generation();
  has_run_ = false;
  return *worker;
}

Result<Sample> IsolatedLoaded::run_once(const Run& run) {
  const Result<Worker*> worker = loaded_worker();
  if (!worker) return worker.error();
  const Message request = message_of(MessageKind::run, RunRequest{id_, run});
  const Seconds limit = run.limit + lane_->options().run_slack + time_to_fill(workload_, run);
  Result<Sample> sample = judged((*worker)->ask<Sample>(request, limit, "running"));
  has_run_ = bool(sample);
  return sample;
}

Result<Sample> IsolatedLoaded::run(const Run& run) {
  const auto lock = lane_->lock();
  return within_memory<Sample>([&]() -> Result<Sample> {
    for (;;) {
      const bool judged_before = verdict_.has_value();
      Result<Sample> sample = run_once(run);
      if (sample) ++on_time_;
      if (judged_before || !verdict_ || verdict_->stage != Stage::timeout) return sample;
      if (std::exchange(on_time_, 0) < trusted_after) {
        verdict_->message = "twice " + verdict_->message;
        return *verdict_;
      }
      verdict_.reset();  // a busy machine can make a kernel late once
    }
  });
}

Result<Observation> IsolatedLoaded::observe(std::size_t input_set, Watch watch, Seconds limit) {
  const auto lock = lane_->lock();
  return within_memory<Observation>([&]() -> Result<Observation> {
    const Result<Worker*> worker = loaded_worker();
    if (!worker) return worker.error();
    has_run_ = false;
    const Message request =
        message_of(MessageKind::observe, ObserveRequest{id_, input_set, watch, limit});
    return judged((*worker)->ask<Observation>(request, limit + lane_->options().run_slack,
                                              "observing its accesses"));
  });
}

Result<Buffers> IsolatedLoaded::read() {
  const auto lock = lane_->lock();
  if (verdict_) return *verdict_;
  if (!present() || !has_run_)
    return Failure{Stage::infrastructure,
                   "there is nothing to read: the worker that ran this kernel is gone"};
  return within_memory<Buffers>([&] {
    return judged(fetch(*lane_->present(), id_, workload_, lane_->options().read_limit));
  });
}

}  // namespace

IsolatedDevice::IsolatedDevice(WorkerCommand command, const IsolatedDeviceOptions& options) {
  const auto crew = std::make_shared<Crew>(std::move(command), options);
  compilers_ = std::make_shared<CompilePool>(crew);
  lane_ = std::make_shared<Lane>(crew, compilers_);
  for (;;) {
    Result<std::unique_ptr<Worker>> worker = crew->hire();  // DeviceLost ends this
    if (!worker) continue;
    info_ = (*worker)->info();
    compilers_->add(*std::move(worker));  // it will not be long idle
    return;
  }
}

IsolatedDevice::~IsolatedDevice() = default;

Result<Compiled> IsolatedDevice::compile(const Source& source) const {
  return within_memory<Compiled>([&] { return compilers_->compile(source); });
}

Result<std::unique_ptr<Loaded>> IsolatedDevice::load(const Compiled& compiled, const Launch& launch,
                                                     const Workload& workload) {
  using Answer = Result<std::unique_ptr<Loaded>>;
  return within_memory<std::unique_ptr<Loaded>>([&]() -> Answer {
    auto loaded = std::make_unique<IsolatedLoaded>(lane_, compiled, launch, workload);
    if (std::optional<Failure> failure = loaded->load()) return *std::move(failure);
    return std::unique_ptr<Loaded>(std::move(loaded));
  });
}

}  // namespace evotune
