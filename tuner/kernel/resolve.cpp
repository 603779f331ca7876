#include "kernel/resolve.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>

#include "base/errors.h"
#include "base/file.h"
#include "kernel/elements.h"
#include "kernel/npy.h"
#include "kernel/structure.h"

namespace evotune {
namespace {

constexpr std::uint64_t most_elements = std::uint64_t{1} << 40;
constexpr std::size_t largest_file = std::size_t{4} << 30;

Result<ElementType> element_of(const ArgumentSpec& spec, const Bindings& bound) {
  if (const auto type = element_type_from(spec.element)) return *type;
  const auto parameter = bound.find(spec.element);
  const auto* name =
      parameter != bound.end() ? std::get_if<std::string>(&parameter->second) : nullptr;
  const auto type = name != nullptr ? element_type_from(*name) : std::nullopt;
  if (type) return *type;
  return refusal(spec, fmt::format("'{}' is no element type", name ? *name : spec.element));
}

Result<std::int64_t> integer(const ArgumentSpec& spec, const Expression& expression,
                             const Bindings& bound) {
  const auto value = evaluate_integer(expression, bound);
  if (value) return *value;
  return refusal(spec, fmt::format("{}: {}", expression.text(), value.error().message));
}

// Sets count and row; says what is wrong with an extent, if anything is.
std::optional<Failure> measure(const ArgumentSpec& spec, const Bindings& bound,
                               ResolvedArgument& out) {
  std::uint64_t count = 1;
  for (const Expression& expression : spec.extents) {
    const Result<std::int64_t> extent = integer(spec, expression, bound);
    if (!extent) return extent.error();
    if (*extent < 0)
      return refusal(spec, fmt::format("{} is {}: no size", expression.text(), *extent));
    out.row = static_cast<std::uint64_t>(*extent);
    if (out.row != 0 && count > most_elements / out.row)
      return refusal(spec, fmt::format("more than {} elements", most_elements));
    count *= out.row;
  }
  out.argument.count = count;
  return std::nullopt;
}

// The bytes of a number, where it is one of its type.
Result<Buffer> number_bytes(const ArgumentSpec& spec, const Expression& value, ElementType type,
                            const Bindings& bound) {
  Buffer buffer(size_of(type));
  if (is_floating(type)) {
    const auto number = evaluate_number(value, bound);
    if (!number) return refusal(spec, fmt::format("{}: {}", value.text(), number.error().message));
    with_element(type, [&](auto element) {
      fill<decltype(element)>(buffer, [&](std::size_t) { return *number; });
    });
    return buffer;
  }
  const Result<std::int64_t> number = integer(spec, value, bound);
  if (!number) return number.error();
  if (!fits(type, *number, *number))
    return refusal(spec, fmt::format("{} does not fit {}", *number, to_text(type)));
  with_element(type, [&](auto element) {
    fill<decltype(element)>(buffer, [&](std::size_t) { return *number; });
  });
  return buffer;
}

// A scalar's components, one behind the other.
std::optional<Failure> set_scalar(const ArgumentSpec& spec, const Bindings& bound,
                                  ResolvedArgument& out) {
  if (spec.value.empty()) return refusal(spec, "has no value");
  out.argument.count = spec.value.size();
  out.argument.vector = spec.vector != 0;
  out.is_fixed = true;
  for (const Expression& value : spec.value) {
    const Result<Buffer> bytes = number_bytes(spec, value, out.argument.type, bound);
    if (!bytes) return bytes.error();
    out.fixed.insert(out.fixed.end(), bytes->begin(), bytes->end());
  }
  return std::nullopt;
}

Result<ResolvedArgument> resolve_structure(const ArgumentSpec& spec, const Bindings& bound) {
  std::vector<ResolvedArgument> resolved;
  std::vector<Argument> members;
  for (const ArgumentSpec& member : spec.members) {
    Result<ResolvedArgument> one = ResolvedArgument{};
    if (member.role == Role::scalar) one = resolve(member, bound);
    if (!one) return one.error();
    one->argument.name = member.name;
    one->argument.role = member.role;
    members.push_back(one->argument);
    resolved.push_back(std::move(*one));
  }
  const std::vector<std::uint64_t> offsets = offsets_of(members);
  ResolvedArgument structure;
  structure.fixed.resize(offsets.back());
  for (std::size_t i = 0; i < resolved.size(); ++i)
    std::copy(resolved[i].fixed.begin(), resolved[i].fixed.end(),
              structure.fixed.begin() + static_cast<std::ptrdiff_t>(offsets[i]));
  structure.argument = structure_of(spec.name, std::move(members));
  structure.is_fixed = true;
  return structure;
}

Result<Recipe> declared_recipe(const ArgumentSpec& spec, const ResolvedArgument& resolved,
                               const Bindings& bound) {
  Recipe recipe;
  recipe.row =
      std::max<std::uint64_t>(1, spec.extents.size() > 1 ? resolved.row : resolved.argument.count);
  switch (spec.values.kind) {
    case ValuesSpec::Kind::normal:
    case ValuesSpec::Kind::file:
    case ValuesSpec::Kind::formula:
      return recipe;
    case ValuesSpec::Kind::uniform:
      recipe.kind = Recipe::Kind::uniform;
      return recipe;
    case ValuesSpec::Kind::one_hot:
      recipe.kind = Recipe::Kind::one_hot;
      return recipe;
    case ValuesSpec::Kind::zeros:
      recipe.kind = Recipe::Kind::zeros;
      return recipe;
    case ValuesSpec::Kind::integers:
      break;
  }
  recipe.kind = Recipe::Kind::integers;
  if (!spec.values.low || !spec.values.high) return refusal(spec, "integers need a range");
  const Result<std::int64_t> low = integer(spec, *spec.values.low, bound);
  if (!low) return low.error();
  const Result<std::int64_t> high = integer(spec, *spec.values.high, bound);
  if (!high) return high.error();
  if (*low > *high) return refusal(spec, fmt::format("no integer is in [{}, {}]", *low, *high));
  if (!fits(resolved.argument.type, *low, *high))
    return refusal(spec, fmt::format("integers in [{}, {}] do not fit {}", *low, *high,
                                     to_text(resolved.argument.type)));
  recipe.low = *low;
  recipe.high = *high;
  return recipe;
}

}  // namespace

Failure refusal(const ArgumentSpec& spec, std::string_view what, Stage stage) {
  const std::string where = to_text(spec.where);
  return {stage,
          fmt::format("{}{}argument '{}': {}", where, where.empty() ? "" : ": ", spec.name, what)};
}

bool has_input(Role role) { return role != Role::out && role != Role::scratch; }

Result<ResolvedArgument> resolve(const ArgumentSpec& spec, const Bindings& bound) {
  if (!spec.members.empty()) return resolve_structure(spec, bound);
  ResolvedArgument resolved;
  const Result<ElementType> type = element_of(spec, bound);
  if (!type) return type.error();
  resolved.argument.name = spec.name;
  resolved.argument.role = spec.role;
  resolved.argument.type = *type;
  resolved.argument.symbol = spec.symbol;
  resolved.argument.within = spec.within;
  if (auto failure = measure(spec, bound, resolved)) return *failure;
  if (!has_input(spec.role)) return resolved;
  if (spec.role == Role::scalar) {
    if (auto failure = set_scalar(spec, bound, resolved)) return *failure;
    return resolved;
  }
  const Result<Recipe> recipe = declared_recipe(spec, resolved, bound);
  if (!recipe) return recipe.error();
  resolved.recipe = *recipe;
  return resolved;
}

Result<Buffer> file_bytes(const ArgumentSpec& spec, const Argument& argument,
                          const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code unresolved;
  const fs::path root = fs::weakly_canonical(folder.empty() ? "." : folder, unresolved);
  const fs::path file = fs::weakly_canonical(root / spec.values.file, unresolved);
  if (std::mismatch(root.begin(), root.end(), file.begin(), file.end()).first != root.end())
    return refusal(spec, fmt::format("{} is outside the space file's folder", spec.values.file));
  Result<NpyArray> array = Failure{};
  try {
    array = parse_npy(read_file(file, largest_file));
  } catch (const IoError& error) {
    return refusal(spec, error.what());
  }
  if (!array) return refusal(spec, spec.values.file + ": " + array.error().message);
  if (array->type != npy_type(argument.type))
    return refusal(spec, fmt::format("{} holds {}, not {} ({})", spec.values.file, array->type,
                                     npy_type(argument.type), to_text(argument.type)));
  if (array->data.size() != argument.bytes())
    return refusal(spec, fmt::format("{} holds {} elements, not {}", spec.values.file,
                                     array->data.size() / size_of(argument.type), argument.count));
  return std::move(array->data);
}

}  // namespace evotune
