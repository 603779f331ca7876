#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/expected.h"
#include "base/handle.h"

namespace evotune {

/// What a message means. Requests first, then answers.
enum class MessageKind : std::uint8_t {
  hello,
  compile,
  load,
  run,
  observe,
  read,
  unload,
  welcome,        ///< to hello: this is the device
  refused,        ///< to hello: the user must mend something first
  done,           ///< the request's own answer
  failed,         ///< a Failure
  need_workload,  ///< to load: send it again with the workload attached
  lost,           ///< the device is gone for good
  spent           ///< a Failure, and the worker can do nothing more
};

struct Message {
  MessageKind kind = MessageKind::hello;
  std::vector<std::byte> body;
  Handle attachment;  ///< large data: a memory file
};

/// Why a message could not be had: the other end is gone, is late, or does not speak our language.
enum class Trouble : std::uint8_t { closed, timed_out, garbage };

inline constexpr Seconds never = std::numeric_limits<Seconds>::infinity();

/// Messages between two processes over a socket that keeps them apart (SOCK_SEQPACKET). Each has a
/// header with a magic number and its length; a long body travels as a memory file. After any
/// Trouble the channel is of no more use.
class Channel {
 public:
  static constexpr std::size_t longest_body = std::size_t{256} << 20;

  explicit Channel(Handle socket);

  /// Both wait until `deadline` (monotonic) at most.
  [[nodiscard]] std::optional<Trouble> send(const Message&, Seconds deadline = never);
  [[nodiscard]] Expected<Message, Trouble> receive(Seconds deadline = never);

  /// Nothing to be read and the other end still there: what holds between two requests.
  [[nodiscard]] bool quiet() const;

 private:
  Handle socket_;
  std::vector<std::byte> buffer_;
};

struct ChannelEnds {
  Handle ours, theirs;
};
/// A connected pair of sockets for two Channels. Throws IoError.
[[nodiscard]] ChannelEnds make_channel();

}  // namespace evotune
