#include "cli/environment.h"

#include <sys/utsname.h>

#include <nlohmann/json.hpp>

#include <thread>

#include "exporter/json_value.h"

namespace evotune {

std::string environment_json(const DeviceInfo& device) {
  utsname system{};
  uname(&system);
  return nlohmann::ordered_json{
      {"evotune", EVOTUNE_VERSION},  {"system", std::string(system.sysname) + " " + system.release},
      {"machine", system.machine},   {"cores", std::thread::hardware_concurrency()},
      {"device", device.name},       {"arch", device.arch},
      {"compiler", device.compiler}, {"facts", to_json(device.facts)}}
      .dump();
}

}  // namespace evotune
