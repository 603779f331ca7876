#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "device/device.h"
#include "engine/evaluator.h"
#include "engine/problem.h"
#include "recording/recording.h"

namespace evotune {

/// What stands in for the device: "replay:conv.json", and the name "replay:conv (A100)". Its
/// results are never taken for measured ones.
[[nodiscard]] DeviceInfo recorded_device(const std::string& spec, const SpaceRecording&);

/// A problem whose kernel need not be there: its space is what was recorded of the file's. The
/// template is looked for only where a named configuration leaves values to it. Throws UserError
/// where the recording is of another space.
[[nodiscard]] Problem recorded_problem(SpaceFile, const SpaceRecording&);

/// Config → Outcome: looked up. A recorded time is taken as exact.
class RecordedEvaluator final : public Evaluator {
 public:
  RecordedEvaluator(const Problem&, const SpaceRecording&);

  [[nodiscard]] Candidate prepare(const Config&) const override;
  [[nodiscard]] Outcome evaluate(const Candidate&, const Examination& = {}) override;
  [[nodiscard]] std::string key(const Candidate&) const override;

 private:
  [[nodiscard]] std::optional<Seconds> seconds_of(const Config&) const;

  const Problem& problem_;
  const SpaceRecording& recording_;
  std::string fingerprint_;
  std::map<Config, std::size_t> row_of_;  ///< of the problem's configurations
  std::optional<Seconds> baseline_;
};

}  // namespace evotune
