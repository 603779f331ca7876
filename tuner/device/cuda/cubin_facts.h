#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace evotune {

/// What a cubin itself says of one kernel; spills it does not say. The shared memory counts what
/// the architecture reserves (1,024 bytes from sm_90 on).
struct CubinFacts {
  std::optional<int> registers;
  std::optional<int> stack_bytes;
  std::optional<int> shared_bytes;
};

/// None when these bytes are no 64-bit ELF or do not hold the kernel. Safe on any bytes.
[[nodiscard]] std::optional<CubinFacts> cubin_facts(std::span<const std::byte> image,
                                                    std::string_view symbol);

}  // namespace evotune
