#include "device/cpu/ptx_instructions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "base/text.h"

namespace evotune::cpu {
namespace {

using Names = std::vector<std::string>;

const std::set<std::string_view> meaningless = {"sync",
                                                "aligned",
                                                "volatile",
                                                "ftz",
                                                "rn",
                                                "approx",
                                                "full",
                                                "relaxed",
                                                "acquire",
                                                "release",
                                                "acq_rel",
                                                "sc",
                                                "weak",
                                                "cta",
                                                "gpu",
                                                "sys",
                                                "nc",
                                                "cs",
                                                "lu",
                                                "cv",
                                                "wb",
                                                "wt",
                                                "noftz",
                                                "L1::evict_first",
                                                "L1::evict_last",
                                                "L1::no_allocate",
                                                "L1::evict_normal",
                                                "L1::evict_unchanged",
                                                "L2::64B",
                                                "L2::128B",
                                                "L2::256B",
                                                "L2::evict_first",
                                                "L2::evict_last"};
const std::set<std::string_view> types = {"b8",  "b16",  "b32",   "b64",    "u8",  "u16", "u32",
                                          "u64", "s8",   "s16",   "s32",    "s64", "f16", "f32",
                                          "f64", "bf16", "f16x2", "bf16x2", "pred"};
/// Instructions that are one function of shim/ptx.h: how many operands follow the result.
const std::map<std::string_view, std::size_t> plain = {
    {"mov", 1},         {"neg", 1},        {"abs", 1},     {"not_", 1},       {"ex2", 1},
    {"lg2", 1},         {"rcp", 1},        {"sqrt", 1},    {"rsqrt", 1},      {"sin", 1},
    {"cos", 1},         {"tanh", 1},       {"popc", 1},    {"clz", 1},        {"brev", 1},
    {"add", 2},         {"sub", 2},        {"mul", 2},     {"mul_lo", 2},     {"mul_hi", 2},
    {"mul_wide", 2},    {"div", 2},        {"rem", 2},     {"min", 2},        {"max", 2},
    {"and_", 2},        {"or_", 2},        {"xor_", 2},    {"shl", 2},        {"shr", 2},
    {"setp_eq", 2},     {"setp_ne", 2},    {"setp_lt", 2}, {"setp_le", 2},    {"setp_gt", 2},
    {"setp_ge", 2},     {"setp_lo", 2},    {"setp_ls", 2}, {"setp_hi", 2},    {"setp_hs", 2},
    {"fma", 3},         {"mad", 3},        {"mad_lo", 3},  {"prmt", 3},       {"bfe", 3},
    {"selp", 3},        {"lop3", 4},       {"bfi", 4},     {"shf_l_wrap", 3}, {"shf_r_wrap", 3},
    {"shf_l_clamp", 3}, {"shf_r_clamp", 3}};
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

bool has(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
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

std::optional<std::string> multiply(const PtxInstruction& one) {
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

std::string shared(const PtxOperand& address) { return ptx_address(address, true); }
std::string global(const PtxOperand& address) { return ptx_address(address, false); }

std::optional<std::string> load_matrix(const PtxInstruction& one) {
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

std::optional<std::string> copy_async(const PtxInstruction& one) {
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

/// ld.global.v4.u32 {a, b, c, d}, [p] · st.shared.f32 [p], a
std::optional<std::string> access(const PtxInstruction& one) {
  const Names& m = one.modifiers;
  const std::size_t count = has(m, "L2::cache_hint") ? 3 : 2;  // the third is a cache policy
  if (m.empty() || types.count(m.back()) == 0 || one.operands.size() != count) return std::nullopt;
  const std::size_t address = one.base == "ld" ? 1 : 0;
  if (!one.operands[address].is_address) return std::nullopt;
  for (const std::string& modifier : m)
    if (modifier != "global" && !modifier.starts_with("shared") && modifier != "v2" &&
        modifier != "v4" && modifier != "ca" && modifier != "cg" && modifier != "L2::cache_hint" &&
        modifier != m.back())
      return std::nullopt;
  const bool in_shared = has(m, "shared") || has(m, "shared::cta");
  return fmt::format("evotune::cpu::ptx::{}<evotune::cpu::ptx::{}>({}, __LINE__, {}); ", one.base,
                     m.back(), ptx_address(one.operands[address], in_shared),
                     join(one.operands[1 - address].parts, ", "));
}

/// cvt.pack.sat.s8.s32.b32 d, a, b, c · cvt.pack.sat.s16.s32 d, a, b
std::optional<std::string> convert_and_pack(const PtxInstruction& one) {
  const Names& m = one.modifiers;
  const bool bytes = m.size() == 5 && (m[2] == "s8" || m[2] == "u8") && m[4] == "b32";
  const bool words = m.size() == 4 && (m[2] == "s16" || m[2] == "u16");
  if ((!bytes && !words) || m[1] != "sat" || m[3] != "s32" ||
      one.operands.size() != (bytes ? 4U : 3U))
    return std::nullopt;
  std::string arguments;
  for (const PtxOperand& operand : one.operands)
    arguments += (arguments.empty() ? "" : ", ") + operand.parts[0];
  return fmt::format("evotune::cpu::ptx::cvt_pack<evotune::cpu::ptx::{}>({}); ", m[2], arguments);
}

std::optional<std::string> convert(const PtxInstruction& one) {
  Names m = one.modifiers;
  if (!m.empty() && m[0] == "pack") return convert_and_pack(one);
  std::string name = "cvt";
  if (m.size() > 2 && (m[0] == "rna" || m[0] == "rni" || m[0] == "rzi")) {
    name += "_" + m[0];
    m.erase(m.begin());
  }
  if (m.size() == 3 && m[0] == "sat" && name != "cvt_rna" && one.operands.size() == 2) {
    name += "_sat";
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

std::optional<std::string> convert_address(const PtxInstruction& one) {
  if (one.operands.size() != 2) return std::nullopt;
  const bool to = has(one.modifiers, "to"), in_shared = has(one.modifiers, "shared");
  const std::string_view name = !in_shared ? "cvta" : to ? "cvta_to_shared" : "cvta_shared";
  return fmt::format("evotune::cpu::ptx::{}({}, {}); ", name, one.operands[0].parts[0],
                     one.operands[1].parts[0]);
}

/// The modifier "sync" was dropped: what is left says "arrive", "warp" or "red".
std::optional<std::string> barrier(const PtxInstruction& one) {
  std::string arguments;
  for (const PtxOperand& operand : one.operands)
    arguments += fmt::format(", (unsigned)({})", operand.parts[0]);
  if (one.modifiers.empty() && one.operands.empty()) arguments = ", 0";
  if (one.modifiers.empty())
    return fmt::format("evotune::cpu::ptx::bar_sync(__LINE__{}); ", arguments);
  if (one.modifiers == Names{"arrive"} && one.operands.size() == 2)
    return fmt::format("evotune::cpu::ptx::bar_arrive(__LINE__{}); ", arguments);
  if (one.modifiers == Names{"warp"} && one.operands.size() == 1)
    return fmt::format("__syncwarp((unsigned)({})); ", one.operands[0].parts[0]);
  return std::nullopt;
}

std::optional<std::string> arithmetic(const PtxInstruction& one) {
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

}  // namespace

bool is_ptx_type(std::string_view name) { return types.count(name) != 0; }
bool is_meaningless_in_ptx(std::string_view modifier) { return meaningless.count(modifier) != 0; }

std::optional<std::string> translate_instruction(const PtxInstruction& one) {
  if (one.base == "mma") return multiply(one);
  if (one.base == "ldmatrix") return load_matrix(one);
  if (one.base == "cp") return copy_async(one);
  if (one.base == "ld" || one.base == "st") return access(one);
  if (one.base == "cvt") return convert(one);
  if (one.base == "cvta") return convert_address(one);
  if (one.base == "bar" || one.base == "barrier") return barrier(one);
  // What only says how caches are to be used.
  if (one.base == "prefetch" || one.base == "prefetchu" || one.base == "nanosleep" ||
      one.base == "createpolicy")
    return "";
  if (one.base == "membar" || one.base == "fence")
    return one.text.find("proxy") == std::string::npos
               ? std::optional<std::string>("__threadfence(); ")
               : std::nullopt;
  if (one.base == "trap") return "evotune_trap(\"inline PTX: trap\", __LINE__); ";
  if (one.base == "activemask" && one.operands.size() == 1)
    return fmt::format("evotune::cpu::ptx::set({}, __activemask()); ", one.operands[0].parts[0]);
  if (one.base == "dp4a" && one.operands.size() == 4 && one.modifiers.size() == 2 &&
      one.modifiers[0] == one.modifiers[1])
    return fmt::format(
        "evotune::cpu::ptx::set({0}, __dp4a(evotune::cpu::ptx::as<evotune::cpu::ptx::{4}>({1}), "
        "evotune::cpu::ptx::as<evotune::cpu::ptx::{4}>({2}), "
        "evotune::cpu::ptx::as<evotune::cpu::ptx::{4}>({3}))); ",
        one.operands[0].parts[0], one.operands[1].parts[0], one.operands[2].parts[0],
        one.operands[3].parts[0], one.modifiers[0]);
  if (auto together = translate_collective(one)) return together;
  return arithmetic(one);
}

std::string ptx_address(const PtxOperand& address, bool in_shared) {
  return fmt::format("evotune::cpu::ptx::{}::at({}, {})", in_shared ? "Shared" : "Global",
                     address.parts[0], address.parts[1]);
}

bool has_modifier(const PtxInstruction& one, std::string_view name) {
  return has(one.modifiers, name);
}

}  // namespace evotune::cpu
