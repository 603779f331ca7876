// Asynchronous copies from global to shared memory: cp.async and what is built on it. A copy is
// done when it is waited for, not before, so that a missing wait shows as data that is not there.
#pragma once

#include <stdlib.h>
#include <string.h>

#include "memory_functions.h"

namespace evotune::cpu {

struct Copy {
  void* to;
  const void* from;
  unsigned bytes, zeros;  ///< zeros follow the bytes
  unsigned group;
};

/// The copies that one thread has under way, oldest first.
struct Copies {
  uint64_t block;  ///< what another block left behind counts for nothing
  unsigned first, count, room, group;
  Copy* all;
};
static Copies copies_of_thread[1024];
__attribute__((destructor)) static void forget_copies() {
  for (Copies& copies : copies_of_thread) free(copies.all);
}

inline Copies& own_copies() {
  Copies& mine = copies_of_thread[evotune_self->number];
  if (mine.block != evotune_self->block->serial)
    mine = {evotune_self->block->serial, 0, 0, mine.room, 0, mine.all};
  return mine;
}

inline void copy_async(void* to, const void* from, unsigned bytes, unsigned zeros = 0) {
  Copies& mine = own_copies();
  if (mine.first == mine.count) mine.first = mine.count = 0;
  if (mine.count == mine.room) {
    mine.room = mine.room == 0 ? 32 : 2 * mine.room;
    mine.all = (Copy*)realloc(mine.all, mine.room * sizeof(Copy));
  }
  mine.all[mine.count++] = {to, from, bytes, zeros, mine.group};
}
inline void commit_copies() { ++own_copies().group; }

inline void do_copies_before(unsigned group) {
  Copies& mine = own_copies();
  for (; mine.first < mine.count && mine.all[mine.first].group < group; ++mine.first) {
    const Copy& copy = mine.all[mine.first];
    if (copy.bytes == 16)
      memcpy(copy.to, copy.from, 16);
    else
      memcpy(copy.to, copy.from, copy.bytes);
    if (copy.zeros != 0) memset((char*)copy.to + copy.bytes, 0, copy.zeros);
  }
}
/// Waits for all but the last `latest` groups.
inline void wait_copies(unsigned latest) {
  const unsigned group = own_copies().group;
  if (group > latest) do_copies_before(group - latest);
}
/// Also for what belongs to no group yet.
inline void wait_all_copies() {
  commit_copies();
  wait_copies(0);
}

}  // namespace evotune::cpu
