extern "C" __global__ void differences(const float* x, float* y, int rows, int columns) {
  if (threadIdx.x >= rows) return;
  const float* row = x + threadIdx.x * columns;
  float forwards = 0, backwards = 0;
  for (int i = 0; i < columns; ++i) forwards += row[i];
  for (int i = columns; i-- > 0;) backwards += row[i];
#if MODE_wrong
  backwards = 0;
#endif
  y[threadIdx.x] = forwards - backwards;
}
