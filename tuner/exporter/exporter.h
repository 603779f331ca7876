#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "kernel/source.h"
#include "kernel/workload.h"
#include "outcome/outcome.h"
#include "outcome/statistics.h"
#include "space/space_file.h"

namespace evotune {

/// A compiled kernel that goes along: "kernel.ptx", "kernel.sm_90.cubin".
struct Image {
  std::string name;
  std::string symbol;  ///< the entry's name in it
  std::vector<std::byte> bytes;
};

/// The device that the winner won on.
struct TunedOn {
  std::string id, name, arch, compiler;  ///< as DeviceInfo has them
};

/// All that is exported of one candidate.
struct Winner {
  explicit Winner(const SpaceFile& space) : file(space) {}

  const SpaceFile& file;
  Source source;
  Bindings values;                  ///< Space::values: the parameters
  Bindings bound;                   ///< Space::bind at the first tuning shape
  Launch launch;                    ///< at the first tuning shape
  std::vector<Argument> arguments;  ///< at the first tuning shape, in the file's order
  TunedOn device;
  Outcome outcome;
  Speedup speedup;
  Source baseline;  ///< what it was compared with; the automatic tolerance needs it
  Bindings baseline_values;
  Template reference;
  std::vector<Image> images;
  std::int64_t run = 0;
  std::uint32_t candidate = 0;
  std::uint64_t seed = 0;
  std::string evotune_version;
};

/// Writes the folder: kernel.cu, kernel.json, a C++ header, the images, and what `evotune verify`
/// needs. An older export there is replaced; throws UserError for a folder that holds anything
/// else.
void export_kernel(const Winner&, const std::filesystem::path& out);

}  // namespace evotune
