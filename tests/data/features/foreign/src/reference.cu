#include "../common/scaling_in_double.h"

__constant__ double d_filter[15];

extern "C" __global__ void reference(const double* input, int2 size, Scaling scaling) {
  const int at = blockIdx.x * blockDim.x + threadIdx.x;
  if (at >= size.x * size.y) return;
  double sum = 0;
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 5; j++)
      sum += input[(at / size.x + i) * (size.x + 4) + at % size.x + j] * d_filter[i * 5 + j];
  scaling.output[at] = scaling.factor * scaling.steps[2] * sum + (scaling.kind == 1 ? scaling.bias.w : scaling.bias.x);
}
