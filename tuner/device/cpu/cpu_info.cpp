#include "device/cpu/cpu_info.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string_view>

#include "base/text.h"
#include "device/cpu/steady.h"

namespace evotune::cpu {
namespace {

/// What the kernel says of the first core; empty where it does not say it.
std::string cpu_says(std::string_view name) {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.starts_with(name))
      if (const auto colon = line.find(':'); colon != std::string::npos)
        return std::string(trim(std::string_view(line).substr(colon + 1)));
  return {};
}

}  // namespace

DeviceInfo describe_cpu(const std::string& compiler) {
  const auto cores = static_cast<std::int64_t>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN)));
  const std::string model = cpu_says("model name");
  DeviceInfo info{"cpu", model.empty() ? "unknown CPU" : model, "x86-64", compiler, {}, true};
  info.build = cpu_says("flags");  // of what -march=native makes use
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
