#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "device/cpu/race_shadow.h"

namespace evotune::cpu {

/// Which bytes of shared memory asynchronous copies are about to write: from the copy until it is
/// waited for, they may be written at any time.
class PendingCopies {
 public:
  [[nodiscard]] bool any() const { return count_ != 0; }

  void begin_block() {
    for (Marks& marks : marks_) std::fill(marks.begin(), marks.end(), 0u);
    who_.clear();
    count_ = 0;
  }
  void begin(std::size_t region, std::size_t from, std::size_t bytes, const Stamp& stamp) {
    if (region >= marks_.size()) marks_.resize(region + 1);
    Marks& marks = marks_[region];
    marks.resize(std::max(marks.size(), from + bytes));
    who_.push_back(stamp);
    ++count_;
    std::fill_n(marks.begin() + static_cast<std::ptrdiff_t>(from), bytes,
                static_cast<std::uint32_t>(who_.size()));
  }
  /// The same bytes may be copied by others too.
  void end(std::size_t region, std::size_t from, std::size_t bytes, unsigned thread) {
    if (count_ == 0 || region >= marks_.size()) return;
    Marks& marks = marks_[region];
    bool begun = false;
    for (std::size_t i = from; i < std::min(from + bytes, marks.size()); ++i) {
      if (marks[i] == 0 || who_[marks[i] - 1].thread != thread) continue;
      marks[i] = 0;
      begun = true;
    }
    if (begun && --count_ == 0) who_.clear();
  }
  /// The copy that is to write one of these bytes, or null.
  [[nodiscard]] const Stamp* find(std::size_t region, std::size_t from, std::size_t bytes) const {
    if (region >= marks_.size()) return nullptr;
    const Marks& marks = marks_[region];
    for (std::size_t i = from; i < std::min(from + bytes, marks.size()); ++i)
      if (marks[i] != 0) return &who_[marks[i] - 1];
    return nullptr;
  }

 private:
  using Marks = std::vector<std::uint32_t>;  ///< of each byte, 1 + whose copy; 0: nobody's
  std::vector<Marks> marks_;                 ///< by region
  std::vector<Stamp> who_;
  std::size_t count_ = 0;
};

}  // namespace evotune::cpu
