#include "device/isolated/channel.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <filesystem>
#include <string>

#include "base/rng.h"
#include "device/isolated/memory_file.h"
#include "device/isolated/messages.h"

namespace evotune {
namespace {

std::size_t open_files() {
  const std::filesystem::directory_iterator first("/proc/self/fd"), last;
  return static_cast<std::size_t>(std::distance(first, last));
}

struct Pair {
  Channel a, b;
};
Pair connected() {
  ChannelEnds ends = make_channel();
  return {Channel(std::move(ends.ours)), Channel(std::move(ends.theirs))};
}

TEST(Channel, AMessageArrivesWithItsAttachment) {
  Pair pair = connected();
  Message message = message_of(MessageKind::load, std::string("body"));
  message.attachment = pack(std::vector<Buffers>{{Buffer(5, std::byte{9})}});
  ASSERT_FALSE(pair.a.send(message));
  const Expected<Message, Trouble> got = pair.b.receive();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->kind, MessageKind::load);
  EXPECT_EQ(content_of<std::string>(*got), "body");
  EXPECT_EQ(read_bytes(got->attachment, 0, 5), Buffer(5, std::byte{9}));
}

TEST(Channel, ALongBodyArrivesWhole) {
  Pair pair = connected();
  const std::string text(10'000'000, 'x');
  Message message = message_of(MessageKind::compile, text);
  message.attachment = make_memory_file();
  ASSERT_FALSE(pair.a.send(message));
  const Expected<Message, Trouble> got = pair.b.receive();
  ASSERT_TRUE(got);
  EXPECT_EQ(content_of<std::string>(*got), text);
  EXPECT_EQ(size_of_file(got->attachment), 0U);
}

TEST(Channel, WaitingEndsAtTheDeadline) {
  Pair pair = connected();
  EXPECT_EQ(pair.a.receive(monotonic_seconds() + 0.02).error(), Trouble::timed_out);
}

TEST(Channel, SendingToOneThatDoesNotReadEndsAtTheDeadline) {
  Pair pair = connected();
  const Message message = message_of(MessageKind::compile, std::string(30'000, 'x'));
  std::optional<Trouble> trouble;
  for (int n = 0; n < 1'000 && !trouble; ++n)
    trouble = pair.a.send(message, monotonic_seconds() + 0.02);
  EXPECT_EQ(trouble, Trouble::timed_out);
}

TEST(Channel, AClosedEndIsNoticed) {
  Pair pair = connected();
  EXPECT_TRUE(pair.a.quiet());
  pair.b = Channel(Handle());
  EXPECT_FALSE(pair.a.quiet());
  EXPECT_EQ(pair.a.receive().error(), Trouble::closed);
  EXPECT_EQ(pair.a.send(message_of(MessageKind::run)), Trouble::closed);
}

TEST(Channel, SomethingUnaskedForIsNotQuiet) {
  Pair pair = connected();
  ASSERT_FALSE(pair.b.send(message_of(MessageKind::done)));
  EXPECT_FALSE(pair.a.quiet());
}

TEST(Channel, GarbageIsRefusedWithoutLeakingTheFilesItBrings) {
  const std::size_t before = open_files();
  {
    ChannelEnds ends = make_channel();
    Channel channel(std::move(ends.ours));
    Rng rng(7);
    for (int round = 0; round < 500; ++round) {
      std::vector<char> noise(1 + rng.below(60));
      for (char& one : noise) one = static_cast<char>(rng.below(256));
      std::array<int, 2> files = {0, 1};
      alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof files)> control{};
      iovec part{noise.data(), noise.size()};
      msghdr packet{};
      packet.msg_iov = &part;
      packet.msg_iovlen = 1;
      packet.msg_control = control.data();
      packet.msg_controllen = control.size();
      cmsghdr* rights = CMSG_FIRSTHDR(&packet);
      rights->cmsg_level = SOL_SOCKET;
      rights->cmsg_type = SCM_RIGHTS;
      rights->cmsg_len = CMSG_LEN(sizeof files);
      std::memcpy(CMSG_DATA(rights), files.data(), sizeof files);
      ASSERT_GE(sendmsg(ends.theirs.fd(), &packet, 0), 0);
      ASSERT_EQ(channel.receive().error(), Trouble::garbage);
    }
  }
  EXPECT_EQ(open_files(), before);
}

TEST(Channel, APacketLongerThanAnyMessageIsRefused) {
  ChannelEnds ends = make_channel();
  Channel channel(std::move(ends.ours));
  const std::string noise(100'000, 'x');
  ASSERT_GT(send(ends.theirs.fd(), noise.data(), noise.size(), 0), 0);
  EXPECT_EQ(channel.receive().error(), Trouble::garbage);
}

}  // namespace
}  // namespace evotune
