// Asynchronous copies from global to shared memory: cp.async and what is built on it. A copy is
// done when it is waited for, not before, so that a missing wait shows as data that is not there.
#pragma once

#include <stdlib.h>
#include <string.h>

#include "memory_functions.h"

EVOTUNE_UNCHECKED

namespace evotune::cpu {

struct Copy {
  void* to;
  const void* from;
  unsigned bytes, zeros;  ///< zeros follow the bytes
  unsigned group;
  bool told;  ///< who follows the kernel knows of it
};

/// The copies that one thread has under way, oldest first.
struct Copies {
  uint64_t block;  ///< what another block left behind counts for nothing
  unsigned first, count, room, group;
  Copy* all;
  uintptr_t seal;  ///< says that `all` is what it was: a kernel that misses an array may be here
};
static Copies copies_of_thread[1024];
__attribute__((destructor)) static void forget_copies() {
  for (Copies& copies : copies_of_thread)
    if (copies.seal == ~(uintptr_t)copies.all) free(copies.all);
}

EVOTUNE_UNSEEN static Copies& own_copies() {
  Copies& mine = copies_of_thread[evotune_self->number];
  if (mine.block != evotune_self->block->serial)
    mine = {evotune_self->block->serial, 0, 0, mine.room, 0, mine.all, mine.seal};
  return mine;
}

/// `at_once`: from now on it may write; else when its stage is waited for.
EVOTUNE_UNSEEN static void copy_async(void* to, const void* from, unsigned bytes,
                                      unsigned zeros = 0, [[maybe_unused]] bool at_once = true) {
#ifdef EVOTUNE_OBSERVED
  if (at_once) evotune_copies(to, bytes + zeros, __builtin_return_address(0));
#endif
  Copies& mine = own_copies();
  if (mine.first == mine.count) mine.first = mine.count = 0;
  if (mine.count == mine.room) {
    mine.room = mine.room == 0 ? 32 : 2 * mine.room;
    mine.all = (Copy*)realloc(mine.all, mine.room * sizeof(Copy));
    mine.seal = ~(uintptr_t)mine.all;
  }
  mine.all[mine.count++] = {to, from, bytes, zeros, mine.group, at_once};
}
EVOTUNE_UNSEEN static void commit_copies() { ++own_copies().group; }
EVOTUNE_UNSEEN static unsigned copy_group() { return own_copies().group; }
/// The oldest copy of a group before this one.
EVOTUNE_UNSEEN static bool take_copy(unsigned group, Copy* copy) {
  Copies& mine = own_copies();
  if (mine.first == mine.count || mine.all[mine.first].group >= group) return false;
  *copy = mine.all[mine.first++];
#ifdef EVOTUNE_OBSERVED
  if (copy->told) evotune_copied(copy->to, copy->bytes + copy->zeros);
#endif
  return true;
}

// Inlined, so that what they read and write is at the line that waits.
__forceinline__ void do_copies_before(unsigned group) {
  for (Copy copy; take_copy(group, &copy);) {
    if (copy.bytes == 16)
      memcpy(copy.to, copy.from, 16);
    else if (copy.bytes == 4)
      memcpy(copy.to, copy.from, 4);
    else
      memcpy(copy.to, copy.from, copy.bytes);
    if (copy.zeros != 0) memset((char*)copy.to + copy.bytes, 0, copy.zeros);
  }
}
/// Waits for all but the last `latest` groups.
__forceinline__ void wait_copies(unsigned latest) {
  const unsigned group = copy_group();
  if (group > latest) do_copies_before(group - latest);
}
/// Also for what belongs to no group yet.
__forceinline__ void wait_all_copies() {
  commit_copies();
  wait_copies(0);
}

}  // namespace evotune::cpu

EVOTUNE_CHECKED
