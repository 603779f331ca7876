#include "device/cpu/cpu_device.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <mutex>
#include <new>
#include <optional>
#include <span>

#include "base/clock.h"
#include "base/errors.h"
#include "base/file.h"
#include "base/process.h"
#include "device/cpu/block_independence.h"
#include "device/cpu/checked_copies.h"
#include "device/cpu/cpu_info.h"
#include "device/cpu/diagnostics.h"
#include "device/cpu/faults.h"
#include "device/cpu/host_compiler.h"
#include "device/cpu/loaded_kernel.h"
#include "device/cpu/needed_headers.h"
#include "device/cpu/rewrite.h"
#include "device/cpu/shim_files.h"
#include "device/cpu/used_code.h"
#include "kernel/host_code.h"
#include "kernel/includes.h"

namespace evotune {
namespace cpu {
namespace {

/// Without the sync of write_file: nobody misses these files after a crash.
void write_scratch(const std::filesystem::path& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush()) throw IoError("cannot write " + path.string());
}

/// The shim's headers on disk, written when the first kernel is compiled.
class Shim {
 public:
  const std::filesystem::path& folder() {
    std::call_once(written_, [this] {
      folder_.emplace();
      for (const ShimFile& file : shim_files()) {
        const std::filesystem::path path = folder_->path() / file.name;
        std::filesystem::create_directories(path.parent_path());
        write_scratch(path, file.text);
      }
    });
    return folder_->path();
  }

 private:
  std::once_flag written_;
  std::optional<TemporaryDirectory> folder_;
};

/// "-DBM=64" → "#define BM 64"
std::string defined(const std::vector<std::string>& options) {
  std::string lines;
  for (const std::string& option : options) {
    if (!defines_macro(option)) continue;
    const std::size_t equals = option.find('=');
    lines += equals == option.npos ? fmt::format("#define {} 1\n", option.substr(2))
                                   : fmt::format("#define {} {}\n", option.substr(2, equals - 2),
                                                 option.substr(equals + 1));
  }
  return lines;
}

/// What precedes the first file of a rendered text are the parameters' macros: g++ puts errors
/// where a macro is defined, and no user has written that.
std::string_view first_file_of(std::string_view text) {
  const bool macros_first = text.find("\n#line 1 \"") != text.npos && !text.starts_with("#line");
  return macros_first ? parameters_file : "kernel.cu";
}

/// The source as the host compiler gets it: rewritten, with the entry behind it. The shim's headers
/// come first, out of reach of the kernel's macros. `text` is what of the source is compiled.
std::string host_source(const Source& source, const std::string& text) {
  const std::string macros = defined(source.options);
  const std::string kernel = rewrite_for_host(text);
  std::string made = fmt::format(
      "{}{}#line 1 \"{}\"\n{}\n#line 1 \"{}\"\nEVOTUNE_ENTRY(\"{}\", {})\n"
      "const char* evotune_source_text() {{ return R\"evotune({})evotune\"; }}\n",
      needed_headers(text), macros, first_file_of(text), kernel, entry_file, source.hash,
      source.entry, kernel);
  const auto mark = [&made](const char* symbol) {
    made += fmt::format("EVOTUNE_EXPORT void {}() {{}}\n", symbol);
  };
  if (may_wait_for_grid(text)) mark(whole_grid_symbol);
  if (source.observed) mark(observed_symbol);
  if (!blocks_may_communicate(macros + text))
    made += fmt::format("EVOTUNE_EXPORT const char* {}() {{ return \"{}\"; }}\n",
                        independent_blocks_symbol, names_of_constants(text));
  return made;
}

/// By what compilers say of it; a kill that was not ours is the system's.
bool ran_out_of_memory(const ProcessResult& result) {
  if (result.signal == SIGKILL) return true;
  const auto says = [&](const char* words) {
    return result.output.find(words) != std::string::npos;
  };
  return says("out of memory") || says("memory exhausted") || says("Cannot allocate memory") ||
         says("bad_alloc");
}

Failure explain(const ProcessResult& result, const ProcessLimits& limits, const std::string& said) {
  if (result.timed_out || result.signal == SIGXCPU)
    return {Stage::timeout, fmt::format("the compiler ran for more than {} s", limits.seconds)};
  if (ran_out_of_memory(result)) return {Stage::out_of_memory, "the compiler: " + said};
  if (result.signal != 0)
    return {Stage::compile,
            fmt::format("the compiler was ended by signal {}\n{}", result.signal, said)};
  return {Stage::compile, said};
}

bool failed(const ProcessResult& result) {
  return result.timed_out || result.signal != 0 || result.exit_code != 0;
}

/// By the compiler, for what stands in the source.
bool is_refused(const ProcessResult& result) {
  return result.exit_code != 0 && !result.timed_out && result.signal == 0 &&
         !ran_out_of_memory(result);
}

std::vector<std::byte> bytes_of(std::string_view text) {
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

class CpuDevice final : public Device {
 public:
  explicit CpuDevice(const CpuOptions& options)
      : options_(options), compiler_(find_host_compiler(options.compiler)) {
    info_ = describe_cpu(compiler_ ? compiler_->version : "no C++ compiler");
    core_->order = options.order;
    core_->seed = options.seed;
    core_->cores =
        std::min(options.cores != 0 ? options.cores : usable_cores(), BlockQueue::most_runners);
    core_->alone = options.alone;
  }

  [[nodiscard]] const DeviceInfo& info() const override { return info_; }
  Result<Compiled> compile(const Source&) const override;
  Result<std::unique_ptr<Loaded>> load(const Compiled&, const Launch&, const Workload&) override;

 private:
  struct Built {
    ProcessResult result;
    std::string said;  ///< where it failed, in our words
  };
  Built build(const Source&, const std::string& text, const std::vector<std::string>& options,
              const std::filesystem::path& folder, const ProcessLimits&) const;
  ProcessResult build_observed(const std::vector<std::string>& options,
                               const std::filesystem::path& file,
                               const std::filesystem::path& image, const ProcessLimits&) const;

  CpuOptions options_;
  std::optional<HostCompiler> compiler_;
  DeviceInfo info_;
  std::shared_ptr<Core> core_ = std::make_shared<Core>();
  mutable Shim shim_;
};

/// In several steps: between them copies are checked and the shared variables moved apart.
ProcessResult CpuDevice::build_observed(const std::vector<std::string>& options,
                                        const std::filesystem::path& file,
                                        const std::filesystem::path& image,
                                        const ProcessLimits& limits) const {
  const std::filesystem::path object = image.string() + ".o";
  const auto compile = [&](const std::filesystem::path& from, const std::filesystem::path& to) {
    return run_process(observed_compile_command(*compiler_, options, shim_.folder(), from, to),
                       limits);
  };
  ProcessResult result;
  if (compiler_->is_clang()) {
    const std::filesystem::path module = image.string() + std::string(module_extension);
    result = compile(file, module);
    if (failed(result)) return result;
    write_scratch(module, with_checked_copies(read_file(module)));
    result = compile(module, object);
  } else {
    result = compile(file, object);
  }
  if (failed(result)) return result;
  std::string bytes = read_file(object);
  keep_shared_apart(std::as_writable_bytes(std::span(bytes)));
  write_scratch(object, bytes);
  return run_process(observed_link_command(*compiler_, object, image), limits);
}

/// What of the source is `text` becomes kernel.so in the folder.
CpuDevice::Built CpuDevice::build(const Source& source, const std::string& text,
                                  const std::vector<std::string>& options,
                                  const std::filesystem::path& folder,
                                  const ProcessLimits& limits) const {
  const std::filesystem::path file = folder / "kernel.cu", image = folder / "kernel.so";
  const std::filesystem::path& shim = shim_.folder();
  write_scratch(file, host_source(source, text));
  Built built{source.observed
                  ? build_observed(options, file, image, limits)
                  : run_process(compile_command(*compiler_, options, shim, file, image), limits),
              {}};
  if (failed(built.result))
    built.said =
        explain_compile_errors(built.result.output, folder.string(), shim.string(), source.entry);
  return built;
}

Result<Compiled> CpuDevice::compile(const Source& source) const {
  if (!compiler_) return no_host_compiler(options_.compiler);
  const auto options = host_options(source.options);
  if (!options) return options.error();

  const TemporaryDirectory work;
  const Seconds start = monotonic_seconds();
  const ProcessLimits limits{.seconds = options_.compile_limit,
                             .memory_bytes = options_.compile_bytes};
  const std::string text = without_host_code(source.text);
  Built built = build(source, text, *options, work.path(), limits);
  if (is_refused(built.result)) {
    // Perhaps for what the entry has no use for. What cannot be left out is told as it was.
    // What is left of a host's program, like a class that throws, no word tells from the device's.
    const bool of_host = text != source.text && !names_assertion(built.result.output);
    const bool promising =
        of_host || names_refusal(built.said) || !absent_includes(source.text).empty();
    const std::string used =
        promising ? used_code(text, defined(source.options) + source.entry) : text;
    if (used != text) {
      Built again = build(source, used, *options, work.path(), limits);
      if (!failed(again.result) || names_refusal(again.said)) built = std::move(again);
    }
  }
  const Seconds seconds = monotonic_seconds() - start;
  if (failed(built.result))
    return explain(built.result, limits, built.said + absent_includes(source.text));

  Compiled compiled{bytes_of(read_file(work.path() / "kernel.so")),
                    "evotune_entry",
                    source.hash,
                    {},
                    built.result.output};
  compiled.facts.compile_seconds = seconds;
  compiled.facts.static_shared_bytes = static_shared_bytes(variables_of(compiled.image));
  if (static_cast<std::uint32_t>(*compiled.facts.static_shared_bytes) > shared_bytes)
    return Failure{Stage::compile,
                   fmt::format("{} bytes of static shared memory are more than the {} allowed",
                               *compiled.facts.static_shared_bytes, shared_bytes)};
  return compiled;
}

Failure out_of_memory(const Workload& workload) {
  std::uint64_t bytes = 0;
  for (const Argument& argument : workload.arguments) bytes += argument.bytes();
  return {Stage::out_of_memory, fmt::format("no memory for {} bytes of arguments", bytes)};
}

Result<std::unique_ptr<Loaded>> CpuDevice::load(const Compiled& compiled, const Launch& launch,
                                                const Workload& workload) {
  try {
    GuardedBuffer dynamic_shared(launch.shared_bytes);
    auto image = KernelImage::open(compiled, dynamic_shared.bytes().data());
    if (!image) return image.error();
    if (auto failure = refuse_launch(launch, image->static_shared_bytes())) return *failure;
    if (auto failure = mismatch(*image, workload)) return *failure;
    core_->executor.make_room(launch.block[0] * launch.block[1] * launch.block[2]);
    return std::unique_ptr<Loaded>(std::make_unique<LoadedKernel>(
        core_, std::move(*image), std::move(dynamic_shared), launch, workload, compiled));
  } catch (const std::bad_alloc&) {
    return out_of_memory(workload);
  }
}

}  // namespace
}  // namespace cpu

std::unique_ptr<Device> make_cpu_device(const CpuOptions& options) {
  return std::make_unique<cpu::CpuDevice>(options);
}

void set_crash_report_fd(int fd) { cpu::set_crash_report(fd); }

}  // namespace evotune
