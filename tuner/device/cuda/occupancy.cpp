#include "device/cuda/occupancy.h"

#include <algorithm>
#include <array>
#include <limits>

namespace evotune {
namespace {

/// From the CUDA programming guide's table of compute capabilities and cuda_occupancy.h. Registers
/// are the same for all: 64 Ki per multiprocessor in four parts, given out in 256 per warp.
struct Multiprocessor {
  const char* arch;
  int warps, blocks;
  std::uint64_t shared_kib;
  std::uint64_t shared_unit;      ///< in which it is given out
  std::uint64_t shared_reserved;  ///< by the system, for each block
};

constexpr std::array<Multiprocessor, 9> known = {{
    {"sm_75", 32, 16, 64, 256, 0},
    {"sm_80", 64, 32, 164, 128, 1024},
    {"sm_86", 48, 16, 100, 128, 1024},
    {"sm_87", 48, 16, 164, 128, 1024},
    {"sm_89", 48, 24, 100, 128, 1024},
    {"sm_90", 64, 32, 228, 128, 1024},
    {"sm_100", 64, 32, 228, 128, 1024},
    {"sm_103", 64, 32, 228, 128, 1024},
    {"sm_120", 48, 24, 100, 128, 1024},
}};
constexpr std::size_t sm_90 = 5;

constexpr int warp_lanes = 32, register_parts = 4, registers_of_part = 16384, register_unit = 256;

const Multiprocessor& multiprocessor(const std::string& arch) {
  const std::string plain = arch.substr(0, arch.find_last_of("0123456789") + 1);  // of sm_90a
  const auto* found = std::find_if(known.begin(), known.end(),
                                   [&](const Multiprocessor& one) { return one.arch == plain; });
  return found == known.end() ? known[sm_90] : *found;
}

constexpr std::uint64_t round_up(std::uint64_t value, std::uint64_t unit) {
  return (value + unit - 1) / unit * unit;
}

int blocks_by_registers(int registers, int warps) {
  if (registers <= 0) return std::numeric_limits<int>::max();
  const auto per_warp =
      static_cast<int>(round_up(static_cast<std::uint64_t>(registers) * warp_lanes, register_unit));
  return registers_of_part / per_warp * register_parts / warps;
}

int blocks_by_shared(std::uint64_t bytes, const Multiprocessor& sm) {
  const std::uint64_t per_block = round_up(bytes + sm.shared_reserved, sm.shared_unit);
  if (per_block == 0) return std::numeric_limits<int>::max();
  return static_cast<int>(sm.shared_kib * 1024 / per_block);
}

}  // namespace

Occupancy occupancy_of(const BlockNeeds& needs, const std::string& arch) {
  const Multiprocessor& sm = multiprocessor(arch);
  const int warps = std::max(1, static_cast<int>((needs.threads + warp_lanes - 1) / warp_lanes));
  struct Limit {
    const char* name;
    int blocks;
  };
  const std::array<Limit, 4> limits = {{{"warps", sm.warps / warps},
                                        {"registers", blocks_by_registers(needs.registers, warps)},
                                        {"shared memory", blocks_by_shared(needs.shared_bytes, sm)},
                                        {"blocks", sm.blocks}}};
  const auto* least =
      std::min_element(limits.begin(), limits.end(),
                       [](const Limit& a, const Limit& b) { return a.blocks < b.blocks; });
  return {least->blocks, least->blocks * warps, sm.warps, least->name};
}

}  // namespace evotune
