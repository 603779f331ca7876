#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "kernel/lexer.h"
#include "kernel/source.h"

namespace evotune {
namespace {

// CUDA's own limits, of every architecture since sm_30. A device may allow fewer threads: that is
// its own to say.
constexpr std::array<std::int64_t, 3> largest_grid{2147483647, 65535, 65535};
constexpr std::array<std::int64_t, 3> largest_block{1024, 1024, 64};
constexpr std::int64_t most_threads = 1024;

Failure refusal(std::string message) { return {Stage::launch, std::move(message)}; }

Result<std::int64_t> value_of(std::string_view what, const PlacedExpression& placed,
                              const Bindings& bound) {
  const auto value = evaluate_integer(placed.expression, bound);
  if (value) return *value;
  return refusal(fmt::format("{} = {}: {}", what, placed.expression.text(), value.error().message));
}

Result<Extent> extent_of(std::string_view what, const std::vector<PlacedExpression>& expressions,
                         const std::array<std::int64_t, 3>& largest, const Bindings& bound) {
  if (expressions.empty() || expressions.size() > 3)
    return refusal(fmt::format("{} has {} dimensions, not 1 to 3", what, expressions.size()));
  Extent extent{1, 1, 1};
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    const auto value = value_of(what, expressions[i], bound);
    if (!value) return value.error();
    if (*value < 1 || *value > largest[i])
      return refusal(fmt::format("{}.{} = {} is {}, not in 1..{}", what, "xyz"[i],
                                 expressions[i].expression.text(), *value, largest[i]));
    extent[i] = static_cast<std::uint32_t>(*value);
  }
  return extent;
}

}  // namespace

Result<Launch> launch_of(const LaunchDeclaration& declaration, const Bindings& bound) {
  const auto grid = extent_of("grid", declaration.grid, largest_grid, bound);
  if (!grid) return grid.error();
  const auto block = extent_of("block", declaration.block, largest_block, bound);
  if (!block) return block.error();
  const auto [x, y, z] = *block;
  const std::int64_t threads = std::int64_t{x} * y * z;
  if (threads > most_threads)
    return refusal(fmt::format("a block of {} x {} x {} = {} threads; at most {} are possible", x,
                               y, z, threads, most_threads));
  Launch launch{*grid, *block, 0};
  if (!declaration.shared_bytes) return launch;
  const auto bytes = value_of("shared_bytes", *declaration.shared_bytes, bound);
  if (!bytes) return bytes.error();
  if (*bytes < 0 || *bytes > std::numeric_limits<std::int32_t>::max())
    return refusal(fmt::format("shared_bytes = {} is {}",
                               declaration.shared_bytes->expression.text(), *bytes));
  launch.shared_bytes = static_cast<std::uint32_t>(*bytes);
  return launch;
}

bool may_wait_for_grid(std::string_view text) {
  if (text.find("this_grid") == text.npos) return false;
  const std::vector<CodeToken> tokens = code_tokens(text);
  return std::any_of(tokens.begin(), tokens.end(),
                     [](const CodeToken& token) { return token.is("this_grid"); });
}

}  // namespace evotune
