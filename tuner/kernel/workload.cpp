#include "kernel/workload.h"

#include <fmt/format.h>

#include <optional>

#include "base/hash.h"
#include "kernel/resolve.h"
#include "kernel/structure.h"

namespace evotune {
namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{4} << 30;  // of all buffers and input sets

// Beyond this, nothing is too large to be made.
std::optional<Failure> too_large(const std::vector<ArgumentSpec>& specs,
                                 const std::vector<ResolvedArgument>& resolved, std::size_t sets) {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const std::uint64_t copies = has_input(specs[i].role) ? sets + 1 : 1;
    // At most 2^40 elements of 8 bytes: no overflow up to a million copies.
    total += resolved[i].argument.bytes() * copies;
    if (total > most_bytes)
      return refusal(specs[i],
                     fmt::format("with its {} elements of {} the buffers of {} input sets need "
                                 "more than {} bytes",
                                 resolved[i].argument.count, to_text(resolved[i].argument.type),
                                 sets, most_bytes),
                     Stage::out_of_memory);
  }
  return std::nullopt;
}

// What every input set has alike: the contents of a file, the values of a formula.
std::optional<Failure> fix(const ArgumentSpec& spec, const Bindings& bound,
                           const std::string& folder, ResolvedArgument& resolved) {
  using Kind = ValuesSpec::Kind;
  const bool in_file = spec.values.kind == Kind::file;
  if (!has_input(spec.role) || resolved.is_fixed || (!in_file && spec.values.kind != Kind::formula))
    return std::nullopt;
  Result<Buffer> bytes = in_file ? file_bytes(spec, resolved.argument, folder)
                                 : formula_bytes(spec, resolved.argument, bound);
  if (!bytes) return bytes.error();
  resolved.fixed = *std::move(bytes);
  resolved.is_fixed = true;
  return std::nullopt;
}

bool varies(const ArgumentSpec& spec, const ResolvedArgument& resolved) {
  const bool declared =
      resolved.recipe.kind == Recipe::Kind::normal || resolved.recipe.kind == Recipe::Kind::uniform;
  return has_input(spec.role) && !resolved.is_fixed && declared;
}

Buffers make_set(const std::vector<ResolvedArgument>& resolved, std::size_t leader,
                 InputFlavour flavour, std::uint64_t seed, std::uint64_t set) {
  Buffers buffers;
  for (std::size_t i = 0; i < resolved.size(); ++i) {
    const ResolvedArgument& one = resolved[i];
    if (one.is_fixed || !has_input(one.argument.role)) {
      buffers.push_back(one.fixed);
      continue;
    }
    const Recipe recipe = recipe_for(one.recipe, one.argument.type, flavour, i == leader);
    buffers.push_back(
        make_elements(recipe, one.argument.type, one.argument.count, Rng(seed, set, i)));
  }
  return buffers;
}

std::string id_of(const Workload& workload) {
  std::string all;
  for (const Argument& one : workload.arguments)
    all += fmt::format("{} {} {} {} {} {}+{};", one.name, to_text(one.role), to_text(one.type),
                       one.count, one.symbol, one.within, one.offset);
  for (const Buffers& set : workload.input_sets)
    for (const Buffer& buffer : set) {
      const auto* bytes = reinterpret_cast<const char*>(buffer.data());
      all += content_hash(buffer.empty() ? std::string_view{}
                                         : std::string_view(bytes, buffer.size()));
    }
  return content_hash(all);
}

}  // namespace

Result<Workload> make_workload(const std::vector<ArgumentSpec>& specs, const Bindings& bound,
                               const std::vector<InputFlavour>& flavours, std::uint64_t seed,
                               const std::string& folder) {
  std::vector<ResolvedArgument> resolved;
  for (const ArgumentSpec& spec : specs) {
    Result<ResolvedArgument> one = resolve(spec, bound);
    if (!one) return one.error();
    resolved.push_back(std::move(*one));
  }
  if (auto failure = too_large(specs, resolved, flavours.size())) return *failure;

  std::size_t leader = specs.size();
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (auto failure = fix(specs[i], bound, folder, resolved[i])) return *failure;
    if (leader == specs.size() && varies(specs[i], resolved[i])) leader = i;
  }

  Workload workload;
  for (const ResolvedArgument& one : resolved) workload.arguments.push_back(one.argument);
  place_arrays(workload.arguments);
  for (std::size_t set = 0; set < flavours.size(); ++set)
    workload.input_sets.push_back(make_set(resolved, leader, flavours[set], seed, set));
  workload.id = id_of(workload);
  return workload;
}

}  // namespace evotune
