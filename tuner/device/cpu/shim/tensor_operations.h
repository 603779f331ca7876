// What a warp does with tensor cores below WMMA: ldmatrix and mma.m16n8kK, with the registers of
// each lane as PTX lays them out. Behind evotune/mma.cuh and inline PTX.
#pragma once

#include "collectives.h"
#include "memory_functions.h"
#include "small_floats.h"

EVOTUNE_UNCHECKED

namespace evotune::cpu {

struct MatrixRows {
  const void* row;
  uint32_t word[4];
};
/// While it lives, what is accessed are parts of the rows that a warp's lanes name.
template <int Count>
struct NamedRows {
#ifdef EVOTUNE_OBSERVED
  __forceinline__ NamedRows(Warp* warp, bool writes) {
    const void* rows[8 * Count];
    for (int i = 0; i < 8 * Count; ++i) rows[i] = ((MatrixRows*)warp->lanes[i].operand)->row;
    evotune_rows(rows, 8 * Count, 16, writes);
  }
  __forceinline__ ~NamedRows() { evotune_rows_end(); }
#else
  __forceinline__ NamedRows(Warp*, bool) {}
#endif
};

/// Lane l names row l % 8 of matrix l / 8. Without `Transposed` it gets elements 2·(l % 4) and the
/// next of row l / 4, with it elements l / 4 of those two rows.
template <int Count, bool Transposed>
inline void load_matrices(Warp* warp, uint32_t) {
  const NamedRows<Count> named(warp, false);
  const auto mine = [&](int lane) { return (MatrixRows*)warp->lanes[lane].operand; };
  for (int matrix = 0; matrix < Count; ++matrix)
    for (int lane = 0; lane < 32; ++lane) {
      uint16_t pair[2];
      for (int i = 0; i < 2; ++i) {
        const int near = 2 * (lane % 4) + i, far = lane / 4;
        const uint16_t* row = (const uint16_t*)mine(8 * matrix + (Transposed ? near : far))->row;
        pair[i] = row[Transposed ? far : near];
      }
      memcpy(&mine(lane)->word[matrix], pair, sizeof pair);
    }
}
template <int Count, bool Transposed>
__forceinline__ void load_matrices(uint32_t (&word)[Count], const void* row, EVOTUNE_LINE) {
  if (((uintptr_t)row & 15u) != 0) evotune_trap("misaligned row of ldmatrix", line);
  MatrixRows mine{row, {}};
  evotune_collective(load_matrices<Count, Transposed>, 0xffffffffu, &mine, "ldmatrix", line);
  for (int i = 0; i < Count; ++i) word[i] = mine.word[i];
}

/// stmatrix: the way back, each lane's words into the rows that lanes name.
template <int Count, bool Transposed>
inline void store_matrices(Warp* warp, uint32_t) {
  const NamedRows<Count> named(warp, true);
  const auto mine = [&](int lane) { return (MatrixRows*)warp->lanes[lane].operand; };
  for (int matrix = 0; matrix < Count; ++matrix)
    for (int lane = 0; lane < 32; ++lane) {
      uint16_t pair[2];
      memcpy(pair, &mine(lane)->word[matrix], sizeof pair);
      for (int i = 0; i < 2; ++i) {
        const int near = 2 * (lane % 4) + i, far = lane / 4;
        auto* row = (uint16_t*)const_cast<void*>(mine(8 * matrix + (Transposed ? near : far))->row);
        row[Transposed ? far : near] = pair[i];
      }
    }
}
template <int Count, bool Transposed>
__forceinline__ void store_matrices(void* row, const uint32_t (&word)[Count], EVOTUNE_LINE) {
  if (((uintptr_t)row & 15u) != 0) evotune_trap("misaligned row of stmatrix", line);
  MatrixRows mine{row, {}};
  for (int i = 0; i < Count; ++i) mine.word[i] = word[i];
  evotune_collective(store_matrices<Count, Transposed>, 0xffffffffu, &mine, "stmatrix", line);
}

// The element types of mma, and how a register's bits are read.
struct F16 {
  using computed = float;
  static constexpr int in_word = 2;
  static float at(uint32_t word, int i) { return half_to_float((uint16_t)(word >> (16 * i))); }
};
struct Bf16 {
  using computed = float;
  static constexpr int in_word = 2;
  static float at(uint32_t word, int i) { return bfloat16_to_float((uint16_t)(word >> (16 * i))); }
};
struct Tf32 {
  using computed = float;
  static constexpr int in_word = 1;
  static float at(uint32_t word, int) { return same_bits<float>(word & 0xffffe000u); }
};
struct S8 {
  using computed = int;
  static constexpr int in_word = 4;
  static int at(uint32_t word, int i) { return (int8_t)(word >> (8 * i)); }
};
struct U8 {
  using computed = int;
  static constexpr int in_word = 4;
  static int at(uint32_t word, int i) { return (uint8_t)(word >> (8 * i)); }
};

template <typename T>
struct Nibbles {
  using computed = int;
  static constexpr int in_word = 8;
  static int at(uint32_t word, int i) { return (T)(word << (28 - 4 * i)) >> 28; }
};
using S4 = Nibbles<int32_t>;
using U4 = Nibbles<uint32_t>;

struct MmaWords {
  const uint32_t *a, *b, *c;
  uint32_t* d;
};

/// Sums of 32 bits: two to a lane's row. Sums of 16 bits: both in one word.
template <typename Sum>
__forceinline__ Sum sum_at(const uint32_t* words, int i, bool narrow) {
  if constexpr (sizeof(Sum) == 4) {
    if (!narrow) return same_bits<Sum>(words[i]);
    return (Sum)half_to_float((uint16_t)(words[i / 2] >> (16 * (i % 2))));
  }
}

/// d = a · b + c of M×K, K×8 and M×8, M = 8·R. With g = lane / 4, t = lane % 4 and P elements in a
/// word, word i of a holds row g + 8·(i % R) from column P·t + 4·P·(i / R), word i of b column g
/// from row P·t + 4·P·i, and sum i is row g + 8·(i / 2), column 2·t + i % 2.
template <int M, int K, typename A, typename B, typename Sum, bool Narrow>
__attribute__((noinline)) void multiply_words(Warp* warp, uint32_t) {
  constexpr int P = A::in_word, R = M / 8;
  Sum a[M][K], b[K][8], d[M][8];
  for (int lane = 0; lane < 32; ++lane) {
    const MmaWords& mine = *(const MmaWords*)warp->lanes[lane].operand;
    const int g = lane / 4, t = lane % 4;
    for (int i = 0; i < R * K / (4 * P); ++i)
      for (int j = 0; j < P; ++j)
        a[g + 8 * (i % R)][P * t + 4 * P * (i / R) + j] = A::at(mine.a[i], j);
    for (int i = 0; i < K / (4 * P); ++i)
      for (int j = 0; j < P; ++j) b[P * t + 4 * P * i + j][g] = B::at(mine.b[i], j);
    for (int i = 0; i < 2 * R; ++i)
      d[g + 8 * (i / 2)][2 * t + i % 2] = sum_at<Sum>(mine.c, i, Narrow);
  }
  for (int m = 0; m < M; ++m)
    for (int k = 0; k < K; ++k)
      for (int n = 0; n < 8; ++n) d[m][n] += a[m][k] * b[k][n];
  for (int lane = 0; lane < 32; ++lane) {
    const MmaWords& mine = *(const MmaWords*)warp->lanes[lane].operand;
    const int g = lane / 4, t = lane % 4;
    for (int i = 0; i < 2 * R; ++i) {
      const Sum sum = d[g + 8 * (i / 2)][2 * t + i % 2];
      if (!Narrow)
        mine.d[i] = same_bits<uint32_t>(sum);
      else if (i % 2 == 0)
        mine.d[i / 2] = float_to_half((float)sum);
      else
        mine.d[i / 2] |= (uint32_t)float_to_half((float)sum) << 16;
    }
  }
}
template <int M, int K, typename A, typename B, typename Sum, bool Narrow>
__forceinline__ void multiply_matrices(uint32_t* d, const uint32_t* a, const uint32_t* b,
                                       const uint32_t* c, EVOTUNE_LINE) {
  // Lanes read their neighbours' c until all are done, and d may be c.
  uint32_t result[4];
  MmaWords mine{a, b, c, result};
  evotune_collective(multiply_words<M, K, A, B, Sum, Narrow>, 0xffffffffu, &mine, "mma", line);
  for (int i = 0; i < (Narrow ? 2 : M / 4); ++i) d[i] = result[i];
}
template <int K, typename A, typename B, typename Sum, bool Narrow>
__forceinline__ void mma_16x8(uint32_t* d, const uint32_t* a, const uint32_t* b, const uint32_t* c,
                              EVOTUNE_LINE) {
  multiply_matrices<16, K, A, B, Sum, Narrow>(d, a, b, c, line);
}

/// The same of doubles, 8×4 and 4×8: a lane has one of a, one of b and two sums.
struct MmaDoubles {
  double a, b, c[2], d[2];
};
inline void multiply_doubles(Warp* warp, uint32_t) {
  const auto of = [&](int lane) -> MmaDoubles& { return *(MmaDoubles*)warp->lanes[lane].operand; };
  for (int lane = 0; lane < 32; ++lane)
    for (int i = 0; i < 2; ++i) {
      MmaDoubles& mine = of(lane);
      mine.d[i] = mine.c[i];
      for (int k = 0; k < 4; ++k)
        mine.d[i] += of(lane / 4 * 4 + k).a * of((2 * (lane % 4) + i) * 4 + k).b;
    }
}

/// movmatrix: the 8×8 halves of a warp, turned around.
inline void turn_matrix(Warp* warp, uint32_t) {
  uint16_t rows[8][8];
  const auto of = [&](int lane) { return (uint16_t*)warp->lanes[lane].operand; };
  for (int lane = 0; lane < 32; ++lane) memcpy(&rows[lane / 4][lane % 4 * 2], of(lane), 4);
  for (int lane = 0; lane < 32; ++lane)
    for (int i = 0; i < 2; ++i) of(lane)[i] = rows[lane % 4 * 2 + i][lane / 4];
}

}  // namespace evotune::cpu

EVOTUNE_CHECKED
