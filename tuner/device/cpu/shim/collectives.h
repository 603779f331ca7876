// Barriers and warp collectives. A collective is a function that acts on the operands of all lanes
// once the last of them has come; the executor (fibers) does the waiting.
#pragma once

#include <stdint.h>
#include <string.h>

#include "qualifiers.h"

EVOTUNE_UNCHECKED

namespace evotune::cpu {

/// What a lane brings to a shuffle, a vote or a reduction, and takes away from it.
struct Operand {
  uint64_t value;
  int from;        ///< the lane whose value it wants; its complement where that did not come
  uint64_t taken;  ///< that value
};

__forceinline__ Operand& operand_of(Warp* warp, int lane) {
  return *(Operand*)warp->lanes[lane].operand;
}

template <typename F>
__forceinline__ void for_each_lane(uint32_t lanes, F act) {
  for (; lanes != 0; lanes &= lanes - 1) act(__builtin_ctz(lanes));
}

inline void meet(Warp*, uint32_t) {}

/// A lane that did not come has no value: who asks for it gets all ones, which is a NaN, unless
/// others are tried.
inline void shuffle(Warp* warp, uint32_t lanes) {
  for_each_lane(lanes, [&](int lane) {
    Operand& mine = operand_of(warp, lane);
    const bool came = ((lanes >> mine.from) & 1u) != 0;
    mine.taken = came ? operand_of(warp, mine.from).value : warp->lanes[lane].block->nothing;
    if (!came) mine.from = ~mine.from;
  });
}

inline void ballot(Warp* warp, uint32_t lanes) {
  uint32_t votes = 0;
  for_each_lane(lanes, [&](int lane) {
    if (operand_of(warp, lane).value != 0) votes |= 1u << lane;
  });
  for_each_lane(lanes, [&](int lane) { operand_of(warp, lane).value = votes; });
}

/// To each lane the set of lanes that came.
inline void who_came(Warp* warp, uint32_t lanes) {
  for_each_lane(lanes, [&](int lane) { operand_of(warp, lane).value = lanes; });
}

/// To each lane the set of lanes that brought the same value.
inline void match(Warp* warp, uint32_t lanes) {
  uint32_t same[32];
  for_each_lane(lanes, [&](int lane) {
    same[lane] = 0;
    for_each_lane(lanes, [&](int other) {
      if (operand_of(warp, other).value == operand_of(warp, lane).value) same[lane] |= 1u << other;
    });
  });
  for_each_lane(lanes, [&](int lane) { operand_of(warp, lane).value = same[lane]; });
}

struct Add {
  static uint32_t of(uint32_t a, uint32_t b) { return a + b; }
};
struct And {
  static uint32_t of(uint32_t a, uint32_t b) { return a & b; }
};
struct Or {
  static uint32_t of(uint32_t a, uint32_t b) { return a | b; }
};
struct Xor {
  static uint32_t of(uint32_t a, uint32_t b) { return a ^ b; }
};
template <typename T>
struct Min {
  static uint32_t of(uint32_t a, uint32_t b) { return (T)a < (T)b ? a : b; }
};
template <typename T>
struct Max {
  static uint32_t of(uint32_t a, uint32_t b) { return (T)a > (T)b ? a : b; }
};

template <typename Operation>
void reduce(Warp* warp, uint32_t lanes) {
  uint32_t result = (uint32_t)operand_of(warp, __builtin_ctz(lanes)).value;
  for_each_lane(lanes & (lanes - 1), [&](int lane) {
    result = Operation::of(result, (uint32_t)operand_of(warp, lane).value);
  });
  for_each_lane(lanes, [&](int lane) { operand_of(warp, lane).value = result; });
}

__forceinline__ uint64_t collect(Collective act, unsigned mask, uint64_t value, const char* name,
                                 int line) {
  Operand mine{value, 0, 0};
  evotune_collective(act, mask, &mine, name, line);
  return mine.value;
}

template <typename T>
__forceinline__ T take(unsigned mask, T value, int from, const char* name, int line) {
  static_assert(sizeof(T) <= 8, "a shuffle moves at most 8 bytes");
  Operand mine{0, from, 0};
  memcpy(&mine.value, &value, sizeof value);
  evotune_collective(shuffle, mask, &mine, name, line);
#ifdef EVOTUNE_OBSERVED
  if (mine.from < 0) evotune_took_nothing(~mine.from);
#endif
  memcpy(&value, &mine.taken, sizeof value);
  return value;
}

/// The lanes of a mask that a collective waits for.
__forceinline__ unsigned came_to(unsigned mask) {
  return mask & evotune_self->warp->present & ~evotune_self->warp->exited;
}
__forceinline__ int lane() { return (int)evotune_self->lane; }
/// Where the segment of `width` lanes begins in which this lane is.
__forceinline__ int segment(int width) { return lane() & ~(width - 1); }

}  // namespace evotune::cpu

__forceinline__ void __syncthreads(EVOTUNE_LINE) { evotune_barrier("__syncthreads", line); }
__forceinline__ int __syncthreads_count(int predicate, EVOTUNE_LINE) {
  evotune_self->block->votes += predicate != 0;
  evotune_barrier("__syncthreads_count", line);
  return (int)evotune_self->block->votes_cast;
}
__forceinline__ int __syncthreads_or(int predicate, EVOTUNE_LINE) {
  evotune_self->block->votes += predicate != 0;
  evotune_barrier("__syncthreads_or", line);
  return evotune_self->block->votes_cast != 0;
}
__forceinline__ int __syncthreads_and(int predicate, EVOTUNE_LINE) {
  evotune_self->block->votes += predicate != 0;
  evotune_barrier("__syncthreads_and", line);
  return evotune_self->block->votes_cast == evotune_self->block->voters_cast;
}
__forceinline__ void __syncwarp(unsigned mask = 0xffffffffu, EVOTUNE_LINE) {
  evotune_collective(evotune::cpu::meet, mask, nullptr, "__syncwarp", line);
}

template <typename T>
__forceinline__ T __shfl_sync(unsigned mask, T value, int from, int width = 32, EVOTUNE_LINE) {
  const int source = evotune::cpu::segment(width) | (from & (width - 1));
  return evotune::cpu::take(mask, value, source, "__shfl_sync", line);
}
template <typename T>
__forceinline__ T __shfl_up_sync(unsigned mask, T value, unsigned by, int width = 32,
                                 EVOTUNE_LINE) {
  const int lane = evotune::cpu::lane(), source = lane - (int)by;
  const bool inside = source >= evotune::cpu::segment(width);
  return evotune::cpu::take(mask, value, inside ? source : lane, "__shfl_up_sync", line);
}
template <typename T>
__forceinline__ T __shfl_down_sync(unsigned mask, T value, unsigned by, int width = 32,
                                   EVOTUNE_LINE) {
  const int lane = evotune::cpu::lane(), source = lane + (int)by;
  const bool inside = source < evotune::cpu::segment(width) + width;
  return evotune::cpu::take(mask, value, inside ? source : lane, "__shfl_down_sync", line);
}
template <typename T>
__forceinline__ T __shfl_xor_sync(unsigned mask, T value, int with, int width = 32, EVOTUNE_LINE) {
  const int lane = evotune::cpu::lane(), source = lane ^ with;
  const bool inside = source < evotune::cpu::segment(width) + width;  // below it may go
  return evotune::cpu::take(mask, value, inside ? source & 31 : lane, "__shfl_xor_sync", line);
}

__forceinline__ unsigned __ballot_sync(unsigned mask, int predicate, EVOTUNE_LINE) {
  return (unsigned)evotune::cpu::collect(evotune::cpu::ballot, mask, predicate != 0,
                                         "__ballot_sync", line);
}
__forceinline__ int __any_sync(unsigned mask, int predicate, EVOTUNE_LINE) {
  return evotune::cpu::collect(evotune::cpu::ballot, mask, predicate != 0, "__any_sync", line) != 0;
}
__forceinline__ int __all_sync(unsigned mask, int predicate, EVOTUNE_LINE) {
  return evotune::cpu::collect(evotune::cpu::ballot, mask, predicate == 0, "__all_sync", line) == 0;
}
template <typename T>
__forceinline__ unsigned __match_any_sync(unsigned mask, T value, EVOTUNE_LINE) {
  static_assert(sizeof(T) <= 8, "a match compares at most 8 bytes");
  uint64_t bits = 0;
  memcpy(&bits, &value, sizeof value);
  return (unsigned)evotune::cpu::collect(evotune::cpu::match, mask, bits, "__match_any_sync", line);
}
/// True in `*all` where every lane of the mask brought the same value; then the mask, else 0.
template <typename T>
__forceinline__ unsigned __match_all_sync(unsigned mask, T value, int* all, EVOTUNE_LINE) {
  const unsigned came = evotune::cpu::came_to(mask);
  *all = __match_any_sync(mask, value, line) == came;
  return *all ? came : 0;
}
/// The lanes that come to this line before none of the warp can go on elsewhere: as converged as a
/// GPU ever is.
__forceinline__ unsigned __activemask(EVOTUNE_LINE) {
  return (unsigned)evotune::cpu::collect(evotune::cpu::who_came, 0, 0, "__activemask", line);
}

#define EVOTUNE_REDUCE(name, T, Operation)                                               \
  __forceinline__ T __reduce_##name##_sync(unsigned mask, T value, EVOTUNE_LINE) {       \
    return (T)evotune::cpu::collect(evotune::cpu::reduce<evotune::cpu::Operation>, mask, \
                                    (uint32_t)value, "__reduce_" #name "_sync", line);   \
  }
EVOTUNE_REDUCE(add, int, Add)
EVOTUNE_REDUCE(add, unsigned, Add)
EVOTUNE_REDUCE(min, int, Min<int>)
EVOTUNE_REDUCE(min, unsigned, Min<unsigned>)
EVOTUNE_REDUCE(max, int, Max<int>)
EVOTUNE_REDUCE(max, unsigned, Max<unsigned>)
EVOTUNE_REDUCE(and, unsigned, And)
EVOTUNE_REDUCE(or, unsigned, Or)
EVOTUNE_REDUCE(xor, unsigned, Xor)
#undef EVOTUNE_REDUCE

EVOTUNE_CHECKED
