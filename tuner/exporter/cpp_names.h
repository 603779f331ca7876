#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>

#include "exporter/exporter.h"

namespace evotune {

/// The name as it can stand in C++ code: "device.sms" is device_sms, a keyword gets a '_'.
[[nodiscard]] std::string cpp_name(const std::string& name);

/// "std::int64_t", "double", "bool" or "std::string_view".
[[nodiscard]] std::string cpp_type(const Value&);
[[nodiscard]] std::string cpp_literal(const Value&);

/// Collects what C++ code needs declared before it may use a space's names: parameters and device
/// facts as constants, sizes out of `sizes`, let values computed from them.
class CppNames {
 public:
  explicit CppNames(const Winner& winner) : winner_(winner) {}

  /// In C++, its names declared; nothing where that cannot be done.
  [[nodiscard]] std::optional<std::string> use(const Expression&);
  /// Declares one name; false where that cannot be done.
  bool declare(const std::string& name);

  [[nodiscard]] const std::string& declarations() const { return declarations_; }

 private:
  const Winner& winner_;
  std::set<std::string> declared_;
  std::string declarations_;
};

}  // namespace evotune
