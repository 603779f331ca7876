#include "device/isolated/wire.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/rng.h"
#include "coded.h"

namespace evotune {
namespace {

template <typename T>
void expect_round_trip(const T& value) {
  const std::vector<std::byte> bytes = encoded(value);
  RC_ASSERT(encoded(decoded<T>(bytes)) == bytes);
}

Value any_value() {
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
      return *rc::gen::arbitrary<std::int64_t>();
    case 1:
      return *rc::gen::arbitrary<double>();
    case 2:
      return *rc::gen::arbitrary<bool>();
    default:
      return *rc::gen::arbitrary<std::string>();
  }
}

Bindings any_bindings() {
  Bindings bindings;
  for (int n = *rc::gen::inRange(0, 5); n > 0; --n)
    bindings[*rc::gen::arbitrary<std::string>()] = any_value();
  return bindings;
}

CompilerFacts any_facts() {
  CompilerFacts facts;
  if (*rc::gen::arbitrary<bool>()) facts.registers = *rc::gen::arbitrary<int>();
  if (*rc::gen::arbitrary<bool>()) facts.spill_bytes = *rc::gen::arbitrary<int>();
  facts.compile_seconds = *rc::gen::arbitrary<double>();
  return facts;
}

Compiled any_compiled() {
  Compiled compiled;
  for (const std::uint8_t byte : *rc::gen::arbitrary<std::vector<std::uint8_t>>())
    compiled.image.push_back(std::byte{byte});
  compiled.symbol = *rc::gen::arbitrary<std::string>();
  compiled.build_id = *rc::gen::arbitrary<std::string>();
  compiled.facts = any_facts();
  compiled.log = *rc::gen::arbitrary<std::string>();
  return compiled;
}

LoadRequest any_load_request() {
  LoadRequest request;
  request.compiled = any_compiled();
  request.launch = {{1, *rc::gen::arbitrary<std::uint32_t>(), 3}, {32, 1, 1}, 4096};
  request.workload.id = *rc::gen::arbitrary<std::string>();
  request.workload.arguments = {{*rc::gen::arbitrary<std::string>(), Role::filled_scratch,
                                 ElementType::f64, *rc::gen::arbitrary<std::uint64_t>(), "filter"}};
  request.workload.sizes = *rc::gen::arbitrary<std::vector<std::vector<std::uint64_t>>>();
  request.attached = *rc::gen::arbitrary<bool>();
  return request;
}

RC_GTEST_PROP(Wire, ASourceComesBackAsItWent, ()) {
  const auto text = [] { return *rc::gen::arbitrary<std::string>(); };
  expect_round_trip(Source{text(), text(), text(), *rc::gen::arbitrary<std::vector<std::string>>(),
                           text(), any_bindings()});
}

RC_GTEST_PROP(Wire, ARequestToLoadComesBackAsItWent, ()) { expect_round_trip(any_load_request()); }

RC_GTEST_PROP(Wire, ADeviceComesBackAsItWent, ()) {
  expect_round_trip(Welcome{protocol_version, {"cpu", "a name", "x86-64", "g++", any_bindings()}});
}

RC_GTEST_PROP(Wire, FactsAndFailuresComeBackEqual, ()) {
  const CompilerFacts facts = any_facts();
  if (facts.compile_seconds == facts.compile_seconds)
    RC_ASSERT(decoded<CompilerFacts>(encoded(facts)) == facts);
  const Failure failure{Stage::out_of_memory, *rc::gen::arbitrary<std::string>()};
  RC_ASSERT(decoded<Failure>(encoded(failure)) == failure);
}

/// Decodes as every type that travels. Garbage must be refused or understood, nothing else.
void decode_as_everything(std::span<const std::byte> bytes) {
  const auto attempt = [&](auto probe) {
    try {
      probe = decoded<decltype(probe)>(bytes);
    } catch (const Malformed&) {
    }
  };
  attempt(Hello{});
  attempt(Welcome{});
  attempt(Source{});
  attempt(Compiled{});
  attempt(LoadRequest{});
  attempt(RunRequest{});
  attempt(Sample{});
  attempt(Failure{});
  attempt(std::vector<std::vector<std::uint64_t>>{});
  attempt(std::string{});
}

TEST(Wire, GarbageIsRefusedAndNothingWorse) {
  Rng rng(1);
  for (int round = 0; round < 5'000; ++round) {
    std::vector<std::byte> bytes(rng.below(200));
    for (std::byte& one : bytes) one = static_cast<std::byte>(rng.below(256) & rng.next());
    decode_as_everything(bytes);
  }
}

RC_GTEST_PROP(Wire, ADamagedMessageIsRefusedOrUnderstood, ()) {
  std::vector<std::byte> bytes = encoded(any_load_request());
  for (int n = *rc::gen::inRange(1, 4); n > 0; --n)
    bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] =
        static_cast<std::byte>(*rc::gen::arbitrary<std::uint8_t>());
  bytes.resize(*rc::gen::inRange<std::size_t>(0, bytes.size() + 1));
  decode_as_everything(bytes);
}

TEST(Wire, ACountBeyondTheBytesIsRefusedBeforeItIsAllocated) {
  const std::vector<std::byte> bytes = encoded(std::uint64_t{1} << 60);
  EXPECT_THROW((void)decoded<std::string>(bytes), Malformed);
  EXPECT_THROW((void)decoded<std::vector<std::uint64_t>>(bytes), Malformed);
  EXPECT_THROW((void)decoded<Bindings>(bytes), Malformed);
}

TEST(Wire, WhatIsLeftOverIsRefused) {
  std::vector<std::byte> bytes = encoded(Sample{1, 2});
  bytes.push_back(std::byte{0});
  EXPECT_THROW((void)decoded<Sample>(bytes), Malformed);
}

TEST(Wire, AnEnumeratorThatDoesNotExistIsRefused) {
  std::vector<std::byte> bytes = encoded(Failure{Stage::infrastructure, ""});
  bytes.front() = static_cast<std::byte>(static_cast<int>(Stage::infrastructure) + 1);
  EXPECT_THROW((void)decoded<Failure>(bytes), Malformed);
}

}  // namespace
}  // namespace evotune
