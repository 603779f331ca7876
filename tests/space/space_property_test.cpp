#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "expr/expression.h"
#include "space/space.h"

// Random small spaces against the plain way: every combination, every constraint.
namespace evotune {
namespace {

struct Case {
  std::vector<Parameter> parameters;
  std::vector<std::string> constraints;
};

Case random_case() {
  Case made;
  const auto count = static_cast<std::size_t>(*rc::gen::inRange(1, 6));
  for (std::size_t p = 0; p < count; ++p) {
    Parameter parameter{std::string(1, static_cast<char>('a' + p)), ParameterKind::value, {}, {}};
    const int size = *rc::gen::inRange(1, 5);
    const int first = *rc::gen::inRange(0, 4);
    for (int i = 0; i < size; ++i) parameter.values.emplace_back(std::int64_t{first + 2 * i});
    made.parameters.push_back(std::move(parameter));
  }
  const auto name = [&] {
    return std::string(1, static_cast<char>('a' + *rc::gen::inRange<std::size_t>(0, count)));
  };
  const auto operation = [] {
    return " " + *rc::gen::element<std::string>("+", "*", "-", "%", "//") + " ";
  };
  const auto term = [&] {
    std::string text = name();
    for (int more = *rc::gen::inRange(0, 4); more > 0; --more)
      text = *rc::gen::element<std::string>(text + operation() + name(),
                                            name() + operation() + "(" + text + ")",
                                            "(" + text + " if " + name() + " > 2 else 3)");
    return text;
  };
  for (int n = *rc::gen::inRange(0, 4); n > 0; --n) {
    const std::string comparison = *rc::gen::element<std::string>(" <= ", " != ", " > ", " == ");
    made.constraints.push_back(
        term() + comparison + term() +
        *rc::gen::element<std::string>("", " + 1", " or " + name(), " and " + term() + " < 9"));
  }
  return made;
}

bool holds(const Case& made, const Config& config) {
  Bindings bindings;
  for (std::size_t p = 0; p < config.choice.size(); ++p)
    bindings[made.parameters[p].name] = made.parameters[p].values[config.choice[p]];
  return std::all_of(made.constraints.begin(), made.constraints.end(), [&](const auto& text) {
    const auto value = Expression::parse(text)->evaluate(bindings);
    return value && truth(*value);
  });
}

/// In lexical order.
std::vector<Config> combinations(const Case& made) {
  std::vector<Config> all = {{}};
  for (const Parameter& parameter : made.parameters) {
    std::vector<Config> longer;
    for (const Config& config : all)
      for (std::uint32_t choice = 0; choice < parameter.values.size(); ++choice) {
        longer.push_back(config);
        longer.back().choice.push_back(choice);
      }
    all = std::move(longer);
  }
  return all;
}

std::size_t distance(const Config& a, const Config& b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.choice.size(); ++i)
    if (a.choice[i] != b.choice[i]) ++count;
  return count;
}

std::vector<Config> valid_ones(const Case& made) {
  std::vector<Config> valid = combinations(made);
  valid.erase(std::remove_if(valid.begin(), valid.end(),
                             [&](const Config& config) { return !holds(made, config); }),
              valid.end());
  return valid;
}

RC_GTEST_PROP(SpaceProperty, AgreesWithBruteForce, ()) {
  const Case made = random_case();
  const std::vector<Config> valid = valid_ones(made);
  if (valid.empty()) {
    RC_ASSERT_THROWS_AS(Space(made.parameters, made.constraints), UserError);
    return;
  }
  const Space space(made.parameters, made.constraints);
  RC_ASSERT(space.count() == valid.size());
  std::vector<Config> indexed;
  for (std::size_t i = 0; i < valid.size(); ++i) indexed.push_back(space.at(i));
  std::sort(indexed.begin(), indexed.end());
  RC_ASSERT(indexed == valid);
  for (const Config& config : combinations(made)) {
    const bool expected = std::binary_search(valid.begin(), valid.end(), config);
    RC_ASSERT(space.valid(config) == expected);
    RC_ASSERT(space.why_invalid(config).empty() == expected);
  }
}

RC_GTEST_PROP(SpaceProperty, NeighboursAndRepairsAgreeWithBruteForce, ()) {
  const Case made = random_case();
  const std::vector<Config> valid = valid_ones(made);
  RC_PRE(!valid.empty());
  const Space space(made.parameters, made.constraints);
  Rng rng(static_cast<std::uint64_t>(*rc::gen::inRange(0, 1000)));
  const std::vector<Config> all = combinations(made);
  const Config from = all[rng.below(all.size())];
  std::set<Config> expected;
  for (const Config& other : valid)
    if (distance(from, other) == 1) expected.insert(other);
  const auto neighbours = space.neighbours(from);
  RC_ASSERT(std::set<Config>(neighbours.begin(), neighbours.end()) == expected);
  RC_ASSERT(neighbours.size() == expected.size());

  const Config repaired = space.repair(from, rng);
  RC_ASSERT(space.valid(repaired));
  if (space.valid(from)) RC_ASSERT(repaired == from);
  if (!space.valid(from) && !expected.empty()) RC_ASSERT(distance(from, repaired) == 1U);
  RC_ASSERT(space.valid(space.sample(rng)));
}

}  // namespace
}  // namespace evotune
