#include "cli/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <map>
#include <string>

#include "base/clock.h"
#include "cli/evaluation_text.h"
#include "outcome/statistics.h"

namespace evotune {
namespace {

std::string duration(Seconds seconds) {
  const int whole = static_cast<int>(std::max(0.0, seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{}:{:02} min", whole / 60, whole % 60);
  return fmt::format("{}:{:02} h", whole / 3600, whole / 60 % 60);
}

/// What people want to know while they wait: generation, evaluations, failures, best, time left.
class Tally {
 public:
  Tally(const StopSettings& stop, const SearchSettings& search) : stop_(stop) {
    if (!stop_.evaluations && !stop_.minutes)
      stop_.evaluations = static_cast<std::uint64_t>(search.population) *
                          static_cast<std::uint64_t>(search.generations);
  }

  void add(const Evaluation& one, const Progress& now, bool best) {
    progress_ = now;
    if (best) best_ = describe(one);
    if (const Failure* failure = one.individual.outcome.failure())
      ++failures_[to_text(failure->stage)];
  }

  /// Nothing before the first evaluation.
  [[nodiscard]] std::string text() const {
    if (progress_.evaluations == 0) return {};
    std::string text =
        fmt::format("generation {}, {}", progress_.generation, progress_.evaluations);
    if (stop_.evaluations) text += fmt::format(" of {}", *stop_.evaluations);
    text += " evaluations";
    for (const auto& [stage, count] : failures_) text += fmt::format(", {} {}", count, stage);
    if (const auto left = seconds_left()) text += fmt::format(", {} left", duration(*left));
    if (!best_.empty()) text += "; best " + best_;
    return text;
  }

 private:
  [[nodiscard]] std::optional<Seconds> seconds_left() const {
    std::optional<Seconds> left;
    if (stop_.minutes) left = 60 * *stop_.minutes - progress_.seconds;
    if (stop_.evaluations && progress_.evaluations > 0) {
      const double each = progress_.seconds / static_cast<double>(progress_.evaluations);
      const double open =
          static_cast<double>(*stop_.evaluations) - static_cast<double>(progress_.evaluations);
      left = left ? std::min(*left, each * open) : each * open;
    }
    return left;
  }

  StopSettings stop_;
  Progress progress_;
  std::string best_;
  std::map<std::string_view, int> failures_;
};

/// One line that is rewritten, above it one line for each new best.
class LiveProgress final : public Reporter {
 public:
  LiveProgress(const StopSettings& stop, const SearchSettings& search) : tally_(stop, search) {}
  ~LiveProgress() override { fmt::print(stderr, "\r\033[K"); }

  void busy(const std::string& what) override { show(what); }
  void evaluated(const Evaluation& one, const Progress& now, bool best) override {
    tally_.add(one, now, best);
    if (best) fmt::print(stderr, "\r\033[K#{} {}\n", one.ordinal, describe(one));
    show("");
  }
  void warned(const std::string& what) override { fmt::print(stderr, "\r\033[K{}\n", what); }

 private:
  void show(const std::string& what) {
    std::string line = tally_.text();
    if (!what.empty()) line += (line.empty() ? "" : "; ") + what;
    winsize window{};
    const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 1;
    std::size_t end = std::min<std::size_t>(line.size(), known ? window.ws_col - 1U : 100U);
    while (end > 0 && end < line.size() && (line[end] & 0xc0) == 0x80) --end;  // no half of a "µ"
    line.resize(end);
    fmt::print(stderr, "\r\033[K{}", line);
    std::fflush(stderr);
  }

  Tally tally_;
};

/// A line for each new best, and one now and then that says where the run is.
class PlainProgress final : public Reporter {
 public:
  PlainProgress(const StopSettings& stop, const SearchSettings& search) : tally_(stop, search) {}

  void evaluated(const Evaluation& one, const Progress& now, bool best) override {
    tally_.add(one, now, best);
    if (best) fmt::print(stderr, "#{} {}\n", one.ordinal, describe(one));
    if (monotonic_seconds() < next_) return;
    fmt::print(stderr, "{}\n", tally_.text());
    next_ = monotonic_seconds() + seconds_between;
  }
  void busy(const std::string& what) override {
    if (monotonic_seconds() < next_) return;
    fmt::print(stderr, "{}\n", what);
    next_ = monotonic_seconds() + seconds_between;
  }
  void warned(const std::string& what) override { fmt::print(stderr, "{}\n", what); }

 private:
  static constexpr Seconds seconds_between = 10;
  Tally tally_;
  Seconds next_ = monotonic_seconds() + 2;
};

/// One JSON object a line on stdout.
class JsonProgress final : public Reporter {
 public:
  void evaluated(const Evaluation& one, const Progress& now, bool best) override {
    nlohmann::json event = to_json(one);
    event["event"] = "evaluated";
    event["best"] = best;
    event["evaluations"] = now.evaluations;
    event["seconds"] = now.seconds;
    print(event);
  }
  void warned(const std::string& what) override { print({{"event", "warning"}, {"text", what}}); }

 private:
  static void print(const nlohmann::json& event) {
    fmt::print("{}\n", event.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    std::fflush(stdout);
  }
};

}  // namespace

std::unique_ptr<Reporter> make_progress(ProgressStyle style, const StopSettings& stop,
                                        const SearchSettings& search) {
  switch (style) {
    case ProgressStyle::live:
      return std::make_unique<LiveProgress>(stop, search);
    case ProgressStyle::plain:
      return std::make_unique<PlainProgress>(stop, search);
    case ProgressStyle::json:
      return std::make_unique<JsonProgress>();
    case ProgressStyle::quiet:
      break;
  }
  return std::make_unique<Reporter>();
}

std::unique_ptr<Reporter> make_progress() {
  const bool terminal = isatty(STDERR_FILENO) != 0;
  return make_progress(terminal ? ProgressStyle::live : ProgressStyle::plain, {}, {});
}

}  // namespace evotune
