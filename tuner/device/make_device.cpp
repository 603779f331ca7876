#include "device/make_device.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/errors.h"
#include "base/text.h"
#include "device/cached/cached_device.h"
#include "device/cpu/cpu_device.h"
#include "device/cpu/host_compiler.h"
#include "device/cuda/cuda_device.h"
#include "device/cuda/cuda_driver.h"
#include "device/cuda/nvrtc.h"

namespace evotune {
namespace {

enum class Kind { cpu, cuda };

bool is_number(const std::string& text) {
  return !text.empty() && text.size() <= 3 && text.find_first_not_of("0123456789") == text.npos;
}

std::optional<Kind> kind_of(const std::string& spec) {
  if (spec == "cpu") return Kind::cpu;
  if (spec.rfind("cuda:", 0) == 0 && is_number(spec.substr(5))) return Kind::cuda;
  return std::nullopt;
}

/// Throws UserError that says what there is.
Kind known_kind(const std::string& spec) {
  if (const std::optional<Kind> kind = kind_of(spec)) return *kind;
  if (spec.rfind("replay:", 0) == 0)
    throw UserError("a recording holds times, and nothing that could be compiled or checked",
                    "`evotune run SPACE --device " + spec + "` and `evotune bench` search it");
  if (spec == "all" || spec == "cuda" || spec.rfind("cuda:", 0) == 0)
    throw UserError("'" + spec + "' is not one GPU", "evotune measures on one: --device cuda:0");
  const std::vector<std::string> known = {"auto", "cpu", "cuda:0"};
  throw UserError("there is no device '" + spec + "'", suggestion(spec, known));
}

void check_cpu() {
  if (!cpu::find_host_compiler()) throw UserError(cpu::no_host_compiler().message);
}

/// The first GPU that can be compiled for and run on, else the CPU.
std::string found_device() {
  const bool gpu = open_cuda_driver().driver != nullptr && CudaCompiler().available();
  return gpu ? "cuda:0" : "cpu";
}

}  // namespace

std::unique_ptr<Device> make_device(const std::string& spec, const DeviceOptions& options) {
  const std::string wanted = spec == "auto" ? found_device() : spec;
  // The driver may have to make its device files when it is first opened, which workers may not.
  if (known_kind(wanted) == Kind::cpu)
    check_cpu();
  else
    (void)driver_of_gpu(wanted);
  WorkerCommand command{options.worker};
  command.argv.insert(command.argv.end(), {"--device", wanted});
  auto device = std::make_unique<IsolatedDevice>(std::move(command), options.isolation);
  const std::optional<std::filesystem::path> folder = cache_folder();
  if (!folder) return device;
  return std::make_unique<CachedDevice>(std::move(device), *folder);
}

std::unique_ptr<Device> make_bare_device(const std::string& spec, int crash_report_fd) {
  if (known_kind(spec) == Kind::cuda) return std::make_unique<CudaDevice>(spec);
  check_cpu();
  set_crash_report_fd(crash_report_fd);
  return make_cpu_device();
}

}  // namespace evotune
