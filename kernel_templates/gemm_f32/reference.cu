// C = A * B in double: one thread for each element of C.
extern "C" __global__ void reference(const double* A, const double* B, double* C, int M, int N,
                                     int K) {
  const long long at = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (at >= static_cast<long long>(M) * N) return;
  const double* row = A + at / N * K;
  const double* column = B + at % N;
  double sum = 0;
  for (int k = 0; k < K; ++k) sum += row[k] * column[static_cast<long long>(k) * N];
  C[at] = sum;
}
