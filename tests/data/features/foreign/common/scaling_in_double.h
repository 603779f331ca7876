#pragma once

// The same, as the reference gets it.
struct Scaling {
  char kind;  // 1: add the bias
  double* output;
  double factor;
  double4 bias;
  int steps[3];
};
