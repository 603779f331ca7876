#include "device/cuda/architectures.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace evotune {
namespace {

/// From the CUDA programming guide's table of compute capabilities.
struct Architecture {
  const char* name;
  std::int64_t sms;
  std::int64_t shared_bytes;         ///< of one block, opted in
  std::int64_t shared_bytes_per_sm;  ///< of all blocks on one multiprocessor
  std::int64_t threads_per_sm;
};

constexpr std::array<Architecture, 8> known = {{
    {"sm_75", 72, 64 << 10, 64 << 10, 1024},      // RTX 6000
    {"sm_80", 108, 163 << 10, 164 << 10, 2048},   // A100
    {"sm_86", 84, 99 << 10, 100 << 10, 1536},     // A40
    {"sm_89", 142, 99 << 10, 100 << 10, 1536},    // L40
    {"sm_90", 132, 227 << 10, 228 << 10, 2048},   // H100, H200
    {"sm_100", 148, 227 << 10, 228 << 10, 2048},  // B200
    {"sm_103", 148, 227 << 10, 228 << 10, 2048},  // B300
    {"sm_120", 170, 99 << 10, 100 << 10, 1536},   // RTX 5090
}};

const Architecture& closest(std::string name) {
  while (!name.empty() && (name.back() == 'a' || name.back() == 'f')) name.pop_back();  // sm_90a
  const auto* found = std::find_if(known.begin(), known.end(),
                                   [&](const Architecture& one) { return one.name == name; });
  return found == known.end() ? known[4] : *found;
}

}  // namespace

Bindings nominal_facts(const std::string& arch) {
  const Architecture& one = closest(arch);
  Bindings facts;
  facts["device.sms"] = one.sms;
  facts["device.shared_bytes"] = one.shared_bytes;
  facts["device.shared_bytes_per_sm"] = one.shared_bytes_per_sm;
  facts["device.threads_per_sm"] = one.threads_per_sm;
  facts["device.max_threads"] = std::int64_t{1024};
  facts["device.registers"] = std::int64_t{65536};
  facts["device.warp"] = std::int64_t{32};
  return facts;
}

}  // namespace evotune
