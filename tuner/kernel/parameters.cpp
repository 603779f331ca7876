#include "kernel/parameters.h"

#include <algorithm>

namespace evotune {
namespace {

template <typename T>
bool offers_only(const ParameterDeclaration& parameter) {
  return !parameter.values.empty() &&
         std::all_of(parameter.values.begin(), parameter.values.end(), [](const auto& one) {
           const Value* value = std::get_if<Value>(&one);
           return value != nullptr && std::holds_alternative<T>(*value);
         });
}

}  // namespace

Fragments all_fragments(const SpaceFile& file) {
  Fragments fragments;
  for (const ParameterDeclaration& parameter : file.parameters) {
    if (parameter.kind != ParameterKind::file) continue;
    std::vector<std::string>& files = fragments[parameter.name];
    for (const auto& one : parameter.values)
      if (const Value* value = std::get_if<Value>(&one))
        if (const auto* name = std::get_if<std::string>(value)) files.push_back(*name);
  }
  return fragments;
}

Value as_offered(const Value& value, const ParameterDeclaration& parameter) {
  const auto* integer = std::get_if<std::int64_t>(&value);
  if (integer == nullptr) return value;
  if (offers_only<bool>(parameter) && (*integer == 0 || *integer == 1)) return *integer == 1;
  if (offers_only<double>(parameter)) return static_cast<double>(*integer);
  return value;
}

const ParameterDeclaration* find_parameter(const SpaceFile& file, std::string_view name) {
  for (const ParameterDeclaration& parameter : file.parameters)
    if (parameter.name == name) return &parameter;
  return nullptr;
}

}  // namespace evotune
