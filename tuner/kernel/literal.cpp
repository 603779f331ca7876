#include "kernel/literal.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "space/argument_spec.h"

namespace evotune {
namespace {

std::optional<Value> integer_of(std::string text) {
  while (!text.empty() && std::string_view("uUlL").find(text.back()) != std::string_view::npos)
    text.pop_back();
  const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
  if (!hexadecimal && text.size() > 1 && text[0] == '0') return std::nullopt;  // octal, binary
  const char* begin = text.data() + (hexadecimal ? 2 : 0);
  const char* end = text.data() + text.size();
  std::int64_t value = 0;
  const auto [stop, error] = std::from_chars(begin, end, value, hexadecimal ? 16 : 10);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return Value{value};
}

std::optional<Value> number_of(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), '\''), text.end());
  if (auto integer = integer_of(text)) return integer;
  if (text.starts_with("0x") || text.find_first_of(".eE") == std::string::npos) return std::nullopt;
  if (text.ends_with('f') || text.ends_with('F')) text.pop_back();
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return Value{value};
}

Value negated(const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return Value{-*integer};
  return Value{-std::get<double>(value)};
}

// unsigned int, row, true
std::optional<Value> words_of(const std::vector<CodeToken>& tokens) {
  if (tokens.size() == 1 && tokens[0].is("true")) return Value{true};
  if (tokens.size() == 1 && tokens[0].is("false")) return Value{false};
  std::vector<std::string> words;
  for (const CodeToken& token : tokens) {
    if (token.kind != CodeTokenKind::identifier) return std::nullopt;
    words.emplace_back(token.text);
  }
  return Value{join(words, " ")};
}

std::string real_text(double value) {
  std::string text = to_text(Value{value});
  if (text.find_first_of(".eE") == std::string::npos) text += ".0";
  return text.starts_with('-') ? "(" + text + ")" : text;
}

std::string integer_text(std::int64_t value) {
  // C++ has no literal for the smallest integer, only for the number it negates.
  if (value == std::numeric_limits<std::int64_t>::min()) return "(-9223372036854775807-1)";
  return value < 0 ? fmt::format("({})", value) : fmt::format("{}", value);
}

Failure unwritable(const Value& value, std::string_view what) {
  return {Stage::render, fmt::format("'{}' is not {}", to_text(value), what)};
}

bool is_type(std::string_view text) {
  const std::vector<CodeToken> tokens = code_tokens(text);
  return !tokens.empty() && std::all_of(tokens.begin(), tokens.end(), [](const CodeToken& token) {
    constexpr std::string_view allowed = ":<>,*";
    return token.kind == CodeTokenKind::identifier || token.kind == CodeTokenKind::number ||
           token.text == " " || allowed.find(token.text) != std::string_view::npos;
  });
}

// "f16" is the space file's word; C++ has another.
std::string type_text(const std::string& type) {
  if (type == "f16") return "__half";
  if (type == "bf16") return "__nv_bfloat16";
  if (type == "f32") return "float";
  if (type == "f64") return "double";
  if (type == "i8") return "signed char";
  if (type == "u8") return "unsigned char";
  if (type == "i16") return "short";
  if (type == "u16") return "unsigned short";
  if (type == "i32") return "int";
  if (type == "u32") return "unsigned int";
  if (type == "i64") return "long long";
  return type == "u64" ? "unsigned long long" : type;
}

Result<std::string> word_text(const std::string& word, ParameterKind kind) {
  if (kind == ParameterKind::type) {
    if (!is_type(word)) return unwritable(word, "a C++ type");
    return type_text(word);
  }
  if (kind == ParameterKind::file) {
    const bool plain = word.find_first_of("\"\\\n\r") == std::string::npos;
    if (!plain || word.empty()) return unwritable(word, "a file name");
    return '"' + word + '"';
  }
  if (!is_identifier(word)) return unwritable(word, "an identifier");
  return word;
}

}  // namespace

std::optional<Value> literal_of(const std::vector<CodeToken>& tokens) {
  if (tokens.empty()) return std::nullopt;
  const bool wrapped = tokens.size() > 2 && tokens.front().is("(") && tokens.back().is(")");
  if (wrapped) return literal_of({tokens.begin() + 1, tokens.end() - 1});
  if (tokens.size() == 2 && tokens[0].is("-") && tokens[1].kind == CodeTokenKind::number) {
    const std::optional<Value> value = number_of(std::string(tokens[1].text));
    if (value) return negated(*value);
    return std::nullopt;
  }
  const CodeToken& first = tokens[0];
  if (tokens.size() == 1 && first.kind == CodeTokenKind::number)
    return number_of(std::string(first.text));
  if (tokens.size() == 1 && first.kind == CodeTokenKind::string && first.text.size() > 2)
    return Value{std::string(first.text.substr(1, first.text.size() - 2))};
  return words_of(tokens);
}

Result<std::string> macro_text(const Value& value, ParameterKind kind) {
  if (const auto* truth = std::get_if<bool>(&value)) return std::string(*truth ? "1" : "0");
  return argument_text(value, kind);
}

Result<std::string> argument_text(const Value& value, ParameterKind kind) {
  if (const auto* truth = std::get_if<bool>(&value)) return std::string(*truth ? "true" : "false");
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return integer_text(*integer);
  if (const auto* real = std::get_if<double>(&value)) {
    if (!std::isfinite(*real)) return unwritable(value, "a number that C++ can write");
    return real_text(*real);
  }
  return word_text(std::get<std::string>(value), kind);
}

}  // namespace evotune
