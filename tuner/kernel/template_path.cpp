#include <cstdlib>
#include <system_error>

#include "kernel/source.h"

namespace evotune {
namespace {

namespace fs = std::filesystem;

void add_each(std::vector<fs::path>& path, std::string_view list) {
  while (!list.empty()) {
    const std::size_t end = list.find(':');
    if (const std::string_view one = list.substr(0, end); !one.empty()) path.emplace_back(one);
    if (end == std::string_view::npos) return;
    list.remove_prefix(end + 1);
  }
}

}  // namespace

std::vector<fs::path> template_path(const fs::path& space_file) {
  std::vector<fs::path> path;
  const fs::path beside = space_file.parent_path();
  path.push_back(beside.empty() ? fs::path(".") : beside);
  if (const char* list = std::getenv("EVOTUNE_TEMPLATES")) add_each(path, list);
  // An installation may have been moved as a whole.
  std::error_code unknown;
  const fs::path program = fs::read_symlink("/proc/self/exe", unknown);
  if (!unknown)
    path.push_back(program.parent_path().parent_path() / EVOTUNE_SHARE / "kernel_templates");
  add_each(path, EVOTUNE_TEMPLATE_DIR);
  return path;
}

}  // namespace evotune
