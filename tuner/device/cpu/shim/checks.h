// What the compiler's checks of subscripts and alignments (-fsanitize=array-bounds,alignment) call
// when one fails. Its own runtime would print and go on.
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "abi.h"

namespace evotune::cpu {

// As the compilers lay them out.
struct CheckedPlace {
  const char* file;
  uint32_t line, column;
};
struct CheckedType {
  uint16_t kind, info;  ///< of an integer: 2·log2(bits) + signed
  char name[1];         ///< in quotes
};
struct CheckedSubscript {
  CheckedPlace place;
  const CheckedType *array, *index;
};
struct CheckedAddress {
  CheckedPlace place;
  const CheckedType* type;
  unsigned char log_alignment, kind;
};
static char failed_check[256];

}  // namespace evotune::cpu

#define EVOTUNE_CHECK extern "C" __attribute__((visibility("hidden"), noinline, used)) void
EVOTUNE_CHECK __ubsan_handle_out_of_bounds_abort(evotune::cpu::CheckedSubscript* check,
                                                 uintptr_t index) {
  const int unused = 64 - (1 << (check->index->info >> 1));
  const bool is_signed = (check->index->info & 1) != 0;
  const long long value =
      is_signed ? (long long)((unsigned long long)index << unused) >> unused : (long long)index;
  snprintf(evotune::cpu::failed_check, sizeof evotune::cpu::failed_check,
           "index %lld is out of bounds of an array %s", value, (const char*)check->array->name);
  evotune_fault(evotune::cpu::failed_check, __builtin_return_address(0));
}
EVOTUNE_CHECK __ubsan_handle_type_mismatch_v1_abort(evotune::cpu::CheckedAddress* check,
                                                    uintptr_t address) {
  const unsigned alignment = 1u << check->log_alignment;
  const bool scalar = check->type->kind != 0xffff;  // a number
  snprintf(evotune::cpu::failed_check, sizeof evotune::cpu::failed_check,
           "misaligned %s: %s at an address that is %u more than a multiple of %u",
           scalar ? "access" : "vector access", (const char*)check->type->name,
           (unsigned)(address & (alignment - 1)), alignment);
  evotune_fault(evotune::cpu::failed_check, __builtin_return_address(0));
}
#undef EVOTUNE_CHECK
