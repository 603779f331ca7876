#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "store/store.h"

namespace evotune {

/// Which of the best configurations are asked for. Empty fields ask for all.
struct BestFilter {
  std::string space;           ///< a space's name, or its hash
  std::string preferred_hash;  ///< of several versions of the space: this one, if it has results
  std::string device;          ///< "cpu", "cuda:0", or the device's name
  std::string problem;         ///< "K=512,M=512,N=512"
  std::size_t top = 10;        ///< of each problem and device; 0: all
  bool every_version = false;  ///< of the space file, instead of the one that was used last
};

/// A row of the view `best`.
struct RankedCandidate {
  std::int64_t rank = 0;
  std::string space, space_hash, problem, device, device_id;
  std::string configuration;  ///< "BM=64,BN=128"
  std::string config;         ///< {"BM": 64, "BN": 128}
  double latency_us = 0;
  Speedup speedup;
  std::optional<double> max_error;
  double fitness = 0;
  bool final = false;     ///< measured again in the finals
  bool champion = false;  ///< of its run
  std::int64_t run = 0;
  std::uint32_t ordinal = 0;
  std::int64_t candidate = 0;
  std::string source_hash;
};

/// Right configurations only, the best of each (space, problem, device) first; what was measured
/// last comes first among these.
[[nodiscard]] std::vector<RankedCandidate> best(const Store&, const BestFilter&);

/// The best of one run, finals' numbers where there are some.
[[nodiscard]] std::vector<RankedCandidate> best_of_run(const Store&, std::int64_t run,
                                                       std::size_t top);

[[nodiscard]] std::vector<RunStatus> runs(const Store&);  ///< the newest first
/// The newest finished run with something right of the same kernel (by the space's name or by the
/// template) that differs in device, problem or version of the space.
[[nodiscard]] std::optional<std::int64_t> newest_precedent(const Store&, const RunRecord&);
[[nodiscard]] std::vector<std::string> space_names(const Store&);

/// How the evaluations of a run ended: "right", "verify", "crash", … and how many did.
[[nodiscard]] std::map<std::string, std::uint64_t> verdicts(const Store&, std::int64_t run);

/// One measurement of a candidate, in the search or in the finals.
struct Trial {
  std::int64_t run = 0;
  std::uint32_t ordinal = 0;
  bool final = false;
  bool champion = false;
  std::uint32_t generation = 0;
  std::string origin, space, problem, device, device_id, key, source_hash, metrics, saved;
  Outcome outcome;
  Score score;
};

/// All that is known of one configuration.
struct CandidateDetail {
  std::int64_t id = 0;
  std::string space_hash, configuration, config;
  std::vector<Trial> trials;  ///< the newest run first, its final before its search; at least one
};
[[nodiscard]] std::optional<CandidateDetail> candidate(const Store&, std::int64_t id);

/// One individual of a family tree.
struct Ancestor {
  std::uint32_t ordinal = 0;
  std::uint32_t generation = 0;
  std::string origin, configuration;
  Score score;
  std::vector<std::uint32_t> parents;  ///< ordinals
};

/// The individual, its parents, theirs and so on: each once, the youngest first.
[[nodiscard]] std::vector<Ancestor> ancestry(const Store&, std::int64_t run, std::uint32_t ordinal);

}  // namespace evotune
