#include "cli/inspection_text.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>
#include <set>
#include <sstream>

#include "base/text.h"
#include "exporter/json_value.h"

namespace evotune {
namespace {

constexpr double megabyte = 1e6;
constexpr double sector_bytes = 32;

/// `#line 12 "tree.cuh"`: what the next line is.
std::optional<SourceLine> line_directive(std::string_view text) {
  constexpr std::string_view directive = "#line ";
  if (!text.starts_with(directive)) return std::nullopt;
  text.remove_prefix(directive.size());
  SourceLine next;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), next.line);
  if (read.ec != std::errc()) return std::nullopt;
  const std::size_t open = text.find('"'), close = text.rfind('"');
  if (open != text.npos && close > open)
    next.file = std::string(text.substr(open + 1, close - open - 1));
  return next;
}

double ratio(double a, double b) { return b == 0 ? 1 : a / b; }

std::string what(const AccessSite& site) {
  return fmt::format("{} {}", site.shared ? "shared" : "global", to_text(site.kind));
}

std::string architectures(const Inspection& one) {
  if (one.compiler.empty()) return fmt::format("not compiled for GPUs: {}\n", one.why_no_compiler);
  Table table{{"arch", "registers", "spilled", "stack", "shared", "blocks/SM", "warps/SM",
               "occupancy", "limited by"},
              {}};
  std::string failures;
  const auto known = [](const std::optional<int>& fact) {
    return fact ? OrderedJson(*fact) : OrderedJson();
  };
  for (const ArchitectureReport& report : one.architectures) {
    if (!report.facts) {
      failures +=
          fmt::format("does not compile for {}: {}\n", report.arch, report.facts.error().message);
      continue;
    }
    const Occupancy& occupancy = report.occupancy;
    table.rows.push_back({report.arch, known(report.facts->registers),
                          known(report.facts->spill_bytes), known(report.facts->stack_bytes),
                          report.facts->static_shared_bytes.value_or(0) +
                              static_cast<std::int64_t>(one.launch.shared_bytes),
                          occupancy.blocks, occupancy.warps,
                          fmt::format("{:.0f} %", 100 * occupancy.fraction()),
                          occupancy.limited_by});
  }
  return fmt::format("{}:\n{}{}", one.compiler, table.rows.empty() ? "" : to_text(table), failures);
}

std::string faults_and_races(const Inspection& one) {
  std::string text;
  std::set<std::pair<SourceLine, SourceLine>> told;
  std::set<std::pair<AccessFaultKind, SourceLine>> told_faults;
  std::set<std::string> told_failures;  // what does not compile says so at every shape
  std::vector<std::string> clean;
  for (const ObservedShape& at : one.races) {
    const std::string shape = at.shape.empty() ? "-" : at.shape;
    if (!at.seen) {
      if (!told_failures.insert(at.seen.error().message).second) continue;
      text += fmt::format("  at {}: {}: {}\n", shape, to_text(at.seen.error().stage),
                          at.seen.error().message);
      continue;
    }
    const std::string part = what_was_followed(*at.seen);
    if (complaints(*at.seen).empty())
      clean.push_back(part.empty() ? shape : fmt::format("{}, where {}", shape, part));
    for (const AccessFault& fault : at.seen->faults)
      if (told_faults.emplace(fault.kind, fault.access.where).second)
        text += fmt::format("  at {}: {}\n", shape, to_text(fault));
    for (const Race& race : at.seen->races)
      if (told.emplace(race.earlier.where, race.later.where).second)
        text += fmt::format("  at {}: {}\n", shape, to_text(race));
  }
  if (text.empty()) return fmt::format("faults and races: none (at {})\n", join(clean, "; "));
  return "faults and races:\n" + text;
}

std::string totals(const Inspection& one, const Observation& seen) {
  const Traffic global = traffic_of(seen, false), shared = traffic_of(seen, true);
  std::string text = fmt::format(
      "  global: {:.3f} MB in {:.0f} sectors, {:.2f}x of what is asked for; {:.3f} MB at least\n",
      global.transactions * sector_bytes / megabyte, global.transactions,
      ratio(global.transactions, global.ideal), one.least_bytes / megabyte);
  text += shared.transactions == 0
              ? "  shared: not used\n"
              : fmt::format("  shared: {:.0f} passes, {:.2f}x of what is asked for\n",
                            shared.transactions, ratio(shared.transactions, shared.ideal));
  if (one.flops)
    text += fmt::format(
        "  arithmetic: {:.3f} MFLOP: {:.2f} per byte without caches, {:.2f} per byte at best\n",
        *one.flops / 1e6, ratio(*one.flops, global.transactions * sector_bytes),
        ratio(*one.flops, one.least_bytes));
  else
    text += "  arithmetic: unknown; a metric flops or gflops of the space file would say\n";
  if (seen.observed_blocks < seen.blocks)
    text += fmt::format("  ({} of {} blocks were followed, the sums allow for the others)\n",
                        seen.observed_blocks, seen.blocks);
  return text;
}

std::string memory(const Inspection& one) {
  if (!one.memory.seen)
    return fmt::format("memory: {}: {}\n", to_text(one.memory.seen.error().stage),
                       one.memory.seen.error().message);
  const Observation& seen = *one.memory.seen;
  std::string text =
      fmt::format("memory, one launch at {}:\n", one.problem.empty() ? "-" : one.problem);
  text += totals(one, seen);
  Table table{{"line", "access", "bytes", "requests", "each", "at best", "source"}, {}};
  for (const AccessSite& site : seen.sites) {
    const double each = ratio(site.transactions, site.requests);
    const double best = ratio(site.ideal, site.requests);
    table.rows.push_back({to_text(site.where), what(site), site.bytes, std::llround(site.requests),
                          fmt::format("{:.2f}{}", each, each > 1.01 * best ? " !" : ""),
                          fmt::format("{:.2f}", best),
                          printable(trim(text_of_line(one.source.text, site.where)))});
  }
  if (!table.rows.empty())
    text +=
        "\nper request of a warp: passes over the banks of shared memory, sectors of 32 bytes of "
        "global memory\n" +
        to_text(table);
  return text;
}

OrderedJson place_json(const std::array<std::uint32_t, 3>& at) {
  return OrderedJson::array({at[0], at[1], at[2]});
}

OrderedJson side_json(const RacingAccess& side) {
  return {{"access", to_text(side.kind)},      {"volatile", side.is_volatile},
          {"file", side.where.file},           {"line", side.where.line},
          {"thread", place_json(side.thread)}, {"block", place_json(side.block)}};
}

OrderedJson arch_json(const ArchitectureReport& report) {
  OrderedJson out{{"arch", report.arch}};
  if (!report.facts) {
    out["failed"] = report.facts.error().message;
    return out;
  }
  const auto known = [](const std::optional<int>& fact) {
    return fact ? OrderedJson(*fact) : OrderedJson();
  };
  out["registers"] = known(report.facts->registers);
  out["spill_bytes"] = known(report.facts->spill_bytes);
  out["stack_bytes"] = known(report.facts->stack_bytes);
  out["static_shared_bytes"] = known(report.facts->static_shared_bytes);
  out["blocks_per_sm"] = report.occupancy.blocks;
  out["warps_per_sm"] = report.occupancy.warps;
  out["occupancy"] = report.occupancy.fraction();
  out["limited_by"] = report.occupancy.limited_by;
  return out;
}

OrderedJson races_json(const std::vector<ObservedShape>& shapes) {
  OrderedJson out = OrderedJson::array();
  for (const ObservedShape& at : shapes) {
    OrderedJson one{{"shape", at.shape}};
    if (!at.seen) {
      one["failed"] = to_text(at.seen.error().stage);
      one["message"] = at.seen.error().message;
    } else {
      one["blocks"] = at.seen->blocks;
      one["observed_blocks"] = at.seen->observed_blocks;
      one["races"] = OrderedJson::array();
      for (const Race& race : at.seen->races)
        one["races"].push_back({{"message", to_text(race)},
                                {"memory", race.memory},
                                {"byte", race.byte},
                                {"earlier", side_json(race.earlier)},
                                {"later", side_json(race.later)}});
      one["faults"] = OrderedJson::array();
      for (const AccessFault& fault : at.seen->faults)
        one["faults"].push_back({{"message", to_text(fault)},
                                 {"fault", to_text(fault.kind)},
                                 {"memory", fault.memory},
                                 {"byte", fault.byte},
                                 {"bytes", fault.bytes},
                                 {"by", side_json(fault.access)}});
    }
    out.push_back(std::move(one));
  }
  return out;
}

OrderedJson memory_json(const Inspection& one) {
  if (!one.memory.seen)
    return {{"failed", to_text(one.memory.seen.error().stage)},
            {"message", one.memory.seen.error().message}};
  const Observation& seen = *one.memory.seen;
  const Traffic global = traffic_of(seen, false), shared = traffic_of(seen, true);
  OrderedJson out{{"shape", one.memory.shape},
                  {"blocks", seen.blocks},
                  {"observed_blocks", seen.observed_blocks},
                  {"global_sectors", global.transactions},
                  {"global_sectors_at_best", global.ideal},
                  {"global_bytes", global.transactions * sector_bytes},
                  {"least_bytes", one.least_bytes},
                  {"shared_passes", shared.transactions},
                  {"shared_passes_at_best", shared.ideal},
                  {"sites", OrderedJson::array()}};
  for (const AccessSite& site : seen.sites)
    out["sites"].push_back({{"file", site.where.file},
                            {"line", site.where.line},
                            {"memory", site.shared ? "shared" : "global"},
                            {"access", to_text(site.kind)},
                            {"bytes", site.bytes},
                            {"requests", site.requests},
                            {"transactions", site.transactions},
                            {"at_best", site.ideal}});
  return out;
}

}  // namespace

std::string text_of_line(const std::string& source, const SourceLine& wanted) {
  std::istringstream lines(source);
  SourceLine at{"kernel.cu", 1};
  const std::string file = wanted.file.empty() ? at.file : wanted.file;
  std::string found;
  for (std::string text; std::getline(lines, text);) {
    if (auto next = line_directive(text)) {
      if (next->file.empty()) next->file = at.file;
      at = *std::move(next);
      continue;
    }
    if (at.line == wanted.line && at.file == file) found = text;  // the last: the template's own
    ++at.line;
  }
  return found;
}

std::string to_text(const Inspection& one) {
  const auto extent = [](const Extent& e) { return fmt::format("({},{},{})", e[0], e[1], e[2]); };
  return fmt::format(
      "{}: {}\nat {}: grid {}, blocks of {}, {} bytes of dynamic shared memory; source {}\n\n"
      "{}\n{}\n{}",
      one.space, one.configuration, one.problem.empty() ? "-" : one.problem,
      extent(one.launch.grid), extent(one.launch.block), one.launch.shared_bytes,
      one.source.hash.substr(0, 8), architectures(one), faults_and_races(one), memory(one));
}

OrderedJson to_json(const Inspection& one) {
  OrderedJson out{{"space", one.space},
                  {"configuration", one.configuration},
                  {"config", to_json(one.config)},
                  {"problem", one.problem},
                  {"source_hash", one.source.hash},
                  {"grid", place_json(one.launch.grid)},
                  {"block", place_json(one.launch.block)},
                  {"dynamic_shared_bytes", one.launch.shared_bytes},
                  {"nvrtc", one.compiler},
                  {"compiled", OrderedJson::array()}};
  for (const ArchitectureReport& report : one.architectures)
    out["compiled"].push_back(arch_json(report));
  out["races"] = races_json(one.races);
  out["memory"] = memory_json(one);
  out["flops"] = one.flops ? number_or_null(*one.flops) : OrderedJson();
  if (one.flops && one.memory.seen) {
    const double bytes = traffic_of(*one.memory.seen, false).transactions * sector_bytes;
    out["flops_per_byte"] = number_or_null(ratio(*one.flops, bytes));
    out["flops_per_byte_at_best"] = number_or_null(ratio(*one.flops, one.least_bytes));
  }
  out["sound"] = one.sound();
  return out;
}

}  // namespace evotune
