#pragma once

#include <string>
#include <vector>

#include "base/errors.h"
#include "kernel/signature.h"
#include "space/space_file.h"

namespace evotune {

/// What is asked of a kernel: its name, and how mistakes speak of it and where.
struct EntryQuestion {
  std::string entry;  ///< as the space file says it
  Location where;
  bool in_double = false;  ///< a reference: every floating argument is a double
};

/// Whether a text defines the entry, and takes the declared arguments in their order.
[[nodiscard]] std::vector<Mistake> check_entry(const EntryQuestion&, const Outline&,
                                               const std::vector<ArgumentSpec>&);

/// The entry as a compiler takes it. Where several kernels of its namespace have its name, which
/// differ in what they take and are no alternatives of an #if, it is cast to the type of the one
/// that takes these arguments.
[[nodiscard]] std::string entry_of_overloads(const EntryQuestion&, const Outline&,
                                             const std::vector<ArgumentSpec>&);

/// Whether each `constant` argument has a variable to fill.
[[nodiscard]] std::vector<Mistake> check_constants(const Outline&,
                                                   const std::vector<ArgumentSpec>&);

}  // namespace evotune
