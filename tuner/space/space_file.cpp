#include "space/space_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "space/sections.h"

namespace evotune {
namespace {

void read_name(Reader& reader, const YamlNode& node, std::string_view key, std::string& name) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
  const auto read = reader.text(node, key, "a name");
  if (!read) return;
  if (read->find_first_not_of(allowed) == std::string::npos && read->front() != '.' &&
      read->front() != '-')
    name = *read;
  else
    reader.refuse(node, fmt::format("{} is not a name for a space", describe(node)),
                  "letters, digits, '_', '-' and '.'");
}

// The sections that others refer to, which are therefore read before them.
void read_problem_and_parameters(Reader& reader, const YamlNode& root, SpaceFile& file) {
  if (const YamlNode* problem = root.find("problem")) read_problem(reader, *problem, file.problem);
  if (file.problem.empty()) file.problem.push_back({{}, reader.place(root)});
  if (const YamlNode* parameters = root.find("parameters"))
    read_parameters(reader, *parameters, file.parameters);
  if (const YamlNode* options = root.find("options")) read_options(reader, *options, file);
}

template <typename Target>
Reader::Read section(Reader& reader, void (*read)(Reader&, const YamlNode&, Target&),
                     Target& target) {
  return [&reader, read, &target](const YamlNode& node, std::string_view) {
    read(reader, node, target);
  };
}

void read_root(Reader& reader, const YamlNode& root, SpaceFile& file) {
  const Reader::Read read_before = [](const YamlNode&, std::string_view) {};
  reader.fields(root, "the space file",
                {{"name", [&](const YamlNode& node,
                              std::string_view key) { read_name(reader, node, key, file.name); }},
                 {"kernel", section(reader, read_kernel, file.kernel), true},
                 {"problem", read_before},
                 {"shapes", section(reader, read_shapes, file)},
                 {"parameters", read_before},
                 {"let", section(reader, read_lets, file.lets)},
                 {"constraints", section(reader, read_constraints, file.constraints)},
                 {"launch",
                  [&](const YamlNode& node, std::string_view key) {
                    read_launch(reader, node, key, file.launch);
                  },
                  true},
                 {"options", read_before},
                 {"arguments",
                  [&](const YamlNode& node, std::string_view) {
                    read_arguments(reader, node, file.parameters, file.arguments);
                  },
                  true},
                 {"reference", section(reader, read_reference, file.reference)},
                 {"baseline", section(reader, read_baseline, file)},
                 {"presets", section(reader, read_presets, file)},
                 {"verify", section(reader, read_verify, file.verify)},
                 {"gates", section(reader, read_gates, file.gates)},
                 {"metrics", section(reader, read_metrics, file.metrics)},
                 {"fitness", section(reader, read_fitness, file)},
                 {"search", section(reader, read_search, file.search)},
                 {"stop", section(reader, read_stop, file.stop)},
                 {"measure", section(reader, read_measure, file.measure)}});
}

[[noreturn]] void throw_in_order(std::vector<Mistake> mistakes) {
  std::stable_sort(mistakes.begin(), mistakes.end(), [](const Mistake& a, const Mistake& b) {
    return std::pair(a.where.line, a.where.column) < std::pair(b.where.line, b.where.column);
  });
  constexpr std::size_t most_shown = 50;
  if (mistakes.size() > most_shown) {
    Mistake rest;
    rest.where.file = mistakes.front().where.file;
    rest.what = fmt::format("and {} more", mistakes.size() - most_shown);
    mistakes.resize(most_shown);
    mistakes.push_back(std::move(rest));
  }
  throw UserError(std::move(mistakes));
}

void add_space_files(const std::filesystem::path& folder, std::vector<std::string>& found) {
  std::error_code unreadable;  // then there is nothing to suggest
  for (const auto& entry : std::filesystem::directory_iterator(folder, unreadable))
    if (entry.path().extension() == ".yaml")
      found.push_back(entry.path().lexically_normal().string());
}

// A file that is not there is the user's mistake; a disk that does not answer is not.
void demand_existing(const std::filesystem::path& path) {
  std::error_code unknown;
  if (std::filesystem::exists(path, unknown) || unknown) return;
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  std::vector<std::string> known;
  add_space_files(folder, known);
  add_space_files("search_spaces", known);
  for (const std::string& one : known)  // a space's name where its file is asked for
    if (std::filesystem::path(one).stem() == path.filename())
      throw UserError("there is no file " + path.string(), "did you mean '" + one + "'?");
  const auto near = closest(path.lexically_normal().string(), known);
  throw UserError("there is no file " + path.string(), near ? "did you mean '" + *near + "'?" : "");
}

}  // namespace

std::string to_text(const Shape& shape) { return to_text(shape.sizes); }

SpaceFile parse_space_file(const std::filesystem::path& path, std::string text,
                           const Bindings& problem_overrides) {
  YamlDocument document = parse_yaml(text, path.string());
  if (!document.readable) throw_in_order(std::move(document.mistakes));
  const Names names = collect_names(document.root);
  Reader reader(path.string(), names);
  SpaceFile file;
  file.path = path;
  file.name = path.stem().string();
  file.hash = content_hash(text);
  file.text = std::move(text);
  file.reference.where = file.search.where = file.search.strategy_where =
      reader.place(document.root);

  read_problem_and_parameters(reader, document.root, file);
  read_root(reader, document.root, file);
  check_declared_names(reader, document.root, file);
  apply_overrides(reader, problem_overrides, file);

  std::vector<Mistake> mistakes = std::move(document.mistakes);
  for (Mistake& mistake : reader.take_mistakes()) mistakes.push_back(std::move(mistake));
  if (!mistakes.empty()) throw_in_order(std::move(mistakes));
  return file;
}

SpaceFile read_space_file(const std::filesystem::path& path, const Bindings& problem_overrides) {
  demand_existing(path);
  constexpr std::size_t limit = std::size_t{4} << 20;  // what is above 1 MiB gets a better message
  return parse_space_file(path, read_file(path, limit), problem_overrides);
}

}  // namespace evotune
