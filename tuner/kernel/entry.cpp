#include "kernel/entry.h"

#include "base/text.h"
#include "kernel/check_arguments.h"
#include "kernel/lexer.h"
#include "kernel/literal.h"
#include "kernel/parameters.h"

namespace evotune {
namespace {

// Whether a second function of the entry's name may be there: to look closer takes time.
bool may_be_overloaded(const std::string& entry, std::string_view text) {
  const std::string head = kernel_name(entry) + "(";
  const std::size_t first = text.find(head);
  return first != text.npos && text.find(head, first + 1) != text.npos;
}

}  // namespace

std::string kernel_name(std::string_view entry) {
  const std::string_view before = trim(entry.substr(0, entry.find('<')));
  const std::size_t scope = before.rfind(':');
  return std::string(trim(scope == std::string_view::npos ? before : before.substr(scope + 1)));
}

std::string kernel_scope(std::string_view entry) {
  const std::string_view before = trim(entry.substr(0, entry.find('<')));
  return std::string(before.substr(0, before.rfind(':') + 1));
}

Result<std::string> entry_text(const std::string& entry, const SpaceFile& file,
                               const Bindings& bound) {
  std::string text;
  bool in_arguments = false;
  for (const CodeToken& token : code_tokens(entry)) {
    in_arguments = in_arguments || token.is("<");
    const auto value = bound.find(token.text);
    if (!in_arguments || token.kind != CodeTokenKind::identifier || value == bound.end()) {
      text += token.text;
      continue;
    }
    const ParameterDeclaration* parameter = find_parameter(file, token.text);
    const ParameterKind kind = parameter != nullptr ? parameter->kind : ParameterKind::value;
    const Result<std::string> argument = argument_text(value->second, kind);
    if (!argument) return argument.error();
    text += *argument;
  }
  return text;
}

Result<std::string> entry_in(std::string_view text, const std::string& entry, const SpaceFile& file,
                             const Bindings& bound, bool in_double) {
  Result<std::string> name = entry_text(entry, file, bound);
  if (!name || !may_be_overloaded(*name, text)) return name;
  return entry_of_overloads({*name, {}, in_double}, outline_of(text), file.arguments);
}

}  // namespace evotune
