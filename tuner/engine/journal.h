#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "store/store.h"

namespace evotune {

/// What one run has done so far. A resumed run first plays back what the store has of it.
class Journal {
 public:
  Journal(Store& store, std::int64_t run)
      : store_(store), run_(run), recorded_(store.evaluations(run)) {}

  /// The evaluation with this ordinal, if an earlier session of the run made it.
  [[nodiscard]] const Evaluation* recorded(std::uint32_t ordinal) const {
    const auto found = std::lower_bound(
        recorded_.begin(), recorded_.end(), ordinal,
        [](const Evaluation& one, std::uint32_t wanted) { return one.ordinal < wanted; });
    return found != recorded_.end() && found->ordinal == ordinal ? &*found : nullptr;
  }
  void append(const Evaluation& one) { store_.save(run_, one); }
  void save_finals(const std::vector<FinalRecord>& finals) { store_.save_finals(run_, finals); }
  void finish(const std::string& reason) { store_.finish(run_, reason); }
  [[nodiscard]] std::int64_t run() const { return run_; }

 private:
  Store& store_;
  std::int64_t run_;
  std::vector<Evaluation> recorded_;  ///< by ordinal; of a recovered database with gaps
};

}  // namespace evotune
