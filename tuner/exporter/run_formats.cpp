#include "exporter/run_formats.h"

#include <array>

#include "base/errors.h"
#include "base/text.h"

namespace evotune {
namespace {

constexpr std::array<RunFormat, 1> formats = {{{"t4", t4_text}}};

}  // namespace

const RunFormat& run_format(std::string_view name) {
  std::vector<std::string> known;
  for (const RunFormat& one : formats) {
    if (one.name == name) return one;
    known.emplace_back(one.name);
  }
  throw UserError("there is no format '" + std::string(name) + "' for the results of a run",
                  suggestion(name, known));
}

}  // namespace evotune
