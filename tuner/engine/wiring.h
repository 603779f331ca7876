#pragma once

#include <optional>

#include "outcome/individual.h"

namespace evotune {

/// Notices a fitness that does not depend on what is tried: something is not wired.
class Wiring {
 public:
  /// Throws UserError at the 30th right configuration whose fitness is that of all before it.
  void add(const Individual&);

 private:
  std::optional<double> fitness_;
  int alike_ = 0;
  bool varies_ = false;
};

}  // namespace evotune
