#include "outcome/observation.h"

#include <fmt/format.h>

namespace evotune {
namespace {

std::string place(const std::array<std::uint32_t, 3>& at) {
  return fmt::format("({},{},{})", at[0], at[1], at[2]);
}

std::string side(const RacingAccess& access, bool with_block) {
  return fmt::format("{}{}{} in {} by thread {}{}", access.is_volatile ? "volatile " : "",
                     access.of_block ? "block-wide " : "", to_text(access.kind),
                     to_text(access.where), place(access.thread),
                     with_block ? " of block " + place(access.block) : "");
}

/// "write 12 bytes past the end of shared a (256 bytes)"
std::string what_is_wrong(const AccessFault& fault) {
  const std::string access = to_text(fault.access.kind);
  switch (fault.kind) {
    case AccessFaultKind::misaligned:
      return fmt::format("misaligned {} of {} bytes at byte {} of {}", access, fault.bytes,
                         fault.byte, fault.memory);
    case AccessFaultKind::unwritten:
      return fmt::format(
          "{} of {} at byte {}, which no thread has written and the answer depends on", access,
          fault.memory, fault.byte);
    case AccessFaultKind::absent:
      return fmt::format(
          "a shuffle takes the value of lane {}, which takes no part in it, and the answer depends "
          "on it",
          fault.byte);
    default:
      break;
  }
  const auto size = static_cast<std::int64_t>(fault.size);
  if (fault.byte < 0)
    return fmt::format("{} {} bytes before the start of {} ({} bytes)", access, -fault.byte,
                       fault.memory, size);
  if (fault.byte >= size)
    return fmt::format("{} {} bytes past the end of {} ({} bytes)", access, fault.byte - size,
                       fault.memory, size);
  return fmt::format("{} of {} bytes at byte {} of {}, which ends at byte {}", access, fault.bytes,
                     fault.byte, fault.memory, size);
}

/// What would help, and why it does.
std::string remedy(const Race& race) {
  const bool through_volatile = race.earlier.is_volatile || race.later.is_volatile;
  switch (race.scope) {
    case RaceScope::copy:
      return "the asynchronous copy has not been waited for";
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

std::string to_text(AccessFaultKind kind) {
  switch (kind) {
    case AccessFaultKind::misaligned:
      return "misaligned";
    case AccessFaultKind::unwritten:
      return "unwritten";
    case AccessFaultKind::absent:
      return "absent";
    default:
      return "outside";
  }
}

std::string to_text(const AccessFault& fault) {
  return fmt::format("{}, thread {} block {}, {}", what_is_wrong(fault), place(fault.access.thread),
                     place(fault.access.block), to_text(fault.access.where));
}

std::string what_was_followed(const Observation& seen) {
  if (seen.observed_blocks >= seen.blocks) return "";
  return fmt::format("{} of {} blocks were followed to their end", seen.observed_blocks,
                     seen.blocks);
}

std::vector<Failure> complaints(const Observation& seen) {
  std::vector<Failure> all;
  const auto add = [&](AccessFaultKind kind, Stage stage) {
    for (const AccessFault& fault : seen.faults)
      if (fault.kind == kind) all.push_back({stage, to_text(fault)});
  };
  add(AccessFaultKind::outside, Stage::crash);
  add(AccessFaultKind::misaligned, Stage::crash);
  for (const Race& race : seen.races) all.push_back({Stage::race, to_text(race)});
  add(AccessFaultKind::unwritten, Stage::verify);
  add(AccessFaultKind::absent, Stage::verify);
  return all;
}

}  // namespace evotune
