#include "device/cpu/loaded_kernel.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "device/cpu/cpu_info.h"
#include "device/cpu/faults.h"
#include "device/cpu/observe.h"

namespace evotune::cpu {
namespace {

/// But for bytes that nobody has written: each answer has its own poison there.
bool differ(const Buffers& of_nan_poison, const Buffers& other, std::byte poison) {
  for (std::size_t i = 0; i < other.size(); ++i)
    for (std::size_t k = 0; k < other[i].size(); ++k) {
      const std::byte a = of_nan_poison[i][k], b = other[i][k];
      if (a != b && !(a == nan_poison && b == poison)) return true;
    }
  return false;
}

Failure at_launch(std::string why) { return {Stage::launch, std::move(why)}; }

}  // namespace

std::optional<Failure> refuse_launch(const Launch& launch, int static_shared_bytes) {
  constexpr std::uint64_t largest_x = 2147483647, largest_yz = 65535;
  const auto [gx, gy, gz] = launch.grid;
  const auto [bx, by, bz] = launch.block;
  const std::uint64_t threads = std::uint64_t{bx} * by * bz;
  if (threads == 0 || gx == 0 || gy == 0 || gz == 0)
    return at_launch(
        fmt::format("grid ({},{},{}) of blocks ({},{},{}) has no thread", gx, gy, gz, bx, by, bz));
  if (bx > max_threads || by > max_threads || bz > 64 || threads > max_threads)
    return at_launch(
        fmt::format("a block of ({},{},{}) has {} threads; at most {} (64 in z) are "
                    "allowed",
                    bx, by, bz, threads, max_threads));
  if (gx > largest_x || gy > largest_yz || gz > largest_yz)
    return at_launch(fmt::format("a grid of ({},{},{}) is larger than ({},{},{})", gx, gy, gz,
                                 largest_x, largest_yz, largest_yz));
  const std::uint64_t shared =
      launch.shared_bytes + static_cast<std::uint64_t>(static_shared_bytes);
  if (shared > shared_bytes_optin)
    return at_launch(
        fmt::format("{} bytes of shared memory ({} dynamic, {} static) are more than "
                    "the {} of this device",
                    shared, launch.shared_bytes, static_shared_bytes, shared_bytes_optin));
  return std::nullopt;
}

LoadedKernel::LoadedKernel(std::shared_ptr<Core> core, KernelImage image,
                           GuardedBuffer dynamic_shared, const Launch& launch,
                           const Workload& workload, const Compiled& compiled)
    : core_(std::move(core)),
      image_(std::move(image)),
      dynamic_shared_(std::move(dynamic_shared)),
      static_shared_(image_.shared_variables()),
      launch_(launch),
      workload_(workload),
      arguments_(image_, workload) {
  if (image_.observed()) file_ = compiled.image;
  if (can_be_spread()) hands_.emplace(compiled);
}

/// In an order that is asked for, blocks come one after another.
bool LoadedKernel::can_be_spread() const {
  return core_->cores > 1 && image_.has_independent_blocks() && !image_.observed() &&
         !image_.needs_whole_grid() && core_->order == Order::forward;
}

Result<Sample> LoadedKernel::run(const Run& run) {
  if (run.input_set >= workload_.input_sets.size() || run.launches < 1)
    return Failure{Stage::infrastructure,
                   fmt::format("a run of {} launches on input set {} of {} was asked for",
                               run.launches, run.input_set, workload_.input_sets.size())};
  const bool checking = run.launches == 1 && !run.flush;
  arguments_.prepare(run, checking ? next_check_ : Placement::at_end);
  if (checking)
    next_check_ = next_check_ == Placement::at_end ? Placement::at_start : Placement::at_end;

  std::optional<PinnedToCore> pin;
  if (!checking) pin.emplace();
  if (run.flush) core_->sweep();
  const std::size_t threads_before = thread_count();
  const Result<Sample> sample = launch(run, checking);
  if (!sample) return sample.error();
  if (auto failure = find_damage(threads_before)) return *failure;
  return *sample;
}

GridLaunch LoadedKernel::grid_launch() {
  GridLaunch grid;
  grid.grid = launch_.grid;
  grid.block = launch_.block;
  grid.entry = image_.entry();
  grid.arguments = arguments_.pointers();
  grid.dynamic_shared = dynamic_shared_.bytes();
  grid.static_shared = static_shared_;
  grid.order = core_->order;
  grid.seed = core_->seed;
  grid.whole = image_.needs_whole_grid();
  if (grid.whole) core_->further.clear();  // it needs the mappings that their stacks take
  return grid;
}

Result<Sample> LoadedKernel::launch(const Run& run, bool checking) {
  GridLaunch grid = grid_launch();
  grid.poison_shared = checking;

  const FaultWatch watch(arguments_.regions_beside(dynamic_shared_), image_.place());
  const Seconds host_start = monotonic_seconds();
  set_floating_point_mode(default_floating_point_mode);
  Seconds launched = 0;
  for (int i = 0; i < run.launches; ++i) {
    if (i > 0) arguments_.poison(run);  // else a kernel that finds its answer there could go home
    const Seconds start = monotonic_seconds();
    const bool spread = checking && hands_;
    if (auto why = spread ? hands_->run(*core_, grid, arguments_) : core_->executor.run(grid))
      return at_launch(*why);
    launched += monotonic_seconds() - start + (spread ? hands_->busy() : 0);
  }
  return Sample{launched / run.launches, monotonic_seconds() - host_start};
}

std::optional<Failure> LoadedKernel::find_damage(std::size_t threads_before) const {
  const unsigned mode = floating_point_mode() & ~floating_point_flags;
  set_floating_point_mode(default_floating_point_mode);
  if (mode != default_floating_point_mode)
    return at_launch(fmt::format("the kernel changed the floating-point mode to {:#x}", mode));
  if (thread_count(threads_before) != threads_before)
    return at_launch("the kernel started or ended threads of the process");
  if (const auto name = arguments_.overrun())
    return Failure{Stage::crash, fmt::format("the kernel wrote outside buffer {}, less than a page "
                                             "before or 16 bytes past it",
                                             *name)};
  if (!dynamic_shared_.surroundings_intact() || (hands_ && !hands_->surroundings_intact()))
    return Failure{Stage::crash, "the kernel wrote outside its dynamic shared memory"};
  return std::nullopt;
}

Result<Observation> LoadedKernel::observe(std::size_t input_set, Watch watch, Seconds) {
  if (!image_.observed() || input_set >= workload_.input_sets.size())
    return Failure{Stage::infrastructure, "this kernel was not compiled to be observed"};
  arguments_.prepare({.input_set = input_set}, Placement::at_end);
  const WatchedMemory memory(watched_regions());
  Observation seen;
  seen.blocks = std::uint64_t{launch_.grid[0]} * launch_.grid[1] * launch_.grid[2];
  const auto failure =
      watch == Watch::races ? find_races(input_set, memory, seen) : count_costs(memory, seen);
  if (failure) return *failure;
  return seen;
}

std::optional<std::string> LoadedKernel::run_followed(AccessListener& listener, std::byte poison) {
  GridLaunch grid = grid_launch();
  grid.poison_shared = true;
  grid.poison = poison;
  grid.listener = &listener;
  const FaultWatch faults(arguments_.regions_beside(dynamic_shared_), image_.place());
  set_floating_point_mode(default_floating_point_mode);
  return core_->executor.run(grid);
}

std::optional<Failure> LoadedKernel::find_races(std::size_t input_set, const WatchedMemory& memory,
                                                Observation& seen) {
  RaceCheck check(memory, image_.base(), image_.needs_whole_grid());
  if (const auto why = run_followed(check, AccessCheck::poison)) return at_launch(*why);
  seen.races = describe_races(file_, check.finish(), memory, grid_launch());
  seen.observed_blocks = check.whole_blocks();
  seen.faults = describe_faults(file_, check.faults(), memory, grid_launch());
  const auto of_garbage = [](const AccessFault& fault) {
    return fault.kind == AccessFaultKind::unwritten || fault.kind == AccessFaultKind::absent;
  };
  // Garbage that is read and not used harms nobody.
  if (std::any_of(seen.faults.begin(), seen.faults.end(), of_garbage) &&
      !depends_on_poison(input_set, check.observed_blocks()))
    std::erase_if(seen.faults, of_garbage);
  return std::nullopt;
}

bool LoadedKernel::depends_on_poison(std::size_t input_set, std::uint64_t blocks) {
  struct Poison {
    std::byte shared, scratch, out;
  };
  std::optional<Buffers> first;
  for (const Poison& poison : {Poison{AccessCheck::poison, nan_poison, nan_poison},
                               Poison{std::byte{0}, finite_poison, nan_poison},
                               Poison{finite_poison, std::byte{0}, finite_poison}}) {
    arguments_.prepare({.input_set = input_set}, Placement::at_end);
    arguments_.poison(Role::scratch, poison.scratch);
    arguments_.poison(Role::out, poison.out);
    FirstBlocks some(image_.needs_whole_grid() ? ~std::uint64_t{0} : blocks,
                     RaceCheck::most_accesses);
    if (run_followed(some, poison.shared)) return true;  // it went wrong where it had not before
    Buffers answer = arguments_.read();
    for (std::size_t i = 0; i < answer.size(); ++i)
      if (!is_output(workload_.arguments[i].role)) answer[i].clear();
    if (first && differ(*first, answer, poison.out)) return true;
    if (!first) first = std::move(answer);
  }
  return false;
}

std::optional<Failure> LoadedKernel::count_costs(const WatchedMemory& memory, Observation& seen) {
  MemoryModel model(memory, image_.base(), seen.blocks);
  if (const auto why = run_followed(model, AccessCheck::poison)) return at_launch(*why);
  const auto& costs = model.finish();
  seen.observed_blocks = model.observed_blocks();
  seen.sites = describe_sites(
      file_, costs, static_cast<double>(seen.blocks) / static_cast<double>(seen.observed_blocks));
  return std::nullopt;
}

std::vector<WatchedRegion> LoadedKernel::watched_regions() const {
  std::vector<WatchedRegion> watched = image_.writable_variables();
  const auto address = [](const std::byte* at) { return reinterpret_cast<std::uintptr_t>(at); };
  const auto add = [&](const Region& one, bool shared) {
    WatchedRegion body{one.name,
                       address(one.bytes.data()),
                       address(one.bytes.data() + one.bytes.size()),
                       shared,
                       one.read_only,
                       one.garbage};
    WatchedRegion before = body, behind = body;
    for (WatchedRegion* outside : {&before, &behind}) {
      outside->body_begin = body.begin;
      outside->body_end = body.end;
    }
    before.end = body.begin;
    before.begin = address(one.reach.data());
    behind.begin = body.end;
    behind.end = address(one.reach.data() + one.reach.size());
    for (WatchedRegion* region : {&before, &body, &behind}) watched.push_back(std::move(*region));
  };
  for (const Region& one : arguments_.regions()) add(one, false);
  if (launch_.shared_bytes > 0) add(dynamic_shared_.region("dynamic shared memory", false), true);
  return watched;
}

}  // namespace evotune::cpu
