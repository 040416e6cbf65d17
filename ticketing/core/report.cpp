#include "ticketing/core/report.h"

#include <algorithm>

#include "ticketing/core/json_fields.h"
#include "ticketing/core/national_day.h"
#include "tracking/base/assert.h"

namespace promenade::ticketing {
namespace {

using nlohmann::json;

constexpr std::string_view kLevels[] = {"note", "warning", "alarm"};

std::string decimal(std::int64_t minor, Currency currency) { return to_decimal({minor, currency}); }

json counts_json(const Counts& c, Currency currency) {
  json out{{"sold", c.sold}, {"comps", c.comps}, {"refunded", c.refunded}, {"changed", c.changed}, {"redeemed", c.redeemed},
          {"plays_started", c.plays_started}, {"played", c.played}, {"no_show", c.no_show},
          {"staff_test_tickets", c.staff_test_tickets}, {"staff_test_redeemed", c.staff_test_redeemed},
          {"staff_test_plays", c.staff_test_plays}, {"gross", decimal(c.gross_minor, currency)},
          {"refunds", decimal(c.refunds_minor, currency)}, {"net", decimal(c.net_minor(), currency)}};
  // Only where there was one: a day without keeps the bytes, and so the hash, that its report has always had.
  if (c.evacuated > 0) {
    out["evacuated"] = {{"visits", c.evacuated}, {"open", c.evacuated_open}, {"resumed", c.evacuated_resumed},
                        {"rebooked", c.evacuated_rebooked}, {"refunded", c.evacuated_refunded}};
  }
  if (c.rebooked_in > 0) out["rebooked_in"] = c.rebooked_in;
  if (c.discounted > 0) out["discounts"] = {{"tickets", c.discounted}, {"amount", decimal(c.discounts_minor, currency)}};
  if (c.vouchered > 0) out["vouchers"] = {{"tickets", c.vouchered}, {"amount", decimal(c.vouchers_minor, currency)}};
  return out;
}

json bodies_json(const Bodies& b) {
  if (b.entered) return {{"known", true}, {"entered", *b.entered}};
  return {{"known", false}, {"reason", b.reason}};
}

json screening_json(const ScreeningRow& r, Currency currency) {
  const Screening& s = r.screening;
  return {{"screening", s.id.value()}, {"lane", s.lane.value()}, {"hall", s.hall.value()}, {"film", s.film.value()},
          {"title_zh", r.title_zh}, {"title_en", r.title_en}, {"slots", s.slots}, {"window_from", to_text(s.window_from)},
          {"window_until", to_text(s.window_until)}, {"counts", counts_json(r.counts, currency)}, {"bodies", bodies_json(r.bodies)}};
}

class CsvWriter {
 public:
  CsvWriter(const DayReport& report, const NationalDay* national) : report_(report), national_(national) {}
  std::string run() {
    out_ = "\xEF\xBB\xBF"
           "row,business_date,venue,cinema_code,hall,screen_code,screening,film_code,title_zh,title_en,window_from_utc,window_until_utc,slots,"
           "sold,comps,refunded,changed,redeemed,plays_started,played,no_show,evacuated,evacuated_open,evacuated_resumed,"
           "evacuated_rebooked,evacuated_refunded,rebooked_in,bodies,bodies_reason,staff_test_tickets,"
           "staff_test_redeemed,staff_test_plays,gross,refunds,net,discounted,discounts,vouchered,vouchers,currency,state,revision,data_through,"
           "national_records,national_on_time,national_late,national_approved,national_missing,national_complete\r\n";
    for (const auto& r : report_.screenings) {
      const Screening& s = r.screening;
      row("screening", {s.hall.value(), s.lane.value(), s.id.value(), s.film.value(), r.title_zh, r.title_en, to_text(s.window_from), to_text(s.window_until),
                        std::to_string(s.slots)}, r.counts, &r.bodies, national_of(s.id));
    }
    for (const auto& r : report_.films) row("film", {"", "", "", r.film.value(), r.title_zh, r.title_en, "", "", ""}, r.counts, nullptr);
    for (const auto& r : report_.halls) {
      row("hall", {r.hall.value(), "", "", "", r.name_zh, r.name_en, "", "", std::to_string(r.capacity)}, r.counts, &r.bodies);
    }
    row("total", {"", "", "", "", "", "", "", "", ""}, report_.totals, nullptr, national_ == nullptr ? nullptr : &national_->records);
    return std::move(out_);
  }

 private:
  void text(const std::string& value) {
    out_ += csv_field(value);
    out_ += ',';
  }
  void plain(const std::string& value) {  // numbers, which may begin with a minus
    out_ += value;
    out_ += ',';
  }
  const Completeness* national_of(const base::ScreeningId& id) const {
    static const Completeness kNone;
    if (national_ == nullptr) return nullptr;
    const auto at = std::ranges::find(national_->screenings, id, [](const NationalScreening& s) { return s.screening.id; });
    return at == national_->screenings.end() ? &kNone : &at->records;
  }
  void row(const std::string& kind, const std::vector<std::string>& front, const Counts& c, const Bodies* bodies, const Completeness* national = nullptr) {
    text(kind);
    text(report_.date.text());
    text(report_.venue.value());
    text(report_.cinema_code);
    for (const auto& field : front) text(field);
    for (const int n : {c.sold, c.comps, c.refunded, c.changed, c.redeemed, c.plays_started, c.played, c.no_show, c.evacuated, c.evacuated_open,
                        c.evacuated_resumed, c.evacuated_rebooked, c.evacuated_refunded, c.rebooked_in}) {
      plain(std::to_string(n));
    }
    plain(bodies == nullptr ? "" : bodies->entered ? std::to_string(*bodies->entered) : "unknown");
    text(bodies == nullptr ? "" : bodies->reason);
    for (const int n : {c.staff_test_tickets, c.staff_test_redeemed, c.staff_test_plays}) plain(std::to_string(n));
    for (const auto minor : {c.gross_minor, c.refunds_minor, c.net_minor()}) plain(decimal(minor, report_.currency));
    plain(std::to_string(c.discounted));
    plain(decimal(c.discounts_minor, report_.currency));
    plain(std::to_string(c.vouchered));
    plain(decimal(c.vouchers_minor, report_.currency));
    text(report_.currency.code());
    text(report_.final ? "final" : "open");
    plain(std::to_string(report_.revision));
    plain(std::to_string(report_.data_through));
    if (national == nullptr) {
      out_ += ",,,,,\r\n";
      return;
    }
    for (const int n : {national->records, national->on_time, national->late, national->approved, national->missing()}) plain(std::to_string(n));
    out_ += national->complete() ? "yes\r\n" : "no\r\n";
  }

  const DayReport& report_;
  const NationalDay* national_;
  std::string out_;
};

}  // namespace

void Counts::add(const Counts& o) {
  sold += o.sold;
  comps += o.comps;
  refunded += o.refunded;
  changed += o.changed;
  redeemed += o.redeemed;
  plays_started += o.plays_started;
  played += o.played;
  no_show += o.no_show;
  rebooked_in += o.rebooked_in;
  evacuated += o.evacuated;
  evacuated_open += o.evacuated_open;
  evacuated_resumed += o.evacuated_resumed;
  evacuated_rebooked += o.evacuated_rebooked;
  evacuated_refunded += o.evacuated_refunded;
  staff_test_tickets += o.staff_test_tickets;
  staff_test_redeemed += o.staff_test_redeemed;
  staff_test_plays += o.staff_test_plays;
  gross_minor += o.gross_minor;
  refunds_minor += o.refunds_minor;
  discounted += o.discounted;
  vouchered += o.vouchered;
  discounts_minor += o.discounts_minor;
  vouchers_minor += o.vouchers_minor;
}

std::optional<DayRevenue> revenue_of(const DayReport& report) {
  if (!report.revenue_rules) return std::nullopt;
  DayRevenue day;
  day.total.shares_minor.resize(report.revenue_rules->shares.size());
  for (const auto& film : report.films) {
    // A ticket is refunded once and for its price, so that a film's refunds never exceed its gross.
    const auto divided = divide_revenue(film.counts.gross_minor, film.counts.refunds_minor, 0, *report.revenue_rules);
    PROMENADE_ASSERT(divided.has_value());
    day.films.push_back(*divided);
    day.total.add(*divided);
  }
  return day;
}

json to_json(const DayReport& report) {
  const Currency currency = report.currency;
  json halls = json::array(), films = json::array(), screenings = json::array(), discrepancies = json::array();
  for (const auto& h : report.halls) {
    halls.push_back({{"hall", h.hall.value()}, {"name_zh", h.name_zh}, {"name_en", h.name_en}, {"capacity", h.capacity},
                     {"counts", counts_json(h.counts, currency)}, {"bodies", bodies_json(h.bodies)}});
  }
  for (const auto& f : report.films) {
    films.push_back({{"film", f.film.value()}, {"title_zh", f.title_zh}, {"title_en", f.title_en}, {"counts", counts_json(f.counts, currency)}});
  }
  for (const auto& s : report.screenings) screenings.push_back(screening_json(s, currency));
  for (const auto& d : report.discrepancies) {
    discrepancies.push_back({{"code", d.code}, {"level", kLevels[static_cast<std::size_t>(d.level)]}, {"subject", d.subject}, {"count", d.count},
                             {"explanation_en", d.explanation_en}, {"explanation_zh", d.explanation_zh}, {"tickets", d.tickets}});
  }
  json out{{"venue", report.venue.value()}, {"venue_name_zh", report.venue_name_zh}, {"venue_name_en", report.venue_name_en},
          {"cinema_code", report.cinema_code}, {"business_date", report.date.text()}, {"state", report.final ? "final" : "open"},
          {"revision", report.revision}, {"data_through", report.data_through}, {"data_through_hash", base::to_hex(report.data_through_hash)},
          {"currency", currency.code()}, {"totals", counts_json(report.totals, currency)}, {"halls", std::move(halls)},
          {"films", std::move(films)}, {"screenings", std::move(screenings)}, {"discrepancies", std::move(discrepancies)}};
  if (const auto day = revenue_of(report)) {
    json revenues = json::array();
    for (std::size_t i = 0; i < day->films.size(); ++i) {
      json film = to_json(day->films[i], *report.revenue_rules, currency);
      film["film"] = report.films[i].film.value();
      revenues.push_back(std::move(film));
    }
    out["revenue"] = {{"films", std::move(revenues)}, {"total", to_json(day->total, *report.revenue_rules, currency)}};
  }
  return out;
}

std::string report_json_text(const DayReport& report) { return canonical_text(to_json(report)) + "\n"; }

std::string report_csv(const DayReport& report, const NationalDay* national) { return CsvWriter(report, national).run(); }

std::string csv_field(std::string_view text) {
  std::string value(text);
  if (!value.empty() && std::string_view("=+-@\t\r").find(value.front()) != std::string_view::npos) value.insert(0, "'");
  if (value.find_first_of(",\"\r\n") == std::string::npos) return value;
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace promenade::ticketing
