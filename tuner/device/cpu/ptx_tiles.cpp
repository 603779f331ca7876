#include <fmt/format.h>

#include <map>

#include "device/cpu/ptx_instructions.h"

namespace evotune::cpu {
namespace {

using Names = std::vector<std::string>;

struct TileElement {
  std::string_view name, sum;  ///< in <mma.h>; PTX's type of the sums
  int bytes;
};
const std::map<std::string_view, TileElement> factors = {
    {"f16", {"__half", "", 2}},
    {"bf16", {"__nv_bfloat16", "f32", 2}},
    {"tf32", {"nvcuda::wmma::precision::tf32", "f32", 4}},
    {"s8", {"signed char", "s32", 1}},
    {"u8", {"unsigned char", "s32", 1}}};
const std::map<std::string_view, TileElement> sums = {
    {"f16", {"__half", "", 2}}, {"f32", {"float", "", 4}}, {"s32", {"int", "", 4}}};

struct Shape {
  int m = 0, n = 0, k = 0;
};
std::optional<Shape> shape_of(const std::string& text, std::string_view factor) {
  const bool is_tf32 = factor == "tf32";
  for (const Shape& one : {Shape{16, 16, 16}, Shape{32, 8, 16}, Shape{8, 32, 16}})
    if (!is_tf32 && text == fmt::format("m{}n{}k{}", one.m, one.n, one.k)) return one;
  // A sum does not say what its factors are.
  const bool any = sums.count(factor) != 0 && factor != "f16";
  if ((is_tf32 || any) && text == "m16n16k8") return Shape{16, 16, 8};
  return std::nullopt;
}

struct Tile {
  std::string type;  ///< in <mma.h>
  std::size_t words = 0;
  int row = 0, column = 0;  ///< how long they are, and so the stride that is not told
};
std::optional<Tile> tile_of(std::string_view use, const std::string& shape,
                            const std::string& element, const std::string& layout) {
  const bool is_sum = use == "c" || use == "d";
  const auto& elements = is_sum ? sums : factors;
  const auto its = elements.find(element);
  const auto size = shape_of(shape, element);
  if (its == elements.end() || !size || (layout != "row" && layout != "col")) return std::nullopt;
  Tile tile;
  tile.row = use == "a" ? size->k : size->n;
  tile.column = use == "b" ? size->k : size->m;
  const std::string_view kind = is_sum ? "accumulator" : use == "a" ? "matrix_a" : "matrix_b";
  tile.type = fmt::format("nvcuda::wmma::fragment<nvcuda::wmma::{}, {}, {}, {}, {}{}>", kind,
                          size->m, size->n, size->k, its->second.name,
                          is_sum ? "" : fmt::format(", nvcuda::wmma::{}_major", layout));
  const bool halves = !is_sum && element == "f16";
  tile.words =
      halves ? 8 : static_cast<std::size_t>(tile.row * tile.column * its->second.bytes / 128);
  return tile;
}

/// wmma.load.a.sync.aligned.row.m16n16k16.shared.f16 {…}, [p], stride · wmma.store.d…. [p], {…}
std::optional<std::string> move(const PtxInstruction& one) {
  const Names& m = one.modifiers;
  const bool loads = m[0] == "load";
  const bool told = one.operands.size() == 3;
  if (m.size() < 5 || m.size() > 6 || one.operands.size() < 2 || one.operands.size() > 3 ||
      !(loads ? m[1] == "a" || m[1] == "b" || m[1] == "c" : m[1] == "d"))
    return std::nullopt;
  const bool in_shared = m.size() == 6 && (m[4] == "shared" || m[4] == "shared::cta");
  if (m.size() == 6 && !in_shared && m[4] != "global") return std::nullopt;
  const auto tile = tile_of(m[1], m[3], m.back(), m[2]);
  const PtxOperand& address = one.operands[loads ? 1 : 0];
  const PtxOperand& registers = one.operands[loads ? 0 : 1];
  if (!tile || !address.is_address || registers.parts.size() != tile->words) return std::nullopt;
  const bool by_rows = m[2] == "row";
  const std::string stride = told ? fmt::format("(unsigned)({})", one.operands[2].parts[0])
                                  : fmt::format("{}u", by_rows ? tile->row : tile->column);
  const std::string layout =
      m[1] == "a" || m[1] == "b" ? "" : fmt::format(", nvcuda::wmma::mem_{}_major", m[2]);
  const std::string where = ptx_address(address, in_shared);
  if (loads)
    return fmt::format(
        "{{ unsigned evotune_d[8] = {{}}; evotune::cpu::ptx::load_tile<{}>(evotune_d, {}, {}{}); "
        "{}}} ",
        tile->type, where, stride, layout, ptx_take_words(registers.parts));
  return fmt::format("{{ {}evotune::cpu::ptx::store_tile<{}>({}, evotune_c, {}{}); }} ",
                     ptx_words("evotune_c", registers.parts), tile->type, where, stride, layout);
}

/// wmma.mma.sync.aligned.row.col.m16n16k16.f32.f32 or .f32.bf16.bf16.f32 d, a, b, c
std::optional<std::string> multiply(const PtxInstruction& one) {
  Names m = one.modifiers;
  if (m.back() == "satfinite") m.pop_back();
  const bool halves = m.size() == 6;
  if ((!halves && m.size() != 8) || one.operands.size() != 4 || m[4] != m.back())
    return std::nullopt;
  const std::string factor = halves ? "f16" : m[5];
  const auto known = factors.find(factor);
  if (known == factors.end() || (!halves && (m[5] != m[6] || m[4] != known->second.sum)) ||
      (halves && m[4] == "s32") || !shape_of(m[3], factor))
    return std::nullopt;
  const auto a = tile_of("a", m[3], factor, m[1]), b = tile_of("b", m[3], factor, m[2]);
  const auto c = tile_of("c", m[3], m[4], "row");
  const auto parts = [&](std::size_t i) -> const Names& { return one.operands[i].parts; };
  if (!a || !b || !c || parts(0).size() != c->words || parts(1).size() != a->words ||
      parts(2).size() != b->words || parts(3).size() != c->words)
    return std::nullopt;
  return fmt::format(
      "{{ {}{}{}unsigned evotune_d[8]; evotune::cpu::ptx::multiply_tiles<{}, {}, {}>(evotune_d, "
      "evotune_a, evotune_b, evotune_c, __LINE__); {}}} ",
      ptx_words("evotune_a", parts(1)), ptx_words("evotune_b", parts(2)),
      ptx_words("evotune_c", parts(3)), a->type, b->type, c->type, ptx_take_words(parts(0)));
}

}  // namespace

std::optional<std::string> translate_tiles(const PtxInstruction& one) {
  if (one.base != "wmma" || one.modifiers.empty()) return std::nullopt;
  if (one.modifiers[0] == "mma") return multiply(one);
  if (one.modifiers[0] == "load" || one.modifiers[0] == "store") return move(one);
  return std::nullopt;
}

}  // namespace evotune::cpu
