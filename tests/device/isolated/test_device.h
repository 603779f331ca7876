#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

#include "device/device.h"
#include "device/isolated/isolated_device.h"

namespace evotune {

inline WorkerCommand test_worker(const std::string& mood = "good") {
  return {{DEVICE_TEST_WORKER, "worker", mood}};
}

inline Source source_of(const std::string& text) {
  Source source;
  source.text = text;
  source.entry = "entry";
  source.hash = "hash";
  return source;
}

inline Buffer bytes_of(const std::string& text) {
  Buffer buffer(text.size());
  std::transform(text.begin(), text.end(), buffer.begin(),
                 [](char one) { return static_cast<std::byte>(one); });
  return buffer;
}

/// One input, and an output of the same size.
inline Workload workload_of(const std::string& input) {
  Workload workload;
  workload.id = "of " + std::to_string(input.size());
  workload.arguments = {{"A", Role::in, ElementType::u8, input.size(), ""},
                        {"B", Role::out, ElementType::u8, input.size(), ""}};
  workload.input_sets = {{bytes_of(input), {}}};
  return workload;
}

/// The process that compiles next.
inline std::string worker_of(const Device& device) {
  const Result<Compiled> compiled = device.compile(source_of("compile_pid"));
  return compiled ? compiled->log : compiled.error().message;
}

}  // namespace evotune
