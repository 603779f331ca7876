// CUB's radix sort of a block, and its loads and stores without an object. Every thread counts what
// goes before each of its keys: right, and quick enough for what a block holds.
#pragma once

#include "../../cub.h"

EVOTUNE_UNCHECKED

namespace cub {

struct NullType {};

namespace detail {

/// Unsigned, in the order of the keys.
template <typename Key>
__forceinline__ unsigned long long radix_bits(Key key) {
  constexpr unsigned long long sign = 1ull << (8 * sizeof(Key) - 1);
  unsigned long long bits = 0;
  memcpy(&bits, &key, sizeof key);
  if constexpr ((Key)0.5f != (Key)0)
    return (bits & sign) != 0 ? ~bits & (2 * sign - 1) : bits | sign;
  return (Key)-1 < (Key)0 ? bits ^ sign : bits;
}

}  // namespace detail

template <typename Key, int X, int Items, typename Value = NullType, int = 4, bool = true,
          BlockScanAlgorithm = BLOCK_SCAN_WARP_SCANS, int = 0, int Y = 1, int Z = 1, int = 0>
class BlockRadixSort {
  static constexpr int count = X * Y * Z * Items;

 public:
  struct TempStorage {
    unsigned long long bits[count];
    Key keys[count];
    Value values[count];
  };
  __forceinline__ BlockRadixSort(TempStorage& storage) : storage_(storage) {}

  __forceinline__ void Sort(Key (&keys)[Items], int begin_bit = 0,
                            int end_bit = 8 * (int)sizeof(Key), EVOTUNE_LINE) {
    Value none[Items];
    sort<false>(keys, none, false, begin_bit, end_bit, line);
  }
  __forceinline__ void Sort(Key (&keys)[Items], Value (&values)[Items], int begin_bit = 0,
                            int end_bit = 8 * (int)sizeof(Key), EVOTUNE_LINE) {
    sort<false>(keys, values, false, begin_bit, end_bit, line);
  }
  __forceinline__ void SortDescending(Key (&keys)[Items], int begin_bit = 0,
                                      int end_bit = 8 * (int)sizeof(Key), EVOTUNE_LINE) {
    Value none[Items];
    sort<false>(keys, none, true, begin_bit, end_bit, line);
  }
  __forceinline__ void SortDescending(Key (&keys)[Items], Value (&values)[Items], int begin_bit = 0,
                                      int end_bit = 8 * (int)sizeof(Key), EVOTUNE_LINE) {
    sort<false>(keys, values, true, begin_bit, end_bit, line);
  }
  __forceinline__ void SortBlockedToStriped(Key (&keys)[Items], int begin_bit = 0,
                                            int end_bit = 8 * (int)sizeof(Key), EVOTUNE_LINE) {
    Value none[Items];
    sort<true>(keys, none, false, begin_bit, end_bit, line);
  }
  __forceinline__ void SortBlockedToStriped(Key (&keys)[Items], Value (&values)[Items],
                                            int begin_bit = 0, int end_bit = 8 * (int)sizeof(Key),
                                            EVOTUNE_LINE) {
    sort<true>(keys, values, false, begin_bit, end_bit, line);
  }

 private:
  template <bool Striped>
  __forceinline__ void sort(Key (&keys)[Items], Value (&values)[Items], bool descending,
                            int begin_bit, int end_bit, int line) {
    const int first = (int)evotune::cpu::thread_number() * Items;
    const unsigned long long counted =
        end_bit - begin_bit >= 64 ? ~0ull : (1ull << (end_bit - begin_bit)) - 1;
    for (int i = 0; i < Items; ++i) {
      const unsigned long long bits = (detail::radix_bits(keys[i]) >> begin_bit) & counted;
      storage_.bits[first + i] = descending ? ~bits : bits;
    }
    evotune_barrier("BlockRadixSort", line);
    for (int i = 0; i < Items; ++i) {
      const int place = place_of(first + i);
      storage_.keys[place] = keys[i];
      storage_.values[place] = values[i];
    }
    evotune_barrier("BlockRadixSort", line);
    for (int i = 0; i < Items; ++i) {
      const int place = detail::place_of<X * Y * Z, Items, Striped>(i);
      keys[i] = storage_.keys[place];
      values[i] = storage_.values[place];
    }
  }

  /// Equal keys stay in their order.
  __forceinline__ int place_of(int item) const {
    int place = 0;
    for (int i = 0; i < count; ++i)
      place += storage_.bits[i] < storage_.bits[item] ||
               (storage_.bits[i] == storage_.bits[item] && i < item);
    return place;
  }

  TempStorage& storage_;
};

template <typename T, int Items, typename In>
__forceinline__ void LoadDirectBlocked(int thread, In from, T (&items)[Items]) {
  for (int i = 0; i < Items; ++i) items[i] = from[thread * Items + i];
}
template <int Threads, typename T, int Items, typename In>
__forceinline__ void LoadDirectStriped(int thread, In from, T (&items)[Items]) {
  for (int i = 0; i < Items; ++i) items[i] = from[thread + i * Threads];
}
template <typename T, int Items, typename Out>
__forceinline__ void StoreDirectBlocked(int thread, Out to, T (&items)[Items]) {
  for (int i = 0; i < Items; ++i) to[thread * Items + i] = items[i];
}
template <int Threads, typename T, int Items, typename Out>
__forceinline__ void StoreDirectStriped(int thread, Out to, T (&items)[Items]) {
  for (int i = 0; i < Items; ++i) to[thread + i * Threads] = items[i];
}

}  // namespace cub

EVOTUNE_CHECKED
