#pragma once

#include <string>
#include <vector>

#include "expr/code.h"
#include "expr/expression.h"
#include "expr/syntax.h"

namespace evotune {

struct Expression::Parsed {
  std::string text;
  Syntax syntax;
  std::vector<std::string> names;
  Code code;  ///< with the i-th name in slot i
};

}  // namespace evotune
