#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "space/parameter.h"

namespace evotune {

/// A space that names no kernel: enough to count, to sample, to search a recording.
struct BareSpace {
  std::string name;
  std::vector<Parameter> parameters;
  std::vector<std::string> constraints;
  Bindings defaults = {};  ///< T1's, where it has some
};

/// Reads JSON: {"params": {"BM": [16, 32]}, "restrictions": ["BM * BN <= 1024"]}, or the T1 format
/// of Kernel Tuner and the benchmark hub, whose `&&`, `||` and `!` become words. Throws UserError.
[[nodiscard]] BareSpace read_bare_space(const std::filesystem::path&);

/// A parameter with these values: a list of numbers, text, true and false. Throws UserError.
[[nodiscard]] Parameter listed_parameter(const std::string& name,
                                         const nlohmann::ordered_json& values);

/// A number, text, true or false; `of` names the parameter in the UserError for anything else.
[[nodiscard]] Value value_from_json(const nlohmann::ordered_json&, const std::string& of);

/// C's `&&`, `||` and `!` as `and`, `or` and `not`; text in quotes is left alone. Throws UserError
/// for a lambda.
[[nodiscard]] std::string in_words(const std::string& condition);

}  // namespace evotune
