extern "C" __global__ void reference(const double* A, const double* B, double* C, double*, int M,
                                     int N, int K) {
  const int at = blockIdx.x * blockDim.x + threadIdx.x;
  if (at >= M * N) return;
  double sum = 0;
  for (int k = 0; k < K; ++k) sum += A[at / N * K + k] * B[k * N + at % N];
  C[at] = sum;
}
