// What kernels compiled with -fsanitize=thread call before every access. The names are those of the
// compilers' own runtime library (libtsan), which is not linked: these functions only tell the
// listener of the launch. Built without sanitizers, as everything that runs on fibers' stacks.
#include "device/cpu/access_callbacks.h"

#include <cstddef>
#include <cstring>

#include "device/cpu/running_block.h"

namespace evotune::cpu {
namespace {

/// Where the compiler counts on an alignment, it is that of the width, but 8 for 16 bytes.
enum class Alignment : bool { any, natural };

/// Who listens to the thread that runs, if anybody does.
AccessListener* listener() {
  const Fiber* self = evotune_self;
  return self == nullptr ? nullptr : running(*self).listener;
}

void tell(Access access) {
  AccessListener* const who = listener();
  if (who == nullptr || access.bytes == 0) return;
  const RunningBlock& block = running(*evotune_self);
  access.collective_line = block.collective_line;
  access.of_rows = block.in_rows;
  if (!who->accessed(*evotune_self, access)) end_launch();
}

Access access_of(const volatile void* address, std::size_t bytes, AccessKind kind,
                 const void* instruction) {
  Access access;
  access.address = reinterpret_cast<std::uintptr_t>(address);
  access.bytes = static_cast<std::uint32_t>(bytes);
  access.kind = kind;
  access.instruction = reinterpret_cast<std::uintptr_t>(instruction);
  return access;
}

void announce(const volatile void* address, std::size_t bytes, AccessKind kind, bool is_volatile,
              const void* instruction, Alignment alignment = Alignment::any) {
  Access access = access_of(address, bytes, kind, instruction);
  access.is_volatile = is_volatile;
  if (alignment == Alignment::natural)
    access.alignment = static_cast<std::uint32_t>(bytes < 8 ? bytes : 8);
  tell(access);
}

void announce_odd(const void* address, unsigned alignment, AccessKind kind,
                  const void* instruction) {
  Access access = access_of(address, alignment, kind, instruction);
  access.alignment = alignment;
  tell(access);
}

/// The orders mean nothing on this machine: by them the shim says what an operation is for
/// (atomics.h).
void announce_atomic(const volatile void* address, std::size_t bytes, int order, bool compares,
                     const void* instruction) {
  Access access = access_of(address, bytes, AccessKind::atomic, instruction);
  access.alignment = static_cast<std::uint32_t>(bytes);
  access.of_block = order != __ATOMIC_RELAXED && order != __ATOMIC_SEQ_CST;
  access.compares = compares;
  tell(access);
}

void announce_fence(bool for_all) {
  if (AccessListener* const who = listener()) who->fenced(*evotune_self, for_all);
}

}  // namespace

const void* access_callbacks() { return reinterpret_cast<const void*>(&announce); }

}  // namespace evotune::cpu

using namespace evotune::cpu;
using evotune::AccessKind;

// The compilers' ABI is a list of names with the size pasted in, so macros write it.
#define EVOTUNE_HERE __builtin_return_address(0)
#define EVOTUNE_ANNOUNCED(NAME, N, VOLATILE, ALIGNMENT)                   \
  void __tsan_##NAME##read##N(void* p) {                                  \
    announce(p, N, AccessKind::read, VOLATILE, EVOTUNE_HERE, ALIGNMENT);  \
  }                                                                       \
  void __tsan_##NAME##write##N(void* p) {                                 \
    announce(p, N, AccessKind::write, VOLATILE, EVOTUNE_HERE, ALIGNMENT); \
  }
#define EVOTUNE_READ_WRITE(NAME, N, ALIGNMENT)                         \
  void __tsan_##NAME##read_write##N(void* p) {                         \
    announce(p, N, AccessKind::read, false, EVOTUNE_HERE, ALIGNMENT);  \
    announce(p, N, AccessKind::write, false, EVOTUNE_HERE, ALIGNMENT); \
  }
#define EVOTUNE_PLAIN(N)                                          \
  EVOTUNE_ANNOUNCED(, N, false, Alignment::natural)               \
  EVOTUNE_ANNOUNCED(volatile_, N, true, Alignment::natural)       \
  EVOTUNE_ANNOUNCED(unaligned_, N, false, Alignment::any)         \
  EVOTUNE_ANNOUNCED(unaligned_volatile_, N, true, Alignment::any) \
  EVOTUNE_READ_WRITE(, N, Alignment::natural)                     \
  EVOTUNE_READ_WRITE(unaligned_, N, Alignment::any)
#define EVOTUNE_UPDATE(BITS, T, NAME)                                 \
  T __tsan_atomic##BITS##_##NAME(volatile T* p, T value, int order) { \
    announce_atomic(p, sizeof(T), order, false, EVOTUNE_HERE);        \
    return __atomic_##NAME(p, value, __ATOMIC_SEQ_CST);               \
  }
#define EVOTUNE_EXCHANGE(BITS, T, NAME, WEAK)                                            \
  int __tsan_atomic##BITS##_compare_exchange_##NAME(volatile T* p, T* expected, T value, \
                                                    int order, int failing) {            \
    announce_atomic(p, sizeof(T), order, failing == __ATOMIC_RELAXED, EVOTUNE_HERE);     \
    return __atomic_compare_exchange_n(p, expected, value, WEAK, __ATOMIC_SEQ_CST,       \
                                       __ATOMIC_SEQ_CST);                                \
  }
#define EVOTUNE_ATOMIC(BITS, T)                                                                  \
  T __tsan_atomic##BITS##_load(const volatile T* p, int order) {                                 \
    announce_atomic(p, sizeof(T), order, false, EVOTUNE_HERE);                                   \
    return __atomic_load_n(p, __ATOMIC_SEQ_CST);                                                 \
  }                                                                                              \
  void __tsan_atomic##BITS##_store(volatile T* p, T value, int order) {                          \
    announce_atomic(p, sizeof(T), order, false, EVOTUNE_HERE);                                   \
    __atomic_store_n(p, value, __ATOMIC_SEQ_CST);                                                \
  }                                                                                              \
  T __tsan_atomic##BITS##_exchange(volatile T* p, T value, int order) {                          \
    announce_atomic(p, sizeof(T), order, false, EVOTUNE_HERE);                                   \
    return __atomic_exchange_n(p, value, __ATOMIC_SEQ_CST);                                      \
  }                                                                                              \
  EVOTUNE_UPDATE(BITS, T, fetch_add)                                                             \
  EVOTUNE_UPDATE(BITS, T, fetch_sub)                                                             \
  EVOTUNE_UPDATE(BITS, T, fetch_and)                                                             \
  EVOTUNE_UPDATE(BITS, T, fetch_or)                                                              \
  EVOTUNE_UPDATE(BITS, T, fetch_xor)                                                             \
  EVOTUNE_UPDATE(BITS, T, fetch_nand)                                                            \
  EVOTUNE_EXCHANGE(BITS, T, strong, false)                                                       \
  EVOTUNE_EXCHANGE(BITS, T, weak, true)                                                          \
  T __tsan_atomic##BITS##_compare_exchange_val(volatile T* p, T expected, T value, int order,    \
                                               int failing) {                                    \
    announce_atomic(p, sizeof(T), order, failing == __ATOMIC_RELAXED, EVOTUNE_HERE);             \
    __atomic_compare_exchange_n(p, &expected, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
    return expected;                                                                             \
  }

extern "C" {
void evotune_rows(const void* const* rows, unsigned count, unsigned bytes_each, bool writes) {
  evotune::cpu::RunningBlock& block = evotune::cpu::running(*evotune_self);
  if (block.listener == nullptr) return;
  block.in_rows = true;
  if (count == 0) return;
  block.listener->rows(*evotune_self,
                       {reinterpret_cast<std::uintptr_t>(*rows), bytes_each,
                        writes ? AccessKind::write : AccessKind::read, false,
                        reinterpret_cast<std::uintptr_t>(EVOTUNE_HERE), block.collective_line},
                       {rows, count});
}
void evotune_rows_end() { evotune::cpu::running(*evotune_self).in_rows = false; }

EVOTUNE_PLAIN(1)
EVOTUNE_PLAIN(2)
EVOTUNE_PLAIN(4)
EVOTUNE_PLAIN(8)
EVOTUNE_PLAIN(16)
EVOTUNE_ATOMIC(8, unsigned char)
EVOTUNE_ATOMIC(16, unsigned short)
EVOTUNE_ATOMIC(32, unsigned)
EVOTUNE_ATOMIC(64, unsigned long)

// __threadfence_block is a fence for signals.
void __tsan_atomic_thread_fence(int) {
  announce_fence(true);
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
}
void __tsan_atomic_signal_fence(int) { announce_fence(false); }

void evotune_arrived(const void* barrier, unsigned phase) {
  if (AccessListener* const who = listener()) who->arrived(*evotune_self, barrier, phase);
}
void evotune_passed(const void* barrier, unsigned phase) {
  if (AccessListener* const who = listener()) who->passed(*evotune_self, barrier, phase);
}
void evotune_copies(void* to, unsigned bytes, const void* from_line) {
  if (AccessListener* const who = listener())
    who->copies(*evotune_self, access_of(to, bytes, AccessKind::write, from_line));
}
void evotune_copied(void* to, unsigned bytes) {
  if (AccessListener* const who = listener())
    who->copied(*evotune_self, access_of(to, bytes, AccessKind::write, nullptr));
}

void evotune_odd_read(void* p, unsigned alignment) {
  announce_odd(p, alignment, AccessKind::read, EVOTUNE_HERE);
}
void evotune_odd_write(void* p, unsigned alignment) {
  announce_odd(p, alignment, AccessKind::write, EVOTUNE_HERE);
}
void evotune_took_nothing(int lane) {
  if (AccessListener* const who = listener())
    who->took_nothing(*evotune_self, lane, access_of(nullptr, 0, AccessKind::read, EVOTUNE_HERE));
}

void __tsan_read_range(void* p, std::size_t bytes) {
  announce(p, bytes, AccessKind::read, false, EVOTUNE_HERE);
}
void __tsan_write_range(void* p, std::size_t bytes) {
  announce(p, bytes, AccessKind::write, false, EVOTUNE_HERE);
}

// Copies of structs and arrays: clang calls the plain function and trusts its library to intercept
// it, so the linker is told to call these instead (--wrap).
void* __wrap_memcpy(void* to, const void* from, std::size_t bytes) {
  announce(from, bytes, AccessKind::read, false, EVOTUNE_HERE);
  announce(to, bytes, AccessKind::write, false, EVOTUNE_HERE);
  return std::memcpy(to, from, bytes);
}
void* __wrap_memmove(void* to, const void* from, std::size_t bytes) {
  announce(from, bytes, AccessKind::read, false, EVOTUNE_HERE);
  announce(to, bytes, AccessKind::write, false, EVOTUNE_HERE);
  return std::memmove(to, from, bytes);
}
void* __wrap_memset(void* to, int value, std::size_t bytes) {
  announce(to, bytes, AccessKind::write, false, EVOTUNE_HERE);
  return std::memset(to, value, bytes);
}
void* __tsan_memcpy(void* to, const void* from, std::size_t bytes) {
  announce(from, bytes, AccessKind::read, false, EVOTUNE_HERE);
  announce(to, bytes, AccessKind::write, false, EVOTUNE_HERE);
  return std::memcpy(to, from, bytes);
}
void* __tsan_memmove(void* to, const void* from, std::size_t bytes) {
  announce(from, bytes, AccessKind::read, false, EVOTUNE_HERE);
  announce(to, bytes, AccessKind::write, false, EVOTUNE_HERE);
  return std::memmove(to, from, bytes);
}
void* __tsan_memset(void* to, int value, std::size_t bytes) {
  announce(to, bytes, AccessKind::write, false, EVOTUNE_HERE);
  return std::memset(to, value, bytes);
}

void __tsan_init() {}
void __tsan_func_entry(void*) {}
void __tsan_func_exit() {}
void __tsan_ignore_thread_begin() {}
void __tsan_ignore_thread_end() {}
void __tsan_vptr_read(void**) {}
void __tsan_vptr_update(void**, void*) {}
}
