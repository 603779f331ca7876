#include "base/build_id.h"

#include <elf.h>
#include <link.h>

#include <cstddef>
#include <string_view>

#include "base/hash.h"

namespace evotune {
namespace {

/// Linkers note a hash of what they have written (--build-id); in the order of loading.
int append_notes(dl_phdr_info* object, std::size_t, void* notes) {
  // The kernel's own object comes and goes with kernels, and compiles nothing.
  if (std::string_view(object->dlpi_name).starts_with("linux-vdso")) return 0;
  for (std::size_t i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& header = object->dlpi_phdr[i];
    if (header.p_type != PT_NOTE) continue;
    const auto* first = reinterpret_cast<const char*>(object->dlpi_addr + header.p_vaddr);
    static_cast<std::string*>(notes)->append(first, header.p_memsz);
  }
  return 0;
}

}  // namespace

std::string program_build_id() {
  std::string notes;
  dl_iterate_phdr(append_notes, &notes);
  return content_hash(notes);
}

}  // namespace evotune
