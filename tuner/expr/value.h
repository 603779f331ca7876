#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <variant>

namespace evotune {

/// What a parameter, a size or an expression may be. A string is an identifier, a type or a file.
using Value = std::variant<std::int64_t, double, bool, std::string>;

/// Names and their values, sorted by name. "device.sms" is one name.
using Bindings = std::map<std::string, Value, std::less<>>;

/// As it reads in a source, a report and a key: 64, 0.5, true, row. Doubles round-trip.
[[nodiscard]] std::string to_text(const Value&);

/// "BM=64,BN=128": sorted by name, so equal bindings have equal text.
[[nodiscard]] std::string to_text(const Bindings&);

}  // namespace evotune
