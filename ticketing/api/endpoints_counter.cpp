// What the clerk's counter shows, in one look, and the halls' word on waits.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "ticketing/api/endpoints.h"
#include "ticketing/api/facts.h"
#include "ticketing/api/problem.h"
#include "ticketing/core/json_fields.h"

namespace promenade::ticketing::api {
namespace {

using base::http::Response;
using nlohmann::json;

constexpr int kWindows = 3;  // of each lane: the current one and the next ones
constexpr std::size_t kMaxWaits = 200;

json screenings_of(const LedgerState& state, const FilmEntry& film, base::UtcTime now) {
  std::vector<Screening> found;
  for (const LaneEntry& lane : state.config()->lanes) {
    if (lane.film != film.id) continue;
    auto screening = state.current_or_next(now, lane);
    for (int i = 0; i < kWindows && screening; ++i) {
      found.push_back(*screening);
      screening = state.current_or_next(screening->window_until, lane);
    }
  }
  std::ranges::stable_sort(found, {}, &Screening::window_from);
  json out = json::array();
  for (const Screening& screening : found) out.push_back(screening_json(state, screening, now));
  return out;
}

json film_json(const LedgerState& state, const FilmEntry& film, const WaitBoard& waits, base::UtcTime now) {
  const auto wait = waits.wait(film.id, now);
  return {{"film", film.id.value()}, {"title_zh", film.title_zh}, {"title_en", film.title_en}, {"kind", film.kind == FilmKind::walking ? "walking" : "seated"},
          {"length_s", film.length.count()}, {"longest_hold_s", film.longest_hold.count()}, {"price", to_decimal(film.price)},
          {"price_class", film.price_class}, {"wait_s", wait ? json(wait->count()) : json(nullptr)}, {"screenings", screenings_of(state, film, now)}};
}

json reservations_json(const LedgerState& state, base::UtcTime now) {
  std::vector<const ReservationRecord*> kept;
  for (const auto& [id, r] : state.reservations())
    if (r.keeps(now)) kept.push_back(&r);
  std::ranges::stable_sort(kept, {}, &ReservationRecord::expires);
  json out = json::array();
  for (const ReservationRecord* one : kept) {
    const ReservationRecord& r = *one;
    const Screening& s = state.screenings().at(r.screening).screening;
    out.push_back({{"reservation", r.id.value()}, {"name", r.name}, {"film", r.film.value()}, {"screening", r.screening.value()},
                   {"window_from", to_text(s.window_from)}, {"window_until", to_text(s.window_until)}, {"places", r.slots.size()}, {"expires", to_text(r.expires)}});
  }
  return out;
}

json counter_json(const LedgerState& state, const WaitBoard& waits, base::UtcTime now) {
  const Config& config = *state.config();
  const BusinessDate today = state.calendar().date_of(now);
  json halls = json::array(), films = json::array(), discounts = json::array(), vouchers = json::array();
  for (const HallEntry& h : config.halls) halls.push_back({{"hall", h.id.value()}, {"name_zh", h.name_zh}, {"name_en", h.name_en}, {"capacity", h.capacity}});
  for (const FilmEntry& f : config.films) films.push_back(film_json(state, f, waits, now));
  for (const DiscountEntry& d : config.discounts) discounts.push_back({{"id", d.id}, {"name_zh", d.name_zh}, {"name_en", d.name_en}, {"percent", d.percent}});
  for (const VoucherEntry& v : config.vouchers)
    vouchers.push_back({{"id", v.id}, {"name_zh", v.name_zh}, {"name_en", v.name_en}, {"value", v.value ? json(to_decimal(*v.value)) : json(nullptr)}, {"code_size", v.code_size}});
  return {{"venue", config.venue.value()}, {"name_zh", config.name_zh}, {"name_en", config.name_en}, {"currency", config.currency.code()},
          {"currency_digits", config.currency.digits()}, {"time_zone", config.time_zone}, {"business_date", today.text()},
          {"reservation_s", config.reservation.count()}, {"evacuated_open", open_cases(state, today)}, {"halls", halls}, {"films", films},
          {"discounts", discounts}, {"vouchers", vouchers}, {"reservations", reservations_json(state, now)}};
}

base::Result<std::map<base::FilmId, std::chrono::seconds>> read_waits(const json& list) {
  std::map<base::FilmId, std::chrono::seconds> out;
  if (!list.is_array() || list.size() > kMaxWaits)
    return base::fail("request-malformed", "\"waits\" is not a list of at most 200 films.", "Send one entry for each film.");
  for (const json& one : list) {
    FieldReader in(one, "wait");
    const base::FilmId film(in.text("film", 12, 12));
    const std::chrono::seconds wait(in.number("wait_s", 0, 86'400));
    if (auto done = in.finish(); !done) return std::unexpected(done.error());
    out[film] = wait;
  }
  return out;
}

}  // namespace

Response answer_counter(Office& office) {
  json body;
  base::UtcTime at;
  const auto done = office.desk.look([&](const store::BoxOffice& box, base::UtcTime now) {
    at = now;
    body = counter_json(box.state(), office.waits, now);
  });
  if (!done) return problem(done.error());
  Response response = json_response(200, body);
  response.headers["Promenade-Now"] = to_text(at);  // beside the body, so that one that has not changed needs no sending
  return response;
}

Response answer_waits(Office& office, const base::http::Request& request) {
  const json body = json::parse(request.body, nullptr, false);
  if (!body.is_object()) return problem({"request-malformed", "The body is not one JSON object.", "Send one JSON object in UTF-8."});
  FieldReader in(body, "waits");
  const base::HallId hall(in.word("hall"));
  constexpr std::int64_t kMost = WaitBoard::kMostFresh.count();
  const std::chrono::seconds good_for(in.has("good_for_s") ? in.number("good_for_s", 1, kMost) : (in.optional_text("good_for_s", 0), kMost));
  const json& list = in.any("waits");
  if (auto done = in.finish(); !done) return problem(done.error());
  auto waits = read_waits(list);
  if (!waits) return problem(waits.error(), "waits");
  const std::size_t films = waits->size();
  bool known = false;
  const auto done = office.desk.look([&](const store::BoxOffice& box, base::UtcTime now) {
    known = box.config().hall(hall) != nullptr;
    if (known) office.waits.tell(hall, std::move(*waits), now, good_for);
  });
  if (!done) return problem(done.error());
  if (!known) return problem({"hall-unknown", "This venue has no hall " + hall.value() + ".", "Check the hall's set-up."}, "hall");
  return json_response(200, {{"films", films}, {"fresh_s", good_for.count()}});
}

Response answer_gate(Office& office, const base::http::Request& request) {
  const json body = json::parse(request.body, nullptr, false);
  if (!body.is_object()) return problem({"request-malformed", "The body is not one JSON object.", "Send one JSON object in UTF-8."});
  FieldReader in(body, "gate");
  const int gate = static_cast<int>(in.number("gate", 0, kMaxGates));
  const std::string device = in.word("device");
  const bool take = in.optional_flag("take");
  if (auto done = in.finish(); !done) return problem(done.error());
  int gates = 0;
  base::UtcTime at;
  std::optional<BusinessCalendar> calendar;
  const auto looked = office.desk.look([&](const store::BoxOffice& box, base::UtcTime now) {
    gates = box.config().gates;
    at = now;
    calendar = box.state().calendar();
  });
  if (!looked) return problem(looked.error());
  if (gate > gates) return problem({"gate-unknown", "This venue has " + std::to_string(gates) + " gates, and none with the number " + std::to_string(gate) + ".", "Choose another, or set `gates` in boxoffice.toml."}, "gate");
  if (gate == 0) {
    if (auto done = office.gates.release(device); !done) return problem(done.error());
  } else if (auto held = office.gates.claim(gate, device, at, take); !held) {
    if (const auto holder = office.gates.holder(gate); holder && held.error().code == "gate-taken") {
      held.error().message = "Gate " + std::to_string(gate) + " is the device " + holder->device + ", last heard at " + calendar->local_text(holder->heard).substr(0, 16) + ".";
    }
    return problem(held.error(), "gate");
  }
  return json_response(200, {{"gate", gate}, {"device", device}, {"gates", gates}});
}

}  // namespace promenade::ticketing::api
