#include "device/make_device.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <set>
#include <string_view>
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

constexpr std::string_view cuda = "cuda:";

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 3 &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_gpu(const std::string& spec) {
  return spec.rfind(cuda, 0) == 0 && is_number(std::string_view(spec).substr(cuda.size()));
}

[[noreturn]] void refuse(const std::string& spec) {
  if (spec.rfind("replay:", 0) == 0)
    throw UserError("a recording holds times, and nothing that could be compiled or checked",
                    "`evotune run SPACE --device " + spec + "` and `evotune bench` search it");
  const std::vector<std::string> known = {"auto", "cpu", "cuda:0", "cuda:0,1", "all"};
  throw UserError("there is no device '" + spec + "'", suggestion(spec, known));
}

void check_cpu() {
  if (!cpu::find_host_compiler()) throw UserError(cpu::no_host_compiler().message);
}

/// The ordinals of "0,1"; none where it is something else.
std::vector<int> ordinals_in(std::string_view list) {
  std::vector<int> ordinals;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    const std::string_view one = list.substr(begin, end - begin);
    if (!is_number(one)) return {};
    ordinals.push_back(std::stoi(std::string(one)));
    begin = end + 1;
  }
  return ordinals;
}

std::string gpu_id(int ordinal) { return std::string(cuda) + std::to_string(ordinal); }

/// Throws UserError where the driver does not have them all. (It may have to make its device files
/// when it is first opened, which workers may not.)
std::vector<std::string> gpus_named(const std::string& spec, std::vector<int> ordinals) {
  if (ordinals.empty()) {
    ordinals.resize(static_cast<std::size_t>(driver_of_gpu(gpu_id(0))->gpus));
    std::iota(ordinals.begin(), ordinals.end(), 0);
  } else {
    (void)driver_of_gpu(gpu_id(*std::max_element(ordinals.begin(), ordinals.end())));
  }
  if (std::set<int>(ordinals.begin(), ordinals.end()).size() != ordinals.size())
    throw UserError("'" + spec + "' names a GPU twice");
  std::vector<std::string> ids;
  for (const int one : ordinals) ids.push_back(gpu_id(one));
  return ids;
}

/// What --device names, all of it there. "auto" is the first GPU that can be compiled for and run
/// on, else the CPU.
std::vector<std::string> devices_named(const std::string& spec) {
  if (spec == "auto" && open_cuda_driver().driver != nullptr && CudaCompiler().available())
    return {gpu_id(0)};
  if (spec == "auto" || spec == "cpu") {
    check_cpu();
    return {"cpu"};
  }
  if (spec == "all" || spec == "cuda:all") return gpus_named(spec, {});
  std::vector<int> ordinals;
  if (spec.rfind(cuda, 0) == 0) ordinals = ordinals_in(std::string_view(spec).substr(cuda.size()));
  if (ordinals.empty()) refuse(spec);
  return gpus_named(spec, std::move(ordinals));
}

std::unique_ptr<Device> in_workers(const std::string& id, const DeviceOptions& options) {
  WorkerCommand command{options.worker};
  command.argv.insert(command.argv.end(), {"--device", id});
  auto device = std::make_unique<IsolatedDevice>(std::move(command), options.isolation);
  const std::optional<std::filesystem::path> folder = cache_folder();
  if (!folder) return device;
  return std::make_unique<CachedDevice>(std::move(device), *folder);
}

/// Empty where the two can work side by side.
std::string difference(const DeviceInfo& a, const DeviceInfo& b) {
  if (a.name != b.name) return fmt::format("{} is {}, {} is {}", a.id, a.name, b.id, b.name);
  if (a.facts == b.facts) return "";
  return fmt::format("{} and {} are both {}, but not alike", a.id, b.id, a.name);
}

}  // namespace

std::unique_ptr<Device> make_device(const std::string& spec, const DeviceOptions& options) {
  const std::vector<std::string> ids = devices_named(spec);
  if (ids.size() > 1)
    throw UserError("'" + spec + "' is not one device",
                    "only `evotune run` measures on several; here use --device " + ids.front());
  return in_workers(ids.front(), options);
}

std::vector<std::unique_ptr<Device>> make_devices(const std::string& spec,
                                                  const DeviceOptions& options) {
  std::vector<std::unique_ptr<Device>> devices;
  for (const std::string& id : devices_named(spec)) {
    devices.push_back(in_workers(id, options));
    const std::string differs = difference(devices.front()->info(), devices.back()->info());
    if (!differs.empty())
      throw UserError(differs + ": one run measures on GPUs of one model",
                      "name those alone, and make a run of its own for each other model");
  }
  return devices;
}

std::unique_ptr<Device> make_bare_device(const std::string& spec, int crash_report_fd) {
  if (is_gpu(spec)) return std::make_unique<CudaDevice>(spec);
  if (spec != "cpu") refuse(spec);
  check_cpu();
  set_crash_report_fd(crash_report_fd);
  return make_cpu_device();
}

}  // namespace evotune
