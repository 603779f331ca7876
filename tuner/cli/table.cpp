#include "cli/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <system_error>

#include "base/errors.h"

namespace evotune {
namespace {

std::string dump(const OrderedJson& json, int indent) {
  return json.dump(indent, ' ', false, OrderedJson::error_handler_t::replace);
}

std::string cell_text(const OrderedJson& cell) {
  if (cell.is_null()) return "-";
  if (cell.is_string()) return printable(cell.get_ref<const std::string&>());
  if (cell.is_number_float()) return fmt::format("{:.5g}", cell.get<double>());
  return printable(dump(cell, -1));
}

// Of a terminal: UTF-8's continuation bytes take no place.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

std::string line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths,
                 const std::vector<bool>& to_the_right) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string padding(widths[i] - width(cells[i]), ' ');
    if (i > 0) out += "  ";
    out += to_the_right[i] ? padding + cells[i] : cells[i] + padding;
  }
  return out.substr(0, out.find_last_not_of(' ') + 1) + "\n";
}

std::string csv_cell(const OrderedJson& cell) {
  if (cell.is_null()) return {};
  if (!cell.is_string()) {
    if (!cell.is_structured()) return dump(cell, -1);
  }
  std::string text = cell.is_string() ? cell.get<std::string>() : dump(cell, -1);
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
    text.insert(0, "'");
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

std::string to_text(const Table& table) {
  std::vector<std::vector<std::string>> lines{table.columns};
  std::vector<std::size_t> widths;
  std::vector<bool> to_the_right(table.columns.size(), false);
  for (const std::string& name : table.columns) widths.push_back(width(name));
  for (const auto& row : table.rows) {
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < row.size(); ++i) {
      cells.push_back(cell_text(row[i]));
      widths[i] = std::max(widths[i], width(cells.back()));
      if (row[i].is_number()) to_the_right[i] = true;
    }
    lines.push_back(std::move(cells));
  }
  std::string out;
  for (const auto& cells : lines) out += line(cells, widths, to_the_right);
  return out;
}

std::string to_csv(const Table& table) {
  std::string out;
  const auto add = [&out](const auto& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) out += (i > 0 ? "," : "") + csv_cell(cells[i]);
    out += "\r\n";
  };
  add(table.columns);
  for (const auto& row : table.rows) add(row);
  return out;
}

OrderedJson to_json(const Table& table) {
  OrderedJson list = OrderedJson::array();
  for (const auto& row : table.rows) {
    OrderedJson object = OrderedJson::object();
    for (std::size_t i = 0; i < row.size(); ++i) object[table.columns[i]] = row[i];
    list.push_back(std::move(object));
  }
  return list;
}

std::string write(const Table& table, Format format) {
  if (format == Format::csv) return to_csv(table);
  return format == Format::json ? write(to_json(table)) : to_text(table);
}

std::string write(const OrderedJson& json) { return dump(json, 2) + "\n"; }

std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

OrderedJson number_or_null(double value) {
  return std::isfinite(value) ? OrderedJson(value) : OrderedJson();
}

void print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    throw IoError("cannot write the output: " + std::generic_category().message(errno));
}

}  // namespace evotune
