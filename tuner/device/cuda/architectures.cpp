#include "device/cuda/architectures.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace evotune {
namespace {

constexpr std::int64_t kib = 1024, mib = 1024 * kib, mhz = 1'000'000;

/// Shared memory from the CUDA programming guide's table of compute capabilities; the rest of the
/// part that is named: multiprocessors, L2, highest clock, memory.
struct Architecture {
  const char* name;
  std::int64_t number;
  std::int64_t sms;
  std::int64_t shared_bytes_optin;
  std::int64_t l2_bytes;
  std::int64_t clock_mhz, memory_clock_mhz, bus_bits;
};

constexpr std::array<Architecture, 8> known = {{
    {"sm_75", 75, 72, 64 * kib, 6 * mib, 1770, 7001, 384},         // RTX 6000
    {"sm_80", 80, 108, 163 * kib, 40 * mib, 1410, 1215, 5120},     // A100
    {"sm_86", 86, 84, 99 * kib, 6 * mib, 1740, 7251, 384},         // A40
    {"sm_89", 89, 142, 99 * kib, 96 * mib, 2490, 9001, 384},       // L40
    {"sm_90", 90, 132, 227 * kib, 50 * mib, 1980, 2619, 5120},     // H100
    {"sm_100", 100, 148, 227 * kib, 126 * mib, 1965, 3996, 8192},  // B200
    {"sm_103", 103, 148, 227 * kib, 126 * mib, 1965, 3996, 8192},  // B300
    {"sm_120", 120, 170, 99 * kib, 96 * mib, 2407, 14001, 512},    // RTX 5090
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
  // The names are those of the CPU device as far as that knows them, so that a space fits both.
  return {{"device.arch", one.number},
          {"device.clock_hz", one.clock_mhz * mhz},
          {"device.memory_bandwidth", bytes_per_second(one.memory_clock_mhz * mhz, one.bus_bits)},
          {"device.memory_clock_hz", one.memory_clock_mhz * mhz},
          {"device.l2_bytes", one.l2_bytes},
          {"device.max_threads", std::int64_t{1024}},
          {"device.registers", std::int64_t{65536}},
          {"device.shared_bytes", 48 * kib},
          {"device.shared_bytes_optin", one.shared_bytes_optin},
          {"device.sms", one.sms},
          {"device.warp_size", std::int64_t{32}}};
}

}  // namespace evotune
