#include "device/cpu/observe.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "device/cpu/source_lines.h"

namespace evotune::cpu {
namespace {

/// Places as lines of the source.
class Places {
 public:
  Places(std::span<const std::byte> image, const std::set<Place>& places) {
    std::set<std::uint64_t> instructions;
    for (const Place one : places)
      if ((one & line_bit) == 0) instructions.insert(one);
    lines_ = source_lines(image, instructions);
  }
  [[nodiscard]] SourceLine line(Place place) const {
    // A collective knows the line it was called from, not the file.
    if ((place & line_bit) != 0) return {"", static_cast<int>(place & ~line_bit)};
    return lines_.at(place);
  }

 private:
  std::map<std::uint64_t, SourceLine> lines_;
};

std::array<std::uint32_t, 3> index_in(std::uint64_t number, const Extent& extent) {
  return {static_cast<std::uint32_t>(number % extent[0]),
          static_cast<std::uint32_t>(number / extent[0] % extent[1]),
          static_cast<std::uint32_t>(number / extent[0] / extent[1])};
}

RacingAccess side(const FoundAccess& found, const Places& places, const GridLaunch& launch) {
  RacingAccess access;
  access.kind = found.kind;
  access.is_volatile = found.stamp.is_volatile != 0 && found.kind != AccessKind::atomic;
  access.of_block = found.stamp.of_block;
  access.where = places.line(found.stamp.place);
  access.thread = index_in(found.stamp.thread, launch.block);
  const std::uint64_t blocks = std::uint64_t{launch.grid[0]} * launch.grid[1] * launch.grid[2];
  const std::uint64_t turn = found.stamp.block - 1;
  access.block = index_in(launch.order == Order::reverse ? blocks - 1 - turn : turn, launch.grid);
  return access;
}

}  // namespace

std::vector<Race> describe_races(std::span<const std::byte> image,
                                 const std::vector<FoundRace>& found, const WatchedMemory& memory,
                                 const GridLaunch& launch) {
  std::set<Place> asked;
  for (const FoundRace& one : found) {
    asked.insert(one.earlier.stamp.place);
    asked.insert(one.later.stamp.place);
  }
  const Places places(image, asked);
  std::vector<Race> races;
  std::map<std::pair<SourceLine, SourceLine>, std::size_t> seen;
  for (const FoundRace& one : found) {
    Race race;
    race.scope = one.scope;
    race.earlier = side(one.earlier, places, launch);
    race.later = side(one.later, places, launch);
    race.memory = memory[one.region].name;
    race.byte = one.address - memory[one.region].begin;
    const auto [at, fresh] =
        seen.try_emplace(std::minmax(race.earlier.where, race.later.where), races.size());
    if (fresh)
      races.push_back(std::move(race));
    else if (race.scope > races[at->second].scope)
      races[at->second] = std::move(race);
  }
  return races;
}

std::vector<AccessFault> describe_faults(std::span<const std::byte> image,
                                         const std::vector<FoundFault>& found,
                                         const WatchedMemory& memory, const GridLaunch& launch) {
  std::set<Place> asked;
  for (const FoundFault& one : found) asked.insert(one.access.stamp.place);
  const Places places(image, asked);
  std::vector<AccessFault> faults;
  std::set<std::pair<AccessFaultKind, SourceLine>> seen;
  for (const FoundFault& one : found) {
    AccessFault fault;
    fault.kind = one.kind;
    fault.access = side(one.access, places, launch);
    fault.byte = static_cast<std::int64_t>(one.address);
    fault.bytes = one.bytes;
    if (one.region != WatchedMemory::none) {
      const WatchedRegion& region = memory[one.region];
      const std::uintptr_t begin = region.surrounds() ? region.body_begin : region.begin;
      const std::uintptr_t end = region.surrounds() ? region.body_end : region.end;
      fault.memory = region.name;
      fault.size = end - begin;
      fault.byte -= static_cast<std::int64_t>(begin);
    }
    if (seen.emplace(fault.kind, fault.access.where).second) faults.push_back(std::move(fault));
  }
  return faults;
}

std::vector<AccessSite> describe_sites(std::span<const std::byte> image,
                                       const std::map<MemoryModel::Site, SiteCosts>& costs,
                                       double scale) {
  std::set<Place> asked;
  for (const auto& [site, cost] : costs) asked.insert(site.place);
  const Places places(image, asked);
  std::map<std::tuple<SourceLine, bool, AccessKind>, AccessSite> by_line;
  for (const auto& [site, cost] : costs) {
    const SourceLine where = places.line(site.place);
    AccessSite& sum = by_line[{where, site.shared, site.kind}];
    sum.where = where;
    sum.kind = site.kind;
    sum.shared = site.shared;
    sum.bytes = std::max(sum.bytes, cost.bytes);
    sum.requests += cost.requests * scale;
    sum.transactions += cost.transactions * scale;
    sum.ideal += cost.ideal * scale;
  }
  std::vector<AccessSite> sites;
  for (auto& [key, site] : by_line) sites.push_back(std::move(site));
  return sites;
}

}  // namespace evotune::cpu
