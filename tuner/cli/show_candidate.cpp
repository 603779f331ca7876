#include "cli/show_candidate.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "outcome/statistics.h"

namespace evotune {
namespace {

constexpr double microseconds = 1e6;

OrderedJson parsed(const std::string& text) {
  OrderedJson json = OrderedJson::parse(text, nullptr, false);
  return json.is_discarded() ? OrderedJson(text) : json;
}

template <typename T>
OrderedJson known(const std::optional<T>& value) {
  return value ? OrderedJson(*value) : OrderedJson();
}

OrderedJson median_or_null(const std::vector<double>& times) {
  return times.empty() ? OrderedJson() : number_or_null(median(times) * microseconds);
}

// One row per shape: how often it was timed, and what came out.
Table samples_table(const Measurement& measurement) {
  Table table{{"shape", "pairs", "baseline_us", "candidate_us", "fastest_us", "slowest_us",
               "speedup", "speedup_low", "speedup_high"},
              {}};
  for (const ShapeTiming& shape : measurement.shapes) {
    std::vector<double> baseline, candidate;
    for (const Pair& pair : shape.pairs) {
      baseline.push_back(pair.baseline);
      candidate.push_back(pair.candidate);
    }
    const auto [fastest, slowest] = std::minmax_element(candidate.begin(), candidate.end());
    const bool any = !candidate.empty();
    const Speedup speedup = any ? speedup_of(shape.pairs) : Speedup{};
    table.rows.push_back({shape.shape, shape.pairs.size(), median_or_null(baseline),
                          median_or_null(candidate),
                          any ? number_or_null(*fastest * microseconds) : OrderedJson(),
                          any ? number_or_null(*slowest * microseconds) : OrderedJson(),
                          number_or_null(speedup.median), number_or_null(speedup.low),
                          number_or_null(speedup.high)});
  }
  return table;
}

OrderedJson samples_json(const Measurement& measurement) {
  OrderedJson list = to_json(samples_table(measurement));
  for (std::size_t i = 0; i < measurement.shapes.size(); ++i) {
    OrderedJson pairs = OrderedJson::array();
    for (const Pair& pair : measurement.shapes[i].pairs)
      pairs.push_back({number_or_null(pair.baseline), number_or_null(pair.candidate)});
    list[i]["seconds"] = std::move(pairs);
  }
  return list;
}

OrderedJson facts_json(const CompilerFacts& facts) {
  return {{"registers", known(facts.registers)},
          {"spill_bytes", known(facts.spill_bytes)},
          {"stack_bytes", known(facts.stack_bytes)},
          {"static_shared_bytes", known(facts.static_shared_bytes)},
          {"compile_seconds", number_or_null(facts.compile_seconds)}};
}

OrderedJson accuracy_json(const Accuracy& accuracy) {
  return {{"max_error", number_or_null(accuracy.max_error)},
          {"worst_of_allowed", number_or_null(accuracy.worst_of_allowed)},
          {"has_nan", accuracy.has_nan}};
}

std::string verdict_of(const Trial& trial) {
  const Failure* failure = trial.outcome.failure();
  return failure == nullptr ? "right" : std::string(to_text(failure->stage));
}

OrderedJson trial_json(const Trial& trial) {
  OrderedJson json{{"run", trial.run},
                   {"ordinal", trial.ordinal},
                   {"final", trial.final},
                   {"champion", trial.champion},
                   {"generation", trial.generation},
                   {"origin", trial.origin},
                   {"problem", trial.problem},
                   {"device", trial.device},
                   {"device_id", trial.device_id},
                   {"saved", trial.saved},
                   {"passed", trial.score.passed},
                   {"verdict", verdict_of(trial)},
                   {"fitness", number_or_null(trial.score.fitness)},
                   {"latency_us", nullptr},
                   {"speedup", nullptr},
                   {"speedup_low", nullptr},
                   {"speedup_high", nullptr},
                   {"message", nullptr}};
  if (const Measurement* measured = trial.outcome.measurement()) {
    const Speedup speedup = speedup_of(*measured);
    json["latency_us"] = number_or_null(latency_of(*measured) * microseconds);
    json["speedup"] = number_or_null(speedup.median);
    json["speedup_low"] = number_or_null(speedup.low);
    json["speedup_high"] = number_or_null(speedup.high);
    json["samples"] = samples_json(*measured);
  }
  if (const Failure* failure = trial.outcome.failure()) json["message"] = failure->message;
  const auto& [facts, accuracy, result] = trial.outcome;
  json["accuracy"] = accuracy ? accuracy_json(*accuracy) : OrderedJson();
  json["compiler"] = facts ? facts_json(*facts) : OrderedJson();
  json["metrics"] = parsed(trial.metrics);
  json["key"] = trial.key;
  json["source_hash"] = trial.source_hash;
  return json;
}

Table family_table(const std::vector<Ancestor>& family) {
  Table table{{"ordinal", "generation", "origin", "passed", "fitness", "parents", "configuration"},
              {}};
  for (const Ancestor& one : family)
    table.rows.push_back({one.ordinal, one.generation, one.origin, one.score.passed,
                          number_or_null(one.score.fitness), one.parents, one.configuration});
  return table;
}

std::string number(const std::optional<int>& value) {
  return value ? std::to_string(*value) : "unknown";
}

std::string facts_text(const CompilerFacts& facts) {
  return fmt::format(
      "  compiler    registers {}, spilled bytes {}, stack bytes {}, static shared bytes {}; "
      "{:.2g} s\n",
      number(facts.registers), number(facts.spill_bytes), number(facts.stack_bytes),
      number(facts.static_shared_bytes), facts.compile_seconds);
}

std::string accuracy_text(const Accuracy& accuracy) {
  return fmt::format("  error       at most {:.3g}, {:.3g} of what is allowed{}\n",
                     accuracy.max_error, accuracy.worst_of_allowed,
                     accuracy.has_nan ? "; NaN or infinity" : "");
}

std::string times_text(const Measurement& measured) {
  const Speedup speedup = speedup_of(measured);
  return fmt::format("  latency     {:.5g} us; {:.4g} times the baseline [{:.4g}, {:.4g}]\n",
                     latency_of(measured) * microseconds, speedup.median, speedup.low,
                     speedup.high) +
         to_text(samples_table(measured));
}

// Compilers write many lines: they keep them, without what would steer a terminal.
std::string indented(const std::string& message) {
  std::string out;
  std::size_t start = 0;
  while (start < message.size()) {
    const std::size_t end = std::min(message.find('\n', start), message.size());
    out += "    " + printable(std::string_view(message).substr(start, end - start)) + "\n";
    start = end + 1;
  }
  return out;
}

std::string trial_text(const Trial& trial) {
  std::string out = fmt::format("\nrun {}, ordinal {}{}{}: {}\n", trial.run, trial.ordinal,
                                trial.final ? ", final" : "", trial.champion ? ", champion" : "",
                                verdict_of(trial));
  out += fmt::format("  where       {} ({}){}{}\n", printable(trial.device), trial.device_id,
                     trial.problem.empty() ? "" : ", ", printable(trial.problem));
  out += fmt::format("  origin      {}, generation {}; fitness {:.5g}\n", printable(trial.origin),
                     trial.generation, trial.score.fitness);
  const auto& [facts, accuracy, result] = trial.outcome;
  if (accuracy) out += accuracy_text(*accuracy);
  if (facts) out += facts_text(*facts);
  if (!trial.metrics.empty() && trial.metrics != "{}")
    out += "  metrics     " + printable(trial.metrics) + "\n";
  if (const Measurement* measured = trial.outcome.measurement()) out += times_text(*measured);
  if (const Failure* failure = trial.outcome.failure()) out += indented(failure->message);
  return out;
}

std::string parameters_text(const CandidateDetail& detail) {
  const OrderedJson config = parsed(detail.config);
  if (!config.is_object()) return {};
  Table table{{"parameter", "value"}, {}};
  for (const auto& [name, value] : config.items()) table.rows.push_back({name, value});
  return to_text(table);
}

}  // namespace

std::string to_text(const CandidateView& view) {
  const CandidateDetail& detail = view.detail;
  std::string out =
      fmt::format("candidate {} of {} (space {:.8}): {}\n\n", detail.id,
                  detail.trials.empty() ? "?" : printable(detail.trials.front().space),
                  detail.space_hash, printable(detail.configuration));
  out += parameters_text(detail);
  for (const Trial& trial : detail.trials) out += trial_text(trial);
  if (view.family.empty()) return out;
  return out + fmt::format("\nancestry in run {}\n", detail.trials.front().run) +
         to_text(family_table(view.family));
}

OrderedJson to_json(const CandidateView& view) {
  const CandidateDetail& detail = view.detail;
  OrderedJson trials = OrderedJson::array();
  for (const Trial& trial : detail.trials) trials.push_back(trial_json(trial));
  const std::string space = detail.trials.empty() ? "" : detail.trials.front().space;
  return {{"candidate", detail.id},
          {"space", space},
          {"space_hash", detail.space_hash},
          {"configuration", detail.configuration},
          {"config", parsed(detail.config)},
          {"trials", std::move(trials)},
          {"ancestry", to_json(family_table(view.family))}};
}

}  // namespace evotune
