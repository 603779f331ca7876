#include "engine/workloads.h"

#include <set>
#include <utility>

namespace evotune {
namespace {

std::vector<std::string> names_in(const std::vector<ArgumentSpec>& arguments) {
  std::set<std::string> names;
  for (const ArgumentSpec& argument : arguments)
    for (std::string& name : names_in(argument)) names.insert(std::move(name));
  return {names.begin(), names.end()};
}

constexpr std::size_t declared_checking_sets = 2;

}  // namespace

Workloads::Workloads(const SpaceFile& file, std::uint64_t seed)
    : file_(file), seed_(seed), names_(names_in(file.arguments)), made_(capacity(file)) {}

Result<std::shared_ptr<const Workload>> Workloads::for_timing(const Bindings& bound) {
  return make(bound, std::vector<InputFlavour>(most_sets, InputFlavour::declared), "time");
}

Result<std::shared_ptr<const Workload>> Workloads::for_checking(const Bindings& bound) {
  std::vector<InputFlavour> flavours(declared_checking_sets, InputFlavour::declared);
  for (const auto awkward : {InputFlavour::one_hot, InputFlavour::small_integers,
                             InputFlavour::large, InputFlavour::zeros})
    flavours.push_back(awkward);
  return make(bound, flavours, "check");
}

std::size_t Workloads::capacity(const SpaceFile& file) {
  return 2 * (file.check.size() + file.held_out.size() + file.problem.size());
}

bool Workloads::declared_values(std::size_t checking_set) {
  return checking_set < declared_checking_sets;
}

Result<std::shared_ptr<const Workload>> Workloads::make(const Bindings& bound,
                                                        const std::vector<InputFlavour>& flavours,
                                                        const char* purpose) {
  Bindings relevant;
  for (const std::string& name : names_)
    if (const auto found = bound.find(name); found != bound.end()) relevant.insert(*found);
  const std::string key = purpose + (" " + to_text(relevant));
  if (const auto* known = made_.find(key)) return *known;
  Result<Workload> workload =
      make_workload(file_.arguments, bound, flavours, seed_, file_.path.parent_path().string());
  if (!workload) return workload.error();
  return made_.keep(key, std::make_shared<const Workload>(*std::move(workload)));
}

}  // namespace evotune
