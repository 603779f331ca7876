#include "base/errors.h"

#include <utility>

namespace evotune {
namespace {

std::string describe(const std::vector<Mistake>& mistakes) {
  std::string text;
  for (const Mistake& one : mistakes) {
    if (!text.empty()) text += '\n';
    if (const std::string where = to_text(one.where); !where.empty()) text += where + ": ";
    text += one.what;
    if (!one.hint.empty()) text += "\n    " + one.hint;
  }
  return text;
}

}  // namespace

std::string to_text(const Location& where) {
  std::string text = where.file;
  if (where.line > 0) text += ":" + std::to_string(where.line);
  if (where.line > 0 && where.column > 0) text += ":" + std::to_string(where.column);
  return text;
}

UserError::UserError(std::vector<Mistake> mistakes)
    : std::runtime_error(describe(mistakes)), mistakes_(std::move(mistakes)) {}

UserError::UserError(std::string what, std::string hint)
    : UserError(std::vector<Mistake>{{{}, std::move(what), std::move(hint)}}) {}

}  // namespace evotune
