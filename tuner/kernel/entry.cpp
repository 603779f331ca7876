#include "kernel/entry.h"

#include "base/text.h"
#include "kernel/lexer.h"
#include "kernel/literal.h"
#include "kernel/parameters.h"

namespace evotune {

std::string kernel_name(std::string_view entry) {
  const std::string_view before = trim(entry.substr(0, entry.find('<')));
  const std::size_t scope = before.rfind(':');
  return std::string(trim(scope == std::string_view::npos ? before : before.substr(scope + 1)));
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

}  // namespace evotune
