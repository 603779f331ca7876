#include "cli/show_run.h"

#include <fmt/format.h>

namespace evotune {
namespace {

OrderedJson parsed(const std::string& text) {
  OrderedJson json = OrderedJson::parse(text, nullptr, false);
  return json.is_discarded() ? OrderedJson(text) : json;
}

Table best_table(const std::vector<RankedCandidate>& best) {
  Table table{{"rank", "configuration", "latency_us", "speedup", "speedup_low", "speedup_high",
               "max_error", "fitness", "final", "champion", "ordinal", "candidate"},
              {}};
  for (const RankedCandidate& one : best)
    table.rows.push_back({one.rank, one.configuration, number_or_null(one.latency_us),
                          number_or_null(one.speedup.median), number_or_null(one.speedup.low),
                          number_or_null(one.speedup.high),
                          one.max_error ? number_or_null(*one.max_error) : OrderedJson(),
                          number_or_null(one.fitness), one.final, one.champion, one.ordinal,
                          one.candidate});
  return table;
}

std::string verdicts_text(const std::map<std::string, std::uint64_t>& verdicts) {
  std::string out;
  for (const auto& [verdict, count] : verdicts)
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", verdict, count);
  return out.empty() ? "none yet" : out;
}

}  // namespace

std::string to_text(const RunView& view) {
  const RunStatus& status = view.status;
  const RunRecord& record = status.record;
  std::string out =
      fmt::format("run {} of {} ({}, space {:.8}){}{}\n", status.id, printable(record.space_name),
                  printable(record.space_path), record.space_hash,
                  record.problem.empty() ? "" : " at ", printable(record.problem));
  out += fmt::format("  device      {} ({}, {}); compiler {}\n", printable(record.device_name),
                     record.device_id, record.device_arch, printable(record.compiler));
  out += fmt::format("  strategy    {}, seed {}, batch {} {}\n", record.strategy, record.seed,
                     record.batch, printable(record.settings));
  out += fmt::format("  status      {}{}{}; {} evaluations in {:.1f} s\n", status.status,
                     status.reason.empty() ? "" : ": ", printable(status.reason),
                     status.evaluations, status.seconds_spent);
  out += fmt::format("  time        {} to {}\n", status.started, status.updated);
  out += "  verdicts    " + verdicts_text(view.verdicts) + "\n";
  if (view.best.empty()) return out + "\nno right configuration\n";
  return out + "\n" + to_text(best_table(view.best));
}

OrderedJson to_json(const RunView& view) {
  const RunStatus& status = view.status;
  const RunRecord& record = status.record;
  return {{"run", status.id},
          {"space", record.space_name},
          {"space_path", record.space_path},
          {"space_hash", record.space_hash},
          {"template_hash", record.template_hash},
          {"problem", record.problem},
          {"device", record.device_name},
          {"device_id", record.device_id},
          {"arch", record.device_arch},
          {"compiler", record.compiler},
          {"strategy", record.strategy},
          {"settings", parsed(record.settings)},
          {"seed", record.seed},
          {"batch", record.batch},
          {"environment", parsed(record.environment)},
          {"status", status.status},
          {"reason", status.reason},
          {"started", status.started},
          {"updated", status.updated},
          {"evaluations", status.evaluations},
          {"seconds", status.seconds_spent},
          {"verdicts", view.verdicts},
          {"best", to_json(best_table(view.best))}};
}

}  // namespace evotune
