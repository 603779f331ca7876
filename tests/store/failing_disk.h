#pragma once

struct sqlite3_vfs;

namespace evotune {

/// SQLite's file system as long as this lives, with a disk that can be made to fail. One at a time.
class FailingDisk {
 public:
  FailingDisk();
  ~FailingDisk();
  FailingDisk(const FailingDisk&) = delete;
  FailingDisk& operator=(const FailingDisk&) = delete;

  /// The n-th write, truncation or sync from now on gives this code of SQLite's, and so does every
  /// later one; 0: none does.
  static void fail_at(int nth, int code);
  /// Whether it has come to that.
  [[nodiscard]] static bool has_failed();
};

}  // namespace evotune
