#pragma once

#include <string>

#include "engine/stop.h"
#include "store/store.h"

namespace evotune {

/// Told what happens during a run. Overrides only what it cares about.
class Reporter {
 public:
  virtual ~Reporter() = default;
  /// Something that may take a while begins: "computing the reference", "compiling 24 candidates".
  virtual void busy(const std::string& /*what*/) {}
  /// After it is stored. `best`: it is the best so far.
  virtual void evaluated(const Evaluation&, const Progress&, bool /*best*/) {}
  /// The record of a resumed run differs from what was asked anew, and is followed; or a lane is
  /// lost.
  virtual void warned(const std::string& /*what*/) {}
};

}  // namespace evotune
