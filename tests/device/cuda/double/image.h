#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

namespace evotune::cuda_double {

/// What passes for a cubin here: the kernel compiled for the CPU device, and its source text, by
/// which faults choose their victims.
struct Image {
  std::string build_id, symbol, source, shared_object;
};

inline constexpr std::string_view magic = "EVOTUNE-CUDA-DOUBLE";

[[nodiscard]] inline std::string packed(const Image& image) {
  std::string bytes(magic);
  for (const std::string* part :
       {&image.build_id, &image.symbol, &image.source, &image.shared_object}) {
    const std::uint64_t size = part->size();
    bytes.append(reinterpret_cast<const char*>(&size), sizeof size).append(*part);
  }
  return bytes;
}

/// As a driver gets it: without its length.
[[nodiscard]] inline std::optional<Image> unpacked(const void* data) {
  const char* at = static_cast<const char*>(data);
  if (at == nullptr || std::memcmp(at, magic.data(), 4) != 0) return std::nullopt;
  at += magic.size();
  Image image;
  for (std::string* part : {&image.build_id, &image.symbol, &image.source, &image.shared_object}) {
    std::uint64_t size = 0;
    std::memcpy(&size, at, sizeof size);
    part->assign(at + sizeof size, size);
    at += sizeof size + size;
  }
  return image;
}

}  // namespace evotune::cuda_double
