#pragma once

#include <cstddef>
#include <map>
#include <string_view>
#include <vector>

#include "kernel/directives.h"

namespace evotune {

/// Which bracket of a source closes which. What several branches of an #if open, as the two heads
/// of one function, is closed by one.
class Brackets {
 public:
  /// A word of the source, by its number; what is no bracket does nothing.
  void pass(std::string_view word, std::size_t number);
  void pass(const Directive&);

  /// The bracket that closes the one at `open`; `none` where there is no such.
  [[nodiscard]] std::size_t closing(std::size_t open, std::size_t none) const;

 private:
  using Opened = std::vector<std::size_t>;  ///< of one bracket, in several branches
  struct Condition {
    std::vector<Opened> before;                 ///< what was open at the #if
    std::vector<std::vector<Opened>> branches;  ///< what each of its branches left open
  };
  [[nodiscard]] std::vector<Opened> left_open(const Condition&) const;
  void end_of(const Condition&);

  std::vector<Opened> open_;
  std::vector<Condition> conditions_;
  std::map<std::size_t, std::size_t> closing_;
};

}  // namespace evotune
