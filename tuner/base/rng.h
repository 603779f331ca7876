#pragma once

#include <cstdint>

namespace evotune {

/// Random numbers that depend on (seed, stream, index) and on nothing else, so a run can be
/// replayed from its record. Counter based: the n-th number is a hash of the key and n.
class Rng {
 public:
  explicit Rng(std::uint64_t seed, std::uint64_t stream = 0, std::uint64_t index = 0);

  std::uint64_t next();
  std::uint64_t below(std::uint64_t bound);  ///< uniform in [0, bound), without bias; bound > 0
  double uniform();                          ///< uniform in [0, 1), 53 bits
  double normal();                           ///< standard normal

 private:
  std::uint64_t key_;
  std::uint64_t counter_ = 0;
};

}  // namespace evotune
