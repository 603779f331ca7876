#include "laboratory/trace_file.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace evotune {
namespace {

using nlohmann::json;

json best_of(const Trace& trace) {
  json list = json::array();
  for (const double ms : trace.best_ms) list.push_back(std::isfinite(ms) ? json(ms) : json());
  return list;
}

json times_of(const Trace& trace, const SpaceRecording& recording) {
  json list = json::array();
  for (const std::size_t row : trace.rows)
    list.push_back(recording.ms[row] ? json(*recording.ms[row]) : json());
  return list;
}

}  // namespace

std::string trace_lines(const std::vector<SpaceRecording>& recordings,
                        const std::vector<Contestant>& contestants, const std::vector<Series>& all,
                        std::uint64_t first_seed, TraceContent content) {
  std::string lines;
  for (const Series& series : all) {
    const SpaceRecording& recording = recordings[series.recording];
    for (std::size_t i = 0; i < series.traces.size(); ++i) {
      json line{{"space", recording.name},
                {"strategy", contestants[series.contestant].label},
                {"seed", first_seed + i}};
      const Trace& trace = series.traces[i];
      if (content == TraceContent::rows) line["evals"] = trace.rows;
      if (content == TraceContent::best) line["best"] = best_of(trace);
      if (content == TraceContent::times) line["times"] = times_of(trace, recording);
      lines += line.dump() + "\n";
    }
  }
  return lines;
}

}  // namespace evotune
