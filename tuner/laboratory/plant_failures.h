#pragma once

#include "recording/recording.h"

namespace evotune {

/// Makes configurations fail, region by region (a window of values of one to three parameters),
/// until about this share of all do. The same ones each time.
void plant_failures(SpaceRecording&, double share);

}  // namespace evotune
