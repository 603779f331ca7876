#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace evotune {

/// Where an NVRTC may be, most wanted first: EVOTUNE_NVRTC alone where that is set; else what the
/// loader finds by name, CUDA_HOME, /usr/local/cuda, the toolkit of the nvcc on PATH, what
/// scripts/setup installed, pip's wheels.
[[nodiscard]] std::vector<std::filesystem::path> nvrtc_candidates();

/// The folders of the toolkit's headers: those beside this libnvrtc if it has any, else the first
/// place that has them. Includes the folder of libcu++ ("cccl") where there is one.
[[nodiscard]] std::vector<std::filesystem::path> header_folders(
    const std::filesystem::path& nvrtc_library);

}  // namespace evotune
