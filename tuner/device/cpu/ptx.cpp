#include "device/cpu/ptx.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "base/text.h"
#include "device/cpu/ptx_instructions.h"

namespace evotune::cpu {
namespace {

using Names = std::vector<std::string>;

Names split(std::string_view text, char separator) {
  Names parts;
  int depth = 0;
  std::string part;
  for (const char c : text) {
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (c == separator && depth == 0) {
      parts.emplace_back(trim(part));
      part.clear();
    } else {
      part += c;
    }
  }
  if (!trim(part).empty()) parts.emplace_back(trim(part));
  return parts;
}

std::string without_comments(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool line = text.substr(i, 2) == "//", block = text.substr(i, 2) == "/*";
    if (!line && !block) {
      result += text[i];
      continue;
    }
    const std::size_t end = text.find(line ? "\n" : "*/", i);
    if (end == std::string_view::npos) break;
    i = line ? end : end + 1;
  }
  return result;
}

bool is_of_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' || c == '%' ||
         c == '=';
}
/// As the part of a C++ name.
std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name) plain += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return plain;
}

/// Behind the colon of the label that stands there, or 0.
std::size_t label_end(std::string_view text, std::size_t at) {
  const std::size_t begin = at;
  while (at < text.size() && is_of_name(text[at])) ++at;
  if (at == begin || std::isdigit(static_cast<unsigned char>(text[begin])) != 0) return 0;
  while (at < text.size() && std::isspace(static_cast<unsigned char>(text[at])) != 0) ++at;
  return text.substr(at, 1) == ":" && text.substr(at, 2) != "::" ? at + 1 : 0;
}

/// `r<3>` stands for r0, r1 and r2.
Names numbered(const Names& names) {
  Names all;
  for (const std::string& name : names) {
    const std::size_t open = name.find('<');
    if (open == std::string::npos) {
      all.push_back(name);
      continue;
    }
    constexpr int most = 256;
    const int count = std::min(std::atoi(name.c_str() + open + 1), most);
    for (int i = 0; i < count; ++i) all.push_back(name.substr(0, open) + std::to_string(i));
  }
  return all;
}

/// Where the statement ends that begins there: before ';' or a brace that it has not opened.
std::size_t statement_end(std::string_view text, std::size_t at) {
  for (int depth = 0; at < text.size() && text[at] != ';'; ++at) {
    if (text[at] == '{') ++depth;
    if (text[at] == '}' && --depth < 0) break;
  }
  return at;
}

const std::map<std::string_view, std::string_view> special_registers = {
    {"laneid", "evotune_self->lane"},
    {"warpid", "(evotune_self->number / 32u)"},
    {"tid.x", "threadIdx.x"},
    {"tid.y", "threadIdx.y"},
    {"tid.z", "threadIdx.z"},
    {"ntid.x", "blockDim.x"},
    {"ntid.y", "blockDim.y"},
    {"ntid.z", "blockDim.z"},
    {"ctaid.x", "blockIdx.x"},
    {"ctaid.y", "blockIdx.y"},
    {"ctaid.z", "blockIdx.z"},
    {"nctaid.x", "gridDim.x"},
    {"nctaid.y", "gridDim.y"},
    {"nctaid.z", "gridDim.z"},
    {"smid", "0u"},
    {"nsmid", "1u"},
    {"clock", "(unsigned)clock64()"},
    {"clock64", "clock64()"},
    {"globaltimer", "clock64()"},
    {"lanemask_eq", "(1u << evotune_self->lane)"},
    {"lanemask_lt", "((1u << evotune_self->lane) - 1u)"},
    {"lanemask_le", "((2u << evotune_self->lane) - 1u)"},
    {"lanemask_gt", "~((2u << evotune_self->lane) - 1u)"},
    {"lanemask_ge", "~((1u << evotune_self->lane) - 1u)"}};

std::optional<std::string_view> type_of_constraint(char letter) {
  switch (letter) {
    case 'r':
      return "u32";
    case 'l':
      return "u64";
    case 'f':
      return "f32";
    case 'd':
      return "f64";
    case 'h':
      return "u16";
    case 'n':
      return "s64";
    default:
      return std::nullopt;
  }
}

/// What is not wanted goes there.
constexpr std::string_view sink = "evotune_sink";

class PtxTranslator {
 public:
  explicit PtxTranslator(std::span<const AsmOperand> operands) : operands_(operands) {}

  std::string translate(std::string_view text) {
    std::string code = declare_operands();
    const std::string plain_text = without_comments(text);
    std::size_t at = 0;
    while (at < plain_text.size()) {
      if (std::isspace(static_cast<unsigned char>(plain_text[at])) != 0 || plain_text[at] == ';') {
        ++at;
      } else if (plain_text[at] == '{' || plain_text[at] == '}') {
        code += plain_text[at++];
      } else if (const std::size_t behind = label_end(plain_text, at); behind != 0) {
        code += fmt::format("{}:; ", label(std::string_view(plain_text).substr(at, behind - at)));
        at = behind;
      } else {
        const std::size_t end = statement_end(plain_text, at);
        code += statement(std::string(trim(std::string_view(plain_text).substr(at, end - at))));
        at = end;
      }
    }
    const bool sinks = code.find(sink) != std::string::npos;
    return fmt::format("do {{ {}{}{}{} }} while (0)",
                       labels_.empty() ? "" : fmt::format("__label__ {}; ", join(labels_, ", ")),
                       sinks ? fmt::format("evotune::cpu::ptx::b64 {}{{}}; ", sink) : "", code,
                       store_outputs());
  }

 private:
  std::string declare_operands() {
    std::string code;
    for (std::size_t i = 0; i < operands_.size(); ++i) {
      const auto& [constraint, expression] = operands_[i];
      const auto type = type_of_constraint(constraint.empty() ? ' ' : constraint.back());
      if (!type) return refuse("constraint \"" + constraint + "\"");
      const bool output = constraint[0] == '=' || constraint[0] == '+';
      if (constraint[0] == '=')
        code += fmt::format("evotune::cpu::ptx::{} evotune_e{}{{}}; ", *type, i);
      else
        code += fmt::format(
            "{}evotune::cpu::ptx::{} evotune_e{} = "
            "evotune::cpu::ptx::{}<evotune::cpu::ptx::{}>({}); ",
            output ? "" : "const ", *type, i, output ? "result" : "operand", *type, expression);
    }
    return code;
  }

  /// Of the asm statement alone, however often its function is inlined.
  std::string label(std::string_view text) {
    const std::string name = "evotune_l_" + plain_name(trim(text.substr(0, text.find(':'))));
    if (std::find(labels_.begin(), labels_.end(), name) == labels_.end()) labels_.push_back(name);
    return name;
  }

  [[nodiscard]] std::string store_outputs() const {
    std::string code;
    for (std::size_t i = 0; i < operands_.size(); ++i)
      if (operands_[i].constraint[0] == '=' || operands_[i].constraint[0] == '+')
        code +=
            fmt::format("evotune::cpu::ptx::set({}, evotune_e{}); ", operands_[i].expression, i);
    return code;
  }

  static std::string refuse(const std::string& what) {
    std::string quoted;
    for (const char c : what)
      quoted += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c == '\n' ? ' ' : c);
    return fmt::format(
        "static_assert(false, \"inline PTX '{}' is not supported by the CPU device\"); ", quoted);
  }

  std::string statement(const std::string& text) {
    if (text.starts_with(".reg")) return declare_registers(text);
    if (text[0] != '@') return instruction(text);
    const std::size_t space = text.find_first_of(" \t\n");
    if (space == std::string::npos) return refuse(text);
    const bool negated = text[1] == '!';
    const auto name = value(text.substr(negated ? 2 : 1, space - (negated ? 2 : 1)));
    if (!name) return refuse(text);
    return fmt::format("if ({}{}) {{ {} }} ", negated ? "!" : "", *name,
                       instruction(std::string(trim(std::string_view(text).substr(space)))));
  }

  std::string declare_registers(const std::string& text) {
    const std::size_t dot = text.find('.', 1);
    const std::size_t end = text.find_first_of(" \t", std::min(dot, text.size()));
    if (end == std::string::npos) return refuse(text);
    const std::string type(trim(std::string_view(text).substr(dot + 1, end - dot - 1)));
    if (!is_ptx_type(type)) return refuse(text);
    std::string code;
    for (const std::string& name : numbered(split(std::string_view(text).substr(end), ','))) {
      const std::string own = "evotune_r_" + plain_name(name);
      registers_[name] = own;
      // 16-bit floats are held as bits, like everything else.
      const bool by_bits = type[0] == 'b' || type.find("16") != std::string::npos;
      const std::string held = type.find("x2") != std::string::npos              ? "u32"
                               : by_bits && type.find("16") != std::string::npos ? "u16"
                                                                                 : type;
      // A jump may pass a declaration, but no initialisation.
      code += fmt::format("evotune::cpu::ptx::{0} {1}; {1} = {{}}; ", held, own);
    }
    return code;
  }

  [[nodiscard]] std::optional<std::string> value(const std::string& name) const {
    if (const auto found = registers_.find(name); found != registers_.end()) return found->second;
    if (name == "_") return std::string(sink);
    if (name.size() > 1 && name[0] == '!')
      if (const auto other = value(name.substr(1))) return "!" + *other;
    if (name.size() > 1 && name[0] == '%') {
      const std::string rest = name.substr(1);
      if (std::isdigit(static_cast<unsigned char>(rest[0])) != 0) return "evotune_e" + rest;
      const auto special = special_registers.find(rest);
      if (special != special_registers.end()) return std::string(special->second);
      return std::nullopt;
    }
    if (name.starts_with("0f") || name.starts_with("0F"))
      return fmt::format("evotune::cpu::same_bits<float>(0x{}u)", name.substr(2));
    if (name.starts_with("0d") || name.starts_with("0D"))
      return fmt::format("evotune::cpu::same_bits<double>(0x{}ull)", name.substr(2));
    const std::size_t first = name.starts_with("-") ? 1 : 0;
    if (first < name.size() && std::isdigit(static_cast<unsigned char>(name[first])) != 0) {
      const bool hexadecimal = name.starts_with("0x") || name.starts_with("0X");
      if (!hexadecimal && name.find_first_of(".eE") != std::string::npos)
        return "evotune::cpu::ptx::Literal{" + name + "}";
      const bool unsigned_suffix = name.back() == 'U' && !hexadecimal;
      return name.substr(0, name.size() - (unsigned_suffix ? 1 : 0)) + "ll";
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<PtxOperand> operand(const std::string& text) const {
    PtxOperand result;
    Names inside{text};
    if (text.front() == '{' || text.front() == '[') {
      result.is_group = text.front() == '{';
      result.is_address = !result.is_group;
      const std::string_view within = std::string_view(text).substr(1, text.size() - 2);
      inside = split(within, result.is_group ? ',' : '+');
    } else if (text.find('|') != std::string::npos) {
      inside = split(text, '|');  // a value and a predicate
    }
    for (const std::string& one : inside) {
      const auto found = value(one);
      if (!found) return std::nullopt;
      result.parts.push_back(*found);
    }
    if (result.is_address && result.parts.size() == 1) result.parts.emplace_back("0");
    return result;
  }

  std::string instruction(const std::string& text) {
    const std::size_t space = std::min(text.find_first_of(" \t\n{["), text.size());
    const std::string name = text.substr(0, space);
    if (name == "bra" || name == "bra.uni")
      return fmt::format("goto {}; ", label(std::string_view(text).substr(space)));
    PtxInstruction one{name, {}, {}, {}};
    for (const std::string& part : split(name, '.')) {
      if (one.base.empty())
        one.base = part;
      else if (!is_meaningless_in_ptx(part))
        one.modifiers.push_back(part);
    }
    for (const std::string& part : split(std::string_view(text).substr(space), ',')) {
      const auto found = operand(part);
      if (!found) return refuse(text);
      one.operands.push_back(*found);
    }
    return translate_instruction(one).value_or(refuse(name));
  }

  std::span<const AsmOperand> operands_;
  std::map<std::string, std::string> registers_;
  Names labels_;
};

}  // namespace

std::string translate_ptx(std::string_view text, std::span<const AsmOperand> operands) {
  return PtxTranslator(operands).translate(text);
}

}  // namespace evotune::cpu
