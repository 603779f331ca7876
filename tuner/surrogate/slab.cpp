#include "surrogate/slab.h"

#include <sys/mman.h>

#include <new>

namespace evotune {
namespace {

constexpr std::size_t large_page = std::size_t{1} << 21;
constexpr std::size_t cache_line = 64;

std::size_t rounded_up(std::size_t bytes, std::size_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

}  // namespace

Slab::Slab(std::size_t floats) {
  const std::size_t bytes = floats * sizeof(float);
  const std::size_t large_pages = bytes / large_page;  // a rest stays in small ones
  floats_.reset(static_cast<float*>(std::aligned_alloc(large_pages > 0 ? large_page : cache_line,
                                                       rounded_up(bytes, cache_line))));
  if (!floats_) throw std::bad_alloc();
  if (large_pages > 0) (void)madvise(floats_.get(), large_pages * large_page, MADV_HUGEPAGE);
}

}  // namespace evotune
