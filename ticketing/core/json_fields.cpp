#include "ticketing/core/json_fields.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace promenade::ticketing {
namespace {

const nlohmann::json kNull;

template <class T>
T value_or_default(const base::Result<T>& result) {
  return result ? *result : T{};
}

}  // namespace

bool is_utf8(std::string_view text) {
  constexpr std::uint64_t kAboveAscii = 0x8080808080808080;
  std::size_t i = 0;
  while (i < text.size()) {
    if (std::uint64_t eight = 0; text.size() - i >= sizeof(eight)) {  // most of what comes is ASCII
      std::memcpy(&eight, text.data() + i, sizeof(eight));
      if ((eight & kAboveAscii) == 0) {
        i += sizeof(eight);
        continue;
      }
    }
    const auto byte = static_cast<unsigned char>(text[i]);
    const int more = byte < 0x80 ? 0 : byte >= 0xC2 && byte < 0xE0 ? 1 : byte >= 0xE0 && byte < 0xF0 ? 2 : byte >= 0xF0 && byte < 0xF5 ? 3 : -1;
    if (more < 0 || text.size() - i < static_cast<std::size_t>(more) + 1) return false;
    unsigned code = more == 0 ? byte : byte & (0x3Fu >> more);
    for (int k = 1; k <= more; ++k) {
      const auto next = static_cast<unsigned char>(text[i + static_cast<std::size_t>(k)]);
      if ((next & 0xC0) != 0x80) return false;
      code = code << 6 | (next & 0x3F);
    }
    if ((more == 2 && code < 0x800) || (more == 3 && (code < 0x10000 || code > 0x10FFFF)) || (code >= 0xD800 && code < 0xE000)) {
      return false;
    }
    i += static_cast<std::size_t>(more) + 1;
  }
  return true;
}

std::string canonical_text(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

FieldReader::FieldReader(const nlohmann::json& object, std::string what, std::string code)
    : object_(object), what_(std::move(what)), code_(std::move(code)) {
  if (!object_.is_object()) error_ = base::Error{code_, "The " + what_ + " is not a JSON object.", "Send one object."};
}

bool FieldReader::has(std::string_view name) const {
  if (!object_.is_object()) return false;
  const auto at = object_.find(name);
  return at != object_.end() && !at->is_null();
}

const nlohmann::json& FieldReader::get(const char* name, bool needed) {
  read_.insert(name);
  if (error_) return kNull;
  const auto at = object_.find(name);
  if (at != object_.end() && !at->is_null()) return *at;
  if (needed) {
    error_ = base::Error{code_, "The " + what_ + " has no \"" + name + "\".", std::string("Add the field \"") + name + "\"."};
  }
  return kNull;
}

void FieldReader::fail_field(const char* name, const std::string& expected) {
  if (error_) return;
  error_ = base::Error{code_, std::string("\"") + name + "\" of the " + what_ + " is not " + expected + ".", "Correct the field."};
}

void FieldReader::reject(const std::string& message) {
  if (!error_) error_ = base::Error{code_, message, {}};
}

const nlohmann::json& FieldReader::any(const char* name) { return get(name, true); }

std::string FieldReader::text(const char* name, std::size_t min, std::size_t max) {
  const auto& value = get(name, min > 0);
  if (error_ || value.is_null()) return {};
  if (!value.is_string()) return fail_field(name, "text"), std::string{};
  const auto& text = value.get_ref<const std::string&>();
  if (text.size() < min || text.size() > max) {
    return fail_field(name, "text of " + std::to_string(min) + " to " + std::to_string(max) + " bytes"), std::string{};
  }
  if (!is_utf8(text)) return fail_field(name, "UTF-8"), std::string{};
  return text;
}

std::string FieldReader::word(const char* name) {
  std::string value = text(name, 1, 80);
  const bool ok = std::ranges::all_of(value, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == ':' || c == '-';
  });
  if (!ok) fail_field(name, "made of letters, digits and . _ : - only");
  return value;
}

std::string FieldReader::optional_text(const char* name, std::size_t max) { return text(name, 0, max); }

std::int64_t FieldReader::number(const char* name, std::int64_t low, std::int64_t high) {
  const auto& value = get(name, true);
  if (error_) return low;
  const bool fits = value.is_number_unsigned() ? value.get<std::uint64_t>() <= static_cast<std::uint64_t>(INT64_MAX) : value.is_number_integer();
  if (!fits || value.get<std::int64_t>() < low || value.get<std::int64_t>() > high) {
    fail_field(name, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    return low;
  }
  return value.get<std::int64_t>();
}

std::uint64_t FieldReader::sequence(const char* name) { return static_cast<std::uint64_t>(number(name, 0, INT64_MAX)); }

double FieldReader::share(const char* name) {
  const auto& value = get(name, true);
  if (error_) return 0.0;
  if (!value.is_number() || !(value.get<double>() >= 0.0 && value.get<double>() <= 1.0)) {
    fail_field(name, "a number from 0 to 1");
    return 0.0;
  }
  return value.get<double>();
}

bool FieldReader::flag(const char* name) {
  const auto& value = get(name, true);
  if (error_) return false;
  if (!value.is_boolean()) return fail_field(name, "true or false"), false;
  return value.get<bool>();
}

bool FieldReader::optional_flag(const char* name) { return has(name) ? flag(name) : (read_.insert(name), false); }

base::UtcTime FieldReader::time(const char* name) {
  const auto result = utc_from_text(text(name, 1, 40));
  if (!result) fail_field(name, "a UTC time such as 2026-05-01T11:30:05.250Z");
  return value_or_default(result);
}

BusinessDate FieldReader::date(const char* name) {
  const auto result = BusinessDate::from_text(text(name, 1, 40));
  if (!result) fail_field(name, "a date such as 2026-05-01");
  return value_or_default(result);
}

base::Hash FieldReader::hash(const char* name) {
  base::Hash hash{};
  const auto bytes = base::from_hex(text(name, 1, 64));
  if (!bytes || bytes->size() != hash.size()) return fail_field(name, "64 hex digits"), hash;
  std::ranges::copy(*bytes, hash.begin());
  return hash;
}

Money FieldReader::money(const char* name, Currency currency) {
  const auto result = money_from_decimal(text(name, 1, 40), currency);
  if (!result) fail_field(name, "an amount in " + currency.code() + " as decimal text");
  return result ? *result : Money{0, currency};
}

base::Result<void> FieldReader::finish() const {
  if (error_) return std::unexpected(*error_);
  for (const auto& [name, value] : object_.items()) {
    if (!read_.contains(name)) {
      return base::fail(code_, "The " + what_ + " has an unknown field \"" + name.substr(0, 80) + "\".", "Leave it out.");
    }
  }
  return {};
}

}  // namespace promenade::ticketing
