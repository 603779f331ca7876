#include "store/writer_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/errors.h"
#include "base/text.h"

namespace evotune {
namespace {

std::string holder(int fd) {
  char digits[32] = {};
  const ssize_t got = pread(fd, digits, sizeof digits - 1, 0);
  // Empty for the moment between taking the lock and writing the number.
  const std::string_view pid =
      trim(std::string_view(digits, got > 0 ? static_cast<std::size_t>(got) : 0));
  return pid.empty() ? "another process" : "process " + std::string(pid);
}

[[noreturn]] void fail(const std::string& path) {
  throw IoError("cannot lock " + path + ": " + std::generic_category().message(errno));
}

}  // namespace

WriterLock::WriterLock(const std::string& database) {
  const std::string path = database + ".lock";
  file_ = Handle(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!file_) fail(path);
  if (flock(file_.fd(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) fail(path);
    throw IoError(database + " is being written by " + holder(file_.fd()) +
                  "; wait for it to end, or write another database with --db");
  }
  const std::string pid = std::to_string(getpid()) + "\n";
  if (ftruncate(file_.fd(), 0) != 0 ||
      pwrite(file_.fd(), pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size()))
    fail(path);
}

}  // namespace evotune
