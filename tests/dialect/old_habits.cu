// As C wrote it, as old compilers wanted it, and with a head for each of them.
#include <cuda_runtime.h>
#include <cufft.h>

union word {
  float f;
  unsigned u;
  struct { unsigned short low, high; };
};
typedef struct { unsigned low : 4, high : 28; } bits;
#ifdef __NVCC__
#define EITHER static __host__ __device__ __inline__
#endif
EITHER cufftComplex scaled(cufftComplex a, cufftReal by) {
  cufftComplex c;
  c.x = a.x * by, c.y = a.y * by;
  return c;
}
#ifdef USE_DOUBLE
extern "C" __global__ void old_habits(const double* in, double* out) {
#else
extern "C" __global__ void __maxnreg__(64) __attribute__((reqd_work_group_size(128, 1, 1)))
    old_habits(const float* in, float* out) {
#endif
  register int i = __umul24(threadIdx.x, 1u);
  cufftComplex z = {in[i], 1.0f};
  int narrow{threadIdx.x};
  short halves[2] = {short(narrow), short(narrow >> 1)};  // of 4 bytes, aligned to 2
  word w;
  bits b;
  b.low = 0x3fu & UINT_MAX;
  w.f = in[i];
  switch (i % 3) {
    case 0: z = scaled(z, 2.0f);
    case 1: z.x += sqrt(4); break;
    default: goto skip;
  }
  z.x += pow(2, 3);
skip:
  b.low += *reinterpret_cast<unsigned*>(halves) % 0x10000u - narrow;
  out[i] = z.x + b.low + (w.u >> 16 == w.high ? 0.5f : 0.25f);
}
