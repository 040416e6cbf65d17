#pragma once
// Strict reading of one JSON object: each field once, of its type and within its limits; the first failure wins and
// names the field; fields that nobody asked for are a failure at the end. Pure.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "ticketing/core/business_date.h"
#include "ticketing/core/money.h"
#include "tracking/base/crypto.h"
#include "tracking/base/result.h"

namespace promenade::ticketing {

bool is_utf8(std::string_view text);
// Canonical bytes: sorted keys, no spaces; bytes that are no UTF-8 become U+FFFD.
std::string canonical_text(const nlohmann::json& json);

class FieldReader {
 public:
  FieldReader(const nlohmann::json& object, std::string what, std::string code = "request-malformed");

  bool has(std::string_view name) const;  // present and not null
  const nlohmann::json& any(const char* name);
  std::string text(const char* name, std::size_t min, std::size_t max);
  std::string word(const char* name);      // 1..80 of A-Z a-z 0-9 . _ : -
  std::string optional_text(const char* name, std::size_t max);  // empty where missing
  std::int64_t number(const char* name, std::int64_t low, std::int64_t high);
  std::uint64_t sequence(const char* name);
  double share(const char* name);          // 0..1
  bool flag(const char* name);
  bool optional_flag(const char* name);
  base::UtcTime time(const char* name);
  BusinessDate date(const char* name);
  base::Hash hash(const char* name);       // 64 hex digits
  Money money(const char* name, Currency currency);
  void reject(const std::string& message);  // a failure of a rule over the fields read so far
  bool ok() const { return !error_; }
  base::Result<void> finish() const;        // the first failure, else the first unknown field

 private:
  const nlohmann::json& get(const char* name, bool needed);
  void fail_field(const char* name, const std::string& expected);
  const nlohmann::json& object_;
  std::string what_, code_;
  std::set<std::string, std::less<>> read_;
  std::optional<base::Error> error_;
};

}  // namespace promenade::ticketing
