#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <utility>

namespace evotune {

/// At most `capacity` values by name: beyond it, the one that was not asked for the longest goes.
/// For tens of values, each expensive to make.
template <typename T>
class RecentlyUsed {
 public:
  explicit RecentlyUsed(std::size_t capacity) : capacity_(capacity) {}

  /// Null if there is none. Valid until it is forgotten.
  [[nodiscard]] T* find(const std::string& name) {
    for (auto one = entries_.begin(); one != entries_.end(); ++one)
      if (one->first == name) {
        entries_.splice(entries_.begin(), entries_, one);
        return &one->second;
      }
    return nullptr;
  }

  T& keep(std::string name, T value) {
    if (entries_.size() >= capacity_) entries_.pop_back();
    return entries_.emplace_front(std::move(name), std::move(value)).second;
  }

 private:
  std::size_t capacity_;
  std::list<std::pair<std::string, T>> entries_;  // the latest first
};

}  // namespace evotune
