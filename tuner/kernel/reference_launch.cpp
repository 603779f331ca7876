#include "kernel/reference_launch.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace evotune {

Result<Launch> reference_launch(const ReferenceDeclaration& declaration, const Workload& workload,
                                const Bindings& bound) {
  if (declaration.launch) return launch_of(*declaration.launch, bound);
  constexpr std::uint64_t block = 128;
  std::uint64_t largest = 0;
  for (const Argument& argument : workload.arguments)
    if (argument.role == Role::out || argument.role == Role::inout)
      largest = std::max(largest, argument.count);
  const std::uint64_t blocks = std::max<std::uint64_t>(1, largest / block + (largest % block != 0));
  if (blocks > std::numeric_limits<std::int32_t>::max())
    return Failure{Stage::launch,
                   fmt::format("the reference would need {} blocks; give it a launch", blocks)};
  return Launch{{static_cast<std::uint32_t>(blocks), 1, 1}, {block, 1, 1}, 0};
}

}  // namespace evotune
