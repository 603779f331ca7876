#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "device/isolated/messages.h"

namespace evotune {

/// What the encoder makes of a value: equal bytes mean equal values, for types without ==.
template <typename T>
std::vector<std::byte> encoded(const T& value) {
  Encoder encoder;
  encoder(value);
  return encoder.take();
}

template <typename T>
T decoded(std::span<const std::byte> bytes) {
  T value{};
  Decoder decoder(bytes);
  decoder(value);
  decoder.expect_end();
  return value;
}

}  // namespace evotune
