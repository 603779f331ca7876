#ifndef BACKWARDS
#define BACKWARDS 0
#endif

extern "C" __global__ void row_sum(const double* x, double* y, int rows, int columns) {
  if (threadIdx.x >= rows) return;
  const double* row = x + threadIdx.x * columns;
  double sum = 0;
  for (int i = 0; i < columns; ++i) sum += row[BACKWARDS ? columns - 1 - i : i];
  y[threadIdx.x] = sum;
}
