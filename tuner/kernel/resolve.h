#pragma once

#include <string_view>

#include "kernel/inputs.h"

namespace evotune {

/// An argument with all that its expressions say worked out.
struct ResolvedArgument {
  Argument argument;
  std::uint64_t row = 1;  ///< elements of its last extent
  Recipe recipe;
  Buffer fixed;  ///< of a scalar, or from a file: the same in every input set
  bool is_fixed = false;
};

/// Everything but the contents of files, so that sizes are known before anything is made.
[[nodiscard]] Result<ResolvedArgument> resolve(const ArgumentSpec&, const Bindings& bound);

/// The contents of a .npy file, where they are what the argument declares.
[[nodiscard]] Result<Buffer> file_bytes(const ArgumentSpec&, const Argument&,
                                        const std::string& folder);

/// The values of `values: {formula: …}`, where each is one of the argument's type.
[[nodiscard]] Result<Buffer> formula_bytes(const ArgumentSpec&, const Argument&,
                                           const Bindings& bound);

[[nodiscard]] bool has_input(Role);

/// "space.yaml:30:5: argument 'A': what"
[[nodiscard]] Failure refusal(const ArgumentSpec&, std::string_view what, Stage = Stage::load);

}  // namespace evotune
