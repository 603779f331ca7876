#include <memory>
#include <string>

#include "cli/commands.h"
#include "device/isolated/serve.h"
#include "device/make_device.h"

namespace evotune {
namespace {

struct WorkerOptions {
  std::string device;
  int fd = -1;
  int report_fd = -1;
};

}  // namespace

void add_worker(Command app, int& exit_code) {
  Command command = app.add_subcommand("worker", "Serve a device to the evotune that started it");
  command.hide();
  auto options = std::make_shared<WorkerOptions>();
  command.add_option("--device", options->device, "What to serve").required();
  command.add_option("--fd", options->fd, "The socket").required();
  command.add_option("--report-fd", options->report_fd, "Where a fault says what it was");
  command.callback([options, &exit_code] {
    exit_code =
        serve([&] { return make_bare_device(options->device, options->report_fd); }, options->fd);
  });
}

}  // namespace evotune
