__constant__ double d_filter[15];

extern "C" __global__ void reference(double* output, const double* input, int width, int height) {
  const int at = blockIdx.x * blockDim.x + threadIdx.x;
  if (at >= width * height) return;
  double sum = 0;
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 5; j++)
      sum += input[(at / width + i) * (width + 4) + at % width + j] * d_filter[i * 5 + j];
  output[at] = sum;
}
