#include "device/isolated/serve.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <string_view>
#include <utility>

#include "base/build_id.h"
#include "base/errors.h"
#include "device/isolated/channel.h"
#include "device/isolated/messages.h"
#include "device/isolated/service.h"

namespace evotune {
namespace {

enum ExitCode { hung_up = 0, not_understood = 3, no_device = 4 };

/// The group is this worker and the compilers it has started: all go together.
void end_group(int) { kill(0, SIGKILL); }

/// Where memory is short the system ends a worker, not the supervisor. It may refuse to know.
void volunteer_to_be_killed() {
  const Handle file(open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC));
  constexpr std::string_view first = "1000";
  if (file && write(file.fd(), first.data(), first.size()) < 0) return;
}

/// Nothing outlives the supervisor, and a crash writes no core file.
void bind_to_supervisor() {
  close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);  // compilers get none of our files
  setpgid(0, 0);  // already so, unless somebody started a worker by hand
  struct sigaction action {};
  action.sa_handler = end_group;
  action.sa_flags = SA_ONSTACK;
  sigaction(SIGTERM, &action, nullptr);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);  // a kernel gains nothing from programs that are set-uid
  volunteer_to_be_killed();
  setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);  // a kernel's last words are not lost with it
}

/// The supervisor's greeting, if it is one and we are not orphaned already.
bool greeted(Channel& channel) {
  const Expected<Message, Trouble> first = channel.receive();
  if (!first || first->kind != MessageKind::hello) return false;
  const Hello hello = content_of<Hello>(*first);
  return hello.version == protocol_version && hello.parent == getppid();
}

std::unique_ptr<Device> introduce(const DeviceMaker& make, Channel& channel) {
  try {
    std::unique_ptr<Device> device = make();
    Welcome welcome;
    welcome.info = device->info();
    welcome.info.build += program_build_id();
    if (channel.send(message_of(MessageKind::welcome, welcome))) return nullptr;
    return device;
  } catch (const UserError& why) {
    (void)channel.send(message_of(MessageKind::refused, std::string(why.what())));
  } catch (const std::exception& why) {
    const Failure failure{Stage::infrastructure, why.what()};
    (void)channel.send(message_of(MessageKind::failed, failure));
  }
  return nullptr;
}

/// A request that follows at once finds us awake: to sleep and be woken takes longer than it does.
/// The supervisor must not do the same: it would slow down what shares its core while that is
/// timed.
void stay_awake(const Channel& channel) {
  constexpr Seconds a_moment = 50e-6;
  const Seconds until = monotonic_seconds() + a_moment;
  while (channel.quiet() && monotonic_seconds() < until) {
  }
}

}  // namespace

int serve(const DeviceMaker& make, int fd) {
  bind_to_supervisor();
  Channel channel{Handle(fd)};
  try {
    if (!greeted(channel)) return not_understood;
    const std::unique_ptr<Device> device = introduce(make, channel);
    if (device == nullptr) return no_device;
    Service service(*device);
    for (;;) {
      const Expected<Message, Trouble> request = channel.receive();
      if (!request) return request.error() == Trouble::closed ? hung_up : not_understood;
      if (channel.send(service.answer(*request))) return hung_up;
      stay_awake(channel);
    }
  } catch (const Malformed&) {
    return not_understood;
  }
}

}  // namespace evotune
