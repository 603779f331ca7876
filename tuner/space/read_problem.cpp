#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "space/sections.h"

namespace evotune {
namespace {

constexpr Within<std::int64_t> size_bounds{1, std::int64_t{1} << 40};

void read_shape(Reader& reader, const YamlNode& node, std::string_view key, Shape& shape) {
  shape.where = reader.place(node);
  if (!reader.is_map(node, key, "a map of names and sizes")) return;
  for (const YamlEntry& entry : node.entries) {
    const auto size = reader.whole(entry.value, entry.key.text, size_bounds);
    shape.sizes[entry.key.text] = size.value_or(1);
  }
}

std::vector<std::string> names_of(const Shape& shape) {
  std::vector<std::string> names;
  for (const auto& [name, size] : shape.sizes) names.push_back(name);
  return names;
}

void check_names_equal(Reader& reader, const Shape& shape, const Shape& first) {
  const auto expected = names_of(first);
  const auto found = names_of(shape);
  if (found == expected) return;
  reader.refuse(shape.where,
                fmt::format("this shape has the sizes {}, the problem has {}", join(found, ", "),
                            expected.empty() ? "none" : join(expected, ", ")),
                "every shape names the same sizes");
}

void read_shape_list(Reader& reader, const YamlNode& node, std::string_view key,
                     std::vector<Shape>& shapes) {
  if (!reader.is_list(node, key, "a list of maps of sizes", 100)) return;
  for (const YamlNode& one : node.items) {
    Shape shape;
    read_shape(reader, one, key, shape);
    const bool twice = std::any_of(shapes.begin(), shapes.end(),
                                   [&](const Shape& s) { return s.sizes == shape.sizes; });
    if (twice && one.kind == YamlNode::Kind::map)
      reader.refuse(one, fmt::format("{}: the shape {} stands here twice", key, to_text(shape)));
    else
      shapes.push_back(std::move(shape));
  }
}

}  // namespace

void read_problem(Reader& reader, const YamlNode& node, std::vector<Shape>& problem) {
  if (node.kind == YamlNode::Kind::list) {
    read_shape_list(reader, node, "problem", problem);
    for (const Shape& shape : problem) check_names_equal(reader, shape, problem.front());
  } else {
    Shape shape;
    read_shape(reader, node, "problem", shape);
    problem.push_back(std::move(shape));
  }
}

void read_shapes(Reader& reader, const YamlNode& node, SpaceFile& file) {
  const auto list = [&](std::vector<Shape>& shapes) {
    return [&reader, &shapes](const YamlNode& value, std::string_view key) {
      read_shape_list(reader, value, key, shapes);
    };
  };
  reader.fields(node, "shapes", {{"check", list(file.check)}, {"held_out", list(file.held_out)}});
  for (const auto* shapes : {&file.check, &file.held_out})
    for (const Shape& shape : *shapes) check_names_equal(reader, shape, file.problem.front());
}

void apply_overrides(Reader& reader, const Bindings& overrides, SpaceFile& file) {
  const Shape& first = file.problem.front();
  for (const auto& [name, value] : overrides) {
    const auto* size = std::get_if<std::int64_t>(&value);
    if (first.sizes.find(name) == first.sizes.end())
      reader.refuse(
          first.where, fmt::format("--problem {}: there is no such size", name),
          first.sizes.empty() ? "this space has no sizes" : suggestion(name, names_of(first)));
    else if (size == nullptr || *size < size_bounds.low || *size > size_bounds.high)
      reader.refuse(first.where, fmt::format("--problem {}={}: a size is a whole number from 1",
                                             name, to_text(value)));
    else
      for (Shape& shape : file.problem) shape.sizes[name] = value;
  }
  std::vector<Shape> different;  // what an override made equal is one shape
  for (Shape& shape : file.problem)
    if (std::none_of(different.begin(), different.end(),
                     [&](const Shape& s) { return s.sizes == shape.sizes; }))
      different.push_back(std::move(shape));
  file.problem = std::move(different);
}

}  // namespace evotune
