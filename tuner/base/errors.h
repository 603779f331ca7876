#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace evotune {

/// A place in a user's file. Lines and columns count from 1; 0 means unknown.
struct Location {
  std::string file;
  int line = 0;
  int column = 0;
};

/// "space.yaml:12:3", or as much of it as is known.
[[nodiscard]] std::string to_text(const Location&);

/// One thing a user got wrong, and what would have been accepted.
struct Mistake {
  Location where;
  std::string what;
  std::string hint;  ///< "did you mean BM?"; may be empty
};

/// A user's mistakes, all that were found. `main` prints them and exits with 2.
class UserError : public std::runtime_error {
 public:
  explicit UserError(std::vector<Mistake> mistakes);
  explicit UserError(std::string what, std::string hint = {});

  [[nodiscard]] const std::vector<Mistake>& mistakes() const { return mistakes_; }

 private:
  std::vector<Mistake> mistakes_;
};

/// The disk, the database or a file would not do as asked. `main` exits with 4.
class IoError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// No worker or device can be had any more. `main` exits with 5.
class DeviceLost : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace evotune
