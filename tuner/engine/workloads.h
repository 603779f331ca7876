#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "kernel/workload.h"
#include "space/space_file.h"

namespace evotune {

/// Makes the arguments of each shape once and keeps them. Sizes and scalars may depend on the
/// configuration; configurations that agree on them share a workload.
class Workloads {
 public:
  Workloads(const SpaceFile& file, std::uint64_t seed);

  /// Eight sets of the declared values: what candidates are timed on.
  Result<const Workload*> for_timing(const Bindings& bound);
  /// Declared, exact and awkward values: what candidates are only checked on.
  Result<const Workload*> for_checking(const Bindings& bound);
  /// Whether this set of for_checking() has values as the space file declares them.
  [[nodiscard]] static bool declared_values(std::size_t checking_set);

 private:
  Result<const Workload*> make(const Bindings& bound, const std::vector<InputFlavour>&,
                               const char* purpose);

  const SpaceFile& file_;
  std::uint64_t seed_;
  std::vector<std::string> names_;  // that the arguments depend on
  std::map<std::string, Workload> made_;
};

}  // namespace evotune
