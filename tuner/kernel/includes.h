#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/source.h"

namespace evotune {

/// What `#include NAME` stands for: the files that a file parameter names. Rendering gives one per
/// name; checking gives all of them, and sees every fragment at once.
using Fragments = std::map<std::string, std::vector<std::string>, std::less<>>;

struct InlinedText {
  std::string text;
  std::set<std::string, std::less<>> fragments;  ///< the names that an `#include NAME` used
  std::string included;                          ///< each file that it holds, by name, as it is
};

/// The template's text with every local include written out, `#line` kept and relative to the
/// template's folder. A file is looked for beside the one that includes it, beside the kernel, and
/// in the folders above the kernel's up to the template's root. System includes (`<...>`, and the
/// toolkit's own in quotes) stay, but for such files. Fails (Stage::render) for a missing file, one
/// outside the root, a cycle, and beyond its limits. A file that only a host's program may need can
/// be missing.
[[nodiscard]] Result<InlinedText> inline_includes(const Template&, const Fragments&);

/// What to add to a compiler's complaint about such a text: a line for each file that is missing.
[[nodiscard]] std::string absent_includes(std::string_view inlined);

}  // namespace evotune
