#include "kernel/check_template.h"

#include <fmt/format.h>

#include <set>

#include "base/text.h"
#include "kernel/check_arguments.h"
#include "kernel/includes.h"
#include "kernel/lexer.h"
#include "kernel/parameters.h"
#include "kernel/used_names.h"

namespace evotune {
namespace {

// LAYOUT may occur as LAYOUT_row alone.
bool occurs(const ParameterDeclaration& parameter, const Outline& outline) {
  if (outline.identifiers.count(parameter.name) > 0) return true;
  for (const auto& one : parameter.values)
    if (const Value* value = std::get_if<Value>(&one))
      if (outline.identifiers.count(parameter.name + "_" + to_text(*value)) > 0) return true;
  return false;
}

std::vector<std::string> names_in(std::string_view entry) {
  std::vector<std::string> names;
  for (const CodeToken& token : code_tokens(entry))
    if (token.kind == CodeTokenKind::identifier) names.emplace_back(token.text);
  return names;
}

void check_use(const SpaceFile& file, const Outline& outline, std::vector<Mistake>& mistakes) {
  std::set<std::string, std::less<>> used;
  for (const std::string& name : used_names(file)) used.insert(name);
  for (const std::string& name : names_in(file.kernel.entry)) used.insert(name);
  const std::vector<std::string> macros(outline.defined.begin(), outline.defined.end());
  for (const ParameterDeclaration& parameter : file.parameters) {
    const bool is_used = parameter.kind == ParameterKind::option ||
                         used.count(parameter.name) > 0 || occurs(parameter, outline);
    if (is_used) continue;
    const auto near = closest(parameter.name, macros);
    mistakes.push_back(
        {parameter.where,
         fmt::format("parameter '{}' is used neither by the template nor in the launch or an "
                     "expression",
                     parameter.name),
         near ? fmt::format("did you mean '{}'?", *near) : std::string{}});
  }
}

void check_baseline(const Template& kernel, const SpaceFile& file, std::vector<Mistake>& mistakes) {
  const bool declared = file.baseline.has_value();
  for (const ParameterDeclaration& parameter : file.parameters) {
    if (parameter.kind == ParameterKind::option) continue;
    const bool given = declared && file.baseline->values.count(parameter.name) > 0;
    if (given || kernel.defaults.count(parameter.name) > 0) continue;
    mistakes.push_back({declared ? file.baseline->where : parameter.where,
                        fmt::format("the baseline has no value for '{}'", parameter.name),
                        fmt::format("name one in baseline: {{config: {{{}: …}}}}, or give the "
                                    "template a #define of it",
                                    parameter.name)});
  }
}

// Each fragment by itself, so that a mistake stands at the parameter that names it.
void check_fragments(const Template& kernel, const SpaceFile& file,
                     std::vector<Mistake>& mistakes) {
  const Fragments all = all_fragments(file);
  for (const ParameterDeclaration& parameter : file.parameters) {
    if (parameter.kind != ParameterKind::file) continue;
    for (const std::string& name : all.at(parameter.name)) {
      Template one = kernel;
      one.text = fmt::format("#include \"{}\"\n", name);
      if (const auto text = inline_includes(one, all); !text)
        mistakes.push_back({parameter.where,
                            fmt::format("{}: {}", parameter.name, text.error().message),
                            "a file of the template's folder"});
    }
  }
}

}  // namespace

std::vector<Mistake> check_template(const Template& kernel, const SpaceFile& file) {
  std::vector<Mistake> mistakes;
  check_fragments(kernel, file, mistakes);
  if (!mistakes.empty()) return mistakes;
  const Result<InlinedText> inlined = inline_includes(kernel, all_fragments(file));
  if (!inlined) return {{file.kernel.where, inlined.error().message, {}}};
  Outline outline = outline_of(inlined->text);
  outline.identifiers.insert(inlined->fragments.begin(), inlined->fragments.end());
  check_use(file, outline, mistakes);
  check_baseline(kernel, file, mistakes);
  const EntryQuestion question{file.kernel.entry, file.kernel.entry_where, false};
  for (Mistake& one : check_entry(question, outline, file.arguments))
    mistakes.push_back(std::move(one));
  for (Mistake& one : check_constants(outline, file.arguments)) mistakes.push_back(std::move(one));
  return mistakes;
}

std::vector<Mistake> check_reference(const Template& reference, const SpaceFile& file) {
  const Location& where = file.reference.where.line > 0 ? file.reference.where : file.kernel.where;
  const Result<InlinedText> inlined = inline_includes(reference, all_fragments(file));
  if (!inlined) return {{where, inlined.error().message, {}}};
  std::vector<Mistake> mistakes =
      check_entry({file.reference.entry, where, true}, outline_of(inlined->text), file.arguments);
  for (Mistake& one : mistakes) {
    one.what = "reference: " + one.what;
    one.where = where;
  }
  return mistakes;
}

}  // namespace evotune
