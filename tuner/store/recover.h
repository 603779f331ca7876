#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace evotune {

/// What came of all things of one kind.
struct Recovered {
  std::uint64_t kept = 0;
  std::vector<std::string> lost;  ///< "evaluation 7 of run 3": those that are known to have been
};

/// Copies what is sound of a damaged results database into a new file, and touches only that. Sound
/// is what can be read and is what its seal was put on: a run, a whole evaluation of a run that is
/// sound, its finals where all finalists are, a source. By kind: "run", "evaluation", "finals",
/// "source". No file is made where no run is sound.
///
/// A lost source leaves an empty text behind; a lost parent leaves its children with the parent's
/// configuration alone. Throws UserError where there is no such file or the new one exists, IoError
/// where nothing can be read or written, or a run is writing it.
std::map<std::string, Recovered> recover(const std::string& damaged, const std::string& fresh);

}  // namespace evotune
