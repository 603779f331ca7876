// Inline PTX: the rewriter (tuner/device/cpu/ptx.cpp) makes each instruction that it knows a call
// of the function of that name here, with the instruction's types as template arguments. Included
// where a kernel has inline PTX.
#pragma once

#include "async_copies.h"
#include "atomics.h"
#include "block_barriers.h"
#include "integer_functions.h"
#include "math_functions.h"
#include "tensor_operations.h"

EVOTUNE_UNCHECKED

namespace evotune::cpu::ptx {

// Registers hold bits; instructions say what they mean.
using b8 = uint8_t;
using b16 = uint16_t;
using b32 = uint32_t;
using b64 = uint64_t;
using u8 = uint8_t;
using u16 = uint16_t;
using u32 = uint32_t;
using u64 = uint64_t;
using s8 = int8_t;
using s16 = int16_t;
using s32 = int32_t;
using s64 = int64_t;
using f32 = float;
using f64 = double;
using pred = bool;
struct f16 {
  uint16_t bits;
  f16() = default;
  f16(float x) : bits(float_to_half(x)) {}
  operator float() const { return half_to_float(bits); }
};
struct bf16 {
  uint16_t bits;
  bf16() = default;
  bf16(float x) : bits(float_to_bfloat16(x)) {}
  operator float() const { return bfloat16_to_float(bits); }
};
template <typename T>
struct pair {
  T low, high;
};
using f16x2 = pair<f16>;
using bf16x2 = pair<bf16>;

/// The low bits of a register or of an expression, as another type.
template <typename T, typename V>
__forceinline__ T as(const V& value) {
  T result{};
  memcpy(&result, &value, sizeof(T) < sizeof(V) ? sizeof(T) : sizeof(V));
  return result;
}
/// `0.5` of an instruction: of the type that it is used as, of f32 where that is none of numbers.
struct Literal {
  double value;
};
template <typename T>
__forceinline__ T as(const Literal& literal) {
  if constexpr (__is_same(T, double))
    return literal.value;
  else
    return as<T>((float)literal.value);
}
template <typename D, typename V>
__forceinline__ void set(D& to, const V& value) {
  to = as<D>(value);
}
template <typename V>
constexpr bool is_number = false;
#define EVOTUNE_NUMBER(V) \
  template <>             \
  constexpr bool is_number<V> = true;
EVOTUNE_NUMBER(bool)
EVOTUNE_NUMBER(char)
EVOTUNE_NUMBER(signed char)
EVOTUNE_NUMBER(unsigned char)
EVOTUNE_NUMBER(short)
EVOTUNE_NUMBER(unsigned short)
EVOTUNE_NUMBER(int)
EVOTUNE_NUMBER(unsigned)
EVOTUNE_NUMBER(long)
EVOTUNE_NUMBER(unsigned long)
EVOTUNE_NUMBER(long long)
EVOTUNE_NUMBER(unsigned long long)
EVOTUNE_NUMBER(float)
EVOTUNE_NUMBER(double)
#undef EVOTUNE_NUMBER
/// An operand of constraint "r", "l", …: a number is converted, anything else keeps its bits.
/// By value: g++ binds no reference to what a lambda captured as __restrict__.
template <typename T, typename V>
__forceinline__ T operand(V value) {
  if constexpr (is_number<V> || __is_enum(V))
    return (T)value;
  else
    return as<T>(value);
}
template <typename T>
constexpr bool is_integer = is_number<T>;
template <>
constexpr bool is_integer<float> = false;
template <>
constexpr bool is_integer<double> = false;
/// Integers wrap around, as those of a GPU do.
template <typename T>
__forceinline__ auto wrapping(const T& value) {
  if constexpr (is_integer<T>)
    return (unsigned long long)value;
  else
    return value;
}
/// A result that may be narrower than its register: integers are extended as their type says.
template <typename T, typename D>
__forceinline__ void put(D& to, T value) {
  if constexpr (is_integer<T>)
    set(to, (long long)value);
  else
    set(to, value);
}
/// A register that an asm statement may leave alone, or both reads and writes.
template <typename T, typename V>
__forceinline__ T result(const V& value) {
  return as<T>(value);
}

// Addresses.
struct Shared {
  template <typename A>
  static __forceinline__ char* at(const A& address, long long offset) {
    const uint64_t value = as<uint64_t>(address);
    return ((value >> 32) == 0 ? (char*)shared_pointer((uint32_t)value) : (char*)value) + offset;
  }
};
template <typename P, typename A>
__forceinline__ void isspacep_global(P& p, const A& address) {
  set(p, !is_shared((const void*)as<uint64_t>(address)));
}
template <typename P, typename A>
__forceinline__ void isspacep_shared(P& p, const A& address) {
  set(p, is_shared((const void*)as<uint64_t>(address)));
}
struct Global {
  template <typename A>
  static __forceinline__ char* at(const A& address, long long offset) {
    return (char*)as<uint64_t>(address) + offset;
  }
};
template <typename D, typename A>
__forceinline__ void cvta_to_shared(D& d, const A& a) {
  set(d, (uint64_t)shared_address((const void*)as<uint64_t>(a)));
}
template <typename D, typename A>
__forceinline__ void cvta_shared(D& d, const A& a) {
  set(d, (uint64_t)shared_pointer(as<uint32_t>(a)));
}
template <typename D, typename A>
__forceinline__ void cvta(D& d, const A& a) {
  set(d, as<uint64_t>(a));
}

template <typename T, int Count>
__forceinline__ char* aligned(char* at, int line) {
  if (((uintptr_t)at & (sizeof(T) * Count - 1)) != 0)
    evotune_trap("misaligned memory access of inline PTX", line);
  return at;
}
template <typename T, typename... D>
__forceinline__ void ld(char* address, int line, D&... d) {
  const char* at = aligned<T, (int)sizeof...(D)>(address, line);
  ((put(d, *(const T*)at), at += sizeof(T)), ...);
}
template <typename T, int Scope, typename D>
__forceinline__ void ld_strong(char* address, int line, D& d) {
  T value;
  __atomic_load((const T*)aligned<T, 1>(address, line), &value, to_load(Scope));
  put(d, value);
}
template <typename T, int Scope, typename V>
__forceinline__ void st_strong(char* address, int line, const V& value) {
  T bits = as<T>(value);
  __atomic_store((T*)aligned<T, 1>(address, line), &bits, to_store(Scope));
}
template <typename T, typename... V>
__forceinline__ void st(char* address, int line, const V&... value) {
  char* at = aligned<T, (int)sizeof...(V)>(address, line);
  ((*(T*)at = as<T>(value), at += sizeof(T)), ...);
}
__forceinline__ void cp_async(char* to, const char* from, int line, uint32_t bytes, uint32_t used) {
  if (((((uintptr_t)to | (uintptr_t)from)) & (bytes - 1)) != 0)
    evotune_trap("misaligned cp.async", line);
  copy_async(to, from, used < bytes ? used : bytes, used < bytes ? bytes - used : 0);
}

template <typename D>
__forceinline__ void mma_doubles(D& d0, D& d1, double a, double b, double c0, double c1, int line) {
  MmaDoubles mine{a, b, {c0, c1}, {}};
  evotune_collective(multiply_doubles, 0xffffffffu, &mine, "mma", line);
  d0 = mine.d[0];
  d1 = mine.d[1];
}
template <typename D, typename A>
__forceinline__ void movmatrix(D& d, const A& a, int line) {
  uint32_t word = as<uint32_t>(a);
  evotune_collective(turn_matrix, 0xffffffffu, &word, "movmatrix", line);
  set(d, word);
}

// Barriers in shared memory. Who tests waits: a thread that spins would never give way.
__forceinline__ void mbarrier_init(char* at, int, uint32_t expected) {
  set_up((BlockBarrier*)at, expected);
}
template <typename D>
__forceinline__ void mbarrier_arrive(char* at, int line, D& state, uint32_t count = 1) {
  look_at((BlockBarrier*)at);
  set(state, arrive_at((BlockBarrier*)at, count, 0, line));
}
template <typename D>
__forceinline__ void mbarrier_arrive_drop(char* at, int line, D& state, uint32_t count = 1) {
  look_at((BlockBarrier*)at);
  set(state, arrive_at((BlockBarrier*)at, count, count, line));
}
template <typename D, typename S>
__forceinline__ void mbarrier_wait(char* at, int line, D& over, const S& state) {
  wait_for_phase((BlockBarrier*)at, as<BlockBarrier>(state).phase, "mbarrier.test_wait", line);
  set(over, true);
}
template <typename D, typename P>
__forceinline__ void mbarrier_wait_parity(char* at, int line, D& over, const P& parity) {
  wait_for_parity((BlockBarrier*)at, as<uint32_t>(parity) & 1u, "mbarrier.test_wait", line);
  set(over, true);
}
template <typename D, typename S>
__forceinline__ void mbarrier_pending_count(D& d, const S& state) {
  set(d, (uint32_t)as<BlockBarrier>(state).missing);
}
/// Of the thread's copies until now; counted as an arrival if it is to be.
__forceinline__ void cp_async_arrive(char* at, int line, bool counts) {
  wait_all_copies();
  if (counts) arrive_at((BlockBarrier*)at, 1, 0, line);
}

// Named barriers: 16 to a block, for as many threads as each arrival says.
struct NamedBarrier {
  uint64_t block;
  unsigned arrived, phase;
  unsigned votes, votes_cast;  ///< of those who arrive now, and before
};
static NamedBarrier named_barriers[16];
EVOTUNE_UNSEEN static NamedBarrier& named_barrier(uint32_t number) {
  NamedBarrier& one = named_barriers[number & 15u];
  if (one.block != evotune_self->block->serial) one = {evotune_self->block->serial, 0, 0, 0, 0};
  return one;
}
EVOTUNE_UNSEEN static bool arrive_at(NamedBarrier& one, uint32_t threads) {
  evotune::cpu::arrived(&one, one.phase);
  if (++one.arrived != threads) return false;
  one.arrived = 0;
  one.votes_cast = one.votes;
  one.votes = 0;
  ++one.phase;
  evotune_wake(&one);
  return true;
}
/// How many have voted for it.
EVOTUNE_UNSEEN static uint32_t bar_vote(int line, uint32_t number, uint32_t threads, bool vote) {
  NamedBarrier& one = named_barrier(number);
  const unsigned phase = one.phase;
  one.votes += vote;
  if (!arrive_at(one, threads))
    while (one.phase == phase) evotune_sleep(&one, "bar.sync", line);
  passed(&one, phase);
  return one.votes_cast;
}
__forceinline__ void bar_sync(int line, uint32_t number, uint32_t threads) {
  bar_vote(line, number, threads, false);
}
__forceinline__ uint32_t threads_of_block() {
  const Index& dim = evotune_self->block->dim;
  return dim.x * dim.y * dim.z;
}
__forceinline__ void bar_sync(int line, uint32_t number) {
  if (number == 0) return evotune_barrier("bar.sync", line);
  bar_sync(line, number, threads_of_block());
}
template <typename D>
__forceinline__ void bar_red_popc(int line, D& d, uint32_t number, uint32_t threads, bool vote) {
  set(d, bar_vote(line, number, threads, vote));
}
template <typename D>
__forceinline__ void bar_red_or(int line, D& d, uint32_t number, uint32_t threads, bool vote) {
  set(d, bar_vote(line, number, threads, vote) != 0);
}
template <typename D>
__forceinline__ void bar_red_and(int line, D& d, uint32_t number, uint32_t threads, bool vote) {
  set(d, bar_vote(line, number, threads, vote) == threads);
}
/// Without a number of threads barrier 0 waits, as __syncthreads does, for those that are left.
template <typename D>
__forceinline__ void bar_red_popc(int line, D& d, uint32_t number, bool vote) {
  if (number == 0) return set(d, (uint32_t)__syncthreads_count(vote, line));
  bar_red_popc(line, d, number, threads_of_block(), vote);
}
template <typename D>
__forceinline__ void bar_red_or(int line, D& d, uint32_t number, bool vote) {
  if (number == 0) return set(d, __syncthreads_or(vote, line) != 0);
  bar_red_or(line, d, number, threads_of_block(), vote);
}
template <typename D>
__forceinline__ void bar_red_and(int line, D& d, uint32_t number, bool vote) {
  if (number == 0) return set(d, __syncthreads_and(vote, line) != 0);
  bar_red_and(line, d, number, threads_of_block(), vote);
}
__forceinline__ void bar_arrive(int, uint32_t number, uint32_t threads) {
  arrive_at(named_barrier(number), threads);
}

}  // namespace evotune::cpu::ptx

EVOTUNE_CHECKED

#include "ptx_collectives.h"
#include "ptx_conversions.h"
