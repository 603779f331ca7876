__constant__ double filter[TAPS];
__device__ double offset[1];

extern "C" __global__ void reference(const double* x, double* y, int n) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  double sum = offset[0];
  for (int k = 0; k < TAPS; ++k)
    if (i + k < n) sum += filter[k] * x[i + k];
  y[i] = sum;
}
