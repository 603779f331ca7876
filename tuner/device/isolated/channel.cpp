#include "device/isolated/channel.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <system_error>
#include <utility>

#include "base/errors.h"
#include "device/isolated/memory_file.h"

namespace evotune {
namespace {

constexpr std::uint32_t magic = 0x65766f31;  // "evo1"
constexpr std::size_t longest_inline = std::size_t{32} << 10;
constexpr int most_files = 2;

struct Header {
  std::uint32_t magic = 0;
  std::uint8_t kind = 0;
  std::uint8_t spilled = 0;   ///< the body is the first file
  std::uint8_t attached = 0;  ///< the attachment is the last file
  std::uint8_t unused = 0;
  std::uint64_t length = 0;  ///< of the body
};
static_assert(sizeof(Header) == 16);

using Control = std::array<char, CMSG_SPACE(most_files * sizeof(int))>;

void attach(msghdr& packet, std::span<char> control, std::span<const int> files) {
  if (files.empty()) return;
  packet.msg_control = control.data();
  packet.msg_controllen = CMSG_SPACE(files.size_bytes());
  cmsghdr* part = CMSG_FIRSTHDR(&packet);
  part->cmsg_level = SOL_SOCKET;
  part->cmsg_type = SCM_RIGHTS;
  part->cmsg_len = CMSG_LEN(files.size_bytes());
  std::memcpy(CMSG_DATA(part), files.data(), files.size_bytes());
}

/// Every descriptor that came along, owned at once, so that none leaks whatever the message says.
std::vector<Handle> files_of(msghdr& packet) {
  std::vector<Handle> files;
  for (cmsghdr* part = CMSG_FIRSTHDR(&packet); part != nullptr; part = CMSG_NXTHDR(&packet, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t n = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < n; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof fd);
      files.emplace_back(fd);
    }
  }
  return files;
}

/// False when the deadline passed first.
bool wait_for(int fd, short what, Seconds deadline) {
  for (;;) {
    const Seconds left = deadline - monotonic_seconds();
    if (left <= 0) return false;
    const int milliseconds =
        std::isinf(left) ? -1 : static_cast<int>(std::min(std::ceil(left * 1e3), 1e9));
    pollfd waiting{fd, what, 0};
    const int ready = poll(&waiting, 1, milliseconds);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR)
      throw IoError("cannot wait for a worker: " + std::generic_category().message(errno));
  }
}

Expected<Message, Trouble> unpack(std::span<const std::byte> packet, std::vector<Handle> files) {
  Header header;
  if (packet.size() < sizeof header) return Trouble::garbage;
  std::memcpy(&header, packet.data(), sizeof header);
  const std::span<const std::byte> inline_body = packet.subspan(sizeof header);
  if (header.magic != magic || header.kind > static_cast<std::uint8_t>(MessageKind::spent) ||
      header.spilled > 1 || header.attached > 1 || header.length > Channel::longest_body ||
      files.size() != std::size_t{header.spilled} + header.attached ||
      inline_body.size() != (header.spilled == 1 ? 0 : header.length))
    return Trouble::garbage;
  Message message;
  message.kind = static_cast<MessageKind>(header.kind);
  if (header.spilled == 1) {
    if (size_of_file(files.front()) != header.length) return Trouble::garbage;
    message.body = read_bytes(files.front(), 0, static_cast<std::size_t>(header.length));
  } else {
    message.body.assign(inline_body.begin(), inline_body.end());
  }
  if (header.attached == 1) message.attachment = std::move(files.back());
  return message;
}

}  // namespace

Channel::Channel(Handle socket)
    : socket_(std::move(socket)), buffer_(sizeof(Header) + longest_inline) {}

std::optional<Trouble> Channel::send(const Message& message, Seconds deadline) {
  const bool spilled = message.body.size() > longest_inline;
  if (message.body.size() > longest_body) throw IoError("a message to a worker is too long");
  Header header{magic,   static_cast<std::uint8_t>(message.kind),
                spilled, bool(message.attachment),
                0,       message.body.size()};
  Handle body_file;
  std::vector<int> files;
  if (spilled) {
    body_file = make_memory_file();
    append(body_file, message.body);
    files.push_back(body_file.fd());
  }
  if (message.attachment) files.push_back(message.attachment.fd());

  // sendmsg only reads what iovec points to; its type cannot say so.
  std::array<iovec, 2> parts{
      iovec{&header, sizeof header},
      iovec{const_cast<std::byte*>(message.body.data()), spilled ? 0 : message.body.size()}};
  alignas(cmsghdr) Control control{};
  msghdr packet{};
  packet.msg_iov = parts.data();
  packet.msg_iovlen = parts.size();
  attach(packet, control, files);
  for (;;) {
    if (sendmsg(socket_.fd(), &packet, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) return std::nullopt;
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return Trouble::closed;
    if (!wait_for(socket_.fd(), POLLOUT, deadline)) return Trouble::timed_out;
  }
}

Expected<Message, Trouble> Channel::receive(Seconds deadline) {
  iovec part{buffer_.data(), buffer_.size()};
  alignas(cmsghdr) Control control{};
  msghdr packet{};
  packet.msg_iov = &part;
  packet.msg_iovlen = 1;
  for (;;) {
    packet.msg_control = control.data();
    packet.msg_controllen = control.size();
    const ssize_t got = recvmsg(socket_.fd(), &packet, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (got > 0) {
      std::vector<Handle> files = files_of(packet);
      if ((packet.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) return Trouble::garbage;
      return unpack(std::span(buffer_).first(static_cast<std::size_t>(got)), std::move(files));
    }
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) return Trouble::closed;
    if (errno == EAGAIN && !wait_for(socket_.fd(), POLLIN, deadline)) return Trouble::timed_out;
  }
}

bool Channel::quiet() const {
  char byte = 0;
  const ssize_t got = recv(socket_.fd(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && (errno == EAGAIN || errno == EINTR);
}

ChannelEnds make_channel() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    throw IoError("cannot create a socket: " + std::generic_category().message(errno));
  return {Handle(ends[0]), Handle(ends[1])};
}

}  // namespace evotune
