#include "expr/compiled_expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/text.h"
#include "expr/parsed.h"

namespace evotune {
namespace {

Meaning meaning_of(const Name& name, std::span<const std::string> slots,
                   const Bindings& constants) {
  const auto slot = std::find(slots.begin(), slots.end(), name.text);
  if (slot != slots.end()) return {std::nullopt, static_cast<std::uint32_t>(slot - slots.begin())};
  const auto constant = constants.find(name.text);
  if (constant != constants.end()) return {constant->second, 0};
  std::vector<std::string> known(slots.begin(), slots.end());
  for (const auto& [text, value] : constants) known.push_back(text);
  const std::string hint = suggestion(name.text, known);
  throw ExpressionError{
      fmt::format("unknown name '{}'{}{}", name.text, hint.empty() ? "" : "; ", hint), name.column};
}

}  // namespace

CompiledExpression::CompiledExpression(std::shared_ptr<const Code> code, std::size_t slots)
    : code_(std::move(code)), slots_(slots) {
  for (const Code::Slot& slot : code_->slots) used_.push_back(slot.index);
  std::sort(used_.begin(), used_.end());
}

Expected<CompiledExpression, ExpressionError> CompiledExpression::compile(
    const Expression& expression, std::span<const std::string> slots, const Bindings& constants) {
  if (slots.size() > Operand::max_index) throw std::invalid_argument("too many slots");
  const Syntax& syntax = expression.parsed_->syntax;
  auto code = std::make_shared<Code>();
  try {
    std::vector<Meaning> meanings;
    for (const Name& name : syntax.names) meanings.push_back(meaning_of(name, slots, constants));
    lower(syntax, meanings, *code);
  } catch (const ExpressionError& error) {  // thrown by the two above only
    return error;
  }
  return CompiledExpression(std::move(code), slots.size());
}

Expected<Scalar, ExpressionError> CompiledExpression::evaluate(
    std::span<const Scalar> values) const {
  if (values.size() < slots_) throw std::invalid_argument("fewer values than slots");
  Trap trap;
  const Scalar result = run(*code_, values.data(), trap);
  if (!result.is(Scalar::Kind::absent)) return result;
  return describe(*code_, values.data(), trap);
}

Expected<bool, ExpressionError> CompiledExpression::holds(std::span<const Scalar> values) const {
  if (values.size() < slots_) throw std::invalid_argument("fewer values than slots");
  Trap trap;
  const Scalar result = run(*code_, values.data(), trap);
  if (!result.is(Scalar::Kind::absent)) return truth(result);
  return describe(*code_, values.data(), trap);
}

std::optional<Scalar> CompiledExpression::constant() const {
  if (code_->result.place() != Operand::Place::constant || !code_->instructions.empty()) {
    return std::nullopt;
  }
  return code_->constants[code_->result.index()];
}

}  // namespace evotune
