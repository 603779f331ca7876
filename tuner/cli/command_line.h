#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;
class Validator;
}  // namespace CLI

namespace evotune {

/// Why a command line makes no sense, with what was probably meant: "there is no command 'bset'".
[[nodiscard]] std::string explain(const CLI::App&, const CLI::ParseError&, int argc,
                                  const char* const* argv);

/// Accepts numbers above 0.
[[nodiscard]] CLI::Validator positive_number();

}  // namespace evotune
