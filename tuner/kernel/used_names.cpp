#include "kernel/used_names.h"

namespace evotune {
namespace {

class NameCollector {
 public:
  void add(const Expression& expression) {
    for (const std::string& name : expression.names()) names_.push_back(name);
  }
  void add(const PlacedExpression& placed) { add(placed.expression); }
  void add(const NamedExpression& named) { add(named.expression); }

  template <typename T>
  void add(const std::optional<T>& optional) {
    if (optional) add(*optional);
  }
  template <typename T>
  void add(const std::vector<T>& all) {
    for (const T& one : all) add(one);
  }

  void add(const LaunchDeclaration& launch) {
    add(launch.grid);
    add(launch.block);
    add(launch.shared_bytes);
  }
  void add(const ArgumentSpec& argument) {
    for (std::string& name : names_in(argument)) names_.push_back(std::move(name));
  }

  std::vector<std::string> take() { return std::move(names_); }

 private:
  std::vector<std::string> names_;
};

}  // namespace

std::vector<std::string> used_names(const SpaceFile& file) {
  NameCollector names;
  names.add(file.lets);
  names.add(file.constraints);
  names.add(file.launch);
  names.add(file.arguments);
  names.add(file.reference.launch);
  names.add(file.verify.reduction);
  names.add(file.gates);
  names.add(file.metrics);
  names.add(file.fitness);
  return names.take();
}

}  // namespace evotune
