#pragma once

#include <csignal>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "device/cpu/fault_line.h"
#include "device/cpu/mapping.h"

namespace evotune::cpu {

struct Fiber;

/// Memory that a kernel may use, and the guarded surroundings in which a miss is still known to be
/// a miss of this.
struct Region {
  std::string name;  ///< "buffer C"
  std::span<const std::byte> bytes;
  std::span<const std::byte> reach;  ///< with the guard pages on both sides
  bool read_only = false;
  bool garbage = false;  ///< what it holds at first means nothing
};

/// While it lives, a fault in a kernel is reported in one line to the crash report descriptor
/// ("write 12 bytes past the end of buffer C (4096 bytes), thread (5,0,0) block (0,0,0)"), and the
/// process ends with exit code 134. A fault outside kernels goes to whoever handled it before.
/// SIGQUIT, by which a supervisor asks a kernel that does not end where it is, is answered alike
/// wherever one of its threads is running just then.
/// One per thread; the first must outlive the others.
class FaultWatch {
 public:
  explicit FaultWatch(std::vector<Region>, ImagePlace = {});
  ~FaultWatch();
  FaultWatch(const FaultWatch&) = delete;
  FaultWatch& operator=(const FaultWatch&) = delete;

 private:
  static constexpr int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGQUIT};
  std::vector<Region> regions_;
  ImagePlace image_;
  Mapping own_stack_;  ///< a fiber that overflowed its stack has none for the handler
  stack_t stack_before_{};
  struct sigaction before_[std::size(signals)]{};

  struct Culprit;
  struct Overflow;
  static thread_local Overflow overflow_;
  static void handle(int signal, siginfo_t*, void* context);
  [[nodiscard]] bool goes_on(const Fiber&, const siginfo_t&, ucontext_t&) const;
  [[noreturn]] void end(const Culprit&, const ucontext_t&, const void* behind, char* text,
                        int length, std::size_t size) const;
  [[nodiscard]] int describe(int signal, const siginfo_t&, const void* context, char* text,
                             std::size_t size) const;
  [[nodiscard]] int describe_access(const siginfo_t&, const void* context, char* text,
                                    std::size_t size) const;
};

void set_crash_report(int fd);  ///< -1: standard error

}  // namespace evotune::cpu
