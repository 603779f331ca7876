#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "space/choice_tree.h"
#include "space/constraints.h"
#include "space/space.h"

namespace evotune {

/// Builds the tree of all beginnings of a length that no constraint refuses: what binds the first
/// `depth` parameters of an order.
class TreeSearch {
 public:
  /// `sizes`: how many values each parameter of the order has.
  TreeSearch(const Constraints&, std::span<const std::size_t> order,
             std::span<const std::uint64_t> sizes, std::size_t depth);

  /// False if it takes too long.
  [[nodiscard]] bool run(std::uint64_t most_steps);

  [[nodiscard]] bool found() const { return found_; }  ///< anything
  [[nodiscard]] ChoiceTree take_tree() { return std::move(tree_); }
  [[nodiscard]] const Space::Trouble& trouble() const { return trouble_; }

 private:
  struct Subtree {
    std::optional<ChoiceTree::NodeId> node;  ///< nothing: no combination is valid
    std::uint64_t trouble = 0;
  };
  /// What is known before a level is bound and matters at it or later: parameters, lets, parts.
  struct Level {
    std::vector<std::size_t> live;                   ///< slots, ascending
    bool repeats = false;                            ///< the same values may be met again
    std::unordered_map<std::string, Subtree> known;  ///< by these values
  };

  void find_levels();
  [[nodiscard]] std::string key(const Level&) const;
  std::optional<Subtree> subtree(std::size_t at);
  std::optional<Subtree> expanded(std::size_t at);
  Verdict verdict_at(std::size_t at);
  void explain_error(std::size_t at);
  [[nodiscard]] std::uint64_t combinations_below(std::size_t at) const;

  const Constraints& written_;
  std::vector<std::size_t> order_;
  std::vector<std::uint64_t> sizes_;
  const std::size_t depth_;
  const Definition definition_;  ///< in stages
  const Constraints constraints_;
  const Constraints::Plan plan_;
  Assignment assignment_;
  std::vector<std::uint64_t> choices_;                     ///< per level
  std::vector<std::vector<ChoiceTree::Branch>> branches_;  ///< per level, of the node being built
  std::vector<Level> levels_;
  ChoiceTree tree_;
  std::uint64_t steps_ = 0, most_steps_ = 0, known_ = 0;
  bool found_ = false;
  Space::Trouble trouble_;
};

}  // namespace evotune
