#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/handle.h"
#include "kernel/workload.h"

namespace evotune {

/// A file without a name, in memory, whose descriptor another process can be given. It is read with
/// pread, never mapped: a worker that shortens it must not fault its reader.
/// Throws std::bad_alloc where there is no memory for it, IoError for anything else.
[[nodiscard]] Handle make_memory_file();
void append(const Handle&, std::span<const std::byte>);
[[nodiscard]] std::uint64_t size_of_file(const Handle&);
/// Throws Malformed when the file ends before that.
[[nodiscard]] std::vector<std::byte> read_bytes(const Handle&, std::uint64_t offset,
                                                std::size_t size);

/// Buffers end to end in one memory file, and back by their sizes.
using BufferSizes = std::vector<std::vector<std::uint64_t>>;
[[nodiscard]] BufferSizes sizes_of(std::span<const Buffers>);
[[nodiscard]] Handle pack(std::span<const Buffers>);
/// Throws Malformed unless the sizes add up to the file.
[[nodiscard]] std::vector<Buffers> unpack(const Handle&, const BufferSizes&);

/// What a worker prints, kept up to a fixed size; what does not fit is refused by the kernel, so
/// that nobody has to drain it and a flood costs nothing.
class CappedLog {
 public:
  explicit CappedLog(std::size_t cap);
  [[nodiscard]] int fd() const { return file_.fd(); }
  void clear();  ///< what is printed from now on stands at the beginning
  [[nodiscard]] std::string text() const;

 private:
  Handle file_;
  std::size_t cap_;
};

}  // namespace evotune
