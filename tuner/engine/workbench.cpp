#include "engine/workbench.h"

#include <utility>
#include <vector>

#include "base/errors.h"
#include "kernel/check_template.h"

namespace evotune {

Problem load_problem(const std::filesystem::path& space_file, const Bindings& problem_overrides,
                     const DeviceInfo& device) {
  return load_problem(read_space_file(space_file, problem_overrides), device);
}

Problem load_problem(SpaceFile file, const DeviceInfo& device) {
  Template kernel = load_template(file);
  Template reference = load_reference(file, kernel);
  std::vector<Mistake> mistakes = check_template(kernel, file);
  for (Mistake& one : check_reference(reference, file)) mistakes.push_back(std::move(one));
  if (!mistakes.empty()) throw UserError(std::move(mistakes));
  Space space(file, device.facts);
  return {std::move(file), std::move(space), std::move(kernel), std::move(reference)};
}

Workbench::Workbench(const Problem& problem, std::unique_ptr<Device> device,
                     std::unique_ptr<Device> reference_device, std::uint64_t seed,
                     Renderer renderer)
    : device_(std::move(device)),
      reference_device_(std::move(reference_device)),
      oracle_(problem, *reference_device_),
      evaluator_(problem, *device_, oracle_, seed, std::move(renderer)) {}

}  // namespace evotune
