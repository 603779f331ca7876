#include "space/argument_spec.h"

#include <array>

namespace evotune {
namespace {

struct ElementFacts {
  ElementType type;
  std::string_view name;
  std::size_t size;
  bool floating;
};

constexpr std::array<ElementFacts, 12> elements = {{{ElementType::i8, "i8", 1, false},
                                                    {ElementType::u8, "u8", 1, false},
                                                    {ElementType::i16, "i16", 2, false},
                                                    {ElementType::u16, "u16", 2, false},
                                                    {ElementType::i32, "i32", 4, false},
                                                    {ElementType::u32, "u32", 4, false},
                                                    {ElementType::i64, "i64", 8, false},
                                                    {ElementType::u64, "u64", 8, false},
                                                    {ElementType::f16, "f16", 2, true},
                                                    {ElementType::bf16, "bf16", 2, true},
                                                    {ElementType::f32, "f32", 4, true},
                                                    {ElementType::f64, "f64", 8, true}}};

constexpr std::array<std::pair<std::string_view, ElementType>, 33> in_c = {
    {{"signed char", ElementType::i8},
     {"char", ElementType::i8},
     {"int8_t", ElementType::i8},
     {"bool", ElementType::u8},
     {"unsigned char", ElementType::u8},
     {"uint8_t", ElementType::u8},
     {"short", ElementType::i16},
     {"int16_t", ElementType::i16},
     {"unsigned short", ElementType::u16},
     {"uint16_t", ElementType::u16},
     {"int", ElementType::i32},
     {"int32_t", ElementType::i32},
     {"unsigned", ElementType::u32},
     {"unsigned int", ElementType::u32},
     {"uint32_t", ElementType::u32},
     {"long", ElementType::i64},
     {"long long", ElementType::i64},
     {"int64_t", ElementType::i64},
     {"unsigned long", ElementType::u64},
     {"unsigned long long", ElementType::u64},
     {"uint64_t", ElementType::u64},
     {"size_t", ElementType::u64},
     {"half", ElementType::f16},
     {"__half", ElementType::f16},
     {"__nv_bfloat16", ElementType::bf16},
     {"nv_bfloat16", ElementType::bf16},
     {"bfloat16", ElementType::bf16},
     {"float", ElementType::f32},
     {"float32", ElementType::f32},
     {"float16", ElementType::f16},
     {"float64", ElementType::f64},
     {"double", ElementType::f64},
     {"int32", ElementType::i32}}};

constexpr std::array<std::pair<std::string_view, VectorType>, 5> named_vectors = {
    {{"dim3", {ElementType::u32, 3}},
     {"half2", {ElementType::f16, 2}},
     {"__half2", {ElementType::f16, 2}},
     {"nv_bfloat162", {ElementType::bf16, 2}},
     {"__nv_bfloat162", {ElementType::bf16, 2}}}};

constexpr std::array<std::pair<std::string_view, ElementType>, 12> vector_elements = {
    {{"char", ElementType::i8},
     {"uchar", ElementType::u8},
     {"short", ElementType::i16},
     {"ushort", ElementType::u16},
     {"int", ElementType::i32},
     {"uint", ElementType::u32},
     {"long", ElementType::i64},
     {"ulong", ElementType::u64},
     {"longlong", ElementType::i64},
     {"ulonglong", ElementType::u64},
     {"float", ElementType::f32},
     {"double", ElementType::f64}}};

const ElementFacts& facts_of(ElementType type) { return elements[static_cast<std::size_t>(type)]; }

}  // namespace

std::string_view to_text(ElementType type) { return facts_of(type).name; }
std::size_t size_of(ElementType type) { return facts_of(type).size; }
bool is_floating(ElementType type) { return facts_of(type).floating; }

std::optional<ElementType> element_type_from(std::string_view text) {
  for (const ElementFacts& facts : elements)
    if (facts.name == text) return facts.type;
  for (const auto& [name, type] : in_c)
    if (name == text) return type;
  return std::nullopt;
}

std::optional<VectorType> vector_type_from(std::string_view text) {
  for (const auto& [name, type] : named_vectors)
    if (name == text) return type;
  const char digit = text.empty() ? '0' : text.back();
  if (digit < '1' || digit > '4') return std::nullopt;
  text.remove_suffix(1);
  for (const auto& [name, element] : vector_elements)
    if (name == text) return VectorType{element, static_cast<std::size_t>(digit - '0')};
  return std::nullopt;
}

std::vector<std::string> names_in(const ArgumentSpec& argument) {
  std::vector<std::string> names{argument.element};
  const auto add = [&names](const Expression& one) {
    names.insert(names.end(), one.names().begin(), one.names().end());
  };
  for (const Expression& extent : argument.extents) add(extent);
  for (const Expression& value : argument.value) add(value);
  if (argument.values.low) add(*argument.values.low);
  if (argument.values.high) add(*argument.values.high);
  if (argument.values.formula) add(*argument.values.formula);
  for (const ArgumentSpec& member : argument.members)
    for (std::string& name : names_in(member)) names.push_back(std::move(name));
  return names;
}

std::string_view to_text(Role role) {
  constexpr std::array<std::string_view, 7> names = {
      "in", "out", "inout", "scratch", "scalar", "constant", "filled scratch"};
  return names[static_cast<std::size_t>(role)];
}

}  // namespace evotune
