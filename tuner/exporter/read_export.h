#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "kernel/source.h"
#include "space/space_file.h"

namespace evotune {

/// An exported folder read back: what it takes to compile, run and check its kernel again.
struct Export {
  SpaceFile file;      ///< the copied space.yaml, with the problem that was tuned
  Source source;       ///< its text is kernel.cu as it stands now
  Template reference;  ///< for render_reference
  Source baseline;     ///< what it was compared with
  Bindings baseline_values;
  Bindings values;                   ///< the parameters: Space::find them, with `device_facts`
  Bindings device_facts;             ///< of the device that it was tuned on
  Bindings fixed;                    ///< sizes and let values that stand in kernel.cu as `#define`s
  std::string device, compiler;      ///< that it was tuned on and with, for people
  std::vector<std::string> changed;  ///< files whose content is not what was exported

  /// Whether the source is meant for this shape, of which `bound` is Space::bind.
  [[nodiscard]] bool fits(const Bindings& bound) const;
};

/// Throws UserError where the folder is no export, or one that cannot be understood. A changed file
/// is reported, not refused: whether the kernel is still right is for its check to say.
[[nodiscard]] Export read_export(const std::filesystem::path& folder);

}  // namespace evotune
