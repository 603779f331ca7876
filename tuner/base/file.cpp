#include "base/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <system_error>
#include <utility>

#include "base/errors.h"
#include "base/handle.h"

namespace evotune {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, const char* act) {
  throw IoError("cannot " + std::string(act) + " " + path.string() + ": " +
                std::generic_category().message(errno));
}

constexpr std::string_view directory_prefix = "evotune-", directory_pattern = "evotune-XXXXXX";

/// Nothing where another process holds it.
Handle locked_directory(const std::filesystem::path& path) {
  Handle directory(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  if (!directory || flock(directory.fd(), LOCK_EX | LOCK_NB) != 0) return {};
  return directory;
}

}  // namespace

std::string read_file(const std::filesystem::path& path, std::size_t limit) {
  // O_NONBLOCK: opening a FIFO must not wait for a writer; regular files do not notice.
  const Handle file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) fail(path, "read");
  struct stat about {};
  if (fstat(file.fd(), &about) != 0) fail(path, "read");
  if (!S_ISREG(about.st_mode)) throw IoError(path.string() + " is not a regular file");
  std::string content;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t got = read(file.fd(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(path, "read");
    if (got == 0) return content;
    content.append(buffer, static_cast<std::size_t>(got));
    if (content.size() > limit)
      throw IoError(path.string() + " is larger than " + std::to_string(limit) + " bytes");
  }
}

void write_file(const std::filesystem::path& path, std::string_view content) {
  static std::atomic<unsigned> written = 0;  // several threads may write one file
  const std::filesystem::path beside =
      path.string() + ".tmp" + std::to_string(getpid()) + "-" + std::to_string(written++);
  {
    const Handle file(open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!file) fail(path, "write");
    while (!content.empty()) {
      const ssize_t put = write(file.fd(), content.data(), content.size());
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) {
        const int why = std::exchange(errno, 0);
        unlink(beside.c_str());
        errno = why;
        fail(path, "write");
      }
      content.remove_prefix(static_cast<std::size_t>(put));
    }
    if (fsync(file.fd()) != 0) fail(path, "write");
  }
  if (rename(beside.c_str(), path.c_str()) != 0) fail(path, "write");
}

TemporaryDirectory::TemporaryDirectory() {
  const std::filesystem::path under = std::filesystem::temp_directory_path();
  [[maybe_unused]] static const bool swept = (remove_orphaned_directories(under, 60), true);
  std::string name = (under / directory_pattern).string();
  if (mkdtemp(name.data()) == nullptr) fail(name, "create");
  path_ = name;
  lock_ = locked_directory(path_);
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;  // a leftover in /tmp is not worth ending a run
  std::filesystem::remove_all(path_, ignored);
}

void remove_orphaned_directories(const std::filesystem::path& under, double grace) {
  std::error_code ignored;  // others clean up here as well: what is gone is gone
  for (const auto& entry : std::filesystem::directory_iterator(under, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.size() != directory_pattern.size() || !name.starts_with(directory_prefix)) continue;
    struct stat about {};
    if (lstat(entry.path().c_str(), &about) != 0 || !S_ISDIR(about.st_mode) ||
        about.st_uid != geteuid() || std::difftime(time(nullptr), about.st_mtime) < grace)
      continue;
    if (locked_directory(entry.path())) std::filesystem::remove_all(entry.path(), ignored);
  }
}

}  // namespace evotune
