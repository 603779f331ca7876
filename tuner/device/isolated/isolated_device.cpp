#include "device/isolated/isolated_device.h"

#include <new>
#include <optional>
#include <span>
#include <utility>

#include "base/errors.h"
#include "device/isolated/crew.h"
#include "device/isolated/memory_file.h"
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
        request_{compiled,
                 launch,
                 {workload.id, workload.arguments, sizes_of(workload.input_sets)},
                 false},
        workload_(workload) {}
  ~IsolatedLoaded() override;

  /// Nothing when it is loaded.
  std::optional<Failure> load();

  Result<Sample> run(const Run&) override;
  Result<Buffers> read() override;
  Result<Observation> observe(std::size_t input_set, Watch, Seconds limit) override;

 private:
  Result<Worker*> loaded_worker();
  Result<std::uint64_t> load_into(Worker&);
  Result<Buffers> fetch(Worker&);
  [[nodiscard]] Seconds time_to_fill(const Run&) const;
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
  const Result<Worker*> worker = loaded_worker();
  return worker ? std::nullopt : std::optional(worker.error());
}

Result<Worker*> IsolatedLoaded::loaded_worker() {
  if (verdict_) return *verdict_;
  if (present()) return lane_->present();
  Result<Worker*> worker = lane_->worker();
  if (!worker) return worker.error();
  const Result<std::uint64_t> id = judged(load_into(**worker));
  if (!id) return id.error();
  id_ = *id;
  generation_ = lane_->generation();
  has_run_ = false;
  return *worker;
}

Result<std::uint64_t> IsolatedLoaded::load_into(Worker& worker) {
  const Seconds limit = lane_->options().load_limit;
  request_.attached = false;
  Message request = message_of(MessageKind::load, request_);
  Result<Message> answer = worker.call(request, limit, "loading");
  if (answer && answer->kind == MessageKind::need_workload) {
    request_.attached = true;
    request = message_of(MessageKind::load, request_);
    request.attachment = pack(workload_.input_sets);
    answer = worker.call(request, limit, "loading");
  }
  if (!answer) return answer.error();
  try {
    return content_of<std::uint64_t>(*answer);
  } catch (const Malformed& why) {
    return worker.distrust("loading", why.what());
  }
}

/// Before every launch the arguments are restored or poisoned; gigabytes of them take their time.
Seconds IsolatedLoaded::time_to_fill(const Run& run) const {
  constexpr double slowest_bytes_per_second = 250e6;
  if (run.input_set >= workload_.input_sets.size()) return 0;
  std::size_t bytes = 0;
  for (const auto& buffer : workload_.input_sets[run.input_set]) bytes += buffer.size();
  return static_cast<double>(bytes) * (1 + run.launches) / slowest_bytes_per_second;
}

Result<Sample> IsolatedLoaded::run(const Run& run) {
  const auto lock = lane_->lock();
  return within_memory<Sample>([&]() -> Result<Sample> {
    const Result<Worker*> worker = loaded_worker();
    if (!worker) return worker.error();
    const Message request = message_of(MessageKind::run, RunRequest{id_, run});
    const Seconds limit = run.limit + lane_->options().run_slack + time_to_fill(run);
    Result<Sample> sample = judged((*worker)->ask<Sample>(request, limit, "running"));
    has_run_ = bool(sample);
    return sample;
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
  return within_memory<Buffers>([&] { return judged(fetch(*lane_->present())); });
}

Result<Buffers> IsolatedLoaded::fetch(Worker& worker) {
  const Result<Message> answer = worker.call(message_of(MessageKind::read, id_),
                                             lane_->options().read_limit, "reading its answer");
  if (!answer) return answer.error();
  try {
    std::vector<Buffers> sets = unpack(answer->attachment, content_of<BufferSizes>(*answer));
    if (sets.size() != 1 || sets.front().size() != workload_.arguments.size())
      throw Malformed("not one buffer for each argument");
    return std::move(sets.front());
  } catch (const Malformed& why) {
    return worker.distrust("reading its answer", why.what());
  }
}

}  // namespace

IsolatedDevice::IsolatedDevice(WorkerCommand command, const IsolatedDeviceOptions& options) {
  const auto crew = std::make_shared<Crew>(std::move(command), options);
  compilers_ = std::make_shared<CompilePool>(crew);
  lane_ = std::make_shared<Lane>(crew);
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
