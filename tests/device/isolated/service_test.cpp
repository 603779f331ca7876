#include "device/isolated/service.h"

#include <gtest/gtest.h>

#include "device/isolated/memory_file.h"
#include "faulty_device.h"

namespace evotune {
namespace {

std::shared_ptr<const Workload> workload_named(const std::string& id, std::size_t bytes) {
  auto workload = std::make_shared<Workload>();
  workload->id = id;
  workload->input_sets = {{Buffer(bytes)}};
  return workload;
}

TEST(WorkloadCache, ForgetsTheOldestWhenThereAreTooMany) {
  WorkloadCache cache;
  for (std::size_t n = 0; n <= WorkloadCache::most_kept; ++n)
    cache.keep(workload_named(std::to_string(n), 1));
  EXPECT_EQ(cache.find("0"), nullptr);
  EXPECT_NE(cache.find("1"), nullptr);
}

TEST(WorkloadCache, ForgetsTheOldestWhenTheyAreTooLarge) {
  WorkloadCache cache(100);
  cache.keep(workload_named("a", 60));
  cache.keep(workload_named("b", 40));
  EXPECT_NE(cache.find("a"), nullptr);
  cache.keep(workload_named("c", 50));
  EXPECT_EQ(cache.find("a"), nullptr);
  EXPECT_NE(cache.find("b"), nullptr);
  cache.keep(workload_named("larger than all", 1'000));
  EXPECT_NE(cache.find("larger than all"), nullptr);
}

class ServiceTest : public ::testing::Test {
 protected:
  Message load(const std::string& id, bool attached) {
    LoadRequest request;
    request.workload.id = id;
    request.workload.sizes = {{4}};
    request.workload.arguments = {{"A", Role::in, ElementType::u8, 4, ""}};
    request.attached = attached;
    Message message = message_of(MessageKind::load, request);
    if (attached) message.attachment = pack(std::vector<Buffers>{{Buffer(4)}});
    return service_.answer(message);
  }
  FaultyDevice device_;
  Service service_{device_};
};

TEST_F(ServiceTest, AsksForAWorkloadOnce) {
  EXPECT_EQ(load("w", false).kind, MessageKind::need_workload);
  EXPECT_EQ(load("w", true).kind, MessageKind::done);
  EXPECT_EQ(load("w", false).kind, MessageKind::done);
  EXPECT_EQ(load("v", false).kind, MessageKind::need_workload);
}

TEST_F(ServiceTest, AWorkloadWithoutANameIsNeverTakenForAnother) {
  EXPECT_EQ(load("", true).kind, MessageKind::done);
  EXPECT_EQ(load("", false).kind, MessageKind::need_workload);
}

TEST_F(ServiceTest, AnObservationTravelsWhole) {
  const auto id = content_of<std::uint64_t>(load("w", true));
  const auto ask = [&](Watch watch) {
    return content_of<Observation>(
        service_.answer(message_of(MessageKind::observe, ObserveRequest{id, 0, watch, 1})));
  };
  const Observation races = ask(Watch::races);
  ASSERT_EQ(races.races.size(), 1U);
  EXPECT_EQ(to_text(races.races[0].later.where), "a.cu:7");
  EXPECT_EQ(races.races[0].scope, RaceScope::warp);
  EXPECT_EQ(races.faults.at(0).kind, AccessFaultKind::unwritten);
  EXPECT_EQ(races.faults.at(0).byte, -8);
  EXPECT_EQ(races.sites.at(0).transactions, 1e12);
  EXPECT_EQ(races.observed_blocks, 5U);
  EXPECT_TRUE(ask(Watch::memory).races.empty());
}

TEST_F(ServiceTest, ARequestThatMakesNoSenseIsRefused) {
  EXPECT_THROW((void)service_.answer(message_of(MessageKind::welcome)), Malformed);
  EXPECT_THROW((void)service_.answer(message_of(MessageKind::load, std::string("?"))), Malformed);
  EXPECT_THROW((void)service_.answer(message_of(MessageKind::run, RunRequest{99, {}})), Malformed);
  EXPECT_THROW((void)service_.answer(message_of(MessageKind::read, std::uint64_t{99})), Malformed);
}

TEST_F(ServiceTest, WhatADeviceThrowsIsAnAnswer) {
  Source source;
  source.text = "compile_throw";
  const Message answer = service_.answer(message_of(MessageKind::compile, source));
  EXPECT_EQ(content_of<Failure>(answer), (Failure{Stage::infrastructure, "thrown as asked"}));
  source.text = "compile_lose";
  EXPECT_EQ(service_.answer(message_of(MessageKind::compile, source)).kind, MessageKind::lost);
}

}  // namespace
}  // namespace evotune
