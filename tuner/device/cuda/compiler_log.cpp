#include "device/cuda/compiler_log.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"

namespace evotune {
namespace {

constexpr std::size_t longest_unrecognised = 2'000;

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// The number that stands before this word: "64" of "Used 64 registers".
std::optional<int> number_before(std::string_view line, std::string_view word) {
  const std::size_t at = line.find(word);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view before = trim(line.substr(0, at));
  const std::size_t start = before.find_last_not_of("0123456789") + 1;  // npos + 1 is 0
  int number = 0;
  const std::from_chars_result parsed =
      std::from_chars(before.data() + start, before.data() + before.size(), number);
  return parsed.ec == std::errc() ? std::optional(number) : std::nullopt;
}

/// "plain" of "Compiling entry function 'plain' for 'sm_90'".
std::optional<std::string> entry_named_in(std::string_view line) {
  constexpr std::string_view opening = "Compiling entry function '";
  const std::size_t at = line.find(opening);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = line.substr(at + opening.size());
  const std::size_t end = rest.find('\'');
  if (end == std::string_view::npos) return std::nullopt;
  return std::string(rest.substr(0, end));
}

void add_function_properties(std::string_view line, CompilerFacts& facts) {
  const std::optional<int> stack = number_before(line, "bytes stack frame");
  if (!stack) return;
  facts.stack_bytes = std::max(facts.stack_bytes.value_or(0), *stack);
  facts.spill_bytes = facts.spill_bytes.value_or(0) +
                      number_before(line, "bytes spill stores").value_or(0) +
                      number_before(line, "bytes spill loads").value_or(0);
}

void add_resources(std::string_view line, CompilerFacts& facts) {
  if (!contains(line, "Used ")) return;
  facts.registers = number_before(line, "registers");
  facts.static_shared_bytes = number_before(line, "bytes smem").value_or(0);
  if (const std::optional<int> deepest = number_before(line, "bytes cumulative stack size"))
    facts.stack_bytes = std::max(facts.stack_bytes.value_or(0), *deepest);
}

bool is_error(std::string_view line) {
  return contains(line, "error:") || contains(line, "): error") ||
         contains(line, "catastrophic error") || contains(line, "ptxas error") ||
         contains(line, "ptxas fatal");
}

/// "1 error detected in the compilation of …" repeats what is known.
bool is_summary(std::string_view line) { return contains(line, "detected in the compilation of"); }

}  // namespace

std::vector<KernelFacts> parse_ptxas_log(std::string_view log) {
  std::vector<KernelFacts> kernels;
  for (const std::string& line : split_lines(log)) {
    if (std::optional<std::string> entry = entry_named_in(line)) {
      kernels.push_back({*std::move(entry), {}});
      continue;
    }
    if (kernels.empty()) continue;
    add_function_properties(line, kernels.back().facts);
    add_resources(line, kernels.back().facts);
  }
  return kernels;
}

std::string first_errors(std::string_view log, std::size_t most) {
  const std::vector<std::string> lines = split_lines(log);
  std::string text;
  std::size_t found = 0;
  for (std::size_t i = 0; i < lines.size() && found < most; ++i) {
    if (!is_error(lines[i]) || is_summary(lines[i])) continue;
    ++found;
    text += (text.empty() ? "" : "\n") + std::string(trim(lines[i]));
    if (i + 1 < lines.size() && lines[i + 1].rfind("  ", 0) == 0) text += "\n" + lines[i + 1];
  }
  return text.empty() ? std::string(trim(log.substr(0, longest_unrecognised))) : text;
}

}  // namespace evotune
