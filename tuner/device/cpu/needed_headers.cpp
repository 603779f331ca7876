#include "device/cpu/needed_headers.h"

#include <map>
#include <set>

#include "device/cpu/shim_files.h"
#include "device/cpu/source_words.h"

namespace evotune::cpu {
namespace {

/// Which standard header declares a member of std that kernels use.
const std::map<std::string_view, std::string_view> standard_headers = {
    {"min", "algorithm"},
    {"max", "algorithm"},
    {"clamp", "algorithm"},
    {"swap", "utility"},
    {"move", "utility"},
    {"forward", "utility"},
    {"pair", "utility"},
    {"make_pair", "utility"},
    {"declval", "utility"},
    {"index_sequence", "utility"},
    {"make_index_sequence", "utility"},
    {"integer_sequence", "utility"},
    {"exchange", "utility"},
    {"numeric_limits", "limits"},
    {"array", "array"},
    {"tuple", "tuple"},
    {"make_tuple", "tuple"},
    {"get", "tuple"},
    {"size_t", "cstddef"},
    {"ptrdiff_t", "cstddef"},
    {"nullptr_t", "cstddef"},
    {"byte", "cstddef"},
    {"int8_t", "cstdint"},
    {"int16_t", "cstdint"},
    {"int32_t", "cstdint"},
    {"int64_t", "cstdint"},
    {"uint8_t", "cstdint"},
    {"uint16_t", "cstdint"},
    {"uint32_t", "cstdint"},
    {"uint64_t", "cstdint"},
    {"uintptr_t", "cstdint"},
    {"plus", "functional"},
    {"multiplies", "functional"},
    {"less", "functional"},
    {"greater", "functional"},
    {"complex", "complex"},
    {"memcpy", "cstring"},
    {"memset", "cstring"}};
constexpr std::string_view mathematics[] = {
    "abs",   "fabs", "sqrt",  "cbrt",  "exp",   "exp2",     "expm1",   "log",      "log2",  "log10",
    "log1p", "pow",  "sin",   "cos",   "tan",   "asin",     "acos",    "atan",     "atan2", "sinh",
    "cosh",  "tanh", "erf",   "floor", "ceil",  "trunc",    "round",   "rint",     "fmod",  "fmin",
    "fmax",  "fma",  "hypot", "isnan", "isinf", "isfinite", "signbit", "copysign", "lround"};
constexpr std::string_view type_traits[] = {"is_same",
                                            "is_same_v",
                                            "enable_if",
                                            "enable_if_t",
                                            "conditional",
                                            "conditional_t",
                                            "decay",
                                            "decay_t",
                                            "integral_constant",
                                            "true_type",
                                            "false_type",
                                            "is_integral",
                                            "is_integral_v",
                                            "is_floating_point",
                                            "is_floating_point_v",
                                            "remove_reference",
                                            "remove_reference_t",
                                            "remove_cv_t",
                                            "void_t",
                                            "is_signed",
                                            "is_unsigned",
                                            "make_unsigned_t",
                                            "bool_constant",
                                            "common_type_t",
                                            "is_arithmetic_v"};

std::string_view standard_header(std::string_view member) {
  if (const auto found = standard_headers.find(member); found != standard_headers.end())
    return found->second;
  for (const std::string_view name : mathematics)
    if (name == member) return "cmath";
  for (const std::string_view name : type_traits)
    if (name == member) return "type_traits";
  const bool trait = member.starts_with("is_") || member.ends_with("_t") || member.ends_with("_v");
  return trait ? "type_traits" : std::string_view();
}

bool is_half(std::string_view name) {
  return name == "half" || name == "half2" || name.starts_with("__half");
}
bool is_bfloat16(std::string_view name) {
  return name.starts_with("__nv_bfloat") || name.starts_with("nv_bfloat");
}

/// __vadd2, __vcmpgtu4, __vimax3_s32
bool is_simd(std::string_view name) {
  return name.starts_with("__v") && name.size() > 5 && name != "__volatile__" &&
         (name.ends_with('2') || name.ends_with('4') || name.ends_with("_relu"));
}
/// __fadd_rd, __double2float_ru
bool is_directed(std::string_view name) {
  return name.starts_with("__") &&
         (name.ends_with("_rz") || name.ends_with("_ru") || name.ends_with("_rd"));
}
/// "add.rz.f32"
bool is_directed_in_ptx(std::string_view text) {
  for (const char* mode : {".rz.", ".rm.", ".rp."})
    if (text.find(mode) != text.npos) return true;
  return false;
}

}  // namespace

std::string needed_headers(std::string_view source) {
  std::set<std::string_view> headers;
  const SourceWords words = source_words(source);
  const bool uses_cub = source.find("<cub/") != source.npos;  // which includes these two
  for (std::size_t i = 0; i < words.size(); ++i) {
    const SourceWord& word = words[i];
    if (word.kind == CodeTokenKind::string && is_directed_in_ptx(word.text))
      headers.insert("rounding.h");
    if (word.kind == CodeTokenKind::string && word.text.find("wmma.") != word.text.npos)
      headers.insert("ptx_tiles.h");
    if (word.kind != CodeTokenKind::identifier) continue;
    if (const auto header = included_header(source, words, i); in_shim(header))
      headers.insert(header);
    const bool called = i + 1 < words.size() && words[i + 1].is("(");
    if (called && word.is("clock")) headers.insert("time.h");
    if (called && word.is("assert")) headers.insert("assert.h");
    if (uses_cub && is_half(word.text)) headers.insert("cuda_fp16.h");
    if (uses_cub && is_bfloat16(word.text)) headers.insert("cuda_bf16.h");
    if (is_simd(word.text)) headers.insert("simd_functions.h");
    if (is_directed(word.text)) headers.insert("rounding.h");
    if (word.is("asm") || word.is("__asm__") || word.is("__asm")) headers.insert("ptx.h");
    if (word.text.starts_with("cufft")) headers.insert("cufft_types.h");
    if (word.is("std") && i + 3 < words.size() && words[i + 1].is(":"))
      if (const auto header = standard_header(words[i + 3].text); !header.empty())
        headers.insert(header);
  }
  std::string lines;
  for (const std::string_view header : headers) lines += "#include <" + std::string(header) + ">\n";
  return lines;
}

}  // namespace evotune::cpu
