// The shipped templates on the CPU device, which runs every thread of a block as a fiber on one
// core, beside the loops that one would write without CUDA, compiled as evotune itself is; and the
// checks that it spreads over two cores beside the same on one, by the clock on the wall. An item
// is one launch (with its inputs restored and its outputs poisoned), one compilation, or one
// thread's wait at a barrier.
#include <benchmark/benchmark.h>
#include <ucontext.h>

#ifdef EVOTUNE_BOOST_CONTEXT
#include <boost/context/detail/fcontext.hpp>
#endif

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/hash.h"
#include "device/cpu/cpu_device.h"
#include "engine/workbench.h"

namespace evotune {
namespace {

template <typename T>
T or_throw(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return *std::move(result);
}

std::unique_ptr<Device> device_of(unsigned cores) { return make_cpu_device({.cores = cores}); }

void run_loaded(benchmark::State& state, Loaded& loaded, std::int64_t items) {
  for (auto _ : state) benchmark::DoNotOptimize(or_throw(loaded.run({.flush = false})));
  state.SetItemsProcessed(state.iterations() * items);
}

/// One configuration of a shipped space, by the name of its preset or "baseline".
struct Variant {
  std::unique_ptr<Device> device;
  Problem problem;
  Bindings bound;
  Source source;

  Variant(const std::string& space, const Bindings& sizes, const std::string& name,
          unsigned cores = 1)
      : device(device_of(cores)),
        problem(load_problem(EVOTUNE_SOURCE_DIR "/search_spaces/" + space, sizes, device->info())) {
    Config config = baseline_of(problem);
    for (const Preset& preset : presets_of(problem))
      if (preset.name == name) config = preset.config;
    bound = problem.space.bind(config);
    source = or_throw(render(problem.kernel, problem.file, bound));
  }
};

void launch(benchmark::State& state, const std::string& space, const Bindings& sizes,
            const std::string& preset, unsigned cores) {
  const Variant variant(space, sizes, preset, cores);
  const Workload workload = or_throw(make_workload(variant.problem.file.arguments, variant.bound,
                                                   {InputFlavour::declared}, 1, ""));
  const Compiled compiled = or_throw(variant.device->compile(variant.source));
  const Launch geometry = or_throw(launch_of(variant.problem.file.launch, variant.bound));
  run_loaded(state, *or_throw(variant.device->load(compiled, geometry, workload)), 1);
}

void compile(benchmark::State& state) {
  const Variant variant("gemm_f32.yaml", {}, "tiled");
  for (auto _ : state) benchmark::DoNotOptimize(or_throw(variant.device->compile(variant.source)));
  state.SetItemsProcessed(state.iterations());
}

std::vector<float> numbers(std::size_t count) {
  std::vector<float> made(count);
  for (std::size_t i = 0; i < count; ++i) made[i] = static_cast<float>(i % 17) - 8;
  return made;
}

void multiply_plainly(benchmark::State& state) {
  constexpr std::size_t n = 512;
  const std::vector<float> a = numbers(n * n), b = numbers(n * n);
  std::vector<float> c(n * n);
  for (auto _ : state) {
    std::fill(c.begin(), c.end(), 0.F);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t k = 0; k < n; ++k)
        for (std::size_t j = 0; j < n; ++j) c[i * n + j] += a[i * n + k] * b[k * n + j];
    benchmark::DoNotOptimize(c.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}

void soften_plainly(benchmark::State& state) {
  constexpr std::size_t n = 1024;
  const std::vector<float> x = numbers(n * n);
  std::vector<float> y(n * n);
  for (auto _ : state) {
    for (std::size_t row = 0; row < n; ++row) {
      const float* const in = &x[row * n];
      float* const out = &y[row * n];
      const float largest = *std::max_element(in, in + n);
      float sum = 0;
      for (std::size_t i = 0; i < n; ++i) sum += out[i] = std::exp(in[i] - largest);
      for (std::size_t i = 0; i < n; ++i) out[i] /= sum;
    }
    benchmark::DoNotOptimize(y.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}

// Attention of 8 heads, 512 long and 64 deep.
constexpr std::size_t heads = 8, length = 512, depth = 64;

void attend(benchmark::State& state, unsigned cores) {
  const auto device = device_of(cores);
  Source source;
  source.text = read_file(EVOTUNE_SOURCE_DIR "/bench/attention.cu");
  source.entry = "attention";
  source.hash = content_hash(source.text);
  constexpr std::size_t count = heads * length * depth;
  constexpr std::uint16_t half_one = 0x3c00;
  Buffer halves(2 * count), size(4), scale(4);
  for (std::size_t i = 0; i < count; ++i) {
    const auto bits = static_cast<std::uint16_t>(half_one + i % 17 * 32);
    std::memcpy(halves.data() + 2 * i, &bits, 2);
  }
  const auto rows = static_cast<std::int32_t>(length);
  const float one_over_root = 0.18F;
  std::memcpy(size.data(), &rows, 4);
  std::memcpy(scale.data(), &one_over_root, 4);
  const Workload workload{"attention",
                          {{"q", Role::in, ElementType::f16, count, ""},
                           {"k", Role::in, ElementType::f16, count, ""},
                           {"v", Role::in, ElementType::f16, count, ""},
                           {"out", Role::out, ElementType::f32, count, ""},
                           {"length", Role::scalar, ElementType::i32, 1, ""},
                           {"scale", Role::scalar, ElementType::f32, 1, ""}},
                          {{halves, halves, halves, {}, size, scale}}};
  const Compiled compiled = or_throw(device->compile(source));
  const Launch launch{{length / 64, heads, 1}, {128, 1, 1}, 90112};
  run_loaded(state, *or_throw(device->load(compiled, launch, workload)), 1);
}

void attend_plainly(benchmark::State& state) {
  const std::vector<float> q = numbers(heads * length * depth);
  std::vector<float> out(q.size()), weights(length);
  for (auto _ : state) {
    for (std::size_t row = 0; row < heads * length; ++row) {
      const float* const mine = &q[row * depth];
      const float* const all = &q[row / length * length * depth];
      float most = -INFINITY, sum = 0;
      for (std::size_t i = 0; i < length; ++i) {
        float score = 0;
        for (std::size_t d = 0; d < depth; ++d) score += mine[d] * all[i * depth + d];
        most = std::max(most, weights[i] = score * 0.18F);
      }
      for (float& weight : weights) sum += weight = std::exp2(weight - most);
      float* const answer = &out[row * depth];
      std::fill(answer, answer + depth, 0.F);
      for (std::size_t i = 0; i < length; ++i)
        for (std::size_t d = 0; d < depth; ++d) answer[d] += weights[i] / sum * all[i * depth + d];
    }
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}

constexpr std::int64_t threads = 256, rounds = 2'000;

void wait_at_barriers(benchmark::State& state) {
  const auto device = device_of(1);
  Source source;
  source.text = R"(extern "C" __global__ void barriers(int* out, int rounds) {
    for (int i = 0; i < rounds; i++) __syncthreads();
    out[threadIdx.x] = rounds;
  })";
  source.entry = "barriers";
  source.hash = content_hash(source.text);
  Buffer count(sizeof(std::int32_t));
  for (std::size_t i = 0; i < count.size(); ++i)
    count[i] = static_cast<std::byte>((rounds >> (8 * i)) & 0xff);
  const Workload workload{"barriers",
                          {{"out", Role::out, ElementType::i32, threads, ""},
                           {"rounds", Role::scalar, ElementType::i32, 1, ""}},
                          {{{}, count}}};
  const Compiled compiled = or_throw(device->compile(source));
  run_loaded(state, *or_throw(device->load(compiled, {{1, 1, 1}, {threads, 1, 1}, 0}, workload)),
             threads * rounds);
}

/// A ring of contexts, each of which hands over to the next, as the C library does it.
struct Ring {
  static constexpr std::size_t stack_bytes = 64 << 10;
  std::array<ucontext_t, threads> contexts;
  ucontext_t caller;
  std::vector<char> stacks = std::vector<char>(threads * stack_bytes);
  std::int64_t left = 0;
} ring;

void hand_over_for_ever(int self) {
  const std::size_t mine = static_cast<std::size_t>(self);
  for (;;)
    if (--ring.left > 0)
      swapcontext(&ring.contexts[mine], &ring.contexts[(mine + 1) % ring.contexts.size()]);
    else
      swapcontext(&ring.contexts[mine], &ring.caller);
}

void hand_over(benchmark::State& state) {
  for (std::size_t i = 0; i < ring.contexts.size(); ++i) {
    ucontext_t& one = ring.contexts[i];
    getcontext(&one);
    one.uc_stack.ss_sp = &ring.stacks[i * Ring::stack_bytes];
    one.uc_stack.ss_size = Ring::stack_bytes;
    // makecontext takes a function of no type, and passes it integers.
    makecontext(&one, reinterpret_cast<void (*)()>(hand_over_for_ever), 1, static_cast<int>(i));
  }
  for (auto _ : state) {
    ring.left = threads * rounds;
    swapcontext(&ring.caller, &ring.contexts[0]);
  }
  state.SetItemsProcessed(state.iterations() * threads * rounds);
}

#ifdef EVOTUNE_BOOST_CONTEXT
/// The same by boost::context's own switch, on which its fibers and coroutines are built.
struct BoostRing {
  std::array<boost::context::detail::fcontext_t, threads> contexts;
  boost::context::detail::fcontext_t caller = nullptr;
  std::vector<char> stacks = std::vector<char>(threads * Ring::stack_bytes);
  std::int64_t left = 0;
} boost_ring;

void hand_over_by_boost_for_ever(boost::context::detail::transfer_t from) {
  const auto self = static_cast<std::size_t>(reinterpret_cast<std::uintptr_t>(from.data));
  const std::size_t size = boost_ring.contexts.size(), next = (self + 1) % size;
  for (bool first = true;; first = false) {
    // Who was left is told to who is entered: the one before, but for the caller.
    if (first && self == 0)
      boost_ring.caller = from.fctx;
    else
      boost_ring.contexts[(self + size - 1) % size] = from.fctx;
    from = --boost_ring.left > 0
               ? boost::context::detail::jump_fcontext(boost_ring.contexts[next],
                                                       reinterpret_cast<void*>(next))
               : boost::context::detail::jump_fcontext(boost_ring.caller, nullptr);
  }
}

void hand_over_by_boost(benchmark::State& state) {
  for (auto _ : state) {
    for (std::size_t i = 0; i < boost_ring.contexts.size(); ++i)
      boost_ring.contexts[i] = boost::context::detail::make_fcontext(
          &boost_ring.stacks[(i + 1) * Ring::stack_bytes - 64], Ring::stack_bytes - 64,
          hand_over_by_boost_for_ever);
    boost_ring.left = threads * rounds;
    boost::context::detail::jump_fcontext(boost_ring.contexts[0], nullptr);
  }
  state.SetItemsProcessed(state.iterations() * threads * rounds);
}
#endif

const Bindings cube = {
    {"M", std::int64_t{512}}, {"N", std::int64_t{512}}, {"K", std::int64_t{512}}};
const Bindings square = {{"rows", std::int64_t{1024}}, {"cols", std::int64_t{1024}}};

BENCHMARK_CAPTURE(launch, gemm_baseline, "gemm_f32.yaml", cube, "baseline", 1)
    ->Name("GEMM 512^3/evotune, baseline");
BENCHMARK_CAPTURE(launch, gemm_tiled, "gemm_f32.yaml", cube, "tiled", 1)
    ->Name("GEMM 512^3/evotune, preset tiled");
BENCHMARK(multiply_plainly)->Name("GEMM 512^3/plain loops");
BENCHMARK_CAPTURE(launch, softmax_baseline, "row_softmax.yaml", square, "baseline", 1)
    ->Name("softmax 1024^2/evotune, baseline");
BENCHMARK_CAPTURE(launch, softmax_online, "row_softmax.yaml", square, "online", 1)
    ->Name("softmax 1024^2/evotune, preset online");
BENCHMARK_CAPTURE(launch, softmax_warp, "row_softmax.yaml", square, "warp_per_row", 1)
    ->Name("softmax 1024^2/evotune, preset warp_per_row");
BENCHMARK(soften_plainly)->Name("softmax 1024^2/plain loops");
BENCHMARK_CAPTURE(attend, one, 1)->Name("attention 8x512x64/evotune");
BENCHMARK(attend_plainly)->Name("attention 8x512x64/plain loops");
BENCHMARK_CAPTURE(attend, two, 2)->Name("check of attention/evotune, two cores")->UseRealTime();
BENCHMARK_CAPTURE(attend, one, 1)->Name("check of attention/one core")->UseRealTime();
BENCHMARK_CAPTURE(launch, gemm_two, "gemm_f32.yaml", cube, "tiled", 2)
    ->Name("check of GEMM 512^3/evotune, two cores")
    ->UseRealTime();
BENCHMARK_CAPTURE(launch, gemm_one, "gemm_f32.yaml", cube, "tiled", 1)
    ->Name("check of GEMM 512^3/one core")
    ->UseRealTime();
BENCHMARK(wait_at_barriers)->Name("a thread's barrier/evotune");
BENCHMARK(hand_over)->Name("a thread's barrier/swapcontext");
#ifdef EVOTUNE_BOOST_CONTEXT
BENCHMARK(hand_over_by_boost)->Name("a thread's barrier/boost::context");
#endif
BENCHMARK(compile)->Name("compile gemm_f32 for the CPU/evotune")->UseRealTime();

}  // namespace
}  // namespace evotune
