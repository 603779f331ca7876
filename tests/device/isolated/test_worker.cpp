// worker [mood] --fd N --report-fd N: serves a FaultyDevice; a mood breaks the greeting.
// supervisor WORKER ACT: runs one kernel that does ACT, in a worker whose number it prints first.
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string>

#include "base/errors.h"
#include "device/isolated/isolated_device.h"
#include "device/isolated/serve.h"
#include "faulty_device.h"

namespace evotune {
namespace {

int work(const std::string& mood, int fd) {
  if (mood == "silent") pause();
  if (mood == "absent") return 7;
  return serve(
      [&]() -> std::unique_ptr<Device> {
        if (mood == "refuse") throw UserError("no compiler was found", "install g++");
        if (mood == "broken") throw std::runtime_error("the driver is on fire");
        return std::make_unique<FaultyDevice>();
      },
      fd);
}

int supervise(const std::string& worker, const std::string& act) {
  IsolatedDevice device({{worker, "worker", "good"}});
  std::cout << std::get<std::int64_t>(device.info().facts.at("device.pid")) << std::endl;
  Source source;
  source.text = act;
  (void)device.compile(source);
  return 0;
}

}  // namespace
}  // namespace evotune

int main(int argc, char** argv) {
  const std::string role = argc > 3 ? argv[1] : "";
  if (role == "worker" && argc > 4) return evotune::work(argv[2], std::atoi(argv[4]));
  if (role == "supervisor") return evotune::supervise(argv[2], argv[3]);
  return 64;
}
