#include "engine/workloads.h"

#include <set>
#include <utility>

namespace evotune {
namespace {

std::vector<std::string> names_in(const std::vector<ArgumentSpec>& arguments) {
  std::set<std::string> names;
  const auto add = [&](const Expression& one) {
    for (const std::string& name : one.names()) names.insert(name);
  };
  for (const ArgumentSpec& argument : arguments) {
    names.insert(argument.element);  // the name of a type parameter, or harmless
    for (const Expression& extent : argument.extents) add(extent);
    if (argument.value) add(*argument.value);
    if (argument.values.low) add(*argument.values.low);
    if (argument.values.high) add(*argument.values.high);
  }
  return {names.begin(), names.end()};
}

constexpr std::size_t timing_sets = 8;
constexpr std::size_t declared_checking_sets = 2;

}  // namespace

Workloads::Workloads(const SpaceFile& file, std::uint64_t seed)
    : file_(file), seed_(seed), names_(names_in(file.arguments)) {}

Result<const Workload*> Workloads::for_timing(const Bindings& bound) {
  return make(bound, std::vector<InputFlavour>(timing_sets, InputFlavour::declared), "time");
}

Result<const Workload*> Workloads::for_checking(const Bindings& bound) {
  std::vector<InputFlavour> flavours(declared_checking_sets, InputFlavour::declared);
  for (const auto awkward : {InputFlavour::one_hot, InputFlavour::small_integers,
                             InputFlavour::large, InputFlavour::zeros})
    flavours.push_back(awkward);
  return make(bound, flavours, "check");
}

bool Workloads::declared_values(std::size_t checking_set) {
  return checking_set < declared_checking_sets;
}

Result<const Workload*> Workloads::make(const Bindings& bound,
                                        const std::vector<InputFlavour>& flavours,
                                        const char* purpose) {
  Bindings relevant;
  for (const std::string& name : names_)
    if (const auto found = bound.find(name); found != bound.end()) relevant.insert(*found);
  const std::string key = purpose + (" " + to_text(relevant));
  auto found = made_.find(key);
  if (found == made_.end()) {
    Result<Workload> workload =
        make_workload(file_.arguments, bound, flavours, seed_, file_.path.parent_path().string());
    if (!workload) return workload.error();
    found = made_.emplace(key, *std::move(workload)).first;
  }
  return &found->second;
}

}  // namespace evotune
