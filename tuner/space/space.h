#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/rng.h"
#include "expr/value.h"
#include "space/config.h"
#include "space/parameter.h"
#include "space/space_file.h"

namespace evotune {

/// What may be tried: parameters, and constraints between them, for one device and problem.
class Space {
 public:
  /// Throws UserError where the file's expressions do not fit these device facts
  /// (names like "device.sms"), and when no configuration is valid.
  Space(const SpaceFile&, const Bindings& device_facts);
  /// For tests and recordings: plain parameters, constraints as expressions.
  Space(std::vector<Parameter>, const std::vector<std::string>& constraints);
  /// From now on these are the valid configurations and no others, whatever the constraints say: of
  /// a recording nothing else is known. Throws UserError for none.
  void keep_only(std::vector<Config>);
  ~Space();
  Space(Space&&) noexcept;
  Space& operator=(Space&&) noexcept;

  [[nodiscard]] const std::vector<Parameter>& parameters() const;
  [[nodiscard]] bool valid(const Config&) const;

  [[nodiscard]] std::uint64_t cartesian() const;  ///< saturates
  [[nodiscard]] std::uint64_t count() const;      ///< valid configurations; saturates
  /// Whether the valid configurations could be listed. If not, count() is an estimate and at()
  /// throws UserError; everything else works.
  [[nodiscard]] bool listed() const;
  /// The index-th valid one, in an order of the space's own that is always the same.
  [[nodiscard]] Config at(std::uint64_t index) const;
  [[nodiscard]] Config sample(Rng&) const;  ///< uniform over the valid ones
  [[nodiscard]] std::size_t bytes() const;  ///< of memory, for knowing them all

  /// Valid configurations that differ from this one in exactly one parameter.
  [[nodiscard]] std::vector<Config> neighbours(const Config&) const;
  /// This one if valid, else a valid one that keeps as many of its choices as a short search finds.
  [[nodiscard]] Config repair(Config, Rng&) const;

  /// Everything that has a name at this configuration: parameters, device facts, the shape's sizes
  /// and the let values; a let that has no value there is left out. Without a shape: the first
  /// tuning shape.
  [[nodiscard]] Bindings bind(const Config&) const;
  [[nodiscard]] Bindings bind(const Config&, const Shape&) const;
  [[nodiscard]] Bindings values(const Config&) const;  ///< the parameters alone
  [[nodiscard]] std::string key(const Config&) const;  ///< "BM=64,BN=128"; "-" of nothing

  /// The configuration with these values; parameters that are not named are taken from `defaults`.
  /// Throws UserError (with `where`) for an unknown name, a value that is not offered, one missing.
  [[nodiscard]] Config find(const Bindings& values, const Bindings& defaults,
                            const Location& where = {}) const;

  /// Why this configuration is not valid: "threads <= 1024 is false: threads = 4096". Empty if
  /// valid.
  [[nodiscard]] std::string why_invalid(const Config&) const;

  struct Trouble {
    std::uint64_t count = 0;  ///< configurations on which some constraint could not be evaluated
    std::string first;        ///< the first example, explained
  };
  [[nodiscard]] const Trouble& trouble() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace evotune
