#include "device/cuda/cuda_device.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/errors.h"
#include "base/process.h"
#include "base/text.h"
#include "device/cuda/architectures.h"
#include "device/cuda/cuda_loaded.h"

namespace evotune {
namespace {

int ordinal_of(const std::string& id) { return std::stoi(id.substr(id.find(':') + 1)); }

void check_arch(const CudaCompiler& compiler, const std::string& arch) {
  const std::vector<std::string> known = compiler.architectures();
  // "sm_90a" and "sm_100f" are variants that NVRTC does not list.
  const std::string plain = arch.substr(0, arch.find_last_of("0123456789") + 1);
  if (std::find(known.begin(), known.end(), plain) == known.end())
    throw UserError(compiler.version() + " does not compile for '" + arch + "'",
                    suggestion(arch, known));
}

/// Two libraries can call themselves NVRTC 13.0, and include their own headers.
std::string build_of(const CudaCompiler& compiler) {
  std::error_code unknown;
  const auto bytes = std::filesystem::file_size(compiler.library(), unknown);
  std::string build = fmt::format("{} {}", compiler.library().string(), unknown ? 0 : bytes);
  for (const std::filesystem::path& folder : compiler.header_folders())
    build += " " + folder.string();
  return build;
}

}  // namespace

Bindings gpu_facts(const CudaDriver& driver, int ordinal) {
  using Attribute = CudaDeviceAttribute;
  const auto fact = [&](Attribute which) -> std::int64_t {
    return driver.attribute(which, ordinal);
  };
  Bindings facts = {
      {"device.arch",
       10 * fact(Attribute::compute_capability_major) + fact(Attribute::compute_capability_minor)},
      {"device.l2_bytes", fact(Attribute::l2_cache_size)},
      {"device.max_threads", fact(Attribute::max_threads_per_block)},
      {"device.registers", fact(Attribute::max_registers_per_block)},
      {"device.shared_bytes", fact(Attribute::max_shared_memory_per_block)},
      {"device.shared_bytes_optin", fact(Attribute::max_shared_memory_per_block_optin)},
      {"device.sms", fact(Attribute::multiprocessor_count)},
      {"device.warp_size", fact(Attribute::warp_size)}};
  // Not every GPU tells its clocks (a virtual one, say), and 0 would be no bound of anything.
  const std::int64_t clock = 1000 * fact(Attribute::clock_rate);
  const std::int64_t memory_clock = 1000 * fact(Attribute::memory_clock_rate);
  const std::int64_t bandwidth =
      bytes_per_second(memory_clock, fact(Attribute::global_memory_bus_width));
  if (clock > 0) facts.emplace("device.clock_hz", clock);
  if (memory_clock > 0) facts.emplace("device.memory_clock_hz", memory_clock);
  if (bandwidth > 0) facts.emplace("device.memory_bandwidth", bandwidth);
  return facts;
}

std::shared_ptr<const CudaDriver> driver_of_gpu(const std::string& id) {
  OpenedCudaDriver opened = open_cuda_driver();
  if (opened.driver == nullptr)
    throw UserError(
        "kernels cannot run on '" + id + "': " + opened.why_not,
        "use --device cpu; `evotune check --arch sm_90` compiles for a GPU without one");
  const int gpus = opened.driver->gpus;
  if (ordinal_of(id) >= gpus)
    throw UserError(
        fmt::format("there is no {}: the driver finds {} GPU{}", id, gpus, gpus == 1 ? "" : "s"));
  return std::move(opened.driver);
}

CudaDevice::CudaDevice(const std::string& id, std::string arch) : ordinal_(ordinal_of(id)) {
  if (!compiler_.available())
    throw UserError("there is no NVRTC to compile for " + id, compiler_.why_not());
  driver_ = driver_of_gpu(id);
  if (arch.empty()) arch = environment_variable("EVOTUNE_CUDA_ARCH").value_or("");
  if (arch.empty()) arch = driver_->arch(ordinal_);
  check_arch(compiler_, arch);
  info_ = {id, driver_->gpu_name(ordinal_), arch, compiler_.version(),
           gpu_facts(*driver_, ordinal_)};
  info_.aside = true;
  info_.build = build_of(compiler_);
}

Result<std::unique_ptr<Loaded>> CudaDevice::load(const Compiled& compiled, const Launch& launch,
                                                 const Workload& workload) {
  using Answer = Result<std::unique_ptr<Loaded>>;
  return judged_by_code<std::unique_ptr<Loaded>>([&]() -> Answer {
    if (context_ == nullptr) context_ = std::make_shared<CudaContext>(driver_, ordinal_);
    Result<std::unique_ptr<CudaModule>> module = open(compiled);
    if (!module) return module.error();
    if (auto failure = (*module)->prepare(compiled, launch, workload)) return *std::move(failure);
    return std::unique_ptr<Loaded>(std::make_unique<CudaLoaded>(
        context_, *std::move(module), launch, workload, inputs_.inputs_of(*context_, workload)));
  });
}

/// A driver that does not take a module is most likely older than the compiler.
Result<std::unique_ptr<CudaModule>> CudaDevice::open(const Compiled& compiled) const {
  try {
    return std::make_unique<CudaModule>(*context_, compiled);
  } catch (const CudaError& error) {
    if (failure_of(error).stage != Stage::load) throw;
    return Failure{Stage::load, fmt::format("{} (compiled by {}, for a driver of {})", error.what(),
                                            compiler_.version(), driver_->version_text())};
  }
}

}  // namespace evotune
