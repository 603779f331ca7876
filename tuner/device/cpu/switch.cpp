#include "device/cpu/switch.h"

#ifndef __x86_64__
#error "the CPU device's context switch is written for x86-64 only"
#endif

// A waiting fiber keeps on its stack: six callee-saved registers, then the address to go on at.
//
// The wait stubs (evotune_barrier, evotune_collective) save the fiber, ask the C++ half (…_wait)
// which fiber is next, and go on with that. They leave by `jmp`, not `ret`: the fiber that is
// resumed waits at another place than the one that called, so the return predictor is always wrong
// and the indirect-jump predictor right (16.7 against 6.5 ns). The stack pointer is at offset 0 of
// Fiber. `self` is the register of the C++ half's last argument, the fiber that waits.
asm(R"(
.macro evotune_save fiber
  push %rbp
  push %rbx
  push %r12
  push %r13
  push %r14
  push %r15
  mov %rsp, (\fiber)
.endm

.macro evotune_resume fiber
  mov evotune_self@gottpoff(%rip), %rcx
  mov \fiber, %fs:(%rcx)
  mov (\fiber), %rsp
  pop %r15
  pop %r14
  pop %r13
  pop %r12
  pop %rbx
  pop %rbp
  pop %rcx
  jmp *%rcx
.endm

.text
.globl evotune_switch
.type evotune_switch, @function
.p2align 5
evotune_switch:
  evotune_save %rdi
  evotune_resume %rsi
.size evotune_switch, .-evotune_switch

.macro evotune_wait_stub name, wait, self
.globl \name
.type \name, @function
.p2align 5
\name:
  mov evotune_self@gottpoff(%rip), %rax
  mov %fs:(%rax), \self
  evotune_save \self
  sub $8, %rsp
  call \wait
  evotune_resume %rax
.size \name, .-\name
.endm
evotune_wait_stub evotune_barrier, evotune_barrier_wait, %rdx
evotune_wait_stub evotune_grid_barrier, evotune_grid_barrier_wait, %rdx
evotune_wait_stub evotune_collective, evotune_collective_wait, %r9
evotune_wait_stub evotune_sleep, evotune_sleep_wait, %rcx

.type evotune_fiber_start, @function
evotune_fiber_start:
  xor %ebp, %ebp
  call evotune_fiber_main
  ud2
.size evotune_fiber_start, .-evotune_fiber_start
)");

static_assert(offsetof(evotune::cpu::Fiber, stack) == 0);

extern "C" __attribute__((visibility("hidden"))) void evotune_fiber_start();

namespace evotune::cpu {

void* new_stack(std::byte* top) {
  constexpr int saved_registers = 6;
  void** slot = reinterpret_cast<void**>(top);
  *--slot = reinterpret_cast<void*>(&evotune_fiber_start);
  return slot - saved_registers;
}

}  // namespace evotune::cpu
