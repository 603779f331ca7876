#include "device/cpu/ptx.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "base/text.h"

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

bool has(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
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

/// An operand as C++ sees it: one expression, several in braces, or an address.
struct PtxOperand {
  Names parts;
  bool is_address = false, is_group = false;
};

struct PtxInstruction {
  std::string text;  ///< as it is written
  std::string base;
  Names modifiers;  ///< without those that mean nothing here
  std::vector<PtxOperand> operands;
};

/// What an operation's result does not depend on here: fast versions are exact, orders strict.
const std::set<std::string_view> meaningless = {
    "sync",    "aligned", "volatile", "ftz",     "rn",      "approx",   "full",
    "relaxed", "acquire", "release",  "acq_rel", "sc",      "weak",     "cta",
    "gpu",     "sys",     "nc",       "noftz",   "L1::evict_first",     "L1::evict_last",
    "L1::no_allocate",    "L1::evict_normal",    "L1::evict_unchanged", "L2::64B",
    "L2::128B",           "L2::256B", "L2::evict_first",    "L2::evict_last"};
const std::set<std::string_view> types = {"b8",  "b16", "b32", "b64",  "u8",    "u16",    "u32",
                                          "u64", "s8",  "s16", "s32",  "s64",   "f16",    "f32",
                                          "f64", "bf16", "f16x2", "bf16x2", "pred"};
/// Instructions that are one function of shim/ptx.h: how many operands follow the result.
const std::map<std::string_view, std::size_t> plain = {
    {"mov", 1},     {"neg", 1},     {"abs", 1},     {"not_", 1},     {"ex2", 1},     {"lg2", 1},
    {"rcp", 1},     {"sqrt", 1},    {"rsqrt", 1},   {"sin", 1},      {"cos", 1},     {"tanh", 1},
    {"popc", 1},    {"clz", 1},     {"brev", 1},    {"add", 2},      {"sub", 2},     {"mul", 2},
    {"mul_lo", 2},  {"mul_hi", 2},  {"mul_wide", 2}, {"div", 2},     {"rem", 2},     {"min", 2},
    {"max", 2},     {"and_", 2},    {"or_", 2},     {"xor_", 2},     {"shl", 2},     {"shr", 2},
    {"setp_eq", 2}, {"setp_ne", 2}, {"setp_lt", 2}, {"setp_le", 2},  {"setp_gt", 2}, {"setp_ge", 2},
    {"setp_lo", 2}, {"setp_ls", 2}, {"setp_hi", 2}, {"setp_hs", 2},  {"fma", 3},     {"mad", 3},
    {"mad_lo", 3},  {"prmt", 3},    {"bfe", 3},     {"selp", 3},     {"lop3", 4},    {"bfi", 4}};
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

/// The element types of mma: name here, elements in a word, the two depths K.
struct MmaElement {
  std::string_view name;
  int in_word, depths[2];
  std::string_view sum;
};
const std::map<std::string_view, MmaElement> mma_elements = {{"f16", {"F16", 2, {8, 16}, "f32"}},
                                                             {"bf16", {"Bf16", 2, {8, 16}, "f32"}},
                                                             {"tf32", {"Tf32", 1, {4, 8}, "f32"}},
                                                             {"s8", {"S8", 4, {16, 32}, "s32"}},
                                                             {"u8", {"U8", 4, {16, 32}, "s32"}}};

std::optional<std::string_view> type_of_constraint(char letter) {
  switch (letter) {
    case 'r': return "u32";
    case 'l': return "u64";
    case 'f': return "f32";
    case 'd': return "f64";
    case 'h': return "u16";
    case 'n': return "s64";
    default: return std::nullopt;
  }
}

std::string words(const std::string& name, const Names& parts) {
  std::string list;
  for (const std::string& part : parts)
    list += fmt::format("{}evotune::cpu::ptx::as<unsigned>({})", list.empty() ? "" : ", ", part);
  return fmt::format("const unsigned {}[] = {{{}}}; ", name, list);
}
std::string take_words(const Names& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i)
    text += fmt::format("evotune::cpu::ptx::set({}, evotune_d[{}]); ", parts[i], i);
  return text;
}

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
      } else {
        const std::size_t end = std::min(plain_text.find(';', at), plain_text.size());
        code += statement(std::string(trim(std::string_view(plain_text).substr(at, end - at))));
        at = end;
      }
    }
    return fmt::format("do {{ {}{} }} while (0)", code, store_outputs());
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
            "{}evotune::cpu::ptx::{} evotune_e{} = evotune::cpu::ptx::{}<evotune::cpu::ptx::{}>({}); ",
            output ? "" : "const ", *type, i, output ? "result" : "operand", *type, expression);
    }
    return code;
  }

  [[nodiscard]] std::string store_outputs() const {
    std::string code;
    for (std::size_t i = 0; i < operands_.size(); ++i)
      if (operands_[i].constraint[0] == '=' || operands_[i].constraint[0] == '+')
        code += fmt::format("evotune::cpu::ptx::set({}, evotune_e{}); ", operands_[i].expression, i);
    return code;
  }

  static std::string refuse(const std::string& what) {
    std::string quoted;
    for (const char c : what) quoted += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c == '\n' ? ' ' : c);
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
    if (types.count(type) == 0) return refuse(text);
    std::string code;
    for (const std::string& name : split(std::string_view(text).substr(end), ',')) {
      if (name.find('<') != std::string::npos) return refuse(text);
      std::string own = "evotune_r_";
      for (const char c : name) own += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
      registers_[name] = own;
      // 16-bit floats are held as bits, like everything else.
      const bool by_bits = type[0] == 'b' || type.find("16") != std::string::npos;
      const std::string held = type.find("x2") != std::string::npos ? "u32"
                               : by_bits && type.find("16") != std::string::npos ? "u16"
                                                                                 : type;
      code += fmt::format("evotune::cpu::ptx::{} {}{{}}; ", held, own);
    }
    return code;
  }

  [[nodiscard]] std::optional<std::string> value(const std::string& name) const {
    if (const auto found = registers_.find(name); found != registers_.end()) return found->second;
    if (name == "_") return "evotune_sink";
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
      const bool unsigned_suffix = name.back() == 'U' && !name.starts_with("0x");
      return name.substr(0, name.size() - (unsigned_suffix ? 1 : 0)) +
             (name.find('.') == std::string::npos ? "ll" : "f");
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
    PtxInstruction one{name, {}, {}, {}};
    for (const std::string& part : split(name, '.')) {
      if (one.base.empty())
        one.base = part;
      else if (meaningless.count(part) == 0)
        one.modifiers.push_back(part);
    }
    for (const std::string& part : split(std::string_view(text).substr(space), ',')) {
      const auto found = operand(part);
      if (!found) return refuse(text);
      one.operands.push_back(*found);
    }
    return translate(one).value_or(refuse(name));
  }

  static std::optional<std::string> translate(const PtxInstruction& one) {
    if (one.base == "mma") return multiply(one);
    if (one.base == "ldmatrix") return load_matrix(one);
    if (one.base == "cp") return copy_async(one);
    if (one.base == "ld" || one.base == "st" || one.base == "red" || one.base == "atom")
      return access(one);
    if (one.base == "cvt") return convert(one);
    if (one.base == "cvta") return convert_address(one);
    if (one.base == "bar" || one.base == "barrier") return barrier(one);
    if (one.base == "prefetch" || one.base == "prefetchu" || one.base == "nanosleep") return "";
    if (one.base == "membar" || one.base == "fence")
      return one.text.find("proxy") == std::string::npos
                 ? std::optional<std::string>("__threadfence(); ")
                 : std::nullopt;
    if (one.base == "trap") return "evotune_trap(\"inline PTX: trap\", __LINE__); ";
    if (one.base == "activemask" && one.operands.size() == 1)
      return fmt::format("evotune::cpu::ptx::set({}, __activemask()); ", one.operands[0].parts[0]);
    if (one.base == "redux" && one.operands.size() == 3 && one.modifiers.size() == 2)
      return fmt::format(
          "evotune::cpu::ptx::set({}, __reduce_{}_sync(evotune::cpu::ptx::as<unsigned>({}), "
          "evotune::cpu::ptx::as<evotune::cpu::ptx::{}>({}))); ",
          one.operands[0].parts[0], one.modifiers[0], one.operands[2].parts[0],
          one.modifiers[1] == "b32" ? "u32" : one.modifiers[1], one.operands[1].parts[0]);
    if (one.base == "dp4a" && one.operands.size() == 4 && one.modifiers.size() == 2 &&
        one.modifiers[0] == one.modifiers[1])
      return fmt::format(
          "evotune::cpu::ptx::set({0}, __dp4a(evotune::cpu::ptx::as<evotune::cpu::ptx::{4}>({1}), "
          "evotune::cpu::ptx::as<evotune::cpu::ptx::{4}>({2}), "
          "evotune::cpu::ptx::as<evotune::cpu::ptx::{4}>({3}))); ",
          one.operands[0].parts[0], one.operands[1].parts[0], one.operands[2].parts[0],
          one.operands[3].parts[0], one.modifiers[0]);
    return arithmetic(one);
  }

  static std::optional<std::string> multiply(const PtxInstruction& one) {
    // m16n8kK . row . col . [satfinite] . D . A . B . C
    Names m = one.modifiers;
    m.erase(std::remove(m.begin(), m.end(), "satfinite"), m.end());
    if (m.size() != 7 || !m[0].starts_with("m16n8k") || m[1] != "row" || m[2] != "col" ||
        m[3] != m[6] || one.operands.size() != 4)
      return std::nullopt;
    const auto a = mma_elements.find(m[4]), b = mma_elements.find(m[5]);
    if (a == mma_elements.end() || b == mma_elements.end() || a->second.in_word != b->second.in_word)
      return std::nullopt;
    const MmaElement& element = a->second;
    const int depth = std::atoi(m[0].c_str() + 6);
    const bool narrow = m[3] == "f16" && m[4] == "f16";
    const bool known_depth = depth == element.depths[0] || depth == element.depths[1];
    if (!known_depth || (m[3] != element.sum && !narrow)) return std::nullopt;
    const auto count = static_cast<std::size_t>(depth / (2 * element.in_word));
    const std::size_t sums = narrow ? 2 : 4;
    const auto parts = [&](std::size_t i) -> const Names& { return one.operands[i].parts; };
    if (parts(0).size() != sums || parts(1).size() != count || parts(2).size() != count / 2 ||
        parts(3).size() != sums)
      return std::nullopt;
    return fmt::format(
        "{{ {}{}{}unsigned evotune_d[4]; evotune::cpu::ptx::mma<{}, evotune::cpu::{}, "
        "evotune::cpu::{}, {}, {}>(evotune_d, evotune_a, evotune_b, evotune_c, __LINE__); {}}} ",
        words("evotune_a", parts(1)), words("evotune_b", parts(2)), words("evotune_c", parts(3)),
        depth, element.name, b->second.name, element.sum == "s32" ? "int" : "float", narrow,
        take_words(parts(0)));
  }

  static std::string shared(const PtxOperand& address) {
    return fmt::format("evotune::cpu::ptx::Shared::at({}, {})", address.parts[0], address.parts[1]);
  }
  static std::string global(const PtxOperand& address) {
    return fmt::format("evotune::cpu::ptx::Global::at({}, {})", address.parts[0], address.parts[1]);
  }

  static std::optional<std::string> load_matrix(const PtxInstruction& one) {
    const bool transposed = has(one.modifiers, "trans");
    const int count = has(one.modifiers, "x4")   ? 4
                      : has(one.modifiers, "x2") ? 2
                      : has(one.modifiers, "x1") ? 1
                                                 : 0;
    if (!has(one.modifiers, "m8n8") || !has(one.modifiers, "b16") || one.operands.size() != 2 ||
        !one.operands[1].is_address ||
        one.operands[0].parts.size() != static_cast<std::size_t>(count))
      return std::nullopt;
    return fmt::format(
        "{{ unsigned evotune_d[{0}]; evotune::cpu::load_matrices<{0}, {1}>(evotune_d, {2}, "
        "__LINE__); {3}}} ",
        count, transposed, shared(one.operands[1]), take_words(one.operands[0].parts));
  }

  static std::optional<std::string> copy_async(const PtxInstruction& one) {
    const Names& m = one.modifiers;
    if (m.empty() || m[0] != "async" || has(m, "bulk") || has(m, "mbarrier")) return std::nullopt;
    if (has(m, "commit_group")) return "evotune::cpu::commit_copies(); ";
    if (has(m, "wait_all")) return "evotune::cpu::wait_all_copies(); ";
    if (has(m, "wait_group") && one.operands.size() == 1)
      return fmt::format("evotune::cpu::wait_copies((unsigned)({})); ", one.operands[0].parts[0]);
    const bool copies = has(m, "ca") || has(m, "cg");
    const std::size_t count = one.operands.size() - (has(m, "L2::cache_hint") ? 1 : 0);
    if (!copies || count < 3 || count > 4 || !one.operands[0].is_address ||
        !one.operands[1].is_address)
      return std::nullopt;
    return fmt::format(
        "evotune::cpu::ptx::cp_async({}, {}, __LINE__, (unsigned)({}), (unsigned)({})); ",
        shared(one.operands[0]), global(one.operands[1]), one.operands[2].parts[0],
        one.operands[count - 1].parts[0]);
  }

  /// ld.global.v4.u32 {a, b, c, d}, [p] · st.shared.f32 [p], a · red.global.add.f32 [p], a
  static std::optional<std::string> access(const PtxInstruction& one) {
    const Names& m = one.modifiers;
    const bool reads = one.base == "ld", adds = one.base == "red" || one.base == "atom";
    if (m.empty() || types.count(m.back()) == 0 || adds != has(m, "add")) return std::nullopt;
    if (one.operands.size() != (one.base == "atom" ? 3U : 2U)) return std::nullopt;
    const std::size_t address = reads || one.base == "atom" ? 1 : 0;
    if (!one.operands[address].is_address) return std::nullopt;
    for (const std::string& modifier : m)
      if (modifier != "global" && !modifier.starts_with("shared") && modifier != "v2" &&
          modifier != "v4" && modifier != "add" && modifier != m.back())
        return std::nullopt;
    const bool in_shared = has(m, "shared") || has(m, "shared::cta");
    const std::string at = in_shared ? shared(one.operands[address]) : global(one.operands[address]);
    const std::string type = "evotune::cpu::ptx::" + m.back();
    if (one.base == "atom")
      return fmt::format("evotune::cpu::ptx::atom_add<{}>({}, {}, __LINE__, {}); ", type,
                         one.operands[0].parts[0], at, one.operands[2].parts[0]);
    return fmt::format("evotune::cpu::ptx::{}<{}>({}, __LINE__, {}); ", adds ? "red_add" : one.base,
                       type, at, join(one.operands[1 - address].parts, ", "));
  }

  static std::optional<std::string> convert(const PtxInstruction& one) {
    Names m = one.modifiers;
    std::string name = "cvt";
    if (m.size() == 3 && (m[0] == "rna" || m[0] == "rni" || m[0] == "rzi")) {
      name += "_" + m[0];
      m.erase(m.begin());
    }
    if (name == "cvt_rna" && m[0] == "tf32") m[0] = "u32";
    if (m.size() != 2 || types.count(m[0]) == 0 || types.count(m[1]) == 0 ||
        one.operands.size() < 2 || one.operands.size() > 3)
      return std::nullopt;
    std::string arguments;
    for (const PtxOperand& operand : one.operands)
      arguments += (arguments.empty() ? "" : ", ") + operand.parts[0];
    return fmt::format("evotune::cpu::ptx::{}<evotune::cpu::ptx::{}, evotune::cpu::ptx::{}>({}); ",
                       name, m[0], m[1], arguments);
  }

  static std::optional<std::string> convert_address(const PtxInstruction& one) {
    if (one.operands.size() != 2) return std::nullopt;
    const bool to = has(one.modifiers, "to"), in_shared = has(one.modifiers, "shared");
    const std::string_view name = !in_shared ? "cvta" : to ? "cvta_to_shared" : "cvta_shared";
    return fmt::format("evotune::cpu::ptx::{}({}, {}); ", name, one.operands[0].parts[0],
                       one.operands[1].parts[0]);
  }

  /// The modifier "sync" was dropped: what is left says "arrive", "warp" or "red".
  static std::optional<std::string> barrier(const PtxInstruction& one) {
    std::string arguments;
    for (const PtxOperand& operand : one.operands)
      arguments += fmt::format(", (unsigned)({})", operand.parts[0]);
    if (one.modifiers.empty() && one.operands.empty()) arguments = ", 0";
    if (one.modifiers.empty()) return fmt::format("evotune::cpu::ptx::bar_sync(__LINE__{}); ", arguments);
    if (one.modifiers == Names{"arrive"} && one.operands.size() == 2)
      return fmt::format("evotune::cpu::ptx::bar_arrive(__LINE__{}); ", arguments);
    if (one.modifiers == Names{"warp"} && one.operands.size() == 1)
      return fmt::format("__syncwarp((unsigned)({})); ", one.operands[0].parts[0]);
    return std::nullopt;
  }

  static std::optional<std::string> arithmetic(const PtxInstruction& one) {
    if (one.modifiers.empty() || types.count(one.modifiers.back()) == 0) return std::nullopt;
    const std::string type = "evotune::cpu::ptx::" + one.modifiers.back();
    std::string name = one.base;
    if (name == "not" || name == "and" || name == "or" || name == "xor") name += '_';
    if (name == "not_" && one.modifiers.back() == "pred") return std::nullopt;
    for (std::size_t i = 0; i + 1 < one.modifiers.size(); ++i) name += "_" + one.modifiers[i];
    if (name == "mov" && one.operands.size() == 2 &&
        (one.operands[0].is_group || one.operands[1].is_group)) {
      Names all = one.operands[0].parts;
      all.insert(all.end(), one.operands[1].parts.begin(), one.operands[1].parts.end());
      if (all.size() != 3) return std::nullopt;
      return fmt::format("evotune::cpu::ptx::mov_{}<{}>({}); ",
                         one.operands[0].is_group ? "unpack" : "pack", type, join(all, ", "));
    }
    const auto known = plain.find(name);
    if (known == plain.end() || one.operands.size() != known->second + 1) return std::nullopt;
    std::string arguments;
    for (const PtxOperand& operand : one.operands) {
      if (operand.parts.size() != 1) return std::nullopt;
      arguments += (arguments.empty() ? "" : ", ") + operand.parts[0];
    }
    return fmt::format("evotune::cpu::ptx::{}<{}>({}); ", name, type, arguments);
  }

  std::span<const AsmOperand> operands_;
  std::map<std::string, std::string> registers_;
};

}  // namespace

std::string translate_ptx(std::string_view text, std::span<const AsmOperand> operands) {
  return PtxTranslator(operands).translate(text);
}

}  // namespace evotune::cpu
