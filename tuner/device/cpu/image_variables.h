#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace evotune::cpu {

/// The namespace into which the rewriter puts `__shared__` variables of file scope.
inline constexpr std::string_view shared_namespace = "evotune_shared";

/// Whether a mangled name is that of a flag that guards a static's constructor.
[[nodiscard]] bool names_guard(std::string_view symbol);

/// Whether a mangled name is that of a function's static or of one that the rewriter marked: what
/// `__shared__` variables become. (Attributes cannot mark them: g++ ignores sections on statics of
/// templates.)
[[nodiscard]] bool names_shared(std::string_view symbol);

/// A variable of a kernel's shared object, as its symbol table has it.
struct ImageVariable {
  std::string symbol;       ///< mangled
  std::uint64_t address{};  ///< before relocation
  std::uint64_t bytes{};
  bool zeroed = false;  ///< it lies in .bss
  bool writable = false;

  [[nodiscard]] bool is_shared() const { return zeroed && names_shared(symbol); }
  [[nodiscard]] std::uint64_t end() const { return address + bytes; }
  /// Of a static's constructor, made by the compiler.
  [[nodiscard]] bool is_guard() const { return names_guard(symbol); }
  /// As the source says it: "filter", "ns::filter".
  [[nodiscard]] std::string name() const;
  [[nodiscard]] std::string unqualified_name() const;
};

/// Every variable, local ones too. Empty for what is no 64-bit ELF file.
[[nodiscard]] std::vector<ImageVariable> variables_of(std::span<const std::byte> image);

/// How much address space it takes when it is opened.
[[nodiscard]] std::uint64_t loaded_bytes(std::span<const std::byte> image);

/// Where no variable lies beside one that is shared, because keep_shared_apart was called.
struct SharedSurroundings {
  std::size_t variable = 0;  ///< the index of the nearest that is shared
  std::uint64_t begin{}, end{};
};
[[nodiscard]] std::vector<SharedSurroundings> surroundings_of_shared(
    std::span<const ImageVariable>);

/// Changes an object file, not yet linked, so that its shared variables will lie apart from each
/// other and from all else.
void keep_shared_apart(std::span<std::byte> object);

/// What the variables that are_shared take, alignment apart.
[[nodiscard]] int static_shared_bytes(std::span<const ImageVariable>);

}  // namespace evotune::cpu
