#pragma once

#include <cstdint>
#include <string_view>

#include "expr/value.h"

namespace evotune {

/// A Value as the evaluator holds it: 16 bytes, trivially copied. A string is not owned, so a
/// Scalar lives no longer than the Value or the expression it came from. `Scalar{}` is no value at
/// all.
class Scalar {
 public:
  enum class Kind : std::uint8_t { absent, integer, real, boolean, string };

  Scalar() = default;
  constexpr Scalar(int value) : Scalar(std::int64_t{value}) {}
  constexpr Scalar(std::int64_t value) : kind_(Kind::integer), length_(0), integer_(value) {}
  constexpr Scalar(double value) : kind_(Kind::real), length_(0), real_(value) {}
  constexpr Scalar(bool value) : kind_(Kind::boolean), length_(0), integer_(value ? 1 : 0) {}
  constexpr Scalar(std::string_view text)
      : kind_(Kind::string),
        length_(static_cast<std::uint32_t>(text.size())),
        characters_(text.data()) {}
  constexpr Scalar(const char* text) : Scalar(std::string_view(text)) {}

  /// No value, and a number that says why.
  static constexpr Scalar absent(std::uint32_t reason) {
    Scalar none(0);
    none.kind_ = Kind::absent;
    none.length_ = reason;
    return none;
  }

  [[nodiscard]] constexpr Kind kind() const { return kind_; }
  [[nodiscard]] constexpr bool is(Kind kind) const { return kind_ == kind; }

  // Each is to be called on its own kind only; a boolean's integer is 0 or 1.
  [[nodiscard]] constexpr std::int64_t integer() const { return integer_; }
  [[nodiscard]] constexpr double real() const { return real_; }
  [[nodiscard]] constexpr bool boolean() const { return integer_ != 0; }
  [[nodiscard]] constexpr std::string_view string() const { return {characters_, length_}; }
  [[nodiscard]] constexpr std::uint32_t reason() const { return length_; }

 private:
  Kind kind_;
  std::uint32_t length_;
  union {
    std::int64_t integer_;
    double real_;
    const char* characters_;
  };
};
static_assert(sizeof(Scalar) == 16);

[[nodiscard]] Scalar to_scalar(const Value&);  ///< looks into the Value: it must outlive the Scalar
[[nodiscard]] Value to_value(const Scalar&);   ///< of a Scalar that is not absent
[[nodiscard]] bool truth(const Scalar&);       ///< Python's

}  // namespace evotune
