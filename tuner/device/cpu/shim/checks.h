// What the compiler's checks of subscripts and alignments (-fsanitize=array-bounds,alignment) call
// when one fails. Its own runtime would print and go on.
#pragma once

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

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

/// What was compiled, from the kernel's first line on: cpu_device.cpp puts it behind the kernel.
extern "C" __attribute__((visibility("hidden"))) const char* evotune_source_text();

namespace evotune::cpu {

__attribute__((unused)) static bool is_of_word(char c) {
  return c == '_' || isalnum((unsigned char)c);
}

/// Before the subscripts that end here.
__attribute__((unused)) static const char* before_brackets(const char* begin, const char* at) {
  while (at > begin && *at == ']') {
    int open = 0;
    do {
      open += (*at == ']') - (*at == '[');
      --at;
    } while (at > begin && open != 0);
  }
  return at;
}

/// The word of the source at a place, or before the operator or the subscript (g++) that stands
/// there: what a subscript belongs to. Returns its length.
__attribute__((unused)) static int word_at(const CheckedPlace& place, const char** word) {
  char file[256] = "kernel.cu";
  unsigned line = 1;
  int length = 0;
  for (const char* text = evotune_source_text(); *text != '\0'; ++line) {
    const size_t size = strcspn(text, "\n");
    if (*text == '#' && sscanf(text, "#line %u \"%255[^\"]\"", &line, file) >= 1) {
      --line;
    } else if (line == place.line && place.column <= size && strcmp(file, place.file) == 0) {
      const char* end = before_brackets(text, text + place.column - 1);
      while (end > text && !is_of_word(*end)) --end;
      while (is_of_word(*end)) ++end;
      for (*word = end; *word > text && is_of_word((*word)[-1]);) --*word;
      length = (int)(end - *word);
    }
    text += size + (text[size] == '\n');
  }
  return length;
}

}  // namespace evotune::cpu

#define EVOTUNE_CHECK extern "C" __attribute__((visibility("hidden"), noinline, used)) void
EVOTUNE_CHECK __ubsan_handle_out_of_bounds_abort(evotune::cpu::CheckedSubscript* check,
                                                 uintptr_t index) {
  const int unused = 64 - (1 << (check->index->info >> 1));
  const bool is_signed = (check->index->info & 1) != 0;
  const long long value =
      is_signed ? (long long)((unsigned long long)index << unused) >> unused : (long long)index;
  const char* name = nullptr;
  const int length = evotune::cpu::word_at(check->place, &name);
  snprintf(evotune::cpu::failed_check, sizeof evotune::cpu::failed_check,
           "index %lld is out of bounds of %.*s%san array %s", value, length, name,
           length == 0 ? "" : ", ", (const char*)check->array->name);
  evotune_fault(evotune::cpu::failed_check, __builtin_return_address(0));
}
namespace evotune::cpu {
static inline __attribute__((always_inline)) void misaligned(const CheckedAddress* check,
                                                             uintptr_t address, const void* from) {
  const unsigned alignment = 1u << check->log_alignment;
  const bool scalar = check->type->kind != 0xffff;  // a number
  snprintf(failed_check, sizeof failed_check,
           "misaligned %s: %s at an address that is %u more than a multiple of %u",
           scalar ? "access" : "vector access", (const char*)check->type->name,
           (unsigned)(address & (alignment - 1)), alignment);
  evotune_fault(failed_check, from);
}
}  // namespace evotune::cpu
EVOTUNE_CHECK __ubsan_handle_type_mismatch_v1_abort(evotune::cpu::CheckedAddress* check,
                                                    uintptr_t address) {
  evotune::cpu::misaligned(check, address, __builtin_return_address(0));
}
/// Of g++ in followed runs, where memory of a thread's own, whose place here says nothing of a
/// GPU's, stays as the source has it: `half x[2]` that is read as a whole.
EVOTUNE_CHECK __ubsan_handle_type_mismatch_v1(evotune::cpu::CheckedAddress* check,
                                              uintptr_t address) {
  constexpr uintptr_t largest_stack = 64 << 10;
  if (address - (uintptr_t)__builtin_frame_address(0) < largest_stack) return;
  evotune::cpu::misaligned(check, address, __builtin_return_address(0));
}
EVOTUNE_CHECK __ubsan_handle_builtin_unreachable(void*) {
  evotune_fault("came to __builtin_unreachable", __builtin_return_address(0));
}
#undef EVOTUNE_CHECK
