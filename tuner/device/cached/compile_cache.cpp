#include "device/cached/compile_cache.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/errors.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/process.h"
#include "device/isolated/messages.h"

namespace evotune {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view ending = ".compiled";
constexpr std::size_t key_length = 32;                   // content_hash
constexpr double full_after_trimming = 0.9;              // of the cap: not one by one
constexpr auto abandoned_after = std::chrono::hours(1);  // what a killed writer left

bool is_key(std::string_view text) {
  return text.size() == key_length &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_entry(const std::string& name) {
  return name.size() == key_length + ending.size() && name.ends_with(ending) &&
         is_key(std::string_view(name).substr(0, key_length));
}

/// The entry of a writer that is under way, or was killed.
bool is_unfinished(const std::string& name) {
  constexpr std::size_t length = key_length + ending.size();
  return name.size() > length && is_entry(name.substr(0, length));
}

struct Entry {
  fs::path path;
  fs::file_time_type used;
  std::uint64_t bytes = 0;
};

/// Others write and trim here too: what is gone is gone.
std::vector<Entry> entries_of(const fs::path& folder) {
  std::vector<Entry> entries;
  std::error_code gone;
  for (const fs::directory_entry& one : fs::directory_iterator(folder, gone)) {
    const std::string name = one.path().filename().string();
    if (!is_entry(name) && !is_unfinished(name)) continue;
    const fs::file_time_type used = one.last_write_time(gone);
    if (gone) continue;
    if (is_unfinished(name)) {
      if (fs::file_time_type::clock::now() - used > abandoned_after) fs::remove(one.path(), gone);
      continue;
    }
    const std::uint64_t bytes = one.file_size(gone);
    if (!gone) entries.push_back({one.path(), used, bytes});
  }
  return entries;
}

std::uint64_t bytes_of(std::span<const Entry> entries) {
  std::uint64_t bytes = 0;
  for (const Entry& one : entries) bytes += one.bytes;
  return bytes;
}

/// An entry is this, then what it is the head of.
std::string head_of(const std::string& key, std::string_view content) {
  return fmt::format("evotune compiled\n{}\n{}\n", key, content_hash(content));
}

std::optional<Compiled> content_of_entry(const std::string& text, const std::string& key) {
  const std::size_t length = head_of(key, "").size();
  if (text.size() < length) return std::nullopt;
  const std::string_view content = std::string_view(text).substr(length);
  if (!text.starts_with(head_of(key, content))) return std::nullopt;
  try {
    Compiled compiled;
    Decoder decoder(std::as_bytes(std::span(content)));
    decoder(compiled);
    decoder.expect_end();
    return compiled;
  } catch (const Malformed&) {
    return std::nullopt;
  }
}

}  // namespace

CompileCache::CompileCache(fs::path folder, std::uint64_t cap)
    : folder_(std::move(folder)), cap_(cap) {}

fs::path CompileCache::file_of(const std::string& key) const {
  return folder_ / (key + std::string(ending));
}

std::optional<Compiled> CompileCache::find(const std::string& key) const {
  const fs::path path = file_of(key);
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return std::nullopt;
  std::optional<Compiled> found;
  try {
    found = content_of_entry(read_file(path), key);
  } catch (const IoError&) {
    return std::nullopt;  // another process has removed it, or the disk cannot give it
  }
  if (found)
    fs::last_write_time(path, fs::file_time_type::clock::now(), ignored);
  else
    fs::remove(path, ignored);
  return found;
}

void CompileCache::keep(const std::string& key, const Compiled& compiled) {
  Encoder encoder;
  encoder(compiled);
  const std::vector<std::byte> bytes = encoder.take();
  const std::string_view content(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::string entry = head_of(key, content) + std::string(content);
  const std::lock_guard lock(writing_);
  if (!writable_ || entry.size() > cap_) return;
  writable_ = write(file_of(key), entry);
  if (writable_ && (!bytes_ || (*bytes_ += entry.size()) > cap_)) trim();
}

bool CompileCache::write(const fs::path& file, const std::string& entry) const {
  try {
    std::error_code told_by_writing;
    if (fs::create_directories(folder_, told_by_writing))
      fs::permissions(folder_, fs::perms::owner_all, told_by_writing);
    write_file(file, entry);
    return true;
  } catch (const IoError&) {
    return false;  // a full disk: no more is tried, it would only cost time
  }
}

void CompileCache::trim() {
  std::vector<Entry> entries = entries_of(folder_);
  bytes_ = bytes_of(entries);
  if (*bytes_ <= cap_) return;
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.used < b.used; });
  const double enough = full_after_trimming * static_cast<double>(cap_);
  for (const Entry& oldest : entries) {
    if (static_cast<double>(*bytes_) <= enough) return;
    std::error_code gone;
    fs::remove(oldest.path, gone);
    *bytes_ -= oldest.bytes;
  }
}

CompileCache::Usage CompileCache::usage() const {
  const std::vector<Entry> entries = entries_of(folder_);
  return {entries.size(), bytes_of(entries)};
}

std::size_t CompileCache::clear() {
  std::size_t removed = 0;
  std::error_code problem;
  for (const Entry& one : entries_of(folder_)) {
    removed += fs::remove(one.path, problem) ? 1U : 0U;
    if (problem) throw IoError("cannot remove " + one.path.string() + ": " + problem.message());
  }
  return removed;
}

std::optional<fs::path> cache_folder() {
  if (const auto wanted = environment_variable("EVOTUNE_CACHE"))
    return *wanted == "off" ? std::nullopt : std::optional<fs::path>(*wanted);
  // An XDG folder that is not absolute is to be ignored, says its specification.
  if (const fs::path xdg = environment_variable("XDG_CACHE_HOME").value_or(""); xdg.is_absolute())
    return xdg / "evotune";
  if (const fs::path home = environment_variable("HOME").value_or(""); home.is_absolute())
    return home / ".cache/evotune";
  return std::nullopt;
}

}  // namespace evotune
