#include "device/cuda/cuda_module.h"

#include <fmt/format.h>

#include <algorithm>

#include "device/cuda/build_marks.h"

namespace evotune {
namespace {

constexpr int shared_bytes_without_asking = 48 << 10;

Failure at_load(std::string why) { return {Stage::load, std::move(why)}; }
Failure at_launch(std::string why) { return {Stage::launch, std::move(why)}; }

std::size_t bytes_passed(const Argument& argument) {
  return argument.role == Role::scalar ? argument.bytes() : sizeof(CudaAddress);
}

/// "filter" is its own symbol; "ns::filter" is _ZN2ns6filterE.
std::string symbol_of(const std::string& name) {
  if (name.find("::") == name.npos) return name;
  std::string symbol = "_ZN";
  for (std::size_t begin = 0; begin < name.size();) {
    const std::size_t end = std::min(name.find("::", begin), name.size());
    symbol += fmt::format("{}{}", end - begin, name.substr(begin, end - begin));
    begin = end + 2;
  }
  return symbol + "E";
}

}  // namespace

CudaModule::CudaModule(const CudaContext& context, const Compiled& compiled) : context_(context) {
  const CudaFunctions& call = context.call();
  context.check(call.module_load_data(&module_, compiled.image.data()), "loading the kernel");
  const CudaResult found = call.module_get_function(&function_, module_, compiled.symbol.c_str());
  if (found != CudaResult::success) (void)call.module_unload(module_);
  context.check(found, "looking for the kernel in its module");
  cooperative_ = find_variable(cooperative_symbol).has_value();
}

CudaModule::~CudaModule() { (void)context_.call().module_unload(module_); }

std::optional<CudaModule::Variable> CudaModule::find_variable(const std::string& name) const {
  Variable variable;
  const CudaResult found = context_.call().module_get_global(&variable.address, &variable.bytes,
                                                             module_, symbol_of(name).c_str());
  if (found == CudaResult::not_found) return std::nullopt;
  context_.check(found, "looking for a variable of the kernel");
  return variable;
}

std::optional<Failure> CudaModule::prepare(const Compiled& compiled, const Launch& launch,
                                           const Workload& workload) {
  if (!find_variable(build_symbol(compiled.build_id)))
    return at_load(fmt::format("the module is not build {} that was asked for", compiled.build_id));
  if (auto failure = mismatch(workload)) return failure;
  return refuse_launch(launch);
}

std::optional<Failure> CudaModule::mismatch(const Workload& workload) const {
  for (const Argument& argument : workload.arguments) {
    if (argument.role != Role::constant) continue;
    const auto variable = find_variable(argument.symbol);
    if (!variable)
      return at_load(
          fmt::format("constant '{}': the kernel has no __constant__ or __device__ "
                      "variable '{}' that it uses",
                      argument.name, argument.symbol));
    if (variable->bytes < argument.bytes())
      return at_load(
          fmt::format("constant '{}': the argument has {} bytes, the variable '{}' only "
                      "{}",
                      argument.name, argument.bytes(), argument.symbol, variable->bytes));
  }
  const auto parameter_info = context_.call().func_get_param_info;
  if (parameter_info == nullptr) return std::nullopt;
  std::size_t next = 0, offset = 0, bytes = 0;
  for (const Argument& argument : workload.arguments) {
    if (argument.role == Role::constant || !argument.within.empty()) continue;
    if (parameter_info(function_, next, &offset, &bytes) != CudaResult::success)
      return at_load(fmt::format("the kernel has {} parameters, too few for argument '{}'", next,
                                 argument.name));
    if (bytes != bytes_passed(argument))
      return at_load(
          fmt::format("argument '{}' has {} bytes, but parameter {} of the kernel has {}",
                      argument.name, bytes_passed(argument), next + 1, bytes));
    ++next;
  }
  if (parameter_info(function_, next, &offset, &bytes) == CudaResult::success)
    return at_load(fmt::format("the kernel has more parameters than the {} arguments", next));
  return std::nullopt;
}

std::optional<Failure> CudaModule::refuse_launch(const Launch& launch) const {
  const CudaFunctions& call = context_.call();
  int fixed = 0, threads = 0;
  context_.check(
      call.func_get_attribute(&fixed, CudaFunctionAttribute::shared_size_bytes, function_),
      "asking what the kernel needs");
  context_.check(
      call.func_get_attribute(&threads, CudaFunctionAttribute::max_threads_per_block, function_),
      "asking what the kernel needs");
  const std::uint64_t asked = std::uint64_t{launch.block[0]} * launch.block[1] * launch.block[2];
  if (asked > static_cast<std::uint64_t>(threads))
    return at_launch(
        fmt::format("a block of {} threads; the registers of this kernel, or its "
                    "__launch_bounds__, allow {}",
                    asked, threads));
  const std::uint64_t shared = std::uint64_t{launch.shared_bytes} + static_cast<unsigned>(fixed);
  if (shared <= shared_bytes_without_asking) return std::nullopt;
  const std::string act =
      fmt::format("asking for {} bytes of dynamic shared memory beside {} static ones, of {}",
                  launch.shared_bytes, fixed, context_.shared_bytes_optin());
  context_.check(
      call.func_set_attribute(function_, CudaFunctionAttribute::max_dynamic_shared_size_bytes,
                              static_cast<int>(launch.shared_bytes)),
      act.c_str());
  return std::nullopt;
}

void CudaModule::launch(const Launch& launch, void** parameters) const {
  const CudaFunctions& call = context_.call();
  const auto [gx, gy, gz] = launch.grid;
  const auto [bx, by, bz] = launch.block;
  const CudaStream stream = context_.stream();
  const CudaResult result =
      cooperative_ ? call.launch_cooperative_kernel(function_, gx, gy, gz, bx, by, bz,
                                                    launch.shared_bytes, stream, parameters)
                   : call.launch_kernel(function_, gx, gy, gz, bx, by, bz, launch.shared_bytes,
                                        stream, parameters, nullptr);
  context_.check(result, "launching the kernel");
}

}  // namespace evotune
