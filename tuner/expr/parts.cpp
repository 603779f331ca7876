#include "expr/parts.h"

#include <algorithm>
#include <utility>

#include "expr/parsed.h"

namespace evotune {
namespace {

bool is_whole(Form form) {
  return form != Form::constant && form != Form::name && form != Form::list;
}

// Unlike an expression's text it is the same for equal trees, and no identifier.
std::string spelled(const Syntax& syntax, std::uint32_t at, std::size_t children) {
  const Node& node = syntax.nodes[at];
  if (node.form == Form::name) return syntax.names[node.name].text;
  if (node.form == Form::constant)
    return std::to_string(node.constant.index()) + '\'' + to_text(node.constant) + '\'';
  std::string text = "(" + std::to_string(static_cast<int>(node.form));
  if (node.form == Form::unary) text += spelling(node.op);
  for (std::size_t i = 0; i < children; ++i) {
    text += ' ';
    if (i > 0) text += spelling(node.children[i].joined_by);
    const std::uint32_t child = node.children[i].node;
    text += spelled(syntax, child, syntax.nodes[child].children.size());
  }
  return text + ")";
}

}  // namespace

struct Parts::Source {
  const Syntax& syntax;
  std::vector<std::size_t> depths;  ///< per node

  Source(const Syntax& from, const DepthOf& depth_of) : syntax(from) {
    std::vector<std::size_t> names;
    for (const Name& name : from.names) names.push_back(depth_of(name.text));
    for (const Node& node : from.nodes)  // children come before parents
      depths.push_back(node.form == Form::name ? names[node.name]
                                               : depth_of_children(node, node.children.size()));
  }

  [[nodiscard]] std::size_t depth_of_children(const Node& node, std::size_t children) const {
    std::size_t depth = 0;
    for (std::size_t i = 0; i < children; ++i)
      depth = std::max(depth, depths[node.children[i].node]);
    return depth;
  }
};

struct Parts::Target {
  Syntax syntax;

  std::uint32_t add(Node node) {
    syntax.nodes.push_back(std::move(node));
    return static_cast<std::uint32_t>(syntax.nodes.size() - 1);
  }

  std::uint32_t add_name(const std::string& text, std::size_t column) {
    const auto found = std::find_if(syntax.names.begin(), syntax.names.end(),
                                    [&](const Name& name) { return name.text == text; });
    Node node;
    node.form = Form::name;
    node.column = column;
    node.name = static_cast<std::uint32_t>(found - syntax.names.begin());
    if (found == syntax.names.end()) syntax.names.push_back({text, column});
    return add(std::move(node));
  }
};

Expression Parts::take_apart(const Expression& expression) {
  const Source source(expression.parsed_->syntax, depth_of_);
  Target target;
  const std::uint32_t root = source.syntax.root;
  target.syntax.root = rewritten(source, root, source.depths[root], target);
  return Expression::from(expression.text(), std::move(target.syntax));
}

// What is known at a smaller depth than the expression around it becomes a part; so does what is
// one already.
std::uint32_t Parts::rewritten(const Source& source, std::uint32_t at, std::size_t depth,
                               Target& target) {
  const Node& node = source.syntax.nodes[at];
  if (node.form == Form::name)
    return target.add_name(source.syntax.names[node.name].text, node.column);
  const std::size_t all = node.children.size();
  const std::size_t own = source.depths[at];
  if (own > 0 && is_whole(node.form) &&
      (own < depth || depths_.count(spelled(source.syntax, at, all)) > 0))
    return named(source, at, all, target);
  return copied(source, at, all, depth, target);
}

// Of a chain like a + b + c, which is worked out from the left, its beginning may be a part.
std::uint32_t Parts::copied(const Source& source, std::uint32_t at, std::size_t children,
                            std::size_t depth, Target& target) {
  const Node& node = source.syntax.nodes[at];
  Node copy = node;
  copy.children.clear();
  std::size_t done = 0;
  if (node.form == Form::fold) {
    std::size_t early = children;
    while (early > 1 && source.depth_of_children(node, early) >= depth) --early;
    if (early > 1 && early < children && source.depth_of_children(node, early) > 0) {
      copy.children.push_back({named(source, at, early, target), {}, node.column});
      done = early;
    }
  }
  for (; done < children; ++done) {
    Child child = node.children[done];
    child.node = rewritten(source, child.node, depth, target);
    copy.children.push_back(child);
  }
  return target.add(std::move(copy));
}

std::uint32_t Parts::named(const Source& source, std::uint32_t at, std::size_t children,
                           Target& target) {
  const Node& node = source.syntax.nodes[at];
  const std::string name = spelled(source.syntax, at, children);
  if (depths_.count(name) == 0) {
    Target part;
    const std::size_t depth = source.depth_of_children(node, children);
    part.syntax.root = copied(source, at, children, depth, part);
    parts_.push_back({name, Expression::from(name, std::move(part.syntax))});
    depths_.emplace(name, depth);
  }
  return target.add_name(name, node.column);
}

}  // namespace evotune
