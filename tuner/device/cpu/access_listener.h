#pragma once

#include <cstdint>
#include <span>

#include "device/cpu/shim/abi.h"
#include "outcome/observation.h"

namespace evotune::cpu {

/// A load, a store or an atomic operation that a thread is about to do.
struct Access {
  std::uintptr_t address = 0;
  std::uint32_t bytes = 0;
  AccessKind kind = AccessKind::read;
  bool is_volatile = false;
  std::uintptr_t instruction = 0;  ///< the address behind its call-back
  int collective_line = 0;         ///< it is done by a warp collective of this line; 0: it is not
  bool compares = false;           ///< it is a compare-and-swap of the kernel's own
  std::uint32_t alignment = 1;     ///< that the compiler counts on
  bool of_rows = false;            ///< it is a part of what rows() was told of
  bool of_block = false;           ///< it is atomic for the threads of the block alone
};

/// Follows what the threads of a launch do to memory: kernels compiled with -fsanitize=thread
/// announce every access (access_callbacks.cpp). All of it runs on the fibers' stacks.
class AccessListener {
 public:
  virtual ~AccessListener() = default;
  /// A block is about to run, the number-th of the launch, or to go on behind a barrier of the
  /// grid; false: it need not be followed.
  virtual bool begins(const Block&, std::uint64_t number) = 0;
  /// False: it has seen enough, the launch may end here.
  virtual bool accessed(const Fiber&, const Access&) = 0;
  /// One instruction of the warp moves these rows to or from tensor cores, `each.bytes` of each.
  virtual void rows(const Fiber&, const Access& each, std::span<const void* const> rows) = 0;
  /// These lanes have come together in a collective, or, without a warp, the whole block at a
  /// barrier. `ordered`: what they did before happens before what they do after.
  virtual void met(const Warp*, std::uint32_t lanes, bool ordered) = 0;
  /// A fence; `for_all`: not only for the threads of the block.
  virtual void fenced(const Fiber&, bool for_all) = 0;
  /// At a barrier for a part of the block: a thread arrives in one of its phases, and one that has
  /// waited goes on, that phase being over.
  virtual void arrived(const Fiber&, const void*, unsigned) {}
  virtual void passed(const Fiber&, const void*, unsigned) {}
  /// Threads that sleep at such a barrier go on. Where nobody said that it arrived, all are taken
  /// to have met.
  virtual void woke(const void*) { met(nullptr, 0, true); }
  /// An asynchronous copy may write from now on, and: is about to be done by the thread's next
  /// write, having been waited for.
  virtual void copies(const Fiber&, const Access&) {}
  virtual void copied(const Fiber&, const Access&) {}
  /// A shuffle, `where`, has taken the value of a lane that did not come.
  virtual void took_nothing(const Fiber&, int /*lane*/, const Access& /*where*/) {}
  /// All blocks have come to a barrier of the grid.
  virtual void grid_met() = 0;
};

}  // namespace evotune::cpu
