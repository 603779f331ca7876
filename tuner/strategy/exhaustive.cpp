// Every valid configuration, in the order of their indices in the space.
#include "strategy/memory.h"
#include "strategy/strategies.h"

namespace evotune {
namespace {

class Exhaustive final : public Strategy {
 public:
  explicit Exhaustive(const Space& space) : space_(space) {}

  std::vector<Proposal> ask(std::size_t count) override {
    std::vector<Proposal> batch;
    for (; batch.size() < count && next_ < space_.count(); ++next_) {
      Config config = space_.at(next_);
      if (!told_.contains(config)) batch.push_back({std::move(config), "exhaustive", {}, 0});
    }
    return batch;
  }

  void tell(std::span<const Individual> individuals) override {
    for (const Individual& one : individuals) told_.insert(one.config());
  }

 private:
  const Space& space_;
  std::uint64_t next_ = 0;
  Memory told_;  // also what the caller tried of its own accord
};

}  // namespace

std::unique_ptr<Strategy> make_exhaustive(const SearchSettings&, const Space& space,
                                          std::uint64_t /*seed*/, const Precedents&) {
  return std::make_unique<Exhaustive>(space);
}

}  // namespace evotune
