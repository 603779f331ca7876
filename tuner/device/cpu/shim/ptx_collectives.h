// Inline PTX that lanes do together, and its atomics. Part of ptx.h.
#pragma once

#include "atomics.h"
#include "collectives.h"
#include "integer_functions.h"
#include "ptx_arithmetic.h"

EVOTUNE_UNCHECKED

namespace evotune::cpu::ptx {

enum class Shuffle { up, down, bfly, idx };

/// shfl.sync: `clamp` holds the last lane of a segment in its low bits, and which bits of a lane's
/// number say its segment in bits 8 to 12.
template <Shuffle Mode, typename D, typename P>
__forceinline__ void shfl(D& d, P& inside, uint32_t value, uint32_t by, uint32_t clamp,
                          uint32_t mask, int line) {
  const unsigned self = (unsigned)lane(), segment = (clamp >> 8) & 31u;
  const unsigned last = (self & segment) | (clamp & 31u & ~segment);
  by &= 31u;
  const unsigned from = Mode == Shuffle::up     ? self - by
                        : Mode == Shuffle::down ? self + by
                        : Mode == Shuffle::bfly ? self ^ by
                                                : (self & segment) | (by & ~segment);
  const bool there = Mode == Shuffle::up ? (int)from >= (int)last : from <= last;
  set(d, take(mask, value, (int)(there ? from : self), "shfl.sync", line));
  set(inside, there);
}

template <typename D>
__forceinline__ void vote_ballot(D& d, bool yes, uint32_t mask, int line) {
  set(d, __ballot_sync(mask, yes, line));
}
template <typename D>
__forceinline__ void vote_any(D& d, bool yes, uint32_t mask, int line) {
  set(d, __any_sync(mask, yes, line) != 0);
}
template <typename D>
__forceinline__ void vote_all(D& d, bool yes, uint32_t mask, int line) {
  set(d, __all_sync(mask, yes, line) != 0);
}
template <typename D>
__forceinline__ void vote_uni(D& d, bool yes, uint32_t mask, int line) {
  const unsigned votes = __ballot_sync(mask, yes, line);
  set(d, votes == 0 || votes == came_to(mask));
}

template <typename T, typename D>
__forceinline__ void match_any(D& d, T value, uint32_t mask, int line) {
  set(d, __match_any_sync(mask, value, line));
}
template <typename T, typename D, typename P>
__forceinline__ void match_all(D& d, P& same, T value, uint32_t mask, int line) {
  int all = 0;
  set(d, __match_all_sync(mask, value, &all, line));
  set(same, all != 0);
}

#define EVOTUNE_PTX_ATOM(name, result)                                              \
  template <typename T, int Scope, typename D, typename V>                          \
  __forceinline__ void atom_##name(D& d, char* address, int line, const V& value) { \
    T* at = (T*)aligned<T, 1>(address, line);                                       \
    const T by = as<T>(value);                                                      \
    set(d, update<Scope>(at, [by](T old) { return (T)(result); }));                 \
  }                                                                                 \
  template <typename T, int Scope, typename V>                                      \
  __forceinline__ void red_##name(char* address, int line, const V& value) {        \
    T* at = (T*)aligned<T, 1>(address, line);                                       \
    const T by = as<T>(value);                                                      \
    update<Scope>(at, [by](T old) { return (T)(result); });                         \
  }
EVOTUNE_PTX_ATOM(add, wrapping(old) + wrapping(by))
EVOTUNE_PTX_ATOM(min, lesser(old, by))
EVOTUNE_PTX_ATOM(max, greater(old, by))
EVOTUNE_PTX_ATOM(and, old& by)
EVOTUNE_PTX_ATOM(or, old | by)
EVOTUNE_PTX_ATOM(xor, old ^ by)
EVOTUNE_PTX_ATOM(inc, old >= by ? 0 : old + 1)
EVOTUNE_PTX_ATOM(dec, old == 0 || old > by ? by : old - 1)
#undef EVOTUNE_PTX_ATOM
template <typename T, int Scope, typename D, typename V>
__forceinline__ void atom_exch(D& d, char* address, int line, const V& value) {
  T* at = (T*)aligned<T, 1>(address, line);
  const T by = as<T>(value);
  set(d, update<Scope>(at, [by](T) { return by; }));
}
template <typename T, int Scope, typename D, typename C, typename V>
__forceinline__ void atom_cas(D& d, char* address, int line, const C& expected, const V& value) {
  T* at = (T*)aligned<T, 1>(address, line);
  T old = as<T>(expected);
  __atomic_compare_exchange_n(at, &old, as<T>(value), false, Scope, __ATOMIC_RELAXED);
  set(d, old);
}

}  // namespace evotune::cpu::ptx

EVOTUNE_CHECKED
