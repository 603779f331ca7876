#include "store/outcome_rows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/errors.h"
#include "outcome/statistics.h"
#include "store/sqlite.h"

namespace evotune {
namespace {

using Json = nlohmann::json;

constexpr double infinity = std::numeric_limits<double>::infinity();

std::optional<double> finite(double value) {
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

// Shortest text that reads back to the same bits. JSON has no infinity and no NaN: words stand in.
Json number(double value) {
  if (std::isfinite(value)) return value;
  return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

double number_from(const Json& json) {
  if (json.is_number()) return json.get<double>();
  if (json == "nan") return std::numeric_limits<double>::quiet_NaN();
  return json == "inf" ? infinity : -infinity;
}

std::string pairs_to_json(const std::vector<Pair>& pairs) {
  Json list = Json::array();
  for (const Pair& pair : pairs)
    list.push_back(Json::array({number(pair.baseline), number(pair.candidate)}));
  return list.dump();
}

// What the database holds was written by this program; anything else is damage.
Json parse(const std::string& text) {
  try {
    return Json::parse(text);
  } catch (const Json::exception& problem) {
    throw IoError(std::string("the database is damaged: ") + problem.what());
  }
}

std::vector<Pair> pairs_from_json(const std::string& text) {
  std::vector<Pair> pairs;
  for (const Json& pair : parse(text))
    pairs.push_back({number_from(pair.at(0)), number_from(pair.at(1))});
  return pairs;
}

struct Derived {
  std::optional<double> latency_us, speedup, low, high;
};

Derived derive(const Outcome& outcome) {
  const Measurement* measured = outcome.measurement();
  if (measured == nullptr) return {};
  constexpr double microseconds = 1e6;
  const Speedup speedup = speedup_of(*measured);
  return {finite(latency_of(*measured) * microseconds), finite(speedup.median), finite(speedup.low),
          finite(speedup.high)};
}

void add_timings(Sqlite& db, std::int64_t outcome, const Measurement& measurement) {
  std::uint32_t position = 0;
  for (const ShapeTiming& timing : measurement.shapes)
    db.execute("INSERT INTO timing (outcome, position, shape, pairs) VALUES (?, ?, ?, ?)", outcome,
               position++, timing.shape, pairs_to_json(timing.pairs));
}

Measurement timings_of(Sqlite& db, std::int64_t outcome) {
  Measurement measurement;
  Rows rows =
      db.run("SELECT shape, pairs FROM timing WHERE outcome = ? ORDER BY position", outcome);
  while (rows.next()) {
    ShapeTiming timing;
    timing.shape = rows.take<std::string>();
    timing.pairs = pairs_from_json(rows.take<std::string>());
    measurement.shapes.push_back(std::move(timing));
  }
  return measurement;
}

std::optional<CompilerFacts> take_facts(Rows& rows) {
  const auto seconds = rows.take<std::optional<double>>();
  CompilerFacts facts;
  facts.registers = rows.take<std::optional<int>>();
  facts.spill_bytes = rows.take<std::optional<int>>();
  facts.stack_bytes = rows.take<std::optional<int>>();
  facts.static_shared_bytes = rows.take<std::optional<int>>();
  if (!seconds) return std::nullopt;
  facts.compile_seconds = *seconds;
  return facts;
}

// An error that is not finite is stored as NULL, beside a has_nan that is not.
std::optional<Accuracy> take_accuracy(Rows& rows) {
  const auto has_nan = rows.take<std::optional<bool>>();
  const auto max_error = rows.take<std::optional<double>>();
  const auto worst = rows.take<std::optional<double>>();
  if (!has_nan) return std::nullopt;
  return Accuracy{max_error.value_or(infinity), worst.value_or(infinity), *has_nan};
}

}  // namespace

std::string to_json(const Config& config) {
  return fmt::format("[{}]", fmt::join(config.choice, ","));
}

Config config_from_json(const std::string& text) {
  return {parse(text).get<std::vector<std::uint32_t>>()};
}

std::int64_t add_outcome(Sqlite& db, const OutcomePlace& place, const Outcome& outcome) {
  const Failure* failure = outcome.failure();
  const auto& facts = outcome.facts;
  const auto& accuracy = outcome.accuracy;
  const Derived derived = derive(outcome);
  using Integer = std::optional<int>;
  using Real = std::optional<double>;
  using Text = std::optional<std::string_view>;
  db.execute(
      "INSERT INTO outcome (candidate, key, kind, source_hash, stage, message, compile_seconds, "
      "registers, spill_bytes, stack_bytes, static_shared_bytes, has_nan, max_error, "
      "worst_of_allowed, latency_us, speedup, speedup_low, speedup_high) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      place.candidate, place.key, place.kind,
      place.source_hash.empty() ? Text() : Text(place.source_hash),
      failure ? Text(to_text(failure->stage)) : Text(), failure ? Text(failure->message) : Text(),
      facts ? Real(facts->compile_seconds) : Real(), facts ? facts->registers : Integer(),
      facts ? facts->spill_bytes : Integer(), facts ? facts->stack_bytes : Integer(),
      facts ? facts->static_shared_bytes : Integer(),
      accuracy ? Integer(accuracy->has_nan) : Integer(),
      accuracy ? finite(accuracy->max_error) : Real(),
      accuracy ? finite(accuracy->worst_of_allowed) : Real(), derived.latency_us, derived.speedup,
      derived.low, derived.high);
  const std::int64_t id = db.last_id();
  if (const Measurement* measured = outcome.measurement()) add_timings(db, id, *measured);
  return id;
}

Outcome take_outcome(Sqlite& db, Rows& rows) {
  Outcome outcome;
  const auto id = rows.take<std::int64_t>();
  const auto stage = rows.take<std::optional<std::string>>();
  auto message = rows.take<std::string>();
  outcome.facts = take_facts(rows);
  outcome.accuracy = take_accuracy(rows);
  if (!stage) {
    outcome.result = timings_of(db, id);
    return outcome;
  }
  const auto known = stage_from(*stage);
  if (!known) throw IoError("the database is damaged: there is no stage '" + *stage + "'");
  outcome.result = Failure{*known, std::move(message)};
  return outcome;
}

}  // namespace evotune
