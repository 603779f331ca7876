#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "space/config.h"

namespace evotune {

/// A set of combinations of some parameters' choices, as a tree with a level for each parameter.
/// Equal subtrees may be one, so that it takes far less memory than what it holds. The leaves are
/// counted below every node: that makes index, membership and uniform samples a matter of as many
/// steps as there are levels.
class ChoiceTree {
 public:
  using NodeId = std::uint32_t;
  static constexpr NodeId leaf = 0;
  struct Branch {
    std::uint32_t choice = 0;
    NodeId node = leaf;
  };

  /// The parameter of each level, the root's first.
  explicit ChoiceTree(std::vector<std::size_t> parameters = {});

  /// Takes at least one branch, by ascending choice.
  NodeId add(std::span<const Branch>);
  void set_root(NodeId root) { root_ = root; }

  [[nodiscard]] std::span<const std::size_t> parameters() const { return parameters_; }
  [[nodiscard]] std::uint64_t count() const { return nodes_[root_].count; }  ///< saturates
  [[nodiscard]] bool contains(const Config&) const;
  /// Makes the tree's parameters those of its index-th combination.
  void choose(std::uint64_t index, Config&) const;
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Node {
    std::uint64_t count = 0;
    std::uint32_t first_edge = 0;
    std::uint32_t edges = 0;
  };
  struct Edge {
    std::uint64_t before = 0;  ///< leaves below this node that come before this edge's
    std::uint32_t choice = 0;
    NodeId node = leaf;
  };
  [[nodiscard]] std::span<const Edge> edges_of(NodeId) const;

  std::vector<std::size_t> parameters_;
  std::vector<Node> nodes_;
  std::vector<Edge> edges_;
  NodeId root_ = leaf;
};

/// The tree of exactly these combinations of all parameters; at least one of them.
[[nodiscard]] ChoiceTree tree_of(std::vector<Config>);

/// Saturating, as are all counts of a space.
[[nodiscard]] std::uint64_t product(std::uint64_t, std::uint64_t);
[[nodiscard]] std::uint64_t saturating_sum(std::uint64_t, std::uint64_t);

}  // namespace evotune
