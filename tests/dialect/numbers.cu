// Vector types, mathematics, integer and bit intrinsics, casts, cache hints, SIMD in a word.
template <typename V>
__device__ int sizes(V v) {
  return static_cast<int>(sizeof(V)) * 100 + static_cast<int>(alignof(V)) + static_cast<int>(v.x);
}

extern "C" __global__ void vector_types(const float*, float* out) {
  int i = 0;
  int sum = 0;
#define ALL(N)                                                               \
  sum += sizes(make_##N##1(1)) + 3 * sizes(make_##N##2(2, 1)) +              \
         5 * sizes(make_##N##3(3, 2, 1)) + 7 * sizes(make_##N##4(4, 3, 2, 1)); \
  if (threadIdx.x == i++) out[threadIdx.x] = static_cast<float>(sum);
  if (threadIdx.x >= 8) out[threadIdx.x] = 0;
  ALL(char) ALL(uchar) ALL(short) ALL(ushort) ALL(int) ALL(uint) ALL(float) ALL(longlong)
}
extern "C" __global__ void fast_mathematics(const float* in, float* out) {
  const float x = fabsf(in[threadIdx.x]) * 0.1f + 0.5f;
  float s, c;
  __sincosf(x, &s, &c);
  out[threadIdx.x] = __expf(-x) + __logf(x) + __log2f(x) + __powf(x, 1.5f) + s + c + rsqrtf(x) +
                     __fdividef(1.0f, x) + __saturatef(x - 1.0f) + exp10f(0.1f * x) + normcdff(x) +
                     erfcxf(x) + rcbrtf(x) + sinpif(x) + hypotf(x, 1.0f) + fmaf(x, x, x) +
                     tanhf(x) + __frcp_rn(x) + cbrtf(x) + log1pf(x) + exp2f(x);
}
extern "C" __global__ void directed_rounding(const float*, float* out) {
  const int t = threadIdx.x;
  const float x = 1.0f + static_cast<float>(t) * 0.37f, y = 3.0f + static_cast<float>(t);
  const bool ordered = __fdiv_rd(x, y) <= __fdiv_rn(x, y) && __fdiv_rn(x, y) <= __fdiv_ru(x, y) &&
                       __fadd_rd(x, 1e-9f) == x && __fadd_ru(x, 1e-9f) > x &&
                       __fadd_rz(-x, 1e-9f) > -x && __fsqrt_rd(2.0f) < __fsqrt_ru(2.0f) &&
                       __fmul_rz(x, y) <= __fmul_ru(x, y);
  const bool counted = __float2int_ru(x) - __float2int_rd(x) == (x != floorf(x)) &&
                       __int2float_rd(16777217) == 16777216.0f &&
                       __int2float_ru(16777217) == 16777218.0f && __double2float_rz(0.1) < 0.1 &&
                       __double2int_rn(2.5) == 2 && __float2ll_rz(-2.7f) == -2;
  out[t] = ordered && counted ? 1.0f : 0.0f;
}
extern "C" __global__ void bessel_functions(const float* in, float* out) {
  const double x = in[threadIdx.x];
  out[threadIdx.x] = static_cast<float>(cyl_bessel_i0(x) * exp(-fabs(x)) + cyl_bessel_i1(x / 8)) +
                     cyl_bessel_i0f(1.0f);
}
extern "C" __global__ void bits_and_integers(const float*, float* out) {
  const unsigned t = threadIdx.x, w = t * 2654435761u;
  const long long l = (static_cast<long long>(w) << 16) + t;
  unsigned mix = __popc(w) + __popcll(l) + __clz(static_cast<int>(w)) + __clzll(l) +
                 __ffs(static_cast<int>(w)) + __ffsll(l) + (__brev(w) & 255u) +
                 static_cast<unsigned>(__brevll(l) & 255u) + __mul24(static_cast<int>(t), -3) +
                 __umulhi(w, w) % 1000u + static_cast<unsigned>(__mul64hi(l, l) & 255) +
                 __byte_perm(w, t, 0x5140u) % 1000u + __funnelshift_l(w, t, t) % 1000u +
                 __funnelshift_rc(w, t, 40) + __sad(-3, static_cast<int>(t), 1u) + __uhadd(w, t) % 1000u +
                 static_cast<unsigned>(__dp4a(static_cast<int>(w), 0x01020304, 5)) +
                 __dp4a(w, 0x01020304u, 5u);
  out[t] = static_cast<float>(mix % 65536u);
}
extern "C" __global__ void casts_of_bits(const float* in, float* out) {
  const float x = in[threadIdx.x];
  const double d = static_cast<double>(x) * 3;
  out[threadIdx.x] = __int_as_float(__float_as_int(x)) + __uint_as_float(__float_as_uint(x)) +
                     static_cast<float>(__longlong_as_double(__double_as_longlong(d)) +
                                        __hiloint2double(__double2hiint(d), __double2loint(d)));
}
extern "C" __global__ void cache_hints(const float* in, float* out) {
  const int t = threadIdx.x;
  const float4 v = __ldg(reinterpret_cast<const float4*>(in) + t % 32);
  __stcs(out + t, v.x + __ldca(in + t) + __ldcg(in + t) + __ldcs(in + t) + __ldg(in + t) + __ldlu(in + t));
}
extern "C" __global__ void simd_in_a_word(const float*, float* out) {
  const unsigned t = threadIdx.x, a = t * 0x01020304u + 0x80ff7f01u, b = 0x017f8002u + t;
  const unsigned mix = __vadd2(a, b) ^ __vsub4(a, b) ^ __vaddss2(a, b) ^ __vaddus4(a, b) ^
                       __vsubss4(a, b) ^ __vmaxs2(a, b) ^ __vminu4(a, b) ^ __vabsdiffs4(a, b) ^
                       __vcmpgts2(a, b) ^ __vsetleu4(a, b) ^ __vavgu4(a, b) ^ __vabs4(a) ^
                       __vneg2(a) ^ __vsadu4(a, b) ^ __vcmpeq4(a, b) ^ __vhaddu2(a, b);
  out[t] = static_cast<float>(mix % 65521u);
}
