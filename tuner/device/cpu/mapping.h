#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <utility>

namespace evotune::cpu {

/// Owns a range of address space. It begins inaccessible; its owner opens what it needs.
class Mapping {
 public:
  Mapping() = default;
  explicit Mapping(std::size_t bytes)
      : bytes_(bytes),
        begin_(
            mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)) {}
  ~Mapping() {
    if (*this) munmap(begin_, bytes_);
  }
  Mapping(Mapping&& other) noexcept
      : bytes_(std::exchange(other.bytes_, 0)), begin_(std::exchange(other.begin_, MAP_FAILED)) {}
  Mapping& operator=(Mapping&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(begin_, other.begin_);
    return *this;
  }

  explicit operator bool() const { return begin_ != MAP_FAILED; }
  [[nodiscard]] std::byte* data() const { return static_cast<std::byte*>(begin_); }
  [[nodiscard]] std::size_t size() const { return bytes_; }

  /// Whether the kernel of the machine agreed.
  [[nodiscard]] bool protect(std::size_t offset, std::size_t bytes, int protection) const {
    return bytes == 0 || mprotect(data() + offset, bytes, protection) == 0;
  }

 private:
  std::size_t bytes_ = 0;
  void* begin_ = MAP_FAILED;
};

constexpr std::size_t page_bytes = 4096;

[[nodiscard]] constexpr std::size_t round_up(std::size_t value, std::size_t step) {
  return (value + step - 1) / step * step;
}

}  // namespace evotune::cpu
