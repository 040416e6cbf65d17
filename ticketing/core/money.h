#pragma once
// Money: whole minor units of one currency, with checked arithmetic and decimal strings at the edges.
// Pure. Amounts may be negative (refunds). Errors: "money-malformed", "money-overflow", "currency-mixed".

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "tracking/base/result.h"

namespace promenade::ticketing {

// An ISO 4217 code of three capital letters.
class Currency {
 public:
  constexpr Currency() = default;
  static base::Result<Currency> from_code(std::string_view code);
  std::string code() const { return std::string(letters_.data(), letters_.size()); }
  int digits() const;  // decimal places of the minor unit, ISO 4217: JPY 0, CNY 2, KWD 3
  friend constexpr auto operator<=>(const Currency&, const Currency&) = default;

 private:
  std::array<char, 3> letters_{'C', 'N', 'Y'};
};

struct Money {
  std::int64_t minor_units = 0;
  Currency currency;
  friend constexpr bool operator==(const Money&, const Money&) = default;
};

base::Result<Money> add(const Money& a, const Money& b);
base::Result<Money> subtract(const Money& a, const Money& b);
base::Result<Money> times(const Money& a, std::int64_t count);

// "45.00", "-45.00"; always all decimals of the currency, never a sign for zero.
std::string to_decimal(const Money& money);
// Exactly what to_decimal writes, or fewer decimals ("45", "45.5"); no spaces, no plus, no grouping.
base::Result<Money> money_from_decimal(std::string_view text, Currency currency);

}  // namespace promenade::ticketing
