#include "outcome/observation.h"

#include <fmt/format.h>

namespace evotune {
namespace {

std::string place(const std::array<std::uint32_t, 3>& at) {
  return fmt::format("({},{},{})", at[0], at[1], at[2]);
}

std::string side(const RacingAccess& access, bool with_block) {
  return fmt::format("{}{} in {} by thread {}{}", access.is_volatile ? "volatile " : "",
                     to_text(access.kind), to_text(access.where), place(access.thread),
                     with_block ? " of block " + place(access.block) : "");
}

/// What would help, and why it does.
std::string remedy(const Race& race) {
  const bool through_volatile = race.earlier.is_volatile || race.later.is_volatile;
  switch (race.scope) {
    case RaceScope::warp:
      return through_volatile ? "no __syncwarp between them: volatile does not order the lanes of "
                                "a warp"
                              : "no __syncwarp between them";
    case RaceScope::block:
      return "no __syncthreads between them";
    default:
      return "blocks run in any order, and nothing orders these two";
  }
}

}  // namespace

std::string to_text(AccessKind kind) {
  switch (kind) {
    case AccessKind::read:
      return "read";
    case AccessKind::write:
      return "write";
    default:
      return "atomic";
  }
}

std::string to_text(const SourceLine& where) {
  if (where.line == 0) return "an unknown line";
  return where.file.empty() ? fmt::format("line {}", where.line)
                            : fmt::format("{}:{}", where.file, where.line);
}

std::string to_text(const Race& race) {
  const bool across = race.scope == RaceScope::grid;
  return fmt::format("race on byte {} of {}: {} and {}{}; {}", race.byte, race.memory,
                     side(race.earlier, across), side(race.later, across),
                     across ? "" : ", both of block " + place(race.later.block), remedy(race));
}

}  // namespace evotune
