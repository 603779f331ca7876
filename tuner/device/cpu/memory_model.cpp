// Runs on the fibers' stacks, before every access of a kernel: built without sanitizers.
#include "device/cpu/memory_model.h"

#include <algorithm>

namespace evotune::cpu {
namespace {

constexpr std::uintptr_t word_bytes = 4, banks = 32;
constexpr std::uint32_t sector_bytes = 32;
constexpr std::uint32_t widest = 16;  ///< that one thread takes by one instruction
/// How far apart the instructions may lie that one wide load has become: 12 to 30 bytes in clang++
/// and g++; those of an unrolled loop with a condition are 45 and more.
constexpr Place near_by = 40;

/// Sorted numbers without repetition: what a request touches.
class Set {
 public:
  void add(std::uintptr_t value) { values_[static_cast<std::size_t>(size_++)] = value; }
  void settle() {
    std::sort(values_.begin(), values_.begin() + size_);
    size_ = std::unique(values_.begin(), values_.begin() + size_) - values_.begin();
  }
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(size_); }
  [[nodiscard]] auto begin() const { return values_.begin(); }
  [[nodiscard]] auto end() const { return values_.begin() + size_; }

 private:
  std::array<std::uintptr_t, 32 * 8> values_;
  std::ptrdiff_t size_ = 0;
};

}  // namespace

bool MemoryModel::begins(const Block&, std::uint64_t number) {
  flush();
  // The blocks at equal distances from each other: number·most / blocks steps by one there.
  const bool chosen = blocks_ <= most_blocks ||
                      number * most_blocks / blocks_ != (number + 1) * most_blocks / blocks_;
  observed_blocks_ += chosen && !goes_on_ ? 1 : 0;
  return chosen;
}

bool MemoryModel::accessed(const Fiber& fiber, const Access& access) {
  if (++accesses_ >= most_accesses) return false;
  const std::size_t region = memory_.find(access.address);
  if (region == WatchedMemory::none || memory_[region].surrounds() || access.of_rows) return true;
  if (fiber.warp != warp_) {
    flush();
    warp_ = fiber.warp;
  }
  record({place_of(access), access.kind, memory_[region].shared}, fiber.lane, access.address,
         access.bytes);
  return true;
}

Place MemoryModel::place_of(const Access& access) const {
  return access.collective_line != 0
             ? line_bit | static_cast<Place>(access.collective_line)
             : static_cast<Place>(access.instruction - image_base_) & ~line_bit;
}

void MemoryModel::rows(const Fiber&, const Access& each, std::span<const void* const> rows) {
  const std::size_t region = memory_.find(reinterpret_cast<std::uintptr_t>(rows.front()));
  if (region == WatchedMemory::none || memory_[region].surrounds()) return;
  const bool shared = memory_[region].shared;
  SiteCosts& total = totals_[{place_of(each), each.kind, shared}];
  total.bytes = std::max(total.bytes, std::min(widest, each.bytes));
  total.requests += 1;
  // Global memory sees whole sectors of a row, shared memory one phase after the other.
  const std::uint32_t width = shared ? widest : sector_bytes;
  for (std::uint32_t column = 0; column < each.bytes; column += width)
    for (std::size_t first = 0; first < rows.size(); first += 8) {
      Visit visit;
      visit.bytes = std::min(width, each.bytes - column);
      for (unsigned i = 0; i < 8 && first + i < rows.size(); ++i) {
        visit.who |= 1u << i;
        visit.at[i] = reinterpret_cast<std::uintptr_t>(rows[first + i]) + column;
      }
      total.transactions +=
          shared ? passes(visit, each.kind, total.ideal) : sectors(visit, total.ideal);
    }
}

void MemoryModel::record(const Site& site, unsigned lane, std::uintptr_t address,
                         std::uint32_t bytes) {
  Visits& visits = visits_[site];
  // A copy of a whole struct or array is as many accesses of the widest kind.
  for (std::uint32_t done = 0; done < bytes; done += widest) {
    const std::uint32_t number = visits.count[lane]++;
    visits.most = std::max(visits.most, visits.count[lane]);
    if (number >= most_visits) continue;
    if (number >= visits.visits.size()) visits.visits.resize(number + 1);
    Visit& visit = visits.visits[number];
    visit.who |= 1u << lane;
    visit.bytes = std::max(visit.bytes, std::min(widest, bytes - done));
    visit.at[lane] = address + done;
  }
}

bool MemoryModel::continues(const Visits& first, const Visits& next, Place place) {
  if (first.most != next.most || place - first.last >= near_by) return false;
  for (std::size_t i = 0; i < first.visits.size(); ++i) {
    const Visit &a = first.visits[i], &b = next.visits[i];
    if (a.who != b.who) return false;
    for (unsigned lane = 0; lane < lanes; ++lane)
      if (((a.who >> lane) & 1u) != 0 &&
          (a.at[lane] + a.bytes != b.at[lane] || a.at[lane] % widest + a.bytes + b.bytes > widest))
        return false;
  }
  return true;
}

/// Parts of one wide access become one again.
void MemoryModel::join_parts() {
  std::array<Visits*, 6> firsts{};
  for (auto& [site, visits] : visits_) {
    if (visits.most == 0) continue;
    Visits*& first = firsts[static_cast<std::size_t>(site.kind) * 2 + (site.shared ? 1 : 0)];
    if (first != nullptr && continues(*first, visits, site.place)) {
      for (std::size_t i = 0; i < visits.visits.size(); ++i)
        first->visits[i].bytes += visits.visits[i].bytes;
      visits.count.fill(0);
      visits.visits.clear();
      visits.most = 0;
    } else {
      first = &visits;
    }
    first->last = site.place;
  }
}

// Wide accesses go in phases: of 16 lanes with 8 bytes each, of 8 lanes with 16. In each, a bank
// gives one word at a time, to all who ask for it; an atomic takes its turn with every lane.
double MemoryModel::passes(const Visit& visit, AccessKind kind, double& ideal) {
  const unsigned per_phase = visit.bytes <= 4 ? 32 : visit.bytes <= 8 ? 16 : 8;
  double sum = 0;
  for (unsigned first = 0; first < lanes; first += per_phase) {
    Set words;
    for (unsigned lane = first; lane < first + per_phase; ++lane)
      if ((visit.who >> lane) & 1u)
        for (std::uintptr_t word = visit.at[lane] / word_bytes;
             word <= (visit.at[lane] + visit.bytes - 1) / word_bytes; ++word)
          words.add(word);
    std::array<unsigned, banks> load{};
    if (kind == AccessKind::atomic)
      for (const std::uintptr_t word : words) ++load[word % banks];
    words.settle();
    if (kind != AccessKind::atomic)
      for (const std::uintptr_t word : words) ++load[word % banks];
    sum += *std::max_element(load.begin(), load.end());
    ideal += static_cast<double>((words.size() + banks - 1) / banks);
  }
  return sum;
}

double MemoryModel::sectors(const Visit& visit, double& ideal) {
  Set touched, places;
  for (unsigned lane = 0; lane < lanes; ++lane) {
    if (((visit.who >> lane) & 1u) == 0) continue;
    places.add(visit.at[lane]);
    for (std::uintptr_t sector = visit.at[lane] / sector_bytes;
         sector <= (visit.at[lane] + visit.bytes - 1) / sector_bytes; ++sector)
      touched.add(sector);
  }
  touched.settle();
  places.settle();
  ideal += static_cast<double>((places.size() * visit.bytes + sector_bytes - 1) / sector_bytes);
  return static_cast<double>(touched.size());
}

void MemoryModel::flush() {
  join_parts();
  for (auto& [site, visits] : visits_) {
    if (visits.most == 0) continue;
    double transactions = 0, ideal = 0;
    std::uint32_t bytes = 0;
    for (const Visit& visit : visits.visits) {
      transactions += site.shared ? passes(visit, site.kind, ideal) : sectors(visit, ideal);
      bytes = std::max(bytes, visit.bytes);
    }
    const double beyond = visits.most / static_cast<double>(visits.visits.size());
    SiteCosts& total = totals_[site];
    total.bytes = std::max(total.bytes, bytes);
    total.requests += visits.most;
    total.transactions += transactions * beyond;
    total.ideal += ideal * beyond;
    visits.count.fill(0);
    visits.visits.clear();
    visits.most = 0;
  }
}

const std::map<MemoryModel::Site, SiteCosts>& MemoryModel::finish() {
  flush();
  return totals_;
}

}  // namespace evotune::cpu
