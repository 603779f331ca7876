// Turns `void** arguments` into a typed call, and tells what the parameters are. EVOTUNE_ENTRY
// stands behind the kernel's source.
#pragma once

#include "abi.h"
#include "checks.h"
#include "qualifiers.h"

EVOTUNE_UNCHECKED

namespace evotune::cpu {

template <typename T>
struct KindOf {
  static constexpr ParameterKind value = ParameterKind::other;
};
template <typename T>
struct KindOf<T*> {
  static constexpr ParameterKind value = ParameterKind::pointer;
};
template <typename T>
struct KindOf<const T> : KindOf<T> {};
template <typename T>
struct KindOf<T* __restrict__> : KindOf<T*> {};

#define EVOTUNE_KIND(T, kind)                                   \
  template <>                                                   \
  struct KindOf<T> {                                            \
    static constexpr ParameterKind value = ParameterKind::kind; \
  };
EVOTUNE_KIND(bool, integer)
EVOTUNE_KIND(char, integer)
EVOTUNE_KIND(signed char, integer)
EVOTUNE_KIND(unsigned char, integer)
EVOTUNE_KIND(short, integer)
EVOTUNE_KIND(unsigned short, integer)
EVOTUNE_KIND(int, integer)
EVOTUNE_KIND(unsigned, integer)
EVOTUNE_KIND(long, integer)
EVOTUNE_KIND(unsigned long, integer)
EVOTUNE_KIND(long long, integer)
EVOTUNE_KIND(unsigned long long, integer)
EVOTUNE_KIND(float, floating)
EVOTUNE_KIND(double, floating)
#undef EVOTUNE_KIND

template <unsigned... I>
struct Numbers {};
template <unsigned Count, unsigned... I>
struct NumbersBelow : NumbersBelow<Count - 1, Count - 1, I...> {};
template <unsigned... I>
struct NumbersBelow<0, I...> {
  using type = Numbers<I...>;
};

template <typename... A, unsigned... I>
__forceinline__ void call(void (*kernel)(A...), void** arguments, Numbers<I...>) {
  kernel(*(A*)arguments[I]...);
}

}  // namespace evotune::cpu

template <typename... A>
__forceinline__ void evotune_call(void (*kernel)(A...), void** arguments) {
  evotune::cpu::call(kernel, arguments, typename evotune::cpu::NumbersBelow<sizeof...(A)>::type());
}

using evotune_parameter = evotune::cpu::Parameter;
template <typename... A>
unsigned evotune_describe(void (*)(A...), evotune_parameter* parameters) {
  const evotune_parameter all[] = {{(unsigned)sizeof(A), evotune::cpu::KindOf<A>::value}..., {}};
  if (parameters != nullptr)
    for (unsigned i = 0; i < sizeof...(A); ++i) parameters[i] = all[i];
  return sizeof...(A);
}

#define EVOTUNE_EXPORT extern "C" __attribute__((visibility("default")))
#define EVOTUNE_ENTRY(build_id, ...)                                                              \
  EVOTUNE_EXPORT const char* evotune_build_id() { return build_id; }                              \
  EVOTUNE_EXPORT void evotune_entry(void** evotune_to) { evotune_call(__VA_ARGS__, evotune_to); } \
  EVOTUNE_EXPORT unsigned evotune_parameters(evotune_parameter* evotune_to) {                     \
    return evotune_describe(__VA_ARGS__, evotune_to);                                             \
  }

EVOTUNE_CHECKED
