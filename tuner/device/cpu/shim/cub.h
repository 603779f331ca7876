// A small part of CUB: reductions and scans over a block or a warp, loads and stores of a block.
// Answers are CUB's; the algorithms asked for are not.
#pragma once

#include "collectives.h"
#include "cooperative_groups.h"
#include "cub_values.h"
#include "evotune_cuda.h"

EVOTUNE_UNCHECKED

namespace cub {

enum BlockReduceAlgorithm {
  BLOCK_REDUCE_RAKING_COMMUTATIVE_ONLY,
  BLOCK_REDUCE_RAKING,
  BLOCK_REDUCE_WARP_REDUCTIONS
};
enum BlockScanAlgorithm { BLOCK_SCAN_RAKING, BLOCK_SCAN_RAKING_MEMOIZE, BLOCK_SCAN_WARP_SCANS };
enum BlockLoadAlgorithm {
  BLOCK_LOAD_DIRECT,
  BLOCK_LOAD_STRIPED,
  BLOCK_LOAD_VECTORIZE,
  BLOCK_LOAD_TRANSPOSE,
  BLOCK_LOAD_WARP_TRANSPOSE,
  BLOCK_LOAD_WARP_TRANSPOSE_TIMESLICED
};
enum BlockStoreAlgorithm {
  BLOCK_STORE_DIRECT,
  BLOCK_STORE_STRIPED,
  BLOCK_STORE_VECTORIZE,
  BLOCK_STORE_TRANSPOSE,
  BLOCK_STORE_WARP_TRANSPOSE,
  BLOCK_STORE_WARP_TRANSPOSE_TIMESLICED
};

/// The caller's line where a number of items may stand instead.
struct CallersLine {
  int number;
};
#define EVOTUNE_CALLER CallersLine caller = {__builtin_LINE()}

template <int Lanes, typename T>
__forceinline__ T ShuffleIndex(T value, int from, unsigned mask, EVOTUNE_LINE) {
  return __shfl_sync(mask, value, from, Lanes, line);
}

/// Never constructed, whatever T's constructor does: it is shared memory.
template <typename T, int Threads>
struct SlotPerThread {
  union {
    char nothing;
    T slot[Threads];
  };
  constexpr SlotPerThread() : nothing() {}
};

/// Thread 0 alone gets the answer, as CUB promises; the others their own value.
template <typename T, int X, BlockReduceAlgorithm = BLOCK_REDUCE_WARP_REDUCTIONS, int Y = 1,
          int Z = 1, int = 0>
class BlockReduce {
 public:
  using TempStorage = SlotPerThread<T, X * Y * Z>;
  __forceinline__ BlockReduce(TempStorage& storage) : storage_(storage) {}

  template <typename Op>
  __forceinline__ T Reduce(T value, Op op, int valid, EVOTUNE_LINE) {
    const int me = (int)evotune::cpu::thread_number();
    storage_.slot[me] = value;
    evotune_barrier("BlockReduce", line);
    T result = value;
    if (me == 0)
      for (int i = 1; i < valid; ++i) result = op(result, storage_.slot[i]);
    return result;
  }
  template <typename Op>
  __forceinline__ T Reduce(T value, Op op, EVOTUNE_CALLER) {
    return Reduce(value, op, X * Y * Z, caller.number);
  }
  template <int Items, typename Op>
  __forceinline__ T Reduce(T (&values)[Items], Op op, EVOTUNE_LINE) {
    T own = values[0];
    for (int i = 1; i < Items; ++i) own = op(own, values[i]);
    return Reduce(own, op, X * Y * Z, line);
  }
  __forceinline__ T Sum(T value, EVOTUNE_CALLER) {
    return Reduce(value, cub::Sum(), X * Y * Z, caller.number);
  }
  __forceinline__ T Sum(T value, int valid, EVOTUNE_CALLER) {
    return Reduce(value, cub::Sum(), valid, caller.number);
  }
  template <int Items>
  __forceinline__ T Sum(T (&values)[Items], EVOTUNE_LINE) {
    return Reduce(values, cub::Sum(), line);
  }

 private:
  TempStorage& storage_;
};

template <typename T, int Lanes = 32>
class WarpReduce {
 public:
  struct TempStorage {};
  __forceinline__ WarpReduce(TempStorage&) {}

  /// Lane 0 of each group of `Lanes` gets the answer.
  template <typename Op>
  __forceinline__ T Reduce(T value, Op op, int valid, EVOTUNE_LINE) {
    const int lane = evotune::cpu::lane(), first = lane / Lanes * Lanes;
    unsigned mask = Lanes == 32 ? ~0u : ((1u << (Lanes & 31)) - 1u) << first;
    const unsigned counted = valid >= Lanes ? mask : mask & ((1u << (first + valid)) - 1u);
    evotune::cpu::Fold<Valued<T>, OfValid<Op>> mine{{value, ((counted >> lane) & 1u) != 0},
                                                    nullptr};
    OfValid<Op> folding{op};
    mine.op = &folding;
    evotune_collective(evotune::cpu::fold<Valued<T>, OfValid<Op>>, mask, &mine, "WarpReduce", line);
    return lane == first ? mine.value.value : value;
  }
  template <typename Op>
  __forceinline__ T Reduce(T value, Op op, EVOTUNE_CALLER) {
    return Reduce(value, op, Lanes, caller.number);
  }
  __forceinline__ T Sum(T value, EVOTUNE_CALLER) {
    return Reduce(value, cub::Sum(), Lanes, caller.number);
  }
  __forceinline__ T Sum(T value, int valid, EVOTUNE_CALLER) {
    return Reduce(value, cub::Sum(), valid, caller.number);
  }

 private:
  template <typename V>
  struct Valued {
    V value;
    bool valid;
  };
  template <typename Op>
  struct OfValid {
    Op op;
    __forceinline__ Valued<T> operator()(const Valued<T>& a, const Valued<T>& b) {
      if (!a.valid || !b.valid) return a.valid ? a : b;
      return {op(a.value, b.value), true};
    }
  };
};

template <typename T, int X, BlockScanAlgorithm = BLOCK_SCAN_RAKING, int Y = 1, int Z = 1, int = 0>
class BlockScan {
 public:
  using TempStorage = SlotPerThread<T, X * Y * Z>;
  __forceinline__ BlockScan(TempStorage& storage) : storage_(storage) {}

  template <typename Op>
  __forceinline__ void InclusiveScan(T in, T& out, Op op, T& whole, EVOTUNE_LINE) {
    scan(in, op, line);
    out = storage_.slot[me()];
    whole = storage_.slot[X * Y * Z - 1];
  }
  template <typename Op>
  __forceinline__ void InclusiveScan(T in, T& out, Op op, EVOTUNE_CALLER) {
    T whole;
    InclusiveScan(in, out, op, whole, caller.number);
  }
  __forceinline__ void InclusiveSum(T in, T& out, T& whole, EVOTUNE_LINE) {
    InclusiveScan(in, out, cub::Sum(), whole, line);
  }
  __forceinline__ void InclusiveSum(T in, T& out, EVOTUNE_CALLER) {
    T whole;
    InclusiveScan(in, out, cub::Sum(), whole, caller.number);
  }
  template <typename Op>
  __forceinline__ void ExclusiveScan(T in, T& out, T initial, Op op, T& whole, EVOTUNE_LINE) {
    scan(in, op, line);
    out = me() == 0 ? initial : op(initial, storage_.slot[me() - 1]);
    whole = storage_.slot[X * Y * Z - 1];
  }
  template <typename Op>
  __forceinline__ void ExclusiveScan(T in, T& out, T initial, Op op, EVOTUNE_CALLER) {
    T whole;
    ExclusiveScan(in, out, initial, op, whole, caller.number);
  }
  __forceinline__ void ExclusiveSum(T in, T& out, T& whole, EVOTUNE_LINE) {
    ExclusiveScan(in, out, T(), cub::Sum(), whole, line);
  }
  __forceinline__ void ExclusiveSum(T in, T& out, EVOTUNE_CALLER) {
    T whole;
    ExclusiveScan(in, out, T(), cub::Sum(), whole, caller.number);
  }
  template <int Items, typename Op>
  __forceinline__ void InclusiveScan(T (&in)[Items], T (&out)[Items], Op op, T& whole,
                                     EVOTUNE_LINE) {
    whole = scan_items(in, op, line);
    const bool first = me() == 0;
    const T before = first ? in[0] : storage_.slot[me() - 1];
    out[0] = first ? before : op(before, in[0]);
    for (int i = 1; i < Items; ++i) out[i] = op(out[i - 1], in[i]);
  }
  template <int Items, typename Op>
  __forceinline__ void InclusiveScan(T (&in)[Items], T (&out)[Items], Op op, EVOTUNE_CALLER) {
    T whole;
    InclusiveScan(in, out, op, whole, caller.number);
  }
  /// What was before the block: the first warp asks, its lane 0's answer counts.
  template <int Items, typename Op, typename Prefix>
  __forceinline__ void InclusiveScan(T (&in)[Items], T (&out)[Items], Op op, Prefix& prefix,
                                     EVOTUNE_LINE) {
    const T whole = scan_items(in, op, line);
    T before = storage_.slot[me() == 0 ? 0 : me() - 1];
    evotune_barrier("BlockScan", line);
    if (me() < 32) {
      const T given = prefix(whole);
      if (me() == 0) storage_.slot[0] = given;
    }
    evotune_barrier("BlockScan", line);
    before = me() == 0 ? storage_.slot[0] : op(storage_.slot[0], before);
    for (int i = 0; i < Items; ++i) out[i] = before = op(before, in[i]);
  }
  template <int Items>
  __forceinline__ void InclusiveSum(T (&in)[Items], T (&out)[Items], T& whole, EVOTUNE_LINE) {
    T before = exclusive_of(in, whole, line);
    for (int i = 0; i < Items; ++i) out[i] = before = before + in[i];
  }
  template <int Items>
  __forceinline__ void InclusiveSum(T (&in)[Items], T (&out)[Items], EVOTUNE_CALLER) {
    T whole;
    InclusiveSum(in, out, whole, caller.number);
  }
  template <int Items>
  __forceinline__ void ExclusiveSum(T (&in)[Items], T (&out)[Items], T& whole, EVOTUNE_LINE) {
    T before = exclusive_of(in, whole, line);
    for (int i = 0; i < Items; ++i) {
      const T own = in[i];
      out[i] = before;
      before = before + own;
    }
  }
  template <int Items>
  __forceinline__ void ExclusiveSum(T (&in)[Items], T (&out)[Items], EVOTUNE_CALLER) {
    T whole;
    ExclusiveSum(in, out, whole, caller.number);
  }

 private:
  __forceinline__ static int me() { return (int)evotune::cpu::thread_number(); }
  template <typename Op>
  __forceinline__ void scan(T in, Op op, int line) {
    storage_.slot[me()] = in;
    evotune_barrier("BlockScan", line);
    if (me() == 0)
      for (int i = 1; i < X * Y * Z; ++i)
        storage_.slot[i] = op(storage_.slot[i - 1], storage_.slot[i]);
    evotune_barrier("BlockScan", line);
  }
  /// The sums of threads, each with those before it, are then in their slots.
  template <int Items, typename Op>
  __forceinline__ T scan_items(T (&in)[Items], Op op, int line) {
    T own = in[0];
    for (int i = 1; i < Items; ++i) own = op(own, in[i]);
    scan(own, op, line);
    return storage_.slot[X * Y * Z - 1];
  }
  template <int Items>
  __forceinline__ T exclusive_of(T (&in)[Items], T& whole, int line) {
    T own = in[0], before;
    for (int i = 1; i < Items; ++i) own = own + in[i];
    ExclusiveSum(own, before, whole, line);
    return before;
  }
  TempStorage& storage_;
};

template <typename T, int Lanes = 32>
class WarpScan {
 public:
  struct TempStorage {};
  __forceinline__ WarpScan(TempStorage&) {}

  template <typename Op>
  __forceinline__ void InclusiveScan(T in, T& out, Op op, EVOTUNE_LINE) {
    evotune::cpu::Fold<T, Op> mine{in, &op};
    evotune_collective(evotune::cpu::scan<T, Op>, mask(), &mine, "WarpScan", line);
    out = mine.value;
  }
  __forceinline__ void InclusiveSum(T in, T& out, EVOTUNE_LINE) {
    InclusiveScan(in, out, cub::Sum(), line);
  }
  __forceinline__ void ExclusiveSum(T in, T& out, EVOTUNE_LINE) {
    InclusiveScan(in, out, cub::Sum(), line);
    out = out - in;
  }

 private:
  __forceinline__ static unsigned mask() {
    return Lanes == 32 ? ~0u
                       : ((1u << (Lanes & 31)) - 1u) << (evotune::cpu::lane() / Lanes * Lanes);
  }
};

namespace detail {
/// Item i of a thread, with and without a warp's or block's stripes.
template <int Threads, int Items, bool Striped>
__forceinline__ int place_of(int i) {
  const int me = (int)evotune::cpu::thread_number();
  return Striped ? i * Threads + me : me * Items + i;
}
}  // namespace detail

template <typename T, int X, int Items, BlockLoadAlgorithm Algorithm = BLOCK_LOAD_DIRECT, int Y = 1,
          int Z = 1, int = 0>
class BlockLoad {
 public:
  struct TempStorage {};
  __forceinline__ BlockLoad() {}
  __forceinline__ BlockLoad(TempStorage&) {}
  template <typename In>
  __forceinline__ void Load(In from, T (&items)[Items]) {
    for (int i = 0; i < Items; ++i) items[i] = from[place(i)];
  }
  template <typename In>
  __forceinline__ void Load(In from, T (&items)[Items], int valid) {
    for (int i = 0; i < Items; ++i)
      if (place(i) < valid) items[i] = from[place(i)];
  }
  template <typename In, typename D>
  __forceinline__ void Load(In from, T (&items)[Items], int valid, D otherwise) {
    for (int i = 0; i < Items; ++i) items[i] = place(i) < valid ? (T)from[place(i)] : (T)otherwise;
  }

 private:
  __forceinline__ static int place(int i) {
    return detail::place_of<X * Y * Z, Items, Algorithm == BLOCK_LOAD_STRIPED>(i);
  }
};

template <typename T, int X, int Items, BlockStoreAlgorithm Algorithm = BLOCK_STORE_DIRECT,
          int Y = 1, int Z = 1, int = 0>
class BlockStore {
 public:
  struct TempStorage {};
  __forceinline__ BlockStore() {}
  __forceinline__ BlockStore(TempStorage&) {}
  template <typename Out>
  __forceinline__ void Store(Out to, T (&items)[Items]) {
    for (int i = 0; i < Items; ++i) to[place(i)] = items[i];
  }
  template <typename Out>
  __forceinline__ void Store(Out to, T (&items)[Items], int valid) {
    for (int i = 0; i < Items; ++i)
      if (place(i) < valid) to[place(i)] = items[i];
  }

 private:
  __forceinline__ static int place(int i) {
    return detail::place_of<X * Y * Z, Items, Algorithm == BLOCK_STORE_STRIPED>(i);
  }
};

}  // namespace cub

EVOTUNE_CHECKED
