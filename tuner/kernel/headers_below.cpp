#include "kernel/headers_below.h"

#include <algorithm>
#include <iterator>
#include <system_error>

namespace evotune {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_files = 20000;  // a space file may lie in somebody's home

bool ends_with(const fs::path& whole, const fs::path& end) {
  const auto parts = std::distance(end.begin(), end.end());
  if (std::distance(whole.begin(), whole.end()) < parts) return false;
  return std::equal(end.begin(), end.end(), std::prev(whole.end(), parts));
}

std::ptrdiff_t folders_in_common(const fs::path& one, const fs::path& other) {
  const auto differ = std::mismatch(one.begin(), one.end(), other.begin(), other.end());
  return std::distance(one.begin(), differ.first);
}

}  // namespace

std::vector<fs::path> HeadersBelow::nearest(const fs::path& folder, const fs::path& name,
                                            const std::vector<fs::path>& open) {
  std::call_once(read_, [this] { read_folders(); });
  const fs::path end = name.lexically_normal();
  std::vector<fs::path> found;
  std::ptrdiff_t most = -1;
  const auto [begin, behind] = files_.equal_range(end.filename().string());
  for (auto one = begin; one != behind; ++one) {
    const std::ptrdiff_t common = folders_in_common(one->second, folder);
    if (common < most || !ends_with(one->second, end) ||
        std::find(open.begin(), open.end(), one->second) != open.end())
      continue;
    if (common > most) found.clear();
    found.push_back(one->second);
    most = common;
  }
  return found;
}

void HeadersBelow::read_folders() {
  std::error_code unreadable;  // what cannot be read holds no header
  const auto options = fs::directory_options::skip_permission_denied;
  fs::recursive_directory_iterator at(root_, options, unreadable);
  for (; !unreadable && at != fs::recursive_directory_iterator() && files_.size() < most_files;
       at.increment(unreadable)) {
    std::error_code unknown;
    const std::string name = at->path().filename().string();
    if (name.starts_with('.') && at->is_directory(unknown)) at.disable_recursion_pending();
    if (at->is_regular_file(unknown) && !at->is_symlink(unknown)) files_.emplace(name, at->path());
  }
}

}  // namespace evotune
