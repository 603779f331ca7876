#include <fmt/format.h>

#include "base/text.h"
#include "space/sections.h"

namespace evotune {
namespace {

// "gemm", "ns::gemm" or "gemm<BM, BN>"; its parts are checked by the compiler.
bool is_entry(std::string_view text) {
  constexpr std::string_view forbidden = ";{}\"'\\#\n\r\t";
  if (text.find_first_of(forbidden) != std::string_view::npos) return false;
  std::string_view name = text.substr(0, text.find('<'));
  for (std::size_t colons; (colons = name.find("::")) != std::string_view::npos;
       name.remove_prefix(colons + 2))
    if (!is_identifier(name.substr(0, colons))) return false;
  const bool arguments = text.find('<') != std::string_view::npos;
  return is_identifier(trim(name)) && (!arguments || text.ends_with('>'));
}

void read_entry(Reader& reader, const YamlNode& node, std::string_view key, std::string& entry) {
  const auto read = reader.text(node, key, "a kernel's name");
  if (!read) return;
  if (is_entry(*read))
    entry = *read;
  else
    reader.refuse(node, fmt::format("{} must be a kernel's name, not {}", key, describe(node)),
                  "gemm, or a C++ name expression such as \"gemm<BM, BN>\"");
}

void read_extents(Reader& reader, const YamlNode& node, std::string_view key,
                  std::vector<PlacedExpression>& extents) {
  const Scope scope = configuration_scope(reader.names());
  const auto add = [&](const YamlNode& one) {
    if (auto read = reader.expression(one, key, scope)) extents.push_back(*std::move(read));
  };
  if (node.kind == YamlNode::Kind::text) {
    add(node);
  } else if (reader.is_list(node, key, "a list of one to three expressions", 3)) {
    for (const YamlNode& one : node.items) add(one);
  }
}

}  // namespace

void read_kernel(Reader& reader, const YamlNode& node, KernelDeclaration& kernel) {
  kernel.where = kernel.entry_where = reader.place(node);
  reader.fields(node, "kernel",
                {{"template",
                  [&](const YamlNode& value, std::string_view key) {
                    kernel.where = reader.place(value);
                    if (auto name = reader.path(value, key)) kernel.name = *std::move(name);
                  },
                  true},
                 {"entry",
                  [&](const YamlNode& value, std::string_view key) {
                    kernel.entry_where = reader.place(value);
                    read_entry(reader, value, key, kernel.entry);
                  },
                  true}});
}

void read_launch(Reader& reader, const YamlNode& node, std::string_view key,
                 LaunchDeclaration& launch) {
  launch.where = reader.place(node);
  const auto extents = [&](std::vector<PlacedExpression>& target) {
    return [&reader, &target](const YamlNode& value, std::string_view name) {
      read_extents(reader, value, name, target);
    };
  };
  reader.fields(node, key,
                {{"grid", extents(launch.grid), true},
                 {"block", extents(launch.block), true},
                 {"shared_bytes", [&](const YamlNode& value, std::string_view name) {
                    launch.shared_bytes =
                        reader.expression(value, name, configuration_scope(reader.names()));
                  }}});
}

void read_reference(Reader& reader, const YamlNode& node, ReferenceDeclaration& reference) {
  reference.where = reader.place(node);
  const auto file = [&](const YamlNode& value, std::string_view key) {
    if (auto path = reader.path(value, key)) reference.file = *std::move(path);
  };
  if (node.kind == YamlNode::Kind::text) return file(node, "reference");
  reader.fields(
      node, "reference",
      {{"file", file},
       {"entry", [&](const YamlNode& value,
                     std::string_view key) { read_entry(reader, value, key, reference.entry); }},
       {"launch", [&](const YamlNode& value, std::string_view key) {
          read_launch(reader, value, key, reference.launch.emplace());
        }}});
}

void read_lets(Reader& reader, const YamlNode& node, std::vector<NamedExpression>& lets) {
  if (!reader.is_map(node, "let", "a map of names and expressions")) return;
  if (node.entries.size() > most_named_expressions)
    return reader.refuse(node, fmt::format("more than {} lets", most_named_expressions));
  for (std::size_t i = 0; i < node.entries.size(); ++i) {
    const auto& [key, value] = node.entries[i];
    auto read = reader.expression(value, key.text, let_scope(reader.names(), i));
    if (read) lets.push_back({key.text, std::move(read->expression), std::move(read->where)});
  }
}

void read_constraints(Reader& reader, const YamlNode& node,
                      std::vector<PlacedExpression>& constraints) {
  if (node.kind == YamlNode::Kind::list && node.items.empty()) return;
  if (!reader.is_list(node, "constraints", "a list of expressions")) return;
  const Scope scope = configuration_scope(reader.names());
  for (const YamlNode& one : node.items)
    if (auto read = reader.expression(one, "a constraint", scope))
      constraints.push_back(*std::move(read));
}

}  // namespace evotune
