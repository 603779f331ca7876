#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <functional>

#include "base/handle.h"

namespace evotune {

/// A forked copy of this process that does one thing, tells its parent over a pipe, and may be
/// killed. It is gone when this is.
class Child {
 public:
  explicit Child(const std::function<void(int told)>& act) {
    int ends[2];
    if (pipe(ends) != 0) std::abort();
    reads_ = Handle(ends[0]);
    Handle writes(ends[1]);
    pid_ = fork();
    if (pid_ != 0) return;
    reads_.reset();
    int code = 0;
    try {
      act(writes.fd());
    } catch (...) {
      code = 1;
    }
    _exit(code);
  }
  ~Child() { end(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  /// The next word; false when the child has ended and all was heard.
  [[nodiscard]] bool hear(std::uint32_t& word) const {
    return read(reads_.fd(), &word, sizeof word) == sizeof word;
  }
  void end() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    wait();
  }
  int wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    return status;
  }

 private:
  Handle reads_;
  pid_t pid_ = 0;
};

inline void tell(int pipe, std::uint32_t word) {
  if (write(pipe, &word, sizeof word) != sizeof word) _exit(2);
}

}  // namespace evotune
