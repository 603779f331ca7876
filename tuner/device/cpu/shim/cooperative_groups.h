// Cooperative groups: the block, tiles of a warp, the lanes that are together, and the grid.
#pragma once

#include "async_copies.h"
#include "collectives.h"
#include "evotune_cuda.h"
#include "group_functors.h"
#include "tiles_of_warps.h"

EVOTUNE_UNCHECKED

namespace evotune::cpu {

__forceinline__ unsigned thread_number() { return evotune_self->number; }
__forceinline__ unsigned threads_in_block() {
  const Index& dim = evotune_self->block->dim;
  return dim.x * dim.y * dim.z;
}
__forceinline__ unsigned below(unsigned mask, int lane) {
  return (unsigned)__builtin_popcount(mask & ((1u << lane) - 1u));
}
/// The lane that is member number `rank` of a mask.
__forceinline__ int member(unsigned mask, unsigned rank) {
  const int lowest = __builtin_ctz(mask);
  const unsigned run = mask >> lowest;
  if ((run & (run + 1)) == 0) return lowest + (int)rank;  // neighbours
  for (; rank != 0 && mask != 0; --rank) mask &= mask - 1;
  return mask != 0 ? __builtin_ctz(mask) : lane();
}
/// The members of a mask as ranks.
__forceinline__ unsigned packed(unsigned mask, unsigned members) {
  unsigned ranks = 0, rank = 0;
  for_each_lane(members, [&](int lane) { ranks |= ((mask >> lane) & 1u) << rank++; });
  return ranks;
}

/// take() for values of any size.
template <typename T>
__forceinline__ T take_any(unsigned mask, T value, int from, const char* name, int line) {
  if constexpr (sizeof(T) <= 8) {
    return take(mask, value, from, name, line);
  } else {
    uint64_t words[(sizeof(T) + 7) / 8] = {};
    memcpy(words, &value, sizeof value);
    for (uint64_t& word : words) word = take(mask, word, from, name, line);
    memcpy((void*)&value, words, sizeof value);
    return value;
  }
}

/// What a lane brings to a fold: its value, and the operation of whoever folds.
template <typename T, typename Op>
struct Fold {
  T value;
  Op* op;
};
template <typename T, typename Op>
inline void fold(Warp* warp, uint32_t lanes) {
  using Mine = Fold<T, Op>;
  const int first = __builtin_ctz(lanes);
  T result = ((Mine*)warp->lanes[first].operand)->value;
  Op& op = *((Mine*)warp->lanes[first].operand)->op;
  for_each_lane(lanes & (lanes - 1),
                [&](int lane) { result = op(result, ((Mine*)warp->lanes[lane].operand)->value); });
  for_each_lane(lanes, [&](int lane) { ((Mine*)warp->lanes[lane].operand)->value = result; });
}
/// To each lane the fold of the lanes up to itself.
template <typename T, typename Op>
inline void scan(Warp* warp, uint32_t lanes) {
  using Mine = Fold<T, Op>;
  const int first = __builtin_ctz(lanes);
  T result = ((Mine*)warp->lanes[first].operand)->value;
  Op& op = *((Mine*)warp->lanes[first].operand)->op;
  for_each_lane(lanes & (lanes - 1), [&](int lane) {
    Mine& mine = *(Mine*)warp->lanes[lane].operand;
    mine.value = result = op(result, mine.value);
  });
}

}  // namespace evotune::cpu

namespace cooperative_groups {

using evotune::cpu::thread_number;

/// Any group, as functions take it that do not care which.
class thread_group {
 public:
  __forceinline__ unsigned size() const { return size_; }
  __forceinline__ unsigned num_threads() const { return size_; }
  __forceinline__ unsigned thread_rank() const { return rank_; }
  __forceinline__ bool is_valid() const { return true; }
  void sync(EVOTUNE_LINE) const {
    if (mask_ == 0)
      evotune_barrier("thread_group::sync", line);
    else
      evotune_collective(evotune::cpu::meet, mask_, nullptr, "thread_group::sync", line);
  }
  __forceinline__ unsigned lanes() const { return mask_; }

 protected:
  __forceinline__ thread_group(unsigned mask, unsigned size, unsigned rank)
      : mask_(mask), size_(size), rank_(rank) {}
  friend thread_group tiled_partition(const thread_group&, unsigned);
  unsigned mask_;  ///< lanes of this warp; 0: the block
  unsigned size_, rank_;
};

class thread_block : public thread_group {
 public:
  __forceinline__ thread_block()
      : thread_group(0, evotune::cpu::threads_in_block(), thread_number()) {}
  __forceinline__ static void sync(EVOTUNE_LINE) { evotune_barrier("thread_block::sync", line); }
  __forceinline__ static unsigned size() { return evotune::cpu::threads_in_block(); }
  __forceinline__ static unsigned num_threads() { return size(); }
  __forceinline__ static unsigned thread_rank() { return thread_number(); }
  __forceinline__ static dim3 group_index() { return blockIdx; }
  __forceinline__ static dim3 thread_index() { return threadIdx; }
  __forceinline__ static dim3 group_dim() { return blockDim; }
  __forceinline__ static dim3 dim_threads() { return blockDim; }
  /// Split barriers: the arrival waits, which is one of the orders that a GPU allows.
  struct arrival_token {};
  __forceinline__ arrival_token barrier_arrive() { return {}; }
  __forceinline__ void barrier_wait(arrival_token, EVOTUNE_LINE) { sync(line); }
};
__forceinline__ thread_block this_thread_block() { return {}; }
template <unsigned Size, unsigned More>
__forceinline__ thread_block this_thread_block(block_tile_memory<Size, More>&) {
  return {};
}

/// Some lanes of a warp.
class lane_group : public thread_group {
 public:
  template <typename T>
  __forceinline__ T shfl(T value, unsigned from, EVOTUNE_LINE) const {
    return evotune::cpu::take_any(mask_, value, evotune::cpu::member(mask_, from % size_), "shfl",
                                  line);
  }
  template <typename T>
  __forceinline__ T shfl_down(T value, unsigned by, EVOTUNE_LINE) const {
    const unsigned from = rank_ + by < size_ ? rank_ + by : rank_;
    return evotune::cpu::take_any(mask_, value, evotune::cpu::member(mask_, from), "shfl_down",
                                  line);
  }
  template <typename T>
  __forceinline__ T shfl_up(T value, unsigned by, EVOTUNE_LINE) const {
    const unsigned from = rank_ >= by ? rank_ - by : rank_;
    return evotune::cpu::take_any(mask_, value, evotune::cpu::member(mask_, from), "shfl_up", line);
  }
  template <typename T>
  __forceinline__ T shfl_xor(T value, unsigned with, EVOTUNE_LINE) const {
    const unsigned from = (rank_ ^ with) < size_ ? rank_ ^ with : rank_;
    return evotune::cpu::take_any(mask_, value, evotune::cpu::member(mask_, from), "shfl_xor",
                                  line);
  }
  __forceinline__ unsigned ballot(int predicate, EVOTUNE_LINE) const {
    return evotune::cpu::packed(__ballot_sync(mask_, predicate, line), mask_);
  }
  __forceinline__ int any(int predicate, EVOTUNE_LINE) const {
    return __any_sync(mask_, predicate, line);
  }
  __forceinline__ int all(int predicate, EVOTUNE_LINE) const {
    return __all_sync(mask_, predicate, line);
  }
  template <typename T>
  __forceinline__ unsigned match_any(T value, EVOTUNE_LINE) const {
    return evotune::cpu::packed(__match_any_sync(mask_, value, line), mask_);
  }
  template <typename T>
  __forceinline__ unsigned match_all(T value, int& all, EVOTUNE_LINE) const {
    return evotune::cpu::packed(__match_all_sync(mask_, value, &all, line), mask_);
  }
  __forceinline__ void sync(EVOTUNE_LINE) const {
    evotune_collective(evotune::cpu::meet, mask_, nullptr, "sync of a group of lanes", line);
  }
  __forceinline__ unsigned meta_group_rank() const { return meta_rank_; }
  __forceinline__ unsigned meta_group_size() const { return meta_size_; }

 protected:
  __forceinline__ lane_group(unsigned mask, unsigned meta_rank, unsigned meta_size)
      : thread_group(mask, (unsigned)__builtin_popcount(mask),
                     evotune::cpu::below(mask, evotune::cpu::lane())),
        meta_rank_(meta_rank),
        meta_size_(meta_size) {}
  unsigned meta_rank_, meta_size_;
};

class coalesced_group : public lane_group {
 public:
  __forceinline__ explicit coalesced_group(unsigned mask, unsigned meta_rank = 0,
                                           unsigned meta_size = 1)
      : lane_group(mask, meta_rank, meta_size) {}
};
__forceinline__ coalesced_group coalesced_threads(EVOTUNE_LINE) {
  return coalesced_group(__activemask(line));
}

template <unsigned Size, typename Parent = void, bool InAWarp = (Size <= 32)>
class thread_block_tile : public group_of_warps {
  static_assert(Size <= 1024 && (Size & (Size - 1)) == 0, "a tile's size is a power of two");

 public:
  __forceinline__ thread_block_tile(unsigned meta_rank, unsigned meta_size)
      : group_of_warps(Size, meta_rank, meta_size) {}
  template <typename Other>
  __forceinline__ thread_block_tile(const thread_block_tile<Size, Other>& same)
      : thread_block_tile(same.meta_group_rank(), same.meta_group_size()) {}
};
template <unsigned Size, typename Parent>
class thread_block_tile<Size, Parent, true> : public lane_group {
  static_assert(Size != 0 && (Size & (Size - 1)) == 0, "a tile's size is a power of two");

 public:
  __forceinline__ thread_block_tile(unsigned meta_rank, unsigned meta_size)
      : lane_group((Size == 32 ? ~0u : (1u << (Size & 31u)) - 1u)
                       << ((unsigned)evotune::cpu::lane() & ~(Size - 1)),
                   meta_rank, meta_size) {}
  /// Of which group it is a part may be left out of its type.
  template <typename Other>
  __forceinline__ thread_block_tile(const thread_block_tile<Size, Other>& same)
      : thread_block_tile(same.meta_group_rank(), same.meta_group_size()) {}
  __forceinline__ static constexpr unsigned size() { return Size; }
  __forceinline__ static constexpr unsigned num_threads() { return Size; }
  __forceinline__ static unsigned thread_rank() {
    return (unsigned)evotune::cpu::lane() & (Size - 1);
  }
};

template <unsigned Size>
__forceinline__ thread_block_tile<Size, thread_block> tiled_partition(const thread_block&) {
  return {thread_number() / Size, (evotune::cpu::threads_in_block() + Size - 1) / Size};
}
template <unsigned Size, unsigned Whole, typename Parent>
__forceinline__ thread_block_tile<Size, thread_block_tile<Whole, Parent>> tiled_partition(
    const thread_block_tile<Whole, Parent>& whole) {
  static_assert(Size <= Whole, "a part is no larger than its tile");
  return {whole.thread_rank() / Size, Whole / Size};
}
template <unsigned Size>
__forceinline__ thread_block_tile<Size, thread_group> tiled_partition(const thread_group&) {
  return {thread_number() / Size, (evotune::cpu::threads_in_block() + Size - 1) / Size};
}
/// Of a block: `size` a power of two up to 32. Of lanes: `size` neighbours by rank.
inline thread_group tiled_partition(const thread_group& whole, unsigned size) {
  const unsigned all = whole.lanes(), rank = whole.thread_rank();
  unsigned mask = 0;
  for (unsigned i = rank / size * size; i < rank / size * size + size && i < whole.size(); ++i)
    mask |= all == 0 ? 1u << (i & 31u) : 1u << evotune::cpu::member(all, i);
  return {mask, (unsigned)__builtin_popcount(mask),
          evotune::cpu::below(mask, evotune::cpu::lane())};
}
inline coalesced_group tiled_partition(const coalesced_group& whole, unsigned size) {
  const thread_group part = tiled_partition((const thread_group&)whole, size);
  return coalesced_group(part.lanes(), whole.thread_rank() / size,
                         (whole.size() + size - 1) / size);
}
template <typename T>
__forceinline__ coalesced_group labeled_partition(const lane_group& whole, T label, EVOTUNE_LINE) {
  return coalesced_group(__match_any_sync(whole.lanes(), label, line));
}
__forceinline__ coalesced_group binary_partition(const lane_group& whole, bool label,
                                                 EVOTUNE_LINE) {
  const unsigned yes = __ballot_sync(whole.lanes(), label, line);
  return coalesced_group(label ? yes : whole.lanes() & ~yes, label ? 1 : 0, 2);
}

class this_thread_group : public thread_group {
 public:
  __forceinline__ this_thread_group() : thread_group(1u << evotune::cpu::lane(), 1, 0) {}
};
__forceinline__ this_thread_group this_thread() { return {}; }

class grid_group {
 public:
  __forceinline__ static bool is_valid() { return true; }
  __forceinline__ static unsigned long long size() { return num_blocks() * block_threads(); }
  __forceinline__ static unsigned long long num_threads() { return size(); }
  __forceinline__ static unsigned long long num_blocks() {
    return (unsigned long long)gridDim.x * gridDim.y * gridDim.z;
  }
  __forceinline__ static unsigned long long block_rank() {
    return ((unsigned long long)blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
  }
  __forceinline__ static unsigned long long thread_rank() {
    return block_rank() * block_threads() + thread_number();
  }
  __forceinline__ static dim3 group_dim() { return gridDim; }
  __forceinline__ static dim3 dim_blocks() { return gridDim; }
  __forceinline__ static dim3 block_index() { return blockIdx; }
  __forceinline__ static void sync(EVOTUNE_LINE) { evotune_grid_barrier("grid_group::sync", line); }

 private:
  __forceinline__ static unsigned block_threads() { return evotune::cpu::threads_in_block(); }
};
__forceinline__ grid_group this_grid() { return {}; }

template <typename Group>
__forceinline__ void sync(const Group& group, EVOTUNE_LINE) {
  group.sync(line);
}

template <typename T, typename Op>
__forceinline__ T reduce(const lane_group& group, T value, Op op, EVOTUNE_LINE) {
  evotune::cpu::Fold<T, Op> mine{value, &op};
  evotune_collective(evotune::cpu::fold<T, Op>, group.lanes(), &mine, "reduce", line);
  return mine.value;
}
template <typename T, typename Op>
__forceinline__ T inclusive_scan(const lane_group& group, T value, Op op, EVOTUNE_LINE) {
  evotune::cpu::Fold<T, Op> mine{value, &op};
  evotune_collective(evotune::cpu::scan<T, Op>, group.lanes(), &mine, "inclusive_scan", line);
  return mine.value;
}
template <typename T>
__forceinline__ T inclusive_scan(const lane_group& group, T value, EVOTUNE_LINE) {
  return inclusive_scan(group, value, plus<T>(), line);
}
/// The first member gets T().
template <typename T, typename Op>
__forceinline__ T exclusive_scan(const lane_group& group, T value, Op op, EVOTUNE_LINE) {
  const T through = inclusive_scan(group, value, op, line);
  const T before = group.shfl_up(through, 1, line);
  return group.thread_rank() == 0 ? T() : before;
}
template <typename T>
__forceinline__ T exclusive_scan(const lane_group& group, T value, EVOTUNE_LINE) {
  return exclusive_scan(group, value, plus<T>(), line);
}
template <typename Group, typename F>
__forceinline__ void invoke_one(const Group& group, F act) {
  if (group.thread_rank() == 0) act();
}

/// Each member copies its share.
template <typename Group>
__forceinline__ void memcpy_async(const Group& group, void* to, const void* from, size_t bytes) {
  for (size_t at = 16 * (size_t)group.thread_rank(); at < bytes; at += 16 * (size_t)group.size())
    evotune::cpu::copy_async((char*)to + at, (const char*)from + at,
                             (unsigned)(bytes - at < 16 ? bytes - at : 16));
  evotune::cpu::commit_copies();
}
template <typename Group, typename T, typename U>
__forceinline__ void memcpy_async(const Group& group, T* to, size_t room, const U* from,
                                  size_t count) {
  memcpy_async(group, (void*)to, (const void*)from, (room < count ? room : count) * sizeof(T));
}
template <unsigned Latest, typename Group>
__forceinline__ void wait_prior(const Group& group, EVOTUNE_LINE) {
  evotune::cpu::wait_copies(Latest);
  group.sync(line);
}
template <typename Group>
__forceinline__ void wait(const Group& group, EVOTUNE_LINE) {
  evotune::cpu::wait_all_copies();
  group.sync(line);
}

}  // namespace cooperative_groups

EVOTUNE_CHECKED
