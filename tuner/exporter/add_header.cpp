// The C++ header that loads the kernel through the driver API and launches it. The launch geometry,
// the scalars and the sizes of the arguments are computed from the problem's sizes, as the space
// file's expressions say.
#include <fmt/format.h>

#include "base/text.h"
#include "exporter/cpp_names.h"
#include "exporter/formats.h"
#include "exporter/header_text.h"
#include "exporter/to_cpp.h"
#include "kernel/structure.h"

namespace evotune {
namespace {

bool is_half(ElementType type) { return type == ElementType::f16 || type == ElementType::bf16; }

std::string host_type(ElementType type) {
  if (is_half(type)) return "std::uint16_t";  // its bits: the host has no such type
  if (type == ElementType::f32) return "float";
  if (type == ElementType::f64) return "double";
  const bool is_signed = to_text(type).front() == 'i';
  return fmt::format("std::{}int{}_t", is_signed ? "" : "u", size_of(type) * 8);
}

const Bindings& sizes_of(const Winner& winner) { return winner.file.problem.front().sizes; }

std::string value_type(const Argument& argument) {
  if (!argument.members.empty()) return cpp_name(argument.name) + "_value";
  const std::string component = host_type(argument.type);
  return argument.count == 1 ? component
                             : fmt::format("std::array<{}, {}>", component, argument.count);
}

// One kernel parameter, in the order in which the kernel takes them. A constant is none.
struct KernelArgument {
  const ArgumentSpec& spec;
  const Argument& argument;
  std::optional<std::string> computed;  ///< of a scalar that follows from the sizes, in C++
  /// Of a vector or structure: what sets its components that do, " = " and all.
  std::vector<std::string> updates;

  [[nodiscard]] bool is_parameter() const { return spec.within.empty(); }
  [[nodiscard]] bool is_pointer() const { return argument.role != Role::scalar; }
  [[nodiscard]] std::string name() const { return cpp_name(argument.name); }
  [[nodiscard]] std::string type() const {
    return is_pointer() ? "CUdeviceptr" : value_type(argument);
  }
};

std::string indented(std::string_view text) {
  std::string out;
  for (const std::string& line : split_lines(text)) out += "  " + line + "\n";
  return out;
}

// What the parts of a header share.
struct Header {
  const Winner& winner;
  std::vector<KernelArgument> arguments;
  CppNames launch_names;  ///< of what launch() computes
};

// A plain number is the caller's to change; what names sizes or parameters is not.
bool follows(const Expression& value, const Argument& argument) {
  return !value.names().empty() && !is_half(argument.type);
}

// ".origin[2] = …" for each component that follows from the sizes.
std::vector<std::string> updates_of(const ArgumentSpec& spec, const Argument& argument,
                                    const std::string& path, CppNames& names) {
  std::vector<std::string> updates;
  for (std::size_t i = 0; i < argument.members.size(); ++i) {
    const std::string member = fmt::format("{}.{}", path, cpp_name(argument.members[i].name));
    for (std::string& one : updates_of(spec.members.at(i), argument.members[i], member, names))
      updates.push_back(std::move(one));
  }
  for (std::size_t i = 0; i < spec.value.size(); ++i) {
    if (!follows(spec.value[i], argument)) continue;
    if (const auto text = names.use(spec.value[i]))
      updates.push_back(fmt::format("{}{} = scalar<{}>({})", path,
                                    argument.count == 1 ? "" : fmt::format("[{}]", i),
                                    host_type(argument.type), *text));
  }
  return updates;
}

Header header_of(const Winner& winner) {
  Header header{winner, {}, CppNames(winner)};
  for (std::size_t i = 0; i < winner.arguments.size(); ++i) {
    const ArgumentSpec& spec = winner.file.arguments.at(i);
    if (winner.arguments[i].role == Role::constant) continue;
    KernelArgument argument{spec, winner.arguments[i], std::nullopt, {}};
    if (spec.value.size() == 1 && follows(spec.value.front(), argument.argument))
      argument.computed = header.launch_names.use(spec.value.front());
    else if (!argument.is_pointer())
      argument.updates = updates_of(spec, argument.argument, "", header.launch_names);
    header.arguments.push_back(argument);
  }
  return header;
}

std::string introduction(const Winner& winner) {
  const std::string symbol = symbol_of(winner);
  std::string out;
  const auto line = [&out](const std::string& text) { out += "// " + one_line(text) + "\n"; };
  line(fmt::format(
      "{}: loads and launches the kernel that evotune {} found, through the CUDA driver",
      winner.file.name, winner.evotune_version));
  line("API. Link with -lcuda; a context must be current. C++17.");
  for (const Image& image : winner.images) line(fmt::format("Image to load: {}", image.name));
  line(winner.images.empty()
           ? "No image is here. Write one, on the machine that is to run it:"
           : "For another architecture, write an image on the machine that has it:");
  line(fmt::format("  nvcc -cubin -arch=native {}{}-o kernel.cubin kernel.cu",
                   join(winner.source.options, " "), winner.source.options.empty() ? "" : " "));
  if (symbol.empty())
    line(fmt::format("and ask `cuobjdump -symbols kernel.cubin` what {} is called in it.",
                     winner.source.entry));
  return out;
}

std::string sizes_struct(const Winner& winner) {
  std::string out =
      "\n/// The problem. The values are those that the kernel was tuned for.\nstruct Sizes {\n";
  for (const auto& [name, value] : sizes_of(winner))
    out += fmt::format("  {} {} = {};\n", cpp_type(value), cpp_name(name), cpp_literal(value));
  return out + "};\n";
}

// A number at the tuned shape.
std::string tuned_value(const Expression& expression, ElementType type, const Bindings& bound) {
  const auto value = evaluate_number(expression, bound);
  if (!value) return "{}";
  if (type == ElementType::f16) return fmt::format("{:#06x}", to_half(*value));
  if (type == ElementType::bf16) return fmt::format("{:#06x}", to_bfloat16(*value));
  return fmt::format("static_cast<{}>({})", host_type(type), to_text(Value{*value}));
}

std::string tuned_value(const ArgumentSpec& spec, const Argument& argument, const Bindings& bound) {
  std::vector<std::string> components;
  for (const Expression& one : spec.value)
    components.push_back(tuned_value(one, argument.type, bound));
  return components.size() == 1 ? components.front() : "{" + join(components, ", ") + "}";
}

// "f32[M, K]"
std::string array_text(const ArgumentSpec& spec, std::string_view element) {
  std::vector<std::string> extents;
  for (const Expression& extent : spec.extents) extents.push_back(extent.text());
  return fmt::format("{}[{}]", element, one_line(join(extents, ", ")));
}

// A structure's type, laid out as the kernel's is; its values are those of the tuned shape.
std::string value_struct(const ArgumentSpec& spec, const Argument& structure,
                         const Bindings& bound) {
  const std::string name = value_type(structure);
  std::string inner, members;
  for (std::size_t i = 0; i < structure.members.size(); ++i) {
    const Argument& member = structure.members[i];
    const std::string type = value_type(member), called = cpp_name(member.name);
    if (member.role != Role::scalar) {
      members += fmt::format("CUdeviceptr {} = 0;  // {}: {}\n", called, to_text(member.role),
                             array_text(spec.members.at(i), spec.members.at(i).element));
      continue;
    }
    if (!member.members.empty()) {
      inner += value_struct(spec.members.at(i), member, bound);
      members += fmt::format("{} {};\n", type, called);
      continue;
    }
    members += fmt::format("alignas({}) {} {} = {};\n", alignment_of(member), type, called,
                           tuned_value(spec.members.at(i), member, bound));
  }
  return fmt::format("struct {} {{\n{}}};\nstatic_assert(sizeof({}) == {});\n", name,
                     indented(inner + members), name, structure.bytes());
}

std::string value_structs(const Header& header) {
  std::string out;
  for (const KernelArgument& one : header.arguments)
    if (!one.spec.members.empty())
      out += "\n" + value_struct(one.spec, one.argument, header.winner.bound);
  return out;
}

std::string arguments_struct(const Header& header) {
  std::string out =
      "\n/// What the kernel is given; scalars that follow from the sizes are not here, and "
      "components\n"
      "/// of vectors and structures that do are set by launch().\n"
      "struct Arguments {\n";
  for (const KernelArgument& one : header.arguments) {
    const std::string_view element = to_text(one.argument.type);
    if (one.computed || !one.is_parameter()) continue;
    if (one.is_pointer())
      out += fmt::format("  CUdeviceptr {} = 0;  // {}: {}{}\n", one.name(),
                         to_text(one.argument.role), array_text(one.spec, element),
                         one.argument.role == Role::filled_scratch
                             ? ", its values before every launch as the space file says"
                             : "");
    else if (!one.spec.members.empty())
      out += fmt::format("  {} {};\n", one.type(), one.name());
    else
      out += fmt::format("  {} {} = {};  // {}\n", one.type(), one.name(),
                         tuned_value(one.spec, one.argument, header.winner.bound), element);
  }
  return out + "};\n";
}

std::string geometry_struct() {
  return "\nstruct Geometry {\n  unsigned grid[3];\n  unsigned block[3];\n"
         "  unsigned shared_bytes;\n};\n";
}

// Sizes and let values that the source holds as macros must be what it was written out for.
std::optional<std::string> fixed_checks(const Winner& winner, CppNames& names) {
  std::string out;
  for (const auto& [name, value] : fixed_in_source(winner)) {
    if (!names.declare(name)) return std::nullopt;
    const std::string literal = cpp_literal(value);
    out +=
        fmt::format("  if ({} != {})\n    throw std::invalid_argument(\"compiled for {} = {}\");\n",
                    cpp_name(name), literal, name, to_text(value));
  }
  return out;
}

std::optional<std::string> extents_in_cpp(const std::vector<PlacedExpression>& declared,
                                          CppNames& names) {
  std::vector<std::string> extents;
  for (const PlacedExpression& one : declared) {
    const std::optional<std::string> text = names.use(one.expression);
    if (!text) return std::nullopt;
    extents.push_back("extent(" + *text + ")");
  }
  while (extents.size() < 3) extents.emplace_back("1");
  return "{" + join(extents, ", ") + "}";
}

std::optional<std::string> computed_geometry(const Winner& winner) {
  const LaunchDeclaration& launch = winner.file.launch;
  CppNames names(winner);
  const auto checks = fixed_checks(winner, names);
  const auto grid = extents_in_cpp(launch.grid, names);
  const auto block = extents_in_cpp(launch.block, names);
  std::optional<std::string> shared = "0";
  if (launch.shared_bytes) {
    shared = names.use(launch.shared_bytes->expression);
    if (shared) shared = "extent(" + *shared + ", 0)";
  }
  if (!checks || !grid || !block || !shared) return std::nullopt;
  return fmt::format(
      "\n/// The launch that the space file declares, at these sizes.\n"
      "inline Geometry geometry([[maybe_unused]] const Sizes& sizes) {{\n"
      "  using namespace arithmetic;\n{}{}  return {{{}, {}, {}}};\n}}\n",
      names.declarations(), *checks, *grid, *block, *shared);
}

std::string constant_geometry(const Winner& winner) {
  std::string condition = "false";
  for (const auto& [name, value] : sizes_of(winner))
    condition += fmt::format(" || sizes.{} != {}", cpp_name(name), cpp_literal(value));
  return fmt::format(
      "\n/// The launch at the tuned sizes, and at no others: the space file's expressions have "
      "no\n"
      "/// counterpart in C++.\n"
      "inline Geometry geometry([[maybe_unused]] const Sizes& sizes) {{\n"
      "  if ({})\n    throw std::invalid_argument(\"the launch is known at the tuned sizes "
      "only\");\n"
      "  return {{{{{}}}, {{{}}}, {}}};\n}}\n",
      condition, fmt::join(winner.launch.grid, ", "), fmt::join(winner.launch.block, ", "),
      winner.launch.shared_bytes);
}

// How many bytes each array has at these sizes; left out where that cannot be said in C++.
std::string byte_counts(const Header& header) {
  std::string out;
  for (const KernelArgument& one : header.arguments) {
    if (!one.is_pointer()) continue;
    CppNames names(header.winner);
    std::string product = fmt::format("std::int64_t{{{}}}", size_of(one.argument.type));
    bool known = true;
    for (const Expression& extent : one.spec.extents) {
      const std::optional<std::string> text = names.use(extent);
      known = known && text.has_value();
      if (text) product += " * scalar<std::int64_t>(" + *text + ")";
    }
    if (!known) continue;
    out += fmt::format(
        "\ninline std::size_t bytes_of_{}([[maybe_unused]] const Sizes& sizes) {{\n"
        "  using namespace arithmetic;\n{}  return static_cast<std::size_t>({});\n}}\n",
        cpp_name(one.argument.name), names.declarations(), product);
  }
  return out;
}

std::string launch_function(const Header& header) {
  std::string values;
  std::vector<std::string> addresses;
  for (const KernelArgument& one : header.arguments) {
    if (!one.is_parameter()) continue;
    const std::string from = one.computed ? fmt::format("scalar<{}>({})", one.type(), *one.computed)
                                          : "arguments." + one.name();
    values += fmt::format("    {} argument{} = {};\n", one.type(), addresses.size(), from);
    for (const std::string& update : one.updates)
      values += fmt::format("    argument{}{};\n", addresses.size(), update);
    addresses.push_back(fmt::format("&argument{}", addresses.size()));
  }
  const std::string list = addresses.empty() ? "nullptr" : join(addresses, ", ");
  return fmt::format(
      "\n  /// Queues one launch. The arguments are copied before this returns.\n"
      "  void launch(CUstream stream, const Sizes& sizes,\n"
      "              [[maybe_unused]] const Arguments& arguments) const {{\n"
      "    using namespace arithmetic;\n{}{}    void* addresses[] = {{{}}};\n"
      "    const Geometry launched = geometry(sizes);\n"
      "    if (launched.shared_bytes > 48 * 1024)\n"
      "      check(cuFuncSetAttribute(function_, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,\n"
      "                               static_cast<int>(launched.shared_bytes)),\n"
      "            \"cuFuncSetAttribute\");\n"
      "    check(cuLaunchKernel(function_, launched.grid[0], launched.grid[1], launched.grid[2],\n"
      "                         launched.block[0], launched.block[1], launched.block[2],\n"
      "                         launched.shared_bytes, stream, addresses, nullptr),\n"
      "          \"cuLaunchKernel\");\n  }}\n",
      indented(header.launch_names.declarations()), values, list);
}

std::string kernel_class(const Header& header) {
  const std::string symbol = symbol_of(header.winner);
  const std::string by_default = symbol.empty() ? "" : fmt::format(" = \"{}\"", symbol);
  std::string out = fmt::format(
      "\n/// The loaded kernel. Owns its module.\nclass Kernel {{\n public:\n"
      "  /// Of an image in memory: PTX (ending with a zero), a cubin or a fatbin.\n"
      "  explicit Kernel(const void* image, const char* symbol{0}) {{\n"
      "    check(cuModuleLoadData(&module_, image), \"cuModuleLoadData\");\n"
      "    const CUresult found = cuModuleGetFunction(&function_, module_, symbol);\n"
      "    if (found != CUDA_SUCCESS) cuModuleUnload(std::exchange(module_, nullptr));\n"
      "    check(found, symbol);\n  }}\n"
      "  /// Of an image's file.\n"
      "  static Kernel load(const std::string& path, const char* symbol{0}) {{\n"
      "    std::ifstream file(path, std::ios::binary);\n"
      "    const std::string image{{std::istreambuf_iterator<char>(file), {{}}}};\n"
      "    if (!file || image.empty()) throw std::runtime_error(\"cannot read \" + path);\n"
      "    return Kernel(image.c_str(), symbol);\n  }}\n",
      by_default);
  out += header_ownership;
  out += launch_function(header);
  return out +
         "\n private:\n  CUmodule module_ = nullptr;\n  CUfunction function_ = nullptr;\n};\n";
}

}  // namespace

void add_header(const Winner& winner, ExportedFiles& files) {
  const Header header = header_of(winner);
  const std::string name = identifier_from(winner.file.name);
  std::string out = introduction(winner);
  out += header_includes;
  out += fmt::format("\nnamespace {}_kernel {{\n", name);
  out +=
      sizes_struct(winner) + value_structs(header) + arguments_struct(header) + geometry_struct();
  out += "\nnamespace arithmetic {\n\n";
  out += cpp_arithmetic;
  out += header_conversions;
  out += "\n}  // namespace arithmetic\n";
  out += computed_geometry(winner).value_or(constant_geometry(winner));
  out += byte_counts(header);
  out += header_errors;
  out += kernel_class(header);
  out += fmt::format("\n}}  // namespace {}_kernel\n", name);
  files.push_back({identifier_from(winner.file.name) + ".h", out});
}

}  // namespace evotune
