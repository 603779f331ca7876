#include "surrogate/slab.h"

#include <sys/mman.h>

#include <new>

namespace evotune {
namespace {

constexpr std::size_t large_page = std::size_t{1} << 21;
constexpr std::size_t cache_line = 64;

}  // namespace

Slab::Slab(std::size_t floats) {
  const std::size_t bytes = floats * sizeof(float);
  const std::size_t large_pages = bytes / large_page;  // a rest stays in small ones
  void* memory = nullptr;
  if (posix_memalign(&memory, large_pages > 0 ? large_page : cache_line, bytes) != 0)
    throw std::bad_alloc();
  floats_.reset(static_cast<float*>(memory));
  if (large_pages > 0) (void)madvise(floats_.get(), large_pages * large_page, MADV_HUGEPAGE);
}

}  // namespace evotune
