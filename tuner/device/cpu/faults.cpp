// The handler runs on a fiber's thread in the middle of a kernel: nothing here may allocate, lock
// or throw once the watch stands.
#include "device/cpu/faults.h"

#include <ucontext.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <new>

#include "device/cpu/block_queue.h"
#include "device/cpu/prologue.h"
#include "device/cpu/running_block.h"
#include "device/cpu/shim/abi.h"

namespace evotune::cpu {
namespace {

constexpr int crash_exit_code = 134;
constexpr std::size_t handler_stack_bytes = std::size_t{64} << 10;
constexpr std::size_t text_bytes = 512;

std::atomic<int> crash_report = -1;
std::atomic<const FaultWatch*> first_watch = nullptr;  // it installed the handler
thread_local const FaultWatch* watching = nullptr;

// Of evotune_fault, which makes a signal of what a check in the kernel has found.
thread_local const char* found_by_check = nullptr;
thread_local const void* found_behind = nullptr;

bool is_write(const void* context) {
  constexpr greg_t write_bit = 2;  // of the page fault's error code
  return (static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_ERR] & write_bit) != 0;
}

bool contains(std::span<const std::byte> range, const std::byte* at) {
  return at >= range.data() && at < range.data() + range.size();
}

int describe_miss(const Region& region, const std::byte* at, const char* access, char* text,
                  std::size_t size) {
  const std::byte* begin = region.bytes.data();
  const std::byte* end = begin + region.bytes.size();
  const char* name = region.name.c_str();
  if (at >= end)
    return std::snprintf(text, size, "%s %zu bytes past the end of %s (%zu bytes)", access,
                         static_cast<std::size_t>(at - end), name, region.bytes.size());
  if (at < begin)
    return std::snprintf(text, size, "%s %zu bytes before the start of %s (%zu bytes)", access,
                         static_cast<std::size_t>(begin - at), name, region.bytes.size());
  return std::snprintf(text, size, "%s at byte %zu of %s, which is %s", access,
                       static_cast<std::size_t>(at - begin), name,
                       region.read_only ? "an input and may not be written" : "mapped");
}

int describe_overflow(char* text, std::size_t size) {
  return std::snprintf(text, size, "stack overflow: more than %zu KiB of local variables",
                       (FiberStacks::stack_bytes - FiberStacks::guard_bytes) >> 10);
}

void put(int fd, const char* text, std::size_t size) {
  while (size > 0) {
    const ssize_t written = write(fd, text, size);
    if (written <= 0) return;
    text += written;
    size -= static_cast<std::size_t>(written);
  }
}

bool is_first_to_fail(const Fiber& fiber) {
  const RunningBlock& block = running(fiber);
  return block.queue == nullptr || block.queue->is_first_to_fail(block.runner);
}

/// Whether a fault at that address is one of a stack that is full: below it, and no farther below
/// its last frame than a function without calls may write.
bool is_overflow(std::span<const std::byte> stack, const std::byte* at, const std::byte* top) {
  constexpr std::ptrdiff_t red_zone = 128;
  return at < stack.data() && (top < stack.data() || at >= top - red_zone);
}

/// Without a word: a lower block has ended the launch otherwise, and will be told of.
void leave_handler(int signal) {
  found_by_check = nullptr;
  found_behind = nullptr;
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, signal);
  sigaddset(&blocked, SIGQUIT);
  pthread_sigmask(SIG_UNBLOCK, &blocked, nullptr);
  end_launch();
}

/// A thread that runs no kernel leaves SIGQUIT to one that does.
void pass_on(ucontext_t& mine) {
  sigaddset(&mine.uc_sigmask, SIGQUIT);
  kill(getpid(), SIGQUIT);
}

}  // namespace

/// Who is told of, when the block may be gone.
struct FaultWatch::Culprit {
  Index thread{}, block{};
  std::span<const std::byte> stack;
  Culprit() = default;
  explicit Culprit(const Fiber& fiber)
      : thread(fiber.thread),
        block(fiber.block->index),
        stack(running(fiber).stacks->of(fiber.number)) {}
};

/// A fiber that has left its stack, and the end of the instruction by which it did.
struct FaultWatch::Overflow {
  const Fiber* fiber = nullptr;
  Culprit culprit;
  const void* behind = nullptr;
};
thread_local FaultWatch::Overflow FaultWatch::overflow_;

void set_crash_report(int fd) { crash_report = fd; }

FaultWatch::FaultWatch(std::vector<Region> regions, ImagePlace image)
    : regions_(std::move(regions)), image_(image), own_stack_(handler_stack_bytes) {
  if (!own_stack_ || !own_stack_.protect(0, handler_stack_bytes, PROT_READ | PROT_WRITE))
    throw std::bad_alloc();
  stack_t stack{};
  stack.ss_sp = own_stack_.data();
  stack.ss_size = handler_stack_bytes;
  sigaltstack(&stack, &stack_before_);
  watching = this;
  const FaultWatch* none = nullptr;
  if (!first_watch.compare_exchange_strong(none, this)) return;

  struct sigaction action {};
  action.sa_sigaction = &FaultWatch::handle;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  sigaddset(&action.sa_mask, SIGQUIT);  // who waits in the handler is not the one that hangs
  for (std::size_t i = 0; i < std::size(signals); ++i) sigaction(signals[i], &action, &before_[i]);
}

FaultWatch::~FaultWatch() {
  if (overflow_.fiber != nullptr) {  // it never used what it had made room for
    char text[text_bytes];
    end(overflow_.culprit, {}, overflow_.behind, text, describe_overflow(text, sizeof text),
        sizeof text);
  }
  if (first_watch == this) {
    for (std::size_t i = 0; i < std::size(signals); ++i)
      sigaction(signals[i], &before_[i], nullptr);
    first_watch = nullptr;
  }
  watching = nullptr;
  sigaltstack(&stack_before_, nullptr);
}

int FaultWatch::describe_access(const siginfo_t& info, const void* context, char* text,
                                std::size_t size) const {
  // A general protection fault carries no address: a misaligned vector load or store raises it.
  if (info.si_code == SI_KERNEL)
    return std::snprintf(text, size, "misaligned vector access, or an address that cannot exist");
  const char* access = is_write(context) ? "write" : "read";
  const std::byte* at = static_cast<const std::byte*>(info.si_addr);
  for (const Region& region : regions_)
    if (contains(region.reach, at)) return describe_miss(region, at, access, text, size);
  if (running(*evotune_self).stacks->surround(at))
    return std::snprintf(
        text, size, "%s outside of the thread's stack, past the bounds of a local array", access);
  if (reinterpret_cast<std::uintptr_t>(at) < page_bytes)
    return std::snprintf(text, size, "%s through a null pointer", access);
  return std::snprintf(text, size, "%s at %p, which belongs to no buffer", access, info.si_addr);
}

int FaultWatch::describe(int signal, const siginfo_t& info, const void* context, char* text,
                         std::size_t size) const {
  if (overflow_.fiber != nullptr) return describe_overflow(text, size);
  switch (signal) {
    case SIGFPE:
      return std::snprintf(text, size, "integer division by zero (or of INT_MIN by -1)");
    case SIGILL:
      if (found_by_check != nullptr) return std::snprintf(text, size, "%s", found_by_check);
      return std::snprintf(text, size,
                           "illegal instruction (code that cannot be reached, or that "
                           "was built for another processor)");
    case SIGQUIT:
      return 0;  // it did nothing wrong but last
    case SIGBUS:
      return std::snprintf(text, size, "bus error at %p", info.si_addr);
    default:
      return describe_access(info, context, text, size);
  }
}

void FaultWatch::handle(int signal, siginfo_t* info, void* context) {
  const FaultWatch* watch = watching;
  const Fiber* self = overflow_.fiber != nullptr ? overflow_.fiber : evotune_self;
  if (watch == nullptr || self == nullptr) {
    // Not a kernel's fault. The instruction faults again, under the handler of before.
    if (signal == SIGQUIT) return pass_on(*static_cast<ucontext_t*>(context));
    const FaultWatch* const first = first_watch;
    for (std::size_t i = 0; first != nullptr && i < std::size(signals); ++i)
      if (signals[i] == signal) sigaction(signal, &first->before_[i], nullptr);
    return;
  }
  const bool first = overflow_.fiber == nullptr;
  if (first && signal != SIGQUIT && !is_first_to_fail(*self)) leave_handler(signal);
  auto& where = *static_cast<ucontext_t*>(context);
  if (signal == SIGSEGV && watch->goes_on(*self, *info, where)) return;
  char text[text_bytes];
  const int length = watch->describe(signal, *info, context, text, sizeof text);
  const bool elsewhere = overflow_.fiber != nullptr && overflow_.fiber != evotune_self;
  watch->end(overflow_.fiber != nullptr ? overflow_.culprit : Culprit(*self), where,
             elsewhere ? overflow_.behind : found_behind, text, length, sizeof text);
}

/// A function makes room for all of its variables before it uses any. One that has too many is let
/// on until it does, or calls another: that line says more than its first one. Nothing else runs
/// any more.
bool FaultWatch::goes_on(const Fiber& self, const siginfo_t& info, ucontext_t& context) const {
  const FiberStacks& stacks = *running(self).stacks;
  const auto* const address = static_cast<const std::byte*>(info.si_addr);
  const auto* const top = reinterpret_cast<const std::byte*>(context.uc_mcontext.gregs[REG_RSP]);
  const auto at = static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RIP]);
  const bool first = overflow_.fiber == nullptr;
  if (!stacks.surround(address)) return false;
  if (first && !is_overflow(stacks.of(self.number), address, top)) return false;
  if (first) overflow_ = {&self, Culprit(self), reinterpret_cast<const void*>(at + 1)};
  if (!image_.holds(at) || !stacks.surround(top - 2 * page_bytes) || !step_over_prologue(context))
    return false;
  if (first) stacks.close_all_but(self.number);
  return true;
}

/// With what there is room for of thread, block and line.
void FaultWatch::end(const Culprit& culprit, const ucontext_t& context, const void* behind,
                     char* text, int length, std::size_t size) const {
  const Index& thread = culprit.thread;
  const Index& block = culprit.block;
  length += std::snprintf(text + length, size - static_cast<std::size_t>(length),
                          ", thread (%u,%u,%u) block (%u,%u,%u)", thread.x, thread.y, thread.z,
                          block.x, block.y, block.z);
  const std::size_t room = size - static_cast<std::size_t>(length) - 1;
  length += static_cast<int>(
      describe_fault_line(image_, context, behind, culprit.stack, text + length, room));
  text[length++] = '\n';
  const int fd = crash_report;
  put(fd >= 0 ? fd : STDERR_FILENO, text, static_cast<std::size_t>(length));
  _exit(crash_exit_code);
}

}  // namespace evotune::cpu

extern "C" void evotune_fault(const char* what, const void* from) {
  evotune::cpu::found_by_check = what;
  evotune::cpu::found_behind = from;
  __builtin_trap();
}
