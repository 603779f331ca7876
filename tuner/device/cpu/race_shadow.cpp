#include "device/cpu/race_shadow.h"

#include <new>

namespace evotune::cpu {

static_assert(sizeof(ShadowWord) == 64);

RaceShadow::RaceShadow(const WatchedMemory& memory) {
  for (std::size_t i = 0; i < memory.size(); ++i) {
    const WatchedRegion& region = memory[i];
    const std::size_t words = (region.end - (region.begin & ~std::uintptr_t{3}) + 3) / 4;
    const bool never_asked = region.read_only || region.surrounds();
    Mapping shadow(never_asked ? page_bytes : round_up(words * sizeof(ShadowWord), page_bytes));
    if (!shadow || !shadow.protect(0, shadow.size(), PROT_READ | PROT_WRITE))
      throw std::bad_alloc();
    shadows_.push_back(std::move(shadow));
  }
}

RaceShadow::Parts& RaceShadow::split(ShadowWord& word) {
  if (!is_split(word)) {
    parts_.push_back(std::make_unique<Parts>(Parts{word, word, word, word}));
    word.write.block = split_mark;
    word.write.place = static_cast<std::uint32_t>(parts_.size() - 1);
  }
  return *parts_[word.write.place];
}

}  // namespace evotune::cpu
