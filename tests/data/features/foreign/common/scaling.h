#pragma once

// What the kernel is given by value.
struct Scaling {
  char kind;  // 1: add the bias
  float* output;
  double factor;
  float4 bias;
  int steps[3];
};
