// y = 2 x. With UNDYING the worker that runs it cannot be killed: one outside its group holds it on its way out.
#ifndef UNDYING
#define UNDYING 0
#endif

#if UNDYING
extern "C" long syscall(long number, ...);

__device__ void become_undying() {
  // Linux on x86-64: the dialect has no headers of the system.
  enum { nanosleep = 35, getpid = 39, fork = 57, ptrace = 101, setsid = 112, prctl = 157, exit_group = 231 };
  enum { set_ptracer = 0x59616d61, seize = 0x4206, trace_exit = 0x40 };
  const long held = syscall(getpid);
  syscall(prctl, set_ptracer, -1L, 0L, 0L, 0L);
  if (syscall(fork) == 0) {
    syscall(setsid);
    syscall(ptrace, seize, held, 0L, trace_exit);
    const long seconds[2] = {45, 0};
    syscall(nanosleep, seconds, 0L);
    syscall(exit_group, 0L);
  }
  for (volatile int spin = 0;; spin = 1 - spin) {
  }
}
#endif

extern "C" __global__ void twice(const float* x, float* y, int n) {
  const int i = blockIdx.x * BLOCK + threadIdx.x;
#if UNDYING
  if (i == 0) become_undying();
#endif
  if (i < n) y[i] = 2 * x[i];
}
