#pragma once

#include "kernel/source.h"
#include "space/space.h"
#include "space/space_file.h"

namespace evotune {

/// What is tuned: the file, the space it spans on one device, the kernel and its reference.
struct Problem {
  SpaceFile file;
  Space space;
  Template kernel;
  Template reference;
};

/// The configuration everything is compared with: the file's `baseline`, else the template's
/// own #defines. Throws UserError where that is no valid configuration.
[[nodiscard]] Config baseline_of(const Problem&);

/// The file's presets, in its order.
struct Preset {
  std::string name;
  Config config;
};
[[nodiscard]] std::vector<Preset> presets_of(const Problem&);

/// Tuning shapes joined by ";": part of a run's identity.
[[nodiscard]] std::string problem_text(const SpaceFile&);

}  // namespace evotune
