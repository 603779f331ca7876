#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>

namespace evotune {

/// Memory for many floats, in large pages where the system has them: a sweep over 100 MB in small
/// ones spends a fifth of its time on finding them. What is in it is not set.
class Slab {
 public:
  explicit Slab(std::size_t floats);
  [[nodiscard]] float* data() const { return floats_.get(); }

 private:
  struct Free {
    void operator()(float* memory) const { std::free(memory); }
  };
  std::unique_ptr<float, Free> floats_;
};

}  // namespace evotune
