// Inline PTX that adds and subtracts numbers of many words: the carry goes from one instruction to
// the next, also into another asm statement.
#pragma once

#include "ptx.h"

EVOTUNE_UNCHECKED

namespace evotune::cpu::ptx {

static bool carry_flag;  // a thread keeps it until it waits
EVOTUNE_UNSEEN static bool carried() { return carry_flag; }
EVOTUNE_UNSEEN static void carry(bool flag) { carry_flag = flag; }

template <size_t Bytes>
struct Word {
  using type = uint32_t;
};
template <>
struct Word<8> {
  using type = uint64_t;
};
template <typename T>
using word = typename Word<sizeof(T)>::type;

/// add.cc, addc, addc.cc: whether the carry is added, and whether it is set.
template <typename T, bool In, bool Out, typename D, typename A, typename B>
__forceinline__ void add_carry(bool& flag, D& d, const A& first, const B& second) {
  const word<T> a = as<word<T>>(first), b = as<word<T>>(second);
  const word<T> half = a + b, sum = half + (In && flag ? 1 : 0);
  if (Out) flag = half < a || sum < half;
  set(d, sum);
}
template <typename T, bool In, bool Out, typename D, typename A, typename B>
__forceinline__ void sub_carry(bool& flag, D& d, const A& first, const B& second) {
  const word<T> a = as<word<T>>(first), b = as<word<T>>(second);
  const word<T> half = a - b, rest = half - (In && flag ? 1 : 0);
  if (Out) flag = half > a || rest > half;
  set(d, rest);
}
template <typename T, bool High, bool In, bool Out, typename D, typename A, typename B, typename C>
__forceinline__ void mad_carry(bool& flag, D& d, const A& a, const B& b, const C& c) {
  word<T> product;
  if (High)
    mul_hi<T>(product, a, b);
  else
    mul_lo<T>(product, a, b);
  add_carry<T, In, Out>(flag, d, product, c);
}

}  // namespace evotune::cpu::ptx

EVOTUNE_CHECKED
