#pragma once

#include <functional>
#include <memory>
#include <string>

#include "device/device.h"

namespace evotune {

/// Pretends to run tests/data/twice.cu: doubles its input, as fast as a formula says, and
/// misbehaves as the parameter MODE asks. Deterministic: equal calls, equal samples.
class FakeDevice final : public Device {
 public:
  explicit FakeDevice(std::string id = "fake");
  const DeviceInfo& info() const override { return info_; }
  Result<Compiled> compile(const Source&) const override;
  Result<std::unique_ptr<Loaded>> load(const Compiled&, const Launch&, const Workload&) override;

  /// Called before each run of a variant ("6 4 right": A, B, MODE); may return a failure that the
  /// run then reports (an injected fault). What crashes or hangs once stays dead.
  std::function<std::optional<Failure>(const std::string& variant, const Run&)> before_run =
      [](const std::string&, const Run&) { return std::nullopt; };
  /// From now on it observes, and variants of which this is true have a race.
  void observe_races(std::function<bool(const std::string& variant)> has_race);
  std::function<bool(const std::string& variant)> has_race;  ///< none: it does not observe
  std::function<void()> before_compile = [] {};
  bool own_noise = false;     ///< each loaded kernel has noise of its own; else all have the same
  int loaded = 0;             ///< how often load() was called
  Seconds check_seconds = 0;  ///< what a check says that it took on all cores; 0: what it did
  double noise = 0.01;        ///< of the times; without it they depend on nothing but the variant
  double slowness = 1;        ///< factor of all times

 private:
  DeviceInfo info_;
};

/// What the fake takes for one launch of this variant: fastest at A = 6, B = 4.
[[nodiscard]] Seconds fake_seconds(std::int64_t a, std::int64_t b);

}  // namespace evotune
