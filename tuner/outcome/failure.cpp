#include "outcome/failure.h"

#include <algorithm>
#include <array>

namespace evotune {
namespace {

// In the order of Stage. The store keeps these words, so they do not change.
constexpr std::array<std::string_view, 11> stage_names = {
    "render", "compile", "gate",  "load",          "launch",        "verify",
    "race",   "timeout", "crash", "out_of_memory", "infrastructure"};

}  // namespace

std::string_view to_text(Stage stage) { return stage_names.at(static_cast<std::size_t>(stage)); }

std::optional<Stage> stage_from(std::string_view text) {
  const auto* found = std::find(stage_names.begin(), stage_names.end(), text);
  if (found == stage_names.end()) return std::nullopt;
  return static_cast<Stage>(found - stage_names.begin());
}

}  // namespace evotune
