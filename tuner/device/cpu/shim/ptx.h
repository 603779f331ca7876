// Inline PTX: the rewriter (tuner/device/cpu/ptx.cpp) makes each instruction that it knows a call
// of the function of that name here, with the instruction's types as template arguments. Included
// where a kernel has inline PTX.
#pragma once

#include "async_copies.h"
#include "atomics.h"
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
struct tf32 {};

/// The low bits of a register or of an expression, as another type.
template <typename T, typename V>
__forceinline__ T as(const V& value) {
  T result{};
  memcpy(&result, &value, sizeof(T) < sizeof(V) ? sizeof(T) : sizeof(V));
  return result;
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
template <typename T, typename V>
__forceinline__ T operand(const V& value) {
  if constexpr (is_number<V> || __is_enum(V))
    return (T)value;
  else
    return as<T>(value);
}
/// A register that an asm statement may leave alone, or both reads and writes.
template <typename T, typename V>
__forceinline__ T result(const V& value) {
  return as<T>(value);
}

#define EVOTUNE_PTX_1(name, value)                  \
  template <typename T, typename D, typename A>     \
  __forceinline__ void name(D& d, const A& first) { \
    const T a = as<T>(first);                       \
    set(d, (T)(value));                             \
  }
#define EVOTUNE_PTX_2(name, value)                                   \
  template <typename T, typename D, typename A, typename B>          \
  __forceinline__ void name(D& d, const A& first, const B& second) { \
    const T a = as<T>(first), b = as<T>(second);                     \
    set(d, (T)(value));                                              \
  }
#define EVOTUNE_PTX_3(name, value)                                                   \
  template <typename T, typename D, typename A, typename B, typename C>              \
  __forceinline__ void name(D& d, const A& first, const B& second, const C& third) { \
    const T a = as<T>(first), b = as<T>(second), c = as<T>(third);                   \
    set(d, (T)(value));                                                              \
  }

template <typename T>
__forceinline__ pair<T> operator+(pair<T> a, pair<T> b) {
  return {(float)a.low + (float)b.low, (float)a.high + (float)b.high};
}
template <typename T>
__forceinline__ pair<T> operator-(pair<T> a, pair<T> b) {
  return {(float)a.low - (float)b.low, (float)a.high - (float)b.high};
}
template <typename T>
__forceinline__ pair<T> operator*(pair<T> a, pair<T> b) {
  return {(float)a.low * (float)b.low, (float)a.high * (float)b.high};
}
__forceinline__ float fused(float a, float b, float c) { return fmaf(a, b, c); }
__forceinline__ double fused(double a, double b, double c) { return ::fma(a, b, c); }
__forceinline__ f16 fused(f16 a, f16 b, f16 c) { return fma_to_odd(a, b, c); }
__forceinline__ bf16 fused(bf16 a, bf16 b, bf16 c) { return fma_to_odd(a, b, c); }
template <typename T>
__forceinline__ pair<T> fused(pair<T> a, pair<T> b, pair<T> c) {
  return {fused(a.low, b.low, c.low), fused(a.high, b.high, c.high)};
}
template <typename T>
__forceinline__ T lesser(T a, T b) {
  return b < a || a != a ? b : a;
}
template <typename T>
__forceinline__ T greater(T a, T b) {
  return b > a || a != a ? b : a;
}
template <typename T>
__forceinline__ pair<T> lesser(pair<T> a, pair<T> b) {
  return {lesser(a.low, b.low), lesser(a.high, b.high)};
}
template <typename T>
__forceinline__ pair<T> greater(pair<T> a, pair<T> b) {
  return {greater(a.low, b.low), greater(a.high, b.high)};
}

EVOTUNE_PTX_1(mov, a)
EVOTUNE_PTX_1(neg, -a)
EVOTUNE_PTX_1(abs, a < 0 ? -a : a)
EVOTUNE_PTX_1(not_, (T)~a)
EVOTUNE_PTX_1(ex2, exp2f(a))
EVOTUNE_PTX_1(lg2, log2f(a))
EVOTUNE_PTX_1(rcp, 1 / a)
EVOTUNE_PTX_1(sqrt, sqrtf(a))
EVOTUNE_PTX_1(rsqrt, 1.0f / sqrtf(a))
EVOTUNE_PTX_1(sin, sinf(a))
EVOTUNE_PTX_1(cos, cosf(a))
EVOTUNE_PTX_1(tanh, tanhf(a))
EVOTUNE_PTX_1(popc, sizeof(T) == 8 ? __popcll(a) : __popc((unsigned)a))
EVOTUNE_PTX_1(clz, sizeof(T) == 8 ? __clzll((long long)a) : __clz((int)a))
EVOTUNE_PTX_1(brev, sizeof(T) == 8 ? __brevll(a) : __brev((unsigned)a))
EVOTUNE_PTX_2(add, a + b)
EVOTUNE_PTX_2(sub, a - b)
EVOTUNE_PTX_2(mul, a* b)
EVOTUNE_PTX_2(mul_lo, a* b)
EVOTUNE_PTX_2(mul_hi, ((__int128)a * (__int128)b) >> (8 * sizeof(T)))
EVOTUNE_PTX_2(div, a / b)
EVOTUNE_PTX_2(rem, a % b)
EVOTUNE_PTX_2(min, lesser(a, b))
EVOTUNE_PTX_2(max, greater(a, b))
EVOTUNE_PTX_2(and_, a& b)
EVOTUNE_PTX_2(or_, a | b)
EVOTUNE_PTX_2(xor_, a ^ b)
EVOTUNE_PTX_3(fma, fused(a, b, c))
EVOTUNE_PTX_3(mad, fused(a, b, c))
EVOTUNE_PTX_3(mad_lo, a* b + c)
EVOTUNE_PTX_3(prmt, __byte_perm((unsigned)a, (unsigned)b, (unsigned)c))
EVOTUNE_PTX_3(shf_l_wrap, __funnelshift_l((unsigned)a, (unsigned)b, (unsigned)c))
EVOTUNE_PTX_3(shf_r_wrap, __funnelshift_r((unsigned)a, (unsigned)b, (unsigned)c))
EVOTUNE_PTX_3(shf_l_clamp, __funnelshift_lc((unsigned)a, (unsigned)b, (unsigned)c))
EVOTUNE_PTX_3(shf_r_clamp, __funnelshift_rc((unsigned)a, (unsigned)b, (unsigned)c))
#undef EVOTUNE_PTX_1
#undef EVOTUNE_PTX_2
#undef EVOTUNE_PTX_3

template <typename T, typename D, typename A, typename B>
__forceinline__ void mul_wide(D& d, const A& a, const B& b) {
  set(d, (long long)as<T>(a) * (long long)as<T>(b));
}
template <typename T, typename D, typename A, typename B>
__forceinline__ void shl(D& d, const A& a, const B& b) {
  const uint32_t by = as<uint32_t>(b);
  set(d, by < 8 * sizeof(T) ? (T)(as<T>(a) << by) : (T)0);
}
template <typename T, typename D, typename A, typename B>
__forceinline__ void shr(D& d, const A& a, const B& b) {
  const uint32_t by = as<uint32_t>(b), most = 8 * sizeof(T) - 1;
  const T rest = (T)-1 < 0 ? (T)(as<T>(a) >> most) : (T)0;
  set(d, by <= most ? (T)(as<T>(a) >> by) : rest);
}
/// Bit i of the result is the bit of `table` that bits i of a, b and c number.
template <typename T, typename D, typename A, typename B, typename C, typename I>
__forceinline__ void lop3(D& d, const A& x, const B& y, const C& z, const I& table) {
  const T a = as<T>(x), b = as<T>(y), c = as<T>(z);
  T result = 0;
  for (int i = 0; i < 8; ++i)
    if ((as<uint32_t>(table) >> i) & 1u)
      result |= ((i & 4) ? a : ~a) & ((i & 2) ? b : ~b) & ((i & 1) ? c : ~c);
  set(d, result);
}
template <typename T, typename D, typename A, typename B, typename C>
__forceinline__ void bfe(D& d, const A& a, const B& position, const C& length) {
  const uint32_t at = as<uint32_t>(position) & 255u, bits = as<uint32_t>(length) & 255u;
  const uint32_t width = 8 * sizeof(T);
  const T value = as<T>(a);
  if (bits == 0) return set(d, (T)0);
  if (at >= width) return set(d, (T)-1 < 0 && value < 0 ? (T)-1 : (T)0);
  const uint32_t end = at + bits < width ? at + bits : width;
  const uint64_t field = ((uint64_t)value >> at) & (~uint64_t{0} >> (64 - (end - at)));
  const bool negative = (T)-1 < 0 && ((uint64_t)value >> (end - 1)) & 1u;
  const uint64_t above = end - at >= 64 ? 0 : ~uint64_t{0} << (end - at);
  set(d, (T)(negative ? field | above : field));
}
template <typename T, typename D, typename A, typename B, typename C, typename E>
__forceinline__ void bfi(D& d, const A& field, const B& base, const C& position, const E& length) {
  const uint32_t at = as<uint32_t>(position) & 255u, bits = as<uint32_t>(length) & 255u;
  uint64_t mask = bits >= 64 ? ~uint64_t{0} : (uint64_t{1} << bits) - 1;
  mask = at >= 64 ? 0 : mask << at;
  const uint64_t moved = at >= 64 ? 0 : (uint64_t)as<T>(field) << at;
  set(d, (T)(((uint64_t)as<T>(base) & ~mask) | (moved & mask)));
}
template <typename T, typename D, typename A, typename B, typename P>
__forceinline__ void selp(D& d, const A& a, const B& b, const P& choose) {
  set(d, choose ? as<T>(a) : as<T>(b));
}
#define EVOTUNE_PTX_SETP(name, op)                                 \
  template <typename T, typename D, typename A, typename B>        \
  __forceinline__ void setp_##name(D& d, const A& a, const B& b) { \
    d = as<T>(a) op as<T>(b);                                      \
  }
EVOTUNE_PTX_SETP(eq, ==)
EVOTUNE_PTX_SETP(ne, !=)
EVOTUNE_PTX_SETP(lt, <)
EVOTUNE_PTX_SETP(le, <=)
EVOTUNE_PTX_SETP(gt, >)
EVOTUNE_PTX_SETP(ge, >=)
EVOTUNE_PTX_SETP(lo, <)
EVOTUNE_PTX_SETP(ls, <=)
EVOTUNE_PTX_SETP(hi, >)
EVOTUNE_PTX_SETP(hs, >=)
#undef EVOTUNE_PTX_SETP

// Several registers in one: mov.b64 %0, {%1, %2} and back.
template <typename T, typename D, typename A, typename B>
__forceinline__ void mov_pack(D& d, const A& low, const B& high) {
  constexpr int half = 4 * sizeof(T);
  constexpr uint64_t mask = (uint64_t{1} << half) - 1;
  set(d, (T)((as<uint64_t>(low) & mask) | ((as<uint64_t>(high) & mask) << half)));
}
template <typename T, typename A, typename B, typename V>
__forceinline__ void mov_unpack(A& low, B& high, const V& value) {
  constexpr int half = 4 * sizeof(T);
  set(low, (uint64_t)as<T>(value) & ((uint64_t{1} << half) - 1));
  set(high, (uint64_t)as<T>(value) >> half);
}

// Addresses.
struct Shared {
  template <typename A>
  static __forceinline__ char* at(const A& address, long long offset) {
    const uint64_t value = as<uint64_t>(address);
    return ((value >> 32) == 0 ? (char*)shared_pointer((uint32_t)value) : (char*)value) + offset;
  }
};
struct Global {
  template <typename A>
  static __forceinline__ char* at(const A& address, long long offset) {
    return (char*)as<uint64_t>(address) + offset;
  }
};
using Generic = Global;
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
  ((set(d, *(const T*)at), at += sizeof(T)), ...);
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

template <int K, typename A, typename B, typename Sum, bool Narrow>
__forceinline__ void mma(uint32_t* d, const uint32_t* a, const uint32_t* b, const uint32_t* c,
                         int line) {
  mma_16x8<K, A, B, Sum, Narrow>(d, a, b, c, line);
}

// Named barriers: 16 to a block, for as many threads as each arrival says.
struct NamedBarrier {
  uint64_t block;
  unsigned arrived, phase;
};
static NamedBarrier named_barriers[16];
EVOTUNE_UNSEEN static NamedBarrier& named_barrier(uint32_t number) {
  NamedBarrier& one = named_barriers[number & 15u];
  if (one.block != evotune_self->block->serial) one = {evotune_self->block->serial, 0, 0};
  return one;
}
EVOTUNE_UNSEEN static bool arrive_at(NamedBarrier& one, uint32_t threads) {
  if (++one.arrived != threads) return false;
  one.arrived = 0;
  ++one.phase;
  evotune_wake(&one);
  return true;
}
EVOTUNE_UNSEEN static void bar_sync(int line, uint32_t number, uint32_t threads) {
  NamedBarrier& one = named_barrier(number);
  const unsigned phase = one.phase;
  if (arrive_at(one, threads)) return;
  while (one.phase == phase) evotune_sleep(&one, "bar.sync", line);
}
__forceinline__ void bar_sync(int line, uint32_t number) {
  if (number == 0) return evotune_barrier("bar.sync", line);
  const Index& dim = evotune_self->block->dim;
  bar_sync(line, number, dim.x * dim.y * dim.z);
}
__forceinline__ void bar_arrive(int, uint32_t number, uint32_t threads) {
  arrive_at(named_barrier(number), threads);
}

}  // namespace evotune::cpu::ptx

EVOTUNE_CHECKED

#include "ptx_collectives.h"
#include "ptx_conversions.h"
