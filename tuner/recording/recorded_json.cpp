#include <cctype>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "recording/formats.h"

namespace evotune {
namespace {

using json = nlohmann::ordered_json;

// Python writes what JSON has no words for.
std::string without_infinities(const std::string& text) {
  std::string clean;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = std::string_view(text).substr(i);
    std::string_view met = rest.substr(0, 1);
    if (quoted && met == "\\") met = rest.substr(0, 2);
    if (met == "\"") quoted = !quoted;
    for (const std::string_view word : {"NaN", "-Infinity", "Infinity"})
      if (!quoted && rest.substr(0, word.size()) == word) met = word;
    clean += met.size() > 2 ? "null" : met;
    i += met.size() - 1;
  }
  return clean;
}

/// What a cachefile may have been meant to be that was not closed: an interrupted run leaves it
/// with a comma behind its last entry, a killed one within an entry.
std::vector<std::string> completions(const std::string& text) {
  if (text.find("\"tune_params_keys\"") == text.npos) return {};
  std::string whole = text;
  while (!whole.empty() &&
         (std::isspace(static_cast<unsigned char>(whole.back())) != 0 || whole.back() == ','))
    whole.pop_back();
  std::vector<std::string> all{whole + "}}"};
  if (const std::size_t last = text.rfind("},"); last != text.npos)
    all.push_back(text.substr(0, last) + "}}}");
  return all;
}

}  // namespace

json parse_recorded(const std::string& text) {
  json document = json::parse(text, nullptr, false);
  if (!document.is_discarded()) return document;
  const std::string clean = without_infinities(text);
  std::vector<std::string> readings = completions(clean);
  readings.insert(readings.begin(), clean);
  for (const std::string& one : readings) {
    document = json::parse(one, nullptr, false);
    if (!document.is_discarded()) return document;
  }
  return json::parse(clean);  // for what it says
}

std::optional<double> recorded_time(const json& cell) {
  // Older versions of Kernel Tuner wrote this for "failed".
  constexpr double error_value = 1e20;
  if (!cell.is_number()) return std::nullopt;
  const double ms = cell.get<double>();
  return std::isfinite(ms) && ms > 0 && ms < error_value ? std::optional(ms) : std::nullopt;
}

}  // namespace evotune
