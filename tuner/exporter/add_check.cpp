#include "base/errors.h"
#include "base/file.h"
#include "exporter/formats.h"
#include "kernel/includes.h"

namespace evotune {
namespace {

// With its includes written out, so that the export needs no template folder.
std::string reference_text(const Winner& winner) {
  Fragments chosen;
  for (const ParameterDeclaration& parameter : winner.file.parameters) {
    const auto value = winner.values.find(parameter.name);
    if (parameter.kind != ParameterKind::file || value == winner.values.end()) continue;
    chosen[parameter.name] = {to_text(value->second)};
  }
  const Result<InlinedText> inlined = inline_includes(winner.reference, chosen);
  if (!inlined) throw UserError(inlined.error().message);
  return (*inlined).text;
}

void add_inputs(const Winner& winner, ExportedFiles& files) {
  for (const ArgumentSpec& argument : winner.file.arguments) {
    const std::string& name = argument.values.file;
    if (argument.values.kind != ValuesSpec::Kind::file) continue;
    if (!is_inside(name))
      throw UserError(
          {{argument.where, "'" + name + "' is not below the space file's folder", ""}});
    files.push_back({name, read_file(winner.file.path.parent_path() / name)});
  }
}

}  // namespace

void add_check(const Winner& winner, ExportedFiles& files) {
  files.push_back({"space.yaml", winner.file.text});
  files.push_back({"reference.cu", reference_text(winner)});
  files.push_back({"baseline.cu", winner.baseline.text});
  add_inputs(winner, files);
}

}  // namespace evotune
