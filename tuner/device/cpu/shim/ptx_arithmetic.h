// Inline PTX that computes: arithmetic and bits. Part of ptx.h.
#pragma once

EVOTUNE_UNCHECKED

namespace evotune::cpu::ptx {

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
__forceinline__ T or_nan(T a, T b, T other) {
  return a != a ? a : b != b ? b : other;
}
template <typename T>
__forceinline__ pair<T> or_nan(pair<T> a, pair<T> b, pair<T> other) {
  return {or_nan(a.low, b.low, other.low), or_nan(a.high, b.high, other.high)};
}
template <typename T>
__forceinline__ pair<T> lesser(pair<T> a, pair<T> b) {
  return {lesser(a.low, b.low), lesser(a.high, b.high)};
}
template <typename T>
__forceinline__ pair<T> greater(pair<T> a, pair<T> b) {
  return {greater(a.low, b.low), greater(a.high, b.high)};
}

__forceinline__ float each(float a, float (*act)(float)) { return act(a); }
template <typename T>
__forceinline__ pair<T> each(pair<T> a, float (*act)(float)) {
  return {act(a.low), act(a.high)};
}
template <typename T>
__forceinline__ pair<T> operator-(pair<T> a) {
  return {-(float)a.low, -(float)a.high};
}
template <typename T>
__forceinline__ T absolute(T a) {
  return a < 0 ? (T)-a : a;
}
__forceinline__ float absolute(float a) { return __builtin_fabsf(a); }
__forceinline__ double absolute(double a) { return __builtin_fabs(a); }
__forceinline__ f16 absolute(f16 a) { return absolute((float)a); }
__forceinline__ bf16 absolute(bf16 a) { return absolute((float)a); }
template <typename T>
__forceinline__ pair<T> absolute(pair<T> a) {
  return {absolute(a.low), absolute(a.high)};
}
__forceinline__ float root(float a) { return sqrtf(a); }
__forceinline__ double root(double a) { return ::sqrt(a); }
template <typename T>
__forceinline__ T low_24(T a) {
  return (T)((int64_t)((uint64_t)a << 40) >> 40) & ((T)-1 < 0 ? (T)-1 : (T)0xffffffu);
}
/// Within the range of an integer type.
template <typename T>
__forceinline__ T saturated(__int128 value) {
  constexpr bool is_signed = (T)-1 < 0;
  constexpr __int128 one = 1, most = (one << (8 * sizeof(T) - is_signed)) - 1;
  constexpr __int128 least = is_signed ? -most - 1 : 0;
  return (T)(value < least ? least : value > most ? most : value);
}
/// `.sat` of a floating-point result: 0 to 1, and of a NaN 0.
template <typename T>
__forceinline__ T limited_to_unit(T a) {
  return !(a > 0) ? T(0.0f) : a > 1 ? T(1.0f) : a;
}
template <typename T>
__forceinline__ pair<T> limited_to_unit(pair<T> a) {
  return {limited_to_unit(a.low), limited_to_unit(a.high)};
}
template <typename T, typename D>
__forceinline__ void limit_to_unit(D& d) {
  set(d, limited_to_unit(as<T>(d)));
}
/// `.relu`: nothing below 0.
template <typename T>
__forceinline__ T not_below_zero(T a) {
  return a < 0 ? T(0.0f) : a;
}
template <typename T>
__forceinline__ pair<T> not_below_zero(pair<T> a) {
  return {not_below_zero(a.low), not_below_zero(a.high)};
}
template <typename T, typename D>
__forceinline__ void relu(D& d) {
  set(d, not_below_zero(as<T>(d)));
}

/// Bytes of the eight of a and b, by numbers modulo 8.
template <typename F>
__forceinline__ uint32_t picked(uint32_t a, uint32_t b, F number) {
  const uint64_t both = (uint64_t)b << 32 | a;
  uint32_t result = 0;
  for (int i = 0; i < 4; ++i)
    result |= (uint32_t)(both >> ((unsigned)number(i) & 7u) * 8 & 255u) << (8 * i);
  return result;
}

EVOTUNE_PTX_1(mov, a)
EVOTUNE_PTX_1(neg, -wrapping(a))
EVOTUNE_PTX_1(abs, absolute(a))
EVOTUNE_PTX_1(not_, (T)~a)
EVOTUNE_PTX_1(ex2, each(a, exp2f))
EVOTUNE_PTX_1(lg2, log2f(a))
EVOTUNE_PTX_1(rcp, 1 / a)
EVOTUNE_PTX_1(sqrt, root(a))
EVOTUNE_PTX_1(rsqrt, 1 / root(a))
EVOTUNE_PTX_1(sin, sinf(a))
EVOTUNE_PTX_1(cos, cosf(a))
EVOTUNE_PTX_1(tanh, each(a, tanhf))
EVOTUNE_PTX_1(popc, sizeof(T) == 8 ? __popcll(a) : __popc((unsigned)a))
EVOTUNE_PTX_1(clz, sizeof(T) == 8 ? __clzll((long long)a) : __clz((int)a))
EVOTUNE_PTX_1(brev, sizeof(T) == 8 ? __brevll(a) : __brev((unsigned)a))
EVOTUNE_PTX_2(add, wrapping(a) + wrapping(b))
EVOTUNE_PTX_2(sub, wrapping(a) - wrapping(b))
EVOTUNE_PTX_2(mul, a* b)
EVOTUNE_PTX_2(mul_lo, wrapping(a) * wrapping(b))
EVOTUNE_PTX_2(mul_hi, ((__int128)a * (__int128)b) >> (8 * sizeof(T)))
EVOTUNE_PTX_2(div, a / b)
EVOTUNE_PTX_2(rem, a % b)
EVOTUNE_PTX_2(min, lesser(a, b))
EVOTUNE_PTX_2(max, greater(a, b))
EVOTUNE_PTX_2(min_NaN, or_nan(a, b, lesser(a, b)))
EVOTUNE_PTX_2(max_NaN, or_nan(a, b, greater(a, b)))
EVOTUNE_PTX_2(mul24_lo, low_24(a) * low_24(b))
EVOTUNE_PTX_2(add_sat, saturated<T>((__int128)a + (__int128)b))
EVOTUNE_PTX_2(sub_sat, saturated<T>((__int128)a - (__int128)b))
EVOTUNE_PTX_2(copysign, __builtin_copysign(b, a))
EVOTUNE_PTX_2(and_, a& b)
EVOTUNE_PTX_2(or_, a | b)
EVOTUNE_PTX_2(xor_, a ^ b)
EVOTUNE_PTX_3(fma, fused(a, b, c))
EVOTUNE_PTX_3(mad, fused(a, b, c))
EVOTUNE_PTX_3(mad_lo, wrapping(a) * wrapping(b) + wrapping(c))
EVOTUNE_PTX_3(mad_hi, (T)(((__int128)a * (__int128)b) >> (8 * sizeof(T))) + c)
EVOTUNE_PTX_3(mad24_lo, low_24(a) * low_24(b) + c)
EVOTUNE_PTX_3(sad, (a > b ? a - b : b - a) + c)
EVOTUNE_PTX_3(prmt, __byte_perm((unsigned)a, (unsigned)b, (unsigned)c))
// Four neighbours forwards and backwards, one byte or half over and over, the edge to the left and
// to the right.
EVOTUNE_PTX_3(prmt_f4e, picked(a, b, [c](int i) { return (c & 3u) + i; }))
EVOTUNE_PTX_3(prmt_b4e, picked(a, b, [c](int i) { return (c & 3u) - i; }))
EVOTUNE_PTX_3(prmt_rc8, picked(a, b, [c](int) { return c & 3u; }))
EVOTUNE_PTX_3(prmt_rc16, picked(a, b, [c](int i) { return (c & 1u) * 2 + i % 2; }))
EVOTUNE_PTX_3(prmt_ecl,
              picked(a, b, [c](int i) { return (unsigned)i < (c & 3u) ? c & 3u : (unsigned)i; }))
EVOTUNE_PTX_3(prmt_ecr,
              picked(a, b, [c](int i) { return (unsigned)i > (c & 3u) ? c & 3u : (unsigned)i; }))
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
template <typename T, typename D, typename A, typename B, typename C>
__forceinline__ void mad_wide(D& d, const A& a, const B& b, const C& c) {
  const long long product = (long long)as<T>(a) * (long long)as<T>(b);
  set(d, product + (long long)as<uint64_t>(c));
}
/// The place of the highest bit that is one (of a negative number: zero); none: all ones.
template <typename T, typename D, typename A>
__forceinline__ void bfind(D& d, const A& a) {
  const T value = as<T>(a);
  const uint64_t bits = (uint64_t)(T)((T)-1 < 0 && value < 0 ? ~value : value);
  set(d, bits == 0 ? 0xffffffffu : 63u - (uint32_t)__builtin_clzll(bits));
}
template <typename First, typename Second, typename D, typename A, typename B, typename C>
__forceinline__ void dp4a(D& d, const A& a, const B& b, const C& c) {
  uint32_t sum = as<uint32_t>(c);
  for (int i = 0; i < 32; i += 8)
    sum += (uint32_t)((int)(First)(as<uint32_t>(a) >> i) * (int)(Second)(as<uint32_t>(b) >> i));
  set(d, sum);
}
/// Sums of absolute differences of bytes.
template <typename T, typename D, typename A, typename B, typename C>
__forceinline__ void vabsdiff4_add(D& d, const A& a, const B& b, const C& c) {
  uint32_t sum = as<uint32_t>(c);
  for (int i = 0; i < 32; i += 8) {
    const int x = as<uint32_t>(a) >> i & 255u, y = as<uint32_t>(b) >> i & 255u;
    sum += (uint32_t)(x > y ? x - y : y - x);
  }
  set(d, sum);
}

// Chains of words: what is carried from one to the next. Nothing gives way between them, and a
// kernel with a variable like this one stays on one core. It is no __thread: clang++ 14 takes the
// registers xmm16 to xmm31 for kept where the address of one is asked for, which they are not.
static unsigned carry;
template <typename T, bool In, bool Out>
__forceinline__ T carried(unsigned __int128 sum) {
  sum += In ? carry : 0u;
  if constexpr (Out) carry = (unsigned)(sum >> (8 * sizeof(T))) & 1u;
  return (T)sum;
}
template <typename T, bool In, bool Out, typename D, typename A, typename B>
__forceinline__ void carrying_add(D& d, const A& a, const B& b) {
  set(d, carried<T, In, Out>((unsigned __int128)as<T>(a) + as<T>(b)));
}
template <typename T, bool In, bool Out, typename D, typename A, typename B>
__forceinline__ void carrying_sub(D& d, const A& a, const B& b) {
  const unsigned __int128 difference = (unsigned __int128)as<T>(a) - as<T>(b) - (In ? carry : 0u);
  if constexpr (Out) carry = (unsigned)(difference >> 127);
  set(d, (T)difference);
}
uint32_t unsigned_of(uint32_t);
uint32_t unsigned_of(int32_t);
uint64_t unsigned_of(uint64_t);
uint64_t unsigned_of(int64_t);
template <typename T, bool In, bool Out, typename D, typename A, typename B, typename C>
__forceinline__ void carrying_mad_lo(D& d, const A& a, const B& b, const C& c) {
  set(d, carried<T, In, Out>((unsigned __int128)(T)(as<T>(a) * as<T>(b)) + as<T>(c)));
}
template <typename T, bool In, bool Out, typename D, typename A, typename B, typename C>
__forceinline__ void carrying_mad_hi(D& d, const A& a, const B& b, const C& c) {
  // Signed or not is a matter of the product alone.
  using Unsigned = decltype(unsigned_of(T{}));
  const auto high = (Unsigned)(((__int128)as<T>(a) * as<T>(b)) >> (8 * sizeof(T)));
  set(d, carried<Unsigned, In, Out>((unsigned __int128)high + as<Unsigned>(c)));
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

}  // namespace evotune::cpu::ptx

EVOTUNE_CHECKED
