#pragma once
// One PostgreSQL connection with typed parameters, rows and COPY. With the rest of this folder the one home of libpq. Rim.
// Not thread-safe; one owner. SQL text never holds a value: values are parameters ($1, $2, ..) or rows of a COPY.
// Errors: "database-unreachable" (no server, or it went away: connect again), "database-refused" (it does not let this user or
// program in), "database-busy" (a lock or another's work was in the way: the transaction can be tried again),
// "database-full", "database-duplicate" (a key is there already), "database-failed" (anything else, with PostgreSQL's words).

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tracking/base/bytes.h"
#include "tracking/base/result.h"

struct pg_conn;
struct pg_result;

namespace promenade::ticketing::postgres {

// A parameter in binary form. Dates are days since 1970-01-01, times milliseconds since 1970 UTC.
struct Date {
  std::int32_t days = 0;
};
struct Time {
  std::int64_t ms = 0;
};
using TextArray = std::vector<std::string>;
using Value = std::variant<std::monostate, bool, std::int32_t, std::int64_t, double, std::string, base::Bytes, Date, Time, TextArray>;

// The rows of one answer, all in memory. Columns are typed by SQL; a getter of another type is asserted against.
class Rows {
 public:
  explicit Rows(pg_result* result);
  int size() const;
  std::int64_t affected() const;  // rows that an INSERT, UPDATE or DELETE touched
  bool is_null(int row, int column) const;
  std::int64_t number(int row, int column) const;  // smallint, integer, bigint
  double real(int row, int column) const;
  bool flag(int row, int column) const;
  std::string text(int row, int column) const;
  base::Bytes bytes(int row, int column) const;
  Date date(int row, int column) const;
  Time time(int row, int column) const;
  TextArray texts(int row, int column) const;

 private:
  friend class Connection;
  struct Clear {
    void operator()(pg_result* result) const;
  };
  base::ByteView cell(int row, int column) const;
  std::unique_ptr<pg_result, Clear> result_;
};

class Connection {
 public:
  // CONNINFO as libpq takes it: "host=/run/postgresql dbname=circuit" or a postgresql:// address.
  static base::Result<Connection> open(const std::string& conninfo);
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  base::Result<Rows> query(const std::string& sql, std::span<const Value> values = {});
  base::Result<Rows> query(const std::string& sql, std::initializer_list<Value> values) { return query(sql, std::span(values.begin(), values.size())); }
  base::Result<void> run(const std::string& sql);  // one or more statements without values
  // All or nothing: BODY's failure, or one of the commit, rolls everything back. A failure of the commit itself to be answered
  // leaves open whether it happened: whoever wrote looks, before writing again.
  base::Result<void> transaction(const std::function<base::Result<void>()>& body);
  // COPY TABLE_AND_COLUMNS FROM STDIN in binary form. ROWS are whole rows as CopyRows makes them.
  base::Result<std::int64_t> copy_in(const std::string& table_and_columns, std::span<const base::ByteView> rows);
  // COPY QUERY_OR_TABLE TO STDOUT in binary form, without its header and trailer, row by row.
  base::Result<void> copy_out(const std::string& table_or_query, const std::function<base::Result<void>(base::ByteView row)>& take);
  bool is_open() const;  // false once the server went away

 private:
  struct Close {
    void operator()(pg_conn* connection) const;
  };
  explicit Connection(pg_conn* connection) : connection_(connection) {}
  base::Result<Rows> checked(Rows rows);
  std::unexpected<base::Error> failure(const pg_result* result) const;
  std::unique_ptr<pg_conn, Close> connection_;
};

// Rows in COPY's binary form, one after another. Each row has as many fields as the COPY names columns, in their order.
class CopyRows {
 public:
  explicit CopyRows(std::int16_t columns) : columns_(columns) {}
  CopyRows& row();  // begins the next
  CopyRows& null();
  CopyRows& smallint(std::int16_t value);
  CopyRows& integer(std::int32_t value);
  CopyRows& bigint(std::int64_t value);
  CopyRows& flag(bool value);
  CopyRows& text(std::string_view value);
  CopyRows& bytes(base::ByteView value);
  CopyRows& date(Date value);
  CopyRows& time(Time value);
  CopyRows& texts(const TextArray& value);
  const base::Bytes& data() const { return data_; }
  std::int64_t rows() const { return rows_; }

 private:
  void put(std::uint64_t value, int bytes);
  std::int16_t columns_;
  std::int64_t rows_ = 0;
  base::Bytes data_;
};

}  // namespace promenade::ticketing::postgres
