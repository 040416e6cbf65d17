#include <algorithm>
#include <nlohmann/json.hpp>

#include "ticketing/api/page_kit.h"
#include "ticketing/api/facts.h"
#include "ticketing/api/problem.h"
#include "ticketing/web/evacuation_page.h"
#include "ticketing/web/names.h"
#include "tracking/base/formatted.h"

namespace promenade::ticketing::api {
namespace {

using base::http::Response;
using nlohmann::json;

constexpr std::size_t kMostAtOnce = 500;

std::string value_of(const base::http::Request& request, std::string_view name) { return std::string(request.param(name).value_or("")); }

std::vector<std::string> tickets_of(const base::http::Request& request) {
  const std::string text = value_of(request, "tickets");
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size() && out.size() < kMostAtOnce;) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    if (end > at) out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

std::string text_of(const json& object, const char* name) { return object.contains(name) && object[name].is_string() ? object[name].get<std::string>() : std::string(); }

web::EvacuatedRow row_of(const json& one, const BusinessCalendar& calendar) {
  web::EvacuatedRow row;
  row.ticket = text_of(one, "ticket");
  row.title_zh = text_of(one, "title_zh");
  row.title_en = text_of(one, "title_en");
  row.scene = text_of(one, "scene");
  if (one["seen_s"].is_number_integer()) {
    const auto seconds = one["seen_s"].get<std::int64_t>();
    row.seen = base::formatted("{}:{:02}", seconds / 60, seconds % 60);
  }
  const std::string kind = text_of(one, "ticket_kind");
  if (kind == "paid") row.price = text_of(one, "price") + " " + text_of(one, "currency");
  row.kind_zh = kind == "comp" ? "赠票" : kind == "staff" ? "员工票" : "测试票";
  row.kind_en = kind;
  row.settlement = settlement_from_text(text_of(one, "settlement")).value_or(Settlement::open);
  row.used = one["used"].get<bool>();
  if (const auto until = utc_from_text(text_of(one, "valid_until"))) row.until = calendar.local_text(*until).substr(11, 5);
  return row;
}

// The date that the page was asked for; today where it names none.
base::Result<BusinessDate> date_of(const base::http::Request& request, const Venue& venue) {
  const std::string text = value_of(request, "date");
  return text.empty() ? base::Result<BusinessDate>(venue.today) : BusinessDate::from_text(text);
}

Response list_page(Office& office, const base::http::Request& request) {
  const auto venue = look_at_venue(office);
  if (!venue) return problem(venue.error());
  const auto date = date_of(request, *venue);
  if (!date) return html(400, web::message_page(venue->frame(), date.error(), language_of(request)));
  json found;
  const auto done = office.desk.look([&](const store::BoxOffice& box, base::UtcTime) { found = evacuations_json(box.state(), *date); });
  if (!done) return problem(done.error());
  web::EvacuationPage view{.frame = venue->frame(), .date = date->text(), .evacuations = {}};
  for (const json& one : found["evacuations"]) {
    const auto at = utc_from_text(text_of(one, "at"));
    web::Evacuated group{.id = text_of(one, "evacuation"), .when = at ? venue->calendar->local_text(*at).substr(11, 5) : "", .rows = {}};
    for (const json& c : one["cases"]) group.rows.push_back(row_of(c, *venue->calendar));
    view.evacuations.push_back(std::move(group));
  }
  return html(200, web::evacuation_page(view, language_of(request)));
}

Response question_page(Office& office, const base::http::Request& request) {
  const auto venue = look_at_venue(office);
  if (!venue) return problem(venue.error());
  const auto settlement = settlement_from_text(value_of(request, "settlement"));
  web::SettleQuestion view{.frame = venue->frame(), .evacuation = value_of(request, "evacuation"), .date = value_of(request, "date"),
                           .settlement = settlement.value_or(Settlement::open), .tickets = tickets_of(request), .total = {},
                           .idempotency_key = office.new_idempotency_key(), .device_ts = to_text(venue->now)};
  if (view.settlement == Settlement::open || view.tickets.empty() || view.evacuation.empty())
    return html(400, web::message_page(venue->frame(), {"request-malformed", "The form was not complete.", "Choose tickets and what becomes of them."}, language_of(request)));
  Money total{0, venue->config.currency};
  const auto done = office.desk.look([&](const store::BoxOffice& box, base::UtcTime) {
    for (const std::string& ticket : view.tickets) {
      const auto found = box.state().tickets().find(base::TicketId(ticket));
      if (found != box.state().tickets().end() && !found->second.refunded) total.minor_units += found->second.price.minor_units;
    }
  });
  if (!done) return problem(done.error());
  view.total = to_decimal(total) + " " + total.currency.code();
  return html(200, web::settle_question_page(view, language_of(request)));
}

web::SettledRow row_of(const std::string& ticket, Settlement asked, const base::Result<Answer>& answer, const BusinessCalendar& calendar) {
  if (!answer) {
    using web::Language;
    // A form sent a second time asks for what has been done: the money went back once.
    const bool already = answer.error().code == "evacuation-settled" || (asked == Settlement::refund && answer.error().code == "ticket-already-refunded");
    return {ticket, already, web::refusal_text(answer.error(), web::Wording(Language::zh)), web::refusal_text(answer.error(), web::Wording(Language::en))};
  }
  const auto& done = std::get<SettlementAnswer>(*answer);
  if (done.settlement == Settlement::refund) {
    const std::string amount = to_decimal(done.amount) + " " + done.amount.currency.code();
    return {ticket, true, "退还 " + amount, amount + " given back"};
  }
  if (done.settlement == Settlement::resume) return {ticket, true, "继续观看", "goes on"};
  const std::string until = calendar.local_text(done.valid_until).substr(11, 5);
  return {ticket, true, "原票再次有效，至 " + until, "the same ticket opens the door again, until " + until};
}

Response settle(Office& office, const base::http::Request& request, const ApiKey& key) {
  const auto venue = look_at_venue(office);
  if (!venue) return problem(venue.error());
  const auto settlement = settlement_from_text(value_of(request, "settlement"));
  const auto time = utc_from_text(value_of(request, "device_ts"));
  const auto tickets = tickets_of(request);
  if (!settlement || !time || tickets.empty())
    return html(400, web::message_page(venue->frame(), {"request-malformed", "The form was not complete.", "Choose tickets and what becomes of them."}, language_of(request)));
  web::SettledPage view{.frame = venue->frame(), .date = value_of(request, "date"), .rows = {}, .total = {}};
  Money total{0, venue->config.currency};
  for (const std::string& ticket : tickets) {
    SettleEvacuation one;
    // The form pressed twice is the same request for each ticket.
    one.head = {value_of(request, "idempotency_key") + "-" + ticket, "counter", *time, key.name};
    one.evacuation = value_of(request, "evacuation");
    one.ticket = base::TicketId(ticket);
    one.settlement = *settlement;
    one.supervisor = value_of(request, "supervisor");
    const auto checked = request_from_json(to_json(Request(one)));
    const auto answer = checked ? office.desk.ask(*checked) : base::Result<Answer>(std::unexpected(checked.error()));
    if (answer) total.minor_units += std::get<SettlementAnswer>(*answer).amount.minor_units;
    view.rows.push_back(row_of(ticket, *settlement, answer, *venue->calendar));
  }
  if (*settlement == Settlement::refund) view.total = to_decimal(total) + " " + total.currency.code();
  return html(200, web::settled_page(view, language_of(request)));
}

}  // namespace

void add_evacuation_pages(Office& office, base::http::Server& server) {
  using R = const base::http::Request&;
  server.route("GET", "/evacuations", [&office](R r) { return guarded(office, r, Scope::sell, [&](const ApiKey&) { return list_page(office, r); }); });
  server.route("GET", "/evacuations/settle", [&office](R r) { return guarded(office, r, Scope::sell, [&](const ApiKey&) { return question_page(office, r); }); });
  server.route("POST", "/evacuations/settle", [&office](R r) { return guarded(office, r, Scope::sell, [&](const ApiKey& key) { return settle(office, r, key); }); });
}

}  // namespace promenade::ticketing::api
