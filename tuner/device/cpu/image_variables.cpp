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

constexpr Elf64_Xword page = 4096;
/// A miss by as much as static shared memory may have lands nearer to its variable than to others.
constexpr Elf64_Xword room_apart = Elf64_Xword{96} << 10;

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

/// Which of them lie in .bss, by address.
std::vector<std::size_t> zeroed_in_order(std::span<const ImageVariable> variables) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < variables.size(); ++i)
    if (variables[i].zeroed && variables[i].bytes != 0) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return variables[a].address < variables[b].address;
  });
  return order;
}

}  // namespace

bool names_guard(std::string_view symbol) { return symbol.starts_with("_ZGV"); }

bool names_shared(std::string_view symbol) {
  return !names_guard(symbol) &&
         (symbol.starts_with("_ZZ") || symbol.find(shared_namespace) != symbol.npos);
}

std::string ImageVariable::name() const {
  if (!symbol.starts_with("_Z")) return symbol;  // "s", which would be read as the type short
  int status = 0;
  // A compiler that splits an array calls its parts "name.0", "name.1".
  const std::string whole = symbol.substr(0, symbol.find('.'));
  const std::unique_ptr<char, decltype(&std::free)> demangled(
      abi::__cxa_demangle(whole.c_str(), nullptr, nullptr, &status), &std::free);
  return status == 0 && demangled ? demangled.get() : symbol;
}

std::string ImageVariable::unqualified_name() const {
  const std::string whole = name();
  const std::size_t qualified = whole.rfind("::");
  return qualified == whole.npos ? whole : whole.substr(qualified + 2);
}

std::vector<ImageVariable> variables_of(std::span<const std::byte> image) {
  const ElfFile elf(image);
  std::vector<ImageVariable> variables;
  for (const Elf64_Shdr& section : elf.sections())
    if (section.sh_type == SHT_SYMTAB) append_variables(elf, section, variables);
  return variables;
}

void keep_shared_apart(std::span<std::byte> object) {
  constexpr std::string_view bss = ".bss.";
  const ElfFile elf(object);
  const auto header = elf.at<Elf64_Ehdr>(0);
  if (!header || header->e_shstrndx >= elf.sections().size()) return;
  const Elf64_Shdr& names = elf.sections()[header->e_shstrndx];
  for (std::size_t i = 0; i < elf.sections().size(); ++i) {
    // A section for each variable, and nothing of it in the file: its size is only a number.
    Elf64_Shdr section = elf.sections()[i];
    const std::string name = elf.text_at(names.sh_offset + section.sh_name);
    if (section.sh_type != SHT_NOBITS || !name.starts_with(bss)) continue;
    if (!names_shared(std::string_view(name).substr(bss.size()))) continue;
    section.sh_size += room_apart;
    section.sh_addralign = std::max(section.sh_addralign, page);
    std::memcpy(object.data() + header->e_shoff + i * sizeof section, &section, sizeof section);
  }
}

std::vector<SharedSurroundings> surroundings_of_shared(std::span<const ImageVariable> variables) {
  const std::vector<std::size_t> order = zeroed_in_order(variables);
  std::vector<SharedSurroundings> found;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const ImageVariable& here = variables[order[i]];
    if (!here.is_shared()) continue;
    // What lies between two belongs to the nearer.
    const std::uint64_t before = i == 0 ? 0 : here.address - variables[order[i - 1]].end();
    const bool last = i + 1 == order.size();
    const std::uint64_t behind = last ? room_apart : variables[order[i + 1]].address - here.end();
    found.push_back({order[i], here.address - before / 2, here.address});
    found.push_back({order[i], here.end(), here.end() + behind / 2});
  }
  return found;
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
