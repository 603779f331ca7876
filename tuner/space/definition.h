#pragma once

#include <string>
#include <vector>

#include "space/parameter.h"
#include "space/space_file.h"

namespace evotune {

/// What a Space is made from, with every value known.
struct Definition {
  std::vector<Parameter> parameters;
  /// Per parameter and value: how the file writes it ("2 * device.sms").
  std::vector<std::vector<std::string>> labels;
  std::vector<NamedExpression> lets;
  std::vector<PlacedExpression> constraints;
  Bindings device_facts;
  std::vector<Shape> shapes;  ///< at least one; constraints must hold at each
};

/// Works out the values that are expressions, over device facts and the first tuning shape; what
/// comes out twice counts once. Throws UserError.
[[nodiscard]] Definition define(const SpaceFile&, const Bindings& device_facts);
[[nodiscard]] Definition define(std::vector<Parameter>,
                                const std::vector<std::string>& constraints);

}  // namespace evotune
