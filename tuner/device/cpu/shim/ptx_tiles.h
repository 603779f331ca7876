// WMMA as inline PTX: a lane's registers hold its fragment of <mma.h>, as PTX leaves open which
// elements they are. Halves of a and b come in eight registers, whatever is in them.
#pragma once

#include "mma.h"
#include "ptx.h"

EVOTUNE_UNCHECKED

namespace evotune::cpu::ptx {

template <typename Fragment>
__forceinline__ Fragment tile_of(const unsigned* words) {
  Fragment tile;
  memcpy(tile.x, words, sizeof tile.x);
  return tile;
}

template <typename Fragment, typename... Layout>
__forceinline__ void load_tile(unsigned* words, const char* from, unsigned stride,
                               Layout... layout) {
  Fragment tile;
  using Stored = typename Fragment::storage_element_type;
  nvcuda::wmma::load_matrix_sync(tile, (const Stored*)from, stride, layout...);
  memcpy(words, tile.x, sizeof tile.x);
}
template <typename Fragment>
__forceinline__ void store_tile(char* to, const unsigned* words, unsigned stride,
                                nvcuda::wmma::layout_t layout) {
  using Stored = typename Fragment::storage_element_type;
  nvcuda::wmma::store_matrix_sync((Stored*)to, tile_of<Fragment>(words), stride, layout);
}
template <typename A, typename B, typename C>
__forceinline__ void multiply_tiles(unsigned* d, const unsigned* a, const unsigned* b,
                                    const unsigned* c, int line) {
  C sums;
  nvcuda::wmma::mma_sync(sums, tile_of<A>(a), tile_of<B>(b), tile_of<C>(c), false, line);
  memcpy(d, sums.x, sizeof sums.x);
}

}  // namespace evotune::cpu::ptx

EVOTUNE_CHECKED
