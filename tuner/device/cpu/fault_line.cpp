// Runs in a signal handler, on a kernel's last instruction: nothing here may allocate or lock.
#include "device/cpu/fault_line.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "device/cpu/host_compiler.h"

namespace evotune::cpu {
namespace {

constexpr int patience_ms = 3000;

/// The instruction of the image that was running; if it had called something outside, the call.
/// Nothing: 0.
std::uintptr_t instruction(const ImagePlace& image, const ucontext_t& context,
                           std::span<const std::byte> stack) {
  const auto at = static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RIP]);
  if (image.holds(at)) return at - image.base;
  // What called may have overflowed its stack by it: then the call is what the stack has last.
  auto slot = std::max(static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RSP]),
                       reinterpret_cast<std::uintptr_t>(stack.data()));
  const std::uintptr_t top = reinterpret_cast<std::uintptr_t>(stack.data() + stack.size());
  for (slot = (slot + 7) & ~std::uintptr_t{7}; slot < top; slot += 8) {
    const std::uintptr_t value = *reinterpret_cast<const std::uintptr_t*>(slot);
    if (image.holds(value)) return value - 1 - image.base;  // behind the call
  }
  return 0;
}

/// What addr2line says of an instruction, and of two places behind it: after the place, the line of
/// each inlined call, innermost first.
std::size_t ask(const ImagePlace& image, std::uintptr_t instruction, char* answer,
                std::size_t size) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return 0;
  char path[64], places[3][32];
  std::snprintf(path, sizeof path, "/proc/%d/fd/%d", static_cast<int>(getpid()), image.file);
  for (std::size_t i = 0; i < std::size(places); ++i)
    std::snprintf(places[i], sizeof places[i], "%#zx", std::size_t{instruction} + 8 * i);
  const pid_t child = fork();  // vfork is what AddressSanitizer does not survive here
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    execlp("addr2line", "addr2line", "-i", "-a", "-e", path, places[0], places[1], places[2],
           static_cast<char*>(nullptr));
    _exit(127);
  }
  close(ends[1]);
  std::size_t got = 0;
  pollfd readable{ends[0], POLLIN, 0};
  while (child > 0 && got < size && poll(&readable, 1, patience_ms) > 0) {
    const ssize_t more = read(ends[0], answer + got, size - got);
    if (more <= 0) break;
    got += static_cast<std::size_t>(more);
  }
  close(ends[0]);
  if (child > 0) waitpid(child, nullptr, WNOHANG);
  return got;
}

bool is_place(const char* line) { return std::strncmp(line, "0x", 2) == 0; }

bool is_users(const char* line) {
  return std::strncmp(line, shim_folder_in_lines, std::strlen(shim_folder_in_lines)) != 0 &&
         std::strncmp(line, "/usr/", 5) != 0 && line[0] != '?' && line[0] != '<' && line[0] != '\0';
}

}  // namespace

std::size_t describe_fault_line(const ImagePlace& image, const ucontext_t& context,
                                const void* behind, std::span<const std::byte> stack, char* text,
                                std::size_t size) {
  const auto end = reinterpret_cast<std::uintptr_t>(behind);
  const std::uintptr_t at = end != 0 ? end - 1 - image.base : instruction(image, context, stack);
  if (at == 0 || image.file < 0) return 0;
  char answer[4096];
  answer[ask(image, at, answer, sizeof answer - 1)] = '\0';
  bool of_user = true;
  for (char* line = std::strtok(answer, "\n"); line != nullptr; line = std::strtok(nullptr, "\n")) {
    if (is_place(line)) {
      if (!of_user) return 0;
      of_user = false;
    }
    if (is_place(line) || !is_users(line)) continue;
    of_user = true;
    if (char* const more = std::strchr(line, ' '); more != nullptr) *more = '\0';
    if (std::strncmp(line, source_in_debug_info.data(), source_in_debug_info.size()) == 0)
      line += source_in_debug_info.size() + 1;
    while (std::strncmp(line, "./", 2) == 0) line += 2;
    const std::size_t colon = std::strcspn(line, ":");
    // What the compiler moved about has no line of its own; what follows has.
    if (line[colon] == ':' && (line[colon + 1] == '?' || line[colon + 1] == '0')) continue;
    const int length = std::snprintf(text, size, ", %s", line);
    return length < 0 || static_cast<std::size_t>(length) >= size
               ? 0
               : static_cast<std::size_t>(length);
  }
  return 0;
}

}  // namespace evotune::cpu
