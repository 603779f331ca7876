#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace evotune::cpu {

/// A variable of a kernel's shared object, as its symbol table has it.
struct ImageVariable {
  std::string symbol;       ///< mangled
  std::uint64_t address{};  ///< before relocation
  std::uint64_t bytes{};
  bool zeroed = false;  ///< it lies in .bss
  bool writable = false;

  /// A function's static without a value: what `__shared__` variables become. (Attributes cannot
  /// mark them: g++ ignores sections on statics of templates.)
  [[nodiscard]] bool is_shared() const { return zeroed && symbol.starts_with("_ZZ"); }
  /// As the source says it: "filter", "ns::filter".
  [[nodiscard]] std::string name() const;
};

/// Every variable, local ones too. Empty for what is no 64-bit ELF file.
[[nodiscard]] std::vector<ImageVariable> variables_of(std::span<const std::byte> image);

/// How much address space it takes when it is opened.
[[nodiscard]] std::uint64_t loaded_bytes(std::span<const std::byte> image);

/// What the variables that are_shared take, alignment apart.
[[nodiscard]] int static_shared_bytes(std::span<const ImageVariable>);

}  // namespace evotune::cpu
