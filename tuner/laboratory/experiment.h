#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "laboratory/appraisal.h"

namespace evotune {

struct ExperimentOptions {
  std::size_t seeds = 30;
  std::uint64_t first_seed = 0;
  /// None: as many as an appraisal looks at, or until the optimum is found.
  std::optional<std::size_t> evaluations;
  std::size_t batch = 1;
  double noise = 0;
  unsigned jobs = 1;
  /// Evaluations of the search for precedents, of its own seed, where there are precedents.
  std::size_t precedents = 200;
};

/// A strategy as the laboratory knows it: "evolve", or "evolve:candidates=0:brood=128" with some of
/// its settings. Throws UserError for what there is not.
struct Contestant {
  std::string label;
  SearchSettings settings;
};
[[nodiscard]] Contestant contestant_of(const std::string& text);

/// One strategy on one recording.
struct Series {
  std::size_t recording = 0, contestant = 0;
  std::vector<Trace> traces;  ///< one a seed
};

/// Called in one thread at a time, with how many rehearsals are done and how many there are.
using ExperimentProgress = std::function<void(std::size_t done, std::size_t all)>;

/// Every contestant on every recording with every seed, on several threads. By recording, then by
/// contestant; the same whatever the number of threads.
/// Where there are `sources`, as many as recordings, every search starts from what the default
/// strategy came upon in its recording's.
[[nodiscard]] std::vector<Series> experiment(const std::vector<SpaceRecording>&,
                                             const std::vector<SpaceRecording>& sources,
                                             const std::vector<Contestant>&,
                                             const ExperimentOptions&, const ExperimentProgress&);

}  // namespace evotune
