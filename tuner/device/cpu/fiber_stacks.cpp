#include "device/cpu/fiber_stacks.h"

#include <new>

namespace evotune::cpu {

FiberStacks::FiberStacks(unsigned count) : memory_(room_below + count * stack_bytes) {
  if (!memory_) throw std::bad_alloc();
  for (unsigned i = 0; i < count; ++i)
    if (!memory_.protect(room_below + i * stack_bytes + guard_bytes, stack_bytes - guard_bytes,
                         PROT_READ | PROT_WRITE))
      throw std::bad_alloc();
}

void FiberStacks::close_all_but(unsigned fiber) const {
  const std::size_t end = room_below + (fiber + 1) * stack_bytes;
  static_cast<void>(memory_.protect(0, end - stack_bytes + guard_bytes, PROT_NONE));
  static_cast<void>(memory_.protect(end, memory_.size() - end, PROT_NONE));
}

}  // namespace evotune::cpu
