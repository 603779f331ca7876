#pragma once
__device__ inline float square(float x) { return powf(x, 2.0f); }
