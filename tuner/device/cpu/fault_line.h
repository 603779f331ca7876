#pragma once

#include <ucontext.h>

#include <cstddef>
#include <cstdint>
#include <span>

namespace evotune::cpu {

/// Where a kernel's image lies, and the file it was opened from, so that an instruction of it can
/// be told to be of a line.
struct ImagePlace {
  int file = -1;  ///< a descriptor
  std::uintptr_t base = 0, end = 0;
  [[nodiscard]] bool holds(std::uintptr_t address) const {
    return address >= base && address < end;
  }
};

/// Writes ", gemm.cu:59", the line of the user's file at which a kernel was stopped, as the image's
/// debug information has it; nothing where it has none or addr2line is not installed. Returns what
/// it wrote. For a signal handler: it allocates nothing, another process does the work.
/// `behind`, if it is not null, is the end of the instruction in question; else `stack` is that of
/// the fiber that was stopped.
[[nodiscard]] std::size_t describe_fault_line(const ImagePlace&, const ucontext_t&,
                                              const void* behind, std::span<const std::byte> stack,
                                              char* text, std::size_t size);

}  // namespace evotune::cpu
