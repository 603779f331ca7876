#include "engine/null_kernel.h"

#include <algorithm>
#include <limits>

#include "base/hash.h"

namespace evotune {
namespace {

constexpr int samples = 9;
constexpr int launches = 64;

Source null_kernel() {
  Source source;
  source.entry = "evotune_nothing";
  source.text = "extern \"C\" __global__ void evotune_nothing() {}\n";
  source.hash = content_hash(source.text);
  return source;
}

}  // namespace

Result<Seconds> time_null_kernel(Device& device) {
  static const Workload none{"nothing", {}, {{}}};
  const Result<Compiled> compiled = device.compile(null_kernel());
  if (!compiled) return compiled.error();
  const Result<std::unique_ptr<Loaded>> loaded = device.load(*compiled, Launch{}, none);
  if (!loaded) return loaded.error();
  Run run;
  run.launches = launches;
  Seconds fastest = std::numeric_limits<Seconds>::infinity();
  for (int i = 0; i < samples; ++i) {
    const Result<Sample> sample = (*loaded)->run(run);
    if (!sample) return sample.error();
    fastest = std::min(fastest, sample->seconds);
  }
  return fastest;
}

}  // namespace evotune
