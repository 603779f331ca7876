#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/recently_used.h"
#include "kernel/workload.h"
#include "space/space_file.h"

namespace evotune {

/// Makes the arguments of each shape once and keeps them. Sizes and scalars may depend on the
/// configuration; configurations that agree on them share a workload, and of those that do not
/// only the latest are kept.
class Workloads {
 public:
  Workloads(const SpaceFile& file, std::uint64_t seed);

  /// Eight sets of the declared values: what candidates are timed on.
  Result<std::shared_ptr<const Workload>> for_timing(const Bindings& bound);
  /// Declared, exact and awkward values: what candidates are only checked on.
  Result<std::shared_ptr<const Workload>> for_checking(const Bindings& bound);
  /// Twice what the baseline needs at every shape: its own, and those of the latest candidate.
  [[nodiscard]] static std::size_t capacity(const SpaceFile&);
  static constexpr std::size_t most_sets = 8;  ///< of one workload
  /// Whether this set of for_checking() has values as the space file declares them.
  [[nodiscard]] static bool declared_values(std::size_t checking_set);

 private:
  Result<std::shared_ptr<const Workload>> make(const Bindings& bound,
                                               const std::vector<InputFlavour>&,
                                               const char* purpose);

  const SpaceFile& file_;
  std::uint64_t seed_;
  std::vector<std::string> names_;  // that the arguments depend on
  RecentlyUsed<std::shared_ptr<const Workload>> made_;
};

}  // namespace evotune
