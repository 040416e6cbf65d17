#include "ticketing/core/config.h"

#include <algorithm>
#include <set>

#include "ticketing/core/codes.h"
#include "ticketing/core/json_fields.h"
#include "ticketing/core/ticket.h"

namespace promenade::ticketing {
namespace {

using nlohmann::json;

std::int64_t count(std::chrono::seconds s) { return s.count(); }

json film_json(const FilmEntry& f) {
  json out = {{"id", f.id.value()}, {"title_zh", f.title_zh}, {"title_en", f.title_en}, {"permit", f.permit},
              {"kind", f.kind == FilmKind::walking ? "walking" : "seated"}, {"length_s", count(f.length)},
              {"longest_hold_s", count(f.longest_hold)}, {"price", to_decimal(f.price)}, {"price_class", f.price_class}};
  if (f.package_hash) out["package_hash"] = base::to_hex(*f.package_hash);
  return out;
}

json hall_json(const HallEntry& h) {
  json sensors = json::array();
  for (const auto& s : h.sensors) sensors.push_back({{"id", s.id}, {"miss_rate", s.miss_rate}});
  return {{"id", h.id.value()}, {"name_zh", h.name_zh}, {"name_en", h.name_en}, {"capacity", h.capacity}, {"sensors", std::move(sensors)}};
}

json lane_json(const LaneEntry& l) {
  return {{"id", l.id.value()}, {"hall", l.hall.value()}, {"film", l.film.value()}, {"slots", l.slots},
          {"start_window_s", count(l.start_window)}, {"offset_s", count(l.offset)}};
}

json discount_json(const DiscountEntry& d) {
  return {{"id", d.id}, {"name_zh", d.name_zh}, {"name_en", d.name_en}, {"percent", d.percent}};
}

json voucher_json(const VoucherEntry& v) {
  json out{{"id", v.id}, {"name_zh", v.name_zh}, {"name_en", v.name_en}, {"code_size", v.code_size}};
  if (v.value) out["value"] = to_decimal(*v.value);
  return out;
}

std::chrono::seconds read_seconds(FieldReader& in, const char* name) { return std::chrono::seconds(in.number(name, 0, 864'000)); }

template <class T, class Read>
std::vector<T> read_list(FieldReader& outer, const char* name, const char* what, Read read) {
  std::vector<T> out;
  const json& list = outer.any(name);
  if (!outer.ok()) return out;
  if (!list.is_array()) return outer.reject(std::string("\"") + name + "\" is not a list."), out;
  for (const auto& item : list) {
    FieldReader in(item, what, "config-malformed");
    out.push_back(read(in));
    if (auto done = in.finish(); !done) outer.reject(done.error().message);
  }
  return out;
}

FilmEntry read_film(FieldReader& in, Currency currency) {
  FilmEntry f;
  f.id = base::FilmId(in.text("id", 1, 80));
  f.title_zh = in.optional_text("title_zh", 200);
  f.title_en = in.optional_text("title_en", 200);
  f.permit = in.optional_text("permit", 80);
  f.kind = in.text("kind", 1, 10) == "seated" ? FilmKind::seated : FilmKind::walking;
  f.length = read_seconds(in, "length_s");
  f.longest_hold = read_seconds(in, "longest_hold_s");
  f.price = in.money("price", currency);
  f.price_class = in.text("price_class", 1, 40);
  if (in.has("package_hash")) f.package_hash = in.hash("package_hash");
  return f;
}

HallEntry read_hall(FieldReader& in) {
  HallEntry h;
  h.id = base::HallId(in.text("id", 1, 80));
  h.name_zh = in.optional_text("name_zh", 200);
  h.name_en = in.optional_text("name_en", 200);
  h.capacity = static_cast<int>(in.number("capacity", 1, 10'000));
  h.sensors = read_list<SensorEntry>(in, "sensors", "sensor", [](FieldReader& s) {
    return SensorEntry{s.text("id", 1, 80), s.share("miss_rate")};
  });
  return h;
}

LaneEntry read_lane(FieldReader& in) {
  LaneEntry l;
  l.id = base::LaneId(in.text("id", 1, 80));
  l.hall = base::HallId(in.text("hall", 1, 80));
  l.film = base::FilmId(in.text("film", 1, 80));
  l.slots = static_cast<int>(in.number("slots", 1, 10'000));
  l.start_window = read_seconds(in, "start_window_s");
  l.offset = read_seconds(in, "offset_s");
  return l;
}

DiscountEntry read_discount(FieldReader& in) {
  DiscountEntry d;
  d.id = in.text("id", 1, 80);
  d.name_zh = in.optional_text("name_zh", 200);
  d.name_en = in.optional_text("name_en", 200);
  d.percent = static_cast<int>(in.number("percent", 1, 99));
  return d;
}

VoucherEntry read_voucher(FieldReader& in, Currency currency) {
  VoucherEntry v;
  v.id = in.text("id", 1, 80);
  v.name_zh = in.optional_text("name_zh", 200);
  v.name_en = in.optional_text("name_en", 200);
  v.code_size = static_cast<int>(in.number("code_size", 0, 64));
  if (in.has("value")) v.value = in.money("value", currency);
  return v;
}

class Checker {
 public:
  explicit Checker(const Config& config) : config_(config) {}
  base::Findings run() {
    venue();
    for (std::size_t i = 0; i < config_.halls.size(); ++i) hall(config_.halls[i], "halls[" + std::to_string(i) + "]");
    for (std::size_t i = 0; i < config_.films.size(); ++i) film(config_.films[i], "films[" + std::to_string(i) + "]");
    for (std::size_t i = 0; i < config_.lanes.size(); ++i) lane(config_.lanes[i], "lanes[" + std::to_string(i) + "]");
    for (std::size_t i = 0; i < config_.discounts.size(); ++i) discount(config_.discounts[i], "discounts[" + std::to_string(i) + "]");
    for (std::size_t i = 0; i < config_.vouchers.size(); ++i) voucher(config_.vouchers[i], "vouchers[" + std::to_string(i) + "]");
    for (std::size_t i = 0; i < config_.films.size(); ++i) {
      const auto& id = config_.films[i].id;
      const bool has_lane = std::ranges::any_of(config_.lanes, [&](const LaneEntry& l) { return l.film == id; });
      if (!has_lane) warn("film-without-lane", "films[" + std::to_string(i) + "].id", "Film " + id.value() + " has no lane.", "Give it a lane, or it cannot be sold.");
    }
    return std::move(findings_);
  }

 private:
  void add(base::Severity severity, std::string code, std::string key, std::string message, std::string expected) {
    findings_.push_back({severity, std::move(code), {}, 0, std::move(key), std::move(message), std::move(expected)});
  }
  void error(std::string code, std::string key, std::string message, std::string expected) {
    add(base::Severity::error, std::move(code), std::move(key), std::move(message), std::move(expected));
  }
  void warn(std::string code, std::string key, std::string message, std::string expected) {
    add(base::Severity::warning, std::move(code), std::move(key), std::move(message), std::move(expected));
  }
  void range(const std::string& key, std::int64_t value, std::int64_t low, std::int64_t high) {
    if (value >= low && value <= high) return;
    error("out-of-range", key, std::to_string(value) + " is out of range.", "Use " + std::to_string(low) + " to " + std::to_string(high) + ".");
  }
  void word(const std::string& key, const std::string& value) {
    const bool ok = !value.empty() && value.size() <= 40 && std::ranges::all_of(value, [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
    });
    if (!ok) error("id-malformed", key, "\"" + value + "\" is not an id.", "Use 1 to 40 letters, digits, - and _.");
  }

  void venue() {
    word("venue.id", config_.venue.value());
    if (config_.national_reporting ? !is_cinema_code(config_.cinema_code) : !config_.cinema_code.empty() && !is_cinema_code(config_.cinema_code)) {
      error("cinema-code-malformed", "venue.cinema_code", "\"" + config_.cinema_code + "\" is not a cinema code.",
            "Use its 8 digits, or set national_reporting = false for an exhibition.");
    }
    if (auto calendar = config_.calendar(); !calendar) error(calendar.error().code, "venue.time_zone", calendar.error().message, calendar.error().advice);
    if (config_.halls.empty()) error("missing", "halls", "There is no hall.", "Add [[halls]].");
    if (config_.films.empty()) error("missing", "films", "There is no film.", "Add [[films]].");
    if (config_.lanes.empty()) error("missing", "lanes", "There is no lane.", "Add [[lanes]].");
    if (config_.revenue) {
      if (const std::string wrong = wrong_with(*config_.revenue); !wrong.empty()) {
        error("revenue-malformed", "revenue", wrong, "Give fund, tax and shares as parts of 1; the shares add up to 1.");
      }
    }
    range("tickets.early_s", config_.ticket_early.count(), 0, 86'400);
    range("tickets.grace_s", config_.ticket_grace.count(), 0, 86'400);
    range("tickets.gates", config_.gates, 1, kMaxGates);
    range("tickets.reservation_s", config_.reservation.count(), 10, 86'400);
    if (!(config_.worn_share_floor > 0.0 && config_.worn_share_floor <= 1.0)) {
      error("out-of-range", "tickets.worn_share_floor", "The share is out of range.", "Use more than 0 and at most 1.");
    }
  }

  void hall(const HallEntry& h, const std::string& key) {
    word(key + ".id", h.id.value());
    if (!halls_.insert(h.id).second) error("duplicate", key + ".id", "Hall " + h.id.value() + " is there twice.", "Give each hall its own id.");
    range(key + ".capacity", h.capacity, 1, 10'000);
    for (std::size_t i = 0; i < h.sensors.size(); ++i) {
      const std::string sensor = key + ".sensors[" + std::to_string(i) + "]";
      word(sensor + ".id", h.sensors[i].id);
      if (!sensors_.insert(h.sensors[i].id).second) error("duplicate", sensor + ".id", "Sensor " + h.sensors[i].id + " is there twice.", "Give each sensor its own id.");
      if (!(h.sensors[i].miss_rate >= 0.0 && h.sensors[i].miss_rate <= 0.2)) {
        error("out-of-range", sensor + ".miss_rate", "The miss rate is out of range.", "Use 0 to 0.2; a worse counter is no counter.");
      }
    }
  }

  void film(const FilmEntry& f, const std::string& key) {
    if (!is_film_code(f.id.value())) error("film-code-malformed", key + ".id", "\"" + f.id.value() + "\" is not a film code.", "Use its 12 digits.");
    if (!films_.insert(f.id).second) error("duplicate", key + ".id", "Film " + f.id.value() + " is there twice.", "Give each film once.");
    if (config_.national_reporting ? !is_permit_number(f.permit) : !f.permit.empty() && !is_permit_number(f.permit)) {
      error("permit-malformed", key + ".permit", "\"" + f.permit + "\" is not a permit number.",
            "A film needs one like 电审虚字[2025]第001号 before it can be scheduled; exhibitions set national_reporting = false.");
    }
    if (f.title_zh.empty() || f.title_en.empty()) error("missing", key + ".title_zh", "The film lacks a title.", "Give title_zh and title_en.");
    range(key + ".length_s", f.length.count(), 1, 6 * 3600);
    range(key + ".longest_hold_s", f.longest_hold.count(), 0, 3600);
    if (f.price.minor_units < 0) error("out-of-range", key + ".price", "The price is negative.", "Use 0 or more.");
    word(key + ".price_class", f.price_class);
    for (const auto& other : config_.films) {
      if (&other == &f) break;
      if (other.price_class == f.price_class && other.price != f.price) {
        error("price-class-mixed", key + ".price", "Films of the price class " + f.price_class + " have different prices.",
              "Give all films of a class one price, or make another class.");
        break;
      }
    }
  }

  void lane(const LaneEntry& l, const std::string& key) {
    if (!is_screen_code(l.id.value())) error("screen-code-malformed", key + ".id", "\"" + l.id.value() + "\" is not a screen code.", "Use its 16 digits.");
    if (!lanes_.insert(l.id).second) error("duplicate", key + ".id", "Lane " + l.id.value() + " is there twice.", "Give each lane its own screen code.");
    else if (is_screen_code(l.id.value()) && !lane_ends_.insert(l.id.value().substr(10)).second) {
      error("duplicate", key + ".id", "Two screen codes end in " + l.id.value().substr(10) + ".", "Their last 6 digits must differ; screening codes carry them.");
    }
    const HallEntry* hall = config_.hall(l.hall);
    if (hall == nullptr) error("unknown-hall", key + ".hall", "There is no hall " + l.hall.value() + ".", "Name one of [[halls]].");
    if (config_.film(l.film) == nullptr) error("unknown-film", key + ".film", "There is no film " + l.film.value() + ".", "Name one of [[films]].");
    range(key + ".slots", l.slots, 1, hall == nullptr ? 10'000 : hall->capacity);
    range(key + ".start_window_s", l.start_window.count(), 10, 6 * 3600);
    range(key + ".offset_s", l.offset.count(), 0, 6 * 3600);
  }

  // Discounts and kinds of voucher share one room of names: a ticket says only by which it became cheaper.
  void concession(const std::string& key, const std::string& id, const std::string& zh, const std::string& en) {
    word(key + ".id", id);
    if (!concessions_.insert(id).second) error("duplicate", key + ".id", "\"" + id + "\" is there twice.", "Give each discount and each kind of voucher its own id.");
    if (zh.empty() || en.empty()) error("missing", key + ".name_zh", "It lacks a name.", "Give name_zh and name_en.");
  }
  void discount(const DiscountEntry& d, const std::string& key) {
    concession(key, d.id, d.name_zh, d.name_en);
    range(key + ".percent", d.percent, 1, 99);
  }
  void voucher(const VoucherEntry& v, const std::string& key) {
    concession(key, v.id, v.name_zh, v.name_en);
    if (v.value && v.value->minor_units <= 0) error("out-of-range", key + ".value", "The value is not more than 0.", "Give it, or leave it out where the voucher is for a whole ticket.");
    if (v.code_size != 0) range(key + ".code_size", v.code_size, 8, 64);
  }

  const Config& config_;
  base::Findings findings_;
  std::set<base::HallId> halls_;
  std::set<base::FilmId> films_;
  std::set<base::LaneId> lanes_;
  std::set<std::string> sensors_, lane_ends_, concessions_;
};

template <class List, class Id>
auto* find(const List& list, const Id& id) {
  const auto at = std::ranges::find(list, id, [](const auto& entry) -> const auto& { return entry.id; });
  return at == list.end() ? nullptr : &*at;
}

}  // namespace

const FilmEntry* Config::film(const base::FilmId& id) const { return find(films, id); }
const HallEntry* Config::hall(const base::HallId& id) const { return find(halls, id); }
const DiscountEntry* Config::discount(const std::string& id) const { return find(discounts, id); }
const VoucherEntry* Config::voucher(const std::string& id) const { return find(vouchers, id); }
const LaneEntry* Config::lane(const base::LaneId& id) const { return find(lanes, id); }
base::Result<BusinessCalendar> Config::calendar() const { return BusinessCalendar::make(time_zone, cut_over); }

base::Findings check(const Config& config) { return Checker(config).run(); }

json to_json(const Config& c) {
  json halls = json::array(), films = json::array(), lanes = json::array();
  for (const auto& h : c.halls) halls.push_back(hall_json(h));
  for (const auto& f : c.films) films.push_back(film_json(f));
  for (const auto& l : c.lanes) lanes.push_back(lane_json(l));
  json out{{"venue", c.venue.value()}, {"name_zh", c.name_zh}, {"name_en", c.name_en}, {"cinema_code", c.cinema_code},
          {"time_zone", c.time_zone}, {"cut_over_min", c.cut_over.count()}, {"opens_min", c.opens.count()},
          {"closes_min", c.closes.count()}, {"currency", c.currency.code()}, {"free_choice", c.free_choice},
          {"national_reporting", c.national_reporting}, {"ticket_early_s", count(c.ticket_early)},
          {"ticket_grace_s", count(c.ticket_grace)}, {"worn_share_floor", c.worn_share_floor},
          {"halls", std::move(halls)}, {"films", std::move(films)}, {"lanes", std::move(lanes)}};
  // Left out of ledgers that never had them.
  if (c.revenue) out["revenue"] = to_json(*c.revenue);
  if (c.reservation != Config{}.reservation) out["reservation_s"] = count(c.reservation);
  if (c.gates != Config{}.gates) out["gates"] = c.gates;
  for (const auto& d : c.discounts) out["discounts"].push_back(discount_json(d));
  for (const auto& v : c.vouchers) out["vouchers"].push_back(voucher_json(v));
  return out;
}

base::Result<Config> config_from_json(const json& body) {
  FieldReader in(body, "configuration", "config-malformed");
  Config c;
  c.venue = base::VenueId(in.text("venue", 1, 80));
  c.name_zh = in.optional_text("name_zh", 200);
  c.name_en = in.optional_text("name_en", 200);
  c.cinema_code = in.optional_text("cinema_code", 80);
  c.time_zone = in.text("time_zone", 1, 80);
  c.cut_over = std::chrono::minutes(in.number("cut_over_min", 0, 1439));
  c.opens = std::chrono::minutes(in.number("opens_min", 0, 1440));
  c.closes = std::chrono::minutes(in.number("closes_min", 0, 1440));
  const auto currency = Currency::from_code(in.text("currency", 3, 3));
  if (currency) c.currency = *currency;
  else in.reject("\"currency\" of the configuration is not a currency code.");
  c.free_choice = in.flag("free_choice");
  c.national_reporting = in.flag("national_reporting");
  c.ticket_early = read_seconds(in, "ticket_early_s");
  c.ticket_grace = read_seconds(in, "ticket_grace_s");
  c.worn_share_floor = in.share("worn_share_floor");
  c.halls = read_list<HallEntry>(in, "halls", "hall", [](FieldReader& h) { return read_hall(h); });
  c.films = read_list<FilmEntry>(in, "films", "film", [&](FieldReader& f) { return read_film(f, c.currency); });
  c.lanes = read_list<LaneEntry>(in, "lanes", "lane", [](FieldReader& l) { return read_lane(l); });
  if (in.has("revenue")) {
    const auto rules = revenue_rules_from_json(in.any("revenue"));
    if (!rules) return std::unexpected(rules.error());
    c.revenue = *rules;
  }
  if (in.has("reservation_s")) c.reservation = read_seconds(in, "reservation_s");
  if (in.has("gates")) c.gates = static_cast<int>(in.number("gates", 1, kMaxGates));
  if (in.has("discounts")) c.discounts = read_list<DiscountEntry>(in, "discounts", "discount", [](FieldReader& d) { return read_discount(d); });
  if (in.has("vouchers")) c.vouchers = read_list<VoucherEntry>(in, "vouchers", "voucher", [&](FieldReader& v) { return read_voucher(v, c.currency); });
  if (auto done = in.finish(); !done) return std::unexpected(done.error());
  return c;
}

}  // namespace promenade::ticketing
