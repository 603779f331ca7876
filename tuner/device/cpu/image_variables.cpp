#include "device/cpu/image_variables.h"

#include <cxxabi.h>
#include <elf.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>

namespace evotune::cpu {
namespace {

/// Reads an ELF file without trusting its offsets.
class ElfFile {
 public:
  explicit ElfFile(std::span<const std::byte> image) : image_(image) {
    const auto header = at<Elf64_Ehdr>(0);
    if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return;
    for (std::size_t i = 0; i < header->e_phnum; ++i) {
      const auto segment = at<Elf64_Phdr>(header->e_phoff + i * sizeof(Elf64_Phdr));
      if (segment && segment->p_type == PT_LOAD)
        loaded_bytes_ = std::max<std::uint64_t>(loaded_bytes_, segment->p_vaddr + segment->p_memsz);
    }
    for (std::size_t i = 0; i < header->e_shnum; ++i) {
      const auto section = at<Elf64_Shdr>(header->e_shoff + i * sizeof(Elf64_Shdr));
      if (!section) return;
      sections_.push_back(*section);
    }
  }

  [[nodiscard]] const std::vector<Elf64_Shdr>& sections() const { return sections_; }
  [[nodiscard]] std::uint64_t loaded_bytes() const { return loaded_bytes_; }

  template <typename T>
  [[nodiscard]] std::optional<T> at(std::uint64_t offset) const {
    if (offset > image_.size() || image_.size() - offset < sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(&value, image_.data() + offset, sizeof value);
    return value;
  }

  [[nodiscard]] std::string text_at(std::uint64_t offset) const {
    std::string text;
    for (std::optional<char> c; (c = at<char>(offset + text.size())) && *c != '\0';) text += *c;
    return text;
  }

 private:
  std::span<const std::byte> image_;
  std::vector<Elf64_Shdr> sections_;
  std::uint64_t loaded_bytes_ = 0;
};

void append_variables(const ElfFile& elf, const Elf64_Shdr& table,
                      std::vector<ImageVariable>& variables) {
  const std::vector<Elf64_Shdr>& sections = elf.sections();
  if (table.sh_link >= sections.size()) return;
  const Elf64_Shdr& names = sections[table.sh_link];
  for (std::uint64_t i = 0; i < table.sh_size / sizeof(Elf64_Sym); ++i) {
    const auto symbol = elf.at<Elf64_Sym>(table.sh_offset + i * sizeof(Elf64_Sym));
    if (!symbol || ELF64_ST_TYPE(symbol->st_info) != STT_OBJECT) continue;
    if (symbol->st_shndx == SHN_UNDEF || symbol->st_shndx >= sections.size()) continue;
    const Elf64_Shdr& home = sections[symbol->st_shndx];
    variables.push_back({elf.text_at(names.sh_offset + symbol->st_name), symbol->st_value,
                         symbol->st_size, home.sh_type == SHT_NOBITS,
                         (home.sh_flags & SHF_WRITE) != 0});
  }
}

}  // namespace

std::string ImageVariable::name() const {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> demangled(
      abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status), &std::free);
  return status == 0 && demangled ? demangled.get() : symbol;
}

std::vector<ImageVariable> variables_of(std::span<const std::byte> image) {
  const ElfFile elf(image);
  std::vector<ImageVariable> variables;
  for (const Elf64_Shdr& section : elf.sections())
    if (section.sh_type == SHT_SYMTAB) append_variables(elf, section, variables);
  return variables;
}

std::uint64_t loaded_bytes(std::span<const std::byte> image) {
  return ElfFile(image).loaded_bytes();
}

int static_shared_bytes(std::span<const ImageVariable> variables) {
  std::uint64_t sum = 0;
  for (const ImageVariable& variable : variables)
    if (variable.is_shared()) sum += variable.bytes;
  return static_cast<int>(sum);
}

}  // namespace evotune::cpu
