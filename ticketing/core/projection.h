#pragma once
// The state as tables: every fact as rows of text and numbers that a store can keep and people can query.
// Pure; rows are a function of the events alone, so a rebuild gives the same bytes.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace promenade::ticketing {

using Cell = std::variant<std::int64_t, std::string>;

struct Column {
  std::string_view name;
  bool number = false;
};
struct Table {
  std::string_view name;
  std::span<const Column> columns;  // the first is the key, text
};
std::span<const Table> projection_tables();

struct Row {
  std::size_t table = 0;  // index into projection_tables()
  std::vector<Cell> cells;
  friend bool operator==(const Row&, const Row&) = default;
};

// One row as a line: table, then cells, tab separated, with \t \n \\ escaped.
std::string row_line(const Row& row);
// All rows ordered by table and key, one line each: the canonical dump that rebuilds are compared by.
std::string dump_rows(std::vector<Row> rows);

}  // namespace promenade::ticketing
