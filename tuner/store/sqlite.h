#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <variant>

#include "base/errors.h"
#include "store/writer_lock.h"

struct sqlite3;
struct sqlite3_stmt;

namespace evotune {

struct CloseConnection {
  void operator()(sqlite3*) const;
};
struct FinishStatement {
  void operator()(sqlite3_stmt*) const;
};
using Statement = std::unique_ptr<sqlite3_stmt, FinishStatement>;

/// A value on its way into a statement, which keeps a copy.
using Bound = std::variant<std::monostate, std::int64_t, double, std::string_view>;

template <std::integral T>
Bound to_bound(T value) {
  return static_cast<std::int64_t>(value);  // 64-bit unsigned keep their bits and come back as such
}
inline Bound to_bound(double value) { return value; }
inline Bound to_bound(std::string_view value) { return value; }
inline Bound to_bound(const std::string& value) { return std::string_view(value); }
inline Bound to_bound(const char* value) { return std::string_view(value); }
inline Bound to_bound(const std::variant<std::int64_t, std::string>& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return *integer;
  return std::string_view(std::get<std::string>(value));
}
template <typename T>
Bound to_bound(const std::optional<T>& value) {
  return value ? to_bound(*value) : Bound{};
}

template <typename T>
inline constexpr bool is_optional = false;
template <typename T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// A statement under way. Its columns are taken from left to right, each once. The statement is
/// reset, ready for its next use, when this goes.
class Rows {
 public:
  Rows(sqlite3_stmt* statement) : statement_(statement) {}
  ~Rows();
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  /// Steps to the next row; false at the end.
  bool next();

  /// Appends all of the row, so that no two different rows look alike.
  void append_to(std::string&) const;

  template <typename T>
  [[nodiscard]] T take() {
    if constexpr (is_optional<T>) {
      if (null()) {
        ++column_;
        return std::nullopt;
      }
      return take<typename T::value_type>();
    } else if constexpr (std::is_same_v<T, bool>) {
      return integer() != 0;
    } else if constexpr (std::is_integral_v<T>) {
      return static_cast<T>(integer());
    } else if constexpr (std::is_floating_point_v<T>) {
      return real();
    } else {
      return text();
    }
  }

 private:
  [[nodiscard]] bool null() const;
  std::int64_t integer();
  double real();
  std::string text();

  sqlite3_stmt* statement_;
  int column_ = 0;
};

/// One connection. SQL text is always ours and constant; what varies is bound.
/// Every failure throws: a broken rule of the schema as std::logic_error, the rest as IoError.
struct Sqlite {
  enum class Access : std::uint8_t { read_only, read_write };
  Sqlite(std::string path, Access);

  /// Prepares the text once per connection, binds and hands it over.
  template <typename... Values>
  Rows run(std::string_view sql, const Values&... values) {
    sqlite3_stmt* statement = prepared(sql);
    [[maybe_unused]] int index = 0;
    (bind(statement, ++index, to_bound(values)), ...);
    return Rows(statement);
  }
  /// Runs to the end and drops what rows there are.
  template <typename... Values>
  void execute(std::string_view sql, const Values&... values) {
    Rows rows = run(sql, values...);
    while (rows.next()) {
    }
  }
  /// The first column of the first row.
  template <typename T, typename... Values>
  [[nodiscard]] T value(std::string_view sql, const Values&... values) {
    Rows rows = run(sql, values...);
    if (!rows.next()) fail_without_row(sql);
    return rows.take<T>();
  }
  /// Several statements, none kept: schemas and settings.
  void script(const std::string& sql);

  [[nodiscard]] std::int64_t last_id() const;
  [[nodiscard]] int changes() const;
  [[nodiscard]] bool in_memory() const { return path == ":memory:"; }

  std::string path;
  std::optional<WriterLock> lock;  // released after the connection has closed
  std::unique_ptr<sqlite3, CloseConnection> handle;

 private:
  sqlite3_stmt* prepared(std::string_view sql);
  static void bind(sqlite3_stmt*, int index, const Bound&);
  [[noreturn]] static void fail_without_row(std::string_view sql);

  std::unordered_map<std::string, Statement> statements_;  // finished before the connection closes
};

/// The file is not what was written. Says what can be done.
class DamagedDatabase : public IoError {
 public:
  DamagedDatabase(const std::string& path, const std::string& why);
};

/// All of it into a new file, which is whole or not there.
void write_copy(Sqlite&, const std::string& path);

/// Throws what this result code means.
[[noreturn]] void throw_sqlite_error(sqlite3*, int code);

/// All or nothing: rolled back unless committed.
class Transaction {
 public:
  enum class Kind : std::uint8_t { writing, reading };
  explicit Transaction(Sqlite&, Kind = Kind::writing);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Sqlite& db_;
};

}  // namespace evotune
