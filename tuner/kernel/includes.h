#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "kernel/source.h"

namespace evotune {

/// What `#include NAME` stands for: the files that a file parameter names. Rendering gives one per
/// name; checking gives all of them, and sees every fragment at once.
using Fragments = std::map<std::string, std::vector<std::string>, std::less<>>;

struct InlinedText {
  std::string text;
  std::set<std::string, std::less<>> fragments;  ///< the names that an `#include NAME` used
};

/// The template's text with every local include written out, `#line` kept and relative to the
/// template's folder. System includes (`<...>`, and the toolkit's own in quotes) stay. Fails
/// (Stage::render) for a missing file, one outside the folder, a cycle, and beyond its limits.
[[nodiscard]] Result<InlinedText> inline_includes(const Template&, const Fragments&);

}  // namespace evotune
