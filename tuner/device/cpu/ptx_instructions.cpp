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
                                                "L2::evict_last",
                                                "L2::evict_normal",
                                                "L2::cache_hint"};
const std::set<std::string_view> types = {"b8",  "b16",  "b32",   "b64",    "u8",  "u16", "u32",
                                          "u64", "s8",   "s16",   "s32",    "s64", "f16", "f32",
                                          "f64", "bf16", "f16x2", "bf16x2", "pred"};
/// The element types of mma: name here, elements in a word, the two depths K.
struct MmaElement {
  std::string_view name;
  int in_word, depths[2];
  std::string_view sum;
};
const std::map<std::string_view, MmaElement> mma_elements = {
    {"f16", {"F16", 2, {8, 16}, "f32"}},  {"bf16", {"Bf16", 2, {8, 16}, "f32"}},
    {"tf32", {"Tf32", 1, {4, 8}, "f32"}}, {"s8", {"S8", 4, {16, 32}, "s32"}},
    {"u8", {"U8", 4, {16, 32}, "s32"}},   {"s4", {"S4", 8, {32, 64}, "s32"}},
    {"u4", {"U4", 8, {32, 64}, "s32"}}};

bool has(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64 {d0, d1}, {a}, {b}, {c0, c1}
std::optional<std::string> multiply_doubles(const PtxInstruction& one) {
  Names all;
  for (const PtxOperand& operand : one.operands)
    all.insert(all.end(), operand.parts.begin(), operand.parts.end());
  if (one.modifiers != Names{"m8n8k4", "row", "col", "f64", "f64", "f64", "f64"} || all.size() != 6)
    return std::nullopt;
  return fmt::format("evotune::cpu::ptx::mma_doubles({}, __LINE__); ", join(all, ", "));
}

std::optional<std::string> multiply(const PtxInstruction& one) {
  // m16n8kK or m8n8kK . row . col . [satfinite] . D . A . B . C
  Names m = one.modifiers;
  m.erase(std::remove(m.begin(), m.end(), "satfinite"), m.end());
  const bool tall = !m.empty() && m[0].starts_with("m16n8k");
  if (m.size() != 7 || (!tall && !m[0].starts_with("m8n8k")) || m[1] != "row" || m[2] != "col" ||
      m[3] != m[6] || one.operands.size() != 4)
    return std::nullopt;
  const auto a = mma_elements.find(m[4]), b = mma_elements.find(m[5]);
  if (a == mma_elements.end() || b == mma_elements.end() || a->second.in_word != b->second.in_word)
    return std::nullopt;
  const MmaElement& element = a->second;
  const int depth = std::atoi(m[0].c_str() + m[0].find('k') + 1);
  const bool narrow = m[3] == "f16" && m[4] == "f16";
  const bool known_depth = depth == element.depths[0] || (tall && depth == element.depths[1]);
  if (!known_depth || (m[3] != element.sum && !narrow) || (!tall && element.sum != "s32"))
    return std::nullopt;
  const auto b_count = static_cast<std::size_t>(depth / (4 * element.in_word));
  const std::size_t sums = tall && !narrow ? 4 : 2;
  const auto parts = [&](std::size_t i) -> const Names& { return one.operands[i].parts; };
  if (parts(0).size() != sums || parts(1).size() != (tall ? 2 * b_count : b_count) ||
      parts(2).size() != b_count || parts(3).size() != sums)
    return std::nullopt;
  return fmt::format(
      "{{ {}{}{}unsigned evotune_d[4]; evotune::cpu::multiply_matrices<{}, {}, evotune::cpu::{}, "
      "evotune::cpu::{}, {}, {}>(evotune_d, evotune_a, evotune_b, evotune_c, __LINE__); {}}} ",
      ptx_words("evotune_a", parts(1)), ptx_words("evotune_b", parts(2)),
      ptx_words("evotune_c", parts(3)), tall ? 16 : 8, depth, element.name, b->second.name,
      element.sum == "s32" ? "int" : "float", narrow, ptx_take_words(parts(0)));
}

/// A policy follows the operands.
bool is_hinted(const PtxInstruction& one) {
  return one.text.find("L2::cache_hint") != std::string::npos;
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
      count, transposed, shared(one.operands[1]), ptx_take_words(one.operands[0].parts));
}

std::optional<std::string> copy_async(const PtxInstruction& one) {
  const Names& m = one.modifiers;
  if (m.empty() || m[0] != "async" || has(m, "bulk")) return std::nullopt;
  if (has(m, "mbarrier") && has(m, "arrive") && one.operands.size() == 1 &&
      one.operands[0].is_address)
    return fmt::format("evotune::cpu::ptx::cp_async_arrive({}, __LINE__, {}); ",
                       shared(one.operands[0]), has(m, "noinc"));
  if (has(m, "commit_group")) return "evotune::cpu::commit_copies(); ";
  if (has(m, "wait_all")) return "evotune::cpu::wait_all_copies(); ";
  if (has(m, "wait_group") && one.operands.size() == 1)
    return fmt::format("evotune::cpu::wait_copies((unsigned)({})); ", one.operands[0].parts[0]);
  const bool copies = has(m, "ca") || has(m, "cg");
  const std::size_t count = one.operands.size() - (is_hinted(one) ? 1 : 0);
  if (!copies || count < 3 || count > 4 || !one.operands[0].is_address ||
      !one.operands[1].is_address)
    return std::nullopt;
  return fmt::format(
      "evotune::cpu::ptx::cp_async({}, {}, __LINE__, (unsigned)({}), (unsigned)({})); ",
      shared(one.operands[0]), global(one.operands[1]), one.operands[2].parts[0],
      one.operands[count - 1].parts[0]);
}

/// What says so was dropped from the modifiers: here it orders memory only for who follows the
/// kernel.
bool says(const PtxInstruction& one, std::string_view modifier) {
  return one.text.find(modifier) != std::string::npos;
}
/// In shared memory `volatile` orders nothing, as in C++.
bool is_strong(const PtxInstruction& one) {
  return says(one, ".relaxed") || says(one, ".acquire") || says(one, ".release") ||
         (says(one, ".volatile") && !says(one, ".shared"));
}

/// ld.global.v4.u32 {a, b, c, d}, [p] · st.shared.f32 [p], a
std::optional<std::string> access(const PtxInstruction& one) {
  static const std::set<std::string_view> known = {
      "global", "const", "local", "shared", "shared::cta", "v2", "v4",
      "ca",     "cg",    "cs",    "lu",     "cv",          "wb", "wt"};
  const Names& m = one.modifiers;
  if (m.empty() || types.count(m.back()) == 0 || one.operands.size() != (is_hinted(one) ? 3U : 2U))
    return std::nullopt;
  const std::size_t address = one.base == "ld" ? 1 : 0;
  if (!one.operands[address].is_address) return std::nullopt;
  for (const std::string& modifier : m)
    if (known.count(modifier) == 0 && modifier != m.back()) return std::nullopt;
  const bool in_shared = has(m, "shared") || has(m, "shared::cta");
  const Names& values = one.operands[1 - address].parts;
  const std::string where = ptx_address(one.operands[address], in_shared);
  if (values.size() == 1 && is_strong(one))
    return fmt::format(
        "{}evotune::cpu::ptx::{}_strong<evotune::cpu::ptx::{}, {}>({}, __LINE__, {}); ",
        ptx_release(one), one.base, m.back(), ptx_scope(one), where, values[0]);
  return fmt::format("evotune::cpu::ptx::{}<evotune::cpu::ptx::{}>({}, __LINE__, {}); ", one.base,
                     m.back(), where, join(values, ", "));
}

std::optional<std::string> convert_address(const PtxInstruction& one) {
  if (one.operands.size() != 2) return std::nullopt;
  const bool to = has(one.modifiers, "to"), in_shared = has(one.modifiers, "shared");
  const std::string_view name = !in_shared ? "cvta" : to ? "cvta_to_shared" : "cvta_shared";
  return fmt::format("evotune::cpu::ptx::{}({}, {}); ", name, one.operands[0].parts[0],
                     one.operands[1].parts[0]);
}

}  // namespace

bool is_ptx_type(std::string_view name) { return types.count(name) != 0; }
bool is_meaningless_in_ptx(std::string_view modifier) { return meaningless.count(modifier) != 0; }

std::optional<std::string> translate_instruction(const PtxInstruction& one) {
  if (one.base == "mma") return has(one.modifiers, "f64") ? multiply_doubles(one) : multiply(one);
  if (one.base == "movmatrix" && one.modifiers == Names{"m8n8", "trans", "b16"} &&
      one.operands.size() == 2)
    return fmt::format("evotune::cpu::ptx::movmatrix({}, {}, __LINE__); ", one.operands[0].parts[0],
                       one.operands[1].parts[0]);
  if (one.base == "ldmatrix") return load_matrix(one);
  if (one.base == "cp") return copy_async(one);
  if (one.base == "ld" || one.base == "st") return access(one);
  if (one.base == "cvta") return convert_address(one);
  for (const char* hint : {"prefetch", "prefetchu", "discard", "applypriority", "nanosleep"})
    if (one.base == hint) return "";
  if (one.base == "createpolicy" && !one.operands.empty())
    return fmt::format("evotune::cpu::ptx::set({}, 0ull); ", one.operands[0].parts[0]);
  if (one.base == "isspacep" && one.operands.size() == 2 &&
      (one.modifiers == Names{"shared"} || one.modifiers == Names{"global"}))
    return fmt::format("evotune::cpu::ptx::isspacep_{}({}, {}); ", one.modifiers[0],
                       one.operands[0].parts[0], one.operands[1].parts[0]);
  if (one.base == "exit") return "evotune_exit(); ";
  if (one.base == "trap") return "evotune_trap(\"inline PTX: trap\", __LINE__); ";
  if (one.base == "activemask" && one.operands.size() == 1)
    return fmt::format("evotune::cpu::ptx::set({}, __activemask()); ", one.operands[0].parts[0]);
  for (auto* translate :
       {&translate_collective, &translate_barrier, &translate_arithmetic, &translate_tiles})
    if (auto code = translate(one)) return code;
  return std::nullopt;
}

std::string ptx_words(const std::string& name, const std::vector<std::string>& parts) {
  std::string list;
  for (const std::string& part : parts)
    list += fmt::format("{}evotune::cpu::ptx::as<unsigned>({})", list.empty() ? "" : ", ", part);
  return fmt::format("const unsigned {}[] = {{{}}}; ", name, list);
}

std::string ptx_take_words(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i)
    text += fmt::format("evotune::cpu::ptx::set({}, evotune_d[{}]); ", parts[i], i);
  return text;
}

std::string ptx_address(const PtxOperand& address, bool in_shared) {
  return fmt::format("evotune::cpu::ptx::{}::at({}, {})", in_shared ? "Shared" : "Global",
                     address.parts[0], address.parts[1]);
}

bool ptx_is_of_block(const PtxInstruction& one) { return says(one, ".cta"); }

std::string_view ptx_scope(const PtxInstruction& one) {
  return ptx_is_of_block(one) ? "evotune::cpu::for_block" : "evotune::cpu::for_all";
}

std::string ptx_release(const PtxInstruction& one) {
  if (!says(one, ".release") && !says(one, ".acq_rel")) return "";
  return fmt::format("evotune::cpu::release<{}>(); ", ptx_scope(one));
}

bool has_modifier(const PtxInstruction& one, std::string_view name) {
  return has(one.modifiers, name);
}

}  // namespace evotune::cpu
