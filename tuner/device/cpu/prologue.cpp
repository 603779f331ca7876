#include "device/cpu/prologue.h"

#include <algorithm>
#include <iterator>

#ifndef __x86_64__
#error "which instructions make room on a stack is written for x86-64 only"
#endif

namespace evotune::cpu {
namespace {

// mov $0, (%rsp) and or $0, (%rsp), of 64 bits
constexpr unsigned char clang_probe[] = {0x48, 0xc7, 0x04, 0x24, 0, 0, 0, 0};
constexpr unsigned char gcc_probe[] = {0x48, 0x83, 0x0c, 0x24, 0};

template <std::size_t Size>
bool stands_at(const unsigned char* code, const unsigned char (&instruction)[Size]) {
  return std::equal(std::begin(instruction), std::end(instruction), code);
}

}  // namespace

bool step_over_prologue(ucontext_t& context) {
  greg_t& at = context.uc_mcontext.gregs[REG_RIP];
  const auto* const code = reinterpret_cast<const unsigned char*>(at);
  const int prefix = code[0] == 0x41 ? 1 : 0;  // of %r8 to %r15
  if ((code[prefix] & 0xf8) == 0x50) {         // push
    at += prefix + 1;
    context.uc_mcontext.gregs[REG_RSP] -= greg_t{sizeof(void*)};
    return true;
  }
  if (stands_at(code, clang_probe))
    at += greg_t{sizeof clang_probe};
  else if (stands_at(code, gcc_probe))
    at += greg_t{sizeof gcc_probe};
  else
    return false;
  return true;
}

}  // namespace evotune::cpu
