#include "kernel/check_arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/text.h"
#include "kernel/entry.h"

namespace evotune {
namespace {

using Parameters = std::vector<KernelParameter>;
using Arguments = std::vector<const ArgumentSpec*>;

// A constant reaches the kernel by its name, a structure's array through the structure.
Arguments passed(const std::vector<ArgumentSpec>& arguments) {
  Arguments result;
  for (const ArgumentSpec& one : arguments)
    if (one.role != Role::constant && one.within.empty()) result.push_back(&one);
  return result;
}

std::string described(const KernelParameter& one) {
  return fmt::format("{}{}{}{}", one.type,
                     one.to_pointers ? "**"
                     : one.pointer   ? "*"
                                     : "",
                     one.name.empty() ? "" : " ", one.name);
}

std::string described(const std::string& name, const Parameters& parameters) {
  std::vector<std::string> parts;
  for (const KernelParameter& one : parameters) parts.push_back(described(one));
  return fmt::format("{}({})", name, join(parts, ", "));
}

std::optional<std::size_t> position_of(std::string_view name, const Parameters& parameters) {
  for (std::size_t i = 0; i < parameters.size(); ++i)
    if (parameters[i].name == name) return i;
  return std::nullopt;
}

std::optional<ElementType> declared_type(const ArgumentSpec& argument, bool in_double) {
  const auto type = element_type_from(argument.element);
  return in_double && type && is_floating(*type) ? ElementType::f64 : type;
}

/// What a parameter takes and an argument gives: of an array, its elements.
struct Components {
  ElementType type;
  std::size_t count;
  bool operator==(const Components&) const = default;
};

std::string described(const Components& one) {
  return one.count == 1 ? std::string(to_text(one.type))
                        : fmt::format("{} of {}", one.count, to_text(one.type));
}

// Macros and the kernel's own types are not known here, and not judged. An array of vectors may be
// declared as one of numbers.
std::optional<Components> known_components(const KernelParameter& parameter) {
  if (const auto type = element_type_from(parameter.type)) return Components{*type, 1};
  const auto vector = vector_type_from(parameter.type);
  if (!vector || parameter.pointer) return std::nullopt;
  return Components{vector->element, vector->components};
}

// What the argument is, where that is something else than the parameter.
std::optional<std::string> difference(const ArgumentSpec& argument, const Components& parameter,
                                      bool in_double) {
  if (!argument.members.empty()) return "it is a structure";
  const auto type = declared_type(argument, in_double);
  if (!type) return std::nullopt;
  const Components declared{*type, std::max<std::size_t>(1, argument.value.size())};
  if (declared == parameter) return std::nullopt;
  return (argument.role == Role::scalar ? "it is " : "its elements are ") + described(declared);
}

std::optional<Mistake> check_pair(const ArgumentSpec& argument, std::size_t at,
                                  const std::string& kernel, const Parameters& parameters,
                                  bool in_double) {
  const KernelParameter& parameter = parameters[at];
  const std::string what = fmt::format("argument '{}' is number {}, where {} takes '{}'",
                                       argument.name, at + 1, kernel, described(parameter));
  const auto other = position_of(argument.name, parameters);
  if (other && *other != at)
    return Mistake{argument.where, what,
                   fmt::format("'{}' is its number {}; arguments stand in the kernel's order",
                               argument.name, *other + 1)};
  const bool scalar = argument.role == Role::scalar;
  if (scalar == parameter.pointer)
    return Mistake{argument.where, what,
                   scalar ? "a scalar is passed by value; an array is in, out, inout or scratch"
                          : "an array is passed as a pointer; a single value is a scalar"};
  if (parameter.to_pointers)
    return Mistake{argument.where, what,
                   "an array of pointers is nothing that a space file can give: one array, or a "
                   "structure with several"};
  const auto known = known_components(parameter);
  const auto is = known ? difference(argument, *known, in_double) : std::nullopt;
  if (!is) return std::nullopt;
  return Mistake{argument.where, fmt::format("{}, but {}", what, *is),
                 fmt::format("{} is {}", parameter.type, described(*known))};
}

std::vector<Mistake> check_list(const EntryQuestion& question, const KernelSignature& kernel,
                                const Arguments& arguments) {
  std::vector<Mistake> mistakes;
  if (!kernel.parameters) return mistakes;
  const Parameters& parameters = *kernel.parameters;
  if (arguments.size() != parameters.size()) {
    const bool extra = arguments.size() > parameters.size();
    const Location& where =
        extra && !question.in_double ? arguments[parameters.size()]->where : question.where;
    return {{where,
             fmt::format("{} takes {} arguments, but {} are declared", kernel.name,
                         parameters.size(), arguments.size()),
             described(kernel.name, parameters)}};
  }
  for (std::size_t i = 0; i < arguments.size(); ++i)
    if (auto mistake = check_pair(*arguments[i], i, kernel.name, parameters, question.in_double))
      mistakes.push_back(std::move(*mistake));
  return mistakes;
}

std::string types_of(const Parameters& parameters) {
  std::vector<std::string> types;
  for (const KernelParameter& one : parameters) types.push_back(one.spelling);
  return join(types, ", ");
}

std::vector<std::string> names_of(const std::vector<KernelSignature>& kernels) {
  std::vector<std::string> names;
  for (const KernelSignature& one : kernels)
    if (std::find(names.begin(), names.end(), one.name) == names.end()) names.push_back(one.name);
  return names;
}

Mistake not_defined(const EntryQuestion& question, const std::string& name,
                    const Outline& outline) {
  const std::vector<std::string> known = names_of(outline.kernels);
  return {question.where, fmt::format("there is no __global__ function '{}'", name),
          known.empty() ? "the text defines none" : suggestion(name, known)};
}

std::optional<Mistake> check_template_arguments(const EntryQuestion& question,
                                                const KernelSignature& kernel) {
  const bool given = question.entry.find('<') != std::string::npos;
  if (given == kernel.is_template) return std::nullopt;
  if (given)
    return Mistake{question.where, fmt::format("'{}' is no template", kernel.name),
                   fmt::format("entry: {}", kernel.name)};
  return Mistake{question.where, fmt::format("'{}' is a template", kernel.name),
                 fmt::format("name its arguments: \"{}<…>\"", kernel.name)};
}

}  // namespace

std::vector<Mistake> check_entry(const EntryQuestion& question, const Outline& outline,
                                 const std::vector<ArgumentSpec>& specs) {
  const std::string name = kernel_name(question.entry);
  const Arguments arguments = passed(specs);
  std::vector<Mistake> first;
  bool found = false;
  // There may be several of this name, overloads or branches of an #if: one that fits is enough.
  for (const KernelSignature& kernel : outline.kernels) {
    if (kernel.name != name) continue;
    std::vector<Mistake> mistakes = check_list(question, kernel, arguments);
    if (auto one = check_template_arguments(question, kernel)) mistakes.push_back(std::move(*one));
    if (mistakes.empty()) return {};
    if (!found) first = std::move(mistakes);
    found = true;
  }
  if (!found && !outline.kernels_by_macro) return {not_defined(question, name, outline)};
  return first;
}

std::string entry_of_overloads(const EntryQuestion& question, const Outline& outline,
                               const std::vector<ArgumentSpec>& specs) {
  if (question.entry.find('<') != std::string::npos) return question.entry;
  const std::string name = kernel_name(question.entry), scope = kernel_scope(question.entry);
  std::map<int, std::set<std::string>> of_branch;
  std::map<int, std::string> fitting;
  for (const KernelSignature& kernel : outline.kernels) {
    if (kernel.name != name || kernel.scope != scope || !kernel.parameters) continue;
    const std::string list = types_of(*kernel.parameters);
    // A template is another function even where its list is the same.
    of_branch[kernel.branch].insert((kernel.is_template ? "template " : "") + list);
    if (!kernel.is_template && check_list(question, kernel, passed(specs)).empty())
      fitting.try_emplace(kernel.branch, list);
  }
  for (const auto& [branch, list] : fitting)
    if (of_branch[branch].size() > 1) return fmt::format("(void (*)({})){}", list, question.entry);
  return question.entry;
}

std::vector<Mistake> check_constants(const Outline& outline,
                                     const std::vector<ArgumentSpec>& arguments) {
  std::vector<Mistake> mistakes;
  const std::vector<std::string> known(outline.device_variables.begin(),
                                       outline.device_variables.end());
  for (const ArgumentSpec& one : arguments) {
    const std::string& symbol = one.symbol.empty() ? one.name : one.symbol;
    if (one.role != Role::constant || outline.identifiers.count(symbol) > 0) continue;
    mistakes.push_back({one.where,
                        fmt::format("there is no __constant__ or __device__ variable '{}'", symbol),
                        known.empty() ? "the template has none" : suggestion(symbol, known)});
  }
  return mistakes;
}

}  // namespace evotune
