#include "space/space.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/text.h"
#include "space/group.h"
#include "space/lookup.h"
#include "space/nearby.h"
#include "space/reasons.h"

namespace evotune {

struct Space::Impl {
  explicit Impl(Definition d) : definition(std::move(d)), constraints(definition) {
    for (std::vector<std::size_t>& members : constraints.groups()) {
      Trouble met;
      groups.emplace_back(constraints, definition, std::move(members), met);
      if (trouble.first.empty()) trouble.first = met.first;
      trouble_by_group.push_back(met.count);
    }
    count_trouble();
    for (const Group& group : groups)
      if (group.count() == 0) throw_empty(definition);
  }

  // A configuration is clean if it is so in every group, and groups are independent.
  void count_trouble() {
    std::uint64_t all = 1;
    std::uint64_t clean = 1;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      all = product(all, groups[g].combinations());
      clean = product(clean, groups[g].combinations() - trouble_by_group[g]);
    }
    trouble.count = all - clean;
  }

  [[nodiscard]] bool in_bounds(const Config& config) const {
    if (config.choice.size() != definition.parameters.size()) return false;
    for (std::size_t p = 0; p < config.choice.size(); ++p)
      if (config.choice[p] >= definition.parameters[p].values.size()) return false;
    return true;
  }

  void require_in_bounds(const Config& config) const {
    if (!in_bounds(config)) throw std::invalid_argument("a Config of another space");
  }

  Definition definition;
  Constraints constraints;
  std::vector<Group> groups;
  std::vector<std::uint64_t> trouble_by_group;
  Trouble trouble;
};

Space::Space(const SpaceFile& file, const Bindings& device_facts)
    : impl_(std::make_unique<Impl>(define(file, device_facts))) {}
Space::Space(std::vector<Parameter> parameters, const std::vector<std::string>& constraints)
    : impl_(std::make_unique<Impl>(define(std::move(parameters), constraints))) {}
void Space::keep_only(std::vector<Config> configs) {
  if (configs.empty()) throw UserError("no configuration is left of the space");
  for (const Config& one : configs) impl_->require_in_bounds(one);
  impl_->groups.clear();
  impl_->groups.emplace_back(impl_->constraints, tree_of(std::move(configs)));
  impl_->trouble = {};
}
Space::~Space() = default;
Space::Space(Space&&) noexcept = default;
Space& Space::operator=(Space&&) noexcept = default;

const std::vector<Parameter>& Space::parameters() const { return impl_->definition.parameters; }
const Space::Trouble& Space::trouble() const { return impl_->trouble; }

bool Space::valid(const Config& config) const {
  return impl_->in_bounds(config) &&
         std::all_of(impl_->groups.begin(), impl_->groups.end(),
                     [&](const Group& group) { return group.valid(config); });
}

std::uint64_t Space::cartesian() const {
  std::uint64_t count = 1;
  for (const Parameter& parameter : parameters()) count = product(count, parameter.values.size());
  return count;
}

std::uint64_t Space::count() const {
  std::uint64_t count = 1;
  for (const Group& group : impl_->groups) count = product(count, group.count());
  return count;
}

bool Space::listed() const {
  return std::all_of(impl_->groups.begin(), impl_->groups.end(),
                     [](const Group& group) { return group.listed(); });
}

Config Space::at(std::uint64_t index) const {
  if (!listed())
    throw UserError("the space is too large to list its configurations",
                    "use a strategy that samples, or give some parameters fewer values");
  if (index >= count()) throw std::out_of_range("Space::at");
  Config config;
  config.choice.assign(parameters().size(), 0);
  for (auto group = impl_->groups.rbegin(); group != impl_->groups.rend(); ++group) {
    group->choose(index % group->count(), config);
    index /= group->count();
  }
  return config;
}

std::size_t Space::bytes() const {
  std::size_t bytes = 0;
  for (const Group& group : impl_->groups) bytes += group.bytes();
  return bytes;
}

Config Space::sample(Rng& rng) const {
  Config config;
  config.choice.assign(parameters().size(), 0);
  for (const Group& group : impl_->groups) group.sample(rng, config);
  return config;
}

std::vector<Config> Space::neighbours(const Config& config) const {
  impl_->require_in_bounds(config);
  std::vector<Config> neighbours;
  const Group* invalid = nullptr;
  for (const Group& group : impl_->groups) {
    if (group.valid(config)) continue;
    if (invalid != nullptr) return neighbours;  // one change cannot mend two groups
    invalid = &group;
  }
  for (const Group& group : impl_->groups)
    if (invalid == nullptr || invalid == &group)
      append_neighbours(group, impl_->definition, config, neighbours);
  return neighbours;
}

Config Space::repair(Config config, Rng& rng) const {
  config.choice.resize(parameters().size(), 0);
  for (std::size_t p = 0; p < config.choice.size(); ++p)
    config.choice[p] =
        std::min(config.choice[p], static_cast<std::uint32_t>(parameters()[p].values.size() - 1));
  for (const Group& group : impl_->groups)
    config = repaired(group, impl_->definition, std::move(config), rng);
  return config;
}

Bindings Space::bind(const Config& config) const {
  return bind(config, impl_->definition.shapes.front());
}

Bindings Space::bind(const Config& config, const Shape& shape) const {
  impl_->require_in_bounds(config);
  return bound(impl_->definition, config, shape).bindings;
}

Bindings Space::values(const Config& config) const {
  impl_->require_in_bounds(config);
  return values_of(impl_->definition, config);
}

std::string Space::key(const Config& config) const {
  const std::string text = to_text(values(config));
  return text.empty() ? "-" : text;  // where nothing varies, lines that name a configuration say so
}

Config Space::find(const Bindings& values, const Bindings& defaults, const Location& where) const {
  return find_config(impl_->definition, values, defaults, where);
}

std::string Space::why_invalid(const Config& config) const {
  impl_->require_in_bounds(config);
  std::string why = explain_invalid(impl_->definition, config);
  if (why.empty() && !valid(config))
    why = fmt::format("it is none of the {} configurations that the space was left with", count());
  return why;
}

}  // namespace evotune
