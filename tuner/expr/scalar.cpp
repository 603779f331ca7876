#include "expr/scalar.h"

#include <string>
#include <type_traits>

namespace evotune {

static_assert(std::is_trivially_copyable_v<Scalar>);

Scalar to_scalar(const Value& value) {
  return std::visit([](const auto& held) { return Scalar(held); }, value);
}

Value to_value(const Scalar& scalar) {
  switch (scalar.kind()) {
    case Scalar::Kind::real:
      return scalar.real();
    case Scalar::Kind::boolean:
      return scalar.boolean();
    case Scalar::Kind::string:
      return std::string(scalar.string());
    case Scalar::Kind::integer:
    case Scalar::Kind::absent:
      break;
  }
  return scalar.integer();
}

bool truth(const Scalar& scalar) {
  switch (scalar.kind()) {
    case Scalar::Kind::real:
      return scalar.real() != 0;
    case Scalar::Kind::string:
      return !scalar.string().empty();
    case Scalar::Kind::boolean:
    case Scalar::Kind::integer:
    case Scalar::Kind::absent:
      break;
  }
  return scalar.integer() != 0;
}

}  // namespace evotune
