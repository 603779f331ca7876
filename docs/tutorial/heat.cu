// One step of heat flow on a plate: each cell moves towards the mean of its four neighbours; cells
// at the edge stay as they are.
#ifndef BX
#define BX 16  // threads of a block along a row
#endif
#ifndef BY
#define BY 16  // and down the columns
#endif
#ifndef CELLS
#define CELLS 1  // that a thread computes, one below the other
#endif
#ifndef KEEP
#define KEEP 0  // 1: the cells above and below stay in registers on the way down
#endif

extern "C" __global__ void heat(const float* __restrict__ before, float* __restrict__ after,
                                float rate, int rows, int cols) {
  const int x = blockIdx.x * BX + threadIdx.x;
  const int top = (blockIdx.y * BY + threadIdx.y) * CELLS;
  if (x >= cols) return;
#if KEEP
  float above = top > 0 && top <= rows ? before[(top - 1) * cols + x] : 0;
  float here = top < rows ? before[top * cols + x] : 0;
#endif
#pragma unroll
  for (int y = top; y < top + CELLS; ++y) {
    if (y >= rows) return;
    const float* cell = before + y * cols + x;
#if !KEEP
    const float here = *cell;
#endif
    const bool edge = y == 0 || y == rows - 1 || x == 0 || x == cols - 1;
#if KEEP
    const float below = y < rows - 1 ? cell[cols] : 0;
    after[y * cols + x] =
        edge ? here : here + rate * (above + below + cell[-1] + cell[1] - 4 * here);
    above = here;
    here = below;
#else
    after[y * cols + x] =
        edge ? here : here + rate * (cell[-cols] + cell[cols] + cell[-1] + cell[1] - 4 * here);
#endif
  }
}
