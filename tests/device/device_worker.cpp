// device_worker --device SPEC --fd N --report-fd N: what `evotune worker` is, for tests of whatever
// needs a real device.
#include <cstdlib>
#include <string>

#include "device/isolated/serve.h"
#include "device/make_device.h"

int main(int argc, char** argv) {
  if (argc != 7) return 64;
  const std::string device = argv[2];
  const int report_fd = std::atoi(argv[6]);
  return evotune::serve([&] { return evotune::make_bare_device(device, report_fd); },
                        std::atoi(argv[4]));
}
