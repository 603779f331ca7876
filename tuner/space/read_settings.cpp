#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "space/sections.h"

namespace evotune {
namespace {

constexpr Within<double> positive{1e-300, 1e300};
constexpr Within<double> not_negative{0, 1e300};
constexpr Within<std::int64_t> counting{1, 1'000'000'000};

void read_race_checks(Reader& reader, const YamlNode& node, std::string_view key,
                      RaceChecks& races) {
  static const std::vector<std::string> words = {"off", "finalists", "every"};  // as RaceChecks
  const auto word = reader.text(node, key, "off, finalists or every");
  if (!word) return;
  const auto found = std::find(words.begin(), words.end(), *word);
  if (found == words.end())
    return reader.refuse(node,
                         fmt::format("{} must be {}, not '{}'", key, join(words, ", "), *word),
                         suggestion(*word, words));
  races = static_cast<RaceChecks>(found - words.begin());
}

}  // namespace

void read_verify(Reader& reader, const YamlNode& node, VerifySettings& verify) {
  reader.fields(node, "verify",
                {{"max_abs", reader.into(verify.max_abs, not_negative)},
                 {"relative", reader.into(verify.relative, not_negative)},
                 {"absolute", reader.into(verify.absolute, not_negative)},
                 {"reduction",
                  [&](const YamlNode& value, std::string_view key) {
                    verify.reduction =
                        reader.expression(value, key, configuration_scope(reader.names()));
                  }},
                 {"nondeterministic", reader.into(verify.nondeterministic)},
                 {"races", [&](const YamlNode& value, std::string_view key) {
                    read_race_checks(reader, value, key, verify.races);
                  }}});
}

void read_gates(Reader& reader, const YamlNode& node, std::vector<NamedExpression>& gates) {
  if (!reader.is_map(node, "gates", "a map of names and conditions")) return;
  if (node.entries.size() > most_named_expressions)
    return reader.refuse(node, fmt::format("more than {} gates", most_named_expressions));
  const Scope scope = outcome_scope(reader.names(), reader.names().metrics.size());
  for (const auto& [key, value] : node.entries)
    if (auto read = reader.expression(value, key.text, scope))
      gates.push_back({key.text, std::move(read->expression), std::move(read->where)});
}

void read_metrics(Reader& reader, const YamlNode& node, std::vector<NamedExpression>& metrics) {
  if (!reader.is_map(node, "metrics", "a map of names and expressions")) return;
  if (node.entries.size() > most_named_expressions)
    return reader.refuse(node, fmt::format("more than {} metrics", most_named_expressions));
  for (std::size_t i = 0; i < node.entries.size(); ++i) {
    const auto& [key, value] = node.entries[i];
    auto read = reader.expression(value, key.text, outcome_scope(reader.names(), i));
    if (read) metrics.push_back({key.text, std::move(read->expression), std::move(read->where)});
  }
}

void read_fitness(Reader& reader, const YamlNode& node, SpaceFile& file) {
  if (node.kind == YamlNode::Kind::text && node.text == "default") return;
  if (node.kind == YamlNode::Kind::map)
    return reader.fields(node, "fitness",
                         {{"error_weight", reader.into(file.error_weight, not_negative)},
                          {"error_scale", reader.into(file.error_scale, positive)}});
  if (node.kind == YamlNode::Kind::text)
    file.fitness = reader.expression(node, "fitness",
                                     outcome_scope(reader.names(), reader.names().metrics.size()));
  else
    reader.refuse(node, fmt::format("fitness must be default, an expression or a map with the keys "
                                    "error_weight, error_scale, not {}",
                                    describe(node)));
}

void read_search(Reader& reader, const YamlNode& node, SearchSettings& search) {
  search.where = search.strategy_where = reader.place(node);
  reader.fields(node, "search",
                {{"strategy",
                  [&](const YamlNode& value, std::string_view key) {
                    search.strategy_where = reader.place(value);
                    if (auto name = reader.text(value, key, "a strategy's name"))
                      search.strategy = *std::move(name);
                  }},
                 {"population", reader.into(search.population, {1, 100'000})},
                 {"elite", reader.into(search.elite, {0, 1})},
                 {"generations", reader.into(search.generations, {1, 1'000'000})},
                 {"batch", reader.into(search.batch, {1, 10'000})},
                 {"design", reader.into(search.design, {1, 1'000})},
                 {"candidates", reader.into(search.candidates, {0, 1'000'000})},
                 {"brood", reader.into(search.brood, {8, 10'000})}});
}

void read_stop(Reader& reader, const YamlNode& node, StopSettings& stop) {
  reader.fields(node, "stop",
                {{"evaluations", reader.into(stop.evaluations, counting)},
                 {"minutes", reader.into(stop.minutes, positive)},
                 {"target_us", reader.into(stop.target_us, positive)},
                 {"stagnation", reader.into(stop.stagnation, {1, 1'000'000})}});
}

void read_measure(Reader& reader, const YamlNode& node, MeasureSettings& measure) {
  reader.fields(node, "measure",
                {{"min_pairs", reader.into(measure.min_pairs, {3, 10'000})},
                 {"max_pairs", reader.into(measure.max_pairs, {3, 10'000})},
                 {"max_seconds", reader.into(measure.max_seconds, {1e-3, 86'400})},
                 {"half_width", reader.into(measure.half_width, {0, 1})},
                 {"drop_margin", reader.into(measure.drop_margin, {0, 1})}});
  if (measure.min_pairs > measure.max_pairs)
    reader.refuse(node, fmt::format("measure: min_pairs ({}) is above max_pairs ({})",
                                    measure.min_pairs, measure.max_pairs));
}

}  // namespace evotune
