// money.h, business_date.h, codes.h, ids.h, json_fields.h
#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include "tests/ticketing_core/fixtures.h"
#include "ticketing/core/codes.h"
#include "ticketing/core/json_fields.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::test;
using std::chrono::hours;
using std::chrono::minutes;

TEST_CASE("money goes to decimal text and back") {
  const Currency cny;
  CHECK(to_decimal({4500, cny}) == "45.00");
  CHECK(to_decimal({-5, cny}) == "-0.05");
  CHECK(to_decimal({0, cny}) == "0.00");
  CHECK(to_decimal({123, *Currency::from_code("JPY")}) == "123");
  CHECK(to_decimal({INT64_MIN, cny}) == "-92233720368547758.08");
  CHECK(money_from_decimal("45", cny)->minor_units == 4500);
  CHECK(money_from_decimal("45.5", cny)->minor_units == 4550);
  for (const char* bad : {"", "-", ".5", "5.", "1.234", "+1", " 1", "1 ", "1,5", "0x1", "1e3", "99999999999999999999", "1..2", "--1"}) {
    CHECK_FALSE(money_from_decimal(bad, cny).has_value());
  }
  CHECK(rc::check([](std::int64_t minor) {
    const Currency kwd = *Currency::from_code("KWD");
    for (const Currency currency : {Currency{}, kwd}) {
      const auto back = money_from_decimal(to_decimal({minor, currency}), currency);
      RC_ASSERT(back.has_value());
      RC_ASSERT(back->minor_units == minor);
    }
  }));
}

TEST_CASE("money never overflows or mixes currencies in silence") {
  const Money large{INT64_MAX, {}}, one{1, {}}, yen{1, *Currency::from_code("JPY")};
  CHECK(add(large, one).error().code == "money-overflow");
  CHECK(subtract({INT64_MIN, {}}, one).error().code == "money-overflow");
  CHECK(times(large, 2).error().code == "money-overflow");
  CHECK(add(one, yen).error().code == "currency-mixed");
  CHECK(times(one, 3)->minor_units == 3);
  CHECK_FALSE(Currency::from_code("cny").has_value());
}

TEST_CASE("a business date is cut over at its hour") {
  const auto calendar = BusinessCalendar::make("Asia/Shanghai", hours(6));
  REQUIRE(calendar.has_value());
  CHECK(calendar->date_of(utc("2026-05-01T21:59:59.999Z")).text() == "2026-05-01");
  CHECK(calendar->date_of(utc("2026-05-01T22:00:00Z")).text() == "2026-05-02");
  CHECK(calendar->local_text(utc("2026-05-01T22:00:00Z")) == "2026-05-02 06:00:00");
  CHECK(to_text(calendar->at_local(*BusinessDate::from_text("2026-05-01"), hours(2))) == "2026-05-01T18:00:00.000Z");
  CHECK(BusinessCalendar::make("Asia/Nowhere", hours(6)).error().code == "time-zone-unknown");
  CHECK(BusinessCalendar::make("Asia/Shanghai", hours(24)).error().code == "cut-over-malformed");
}

TEST_CASE("invariant 10: every instant has exactly one business date, on days when clocks change too") {
  // Zones with a change by an hour, by half an hour, at midnight, and one that left out a whole day.
  const char* zones[] = {"Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/Havana", "Pacific/Apia"};
  CHECK(rc::check([&] {
    const auto zone = zones[*rc::gen::inRange<std::size_t>(0, std::size(zones))];
    const auto calendar = BusinessCalendar::make(zone, minutes(*rc::gen::inRange(0, 1440)));
    RC_ASSERT(calendar.has_value());
    // 2007 to 2037, in minutes, with some milliseconds.
    const auto minute = *rc::gen::inRange<std::int64_t>(19'460'000, 35'760'000);
    const base::UtcTime time = base::UtcTime(minutes(minute)) + std::chrono::milliseconds(*rc::gen::inRange(0, 60'000));
    const BusinessDate date = calendar->date_of(time);
    RC_ASSERT(calendar->starts_at(date) <= time);
    RC_ASSERT(time < calendar->ends_at(date));
    for (const int near : {-2, -1, 1, 2}) {
      const BusinessDate other = date.plus_days(near);
      RC_ASSERT(!(calendar->starts_at(other) <= time && time < calendar->ends_at(other)));
    }
    RC_ASSERT(calendar->date_of(calendar->starts_at(date)) == date);
    RC_ASSERT(calendar->date_of(calendar->ends_at(date) - std::chrono::milliseconds(1)) == date);
  }));
  const auto berlin = BusinessCalendar::make("Europe/Berlin", hours(6));
  const auto length = [&](const char* day) {
    const BusinessDate date = *BusinessDate::from_text(day);
    return std::chrono::duration_cast<hours>(berlin->ends_at(date) - berlin->starts_at(date)).count();
  };
  CHECK(length("2026-03-28") == 23);
  CHECK(length("2026-10-24") == 25);
  CHECK(length("2026-06-01") == 24);
}

TEST_CASE("times and dates read back what they write, and nothing else") {
  CHECK(to_text(noon()) == "2026-05-01T04:00:00.000Z");
  CHECK(utc_from_text("2026-05-01T04:00:00.5Z") == noon() + std::chrono::milliseconds(500));
  for (const char* bad : {"", "2026-05-01", "2026-05-01T04:00:00", "2026-13-01T04:00:00Z", "2026-05-01T24:00:00Z", "2026-05-01T04:00:00.1234Z", "2026-05-01T04:00:00.Z", "2026-02-30T04:00:00Z", "0000-05-01T04:00:00Z", "9999-05-01T04:00:00Z"}) {
    CHECK_FALSE(utc_from_text(bad).has_value());
  }
  CHECK(BusinessDate::from_text("2026-02-29").error().code == "date-malformed");
  CHECK(rc::check([](std::uint32_t ms) {
    const base::UtcTime time = noon() + std::chrono::milliseconds(ms);
    RC_ASSERT((utc_from_text(to_text(time)) == time));
  }));
}

TEST_CASE("codes have their shapes") {
  CHECK(is_film_code("001100012026"));
  CHECK_FALSE(is_film_code("00110001202"));
  CHECK_FALSE(is_film_code("00110001202a"));
  CHECK(is_cinema_code("12345678"));
  CHECK(is_screen_code("1234567812345678"));
  CHECK(is_screening_code("1234567812345678"));
  CHECK(is_ticket_code("1234567812345678"));
  CHECK(is_channel_code("00000000"));
  CHECK(is_permit_number("电审虚字[2025]第001号"));
  for (const char* bad : {"", "电审虚字[2025]第号", "电审虚字[2025]第1号", "电审虚字2025第001号", "电审虚字[20a5]第001号", "电审虚字[", "号"}) CHECK_FALSE(is_permit_number(bad));
}

TEST_CASE("ids come from their source and replay by seed") {
  SeededIdSource a(5), b(5), c(6);
  const auto first = random_ticket_code(a);
  CHECK(is_ticket_code(first.value()));
  CHECK(first == random_ticket_code(b));
  CHECK(first != random_ticket_code(c));
  CHECK(play_code(base::HallId("wuxi-420"), base::EpochId(3), 12).value() == "wuxi-420-3-12");
  CHECK(is_play_code("wuxi-420-3-12"));
  for (const char* bad : {"", "a", "a-1", "-1-2", "a--2", "a-1-", "a b-1-2", "a-x-2"}) CHECK_FALSE(is_play_code(bad));
}

TEST_CASE("text is checked to be UTF-8") {
  CHECK(is_utf8("票房 ok"));
  for (const char* bad : {"\xFF", "\xC0\x80", "\xE4\xB8", "\xED\xA0\x80", "\xF5\x80\x80\x80", "a\x80"}) CHECK_FALSE(is_utf8(bad));
}
