#include "fakes/fake_device.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "base/rng.h"

namespace evotune {
namespace {

template <typename T>
void double_all(const Buffer& in, Buffer& out, const std::string& mode) {
  out.assign(in.size(), std::byte{0});
  const std::size_t count = in.size() / sizeof(T);
  for (std::size_t i = 0; i < count; ++i) {
    T value{};
    std::memcpy(&value, &in[i * sizeof(T)], sizeof(T));
    value = value * 2;
    if (mode == "wrong" && i == count - 1) value += T{1};
    if (mode == "nan" && i == 0) value = std::numeric_limits<T>::quiet_NaN();
    std::memcpy(&out[i * sizeof(T)], &value, sizeof(T));
  }
}

class FakeLoaded final : public Loaded {
 public:
  FakeLoaded(FakeDevice& device, std::string symbol, const Workload& workload)
      : device_(device),
        variant_(symbol),
        workload_(workload),
        noise_(device.own_noise ? static_cast<std::uint64_t>(device.loaded) : 1) {
    const std::size_t first = symbol.find(' '), second = symbol.find(' ', first + 1);
    a_ = std::stoi(symbol.substr(0, first));
    b_ = std::stoi(symbol.substr(first + 1, second - first - 1));
    mode_ = symbol.substr(second + 1);
  }

  Result<Sample> run(const Run& run) override {
    if (dead_) return *dead_;
    if (auto fault = device_.before_run(variant_, run)) {
      if (fault->stage != Stage::infrastructure) dead_ = fault;
      return *fault;
    }
    if (mode_ == "crash") return Failure{Stage::crash, "signal 11"};
    if (mode_ == "hang") return Failure{Stage::timeout, "no answer"};
    if (mode_ == "nothing") return Sample{1e-6, 1e-6 * run.launches};
    const Buffers& inputs = workload_.input_sets.at(run.input_set);
    outputs_.assign(workload_.arguments.size(), {});
    if (mode_ == "lazy")  // writes nothing: what was there is poison
      outputs_[1].assign(workload_.arguments[1].bytes(), std::byte{0xff});
    else if (workload_.arguments[0].type == ElementType::f64)
      double_all<double>(inputs[0], outputs_[1], mode_);
    else
      double_all<float>(inputs[0], outputs_[1], mode_);
    // A wrong kernel is fast, as they are; a percent of noise that depends on nothing but the
    // count.
    const double noise =
        1 + device_.noise * Rng(noise_, static_cast<std::uint64_t>(runs_++)).normal();
    const Seconds seconds =
        (mode_ == "right" ? 1 : 0.1) * fake_seconds(a_, b_) * noise * device_.slowness;
    if (!run.flush && device_.check_seconds > 0) return Sample{device_.check_seconds, seconds};
    return Sample{seconds, seconds * run.launches};
  }

  Result<Buffers> read() override { return outputs_; }

  Result<Observation> observe(std::size_t, Watch, Seconds) override {
    Observation seen;
    if (device_.has_race(variant_)) seen.races.emplace_back();
    return seen;
  }

 private:
  FakeDevice& device_;
  std::string variant_;
  const Workload& workload_;
  std::uint64_t noise_;  ///< its stream
  std::optional<Failure> dead_;
  Buffers outputs_;
  int a_ = 1, b_ = 1, runs_ = 0;
  std::string mode_;
};

}  // namespace

Seconds fake_seconds(std::int64_t a, std::int64_t b) {
  const double da = static_cast<double>(a) - 6, db = static_cast<double>(b) - 4;
  return 1e-3 * (1 + 0.05 * da * da + 0.08 * db * db + 0.02 * std::abs(da * db));
}

FakeDevice::FakeDevice(std::string id) : info_{std::move(id), "Fake GPU", "sm_0", "fake 1.0", {}} {
  info_.facts = {{"device.sms", std::int64_t{1}},
                 {"device.shared_bytes", std::int64_t{49152}},
                 {"device.max_threads", std::int64_t{1024}},
                 {"device.warp_size", std::int64_t{32}}};
}

void FakeDevice::observe_races(std::function<bool(const std::string& variant)> race) {
  has_race = std::move(race);
  info_.observes = true;
}

Result<Compiled> FakeDevice::compile(const Source& source) const {
  before_compile();
  Compiled compiled;
  const auto text = [&](const char* name, const char* otherwise) {
    const auto found = source.from.find(name);
    return found == source.from.end() ? std::string(otherwise) : to_text(found->second);
  };
  // The reference renders from the same bindings; it always behaves.
  std::string mode = source.entry == "reference" ? "right" : text("MODE", "right");
  if (source.entry == "evotune_nothing") mode = "nothing";
  compiled.symbol = text("A", "1") + " " + text("B", "1") + " " + mode;
  compiled.build_id = source.hash;
  return compiled;
}

Result<std::unique_ptr<Loaded>> FakeDevice::load(const Compiled& compiled_image, const Launch&,
                                                 const Workload& workload) {
  ++loaded;
  return std::unique_ptr<Loaded>(
      std::make_unique<FakeLoaded>(*this, compiled_image.symbol, workload));
}

}  // namespace evotune
