#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "expr/expression.h"
#include "expr/syntax.h"

namespace evotune {

/// Takes expressions apart, for when their names get values one after the other: what can be worked
/// out before the last of an expression's names has its value becomes an expression of its own,
/// under a name of its own. Equal ones are one.
///
/// A part that has no value must do no harm before somebody asks for it: it may stand in a branch
/// that is never taken.
class Parts {
 public:
  /// Of a name: how many values are given before its own is known, from 1; 0: it is constant.
  using DepthOf = std::function<std::size_t(const std::string& name)>;
  struct Part {
    std::string name;  ///< no identifier
    Expression expression;
  };

  explicit Parts(DepthOf depth_of) : depth_of_(std::move(depth_of)) {}

  /// The same in terms of parts. New ones are appended to parts(), each after those it names.
  [[nodiscard]] Expression take_apart(const Expression&);
  [[nodiscard]] std::span<const Part> parts() const { return parts_; }

 private:
  struct Source;
  struct Target;

  std::uint32_t rewritten(const Source&, std::uint32_t node, std::size_t depth, Target&);
  std::uint32_t copied(const Source&, std::uint32_t node, std::size_t children, std::size_t depth,
                       Target&);
  std::uint32_t named(const Source&, std::uint32_t node, std::size_t children, Target&);

  DepthOf depth_of_;
  std::vector<Part> parts_;
  std::unordered_map<std::string, std::size_t> depths_;  ///< of the parts, by their names
};

}  // namespace evotune
