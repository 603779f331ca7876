#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace evotune {

/// Bytes that cannot be what they claim to be.
class Malformed : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A struct that travels lists its members once, for both directions:
///   template <typename Archive, Is<Launch> T>
///   void fields(Archive& archive, T& v) { archive(v.grid, v.block, v.shared_bytes); }
template <typename T, typename Wanted>
concept Is = std::same_as<std::remove_const_t<T>, Wanted>;

/// The last enumerator of an enum that travels, so that no other value ever comes out of a message.
template <typename T>
struct LastOf;

template <typename T>
concept Number = std::is_arithmetic_v<T> || std::same_as<T, std::byte>;

/// Writes values as bytes, in this machine's own order: both ends run on it.
class Encoder {
 public:
  template <typename... T>
  void operator()(const T&... values) {
    (put(values), ...);
  }
  [[nodiscard]] std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  void raw(const void* data, std::size_t size) {
    const auto* first = static_cast<const std::byte*>(data);
    bytes_.insert(bytes_.end(), first, first + size);
  }
  template <Number T>
  void put(const T& value) {
    raw(&value, sizeof value);
  }
  template <typename T>
  requires std::is_enum_v<T> &&(!std::same_as<T, std::byte>)void put(const T& value) {
    put(static_cast<std::uint8_t>(value));
  }
  void put(const std::string& text) {
    put(std::uint64_t{text.size()});
    raw(text.data(), text.size());
  }
  template <typename T, std::size_t n>
  void put(const std::array<T, n>& values) {
    for (const T& one : values) put(one);
  }
  template <typename T>
  void put(const std::vector<T>& values) {
    put(std::uint64_t{values.size()});
    if constexpr (Number<T>)
      raw(values.data(), values.size() * sizeof(T));
    else
      for (const T& one : values) put(one);
  }
  template <typename T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <typename... T>
  void put(const std::variant<T...>& value) {
    put(static_cast<std::uint8_t>(value.index()));
    std::visit([this](const auto& held) { this->put(held); }, value);
  }
  template <typename K, typename V, typename Order>
  void put(const std::map<K, V, Order>& entries) {
    put(std::uint64_t{entries.size()});
    for (const auto& entry : entries) (*this)(entry.first, entry.second);
  }
  template <typename T>
  requires std::is_class_v<T>
  void put(const T& value) { fields(*this, value); }

  std::vector<std::byte> bytes_;
};

/// Reads them back. Trusts nothing: throws Malformed before it reads past the end, and allocates no
/// more than a small multiple of what it was given.
class Decoder {
 public:
  explicit Decoder(std::span<const std::byte> bytes) : left_(bytes) {}

  template <typename... T>
  void operator()(T&... values) {
    (get(values), ...);
  }
  /// Call when all is read: a message that says more than it should is not ours.
  void expect_end() const {
    if (!left_.empty()) throw Malformed("a message is longer than its content");
  }

 private:
  void raw(void* data, std::size_t size) {
    if (size > left_.size()) throw Malformed("a message ends too early");
    if (size != 0) std::memcpy(data, left_.data(), size);
    left_ = left_.subspan(size);
  }
  /// Every element takes a byte or more, so a count beyond the bytes that are left is a lie.
  std::size_t count(std::size_t element_size) {
    std::uint64_t n = 0;
    get(n);
    if (n > left_.size() / element_size) throw Malformed("a message counts more than it holds");
    return static_cast<std::size_t>(n);
  }

  void get(bool& value) {
    std::uint8_t byte = 0;
    get(byte);
    if (byte > 1) throw Malformed("a flag is neither true nor false");
    value = byte == 1;
  }
  template <Number T>
  void get(T& value) {
    raw(&value, sizeof value);
  }
  template <typename T>
  requires std::is_enum_v<T> &&(!std::same_as<T, std::byte>)void get(T& value) {
    std::uint8_t byte = 0;
    get(byte);
    if (byte > static_cast<std::uint8_t>(LastOf<T>::value)) throw Malformed("no such enumerator");
    value = static_cast<T>(byte);
  }
  void get(std::string& text) {
    text.resize(count(1));
    raw(text.data(), text.size());
  }
  template <typename T, std::size_t n>
  void get(std::array<T, n>& values) {
    for (T& one : values) get(one);
  }
  template <typename T>
  void get(std::vector<T>& values) {
    values.resize(count(Number<T> ? sizeof(T) : 1));
    if constexpr (Number<T>)
      raw(values.data(), values.size() * sizeof(T));
    else
      for (T& one : values) get(one);
  }
  template <typename T>
  void get(std::optional<T>& value) {
    bool there = false;
    get(there);
    value.reset();
    if (there) get(value.emplace());
  }
  template <typename... T>
  void get(std::variant<T...>& value) {
    std::uint8_t index = 0;
    get(index);
    if (index >= sizeof...(T)) throw Malformed("no such alternative");
    std::uint8_t at = 0;
    (void)((at++ == index ? (get(value.template emplace<T>()), true) : false) || ...);
  }
  template <typename K, typename V, typename Order>
  void get(std::map<K, V, Order>& entries) {
    entries.clear();
    for (std::size_t n = count(1); n != 0; --n) {
      std::pair<K, V> entry;
      (*this)(entry.first, entry.second);
      if (!entries.insert(std::move(entry)).second) throw Malformed("a name occurs twice");
    }
  }
  template <typename T>
  requires std::is_class_v<T>
  void get(T& value) { fields(*this, value); }

  std::span<const std::byte> left_;
};

}  // namespace evotune
