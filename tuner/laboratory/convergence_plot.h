#pragma once

#include <string>
#include <vector>

#include "laboratory/experiment.h"

namespace evotune {

/// An SVG with a panel for every recording: best time over optimum by evaluations, per strategy the
/// mean over the seeds and a band from the first to the last tenth of them; dashed what random
/// search is expected to find.
[[nodiscard]] std::string convergence_plot(const std::vector<SpaceRecording>&,
                                           const std::vector<Contestant>&,
                                           const std::vector<Series>&);

}  // namespace evotune
