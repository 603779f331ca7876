#include "device/cpu/kernel_image.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "device/cpu/access_callbacks.h"

namespace {

void* dynamic_shared_of_load = nullptr;

}  // namespace

extern "C" void* evotune_dynamic_shared_at_load() { return dynamic_shared_of_load; }

namespace evotune::cpu {
namespace {

/// The image as a file that has no name: nothing stays behind when the process is killed.
Handle memory_file(std::span<const std::byte> image) {
  Handle file(memfd_create("evotune-kernel", MFD_CLOEXEC));
  std::size_t done = 0;
  while (file && done < image.size()) {
    const ssize_t put = write(file.fd(), image.data() + done, image.size() - done);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return {};
    done += static_cast<std::size_t>(put);
  }
  return file;
}

template <typename Function>
Function* function(void* library, const char* name) {
  return reinterpret_cast<Function*>(dlsym(library, name));
}

Failure refused(std::string why) { return {Stage::load, std::move(why)}; }

/// "…: undefined symbol: foo" is the one message of dlopen that is the kernel's fault.
Failure explain_dlopen(std::string_view said) {
  constexpr std::string_view undefined = "undefined symbol: ";
  if (const auto at = said.find(undefined); at != std::string_view::npos)
    return refused(fmt::format("the kernel uses {}, which is declared but defined nowhere",
                               said.substr(at + undefined.size())));
  return refused(fmt::format("the compiled kernel cannot be opened: {}", said));
}

/// A variable by which one block may leave something to the next; `constants` as
/// names_of_constants.
bool outlives_blocks(const ImageVariable& variable, const std::string& constants) {
  const bool of_compiler =
      variable.is_guard() || variable.symbol.find('.') != std::string::npos;  // "completed.0"
  if (!variable.writable || variable.bytes == 0 || variable.is_shared() || of_compiler)
    return false;
  return !variable.name().starts_with("evotune::") &&
         constants.find(" " + variable.unqualified_name() + " ") == constants.npos;
}

}  // namespace

void KernelImage::Close::operator()(void* library) const { dlclose(library); }

Result<KernelImage> KernelImage::open(const Compiled& compiled, void* dynamic_shared) {
  KernelImage image;
  image.file_ = memory_file(compiled.image);
  if (!image.file_)
    return Failure{Stage::infrastructure,
                   fmt::format("cannot make a file in memory: {}", std::strerror(errno))};
  dynamic_shared_of_load = dynamic_shared;
  image.library_.reset(
      dlopen(fmt::format("/proc/self/fd/{}", image.file_.fd()).c_str(), RTLD_NOW | RTLD_LOCAL));
  void* library = image.library_.get();
  if (library == nullptr) return explain_dlopen(dlerror());

  auto* build_id = function<const char*()>(library, "evotune_build_id");
  auto* describe = function<unsigned(Parameter*)>(library, "evotune_parameters");
  image.entry_ = function<void(void**)>(library, "evotune_entry");
  if (build_id == nullptr || describe == nullptr || image.entry_ == nullptr)
    return refused("the image was not made by the CPU device: its entry is missing");
  if (compiled.build_id != build_id())
    return refused(
        fmt::format("the image is build {}, not {} as asked for", build_id(), compiled.build_id));
  image.observed_ = dlsym(library, observed_symbol) != nullptr && access_callbacks() != nullptr;
  image.needs_whole_grid_ = dlsym(library, whole_grid_symbol) != nullptr;
  image.parameters_.resize(describe(nullptr));
  describe(image.parameters_.data());

  link_map* map = nullptr;
  if (dlinfo(library, RTLD_DI_LINKMAP, &map) != 0) return explain_dlopen(dlerror());
  image.base_ = map->l_addr;
  image.end_ = image.base_ + loaded_bytes(compiled.image);
  image.variables_ = variables_of(compiled.image);
  if (auto* constants = function<const char*()>(library, independent_blocks_symbol))
    image.has_independent_blocks_ =
        std::none_of(image.variables_.begin(), image.variables_.end(),
                     [names = std::string(constants())](const ImageVariable& variable) {
                       return outlives_blocks(variable, names);
                     });
  return image;
}

std::span<std::byte> KernelImage::bytes_of(const ImageVariable& variable) const {
  return {reinterpret_cast<std::byte*>(base_ + variable.address), variable.bytes};
}

std::vector<std::span<std::byte>> KernelImage::shared_variables() const {
  std::vector<std::span<std::byte>> shared;
  for (const ImageVariable& variable : variables_)
    if (variable.is_shared()) shared.push_back(bytes_of(variable));
  return shared;
}

WatchedRegion KernelImage::watched(const ImageVariable& variable) const {
  const std::uintptr_t begin = base_ + variable.address;
  return {
      fmt::format("{} {}", variable.is_shared() ? "shared" : "global", variable.unqualified_name()),
      begin, begin + variable.bytes, variable.is_shared(), false};
}

std::vector<WatchedRegion> KernelImage::writable_variables() const {
  std::vector<WatchedRegion> regions;
  for (const ImageVariable& variable : variables_) {
    if (!variable.writable || variable.bytes == 0 || variable.is_guard()) continue;
    const bool of_shim = variable.name().starts_with("evotune::");
    if (variable.is_shared() || !of_shim) regions.push_back(watched(variable));
  }
  if (!observed_) return regions;
  for (const SharedSurroundings& one : surroundings_of_shared(variables_)) {
    WatchedRegion region = watched(variables_[one.variable]);
    region.body_begin = std::exchange(region.begin, base_ + one.begin);
    region.body_end = std::exchange(region.end, base_ + one.end);
    regions.push_back(std::move(region));
  }
  return regions;
}

int KernelImage::static_shared_bytes() const { return cpu::static_shared_bytes(variables_); }

std::optional<KernelImage::Variable> KernelImage::find_variable(std::string_view name) const {
  const ImageVariable* found = nullptr;
  for (const ImageVariable& variable : variables_) {
    if (variable.is_shared()) continue;
    const std::string full = variable.name();
    if (full == name) return Variable{bytes_of(variable), variable.writable};
    if (full.ends_with("::" + std::string(name))) found = &variable;
  }
  if (found == nullptr) return std::nullopt;
  return Variable{bytes_of(*found), found->writable};
}

}  // namespace evotune::cpu
