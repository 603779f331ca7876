// The CUDA device on a double of libcuda and NVRTC, which run what they are given on the CPU device
// and fail as they are told: every line of it but NVIDIA's own.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/errors.h"
#include "base/hash.h"
#include "device/cached/cached_device.h"
#include "device/make_device.h"
#include "scoped_environment.h"
#include "vector_workload.h"

namespace evotune {
namespace {

constexpr const char* plain =
    "extern \"C\" __global__ void k(float* y, const float* x, int n) {\n"
    "  int i = blockIdx.x * blockDim.x + threadIdx.x;\n"
    "  if (i < n) y[i] = 2 * x[i];\n"
    "}\n";
constexpr const char* wild =
    "extern \"C\" __global__ void k(float* y, const float* x, int n) {\n"
    "  y[threadIdx.x] = x[threadIdx.x];\n"
    "  if (threadIdx.x == 0) y[WHERE] = 1;\n"
    "}\n";
constexpr const char* shared =
    "extern \"C\" __global__ void k(float* y, const float* x, int n) {\n"
    "  extern __shared__ float t[];\n"
    "  t[threadIdx.x + n * 100] = x[threadIdx.x];\n"
    "  __syncthreads();\n"
    "  y[threadIdx.x] = t[n - 1 - threadIdx.x + n * 100];\n"
    "}\n";
constexpr const char* constant =
    "namespace ns { __constant__ float c[2]; }\n"
    "extern \"C\" __global__ void k(float* y, const float* x, int n) {\n"
    "  y[threadIdx.x] = x[threadIdx.x] * ns::c[0] + ns::c[1];\n"
    "}\n";
constexpr const char* structure =
    "struct P { int n; float* y; float4 scale; };\n"
    "extern \"C\" __global__ void k(const float* x, P p) {\n"
    "  if (threadIdx.x < p.n) p.y[threadIdx.x] = x[threadIdx.x] * p.scale.w;\n"
    "}\n";
constexpr const char* whole_grid =
    "#include <cooperative_groups.h>\n"
    "extern \"C\" __global__ void k(float* y, const float* x, int n) {\n"
    "  int i = blockIdx.x * blockDim.x + threadIdx.x;\n"
    "  y[i] = x[i];\n"
    "  cooperative_groups::this_grid().sync();\n"
    "  if (i == 0) y[0] = y[n - 1];\n"
    "}\n";

Source source_of(const std::string& text, const std::string& where = "0") {
  Source source;
  source.text = "#define WHERE " + where + "\n" + text;
  source.entry = "k";
  source.hash = content_hash(source.text);
  return source;
}

float element(const Buffer& buffer, std::size_t index) {
  float value = 0;
  std::memcpy(&value, buffer.data() + index * sizeof value, sizeof value);
  return value;
}

const Run check = {.flush = false};  // of namespace evotune: gtest has another

class CudaOnADouble : public ::testing::Test {
 protected:
  Result<Buffers> answer_of(Device& device, const Source& source, evotune::Run run = {},
                            const Launch& launch = {{1, 1, 1}, {64, 1, 1}, 0}) {
    const Result<Compiled> compiled = device.compile(source);
    if (!compiled) return compiled.error();
    const Result<std::unique_ptr<Loaded>> loaded = device.load(*compiled, launch, workload_);
    if (!loaded) return loaded.error();
    const Result<Sample> sample = (*loaded)->run(run);
    if (!sample) return sample.error();
    return (*loaded)->read();
  }
  /// In this process: nothing here ends a context.
  std::unique_ptr<Device> bare() {
    auto device = make_bare_device("cuda:0");
    if (const auto folder = cache_folder())
      return std::make_unique<CachedDevice>(std::move(device), *folder);
    return device;
  }

  void expect_failure(const Result<Buffers>& answer, Stage stage, const std::string& words) {
    ASSERT_FALSE(answer);
    EXPECT_EQ(to_text(answer.error().stage), to_text(stage)) << answer.error().message;
    EXPECT_NE(answer.error().message.find(words), std::string::npos) << answer.error().message;
  }

  const ScopedEnvironment driver_{"EVOTUNE_LIBCUDA", CUDA_DOUBLE};
  const ScopedEnvironment nvrtc_{"EVOTUNE_NVRTC", CUDA_DOUBLE};
  Workload workload_ = vector_workload();
};

TEST_F(CudaOnADouble, AutoIsTheFirstGpu) {
  DeviceOptions options;
  options.worker = {DEVICE_WORKER};
  EXPECT_EQ(make_device("auto", options)->info().id, "cuda:0");
}

class SeveralGpus : public CudaOnADouble {
 protected:
  std::vector<std::string> ids_of(const std::string& spec) {
    std::vector<std::string> ids;
    for (const auto& one : make_devices(spec, options_)) ids.push_back(one->info().id);
    return ids;
  }
  std::string mistake_in(const std::string& spec) {
    try {
      (void)ids_of(spec);
    } catch (const UserError& error) {
      return error.what();
    }
    return "";
  }

  const ScopedEnvironment gpus_{"EVOTUNE_CUDA_DOUBLE_GPUS", "one,one,another"};
  DeviceOptions options_{{DEVICE_WORKER}, {}};
};

TEST_F(SeveralGpus, AreNamedByTheirNumbersOrAllAtOnce) {
  using Ids = std::vector<std::string>;
  EXPECT_EQ(ids_of("cuda:1,0"), Ids({"cuda:1", "cuda:0"}));
  EXPECT_EQ(ids_of("cuda:2"), Ids({"cuda:2"}));
  EXPECT_EQ(ids_of("auto"), Ids({"cuda:0"}));
  const ScopedEnvironment two("EVOTUNE_CUDA_DOUBLE_GPUS", "one,one");
  EXPECT_EQ(ids_of("all"), Ids({"cuda:0", "cuda:1"}));
  EXPECT_EQ(ids_of("cuda:all"), ids_of("all"));
}

TEST_F(SeveralGpus, OfOneRunAreOfOneModelAndThere) {
  EXPECT_NE(mistake_in("all").find("cuda:0 is one, cuda:2 is another: one run measures on GPUs of "
                                   "one model"),
            std::string::npos)
      << mistake_in("all");
  EXPECT_NE(mistake_in("cuda:0,3").find("there is no cuda:3: the driver finds 3 GPUs"),
            std::string::npos);
  EXPECT_NE(mistake_in("cuda:1,1").find("twice"), std::string::npos);
}

TEST_F(SeveralGpus, AreForRunsAlone) {
  try {
    (void)make_device("cuda:0,1", options_);
    FAIL() << "it was made";
  } catch (const UserError& error) {
    EXPECT_NE(std::string(error.what()).find("here use --device cuda:0"), std::string::npos);
  }
}

TEST_F(SeveralGpus, FailEachForItself) {
  const ScopedEnvironment faults("EVOTUNE_CUDA_DOUBLE_FAULTS", "device_unavailable@1=");
  const auto both = make_devices("cuda:0,1", options_);
  EXPECT_TRUE(answer_of(*both[0], source_of(plain)));
  expect_failure(answer_of(*both[1], source_of(plain)), Stage::infrastructure, "UNAVAILABLE (46)");
  EXPECT_TRUE(answer_of(*both[0], source_of(plain)));
}

TEST_F(CudaOnADouble, EveryWayOfTimingPoisonsItsOutputsAndLeavesTheLastAnswer) {
  const auto device = bare();
  workload_.arguments[0].count = 65;  // one more than is written
  const Result<Compiled> compiled = device->compile(source_of(plain));
  ASSERT_TRUE(compiled) << compiled.error().message;
  const auto loaded = device->load(*compiled, {{1, 1, 1}, {64, 1, 1}, 0}, workload_);
  ASSERT_TRUE(loaded) << loaded.error().message;
  for (const int launches : {1, 4, 16, 32}) {
    const std::size_t input_set = launches % 3 == 1 ? 1 : 0;
    for (const bool finite : {false, true}) {
      const Result<Sample> sample =
          (*loaded)->run({.input_set = input_set, .launches = launches, .finite_poison = finite});
      ASSERT_TRUE(sample) << sample.error().message;
      EXPECT_GT(sample->seconds, 0);
      EXPECT_LE(sample->seconds * launches, sample->host_seconds);
      const Result<Buffers> answer = (*loaded)->read();
      ASSERT_TRUE(answer) << answer.error().message;
      EXPECT_EQ(element(answer->at(0), 63), input_set == 1 ? -126 : 126) << launches;
      EXPECT_EQ(std::isfinite(element(answer->at(0), 64)), finite) << launches;
      EXPECT_TRUE(answer->at(1).empty());
    }
  }
}

TEST_F(CudaOnADouble, WritesAroundABufferAreNamedAndEndTheWorkerAsTheyMayHaveHitAnything) {
  const auto said = [this](const char* where, int launches) -> std::string {
    try {
      (void)answer_of(*bare(), source_of(wild, where), {.launches = launches});
    } catch (const DeviceSpent& spent) {
      EXPECT_EQ(spent.failure().stage, Stage::crash);
      return spent.what();
    }
    return "nothing";
  };
  EXPECT_EQ(said("64", 1), "the kernel wrote outside buffer y, past its end");
  EXPECT_EQ(said("-1", 1), "the kernel wrote outside buffer y, before it");
  EXPECT_EQ(said("64", 16), "the kernel wrote outside buffer y, past its end");
}

TEST_F(CudaOnADouble, AnInputThatWasWrittenIsFound) {
  const auto device = bare();
  const std::string spoils = std::string(plain).replace(std::string(plain).find("if (i < n)"), 10,
                                                        "const_cast<float*>(x)[3] = 0; ");
  expect_failure(answer_of(*device, source_of(spoils), check), Stage::crash, "buffer x");
  expect_failure(answer_of(*device, source_of(spoils), {.launches = 16}), Stage::crash, "buffer x");
}

TEST_F(CudaOnADouble, AnEarlierKernelsWildWriteIsNotBlamedOnTheNext) {
  const auto device = bare();
  const Result<Compiled> compiled = device->compile(source_of(plain));
  ASSERT_TRUE(compiled) << compiled.error().message;
  const auto loaded = device->load(*compiled, {{1, 1, 1}, {64, 1, 1}, 0}, workload_);
  ASSERT_TRUE(loaded && (*loaded)->run(check));
  workload_.input_sets[0][1] = workload_.input_sets[1][1];  // now what is kept is not what it was
  try {
    (void)(*loaded)->run(check);
    FAIL() << "nobody noticed";
  } catch (const DeviceSpent& spent) {
    EXPECT_EQ(spent.failure().stage, Stage::infrastructure) << spent.what();
  }
}

TEST_F(CudaOnADouble, InputsThatTheGpuHasNoRoomToKeepAreBroughtEachTime) {
  const auto device = bare();
  const std::uint64_t all = std::uint64_t{64} << 20;
  workload_.arguments[0].count = (all - 3 * (std::uint64_t{16} << 10) - 512) / sizeof(float);
  for (const std::size_t set : {0U, 1U, 0U}) {
    const Result<Buffers> answer =
        answer_of(*device, source_of(plain), {.input_set = set, .flush = false});
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(element(answer->at(0), 63), set == 0 ? 126 : -126);
  }
}

TEST_F(CudaOnADouble, MoreThan48KibOfSharedMemoryAreAskedFor) {
  const auto device = bare();
  const Result<Buffers> answer =
      answer_of(*device, source_of(shared), {}, {{1, 1, 1}, {64, 1, 1}, 60000});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(element(answer->at(0), 0), 63);
  expect_failure(answer_of(*device, source_of(shared), {}, {{1, 1, 1}, {64, 1, 1}, 120000}),
                 Stage::launch, "120000 bytes of dynamic shared memory");
}

TEST_F(CudaOnADouble, ConstantsAreFilledByTheirNames) {
  const auto device = bare();
  workload_.arguments.push_back({"c", Role::constant, ElementType::f32, 2, "ns::c"});
  for (Buffers& set : workload_.input_sets) set.push_back(bytes_of({3, 1}));
  const Result<Buffers> answer = answer_of(*device, source_of(constant));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(element(answer->at(0), 2), 7);
  workload_.arguments.back().symbol = "d";
  expect_failure(answer_of(*device, source_of(constant)), Stage::load, "no __constant__");
}

TEST_F(CudaOnADouble, AKernelWhoseGridWaitsIsLaunchedForIt) {
  const auto device = bare();
  const Result<Buffers> answer =
      answer_of(*device, source_of(whole_grid), {}, {{2, 1, 1}, {32, 1, 1}, 0});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(element(answer->at(0), 0), 63);
}

TEST_F(CudaOnADouble, ArgumentsThatDoNotFitAreRefused) {
  const auto device = bare();
  workload_.arguments[2].type = ElementType::i64;
  expect_failure(answer_of(*device, source_of(plain)), Stage::load, "parameter 3");
  workload_.arguments.pop_back();
  expect_failure(answer_of(*device, source_of(plain)), Stage::load, "more parameters");
}

TEST_F(CudaOnADouble, AStructureIsPassedByItsBytesWithTheAddressesOfItsArrays) {
  const auto device = bare();
  std::vector<float> bytes(8);
  std::memcpy(bytes.data(), workload_.input_sets[0][2].data(), sizeof(int));
  bytes[7] = 3;
  for (Buffers& set : workload_.input_sets) set[2] = bytes_of(bytes);
  workload_.arguments[0].within = "n";
  workload_.arguments[0].offset = 8;
  workload_.arguments[2].type = ElementType::u8;
  workload_.arguments[2].count = 32;
  const Result<Buffers> answer = answer_of(*device, source_of(structure));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(element(answer->at(0), 63), 189);
  workload_.arguments[2].count = 28;  // as if float4 were aligned as float is
  expect_failure(answer_of(*device, source_of(structure)), Stage::load,
                 "argument 'n' has 28 bytes, but parameter 2 of the kernel has 32");
}

TEST_F(CudaOnADouble, AnImageOfAnotherBuildIsRefused) {
  const auto device = bare();
  Result<Compiled> compiled = device->compile(source_of(plain));
  compiled->build_id = "fedcba9876543210";
  const auto loaded = device->load(*compiled, {{1, 1, 1}, {64, 1, 1}, 0}, workload_);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().stage, Stage::load);
}

TEST_F(CudaOnADouble, ALackOfMemoryIsTheCandidatesAndNothingElse) {
  const auto device = bare();
  workload_.arguments[0].count = std::uint64_t{1} << 29;
  expect_failure(answer_of(*device, source_of(plain)), Stage::out_of_memory, "allocating");
  workload_.arguments[0].count = 64;
  EXPECT_TRUE(answer_of(*device, source_of(plain)));
}

TEST_F(CudaOnADouble, AGpuThatIsTooHotMeasuresNothing) {
  const ScopedEnvironment nvml("EVOTUNE_LIBNVML", CUDA_DOUBLE);
  const auto device = bare();
  EXPECT_TRUE(answer_of(*device, source_of(plain)));
  const ScopedEnvironment heat("EVOTUNE_CUDA_DOUBLE_FAULTS", "slow_clocks");
  expect_failure(answer_of(*device, source_of(plain)), Stage::infrastructure, "too hot");
  EXPECT_TRUE(answer_of(*device, source_of(plain), check));  // an answer is right at any speed
}

TEST_F(CudaOnADouble, ADriverThatKeepsItCoolMaySlowItDownByAQuarterAtMost) {
  const ScopedEnvironment nvml("EVOTUNE_LIBNVML", CUDA_DOUBLE);
  const ScopedEnvironment heat("EVOTUNE_CUDA_DOUBLE_FAULTS", "warm_clocks");
  expect_failure(answer_of(*bare(), source_of(plain)), Stage::infrastructure, "too hot");
}

TEST_F(CudaOnADouble, ASampleTellsTheClockUnlessItsOwnPowerDecidesThat) {
  const ScopedEnvironment nvml("EVOTUNE_LIBNVML", CUDA_DOUBLE);
  const auto device = bare();
  const auto clock = [&] {
    const Result<Compiled> compiled = device->compile(source_of(plain));
    const auto loaded = device->load(*compiled, {{1, 1, 1}, {64, 1, 1}, 0}, workload_);
    const Result<Sample> sample = (*loaded)->run({});
    return sample ? sample->clock_hz : -1;
  };
  EXPECT_EQ(clock(), 0);
  const ScopedEnvironment unsteady("EVOTUNE_CUDA_DOUBLE_FAULTS", "unsteady_clocks");
  const double first = clock(), second = clock();
  EXPECT_EQ(std::max(first, second), 1.755e9);
  EXPECT_EQ(std::min(first, second), 1.4e9);
}

TEST_F(CudaOnADouble, TheDoctorTellsTheGpusAndTheirClocks) {
  const auto gpu = [] { return probe_devices().back(); };
  const ScopedEnvironment none("EVOTUNE_LIBNVML", "/nonexistent/libnvidia-ml.so");
  EXPECT_NE(gpu().missing.find("clocks are not known"), std::string::npos) << gpu().missing;
  const ScopedEnvironment nvml("EVOTUNE_LIBNVML", CUDA_DOUBLE);
  EXPECT_EQ(gpu().name, "cuda:0");
  EXPECT_EQ(gpu().version, "double of a GPU, sm_80, 1755 of 1980 MHz");
  EXPECT_EQ(gpu().missing, "");
}

/// Each costs one candidate, whatever it did to the GPU.
TEST_F(CudaOnADouble, AFaultIsJudgedByItsCodeAndTheNextKernelRuns) {
  struct Injected {
    const char* fault;
    Stage stage;
    const char* words;
  };
  DeviceOptions options;
  options.worker = {DEVICE_WORKER};
  const ScopedEnvironment faults(
      "EVOTUNE_CUDA_DOUBLE_FAULTS",
      "illegal_address=WHERE 1;misaligned_address=WHERE 2;launch_failed=WHERE 3;hang=WHERE 4;"
      "device_unavailable=WHERE 5;out_of_memory=WHERE 6");
  const auto device = make_device("cuda:0", options);
  const std::vector<Injected> all = {
      {"1", Stage::crash, "CUDA_ERROR_ILLEGAL_ADDRESS (700)"},
      {"2", Stage::crash, "CUDA_ERROR_MISALIGNED_ADDRESS (716)"},
      {"3", Stage::crash, "CUDA_ERROR_LAUNCH_FAILED (719)"},
      {"4", Stage::timeout, "still running after 0.05 s"},
      {"5", Stage::infrastructure, "CUDA_ERROR_DEVICE_UNAVAILABLE (46)"},
      {"6", Stage::out_of_memory, "CUDA_ERROR_OUT_OF_MEMORY (2)"}};
  const Result<Compiled> sound = device->compile(source_of(plain));
  ASSERT_TRUE(sound) << sound.error().message;
  const auto other = device->load(*sound, {{1, 1, 1}, {64, 1, 1}, 0}, workload_);
  ASSERT_TRUE(other) << other.error().message;
  for (const Injected& one : all) {
    expect_failure(answer_of(*device, source_of(plain, one.fault), {.limit = 0.05}), one.stage,
                   one.words);
    EXPECT_TRUE((*other)->run({})) << "after " << one.words;
  }
}

}  // namespace
}  // namespace evotune
