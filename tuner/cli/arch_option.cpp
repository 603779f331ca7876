#include "cli/arch_option.h"

#include <algorithm>

#include "base/errors.h"
#include "base/text.h"
#include "device/cuda/nvrtc.h"

namespace evotune {

Option add_arch_option(Command command, std::vector<std::string>& archs) {
  return command.add_option("--arch", archs, "GPU architectures to compile for: sm_80,sm_90")
      .delimiter(',')
      .type_name("ARCH")
      .capture_default_str();
}

void demand_known(const std::vector<std::string>& archs, const CudaCompiler& compiler) {
  if (!compiler.available()) return;
  const std::vector<std::string> known = compiler.architectures();
  for (const std::string& arch : archs) {
    // "sm_90a" and "sm_100f" are variants that NVRTC does not list.
    const std::string plain = arch.substr(0, arch.find_last_of("0123456789") + 1);
    if (std::find(known.begin(), known.end(), plain) == known.end())
      throw UserError(compiler.version() + " does not compile for '" + arch + "'",
                      "it knows " + join(known, ", "));
  }
}

}  // namespace evotune
