// Tiles of more than a warp: cg::tiled_partition<128>(block). What a warp's collectives do for
// lanes, the last thread that comes does here for all.
#pragma once

#include "collectives.h"

EVOTUNE_UNCHECKED

namespace evotune::cpu {

/// Acts on the operands of a tile's threads, once the last of them has come.
using TileAction = void (*)(void** operands, unsigned count);

struct TileMeeting {
  uint64_t block;  ///< what another block left behind counts for nothing
  unsigned arrived, phase;
};
static TileMeeting tile_meetings[5][1024 / 64];  // by size, from 64 on, and first thread
static void* tile_operands[1024];

/// True for the last of the tile's threads: the others are to wait until its phase is over.
EVOTUNE_UNSEEN static bool come_to_tile(TileMeeting* one, unsigned first, unsigned count,
                                        void* operand, TileAction act) {
  if (one->block != evotune_self->block->serial) *one = {evotune_self->block->serial, 0, 0};
  tile_operands[evotune_self->number] = operand;
  if (++one->arrived != count) return false;
  one->arrived = 0;
  if (act != nullptr) act(tile_operands + first, count);
  ++one->phase;
  evotune_wake(one);
  return true;
}
EVOTUNE_UNSEEN static unsigned phase_of(const TileMeeting* one) {
  return one->block == evotune_self->block->serial ? one->phase : 0;
}
EVOTUNE_UNSEEN static void meet_in_tile(unsigned first, unsigned size, void* operand,
                                        TileAction act, const char* name, int line) {
  const Index& dim = evotune_self->block->dim;
  const unsigned left = dim.x * dim.y * dim.z - first;
  TileMeeting* one = &tile_meetings[__builtin_ctz(size) - 6][first / 64];
  const unsigned phase = phase_of(one);
  arrived(one, phase);
  if (!come_to_tile(one, first, left < size ? left : size, operand, act))
    while (phase_of(one) == phase) evotune_sleep(one, name, line);
  passed(one, phase);
}

template <typename T, typename Op>
struct TileFold {
  T value;
  Op* op;
};
template <typename T, typename Op>
inline void fold_tile(void** operands, unsigned count) {
  using Mine = TileFold<T, Op>;
  T result = ((Mine*)operands[0])->value;
  for (unsigned i = 1; i < count; ++i)
    result = (*((Mine*)operands[0])->op)(result, ((Mine*)operands[i])->value);
  for (unsigned i = 0; i < count; ++i) ((Mine*)operands[i])->value = result;
}
template <typename T, typename Op>
inline void scan_tile(void** operands, unsigned count) {
  using Mine = TileFold<T, Op>;
  for (unsigned i = 1; i < count; ++i) {
    Mine& mine = *(Mine*)operands[i];
    mine.value = (*mine.op)(((Mine*)operands[i - 1])->value, mine.value);
  }
}
template <typename T>
struct TileShuffle {
  T value, taken;
  unsigned from;
};
template <typename T>
inline void shuffle_tile(void** operands, unsigned count) {
  using Mine = TileShuffle<T>;
  for (unsigned i = 0; i < count; ++i) {
    Mine& mine = *(Mine*)operands[i];
    mine.taken = ((Mine*)operands[mine.from % count])->value;
  }
}

}  // namespace evotune::cpu

namespace cooperative_groups {

class group_of_warps {
 public:
  __forceinline__ unsigned size() const { return size_; }
  __forceinline__ unsigned num_threads() const { return size_; }
  __forceinline__ unsigned thread_rank() const { return evotune_self->number - first_; }
  __forceinline__ unsigned meta_group_rank() const { return meta_rank_; }
  __forceinline__ unsigned meta_group_size() const { return meta_size_; }
  __forceinline__ bool is_valid() const { return true; }
  __forceinline__ void sync(EVOTUNE_LINE) const {
    act(nullptr, nullptr, "sync of a tile of warps", line);
  }
  template <typename T>
  __forceinline__ T shfl(T value, unsigned from, EVOTUNE_LINE) const {
    evotune::cpu::TileShuffle<T> mine{value, value, from};
    act(&mine, evotune::cpu::shuffle_tile<T>, "shfl of a tile of warps", line);
    return mine.taken;
  }
  __forceinline__ int any(int predicate, EVOTUNE_LINE) const {
    const auto either = [](int a, int b) { return a | b; };
    return fold(predicate != 0 ? 1 : 0, either, "any of a tile of warps", line);
  }
  __forceinline__ int all(int predicate, EVOTUNE_LINE) const {
    const auto both = [](int a, int b) { return a & b; };
    return fold(predicate != 0 ? 1 : 0, both, "all of a tile of warps", line);
  }
  template <typename T, typename Op>
  __forceinline__ T fold(T value, Op op, const char* name, int line) const {
    evotune::cpu::TileFold<T, Op> mine{value, &op};
    act(&mine, evotune::cpu::fold_tile<T, Op>, name, line);
    return mine.value;
  }
  template <typename T, typename Op>
  __forceinline__ T scan(T value, Op op, int line) const {
    evotune::cpu::TileFold<T, Op> mine{value, &op};
    act(&mine, evotune::cpu::scan_tile<T, Op>, "inclusive_scan of a tile of warps", line);
    return mine.value;
  }

 protected:
  __forceinline__ group_of_warps(unsigned size, unsigned meta_rank, unsigned meta_size)
      : first_(evotune_self->number & ~(size - 1)),
        size_(size),
        meta_rank_(meta_rank),
        meta_size_(meta_size) {}

 private:
  __forceinline__ void act(void* operand, evotune::cpu::TileAction action, const char* name,
                           int line) const {
    evotune::cpu::meet_in_tile(first_, size_, operand, action, name, line);
  }
  unsigned first_, size_, meta_rank_, meta_size_;
};

/// What such tiles need of shared memory on a GPU.
template <unsigned MaxBlockSize = 1024, unsigned = 0>
struct block_tile_memory {};

template <typename T, typename Op>
__forceinline__ T reduce(const group_of_warps& group, T value, Op op, EVOTUNE_LINE) {
  return group.fold(value, op, "reduce of a tile of warps", line);
}
template <typename T, typename Op>
__forceinline__ T inclusive_scan(const group_of_warps& group, T value, Op op, EVOTUNE_LINE) {
  return group.scan(value, op, line);
}
template <typename T, typename Op>
__forceinline__ T exclusive_scan(const group_of_warps& group, T value, Op op, EVOTUNE_LINE) {
  const T through = group.scan(value, op, line);
  const unsigned rank = group.thread_rank();
  const T before = group.shfl(through, rank == 0 ? 0 : rank - 1, line);
  return rank == 0 ? T() : before;
}

}  // namespace cooperative_groups

EVOTUNE_CHECKED
