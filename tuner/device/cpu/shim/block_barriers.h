// The barrier that is an object of 64 bits in shared memory: cuda::barrier, and PTX's mbarrier.
#pragma once

#include "abi.h"
#include "qualifiers.h"

EVOTUNE_UNCHECKED

namespace evotune::cpu {

struct BlockBarrier {
  uint64_t expected : 20, missing : 20, phase : 24;
};

/// Seen by a check of accesses, as is the look at it of who arrives: one comes before the other.
__forceinline__ void set_up(BlockBarrier* one, uint32_t expected) {
  const BlockBarrier fresh = {expected, expected, 0};
  *one = fresh;
}
__forceinline__ void look_at([[maybe_unused]] const BlockBarrier* one) {
#ifdef EVOTUNE_OBSERVED
  const BlockBarrier seen = *one;
  asm volatile("" ::"m"(seen));
#endif
}
/// Gives what it was before: the phase that was arrived at may be over now.
EVOTUNE_UNSEEN static BlockBarrier arrive_at(BlockBarrier* one, uint32_t count, uint32_t dropped,
                                             int line) {
  const BlockBarrier before = *one;
  arrived(one, before.phase);
  if (count > one->missing) evotune_trap("more arrive at a barrier than it expects", line);
  one->expected -= dropped;
  one->missing -= count;
  if (one->missing == 0) {
    one->missing = one->expected;
    ++one->phase;
    evotune_wake(one);
  }
  return before;
}
EVOTUNE_UNSEEN static void wait_for_phase(const BlockBarrier* one, unsigned phase, const char* name,
                                          int line) {
  while (one->phase == phase) evotune_sleep(one, name, line);
  passed(one, phase);
}
EVOTUNE_UNSEEN static void wait_for_parity(const BlockBarrier* one, bool parity, const char* name,
                                           int line) {
  while ((one->phase & 1u) == (unsigned)parity) evotune_sleep(one, name, line);
  passed(one, one->phase - 1u);
}

}  // namespace evotune::cpu

EVOTUNE_CHECKED
