#include "exporter/preprocessor_tokens.h"

#include <array>
#include <cctype>
#include <utility>

namespace evotune {
namespace {

using Kind = ConditionToken::Kind;

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool is_word(char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0; }

std::string_view word_at(std::string_view text) {
  const bool number = is_digit(text.front());
  std::size_t end = 0;
  while (end < text.size() && (is_word(text[end]) || (number && text[end] == '\''))) ++end;
  return text.substr(0, end);
}

// Longest first, so that "<<" is not read as two "<".
std::string_view operator_at(std::string_view text) {
  constexpr std::array<std::string_view, 24> operators = {
      "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "+", "-", "*", "/",
      "%",  "<",  ">",  "!",  "~",  "&",  "|",  "^",  "(", ")", "?", ":"};
  for (const std::string_view op : operators)
    if (text.starts_with(op)) return op;
  return {};
}

ConditionToken classified(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> spelled_out = {
      {{"and", "&&"},
       {"or", "||"},
       {"not", "!"},
       {"not_eq", "!="},
       {"bitand", "&"},
       {"bitor", "|"},
       {"xor", "^"},
       {"compl", "~"}}};
  if (is_digit(word.front())) return {Kind::number, word};
  for (const auto& [name, op] : spelled_out)
    if (word == name) return {Kind::op, op};
  return {Kind::name, word};
}

}  // namespace

std::optional<std::vector<ConditionToken>> condition_tokens(std::string_view text) {
  std::vector<ConditionToken> tokens;
  while (!text.empty()) {
    std::size_t length = 1;
    if (is_word(text.front())) {
      tokens.push_back(classified(word_at(text)));
      length = word_at(text).size();
    } else if (std::isspace(static_cast<unsigned char>(text.front())) == 0) {
      const std::string_view op = operator_at(text);
      if (op.empty()) return std::nullopt;
      tokens.push_back({Kind::op, op});
      length = op.size();
    }
    text.remove_prefix(length);
  }
  return tokens;
}

}  // namespace evotune
