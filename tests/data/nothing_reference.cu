extern "C" __global__ void reference(const double* x, double* y) { y[0] = x[0]; }
