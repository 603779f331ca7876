#pragma once

#include "strategy/strategy.h"

namespace evotune {

// What make_strategy chooses from; each is defined in the file of its name.
std::unique_ptr<Strategy> make_evolve(const SearchSettings&, const Space&, std::uint64_t seed,
                                      const Precedents&);
std::unique_ptr<Strategy> make_genetic(const SearchSettings&, const Space&, std::uint64_t seed,
                                       const Precedents&);
std::unique_ptr<Strategy> make_memetic(const SearchSettings&, const Space&, std::uint64_t seed,
                                       const Precedents&);
std::unique_ptr<Strategy> make_local(const SearchSettings&, const Space&, std::uint64_t seed,
                                     const Precedents&);
std::unique_ptr<Strategy> make_anneal(const SearchSettings&, const Space&, std::uint64_t seed,
                                      const Precedents&);
std::unique_ptr<Strategy> make_random(const SearchSettings&, const Space&, std::uint64_t seed,
                                      const Precedents&);
std::unique_ptr<Strategy> make_exhaustive(const SearchSettings&, const Space&, std::uint64_t seed,
                                          const Precedents&);

}  // namespace evotune
