#include "ticketing/core/money.h"

#include <algorithm>
#include <charconv>

namespace promenade::ticketing {
namespace {

base::Result<Money> overflow(const char* what) {
  return base::fail("money-overflow", std::string("The amount is too large to ") + what + ".", "Check the price and the count.");
}

base::Result<Money> mixed(const Money& a, const Money& b) {
  return base::fail("currency-mixed", "Amounts in " + a.currency.code() + " and " + b.currency.code() + " cannot be combined.",
                    "Use one currency for the venue.");
}

std::int64_t scale_of(Currency currency) {
  std::int64_t scale = 1;
  for (int i = 0; i < currency.digits(); ++i) scale *= 10;
  return scale;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

base::Result<Currency> Currency::from_code(std::string_view code) {
  const bool ok = code.size() == 3 && std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!ok) return base::fail("money-malformed", "\"" + std::string(code) + "\" is not a currency code.",
                             "Use three capital letters of ISO 4217, such as CNY.");
  Currency currency;
  std::ranges::copy(code, currency.letters_.begin());
  return currency;
}

int Currency::digits() const {
  static constexpr std::string_view kNone[] = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW",
                                               "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"};
  static constexpr std::string_view kThree[] = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
  const std::string_view text(letters_.data(), letters_.size());
  if (std::ranges::find(kNone, text) != std::end(kNone)) return 0;
  if (std::ranges::find(kThree, text) != std::end(kThree)) return 3;
  return 2;
}

base::Result<Money> add(const Money& a, const Money& b) {
  if (a.currency != b.currency) return mixed(a, b);
  Money sum{0, a.currency};
  if (__builtin_add_overflow(a.minor_units, b.minor_units, &sum.minor_units)) return overflow("add");
  return sum;
}

base::Result<Money> subtract(const Money& a, const Money& b) {
  if (a.currency != b.currency) return mixed(a, b);
  Money difference{0, a.currency};
  if (__builtin_sub_overflow(a.minor_units, b.minor_units, &difference.minor_units)) return overflow("subtract");
  return difference;
}

base::Result<Money> times(const Money& a, std::int64_t count) {
  Money product{0, a.currency};
  if (__builtin_mul_overflow(a.minor_units, count, &product.minor_units)) return overflow("multiply");
  return product;
}

std::string to_decimal(const Money& money) {
  const auto digits = static_cast<std::size_t>(money.currency.digits());
  const bool negative = money.minor_units < 0;
  // Through unsigned, so that the smallest number has a magnitude too.
  const std::uint64_t magnitude = negative ? 0 - static_cast<std::uint64_t>(money.minor_units)
                                           : static_cast<std::uint64_t>(money.minor_units);
  std::string text = std::to_string(magnitude);
  if (text.size() <= digits) text.insert(0, digits + 1 - text.size(), '0');
  if (digits > 0) text.insert(text.size() - digits, ".");
  return negative ? "-" + text : text;
}

base::Result<Money> money_from_decimal(std::string_view text, Currency currency) {
  const auto malformed = [&] {
    return base::fail("money-malformed", "\"" + std::string(text.substr(0, 40)) + "\" is not an amount in " + currency.code() + ".",
                      "Write digits and at most " + std::to_string(currency.digits()) + " decimals after a point, such as " +
                          to_decimal(Money{45 * scale_of(currency), currency}) + ".");
  };
  const bool negative = text.starts_with('-');
  const std::string_view body = negative ? text.substr(1) : text;
  const std::size_t point = body.find('.');
  const std::string_view whole = body.substr(0, point);
  const std::string_view decimals = point == std::string_view::npos ? std::string_view{} : body.substr(point + 1);
  if (!all_digits(whole) || (point != std::string_view::npos && !all_digits(decimals))) return malformed();
  if (decimals.size() > static_cast<std::size_t>(currency.digits())) return malformed();
  std::string joined = std::string(whole) + std::string(decimals);
  joined.append(static_cast<std::size_t>(currency.digits()) - decimals.size(), '0');
  if (negative) joined.insert(0, "-");
  Money money{0, currency};
  const auto [end, error] = std::from_chars(joined.data(), joined.data() + joined.size(), money.minor_units);
  if (error != std::errc{}) return overflow("keep");
  return money;
}

}  // namespace promenade::ticketing
