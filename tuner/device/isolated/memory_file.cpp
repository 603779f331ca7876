#include "device/isolated/memory_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <system_error>

#include "base/errors.h"
#include "device/isolated/wire.h"

namespace evotune {
namespace {

[[noreturn]] void fail(const char* act) {
  if (errno == ENOMEM || errno == ENOSPC) throw std::bad_alloc();
  throw IoError("cannot " + std::string(act) +
                " a memory file: " + std::generic_category().message(errno));
}

void read_into(std::span<std::byte> target, const Handle& file, std::uint64_t offset) {
  while (!target.empty()) {
    const ssize_t got = pread(file.fd(), target.data(), target.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("read");
    if (got == 0) throw Malformed("a memory file ends too early");
    target = target.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
}

}  // namespace

Handle make_memory_file() {
  Handle file(memfd_create("evotune", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!file) fail("create");
  return file;
}

void append(const Handle& file, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(file.fd(), bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail("write");
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
}

std::uint64_t size_of_file(const Handle& file) {
  struct stat about {};
  if (fstat(file.fd(), &about) != 0) fail("look at");
  return static_cast<std::uint64_t>(about.st_size);
}

std::vector<std::byte> read_bytes(const Handle& file, std::uint64_t offset, std::size_t size) {
  std::vector<std::byte> bytes(size);
  read_into(bytes, file, offset);
  return bytes;
}

BufferSizes sizes_of(std::span<const Buffers> sets) {
  BufferSizes sizes;
  for (const Buffers& set : sets) {
    std::vector<std::uint64_t>& of_set = sizes.emplace_back();
    for (const Buffer& one : set) of_set.push_back(one.size());
  }
  return sizes;
}

Handle pack(std::span<const Buffers> sets) {
  Handle file = make_memory_file();
  for (const Buffers& set : sets)
    for (const Buffer& one : set) append(file, one);
  return file;
}

std::vector<Buffers> unpack(const Handle& file, const BufferSizes& sizes) {
  if (!file) throw Malformed("a memory file is missing");
  std::uint64_t left = size_of_file(file);
  for (const auto& set : sizes)
    for (const std::uint64_t size : set) {
      if (size > left) throw Malformed("buffers do not fit their memory file");
      left -= size;
    }
  if (left != 0) throw Malformed("a memory file holds more than its buffers");
  std::vector<Buffers> sets;
  std::uint64_t offset = 0;
  for (const auto& set : sizes) {
    Buffers& buffers = sets.emplace_back();
    for (const std::uint64_t size : set) {
      buffers.push_back(read_bytes(file, offset, static_cast<std::size_t>(size)));
      offset += size;
    }
  }
  return sets;
}

CappedLog::CappedLog(std::size_t cap) : file_(make_memory_file()), cap_(cap) {
  if (ftruncate(file_.fd(), static_cast<off_t>(cap)) != 0 ||
      fcntl(file_.fd(), F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK) != 0)
    fail("fix the size of");
}

void CappedLog::clear() {
  if (lseek(file_.fd(), 0, SEEK_SET) != 0) fail("rewind");
}

std::string CappedLog::text() const {
  // The offset is shared with whoever writes; a broken worker may have moved it anywhere.
  const off_t written = lseek(file_.fd(), 0, SEEK_CUR);
  std::string text(std::min(static_cast<std::size_t>(std::max<off_t>(written, 0)), cap_), '\0');
  read_into(std::as_writable_bytes(std::span(text)), file_, 0);
  return text;
}

}  // namespace evotune
