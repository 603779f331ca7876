#include "laboratory/experiment.h"

#include <array>
#include <atomic>
#include <charconv>
#include <exception>
#include <mutex>
#include <string_view>
#include <thread>

#include "base/errors.h"
#include "base/text.h"

namespace evotune {
namespace {

struct Setting {
  std::string_view name;
  int SearchSettings::*member;
};
constexpr std::array settings{
    Setting{"population", &SearchSettings::population}, Setting{"design", &SearchSettings::design},
    Setting{"candidates", &SearchSettings::candidates}, Setting{"brood", &SearchSettings::brood}};

void apply(std::string_view assignment, SearchSettings& search) {
  const std::size_t equals = assignment.find('=');
  const std::string_view name = assignment.substr(0, equals);
  const std::string_view text =
      equals == assignment.npos ? std::string_view{} : assignment.substr(equals + 1);
  for (const Setting& one : settings) {
    if (one.name != name) continue;
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0)
      throw UserError("'" + std::string(assignment) + "' gives no whole number");
    search.*one.member = value;
    return;
  }
  std::vector<std::string> known;
  for (const Setting& one : settings) known.emplace_back(one.name);
  throw UserError("no strategy has a setting '" + std::string(name) + "'", suggestion(name, known));
}

constexpr std::uint64_t source_seeds = 1'000'000;  // from here on: none of a target's

RehearsalOptions rehearsal_of(const Yardstick& yardstick, const ExperimentOptions& options) {
  RehearsalOptions one;
  one.evaluations = options.evaluations.value_or(horizon(yardstick));
  if (!options.evaluations) one.good_enough_ms = yardstick.optimum();
  one.batch = options.batch;
  one.noise = options.noise;
  return one;
}

/// What a search of its own came upon on the source.
Precedents precedents_from(const SpaceRecording& source, const SpaceRecording& target,
                           std::size_t evaluations, std::uint64_t seed) {
  RehearsalOptions options;
  options.evaluations = evaluations;
  options.seed = source_seeds + seed;
  std::vector<ForeignOutcome> outcomes;
  std::vector<Config> config_of(source.ms.size());
  for (const auto& [config, row] : source.row_of) config_of[row] = config;
  const auto strategy = make_strategy({}, source.space, options.seed);
  for (const std::size_t row : rehearse(source, *strategy, options).rows) {
    const std::optional<double>& ms = source.ms[row];
    outcomes.push_back(
        {source.space.values(config_of[row]), ms ? Score{true, -*ms} : Score{false, -1}});
  }
  return matched(target.space, outcomes);
}

/// One search, from the source's precedents if there is one.
Trace searched(const SpaceRecording& recording, const SpaceRecording* source,
               const SearchSettings& search, const RehearsalOptions& options,
               std::size_t evaluations_before) {
  Precedents precedents;
  if (source != nullptr)
    precedents = precedents_from(*source, recording, evaluations_before, options.seed);
  const auto strategy = make_strategy(search, recording.space, options.seed, precedents);
  return rehearse(recording, *strategy, options);
}

/// What the threads share.
struct Progress {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::size_t done = 0;
  std::exception_ptr error;
};

}  // namespace

Contestant contestant_of(const std::string& text) {
  Contestant contestant{text, {}};
  std::string_view rest = text;
  const auto take = [&rest] {
    const std::string_view part = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    return part;
  };
  contestant.settings.strategy = take();
  contestant.settings.strategy_where = {"--strategy"};
  while (!rest.empty()) apply(take(), contestant.settings);
  (void)strategy_version(contestant.settings);  // throws for an unknown name
  return contestant;
}

std::vector<Series> experiment(const std::vector<SpaceRecording>& recordings,
                               const std::vector<SpaceRecording>& sources,
                               const std::vector<Contestant>& contestants,
                               const ExperimentOptions& options,
                               const ExperimentProgress& progress) {
  std::vector<Series> all;
  std::vector<RehearsalOptions> rehearsals;  // per recording
  for (std::size_t r = 0; r < recordings.size(); ++r) {
    rehearsals.push_back(rehearsal_of(Yardstick(recordings[r]), options));
    for (std::size_t c = 0; c < contestants.size(); ++c)
      all.push_back({r, c, std::vector<Trace>(options.seeds)});
  }
  Progress shared;
  const std::size_t count = all.size() * options.seeds;
  const auto work = [&] {
    for (std::size_t job = shared.next++; job < count; job = shared.next++) {
      try {
        Series& series = all[job / options.seeds];
        RehearsalOptions one = rehearsals[series.recording];
        one.seed = options.first_seed + job % options.seeds;
        series.traces[job % options.seeds] = searched(
            recordings[series.recording], sources.empty() ? nullptr : &sources[series.recording],
            contestants[series.contestant].settings, one, options.precedents);
      } catch (...) {
        const std::lock_guard lock(shared.mutex);
        shared.error = std::current_exception();
        shared.next = count;
      }
      const std::lock_guard lock(shared.mutex);
      progress(++shared.done, count);
    }
  };
  std::vector<std::thread> others;
  for (unsigned i = 1; i < options.jobs; ++i) others.emplace_back(work);
  work();
  for (std::thread& one : others) one.join();
  if (shared.error) std::rethrow_exception(shared.error);
  return all;
}

}  // namespace evotune
