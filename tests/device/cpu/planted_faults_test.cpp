// The kernels of faults/planted.cu, each file compiled once with a kernel that picks one of them by
// number. scripts/races runs them with every compiler.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <regex>

#include "asked_compilers.h"
#include "base/file.h"
#include "kernel_file.h"

namespace evotune::cpu_test {
namespace {

/// One file of kernels, compiled once to run and once to be observed.
class PlantedKernels {
 public:
  PlantedKernels(const std::string& file, const std::string& compiler)
      : device_(make_cpu_device({.compiler = compiler})) {
    const std::string text = read_file(EVOTUNE_SOURCE_DIR "/tests/device/cpu/" + file);
    file_ = kernels_in(text);
    Source source = source_of(with_chooser(text, file_), "chosen");
    runs_ = compiled(source);
    source.observed = true;
    observable_ = compiled(source);
  }

  [[nodiscard]] const KernelFile& file() const { return file_; }

  /// What is said of a kernel, in a process of its own, because a fault ends it. Nothing: no fault
  /// was found.
  [[nodiscard]] std::string verdict(std::size_t which) {
    const auto bench = bench_for(which);
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      set_crash_report_fd(ends[1]);
      const std::string said = complaint(bench.workload);
      _exit(write(ends[1], said.data(), said.size()) < 0 ? 1 : 0);
    }
    close(ends[1]);
    std::string said;
    char part[512];
    for (ssize_t got; (got = read(ends[0], part, sizeof part)) > 0;)
      said.append(part, static_cast<std::size_t>(got));
    close(ends[0]);
    waitpid(child, nullptr, 0);
    return said;
  }

 private:
  Compiled compiled(const Source& source) {
    const Result<Compiled> made = device_->compile(source);
    if (!made) ADD_FAILURE() << made.error().message;
    return made ? *made : Compiled{};
  }

  /// What is said when it is run as a check is, at both ends of the buffers, or else when it is
  /// observed.
  [[nodiscard]] std::string complaint(const Workload& workload) {
    auto loaded = device_->load(runs_, chosen_launch, workload);
    for (int run = 0; run < 2; ++run)
      if (const auto sample = (*loaded)->run(check_run); !sample) return sample.error().message;
    loaded = device_->load(observable_, chosen_launch, workload);
    const Result<Observation> seen = (*loaded)->observe(0, Watch::races, 10);
    if (!seen) return seen.error().message;
    const std::vector<Failure> all = complaints(*seen);
    return all.empty() ? "" : all.front().message;
  }

  std::unique_ptr<Device> device_;
  KernelFile file_;
  Compiled runs_, observable_;
};

bool names_line(const std::string& said, int line) {
  return std::regex_search(said, std::regex("(kernel.cu:|line )" + std::to_string(line) + "\\b"));
}

TEST(PlantedFaults, AreAllFoundAtTheirLines) {
  for (const std::string& compiler : asked_compilers()) {
    PlantedKernels kernels("faults/planted.cu", compiler);
    EXPECT_GE(kernels.file().kernels.size(), 48u);
    for (std::size_t i = 0; i < kernels.file().kernels.size(); ++i) {
      const std::string& name = kernels.file().kernels[i];
      const auto& marks = kernels.file().marks;
      ASSERT_EQ(marks.count(name), 1u) << name;
      const auto& [line, words] = *marks.at(name).begin();
      const std::string said = kernels.verdict(i);
      EXPECT_TRUE(std::regex_search(said, std::regex(words)) && names_line(said, line))
          << compiler << ", " << name << ", line " << line << ": " << words << "\n"
          << said;
    }
  }
}

}  // namespace
}  // namespace evotune::cpu_test
