#include "device/cached/cached_device.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <functional>
#include <thread>
#include <vector>

#include "base/errors.h"
#include "base/file.h"
#include "scoped_environment.h"

namespace evotune {
namespace {

namespace fs = std::filesystem;

/// Counts what it compiles: to its source, and to a failure where that says "wrong".
class CountingDevice final : public Device {
 public:
  CountingDevice(DeviceInfo info, std::atomic<int>& compiled)
      : info_(std::move(info)), compiled_(compiled) {}
  const DeviceInfo& info() const override { return info_; }
  Result<Compiled> compile(const Source& source) const override {
    ++compiled_;
    if (source.text == "wrong") return Failure{Stage::compile, "as asked"};
    Compiled compiled;
    for (const char one : source.text) compiled.image.push_back(static_cast<std::byte>(one));
    compiled.facts.registers = 42;
    compiled.log = "compiled";
    return compiled;
  }
  Result<std::unique_ptr<Loaded>> load(const Compiled&, const Launch&, const Workload&) override {
    return Failure{Stage::load, "not here"};
  }

 private:
  DeviceInfo info_;
  std::atomic<int>& compiled_;
};

class Cached : public testing::Test {
 protected:
  std::unique_ptr<Device> device(std::uint64_t cap = CompileCache::default_cap) {
    return std::make_unique<CachedDevice>(std::make_unique<CountingDevice>(info_, compiled_),
                                          cache_, cap);
  }
  int compilations_of(const Source& source) {
    const int before = compiled_;
    (void)device()->compile(source);
    return compiled_ - before;
  }
  std::vector<fs::path> entries() const {
    std::vector<fs::path> all;
    for (const auto& one : fs::directory_iterator(cache_)) all.push_back(one.path());
    return all;
  }

  TemporaryDirectory folder_;
  fs::path cache_ = folder_.path() / "cache";
  DeviceInfo info_{"counting", "a device", "arch", "compiler 1", {}};
  std::atomic<int> compiled_ = 0;
};

Source source_with(const std::string& text) {
  Source source;
  source.text = text;
  return source;
}

TEST_F(Cached, WhatWasCompiledOnceIsNotCompiledAgainByAnyone) {
  const Result<Compiled> first = device()->compile(source_with("kernel"));
  const Result<Compiled> second = device()->compile(source_with("kernel"));
  ASSERT_TRUE(first);
  ASSERT_TRUE(second);
  EXPECT_EQ(compiled_, 1);
  EXPECT_EQ(second->image, first->image);
  EXPECT_EQ(second->facts, first->facts);
  EXPECT_EQ(second->log, first->log);
}

TEST_F(Cached, AllThatDecidesTheImageIsAskedAfter) {
  const Source source = source_with("kernel");
  EXPECT_EQ(compilations_of(source), 1);
  const std::vector<std::function<void(Source&)>> changes = {[](Source& one) { one.text += " "; },
                                                             [](Source& one) { one.entry = "entry"; },
                                                             [](Source& one) { one.options = {"-DA=1"}; },
                                                             [](Source& one) { one.options = {"-DA=", "1"}; },
                                                             [](Source& one) { one.hash = "another"; },
                                                             [](Source& one) { one.observed = true; }};
  for (const auto& change : changes) {
    Source changed = source;
    change(changed);
    EXPECT_EQ(compilations_of(changed), 1);
    EXPECT_EQ(compilations_of(changed), 0);
  }
  for (std::string DeviceInfo::*member :
       {&DeviceInfo::name, &DeviceInfo::arch, &DeviceInfo::compiler, &DeviceInfo::build}) {
    info_.*member += "2";
    EXPECT_EQ(compilations_of(source), 1);
  }
}

TEST_F(Cached, AFailureIsTriedAgain) {
  EXPECT_EQ(compilations_of(source_with("wrong")), 1);
  EXPECT_EQ(compilations_of(source_with("wrong")), 1);
}

TEST_F(Cached, ADamagedEntryIsCompiledAgain) {
  const Source source = source_with("a kernel of some length");
  ASSERT_EQ(compilations_of(source), 1);
  const fs::path entry = entries().at(0);
  const std::string good = read_file(entry);
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ (1 << i % 8));
    std::ofstream(entry, std::ios::binary) << bad;
    ASSERT_EQ(compilations_of(source), 1) << "byte " << i;
    ASSERT_EQ(compilations_of(source), 0) << "byte " << i;
  }
  for (const std::string& bad : {good.substr(0, 40), good + "x", std::string()}) {
    std::ofstream(entry, std::ios::binary) << bad;
    EXPECT_EQ(compilations_of(source), 1);
  }
}

TEST_F(Cached, BeyondTheCapTheLeastRecentlyUsedGo) {
  const std::string large(1000, 'x');
  const auto compile = [&](const std::string& name) {
    (void)device(10'000)->compile(source_with(large + name));
  };
  const auto age = [&] {  // so that no two were used at one time
    for (const fs::path& one : entries())
      fs::last_write_time(one, fs::last_write_time(one) - std::chrono::minutes(1));
  };
  for (const char* name : {"1", "2", "3", "4", "5", "6", "7", "8"}) {
    compile(name);
    age();
  }
  compile("1");  // used again
  age();
  EXPECT_EQ(compiled_, 8);
  for (const char* name : {"9", "10"}) compile(name);
  EXPECT_LE(CompileCache(cache_).usage().bytes, 10'000U);
  EXPECT_EQ(compilations_of(source_with(large + "1")), 0);
  EXPECT_EQ(compilations_of(source_with(large + "2")), 1);
}

TEST_F(Cached, ManyMayUseOneFolderAtOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      const auto mine = device(6'000);  // of which most is removed under the others' hands
      for (int round = 0; round < 60; ++round) {
        const std::string text = std::string(500, 'y') + std::to_string(round % 12);
        const Result<Compiled> compiled = mine->compile(source_with(text));
        if (!compiled || compiled->image.size() != text.size()) ++wrong;
      }
    });
  for (std::thread& one : threads) one.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(Cached, AFolderThatCannotBeWrittenCostsTimeOnly) {
  write_file(cache_, "a file where the folder should be");
  EXPECT_EQ(compilations_of(source_with("kernel")), 1);
  EXPECT_EQ(compilations_of(source_with("kernel")), 1);
}

TEST_F(Cached, ClearingLeavesWhatIsNotTheCaches) {
  ASSERT_EQ(compilations_of(source_with("kernel")), 1);
  write_file(cache_ / "thesis.tex", "precious");
  CompileCache cache(cache_);
  EXPECT_EQ(cache.usage().entries, 1U);
  EXPECT_EQ(cache.clear(), 1U);
  EXPECT_EQ(cache.usage().entries, 0U);
  EXPECT_EQ(entries(), std::vector<fs::path>{cache_ / "thesis.tex"});
}

TEST(CacheFolder, IsTheUsersUnlessTheEnvironmentSaysOtherwise) {
  const ScopedEnvironment home("HOME", "/home/ada"), xdg("XDG_CACHE_HOME", "");
  {
    const ScopedEnvironment unset("EVOTUNE_CACHE", "");
    EXPECT_EQ(cache_folder(), "/home/ada/.cache/evotune");
    const ScopedEnvironment moved("XDG_CACHE_HOME", "/var/cache/ada");
    EXPECT_EQ(cache_folder(), "/var/cache/ada/evotune");
  }
  const ScopedEnvironment named("EVOTUNE_CACHE", "there");
  EXPECT_EQ(cache_folder(), "there");
  const ScopedEnvironment off("EVOTUNE_CACHE", "off");
  EXPECT_EQ(cache_folder(), std::nullopt);
}

}  // namespace
}  // namespace evotune
