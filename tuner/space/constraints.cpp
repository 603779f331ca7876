#include "space/constraints.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "base/text.h"
#include "expr/parts.h"

namespace evotune {
namespace {

using Indices = std::vector<std::size_t>;

void merge_into(Indices& target, const Indices& more) {
  Indices merged;
  std::set_union(target.begin(), target.end(), more.begin(), more.end(),
                 std::back_inserter(merged));
  target = std::move(merged);
}

template <typename List>
std::size_t index_of(const List& named, std::string_view name) {
  const auto found =
      std::find_if(named.begin(), named.end(), [&](const auto& one) { return one.name == name; });
  return static_cast<std::size_t>(found - named.begin());
}

/// How many parameters of the order are bound when all of these are; more than it has where one is
/// none of them.
std::size_t bound_for(const Indices& parameters, const Indices& order) {
  std::size_t bound = 0;
  for (const std::size_t parameter : parameters)
    bound =
        std::max(bound, 1 + static_cast<std::size_t>(
                                std::find(order.begin(), order.end(), parameter) - order.begin()));
  return bound;
}

std::size_t root_of(Indices& parent, std::size_t i) {
  while (parent[i] != i) i = parent[i] = parent[parent[i]];
  return i;
}

}  // namespace

Constraints::Constraints(const Definition& definition) : definition_(definition) {
  std::vector<std::string> slots;
  for (const Parameter& parameter : definition.parameters) {
    slots.push_back(parameter.name);
    std::vector<Scalar>& scalars = scalars_.emplace_back();
    for (const Value& value : parameter.values) scalars.push_back(to_scalar(value));
  }
  for (const NamedExpression& let : definition.lets) {
    slots.push_back(let.name);
    lets_.push_back(analyse(let.expression));
  }
  std::set<std::size_t> needed;
  for (const PlacedExpression& one : definition.constraints) {
    Rule rule = analyse(one.expression);
    needed.insert(rule.all_lets.begin(), rule.all_lets.end());
    compile(rule, one.where, slots);
    constraints_.push_back(std::move(rule));
  }
  for (const std::size_t let : needed) compile(lets_[let], definition.lets[let].where, slots);
  for (std::size_t i = 0; i < constraints_.size(); ++i)
    if (constraints_[i].parameters.empty())
      check_constant(constraints_[i], definition.constraints[i]);
}

Constraints::Rule Constraints::analyse(const Expression& expression) const {
  Rule rule;
  rule.expression = &expression;
  for (const std::string& name : expression.names()) {
    const std::size_t parameter = index_of(definition_.parameters, name);
    const std::size_t let = index_of(definition_.lets, name);
    if (parameter < definition_.parameters.size()) {
      merge_into(rule.parameters, {parameter});
    } else if (let < lets_.size()) {  // a let sees only those before it
      merge_into(rule.lets, {let});
      merge_into(rule.all_lets, lets_[let].all_lets);
      merge_into(rule.all_lets, {let});
      merge_into(rule.parameters, lets_[let].parameters);
      rule.uses_sizes = rule.uses_sizes || lets_[let].uses_sizes;
    } else if (definition_.shapes.front().sizes.count(name) > 0) {
      rule.uses_sizes = true;
    }
  }
  return rule;
}

void Constraints::compile(Rule& rule, const Location& where,
                          const std::vector<std::string>& slots) const {
  const std::size_t shapes = rule.uses_sizes ? definition_.shapes.size() : 1;
  for (std::size_t shape = 0; shape < shapes; ++shape) {
    Bindings constants = definition_.device_facts;
    for (const auto& [name, size] : definition_.shapes[shape].sizes) constants[name] = size;
    auto code = CompiledExpression::compile(*rule.expression, slots, constants);
    if (!code)
      throw UserError(
          std::vector<Mistake>{{where,
                                fmt::format("'{}' cannot be used on this device: {}",
                                            rule.expression->text(), code.error().message),
                                {}}});
    rule.code.push_back(*std::move(code));
  }
}

void Constraints::check_constant(const Rule& rule, const PlacedExpression& placed) const {
  std::vector<Step> steps;
  for (const std::size_t let : rule.all_lets)
    add_steps(lets_[let], true, let, definition_.shapes.size(), steps);
  add_steps(rule, false, 0, rule.code.size(), steps);
  Assignment assignment = blank();
  for (const Step& step : steps) {
    const Verdict verdict = run(step, assignment);
    if (verdict == Verdict::holds) continue;
    throw UserError(std::vector<Mistake>{
        {placed.where,
         verdict == Verdict::fails
             ? fmt::format("no configuration is valid: '{}' is false whatever they are",
                           placed.expression.text())
             : fmt::format("no configuration is valid: '{}' cannot be evaluated",
                           placed.expression.text()),
         "no parameter occurs in it; it depends on the problem and the device alone"}});
  }
}

std::vector<Indices> Constraints::groups() const {
  Indices parent(definition_.parameters.size());
  std::iota(parent.begin(), parent.end(), std::size_t{0});
  for (const Rule& rule : constraints_)
    for (const std::size_t parameter : rule.parameters) {
      const std::size_t a = root_of(parent, parameter);
      const std::size_t b = root_of(parent, rule.parameters.front());
      parent[std::max(a, b)] = std::min(a, b);
    }
  std::vector<Indices> groups(parent.size());
  for (std::size_t i = 0; i < parent.size(); ++i) groups[root_of(parent, i)].push_back(i);
  groups.erase(
      std::remove_if(groups.begin(), groups.end(), [](const Indices& g) { return g.empty(); }),
      groups.end());
  return groups;
}

// Again and again: the constraint that the fewest combinations complete, its smallest domains
// first.
Indices Constraints::binding_order(const Indices& group) const {
  Indices order;
  const auto bound = [&](std::size_t parameter) {
    return std::find(order.begin(), order.end(), parameter) != order.end();
  };
  while (order.size() < group.size()) {
    Indices next;
    double fewest = 0;
    for (const Rule& rule : constraints_) {
      Indices open;
      double combinations = 1;
      for (const std::size_t parameter : rule.parameters) {
        if (bound(parameter)) continue;
        if (!std::binary_search(group.begin(), group.end(), parameter)) break;
        open.push_back(parameter);
        combinations *= static_cast<double>(scalars_[parameter].size());
      }
      if (open.empty() || (!next.empty() && combinations >= fewest)) continue;
      next = std::move(open);
      fewest = combinations;
    }
    if (next.empty())
      std::copy_if(group.begin(), group.end(), std::back_inserter(next),
                   [&](std::size_t parameter) { return !bound(parameter); });
    std::stable_sort(next.begin(), next.end(), [&](std::size_t a, std::size_t b) {
      return scalars_[a].size() < scalars_[b].size();
    });
    order.insert(order.end(), next.begin(), next.end());
  }
  return order;
}

void Constraints::add_steps(const Rule& rule, bool is_let, std::size_t index, std::size_t shapes,
                            std::vector<Step>& steps) const {
  for (std::size_t shape = 0; shape < shapes; ++shape)
    steps.push_back({is_let, is_let && !is_identifier(definition_.lets[index].name), index, shape,
                     &rule.code[rule.uses_sizes ? shape : 0], rule.lets});
}

Constraints::Plan Constraints::plan(const Indices& order) const {
  Plan plan(order.size());
  const auto depth_of = [&](const Rule& rule) {
    return std::max<std::size_t>(1, bound_for(rule.parameters, order)) - 1;
  };
  std::set<std::size_t> lets;
  std::vector<std::size_t> constraints;
  bool sizes_matter = false;
  for (std::size_t i = 0; i < constraints_.size(); ++i) {
    const Rule& rule = constraints_[i];
    if (rule.parameters.empty() || depth_of(rule) >= order.size()) continue;
    lets.insert(rule.all_lets.begin(), rule.all_lets.end());
    constraints.push_back(i);
    sizes_matter = sizes_matter || rule.uses_sizes;
  }
  const std::size_t shapes = sizes_matter ? definition_.shapes.size() : 1;
  for (const std::size_t let : lets)
    add_steps(lets_[let], true, let, shapes, plan[depth_of(lets_[let])]);
  for (const std::size_t one : constraints)
    add_steps(constraints_[one], false, one, constraints_[one].code.size(),
              plan[depth_of(constraints_[one])]);
  return plan;
}

Definition Constraints::in_stages(const Indices& order) const {
  Parts parts([&](const std::string& name) -> std::size_t {
    const std::size_t parameter = index_of(definition_.parameters, name);
    if (parameter < definition_.parameters.size()) return bound_for({parameter}, order);
    const std::size_t let = index_of(definition_.lets, name);
    return let < lets_.size() ? bound_for(lets_[let].parameters, order) : 0;
  });
  std::vector<const PlacedExpression*> chosen;
  std::set<std::size_t> needed;
  for (std::size_t i = 0; i < constraints_.size(); ++i) {
    const Rule& rule = constraints_[i];
    if (rule.parameters.empty() || bound_for(rule.parameters, order) > order.size()) continue;
    chosen.push_back(&definition_.constraints[i]);
    needed.insert(rule.all_lets.begin(), rule.all_lets.end());
  }

  Definition staged{definition_.parameters, {}, {}, {}, definition_.device_facts,
                    definition_.shapes};
  std::size_t added = 0;
  const auto add_new_parts = [&] {
    for (; added < parts.parts().size(); ++added)
      staged.lets.push_back({parts.parts()[added].name, parts.parts()[added].expression, {}});
  };
  for (const std::size_t let : needed) {
    NamedExpression taken = definition_.lets[let];
    taken.expression = parts.take_apart(taken.expression);
    add_new_parts();
    staged.lets.push_back(std::move(taken));
  }
  // Twice: what is a part of one constraint may stand in another that came before it.
  for (const PlacedExpression* one : chosen) (void)parts.take_apart(one->expression);
  for (const PlacedExpression* one : chosen)
    staged.constraints.push_back({parts.take_apart(one->expression), one->where});
  add_new_parts();
  return staged;
}

Assignment Constraints::blank() const {
  const std::size_t shapes = definition_.shapes.size();
  Assignment assignment;
  assignment.values.assign(
      shapes, std::vector<Scalar>(scalars_.size() + lets_.size(), Scalar(std::int64_t{0})));
  assignment.let_failed.assign(shapes, std::vector<char>(lets_.size(), 0));
  return assignment;
}

void Constraints::set(Assignment& assignment, std::size_t parameter, std::size_t choice) const {
  for (std::vector<Scalar>& values : assignment.values)
    values[parameter] = scalars_[parameter][choice];
}

Verdict Constraints::run(const Step& step, Assignment& assignment, std::size_t first_let) {
  std::vector<char>& failed = assignment.let_failed[step.shape];
  const bool blocked = std::any_of(step.lets.begin(), step.lets.end(),
                                   [&](std::size_t let) { return failed[let] != 0; });
  std::vector<Scalar>& values = assignment.values[step.shape];
  if (!step.is_let) {
    if (blocked) return Verdict::errs;
    const auto holds = step.code->holds(values);
    if (!holds) return Verdict::errs;
    return *holds ? Verdict::holds : Verdict::fails;
  }
  failed[step.index] = 1;
  if (blocked) return Verdict::holds;
  const auto value = step.code->evaluate(values);
  failed[step.index] = !value && !step.is_part;
  values[first_let + step.index] = value ? *value : Scalar::absent(0);
  return Verdict::holds;
}

Verdict Constraints::run(const Plan& plan, Assignment& assignment, const Step*& guilty) const {
  for (const std::vector<Step>& steps : plan)
    for (const Step& step : steps) {
      const Verdict verdict = run(step, assignment);
      guilty = &step;
      if (verdict != Verdict::holds) return verdict;
    }
  guilty = nullptr;
  return Verdict::holds;
}

std::string Constraints::explain_error(const Step& step, Assignment& assignment) const {
  const Rule& rule = step.is_let ? lets_[step.index] : constraints_[step.index];
  for (const std::size_t let : step.lets)
    if (assignment.let_failed[step.shape][let] != 0) {
      const CompiledExpression& code = lets_[let].code[lets_[let].uses_sizes ? step.shape : 0];
      return fmt::format(
          "{} cannot be evaluated, because of {}: {}", rule.expression->text(),
          definition_.lets[let].name,
          explain_error({true, false, let, step.shape, &code, lets_[let].lets}, assignment));
    }
  std::vector<std::string> values;
  for (const std::size_t slot : step.code->used_slots())
    values.push_back(fmt::format("{} = {}",
                                 slot < scalars_.size()
                                     ? definition_.parameters[slot].name
                                     : definition_.lets[slot - scalars_.size()].name,
                                 to_text(to_value(assignment.values[step.shape][slot]))));
  const auto result = step.code->evaluate(assignment.values[step.shape]);
  return fmt::format("{} cannot be evaluated at {}: {}", rule.expression->text(),
                     join(values, ", "), result ? "it is no truth value" : result.error().message);
}

}  // namespace evotune
