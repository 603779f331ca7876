#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <system_error>

#include "base/errors.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "kernel/constants.h"
#include "kernel/directives.h"
#include "kernel/headers_below.h"
#include "kernel/includes.h"
#include "kernel/literal.h"
#include "kernel/parameters.h"
#include "kernel/signature.h"
#include "kernel/source.h"

namespace evotune {
namespace {

namespace fs = std::filesystem;

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
                       const fs::path& root, const Location& where) {
  Template result;
  result.name = std::move(name);
  result.file = file;
  result.root = root;
  std::error_code unresolved;
  result.folder = fs::weakly_canonical(folder, unresolved);
  result.headers = std::make_shared<HeadersBelow>(
      fs::weakly_canonical(root.empty() ? folder : root, unresolved));
  try {
    result.text = without_byte_order_mark(read_file(file, largest_source));
  } catch (const IoError& error) {
    refuse(where, error.what());
  }
  return result;
}

bool offers_words(const ParameterDeclaration& parameter) {
  return parameter.kind != ParameterKind::value ||
         std::any_of(parameter.values.begin(), parameter.values.end(), [](const auto& one) {
           const Value* value = std::get_if<Value>(&one);
           return value != nullptr && std::holds_alternative<std::string>(*value);
         });
}

// The `#define`s and constants with a literal value. A word is none of a number's: it stands for
// what an `#ifdef` before it asks for.
Bindings defaults_in(std::string_view inlined, const SpaceFile& file) {
  Bindings defaults;
  const auto add = [&](std::string_view name, const std::vector<CodeToken>& tokens) {
    const std::optional<Value> value = literal_of(tokens);
    const ParameterDeclaration* parameter = find_parameter(file, name);
    const bool word = value && std::holds_alternative<std::string>(*value);
    if (value && (!word || parameter == nullptr || offers_words(*parameter)))
      defaults.try_emplace(std::string(name), *value);
  };
  const std::vector<CodeToken> tokens = code_tokens(inlined);
  for (const MacroDefinition& one : definitions_of(directives_of(tokens)))
    if (!one.takes_arguments) add(one.name, one.value);
  for (const ConstantDefinition& one : constants_of(significant_code(tokens)))
    add(one.name, one.value);
  for (const ParameterDeclaration& parameter : file.parameters)
    if (const auto found = defaults.find(parameter.name); found != defaults.end())
      found->second = as_offered(found->second, parameter);
  return defaults;
}

Template find_template(const SpaceFile& file) {
  const std::string& name = file.kernel.name;
  const Location& where = file.kernel.where;
  if (!fs::path(name).extension().empty()) {  // what is no name of a template: a file
    const fs::path folder = template_path(file.path).front();
    if (const fs::path found = file_in(folder, name, where); !found.empty())
      return read_template(found.stem().string(), found, found.parent_path(), folder, where);
    refuse(where, fmt::format("there is no '{}' beside the space file", name));
  }
  if (is_template_name(name))
    for (const fs::path& folder : template_path(file.path))
      if (const fs::path found = file_in(folder / name, "kernel.cu", where); !found.empty())
        return read_template(name, found, folder / name, {}, where);
  refuse(where, fmt::format("there is no kernel template '{}'", name),
         suggestion(name, known_templates(file)));
}

}  // namespace

Template load_template(const SpaceFile& file) {
  Template kernel = find_template(file);
  Result<InlinedText> inlined = inline_includes(kernel, all_fragments(file));
  if (!inlined) refuse(file.kernel.where, inlined.error().message);
  kernel.defaults = defaults_in(inlined->text, file);
  kernel.included = std::move(inlined->included);
  return kernel;
}

Template load_reference(const SpaceFile& file, const Template& kernel) {
  const Location& where = file.reference.where.line > 0 ? file.reference.where : file.kernel.where;
  const std::string& name = file.reference.file;
  const fs::path beside_space = template_path(file.path).front();
  for (const auto& [folder, root] :
       {std::pair(kernel.folder, kernel.root), std::pair(beside_space, beside_space)}) {
    const fs::path found = file_in(folder, name, where);
    if (found.empty()) continue;
    Template reference =
        read_template(kernel.name + " reference", found, found.parent_path(), root, where);
    // What is wrong with it is check_reference's to say.
    if (Result<InlinedText> inlined = inline_includes(reference, all_fragments(file)))
      reference.included = std::move(inlined->included);
    return reference;
  }
  refuse(where, fmt::format("there is no reference '{}'", name),
         fmt::format("looked for beside {} and beside the space file", kernel.file.string()));
}

std::string template_hash(const Template& kernel, const Template& reference) {
  return content_hash(kernel.text + reference.text + kernel.included + reference.included);
}

}  // namespace evotune
