#include "device/cached/cached_device.h"

#include <string_view>
#include <vector>

#include "base/hash.h"
#include "device/isolated/wire.h"

namespace evotune {
namespace {

/// Of all that decides what this source becomes on this device.
std::string key_of(const Source& source, const DeviceInfo& device) {
  Encoder encoder;  // so that no two lists of texts look the same end to end
  encoder(device.build, device.name, device.arch, device.compiler, source.text, source.entry,
          source.options, source.hash, source.observed);
  const std::vector<std::byte> all = encoder.take();
  return content_hash({reinterpret_cast<const char*>(all.data()), all.size()});
}

}  // namespace

Result<Compiled> CachedDevice::compile(const Source& source) const {
  const std::string key = key_of(source, info());
  if (std::optional<Compiled> known = cache_.find(key)) return *std::move(known);
  Result<Compiled> compiled = device_->compile(source);
  if (compiled) cache_.keep(key, *compiled);
  return compiled;
}

}  // namespace evotune
