#include "device/cpu/guarded_buffer.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace evotune::cpu {
namespace {

constexpr std::byte filler{0xff};

}  // namespace

GuardedBuffer::GuardedBuffer(std::size_t bytes)
    : size_(bytes), room_(round_up(bytes, page_bytes)), mapping_(room_ + 2 * guard_bytes) {
  if (!mapping_) throw std::bad_alloc();
  allow_writes();
  place(Placement::at_end);
}

void GuardedBuffer::place(Placement placement) {
  allow_writes();
  data_ = placement == Placement::at_start ? pages() : pages() + room_ - round_up(size_, alignment);
  std::fill(pages(), data_, filler);
  std::fill(data_ + size_, pages() + room_, filler);
}

void GuardedBuffer::forbid_writes() {
  if (!mapping_.protect(guard_bytes, room_, PROT_READ)) throw std::bad_alloc();
}

void GuardedBuffer::allow_writes() {
  if (!mapping_.protect(guard_bytes, room_, PROT_READ | PROT_WRITE)) throw std::bad_alloc();
}

bool GuardedBuffer::surroundings_intact() const {
  const auto filled = [](std::byte one) { return one == filler; };
  return std::all_of(pages(), data_, filled) && std::all_of(data_ + size_, pages() + room_, filled);
}

Region GuardedBuffer::region(std::string name, bool read_only) const {
  return {std::move(name), bytes(), reach(), read_only};
}

}  // namespace evotune::cpu
