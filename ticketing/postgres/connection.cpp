#include "ticketing/postgres/connection.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "ticketing/postgres/binary.h"
#include "tracking/base/assert.h"

namespace promenade::ticketing::postgres {
namespace {

// One parameter as libpq wants it. Types are given, so that the server need not guess.
struct Bound {
  Oid type = 0;
  bool null = false;
  base::Bytes bytes;
};

constexpr Oid kBool = 16, kBytea = 17, kBigint = 20, kInteger = 23, kText = 25, kDouble = 701, kTextArray = 1009, kDate = 1082, kTimestamptz = 1184;

struct Binder {
  Bound operator()(std::monostate) const { return {0, true, {}}; }
  Bound operator()(bool v) const { return {kBool, false, {static_cast<std::uint8_t>(v ? 1 : 0)}}; }
  Bound operator()(std::int32_t v) const { return number(kInteger, static_cast<std::uint32_t>(v), 4); }
  Bound operator()(std::int64_t v) const { return number(kBigint, static_cast<std::uint64_t>(v), 8); }
  Bound operator()(double v) const { return number(kDouble, std::bit_cast<std::uint64_t>(v), 8); }
  Bound operator()(const std::string& v) const { return {kText, false, base::Bytes(v.begin(), v.end())}; }
  Bound operator()(const base::Bytes& v) const { return {kBytea, false, v}; }
  Bound operator()(Date v) const { return number(kDate, pg_date(v), 4); }
  Bound operator()(Time v) const { return number(kTimestamptz, pg_time(v), 8); }
  Bound operator()(const TextArray& v) const {
    Bound out{kTextArray, false, {}};
    put_text_array(out.bytes, v);
    return out;
  }
  static Bound number(Oid type, std::uint64_t value, int size) {
    Bound out{type, false, {}};
    put_big(out.bytes, value, size);
    return out;
  }
};

std::string one_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  for (char& c : text)
    if (c == '\n') c = ' ';
  return text;
}

// SQLSTATE classes of PostgreSQL, appendix "Error Codes".
base::Error error_of(std::string_view state, const std::string& words, bool gone) {
  if (gone || state.starts_with("08") || state.starts_with("57P"))
    return {"database-unreachable", "PostgreSQL does not answer: " + words + ".", "Start it, and check the address in --database; nothing is lost, the same command goes on."};
  if (state.starts_with("28") || state == "3D000" || state == "42501")
    return {"database-refused", "PostgreSQL does not let this program in: " + words + ".", "Check user, password and database name in --database, and the rights of that user."};
  if (state.starts_with("40") || state == "55P03") return {"database-busy", "PostgreSQL put this off: " + words + ".", "Try again."};
  if (state == "53100" || state == "53200") return {"database-full", "PostgreSQL has no room: " + words + ".", "Free disk space where its data lies; what was committed is kept."};
  if (state == "23505") return {"database-duplicate", "PostgreSQL has that already: " + words + ".", {}};
  return {"database-failed", "PostgreSQL refuses: " + words + (state.empty() ? "" : " (" + std::string(state) + ")") + ".", "This is an error of the program or its database: keep the message."};
}

constexpr std::array<std::uint8_t, 19> kCopyHeader{'P', 'G', 'C', 'O', 'P', 'Y', '\n', 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0};
constexpr std::array<std::uint8_t, 2> kCopyTrailer{0xFF, 0xFF};

}  // namespace

void put_text_array(base::Bytes& out, const TextArray& texts) {
  put_big(out, texts.empty() ? 0 : 1, 4);
  put_big(out, 0, 4);  // no nulls
  put_big(out, kTextOid, 4);
  if (texts.empty()) return;
  put_big(out, texts.size(), 4);
  put_big(out, 1, 4);  // the first index
  for (const auto& text : texts) {
    put_big(out, text.size(), 4);
    out.insert(out.end(), text.begin(), text.end());
  }
}

TextArray get_text_array(base::ByteView in) {
  TextArray out;
  if (in.size() < 20 || get_big(in.first(4)) != 1) return out;
  const std::uint64_t count = get_big(in.subspan(12, 4));
  in = in.subspan(20);
  for (std::uint64_t i = 0; i < count && in.size() >= 4; ++i) {
    const auto size = static_cast<std::size_t>(get_big(in.first(4)));
    PROMENADE_ASSERT(size <= in.size() - 4);
    out.emplace_back(base::as_text(in.subspan(4, size)));
    in = in.subspan(4 + size);
  }
  return out;
}

Rows::Rows(pg_result* result) : result_(result) {}
void Rows::Clear::operator()(pg_result* result) const { PQclear(result); }
int Rows::size() const { return PQntuples(result_.get()); }

std::int64_t Rows::affected() const {
  const std::string_view text = PQcmdTuples(result_.get());
  return text.empty() ? 0 : std::stoll(std::string(text));
}

bool Rows::is_null(int row, int column) const { return PQgetisnull(result_.get(), row, column) == 1; }

base::ByteView Rows::cell(int row, int column) const {
  PROMENADE_ASSERT(row < size() && column < PQnfields(result_.get()));
  return {reinterpret_cast<const std::uint8_t*>(PQgetvalue(result_.get(), row, column)), static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

std::int64_t Rows::number(int row, int column) const {
  const auto in = cell(row, column);
  const std::uint64_t value = get_big(in);
  switch (in.size()) {
    case 0: return 0;  // null
    case 2: return static_cast<std::int16_t>(value);
    case 4: return static_cast<std::int32_t>(value);
    default: PROMENADE_ASSERT(in.size() == 8); return static_cast<std::int64_t>(value);
  }
}

double Rows::real(int row, int column) const {
  const auto in = cell(row, column);
  return in.empty() ? 0.0 : std::bit_cast<double>(get_big(in));
}

bool Rows::flag(int row, int column) const {
  const auto in = cell(row, column);
  return !in.empty() && in[0] != 0;
}

std::string Rows::text(int row, int column) const { return std::string(base::as_text(cell(row, column))); }

base::Bytes Rows::bytes(int row, int column) const {
  const auto in = cell(row, column);
  return {in.begin(), in.end()};
}

Date Rows::date(int row, int column) const { return {static_cast<std::int32_t>(number(row, column)) + kEpochDays}; }

Time Rows::time(int row, int column) const {
  const std::int64_t us = number(row, column);
  return {(us >= 0 ? us : us - 999) / 1000 + kEpochMs};
}

TextArray Rows::texts(int row, int column) const { return get_text_array(cell(row, column)); }

void Connection::Close::operator()(pg_conn* connection) const { PQfinish(connection); }
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

base::Result<Connection> Connection::open(const std::string& conninfo) {
  // Without a limit of its own a server that takes the connection and says nothing would hold us for ever.
  const char* names[] = {"dbname", "connect_timeout", "application_name", "client_encoding", nullptr};
  const char* values[] = {conninfo.c_str(), "10", "promenade-circuit", "UTF8", nullptr};
  Connection made(PQconnectdbParams(names, values, 1));
  if (PQstatus(made.connection_.get()) != CONNECTION_OK) {
    const std::string words = one_line(PQerrorMessage(made.connection_.get()));
    const bool refused = words.contains("authentication failed") || words.contains("does not exist") || words.contains("no pg_hba.conf entry");
    return std::unexpected(error_of(refused ? "28000" : "08000", words, false));
  }
  // Notices ("relation exists already") are no news to anybody.
  PQsetNoticeProcessor(made.connection_.get(), [](void*, const char*) {}, nullptr);
  return made;
}

bool Connection::is_open() const { return PQstatus(connection_.get()) == CONNECTION_OK; }

std::unexpected<base::Error> Connection::failure(const pg_result* result) const {
  const char* state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* primary = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  // A failure without a code was not told by the server: the line to it broke, whatever state libpq has it in by now.
  const bool line_broke = result != nullptr && PQresultStatus(result) == PGRES_FATAL_ERROR && state == nullptr;
  return std::unexpected(error_of(state == nullptr ? "" : state, one_line(primary == nullptr ? PQerrorMessage(connection_.get()) : primary), line_broke || !is_open()));
}

base::Result<Rows> Connection::query(const std::string& sql, std::span<const Value> values) {
  std::vector<Bound> bound;
  std::vector<Oid> types;
  std::vector<const char*> pointers;
  std::vector<int> lengths, formats;
  bound.reserve(values.size());
  for (const Value& value : values) {
    const Bound& one = bound.emplace_back(std::visit(Binder{}, value));
    types.push_back(one.type);
    // An empty text is not a null: it needs an address.
    pointers.push_back(one.null ? nullptr : one.bytes.empty() ? "" : reinterpret_cast<const char*>(one.bytes.data()));
    lengths.push_back(static_cast<int>(one.bytes.size()));
    formats.push_back(1);
  }
  Rows rows(PQexecParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()), types.data(), pointers.data(), lengths.data(), formats.data(), 1));
  return checked(std::move(rows));
}

base::Result<Rows> Connection::checked(Rows rows) {
  const auto status = PQresultStatus(rows.result_.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) return failure(rows.result_.get());
  return rows;
}

base::Result<void> Connection::run(const std::string& sql) {
  if (auto done = checked(Rows(PQexec(connection_.get(), sql.c_str()))); !done) return std::unexpected(done.error());
  return {};
}

base::Result<void> Connection::transaction(const std::function<base::Result<void>()>& body) {
  if (auto begun = run("BEGIN"); !begun) return begun;
  if (auto done = body(); !done) {
    static_cast<void>(run("ROLLBACK"));
    return done;
  }
  Rows rows(PQexec(connection_.get(), "COMMIT"));
  if (PQresultStatus(rows.result_.get()) != PGRES_COMMAND_OK) return failure(rows.result_.get());
  // A transaction that had failed answers a COMMIT with ROLLBACK and no error.
  if (std::string_view(PQcmdStatus(rows.result_.get())) != "COMMIT") return base::fail("database-failed", "PostgreSQL rolled the transaction back.", "Try again.");
  return {};
}

base::Result<std::int64_t> Connection::copy_in(const std::string& table_and_columns, std::span<const base::ByteView> rows) {
  const Rows begun(PQexec(connection_.get(), ("COPY " + table_and_columns + " FROM STDIN (FORMAT binary)").c_str()));
  if (PQresultStatus(begun.result_.get()) != PGRES_COPY_IN) return failure(begun.result_.get());
  const auto put = [&](base::ByteView data) {
    constexpr std::size_t kMost = 1 << 20;  // libpq takes an int, and buffers what it is given
    while (!data.empty()) {
      const auto part = data.first(std::min(kMost, data.size()));
      if (PQputCopyData(connection_.get(), reinterpret_cast<const char*>(part.data()), static_cast<int>(part.size())) != 1) return false;
      data = data.subspan(part.size());
    }
    return true;
  };
  bool sent = put(kCopyHeader);
  for (const auto& part : rows) sent = sent && put(part);
  sent = sent && put(kCopyTrailer);
  PQputCopyEnd(connection_.get(), sent ? nullptr : "the sender broke off");
  const Rows done(PQgetResult(connection_.get()));
  while (Rows(PQgetResult(connection_.get())).result_ != nullptr) {
  }
  if (!sent || PQresultStatus(done.result_.get()) != PGRES_COMMAND_OK) return failure(done.result_.get());
  return done.affected();
}

base::Result<void> Connection::copy_out(const std::string& table_or_query, const std::function<base::Result<void>(base::ByteView row)>& take) {
  const Rows begun(PQexec(connection_.get(), ("COPY " + table_or_query + " TO STDOUT (FORMAT binary)").c_str()));
  if (PQresultStatus(begun.result_.get()) != PGRES_COPY_OUT) return failure(begun.result_.get());
  base::Result<void> taken;
  bool first = true;
  int size = 0;
  for (char* buffer = nullptr; (size = PQgetCopyData(connection_.get(), &buffer, 0)) > 0;) {
    base::ByteView row(reinterpret_cast<const std::uint8_t*>(buffer), static_cast<std::size_t>(size));
    if (std::exchange(first, false)) row = row.subspan(std::min(row.size(), kCopyHeader.size()));
    const bool trailer = row.size() == 2 && row[0] == 0xFF && row[1] == 0xFF;
    if (taken && !row.empty() && !trailer) taken = take(row);
    PQfreemem(buffer);
  }
  const Rows done(PQgetResult(connection_.get()));
  while (Rows(PQgetResult(connection_.get())).result_ != nullptr) {
  }
  if (!taken) return taken;
  if (size == -2 || PQresultStatus(done.result_.get()) != PGRES_COMMAND_OK) return failure(done.result_.get());
  return {};
}

void CopyRows::put(std::uint64_t value, int bytes) { put_big(data_, value, bytes); }

CopyRows& CopyRows::row() {
  put(static_cast<std::uint16_t>(columns_), 2);
  ++rows_;
  return *this;
}

CopyRows& CopyRows::null() { return put(0xFFFFFFFF, 4), *this; }
CopyRows& CopyRows::smallint(std::int16_t value) { return put(2, 4), put(static_cast<std::uint16_t>(value), 2), *this; }
CopyRows& CopyRows::integer(std::int32_t value) { return put(4, 4), put(static_cast<std::uint32_t>(value), 4), *this; }
CopyRows& CopyRows::bigint(std::int64_t value) { return put(8, 4), put(static_cast<std::uint64_t>(value), 8), *this; }
CopyRows& CopyRows::flag(bool value) { return put(1, 4), put(value ? 1 : 0, 1), *this; }
CopyRows& CopyRows::text(std::string_view value) { return bytes(base::as_bytes(value)); }
CopyRows& CopyRows::date(Date value) { return put(4, 4), put(pg_date(value), 4), *this; }
CopyRows& CopyRows::time(Time value) { return put(8, 4), put(pg_time(value), 8), *this; }

CopyRows& CopyRows::bytes(base::ByteView value) {
  put(value.size(), 4);
  const std::size_t at = data_.size();
  data_.resize(at + value.size());
  std::ranges::copy(value, data_.begin() + static_cast<std::ptrdiff_t>(at));
  return *this;
}

CopyRows& CopyRows::texts(const TextArray& value) {
  base::Bytes array;
  put_text_array(array, value);
  return bytes(array);
}

}  // namespace promenade::ticketing::postgres
