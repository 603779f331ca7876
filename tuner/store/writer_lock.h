#pragma once

#include <string>

#include "base/handle.h"

namespace evotune {

/// Held by the one process that may write a database: a lock on `<database>.lock`, which the kernel
/// drops when the process ends, however it ends. The file stays, because removing it would race.
class WriterLock {
 public:
  /// Does not wait: throws IoError with the holder's process id.
  explicit WriterLock(const std::string& database);

 private:
  Handle file_;
};

}  // namespace evotune
