#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <system_error>

#include "base/errors.h"
#include "base/file.h"
#include "base/text.h"
#include "kernel/directives.h"
#include "kernel/includes.h"
#include "kernel/literal.h"
#include "kernel/parameters.h"
#include "kernel/source.h"

namespace evotune {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_template = std::size_t{1} << 20;

bool is_template_name(std::string_view name) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  return !name.empty() && name.find_first_not_of(allowed) == std::string_view::npos;
}

std::vector<std::string> known_templates(const SpaceFile& file) {
  std::set<std::string> names;
  std::error_code absent;
  for (const fs::path& folder : template_path(file.path)) {
    if (!fs::is_directory(folder, absent)) continue;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, absent))
      if (fs::is_regular_file(entry.path() / "kernel.cu", absent))
        names.insert(entry.path().filename().string());
  }
  return {names.begin(), names.end()};
}

[[noreturn]] void refuse(const Location& where, std::string what, std::string hint = {}) {
  throw UserError(std::vector<Mistake>{{where, std::move(what), std::move(hint)}});
}

// A regular file of this folder, links followed; an empty path where there is none.
fs::path file_in(const fs::path& folder, const fs::path& name, const Location& where) {
  std::error_code absent;
  const fs::path root = fs::weakly_canonical(folder, absent);
  const fs::path file = fs::weakly_canonical(root / name, absent);
  const auto [in_root, in_file] = std::mismatch(root.begin(), root.end(), file.begin(), file.end());
  if (in_root != root.end() || in_file == file.end())
    refuse(where, fmt::format("'{}' is outside its folder", name.string()),
           "a path below " + folder.string());
  return fs::is_regular_file(file, absent) ? file : fs::path{};
}

Template read_template(std::string name, const fs::path& file, const fs::path& folder,
                       const Location& where) {
  Template result;
  result.name = std::move(name);
  result.file = file;
  std::error_code unresolved;
  result.folder = fs::weakly_canonical(folder, unresolved);
  try {
    result.text = read_file(file, largest_template);
  } catch (const IoError& error) {
    refuse(where, error.what());
  }
  return result;
}

// The `#define`s with a literal value, in the kernel and all that it may include.
Bindings defaults_of(const Template& kernel, const SpaceFile& file) {
  const Result<InlinedText> inlined = inline_includes(kernel, all_fragments(file));
  if (!inlined) refuse(file.kernel.where, inlined.error().message);
  Bindings defaults;
  for (const MacroDefinition& one : definitions_of(directives_of(code_tokens(inlined->text)))) {
    const std::optional<Value> value = literal_of(one.value);
    if (value && !one.takes_arguments) defaults.try_emplace(std::string(one.name), *value);
  }
  for (const ParameterDeclaration& parameter : file.parameters)
    if (const auto found = defaults.find(parameter.name); found != defaults.end())
      found->second = as_offered(found->second, parameter);
  return defaults;
}

Template find_template(const SpaceFile& file) {
  const std::string& name = file.kernel.name;
  const Location& where = file.kernel.where;
  if (name.ends_with(".cu")) {
    const fs::path folder = template_path(file.path).front();
    if (const fs::path found = file_in(folder, name, where); !found.empty()) {
      Template kernel = read_template(found.stem().string(), found, found.parent_path(), where);
      std::error_code unresolved;
      kernel.root = fs::weakly_canonical(folder, unresolved);
      return kernel;
    }
    refuse(where, fmt::format("there is no '{}' beside the space file", name));
  }
  if (is_template_name(name))
    for (const fs::path& folder : template_path(file.path))
      if (const fs::path found = file_in(folder / name, "kernel.cu", where); !found.empty())
        return read_template(name, found, folder / name, where);
  refuse(where, fmt::format("there is no kernel template '{}'", name),
         suggestion(name, known_templates(file)));
}

}  // namespace

Template load_template(const SpaceFile& file) {
  Template kernel = find_template(file);
  kernel.defaults = defaults_of(kernel, file);
  return kernel;
}

Template load_reference(const SpaceFile& file, const Template& kernel) {
  const Location& where = file.reference.where.line > 0 ? file.reference.where : file.kernel.where;
  const std::string& name = file.reference.file;
  for (const fs::path& folder : {kernel.folder, template_path(file.path).front()})
    if (const fs::path found = file_in(folder, name, where); !found.empty())
      return read_template(kernel.name + " reference", found, found.parent_path(), where);
  refuse(where, fmt::format("there is no reference '{}'", name),
         fmt::format("looked for beside {} and beside the space file", kernel.file.string()));
}

}  // namespace evotune
