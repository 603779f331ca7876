// Runs on the fibers' stacks, before every access of a kernel: built without sanitizers.
#include "device/cpu/access_check.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace evotune::cpu {

AccessCheck::AccessCheck(const WatchedMemory& memory, bool whole) : memory_(memory), whole_(whole) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < memory.size(); ++i) {
    first_.push_back(bytes);
    const std::size_t size = memory[i].end - memory[i].begin;
    if (memory[i].shared && !memory[i].surrounds()) bytes += size;
    Mapping& flags = written_for_all_.emplace_back();
    if (!memory[i].garbage || memory[i].surrounds()) continue;
    flags = Mapping(round_up(size, page_bytes));
    if (!flags || !flags.protect(0, flags.size(), PROT_READ | PROT_WRITE)) throw std::bad_alloc();
  }
  written_.resize(bytes);
}

void AccessCheck::begins(std::uint64_t block) {
  if (whole_) {
    waiting_[block_] = written_;
    block_ = block;
    if (const auto known = waiting_.find(block); known != waiting_.end()) {
      written_ = known->second;
      return;
    }
  }
  std::fill(written_.begin(), written_.end(), static_cast<unsigned char>(0));
}

void AccessCheck::look(std::size_t region, const Stamp& now, const Access& access) {
  const WatchedRegion& memory = memory_[region];
  if (memory.surrounds() || access.address + access.bytes > memory.end)
    return report(AccessFaultKind::outside, region, now, access);
  if ((access.address & (access.alignment - 1)) != 0)
    report(AccessFaultKind::misaligned, region, now, access);
  const std::size_t byte = access.address - memory.begin;
  if (memory.shared) look_at_written(written_.data() + first_[region] + byte, region, now, access);
  if (Mapping& flags = written_for_all_[region]; memory.garbage)
    look_at_written(reinterpret_cast<unsigned char*>(flags.data()) + byte, region, now, access);
}

// Whose bytes are no longer the poison has been written in a way that nothing announces.
void AccessCheck::look_at_written(unsigned char* flags, std::size_t region, const Stamp& now,
                                  const Access& access) {
  if (access.kind != AccessKind::write && std::memchr(flags, 0, access.bytes) != nullptr) {
    const auto* content = reinterpret_cast<const std::byte*>(access.address);
    bool unwritten = true;
    for (std::uint32_t i = 0; i < access.bytes; ++i)
      unwritten = unwritten && (flags[i] != 0 || content[i] == poison);
    if (unwritten) report(AccessFaultKind::unwritten, region, now, access);
  }
  if (access.kind != AccessKind::read) std::memset(flags, 1, access.bytes);
}

void AccessCheck::took_nothing(int lane, const Stamp& now) {
  Access where;
  where.address = static_cast<std::uintptr_t>(lane);
  report(AccessFaultKind::absent, WatchedMemory::none, now, where);
}

void AccessCheck::report(AccessFaultKind kind, std::size_t region, const Stamp& now,
                         const Access& access) {
  if (found_.size() < most_faults && seen_.emplace(kind, now.place).second)
    found_.push_back({kind, {access.kind, now}, region, access.address, access.bytes});
}

bool FirstBlocks::begins(const Block&, std::uint64_t number) { return number < blocks_; }

bool FirstBlocks::accessed(const Fiber&, const Access&) { return --accesses_left_ != 0; }

}  // namespace evotune::cpu
