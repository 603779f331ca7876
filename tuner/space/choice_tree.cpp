#include "space/choice_tree.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

namespace evotune {
namespace {

constexpr std::uint64_t saturated = std::numeric_limits<std::uint64_t>::max();

/// Adds the subtree of a run of sorted combinations that agree before this level; one that is there
/// already is used again.
class Planter {
 public:
  explicit Planter(ChoiceTree& tree) : tree_(tree) {}

  ChoiceTree::NodeId plant(std::span<const Config> sorted, std::size_t level) {
    if (level == sorted.front().choice.size()) return ChoiceTree::leaf;
    std::vector<ChoiceTree::Branch> branches;
    std::vector<std::uint32_t> name;
    while (!sorted.empty()) {
      const std::uint32_t choice = sorted.front().choice[level];
      const auto end = std::find_if(sorted.begin(), sorted.end(),
                                    [&](const Config& one) { return one.choice[level] != choice; });
      const auto count = static_cast<std::size_t>(end - sorted.begin());
      branches.push_back({choice, plant(sorted.first(count), level + 1)});
      name.insert(name.end(), {choice, branches.back().node});
      sorted = sorted.subspan(count);
    }
    const auto known = planted_.find(name);
    if (known != planted_.end()) return known->second;
    return planted_[std::move(name)] = tree_.add(branches);
  }

 private:
  ChoiceTree& tree_;
  std::map<std::vector<std::uint32_t>, ChoiceTree::NodeId> planted_;  // by all their branches
};

}  // namespace

std::uint64_t product(std::uint64_t a, std::uint64_t b) {
  return b != 0 && a > saturated / b ? saturated : a * b;
}

std::uint64_t saturating_sum(std::uint64_t a, std::uint64_t b) {
  return a > saturated - b ? saturated : a + b;
}

ChoiceTree::ChoiceTree(std::vector<std::size_t> parameters)
    : parameters_(std::move(parameters)), nodes_{{1, 0, 0}} {}

ChoiceTree::NodeId ChoiceTree::add(std::span<const Branch> branches) {
  Node node{0, static_cast<std::uint32_t>(edges_.size()),
            static_cast<std::uint32_t>(branches.size())};
  for (const Branch& branch : branches) {
    edges_.push_back({node.count, branch.choice, branch.node});
    node.count = saturating_sum(node.count, nodes_[branch.node].count);
  }
  nodes_.push_back(node);
  return static_cast<NodeId>(nodes_.size() - 1);
}

std::span<const ChoiceTree::Edge> ChoiceTree::edges_of(NodeId id) const {
  const Node& node = nodes_[id];
  return std::span(edges_).subspan(node.first_edge, node.edges);
}

bool ChoiceTree::contains(const Config& config) const {
  NodeId node = root_;
  for (const std::size_t parameter : parameters_) {
    const auto edges = edges_of(node);
    const std::uint32_t wanted = config.choice[parameter];
    const auto found = std::lower_bound(
        edges.begin(), edges.end(), wanted,
        [](const Edge& edge, std::uint32_t choice) { return edge.choice < choice; });
    if (found == edges.end() || found->choice != wanted) return false;
    node = found->node;
  }
  return true;
}

void ChoiceTree::choose(std::uint64_t index, Config& config) const {
  NodeId node = root_;
  for (const std::size_t parameter : parameters_) {
    const auto edges = edges_of(node);
    const auto after =
        std::upper_bound(edges.begin(), edges.end(), index,
                         [](std::uint64_t at, const Edge& edge) { return at < edge.before; });
    const Edge& edge = *std::prev(after);
    index -= edge.before;
    config.choice[parameter] = edge.choice;
    node = edge.node;
  }
}

ChoiceTree tree_of(std::vector<Config> configs) {
  std::sort(configs.begin(), configs.end());
  configs.erase(std::unique(configs.begin(), configs.end()), configs.end());
  std::vector<std::size_t> parameters(configs.front().choice.size());
  std::iota(parameters.begin(), parameters.end(), std::size_t{0});
  ChoiceTree tree(std::move(parameters));
  tree.set_root(Planter(tree).plant(configs, 0));
  return tree;
}

std::size_t ChoiceTree::bytes() const {
  return nodes_.capacity() * sizeof(Node) + edges_.capacity() * sizeof(Edge);
}

}  // namespace evotune
