#include "device/cpu/cpu_info.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "base/text.h"
#include "device/cpu/steady.h"

namespace evotune::cpu {
namespace {

std::string model_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("model name"))
      if (const auto colon = line.find(':'); colon != std::string::npos)
        return std::string(trim(std::string_view(line).substr(colon + 1)));
  return "unknown CPU";
}

}  // namespace

DeviceInfo describe_cpu(const std::string& compiler) {
  const auto cores = static_cast<std::int64_t>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN)));
  DeviceInfo info{"cpu", model_name(), "x86-64", compiler, {}, true};
  info.facts = {
      {"device.sms", cores},
      {"device.shared_bytes", std::int64_t{shared_bytes}},
      {"device.shared_bytes_optin", std::int64_t{shared_bytes_optin}},
      {"device.max_threads", std::int64_t{max_threads}},
      {"device.registers", std::int64_t{65536}},
      {"device.warp_size", std::int64_t{32}},
      {"device.l2_bytes", static_cast<std::int64_t>(cache_bytes(2))},
      {"device.arch", std::int64_t{0}},
  };
  return info;
}

}  // namespace evotune::cpu
