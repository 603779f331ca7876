// Uniform over the valid configurations, without replacement.
#include "strategy/memory.h"
#include "strategy/strategies.h"

namespace evotune {
namespace {

class Random final : public Strategy {
 public:
  Random(const Space& space, std::uint64_t seed) : space_(space), seed_(seed) {}

  std::vector<Proposal> ask(std::size_t count) override {
    std::vector<Proposal> batch;
    while (batch.size() < count) {
      Rng rng(seed_, 0, asked_);
      auto config = memory_.draw(space_, rng);
      if (!config) break;
      ++asked_;
      batch.push_back({std::move(*config), "random", {}, 0});
    }
    return batch;
  }

  void tell(std::span<const Individual> individuals) override {
    for (const Individual& one : individuals) memory_.insert(one.config());
  }

 private:
  const Space& space_;
  std::uint64_t seed_;
  std::uint64_t asked_ = 0;
  Memory memory_;
};

}  // namespace

std::unique_ptr<Strategy> make_random(const SearchSettings&, const Space& space, std::uint64_t seed,
                                      const Precedents&) {
  return std::make_unique<Random>(space, seed);
}

}  // namespace evotune
