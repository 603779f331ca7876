#include <cstddef>
#include <cstdint>
#include <string>

#include "space/space_file.h"

// Any bytes are a space file or are refused with at least one mistake; nothing else may happen.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(data, data + size);
  try {
    const evotune::SpaceFile file = evotune::parse_space_file("fuzz.yaml", std::move(text));
    static_cast<void>(evotune::names_used(file));
  } catch (const evotune::UserError& error) {
    if (error.mistakes().empty()) __builtin_trap();
  }
  return 0;
}
