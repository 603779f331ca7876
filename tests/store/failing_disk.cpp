#include "failing_disk.h"

#include <sqlite3.h>

#include <map>

namespace evotune {
namespace {

// SQLite's interface is made of plain functions, so what they share is global.
sqlite3_vfs shim;
sqlite3_vfs* original = nullptr;
std::map<const sqlite3_io_methods*, sqlite3_io_methods> patched;  // files with locks, and without
const sqlite3_io_methods* real = nullptr;                         // of either: they write alike
int writes_left = 0;  // until the first that fails; 0: none will
bool failing = false;
int failure_code = SQLITE_OK;

bool fails() {
  if (writes_left > 0 && --writes_left == 0) failing = true;
  return failing;
}

int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
  return fails() ? failure_code : real->xWrite(file, bytes, count, offset);
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
  return fails() ? failure_code : real->xTruncate(file, size);
}
int sync(sqlite3_file* file, int flags) {
  return fails() ? failure_code : real->xSync(file, flags);
}

/// Opens as ever, then puts ours in front of three of the file's functions.
int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  const int code = original->xOpen(original, name, file, flags, out_flags);
  if (code != SQLITE_OK || file->pMethods == nullptr) return code;
  real = file->pMethods;
  sqlite3_io_methods& ours = patched[real] = *real;
  ours.xWrite = write;
  ours.xTruncate = truncate;
  ours.xSync = sync;
  file->pMethods = &ours;
  return code;
}

}  // namespace

FailingDisk::FailingDisk() {
  original = sqlite3_vfs_find(nullptr);
  shim = *original;
  shim.zName = "failing";
  shim.pNext = nullptr;
  shim.xOpen = open;
  fail_at(0, SQLITE_OK);
  sqlite3_vfs_register(&shim, 1);
}

FailingDisk::~FailingDisk() {
  sqlite3_vfs_unregister(&shim);
  sqlite3_vfs_register(original, 1);
}

void FailingDisk::fail_at(int nth, int code) {
  writes_left = nth;
  failing = false;
  failure_code = code;
}

bool FailingDisk::has_failed() { return failing; }

}  // namespace evotune
