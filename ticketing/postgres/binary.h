#pragma once
// PostgreSQL's binary forms of values: big-endian numbers, times in microseconds and dates in days since 2000-01-01, arrays
// with their dimension. Internal to ticketing/postgres. Source: the server's send and receive functions, docs "COPY, binary
// format" and src/backend/utils/adt.

#include <cstdint>
#include <string_view>

#include "ticketing/postgres/connection.h"

namespace promenade::ticketing::postgres {

inline constexpr std::int32_t kEpochDays = 10'957;                       // 2000-01-01 since 1970-01-01
inline constexpr std::int64_t kEpochMs = std::int64_t{kEpochDays} * 86'400'000;
inline constexpr std::uint32_t kTextOid = 25;

inline void put_big(base::Bytes& out, std::uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

inline std::uint64_t get_big(base::ByteView in) {
  std::uint64_t value = 0;
  for (const auto byte : in) value = value << 8 | byte;
  return value;
}

inline std::uint64_t pg_time(Time time) { return static_cast<std::uint64_t>((time.ms - kEpochMs) * 1000); }
inline std::uint32_t pg_date(Date date) { return static_cast<std::uint32_t>(date.days - kEpochDays); }

// text[]: one dimension, no nulls.
void put_text_array(base::Bytes& out, const TextArray& texts);
TextArray get_text_array(base::ByteView in);

}  // namespace promenade::ticketing::postgres
