#include <format>
#include <mutex>
#include <nlohmann/json.hpp>
#include <span>

#include "ticketing/api/endpoints.h"
#include "ticketing/api/facts.h"
#include "ticketing/api/page_kit.h"
#include "ticketing/api/problem.h"
#include "ticketing/web/app_pages.h"
#include "ticketing/web/counter_pages.h"
#include "ticketing/web/evacuation_page.h"
#include "ticketing/web/page_files.h"
#include "ticketing/web/qr.h"
#include "ticketing/web/report_page.h"

namespace promenade::ticketing::api {
namespace {

using base::http::Response;
using web::Language;

constexpr const char* kHome = "/sell";

// Where signing in may lead back to: a path of this server, never another host.
std::string safe_next(std::string_view next) {
  const bool fine = next.starts_with('/') && !next.starts_with("//") && next.find_first_of("\\\r\n") == std::string_view::npos;
  return fine ? std::string(next) : kHome;
}

// The first page that a key opens; empty where it opens none.
std::string home_of(const ApiKey& key) {
  for (const auto& [scope, page] : std::initializer_list<std::pair<Scope, const char*>>{{Scope::sell, kHome}, {Scope::redeem, "/door"}, {Scope::read, "/report"}})
    if (key.scopes.contains(scope)) return page;
  return {};
}

constexpr std::size_t kMostPrinted = 50;
// Scripts and style from this server alone, and no other server is asked for anything.
constexpr const char* kScriptPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'";

class Pages {
 public:
  explicit Pages(Office& office) : office_(office) {}

  Response app(const base::http::Request& request, web::App app);
  Response asset(const base::http::Request& request);
  Response print(const base::http::Request& request);
  Response qr(const base::http::Request& request);
  Response ticket(const base::http::Request& request);
  Response report(const base::http::Request& request, const std::string& date, const std::string& saved);
  Response report_file(const base::http::Request& request);
  Response sign_in(const base::http::Request& request);
  Response signed_in(const base::http::Request& request);
  Response today_report(const base::http::Request& request);

 private:
  base::Result<Venue> look() { return look_at_venue(office_); }
  base::Result<web::SignInPage> sign_in_view(std::string next, bool wrong);
  base::Result<std::vector<web::PrintedTicket>> prints(const std::string& codes);
  void add_events(const Venue& venue, std::span<const Event> events, web::TicketPage& view);
  std::string local_clock(const Venue& venue, base::UtcTime time) const { return venue.calendar->local_text(time).substr(11, 5); }
  web::PrintedTicket printed(const Venue& venue, const LedgerState& state, const TicketRecord& ticket, base::UtcTime now) const;

  Office& office_;
  std::mutex mutex_;
  std::optional<std::pair<std::string, std::string>> names_;  // of the venue, zh and en; they stay while the program runs
};

// One ticket as it is printed. A secret is shown again only while it still opens the door.
web::PrintedTicket Pages::printed(const Venue& venue, const LedgerState& state, const TicketRecord& t, base::UtcTime now) const {
  const FilmEntry* film = venue.config.film(t.film);
  const bool live = !t.refunded && !t.changed_away && t.redemption.is_none() && now < t.valid_until;
  const Ticket ticket{.venue = state.venue(), .code = t.code, .film = t.film, .lane = t.lane, .screening = t.screening, .slot = t.slot,
                      .business_date = t.business_date, .valid_from = t.valid_from, .valid_until = t.valid_until, .price_class = t.price_class,
                      .kind = t.kind, .nonce = ticket_nonce(t.code, office_.ticket_key)};
  web::PrintedTicket out{.code = t.code.value(), .token = live ? issue_ticket(ticket, office_.ticket_key) : "", .title_zh = film == nullptr ? t.film.value() : film->title_zh,
                         .title_en = film == nullptr ? "" : film->title_en, .date = t.business_date.text(), .from = {}, .until = {},
                         .lane = t.lane.value(), .slot = std::to_string(t.slot),
                         .gate = venue.config.gates > 1 ? std::to_string(gate_of(t.code, venue.config.gates)) : "", .price = to_decimal(t.price) + " " + t.price.currency.code()};
  if (const auto record = state.screenings().find(t.screening); record != state.screenings().end()) {
    out.from = local_clock(venue, record->second.screening.window_from);
    out.until = local_clock(venue, record->second.screening.window_until);
  }
  return out;
}

Response Pages::app(const base::http::Request& request, web::App app) {
  const auto venue = look();
  if (!venue) return problem(venue.error());
  Response response = html(200, web::app_page(app, venue->frame(), language_of(request)));
  response.headers["Content-Security-Policy"] = kScriptPolicy;
  response.headers["Permissions-Policy"] = app == web::App::door ? "camera=(self)" : "camera=()";
  return response;
}

Response Pages::asset(const base::http::Request& request) {
  const std::string& name = request.path_params.at("name");
  for (const web::PageFile& file : web::page_files())
    if (file.name == name)
      return {.status = 200, .content_type = std::string(file.content_type), .headers = {{"Cache-Control", "no-cache"}, {"X-Content-Type-Options", "nosniff"}}, .body = std::string(file.text)};
  return problem({"not-found", "There is nothing here.", {}});
}

// The tickets of ?codes=a,b that are known, in that order.
base::Result<std::vector<web::PrintedTicket>> Pages::prints(const std::string& codes) {
  const auto venue = look();
  if (!venue) return std::unexpected(venue.error());
  std::vector<web::PrintedTicket> out;
  const auto done = office_.desk.look([&](const store::BoxOffice& box, base::UtcTime now) {
    for (std::size_t at = 0; at < codes.size() && out.size() < kMostPrinted;) {
      const std::size_t end = std::min(codes.find(',', at), codes.size());
      const auto found = box.state().tickets().find(base::TicketId(codes.substr(at, end - at)));
      if (found != box.state().tickets().end()) out.push_back(printed(*venue, box.state(), found->second, now));
      at = end + 1;
    }
  });
  if (!done) return std::unexpected(done.error());
  return out;
}

Response Pages::print(const base::http::Request& request) {
  const auto venue = look();
  if (!venue) return problem(venue.error());
  const auto tickets = prints(std::string(request.param("codes").value_or("")));
  if (!tickets) return problem(tickets.error());
  if (tickets->empty())
    return html(404, web::message_page(venue->frame(), {"ticket-unknown", "This venue has sold no ticket with that code.", "Check the 16 digits."}, language_of(request)));
  const auto page = web::print_page(*tickets, venue->frame(), language_of(request));
  return page ? html(200, *page) : problem(500, page.error());
}

Response Pages::qr(const base::http::Request& request) {
  const std::string code = request.path_params.at("code");
  const auto tickets = prints(code);
  if (!tickets) return problem(tickets.error());
  if (tickets->empty() || tickets->front().token.empty()) return problem({"ticket-unknown", "This ticket has no QR code that opens the door.", "Look the ticket up."});
  const auto svg = web::qr_svg(tickets->front().token, code);
  if (!svg) return problem(500, svg.error());
  return {.status = 200, .content_type = "image/svg+xml", .headers = {{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}}, .body = *svg};
}

// What the ledger holds of the ticket, event by event.
void Pages::add_events(const Venue& venue, std::span<const Event> events, web::TicketPage& view) {
  for (const Event& event : events) view.events.push_back({.seq = event.seq, .when = venue.calendar->local_text(event.ts), .kind = event.kind, .device = event.device, .actor = event.actor});
}

struct TicketState {
  std::string_view zh, en, css;
};

enum class Played { no, unwatched, watched };

TicketState state_of(const TicketRecord& t, Played played, bool expired) {
  if (t.changed_away) return {"已改片", "Changed to another film", "plain"};
  if (t.refunded) return {"已退票", "Refunded", "plain"};
  if (played == Played::watched) return {"已观看", "Watched", "good"};
  if (played == Played::unwatched) return {"放映未观看", "Play not watched", "bad"};
  if (!t.redemption.is_none()) return {"已检票", "Redeemed", "good"};
  if (expired) return {"已过期", "Expired", "bad"};
  return {"有效", "Valid", "good"};
}

Response Pages::ticket(const base::http::Request& request) {
  const auto venue = look();
  if (!venue) return problem(venue.error());
  const base::TicketId code(request.path_params.at("code"));
  std::optional<web::TicketPage> view;
  std::vector<std::uint64_t> numbers;
  if (const auto looked = office_.desk.look([&](const store::BoxOffice& box, base::UtcTime) { numbers = box.state().events_of(code); }); !looked) return problem(looked.error());
  const std::vector<Event> events = office_.reader.events(numbers);
  const auto done = office_.desk.look([&](const store::BoxOffice& box, base::UtcTime now) {
    const LedgerState& state = box.state();
    const auto found = state.tickets().find(code);
    if (found == state.tickets().end()) return;
    const TicketRecord& t = found->second;
    const TicketTimes times = ticket_times(events, t);
    view.emplace();
    view->frame = venue->frame();
    const auto add = [&](std::optional<base::UtcTime> at, const std::string_view zh, const std::string_view en, std::string detail) {
      view->facts.push_back({at ? venue->calendar->local_text(*at) : "", std::string(zh), std::string(en), std::move(detail)});
    };
    add(times.sold, "已售出", "Sold", t.sale);
    for (const RedemptionId& id : state.redemptions_of(code)) {
      const RedemptionRecord& r = state.redemptions().at(id);
      add(r.at, r.revoked ? "检票(已撤销)" : "已检票", r.revoked ? "Redeemed (revoked)" : "Redeemed", r.hall.value());
    }
    Played played = Played::no;
    for (const PlayCode& id : state.plays_of(code)) {
      const PlayRecord& p = state.plays().at(id);
      add(p.start, "放映开始", "Play started", id.value());
      if (p.ended) add(p.end, p.completed ? "放映完成" : "放映中断", p.completed ? "Play completed" : "Play ended early", p.reason);
      if (p.completed) played = std::max(played, p.watched(state.rules_on(p.business_date)) ? Played::watched : Played::unwatched);
    }
    for (const auto& [key, c] : state.evacuations()) {
      if (c.ticket != code) continue;
      const auto name = web::settlement_name(c.settlement);
      add(c.settlement == Settlement::open ? c.at : c.settled_at, "疏散：" + std::string(name.zh), "Evacuation: " + std::string(name.en), key.first);
    }
    if (t.changed_away) add(times.given_back, "改片为", "Changed to", t.changed_to.value());
    else if (t.refunded) add(times.given_back, "已退票", "Refunded", to_decimal(t.price) + " " + t.price.currency.code());
    const TicketState shown = state_of(t, played, t.valid_until <= now);
    view->state_zh = shown.zh;
    view->state_en = shown.en;
    view->state_css = shown.css;
    view->ticket = printed(*venue, state, t, now);
  });
  if (!done) return problem(done.error());
  if (view) add_events(*venue, events, *view);
  const Language language = language_of(request);
  if (!view) return html(404, web::message_page(venue->frame(), {"ticket-unknown", "This venue has sold no ticket with that code.", "Check the 16 digits."}, language));
  const auto page = web::ticket_page(*view, language);
  return page ? html(200, *page) : problem(500, page.error());
}

Response Pages::report(const base::http::Request& request, const std::string& date_text, const std::string& saved) {
  const auto venue = look();
  if (!venue) return problem(venue.error());
  const auto date = BusinessDate::from_text(date_text);
  const Language language = language_of(request);
  if (!date) return html(400, web::message_page(venue->frame(), date.error(), language));
  auto found = find_report(office_, *date, 0);
  if (!found) return problem(found.error());
  web::ReportPage view{.report = std::move(found->report), .national = std::move(found->national), .verdict = std::move(found->verdict), .data_through_local = {}, .local_text = [&](base::UtcTime time) { return venue->calendar->local_text(time); },
                       .navigation = saved.empty()};
  if (view.report.data_through > 0) {
    const auto last = office_.reader.read(view.report.data_through - 1, 1);
    if (last && !last->events.empty()) view.data_through_local = venue->calendar->local_text(last->events.front().ts).substr(0, 16);
  }
  return html(200, web::report_page(view, language));
}

Response Pages::report_file(const base::http::Request& request) {
  const auto date = BusinessDate::from_text(request.path_params.at("date"));
  if (!date) return problem(date.error(), "date");
  const auto found = find_report(office_, *date, 0);
  if (!found) return problem(found.error());
  return {.status = 200, .content_type = "text/csv; charset=utf-8",
          .headers = {{"Content-Disposition", "attachment; filename=\"boxoffice-" + date->text() + ".csv\""}}, .body = found->csv()};
}

Response Pages::today_report(const base::http::Request&) {
  const auto venue = look();
  return venue ? redirect("/report/" + venue->today.text()) : problem(venue.error());
}

// Whoever has no key yet asks for this one: only the first time does it ask the writer's thread.
base::Result<web::SignInPage> Pages::sign_in_view(std::string next, bool wrong) {
  const std::lock_guard lock(mutex_);
  if (!names_) {
    const auto done = office_.desk.look([&](const store::BoxOffice& box, base::UtcTime) { names_.emplace(box.config().name_zh, box.config().name_en); });
    if (!done) return std::unexpected(done.error());
  }
  return web::SignInPage{names_->first, names_->second, std::move(next), wrong};
}

Response Pages::sign_in(const base::http::Request& request) {
  const auto view = sign_in_view(safe_next(request.param("next").value_or("")), false);
  return view ? html(200, web::sign_in_page(*view, language_of(request))) : problem(view.error());
}

Response Pages::signed_in(const base::http::Request& request) {
  const std::string text(request.param("key").value_or(""));
  std::string next = safe_next(request.param("next").value_or(""));
  const auto known = office_.keys.holder(text);
  const std::string home = known ? home_of(*known) : std::string();
  if (home.empty() || from_elsewhere(request)) {
    const auto view = sign_in_view(next, true);
    return view ? html(401, web::sign_in_page(*view, language_of(request))) : problem(view.error());
  }
  if (next.substr(0, next.find('?')) == kHome) next.replace(0, std::string_view(kHome).size(), home);
  Response response = redirect(next);
  response.headers["Set-Cookie"] = std::string(kKeyCookie) + "=" + text + "; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200" + (office_.server_url().starts_with("https:") ? "; Secure" : "");
  return response;
}

}  // namespace

void add_pages(Office& office, base::http::Server& server) {
  const auto pages = std::make_shared<Pages>(office);  // shared by the handlers of one server, which end together
  const auto add = [&](std::string method, std::string path, std::optional<Scope> scope, std::function<Response(Pages&, const base::http::Request&, const ApiKey&)> show) {
    server.route(std::move(method), std::move(path), [&office, pages, scope, show](const base::http::Request& request) {
      if (!scope) {
        auto refused = page_refusal(office, request, page_key(office, request));
        return refused ? std::move(*refused) : show(*pages, request, {});
      }
      return guarded(office, request, *scope, [&](const ApiKey& key) { return show(*pages, request, key); });
    });
  };
  using R = const base::http::Request&;
  using K = const ApiKey&;
  add("GET", "/", std::nullopt, [](Pages&, R, K) { return redirect("/sell"); });
  add("GET", "/sign-in", std::nullopt, [](Pages& p, R r, K) { return p.sign_in(r); });
  add("POST", "/sign-in", std::nullopt, [](Pages& p, R r, K) { return p.signed_in(r); });
  add("GET", "/assets/{name}", std::nullopt, [](Pages& p, R r, K) { return p.asset(r); });
  add("GET", "/sell", Scope::sell, [](Pages& p, R r, K) { return p.app(r, web::App::sell); });
  add("GET", "/tickets", Scope::sell, [](Pages& p, R r, K) { return p.app(r, web::App::tickets); });
  add("GET", "/door", Scope::redeem, [](Pages& p, R r, K) { return p.app(r, web::App::door); });
  add("GET", "/print", Scope::sell, [](Pages& p, R r, K) { return p.print(r); });
  add("GET", "/tickets/{code}/qr.svg", Scope::sell, [](Pages& p, R r, K) { return p.qr(r); });
  add("GET", "/tickets/{code}", Scope::sell, [](Pages& p, R r, K) { return p.ticket(r); });
  add_evacuation_pages(office, server);
  add("GET", "/report", Scope::read, [](Pages& p, R r, K) { return p.today_report(r); });
  add("GET", "/report/{date}", Scope::read, [](Pages& p, R r, K) { return p.report(r, r.path_params.at("date"), ""); });
  add("GET", "/report/{date}.csv", Scope::read, [](Pages& p, R r, K) { return p.report_file(r); });
  add("GET", "/report/{date}.html", Scope::read, [](Pages& p, R r, K) { return p.report(r, r.path_params.at("date"), "saved"); });
}

}  // namespace promenade::ticketing::api
