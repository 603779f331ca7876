#include "base/hash.h"
#include "kernel/elements.h"

namespace evotune {
namespace {

Buffer in_double(const Buffer& buffer, ElementType type) {
  const std::vector<double> numbers = as_doubles(buffer, type);
  Buffer wide(numbers.size() * sizeof(double));
  if (!wide.empty()) std::memcpy(wide.data(), numbers.data(), wide.size());
  return wide;
}

}  // namespace

Workload widened(const Workload& workload) {
  Workload wide = workload;
  wide.id = content_hash("widened:" + workload.id);
  for (std::size_t i = 0; i < wide.arguments.size(); ++i) {
    const ElementType type = workload.arguments[i].type;
    if (!is_floating(type) || type == ElementType::f64) continue;
    wide.arguments[i].type = ElementType::f64;
    for (Buffers& set : wide.input_sets) set[i] = in_double(set[i], type);
  }
  return wide;
}

}  // namespace evotune
