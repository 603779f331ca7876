#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "device/cpu/cpu_device.h"

namespace evotune::cpu_test {

template <typename T>
Buffer bytes_of(const std::vector<T>& values) {
  Buffer buffer(values.size() * sizeof(T));
  if (!values.empty()) std::memcpy(buffer.data(), values.data(), buffer.size());
  return buffer;
}

template <typename T>
std::vector<T> values_of(const Buffer& buffer) {
  std::vector<T> values(buffer.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), buffer.data(), buffer.size());
  return values;
}

template <typename T>
constexpr ElementType element_type() {
  if constexpr (std::is_same_v<T, float>) return ElementType::f32;
  if constexpr (std::is_same_v<T, double>) return ElementType::f64;
  if constexpr (std::is_same_v<T, std::int32_t>) return ElementType::i32;
  if constexpr (std::is_same_v<T, std::uint32_t>) return ElementType::u32;
  if constexpr (std::is_same_v<T, std::int64_t>) return ElementType::i64;
  if constexpr (std::is_same_v<T, std::uint16_t>) return ElementType::f16;
  if constexpr (std::is_same_v<T, std::uint8_t>) return ElementType::u8;
}

/// Builds a workload with one input set, argument by argument.
class Bench {
 public:
  template <typename T>
  Bench& in(const std::string& name, const std::vector<T>& values) {
    return add<T>(name, Role::in, values.size(), bytes_of(values));
  }
  template <typename T>
  Bench& inout(const std::string& name, const std::vector<T>& values) {
    return add<T>(name, Role::inout, values.size(), bytes_of(values));
  }
  template <typename T>
  Bench& out(const std::string& name, std::size_t count) {
    return add<T>(name, Role::out, count, {});
  }
  template <typename T>
  Bench& scratch(const std::string& name, const std::vector<T>& values) {
    return add<T>(name, Role::filled_scratch, values.size(), bytes_of(values));
  }
  template <typename T>
  Bench& scratch(const std::string& name, std::size_t count) {
    return add<T>(name, Role::scratch, count, {});
  }
  template <typename T>
  Bench& scalar(const std::string& name, T value) {
    return add<T>(name, Role::scalar, 1, bytes_of(std::vector<T>{value}));
  }
  template <typename T>
  Bench& constant(const std::string& symbol, const std::vector<T>& values) {
    add<T>(symbol, Role::constant, values.size(), bytes_of(values));
    workload.arguments.back().symbol = symbol;
    return *this;
  }
  /// A second input set: the same values but for one argument.
  Bench& also_with(std::size_t argument, Buffer input) {
    workload.input_sets.push_back(workload.input_sets.front());
    workload.input_sets.back().at(argument) = std::move(input);
    return *this;
  }

  Workload workload{"test", {}, {{}}};

 private:
  template <typename T>
  Bench& add(const std::string& name, Role role, std::size_t count, Buffer input) {
    workload.arguments.push_back({name, role, element_type<T>(), count, ""});
    workload.input_sets.front().push_back(std::move(input));
    return *this;
  }
};

inline Source source_of(std::string text, std::string entry,
                        std::vector<std::string> options = {}) {
  Source source;
  source.hash = content_hash(text + entry);
  source.text = std::move(text);
  source.entry = std::move(entry);
  source.options = std::move(options);
  return source;
}

constexpr Run check_run{.launches = 1, .flush = false};

/// Compiles, loads and runs once; the failure of any step is the failure of all.
inline Result<Buffers> run_once(Device& device, const Source& source, const Launch& launch,
                                const Workload& workload, const Run& run = check_run) {
  const auto compiled = device.compile(source);
  if (!compiled) return compiled.error();
  auto loaded = device.load(*compiled, launch, workload);
  if (!loaded) return loaded.error();
  const auto sample = (*loaded)->run(run);
  if (!sample) return sample.error();
  return (*loaded)->read();
}

/// The failure of a run that must fail.
inline Failure failure_of(Device& device, const Source& source, const Launch& launch,
                          const Workload& workload) {
  const auto result = run_once(device, source, launch, workload);
  if (result) ADD_FAILURE() << "it ran";
  return result ? Failure{} : result.error();
}

/// The compilers of this machine; every kernel must run with each.
inline std::vector<std::string> compilers() {
  std::vector<std::string> found;
  for (const char* name : {"clang++", "g++"})
    if (make_cpu_device({.compiler = name})->info().compiler != "no C++ compiler")
      found.emplace_back(name);
  return found;
}

/// A test that runs with every compiler.
class WithCompiler : public testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<Device> device = make_cpu_device({.compiler = GetParam()});

  template <typename T>
  std::vector<T> output(const Source& source, const Launch& launch, const Bench& bench,
                        std::size_t argument) {
    const auto result = run_once(*device, source, launch, bench.workload);
    if (!result) {
      ADD_FAILURE() << to_text(result.error().stage) << ": " << result.error().message;
      return {};
    }
    return values_of<T>((*result).at(argument));
  }
};

inline std::string compiler_name(const testing::TestParamInfo<std::string>& info) {
  return info.param == "g++" ? "gcc" : "clang";
}

#define EVOTUNE_WITH_EVERY_COMPILER(suite)                                                 \
  INSTANTIATE_TEST_SUITE_P(Host, suite, testing::ValuesIn(evotune::cpu_test::compilers()), \
                           evotune::cpu_test::compiler_name)

}  // namespace evotune::cpu_test
