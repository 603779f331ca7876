#include <cstddef>
#include <cstdint>
#include <string>

#include "base/errors.h"
#include "exporter/prune.h"

// Any bytes are pruned, to no more than there was and to something that needs no more pruning, or
// are refused because their conditionals do not balance; nothing else may happen.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  try {
    const std::string pruned = evotune::prune(text, {"U"});
    if (pruned.size() > text.size() || evotune::prune(pruned, {"U"}) != pruned) __builtin_trap();
  } catch (const evotune::UserError& error) {
    if (error.mistakes().empty()) __builtin_trap();
  }
  return 0;
}
