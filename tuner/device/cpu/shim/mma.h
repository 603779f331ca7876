// WMMA: a warp multiplies small matrices. Element i of a lane's fragment is element
// lane · num_elements + i of the matrix, row by row; CUDA leaves that open. Products of 16-bit
// floats and of integers are exact, sums are float's, int's or double's.
#pragma once

#include "collectives.h"
#include "cuda_bf16.h"
#include "cuda_fp16.h"

EVOTUNE_UNCHECKED

namespace nvcuda {
namespace wmma {

struct matrix_a {};
struct matrix_b {};
struct accumulator {};
struct row_major {};
struct col_major {};
enum layout_t { mem_row_major, mem_col_major };

namespace precision {
struct tf32 {};
}  // namespace precision

}  // namespace wmma
}  // namespace nvcuda

namespace evotune::cpu {

/// How a fragment's type is stored, and computed with.
template <typename T>
struct Element {
  static constexpr bool known = false;
  using stored = T;
  using computed = T;
};
template <typename Stored, typename Computed>
struct KnownElement {
  static constexpr bool known = true;
  using stored = Stored;
  using computed = Computed;
};
template <>
struct Element<__half> : KnownElement<__half, float> {};
template <>
struct Element<__nv_bfloat16> : KnownElement<__nv_bfloat16, float> {};
template <>
struct Element<nvcuda::wmma::precision::tf32> : KnownElement<float, float> {};
template <>
struct Element<signed char> : KnownElement<signed char, int> {};
template <>
struct Element<unsigned char> : KnownElement<unsigned char, int> {};
template <>
struct Element<double> : KnownElement<double, double> {};

template <typename T, int M, int N, int K>
constexpr bool shape_exists() {
  return Element<T>::known && K == 16 &&
         ((M == 16 && N == 16) || (M == 32 && N == 8) || (M == 8 && N == 32));
}
template <>
constexpr bool shape_exists<nvcuda::wmma::precision::tf32, 16, 16, 8>() {
  return true;
}
template <>
constexpr bool shape_exists<nvcuda::wmma::precision::tf32, 16, 16, 16>() {
  return false;
}
template <>
constexpr bool shape_exists<double, 8, 8, 4>() {
  return true;
}
template <>
constexpr bool shape_exists<double, 16, 16, 16>() {
  return false;
}

template <typename T>
struct SumsOf {
  template <typename C>
  static constexpr bool in = false;
};
#define EVOTUNE_SUMS(T, ...)                                \
  template <>                                               \
  struct SumsOf<T> {                                        \
    template <typename C>                                   \
    static constexpr bool in = is_one_of<C, __VA_ARGS__>(); \
  };
template <typename T, typename U>
constexpr bool is_same_type = false;
template <typename T>
constexpr bool is_same_type<T, T> = true;
template <typename T>
constexpr bool is_const = false;
template <typename T>
constexpr bool is_const<const T> = true;
template <typename T, typename... Others>
constexpr bool is_one_of() {
  return (is_same_type<T, Others> || ...);
}
EVOTUNE_SUMS(__half, float, __half)
EVOTUNE_SUMS(__nv_bfloat16, float)
EVOTUNE_SUMS(nvcuda::wmma::precision::tf32, float)
EVOTUNE_SUMS(signed char, int)
EVOTUNE_SUMS(unsigned char, int)
EVOTUNE_SUMS(double, double)
#undef EVOTUNE_SUMS

/// tf32 has 10 bits of fraction; the multiplier ignores the others.
template <typename T>
__forceinline__ typename Element<T>::computed factor(typename Element<T>::stored x) {
  if constexpr (is_same_type<T, nvcuda::wmma::precision::tf32>)
    return same_bits<float>(same_bits<unsigned>(x) & 0xffffe000u);
  else
    return (typename Element<T>::computed)x;
}

template <typename T, int Count>
__forceinline__ void factors(typename Element<T>::computed* to,
                             const typename Element<T>::stored* from) {
#if defined(__clang__) && defined(EVOTUNE_NATIVE_HALF)
  if constexpr (is_same_type<T, __half> && Count == 8) {
    typedef __fp16 Halves __attribute__((vector_size(16)));
    typedef float Floats __attribute__((vector_size(32)));
    Halves halves;
    __builtin_memcpy(&halves, from, sizeof halves);
    const Floats floats = __builtin_convertvector(halves, Floats);
    __builtin_memcpy(to, &floats, sizeof floats);
    return;
  }
#endif
  for (int i = 0; i < Count; ++i) to[i] = factor<T>(from[i]);
}

/// d += a · b for matrices that lie row by row.
template <int M, int N, int K, typename T>
__forceinline__ void multiply_add(T* d, const T* a, const T* b) {
  for (int m = 0; m < M; ++m)
    for (int k = 0; k < K; ++k)
      for (int n = 0; n < N; ++n) d[m * N + n] += a[m * K + k] * b[k * N + n];
}

template <typename A, typename C>
struct MmaOperands {
  const A *a, *b;
  const C* c;
  C* d;
};
template <int M, int N, int K, typename T, typename C>
__attribute__((noinline)) void multiply_fragments(Warp* warp, uint32_t) {
  using Stored = typename Element<T>::stored;
  using Computed = typename Element<T>::computed;
  using Operands = MmaOperands<Stored, C>;
  alignas(64) Computed a[M * K], b[K * N], d[M * N];
  for (int lane = 0; lane < 32; ++lane) {
    const Operands& mine = *(const Operands*)warp->lanes[lane].operand;
    factors<T, M * K / 32>(a + lane * (M * K / 32), mine.a);
    factors<T, K * N / 32>(b + lane * (K * N / 32), mine.b);
    for (int i = 0; i < M * N / 32; ++i) d[lane * (M * N / 32) + i] = (Computed)mine.c[i];
  }
  multiply_add<M, N, K>(d, a, b);
  for (int lane = 0; lane < 32; ++lane) {
    const Operands& mine = *(const Operands*)warp->lanes[lane].operand;
    for (int i = 0; i < M * N / 32; ++i) mine.d[i] = (C)d[lane * (M * N / 32) + i];
  }
}

}  // namespace evotune::cpu

namespace nvcuda {
namespace wmma {

template <typename Use, int M, int N, int K, typename T, typename Layout = void>
struct fragment;

template <int M, int N, int K, typename T, typename Layout>
struct fragment<matrix_a, M, N, K, T, Layout> {
  static_assert(evotune::cpu::shape_exists<T, M, N, K>(),
                "no fragment of this shape and type is supported by the CPU device");
  static constexpr int rows = M, columns = K, num_elements = M * K / 32,
                       num_storage_elements = num_elements;
  using element_type = T;
  using storage_element_type = typename evotune::cpu::Element<T>::stored;
  storage_element_type x[num_elements];
};
template <int M, int N, int K, typename T, typename Layout>
struct fragment<matrix_b, M, N, K, T, Layout> {
  static_assert(evotune::cpu::shape_exists<T, M, N, K>(),
                "no fragment of this shape and type is supported by the CPU device");
  static constexpr int rows = K, columns = N, num_elements = K * N / 32,
                       num_storage_elements = num_elements;
  using element_type = T;
  using storage_element_type = typename evotune::cpu::Element<T>::stored;
  storage_element_type x[num_elements];
};
template <int M, int N, int K, typename T>
struct fragment<accumulator, M, N, K, T, void> {
  static_assert(evotune::cpu::is_one_of<T, float, __half, int, double>(),
                "no accumulator of this type is supported by the CPU device");
  static constexpr int rows = M, columns = N, num_elements = M * N / 32,
                       num_storage_elements = num_elements;
  using element_type = T;
  using storage_element_type = T;
  T x[num_elements];
};

template <typename Fragment, typename V>
__forceinline__ void fill_fragment(Fragment& fragment, V value) {
  for (auto& element : fragment.x) element = (typename Fragment::storage_element_type)value;
}

}  // namespace wmma
}  // namespace nvcuda

namespace evotune::cpu {

/// While it lives, what a lane accesses is a part of what its warp moves: rows of a matrix in
/// memory.
struct MovedRows {
#ifdef EVOTUNE_OBSERVED
  __forceinline__ MovedRows(const void* first, unsigned count, unsigned bytes, size_t pitch,
                            bool writes) {
    const void* rows[32];
    for (unsigned i = 0; i < count; ++i) rows[i] = (const char*)first + i * pitch;
    evotune_rows(rows, lane() == 0 ? count : 0, bytes, writes);
  }
  __forceinline__ ~MovedRows() { evotune_rows_end(); }
#else
  __forceinline__ MovedRows(const void*, unsigned, unsigned, size_t, bool) {}
#endif
};

/// Calls act(element, where it is in memory, how many) for each run of elements that lie together.
/// Memory is copied, not referred to: a check of every element's alignment would cost a sixth.
template <typename Fragment, typename P, typename F>
__forceinline__ void each_element(Fragment& fragment, P* memory, unsigned stride, bool by_rows,
                                  F act) {
  constexpr int count = Fragment::num_elements, columns = Fragment::columns, rows = Fragment::rows;
  const MovedRows moved(memory, by_rows ? rows : columns, (by_rows ? columns : rows) * sizeof(P),
                        stride * sizeof(P), !is_const<P>);
  const unsigned first = (unsigned)(lane() * count);
  if (by_rows && columns % count == 0) {
    act(fragment.x, memory + first / columns * stride + first % columns, count);
    return;
  }
  for (int i = 0; i < count; ++i) {
    const unsigned row = (first + i) / columns, column = (first + i) % columns;
    act(fragment.x + i, memory + (by_rows ? row * stride + column : column * stride + row), 1);
  }
}
template <typename To, typename From>
__forceinline__ void copy_elements(To* to, const From* from, int count) {
  static_assert(sizeof(To) == sizeof(From), "a fragment and its memory have one type");
  __builtin_memcpy((void*)to, (const void*)from, (size_t)count * sizeof(To));
}

}  // namespace evotune::cpu

namespace nvcuda {
namespace wmma {

template <typename Use, int M, int N, int K, typename T, typename Layout, typename P>
__forceinline__ void load_matrix_sync(fragment<Use, M, N, K, T, Layout>& to, const P* from,
                                      unsigned stride) {
  static_assert(evotune::cpu::is_one_of<Layout, row_major, col_major>(),
                "an accumulator is loaded with its layout as the last argument");
  evotune::cpu::each_element(to, from, stride, evotune::cpu::is_same_type<Layout, row_major>,
                             [](auto* element, const P* memory, int count) {
                               evotune::cpu::copy_elements(element, memory, count);
                             });
}
template <int M, int N, int K, typename T, typename P>
__forceinline__ void load_matrix_sync(fragment<accumulator, M, N, K, T>& to, const P* from,
                                      unsigned stride, layout_t layout) {
  evotune::cpu::each_element(to, from, stride, layout == mem_row_major,
                             [](T* element, const P* memory, int count) {
                               evotune::cpu::copy_elements(element, memory, count);
                             });
}
template <int M, int N, int K, typename T, typename P>
__forceinline__ void store_matrix_sync(P* to, const fragment<accumulator, M, N, K, T>& from,
                                       unsigned stride, layout_t layout) {
  evotune::cpu::each_element(from, to, stride, layout == mem_row_major,
                             [](const T* element, P* memory, int count) {
                               evotune::cpu::copy_elements(memory, element, count);
                             });
}

template <int M, int N, int K, typename T, typename LayoutA, typename LayoutB, typename C>
__forceinline__ void mma_sync(fragment<accumulator, M, N, K, C>& d,
                              const fragment<matrix_a, M, N, K, T, LayoutA>& a,
                              const fragment<matrix_b, M, N, K, T, LayoutB>& b,
                              const fragment<accumulator, M, N, K, C>& c, bool saturate = false,
                              EVOTUNE_LINE) {
  static_assert(evotune::cpu::SumsOf<T>::template in<C>,
                "products of these types are not summed up in an accumulator of this type");
  (void)saturate;
  evotune::cpu::MmaOperands<typename evotune::cpu::Element<T>::stored, C> mine{a.x, b.x, c.x, d.x};
  evotune_collective(evotune::cpu::multiply_fragments<M, N, K, T, C>, 0xffffffffu, &mine,
                     "wmma::mma_sync", line);
}

/// Rounded to tf32's 10 bits, ties away from zero.
__forceinline__ float __float_to_tf32(float x) {
  return evotune::cpu::same_bits<float>((evotune::cpu::same_bits<unsigned>(x) + 0x1000u) &
                                        0xffffe000u);
}

}  // namespace wmma
}  // namespace nvcuda

EVOTUNE_CHECKED
