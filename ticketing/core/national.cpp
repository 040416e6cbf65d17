#include "ticketing/core/national.h"

#include <algorithm>

#include "tracking/base/formatted.h"

namespace promenade::ticketing {

std::string national_record_id(const std::string& cinema_code, BusinessDate date, int number) {
  std::string day = date.text();
  std::erase(day, '-');
  return base::formatted("{}-{}-{:06}", cinema_code, day, number);
}

nlohmann::json to_json(const NationalRecord& r, const std::string& cinema_code, BusinessDate date) {
  return {{"record", national_record_id(cinema_code, date, r.number)}, {"number", r.number}, {"operation", static_cast<int>(r.operation)}, {"at", to_text(r.at)},
          {"ticket", r.ticket.value()}, {"screening", r.screening.value()}, {"screen", r.lane.value()}, {"film", r.film.value()}, {"slot", r.slot},
          {"price", to_decimal(r.price)}, {"currency", r.price.currency.code()}, {"ticket_kind", to_text(r.kind)}, {"channel", r.channel}};
}

}  // namespace promenade::ticketing
