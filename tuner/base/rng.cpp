#include "base/rng.h"

#include <cmath>
#include <numbers>

namespace evotune {
namespace {

__extension__ using Wide = unsigned __int128;

// SplitMix64's finaliser (Steele, Lea and Flood 2014): every input bit reaches every output bit.
std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

constexpr std::uint64_t golden = 0x9e3779b97f4a7c15U;

}  // namespace

Rng::Rng(std::uint64_t seed, std::uint64_t stream, std::uint64_t index)
    : key_(mix(mix(mix(seed + golden) ^ (stream + golden)) ^ (index + golden))) {}

std::uint64_t Rng::next() { return mix(key_ + golden * ++counter_); }

// Lemire's multiply-and-reject: the high half of a product is uniform once the few low halves
// that would over-represent some results are refused.
std::uint64_t Rng::below(std::uint64_t bound) {
  const std::uint64_t refuse = (0 - bound) % bound;
  for (;;) {
    const Wide product = static_cast<Wide>(next()) * bound;
    if (static_cast<std::uint64_t>(product) >= refuse)
      return static_cast<std::uint64_t>(product >> 64);
  }
}

double Rng::uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

double Rng::normal() {  // Box and Muller; 1 - u is never 0
  const double radius = std::sqrt(-2 * std::log(1 - uniform()));
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

}  // namespace evotune
