#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>

#include "device/device.h"
#include "device/isolated/messages.h"

namespace evotune {

/// Workloads a worker has seen, the newest few; what is in use lives on with its user.
class WorkloadCache {
 public:
  static constexpr std::size_t most_kept = 32;
  static constexpr std::uint64_t most_bytes = std::uint64_t{4} << 30;

  explicit WorkloadCache(std::uint64_t byte_limit = most_bytes) : byte_limit_(byte_limit) {}

  [[nodiscard]] std::shared_ptr<const Workload> find(const std::string& id) const;
  void keep(std::shared_ptr<const Workload>);  ///< forgets the oldest for it

 private:
  std::uint64_t byte_limit_;
  std::deque<std::shared_ptr<const Workload>> kept_;  ///< oldest first
};

/// A device as requests and answers. The other side of IsolatedDevice.
class Service {
 public:
  explicit Service(Device& device) : device_(device) {}

  /// Never throws for what the device does: that becomes the answer. Throws Malformed for a request
  /// that makes no sense.
  [[nodiscard]] Message answer(const Message& request);

 private:
  struct Entry {
    std::shared_ptr<const Workload> workload;
    std::unique_ptr<Loaded> loaded;  ///< goes first
  };

  [[nodiscard]] Message dispatch(const Message&);
  [[nodiscard]] Message compile(const Message&);
  [[nodiscard]] Message load(const Message&);
  [[nodiscard]] Message run(const Message&);
  [[nodiscard]] Message observe(const Message&);
  [[nodiscard]] Message read(const Message&);
  [[nodiscard]] Message unload(const Message&);
  [[nodiscard]] std::shared_ptr<const Workload> workload_for(LoadRequest&, const Handle&);
  [[nodiscard]] Loaded& find(std::uint64_t id);

  Device& device_;
  WorkloadCache workloads_;
  std::map<std::uint64_t, Entry> loaded_;
  std::uint64_t next_id_ = 1;
};

}  // namespace evotune
