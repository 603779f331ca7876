// What the fake device of the tests pretends to run: y = 2 x. MODE says how it misbehaves.
#ifndef A
#define A 1
#endif
#ifndef B
#define B 1
#endif
#ifndef MODE
#define MODE right
#endif
extern "C" __global__ void twice(const float* x, float* y, int n) {
  for (int i = threadIdx.x; i < n; i += A * B) y[i] = 2 * x[i];
}
