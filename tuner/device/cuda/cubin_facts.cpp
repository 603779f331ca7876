// Reads the ELF sections of a cubin: .nv.info (attributes of all kernels, by symbol),
// .nv.shared.<k>.
#include "device/cuda/cubin_facts.h"

#include <elf.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace evotune {
namespace {

using Bytes = std::span<const std::byte>;

// Of .nv.info: an attribute is {format, name, size}, then `size` bytes if the format is 4.
constexpr std::uint8_t sized_format = 0x04;
constexpr std::uint8_t register_count = 0x2f;
constexpr std::uint8_t frame_size = 0x11;

template <typename T>
std::optional<T> read_at(Bytes bytes, std::uint64_t offset) {
  if (bytes.size() < sizeof(T) || offset > bytes.size() - sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

/// The part of the file that a section covers; empty if it has none or lies outside.
Bytes content_of(Bytes image, const Elf64_Shdr& section) {
  if (section.sh_type == SHT_NOBITS || section.sh_offset > image.size() ||
      section.sh_size > image.size() - section.sh_offset)
    return {};
  return image.subspan(section.sh_offset, section.sh_size);
}

std::string text_at(Bytes table, std::uint64_t offset) {
  std::string text;
  for (std::uint64_t i = offset; i < table.size() && table[i] != std::byte{0}; ++i)
    text += static_cast<char>(table[i]);
  return text;
}

struct Sections {
  std::vector<Elf64_Shdr> headers;
  Bytes names;
};

std::optional<Sections> sections_of(Bytes image) {
  const auto header = read_at<Elf64_Ehdr>(image, 0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
      header->e_ident[EI_CLASS] != ELFCLASS64)
    return std::nullopt;
  Sections sections;
  for (std::uint64_t i = 0; i < header->e_shnum; ++i) {
    const auto one = read_at<Elf64_Shdr>(image, header->e_shoff + i * sizeof(Elf64_Shdr));
    if (!one) return std::nullopt;
    sections.headers.push_back(*one);
  }
  if (header->e_shstrndx >= sections.headers.size()) return std::nullopt;
  sections.names = content_of(image, sections.headers[header->e_shstrndx]);
  return sections;
}

/// The number of a symbol in the symbol table.
std::optional<std::uint32_t> symbol_number(Bytes image, const Sections& sections,
                                           std::string_view symbol) {
  for (const Elf64_Shdr& table : sections.headers) {
    if (table.sh_type != SHT_SYMTAB || table.sh_link >= sections.headers.size()) continue;
    const Bytes entries = content_of(image, table);
    const Bytes names = content_of(image, sections.headers[table.sh_link]);
    for (std::uint32_t i = 0; i < entries.size() / sizeof(Elf64_Sym); ++i)
      if (const auto one = read_at<Elf64_Sym>(entries, i * sizeof(Elf64_Sym));
          one && text_at(names, one->st_name) == symbol)
        return i;
  }
  return std::nullopt;
}

void add_attributes(Bytes info, std::uint32_t symbol, CubinFacts& facts) {
  for (std::uint64_t at = 0; at + 4 <= info.size();) {
    const auto format = *read_at<std::uint8_t>(info, at);
    const auto name = *read_at<std::uint8_t>(info, at + 1);
    const auto size = *read_at<std::uint16_t>(info, at + 2);
    at += 4;
    if (format != sized_format) continue;
    const auto of = read_at<std::uint32_t>(info, at), value = read_at<std::uint32_t>(info, at + 4);
    if (size == 8 && of == symbol && value) {
      if (name == register_count) facts.registers = static_cast<int>(*value);
      if (name == frame_size) facts.stack_bytes = static_cast<int>(*value);
    }
    at += size;
  }
}

}  // namespace

std::optional<CubinFacts> cubin_facts(Bytes image, std::string_view symbol) {
  const std::optional<Sections> sections = sections_of(image);
  if (!sections) return std::nullopt;
  const std::optional<std::uint32_t> number = symbol_number(image, *sections, symbol);
  if (!number) return std::nullopt;
  CubinFacts facts;
  facts.shared_bytes = 0;
  for (const Elf64_Shdr& section : sections->headers) {
    const std::string name = text_at(sections->names, section.sh_name);
    if (name == ".nv.info") add_attributes(content_of(image, section), *number, facts);
    if (name == ".nv.shared." + std::string(symbol))
      facts.shared_bytes = static_cast<int>(section.sh_size);
  }
  return facts;
}

}  // namespace evotune
