// softmax in double: one thread for each row.
extern "C" __global__ void reference(const double* x, double* y, int rows, int cols) {
  const long long row = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (row >= rows) return;
  const double* from = x + row * cols;
  double* to = y + row * cols;
  double maximum = from[0];
  for (int c = 1; c < cols; ++c) maximum = fmax(maximum, from[c]);
  double sum = 0;
  for (int c = 0; c < cols; ++c) {
    to[c] = exp(from[c] - maximum);
    sum += to[c];
  }
  for (int c = 0; c < cols; ++c) to[c] /= sum;
}
