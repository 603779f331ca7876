#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../device/isolated/coded.h"

namespace evotune {
namespace {

// What was understood travels on unchanged. (The first bytes may differ: a map's order.)
template <typename T>
void check(std::span<const std::byte> bytes) {
  try {
    const std::vector<std::byte> again = encoded(decoded<T>(bytes));
    if (encoded(decoded<T>(again)) != again) __builtin_trap();
  } catch (const Malformed&) {
    return;  // as it may be
  }
}

}  // namespace
}  // namespace evotune

// Any bytes that a worker may send are a message or are refused as Malformed; nothing else may
// happen, and nothing that was refused may have cost much memory (libFuzzer's limit).
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace evotune;
  if (size == 0) return 0;
  const auto bytes = std::as_bytes(std::span(data, size)).subspan(1);
  switch (data[0] % 8) {
    case 0:
      check<Hello>(bytes);
      break;
    case 1:
      check<Welcome>(bytes);
      break;
    case 2:
      check<Source>(bytes);
      break;
    case 3:
      check<Compiled>(bytes);
      break;
    case 4:
      check<LoadRequest>(bytes);
      break;
    case 5:
      check<RunRequest>(bytes);
      break;
    case 6:
      check<Sample>(bytes);
      break;
    default:
      check<Failure>(bytes);
  }
  return 0;
}
