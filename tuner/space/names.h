#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "space/yaml.h"

namespace evotune {

/// More parameters, lets or metrics than this are refused.
constexpr std::size_t most_named_expressions = 1000;

/// What the expressions of a space file may name, collected before any of them is read.
struct Names {
  std::vector<std::string> parameters;  ///< tuned options among them
  std::vector<std::string> types;       ///< those parameters whose values are types
  std::vector<std::string> sizes;
  std::vector<std::string> lets;                                ///< in the order they stand
  std::vector<std::string> metrics;                             ///< likewise
  std::map<std::string, std::string, std::less<>> identifiers;  ///< a value's word → its parameter
};

/// Never throws and notes nothing: what is malformed is reported by whoever reads it.
[[nodiscard]] Names collect_names(const YamlNode& root);

/// The names that may stand in one place.
struct Scope {
  std::vector<std::string> known;
};
[[nodiscard]] Scope value_scope(const Names&);  ///< of a parameter's values: facts and sizes
[[nodiscard]] Scope let_scope(const Names&, std::size_t position);
[[nodiscard]] Scope configuration_scope(const Names&);
[[nodiscard]] Scope outcome_scope(const Names&, std::size_t metrics_before);

/// What may be the matter with a name that a scope does not know.
[[nodiscard]] std::string hint_for(std::string_view name, const Scope&, const Names&);

[[nodiscard]] std::span<const std::string> device_fact_names();  ///< "device.sms", …
[[nodiscard]] std::span<const std::string> outcome_names();      ///< "speedup", "latency_us", …

/// Why nothing in a space file may have this name: "'in' is a word of the expression language".
/// Empty if it may.
[[nodiscard]] std::string why_reserved(std::string_view name);

}  // namespace evotune
