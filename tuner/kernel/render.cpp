#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "base/hash.h"
#include "kernel/constants.h"
#include "kernel/declared_names.h"
#include "kernel/directives.h"
#include "kernel/entry.h"
#include "kernel/host_code.h"
#include "kernel/host_names.h"
#include "kernel/includes.h"
#include "kernel/literal.h"
#include "kernel/options.h"
#include "kernel/parameters.h"
#include "kernel/signature.h"
#include "kernel/source.h"

namespace evotune {
namespace {

using Names = std::set<std::string, std::less<>>;

/// Name and text of each macro, in the order in which they are written.
using Macros = std::vector<std::pair<std::string, std::string>>;

Failure missing(std::string_view name) {
  return {Stage::render, fmt::format("'{}' has no value", name)};
}

// The one file that each file parameter names in this variant.
Result<Fragments> chosen_fragments(const SpaceFile& file, const Bindings& bound) {
  Fragments chosen;
  for (const ParameterDeclaration& parameter : file.parameters) {
    if (parameter.kind != ParameterKind::file) continue;
    const auto value = bound.find(parameter.name);
    if (value == bound.end()) return missing(parameter.name);
    if (const auto* name = std::get_if<std::string>(&value->second))
      chosen[parameter.name] = {*name};
  }
  return chosen;
}

bool is_set_as_constant(const Outline& outline, std::string_view name, const Value& value) {
  return outline.constants.find(name) != outline.constants.end() &&
         !std::holds_alternative<std::string>(value);
}

bool is_argument(const Outline& outline, std::string_view entry, const std::string& name) {
  const std::string kernel = kernel_name(entry);
  for (const KernelSignature& one : outline.kernels) {
    if (one.name != kernel || !one.parameters) continue;
    for (const KernelParameter& parameter : *one.parameters)
      if (parameter.name == name) return true;
  }
  return false;
}

// A parameter that is a C++ template parameter in the text reaches it through the entry's name, and
// one in the entry's own list as an argument; as a macro it would break `template <int BM>` or
// `void k(int BM)`. One that the text never says must stay out of the way of the headers that it
// includes.
bool becomes_macro(const Outline& outline, std::string_view entry,
                   const ParameterDeclaration& parameter, const Value& value) {
  if (parameter.kind == ParameterKind::option) return false;
  if (outline.defined.count(parameter.name) > 0) return true;
  if (outline.template_parameters.count(parameter.name) > 0) return false;
  if (is_argument(outline, entry, parameter.name)) return false;
  if (is_set_as_constant(outline, parameter.name, value)) return false;
  return outline.identifiers.count(parameter.name) > 0 ||
         outline.identifiers.count(parameter.name + "_" + to_text(value)) > 0;
}

// `reference.cu` computes in double whatever the kernel computes in.
Value in_double(const Value& value) {
  const auto* type = std::get_if<std::string>(&value);
  const auto element = type != nullptr ? element_type_from(*type) : std::nullopt;
  return element && is_floating(*element) ? Value{"double"} : value;
}

Bindings in_double(const SpaceFile& file, Bindings bound) {
  for (const ParameterDeclaration& parameter : file.parameters)
    if (const auto found = bound.find(parameter.name);
        found != bound.end() && parameter.kind == ParameterKind::type)
      found->second = in_double(found->second);
  return bound;
}

Result<Macros> parameter_macros(const Outline& outline, std::string_view entry,
                                const SpaceFile& file, const Bindings& bound) {
  Macros macros;
  for (const ParameterDeclaration& parameter : file.parameters) {
    const auto found = bound.find(parameter.name);
    if (found == bound.end()) return missing(parameter.name);
    const Value& value = found->second;
    if (!becomes_macro(outline, entry, parameter, value)) continue;
    const Result<std::string> text = macro_text(value, parameter.kind);
    if (!text) return text.error();
    macros.emplace_back(parameter.name, *text);
    // The preprocessor cannot compare names, but it can ask whether one is defined.
    const bool identifier = std::holds_alternative<std::string>(value);
    if (identifier && parameter.kind == ParameterKind::value)
      macros.emplace_back(parameter.name + "_" + *text, "1");
  }
  return macros;
}

// Sizes and lets are macros only where the template has a `#define` of that name, or says it and
// declares it nowhere: `M` is a kernel parameter in most templates.
bool derived_becomes_macro(const Outline& outline, const std::string& name) {
  if (outline.defined.count(name) > 0) return true;
  return outline.identifiers.count(name) > 0 && outline.declared.count(name) == 0 &&
         outline.template_parameters.count(name) == 0;
}

Result<Macros> derived_macros(const Outline& outline, const SpaceFile& file,
                              const Bindings& bound) {
  Macros macros;
  for (const auto& [name, value] : bound) {
    if (find_parameter(file, name) != nullptr || !derived_becomes_macro(outline, name)) continue;
    const Result<std::string> text = macro_text(value, ParameterKind::value);
    if (!text) return text.error();
    macros.emplace_back(name, *text);
  }
  return macros;
}

// The system headers that the template includes before anything else. They come before the macros,
// so that a parameter named T or N does not reach into them; their own guards make the template's
// include a repetition without effect. What may be missing stays where its line is known.
std::string leading_headers(const std::string& text) {
  std::string headers;
  for (const Directive& one : directives_of(code_tokens(text))) {
    const std::string_view header = included_header(one);
    const bool is_header = !header.empty() && one.words[0].is("<");
    if (!is_header && one.name != "line") break;
    if (is_header && is_system_header(header) && sided_library(header) == nullptr)
      headers += fmt::format("{}\n", one.text);
  }
  return headers;
}

bool is_whole(const ConstantDefinition& one) {
  return std::none_of(one.value.begin(), one.value.end(), [](const CodeToken& token) {
    return token.text.find('.') != std::string_view::npos;
  });
}

// A `constexpr int BM = 64;` of a parameter says what the variant says, and so does one at file
// scope of a size or let: elsewhere a size's name may be another variable's.
Result<std::string> with_constants(const std::string& text, const Outline& outline,
                                   const SpaceFile& file, const Bindings& bound,
                                   const Names& macros) {
  std::string out;
  const char* done = text.data();
  for (const ConstantDefinition& one : constants_of(significant_code(code_tokens(text)))) {
    const auto value = bound.find(one.name);
    const ParameterDeclaration* parameter = find_parameter(file, one.name);
    const bool meant =
        parameter != nullptr ? parameter->kind == ParameterKind::value : one.at_file_scope;
    if (!meant || value == bound.end() || macros.count(one.name) > 0 ||
        !is_set_as_constant(outline, one.name, value->second))
      continue;
    // A `const float K` is no size K.
    const bool size = parameter == nullptr && std::holds_alternative<std::int64_t>(value->second);
    if (size && !is_whole(one)) continue;
    const Result<std::string> its = argument_text(value->second, ParameterKind::value);
    if (!its) return its.error();
    out.append(done, one.text.data());
    out += *its;
    out.append(static_cast<std::size_t>(std::count(one.text.begin(), one.text.end(), '\n')), '\n');
    done = one.text.data() + one.text.size();
  }
  out.append(done, text.data() + text.size());
  return out;
}

// The types that the variant names beyond C++'s own, in a file that may have counted on a header.
std::string headers_of_types(const Outline& outline, const SpaceFile& file, const Bindings& bound) {
  std::string headers;
  for (const ParameterDeclaration& parameter : file.parameters) {
    const auto value = bound.find(parameter.name);
    if (parameter.kind != ParameterKind::type || value == bound.end()) continue;
    const auto type = element_type_from(to_text(value->second));
    if (type == ElementType::f16 && outline.identifiers.count("cuda_fp16") == 0)
      headers += "#include <cuda_fp16.h>\n";
    if (type == ElementType::bf16 && outline.identifiers.count("cuda_bf16") == 0)
      headers += "#include <cuda_bf16.h>\n";
  }
  return headers;
}

// Those that the text defines behind a declaration of the name, like a host program's `#define M
// 8192` behind `void k(int M)`: they keep their place, since in front they would break what is
// declared.
Names defined_late(const std::string& text, const Outline& outline, const Names& names) {
  Names late, seen;
  const std::vector<CodeToken> tokens = code_tokens(text);
  for (const MacroDefinition& one : definitions_of(directives_of(tokens))) {
    const std::string name(one.name);
    if (names.count(name) == 0 || outline.declared.count(name) == 0 || !seen.insert(name).second)
      continue;
    if (one.undefines || one.takes_arguments) continue;
    const std::string device = without_host_code(text);  // as long as the text
    const std::string before =
        device.substr(0, static_cast<std::size_t>(one.text.data() - text.data()));
    if (declared_names(significant_code(code_tokens(before))).count(name) > 0) late.insert(name);
  }
  return late;
}

std::string definition_of(const Macros& macros, std::string_view name) {
  for (const auto& [its, value] : macros)
    if (its == name) return fmt::format("#define {} {}", name, value);
  return {};
}

// Takes out what would define these names anew, or puts their value there, and keeps the line
// numbers.
std::string without_definitions(const std::string& text, const Macros& macros, const Names& late) {
  std::string out;
  const char* done = text.data();
  const std::vector<CodeToken> tokens = code_tokens(text);
  for (const MacroDefinition& one : definitions_of(directives_of(tokens))) {
    const std::string its = definition_of(macros, one.name);
    const bool stays = late.count(std::string(one.name)) > 0;
    if (its.empty() || (stays ? one.undefines : one.guarded)) continue;
    out.append(done, one.text.data());
    out += stays ? its : fmt::format("// {} is set above", one.name);
    out.append(static_cast<std::size_t>(std::count(one.text.begin(), one.text.end(), '\n')), '\n');
    done = one.text.data() + one.text.size();
  }
  out.append(done, text.data() + text.size());
  return out;
}

Result<Macros> macros_of(const Outline& outline, std::string_view entry, const SpaceFile& file,
                         const Bindings& bound) {
  Result<Macros> macros = parameter_macros(outline, entry, file, bound);
  if (!macros) return macros;
  const Result<Macros> derived = derived_macros(outline, file, bound);
  if (!derived) return derived.error();
  macros->insert(macros->end(), derived->begin(), derived->end());
  return macros;
}

Result<std::string> text_of(const Template& kernel, const SpaceFile& file, std::string_view entry,
                            const Bindings& bound) {
  const Result<Fragments> fragments = chosen_fragments(file, bound);
  if (!fragments) return fragments.error();
  const Result<InlinedText> inlined = inline_includes(kernel, *fragments);
  if (!inlined) return inlined.error();
  const Outline outline = outline_of(inlined->text);
  const Result<Macros> macros = macros_of(outline, entry, file, bound);
  if (!macros) return macros.error();
  Names names;
  for (const auto& [name, value] : *macros) names.insert(name);
  const Result<std::string> set = with_constants(inlined->text, outline, file, bound, names);
  if (!set) return set.error();
  const Names late = defined_late(*set, outline, names);
  std::string text = leading_headers(inlined->text) + headers_of_types(outline, file, bound);
  for (const auto& [name, value] : *macros)
    if (late.count(name) == 0) text += fmt::format("#define {} {}\n", name, value);
  return text + without_definitions(*set, *macros, late);
}

// Nothing that a file name may hold ends the comment or goes on over its line.
std::string one_line(std::string text) {
  for (char& c : text)
    if (c == '\\' || std::iscntrl(static_cast<unsigned char>(c)) != 0) c = '?';
  return text;
}

std::string provenance_of(const Template& kernel, const SpaceFile& file, const Source& source) {
  Bindings values;
  for (const ParameterDeclaration& parameter : file.parameters)
    if (const auto found = source.from.find(parameter.name); found != source.from.end())
      values.insert(*found);
  std::string out;
  out += fmt::format("// Written by evotune {} from the template {} ({}).\n", EVOTUNE_VERSION,
                     one_line(kernel.name), one_line(kernel.file.filename().string()));
  out += fmt::format("// Space:  {} {}\n", one_line(file.name), file.hash);
  out += fmt::format("// Config: {}\n", one_line(to_text(values)));
  out += fmt::format("// Entry:  {}\n", one_line(source.entry));
  out += fmt::format("// Source: {}\n", source.hash);
  return out;
}

Result<Source> write_out(const Template& kernel, const SpaceFile& file, const std::string& entry,
                         const Bindings& bound, std::vector<std::string> options, bool in_double) {
  Source source;
  source.from = bound;
  source.options = std::move(options);
  Result<std::string> text = text_of(kernel, file, entry, bound);
  if (!text) return text.error();
  source.text = std::move(*text);
  add_standard(source.text, source.options);
  Result<std::string> name = entry_in(source.text, entry, file, bound, in_double);
  if (!name) return name.error();
  source.entry = std::move(*name);
  source.hash = source_hash(source);
  source.provenance = provenance_of(kernel, file, source);
  return source;
}

}  // namespace

// Each part is preceded by its length, so that no two sources share one description.
std::string source_hash(const Source& source) {
  std::string all;
  const auto add = [&all](const std::string& part) {
    all += fmt::format("{}:", part.size());
    all += part;
  };
  add(source.text);
  add(source.entry);
  for (const std::string& option : source.options) add(option);
  return content_hash(all);
}

Result<Source> render(const Template& kernel, const SpaceFile& file, const Bindings& bound) {
  Result<std::vector<std::string>> options = options_of(file, bound);
  if (!options) return options.error();
  return write_out(kernel, file, file.kernel.entry, bound, std::move(*options), false);
}

Result<Source> render_reference(const Template& reference, const SpaceFile& file,
                                const Bindings& bound) {
  // No options: the reference owes its answer to none of them.
  return write_out(reference, file, file.reference.entry, in_double(file, bound), {}, true);
}

}  // namespace evotune
