// What a kernel's shared object and the executor agree on. Plain structs and no C++ headers, so
// that the shim parses fast.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace evotune::cpu {

struct Index {
  unsigned x, y, z;
};

struct Warp;
struct Block;

/// One thread of a block. A cache line: all that a switch touches.
struct alignas(64) Fiber {
  void* stack;  ///< where it goes on; must stay the first member: the wait stubs store it
  Warp* warp;
  Block* block;
  void* operand;  ///< what it brings to the collective in which it waits
  Index thread;
  unsigned lane;
  const char* wait_name;  ///< the primitive it waits in, or waited in last
  int wait_line;
  unsigned number;  ///< in its block
};

/// Acts on the operands of the lanes that came to a warp collective, once all of them are there.
using Collective = void (*)(Warp*, uint32_t lanes);

/// Lanes that wait for the others of their mask in the same collective. Mask 0: for whichever lanes
/// come to the same line before none of the warp can go on.
struct Gathering {
  Collective act;
  uint32_t mask, arrived;
  int line;
};

struct Warp {
  uint32_t ready, exited, present;  ///< one bit per lane
  unsigned number;
  Fiber* lanes;
  unsigned gathering_count;
  Gathering gatherings[32];
};

/// What a kernel may see of its block.
struct Block {
  Index index, dim, grid;
  void* dynamic_shared;
  unsigned votes;        ///< threads that brought a true predicate to the barrier now filling
  unsigned votes_cast;   ///< the same of the barrier that was passed last
  unsigned voters_cast;  ///< and how many threads met there
  uint64_t nothing;      ///< what a lane gets that asks for the value of one that did not come
  uint64_t serial;       ///< no other block of this process has the same
};

enum class ParameterKind : unsigned { pointer, integer, floating, other };

/// A kernel parameter, as the compiler saw it.
struct Parameter {
  unsigned size;
  ParameterKind kind;
};

}  // namespace evotune::cpu

extern "C" {
/// The running thread. `__thread` with this model, because thread_local would add a call of an
/// initialiser to every use.
extern __attribute__((tls_model("initial-exec"))) __thread evotune::cpu::Fiber* evotune_self;

void evotune_barrier(const char* name, int line);
/// Of all blocks; only in a kernel that says so (GridLaunch::whole).
void evotune_grid_barrier(const char* name, int line);
void evotune_collective(evotune::cpu::Collective act, uint32_t mask, void* operand,
                        const char* name, int line);
/// Waits for an evotune_wake of the same key by another thread of the block.
void evotune_sleep(const void* key, const char* name, int line);
void evotune_wake(const void* key);
/// In what can be observed: the thread arrives in a phase of this barrier for a part of its block,
/// or has waited for that phase to end.
void evotune_arrived(const void* barrier, unsigned phase);
void evotune_passed(const void* barrier, unsigned phase);
/// In what can be observed: an asynchronous copy may write from now on; it is done by what the
/// thread writes there next.
void evotune_copies(void* to, unsigned bytes, const void* from_line);
void evotune_copied(void* to, unsigned bytes);
/// In what can be observed: a structure is about to be copied from or to an address that is not as
/// aligned as its type.
void evotune_odd_read(void*, unsigned alignment);
void evotune_odd_write(void*, unsigned alignment);
/// In what can be observed: a shuffle has taken the value of a lane that did not come.
void evotune_took_nothing(int lane);
/// In what can be observed: what one instruction of a warp moves to or from tensor cores, row by
/// row. What the thread accesses until the end of it are parts of that. Without rows: another lane
/// has told of them.
void evotune_rows(const void* const* rows, unsigned count, unsigned bytes_each, bool writes);
void evotune_rows_end();
/// Ends the running thread.
void evotune_exit() __attribute__((noreturn));
/// Ends the process with this complaint about the code that called `from`'s function.
void evotune_fault(const char* what, const void* from);
/// Ends the launch with this complaint. It returns only formally.
void evotune_trap(const char* what, int line);
/// Where the dynamic shared memory of the launch being prepared lies: for declarations at file
/// scope.
void* evotune_dynamic_shared_at_load();
}
