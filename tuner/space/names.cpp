#include "space/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "space/number.h"

namespace evotune {
namespace {

constexpr std::array expression_words = {"and",   "or",       "not",  "in",    "is",    "if",
                                         "else",  "lambda",   "for",  "true",  "false", "True",
                                         "False", "None",     "min",  "max",   "abs",   "ceil_div",
                                         "log2",  "round_up", "sqrt", "device"};

// A parameter or size becomes a macro: of these words, none survives that.
constexpr std::array kernel_words = {
    "alignas",  "auto",    "bool",      "break",    "case",     "catch",     "char",
    "class",    "const",   "constexpr", "continue", "decltype", "default",   "delete",
    "do",       "double",  "enum",      "explicit", "extern",   "float",     "friend",
    "goto",     "inline",  "int",       "long",     "mutable",  "namespace", "new",
    "noexcept", "nullptr", "operator",  "private",  "public",   "return",    "short",
    "signed",   "sizeof",  "static",    "struct",   "switch",   "template",  "this",
    "throw",    "try",     "typedef",   "typename", "union",    "unsigned",  "using",
    "virtual",  "void",    "volatile",  "while",    "half",     "threadIdx", "blockIdx",
    "blockDim", "gridDim", "warpSize",  "main",     "std",      "define",    "defined"};

template <typename List>
bool contains(const List& list, std::string_view word) {
  return std::any_of(list.begin(), list.end(), [&](const auto& one) { return one == word; });
}

void collect_keys(const YamlNode* node, std::vector<std::string>& into) {
  if (node == nullptr) return;
  for (const YamlEntry& entry : node->entries)
    if (into.size() < most_named_expressions && !contains(into, entry.key.text))
      into.push_back(entry.key.text);
}

void collect_parameter(const YamlEntry& entry, Names& names) {
  if (names.parameters.size() >= most_named_expressions) return;
  names.parameters.push_back(entry.key.text);
  if (entry.value.find("types") != nullptr) names.types.push_back(entry.key.text);
  for (const YamlNode& value : entry.value.items)
    if (value.kind == YamlNode::Kind::text && is_identifier(value.text) &&
        std::holds_alternative<std::string>(value_from(value.text)))
      names.identifiers.emplace(value.text, entry.key.text);
}

std::vector<std::string> joined(std::initializer_list<std::span<const std::string>> lists) {
  std::vector<std::string> all;
  for (const auto& list : lists) all.insert(all.end(), list.begin(), list.end());
  return all;
}

}  // namespace

std::span<const std::string> device_fact_names() {
  static const std::vector<std::string> names = {
      "device.sms",         "device.shared_bytes",   "device.shared_bytes_optin",
      "device.max_threads", "device.registers",      "device.warp_size",
      "device.l2_bytes",    "device.arch",           "device.memory_bandwidth",
      "device.clock_hz",    "device.memory_clock_hz"};
  return names;
}

std::span<const std::string> outcome_names() {
  static const std::vector<std::string> names = {
      "speedup", "speedup_low", "speedup_high", "latency_us",  "max_error",   "has_nan",
      "passed",  "registers",   "spill_bytes",  "stack_bytes", "shared_bytes"};
  return names;
}

Names collect_names(const YamlNode& root) {
  Names names;
  if (const YamlNode* parameters = root.find("parameters"))
    for (const YamlEntry& entry : parameters->entries) collect_parameter(entry, names);
  if (const YamlNode* options = root.find("options"))
    for (const YamlEntry& entry : options->entries)
      if (entry.value.kind != YamlNode::Kind::text) names.parameters.push_back(entry.key.text);
  if (const YamlNode* problem = root.find("problem")) {
    collect_keys(problem, names.sizes);
    for (const YamlNode& shape : problem->items) collect_keys(&shape, names.sizes);
  }
  collect_keys(root.find("let"), names.lets);
  collect_keys(root.find("metrics"), names.metrics);
  return names;
}

Scope value_scope(const Names& names) { return {joined({names.sizes, device_fact_names()})}; }

Scope let_scope(const Names& names, std::size_t position) {
  const std::span<const std::string> before(names.lets.data(),
                                            std::min(position, names.lets.size()));
  return {joined({names.parameters, before, names.sizes, device_fact_names()})};
}

Scope configuration_scope(const Names& names) { return let_scope(names, names.lets.size()); }

Scope outcome_scope(const Names& names, std::size_t metrics_before) {
  const std::span<const std::string> before(names.metrics.data(),
                                            std::min(metrics_before, names.metrics.size()));
  return {joined({configuration_scope(names).known, outcome_names(), before})};
}

std::string hint_for(std::string_view name, const Scope& scope, const Names& names) {
  if (name.starts_with("device.")) return suggestion(name, device_fact_names());
  if (const auto word = names.identifiers.find(name); word != names.identifiers.end())
    return fmt::format("a value of {} is compared as text: {} == \"{}\"", word->second,
                       word->second, name);
  if (contains(names.lets, name)) return "it is not defined yet: a let sees those that stand above";
  if (contains(names.metrics, name))
    return "a metric is known in gates, in fitness and in the metrics below it";
  if (contains(names.parameters, name))
    return "values may depend on device facts and sizes, not on parameters";
  if (contains(outcome_names(), name))
    return "it is known only once a candidate was tried: in gates, metrics and fitness";
  return suggestion(name, scope.known);
}

std::string why_reserved(std::string_view name) {
  if (contains(expression_words, name))
    return fmt::format("'{}' is a word of the expression language", name);
  if (contains(outcome_names(), name))
    return fmt::format("'{}' names a result of every candidate", name);
  if (contains(kernel_words, name)) return fmt::format("'{}' has a meaning in C++", name);
  if (name.find("__") != std::string_view::npos ||
      (name.size() > 1 && name[0] == '_' && name[1] >= 'A' && name[1] <= 'Z'))
    return fmt::format("'{}' is a name that C++ keeps for compilers", name);
  return {};
}

}  // namespace evotune
