#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/workbench.h"

namespace evotune {

/// One problem on several devices of one kind, side by side: each has its own baseline, and must be
/// right with it before it is given anything else.
class Workbenches final : public Evaluator {
 public:
  Workbenches(const Problem&, std::vector<std::unique_ptr<Workbench>>);

  [[nodiscard]] Candidate prepare(const Config&) const override;
  /// As many callers as there are lanes, each on its own. Throws DeviceLost where the baseline does
  /// not come out right on this lane.
  [[nodiscard]] Outcome evaluate(const Candidate&, const Examination&) override;
  [[nodiscard]] std::string key(const Candidate&) const override;
  [[nodiscard]] std::vector<std::string> lanes() const override;

 private:
  struct Place {
    std::unique_ptr<Workbench> bench;
    bool proven = false;
  };
  void prove(Place&) const;

  Config baseline_;
  std::vector<Place> places_;
};

}  // namespace evotune
