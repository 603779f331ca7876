#include <memory>
#include <optional>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/format_option.h"
#include "device/cached/compile_cache.h"

namespace evotune {
namespace {

struct CacheOptions {
  bool clear = false;
  Format format = Format::text;
};

void show_cache(const CacheOptions& options) {
  std::optional<CompileCache> cache;
  if (const auto folder = cache_folder()) cache.emplace(*folder);
  const std::size_t removed = cache && options.clear ? cache->clear() : 0;
  const CompileCache::Usage usage = cache ? cache->usage() : CompileCache::Usage{};
  if (options.format == Format::json) {
    OrderedJson answer{{"path", nullptr},
                       {"entries", usage.entries},
                       {"bytes", usage.bytes},
                       {"cap_bytes", CompileCache::default_cap},
                       {"removed", removed}};
    if (cache) answer["path"] = cache->folder().string();
    print(write(answer));
  } else if (!cache) {
    print("the cache is off: EVOTUNE_CACHE says so, or there is no home for it\n");
  } else {
    if (options.clear) print(fmt::format("removed {} entries\n", removed));
    print(fmt::format("{}: {} compiled kernels, {:.1f} of at most {:.0f} MiB\n",
                      cache->folder().string(), usage.entries,
                      static_cast<double>(usage.bytes) / (1 << 20),
                      static_cast<double>(CompileCache::default_cap) / (1 << 20)));
  }
}

}  // namespace

void add_cache(Command app, int& /*exit_code*/) {
  Command command = app.add_subcommand("cache", "Kernels that need not be compiled again");
  auto options = std::make_shared<CacheOptions>();
  command.add_flag("--clear", options->clear, "Remove them");
  add_json_option(command, options->format);
  command.footer(
      "EVOTUNE_CACHE names another folder, or is 'off'. Beyond its size, what was not used for "
      "the\n"
      "longest goes.\n\n"
      "Examples:\n"
      "  evotune cache\n"
      "  evotune cache --clear\n");
  command.callback([options] { show_cache(*options); });
}

}  // namespace evotune
