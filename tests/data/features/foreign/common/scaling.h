#pragma once

// What the kernel is given by value.
struct Scaling {
  char kind;  // 1: add the bias
  double factor;
  float4 bias;
  int steps[3];
};
