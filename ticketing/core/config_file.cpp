#include "ticketing/core/config_file.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <system_error>

#include "tracking/base/toml.h"

namespace promenade::ticketing {
namespace {

// One table of the file: typed reads that note what is missing, ill-typed or left over.
class TableReader {
 public:
  TableReader(const toml::table& table, std::string key, ConfigReading& out, std::map<std::string, int>& lines, const std::string& file)
      : table_(table), key_(std::move(key)), out_(out), lines_(lines), file_(file) {
    lines_[key_] = static_cast<int>(table.source().begin.line);
  }

  std::string text(const char* name, bool needed = true) {
    const toml::node* node = get(name, needed);
    if (node == nullptr) return {};
    if (const auto value = node->value_exact<std::string>()) return *value;
    return wrong(name, *node, "text in quotes"), std::string{};
  }
  std::int64_t whole(const char* name, std::int64_t fallback, bool needed = true) {
    const toml::node* node = get(name, needed);
    if (node == nullptr) return fallback;
    const auto value = node->value_exact<std::int64_t>();
    if (value && *value >= -1'000'000'000 && *value <= 1'000'000'000) return *value;
    return wrong(name, *node, "a whole number"), fallback;
  }
  double real(const char* name, double fallback) {
    const toml::node* node = get(name, false);
    if (node == nullptr) return fallback;
    if (const auto value = node->is_number() ? node->value<double>() : std::nullopt) return *value;
    return wrong(name, *node, "a number"), fallback;
  }
  bool flag(const char* name, bool fallback, bool needed = true) {
    const toml::node* node = get(name, needed);
    if (node == nullptr) return fallback;
    if (const auto value = node->value_exact<bool>()) return *value;
    return wrong(name, *node, "true or false"), fallback;
  }
  std::chrono::seconds seconds(const char* name, bool needed = true) { return std::chrono::seconds(whole(name, 0, needed)); }
  std::chrono::minutes time_of_day(const char* name, std::chrono::minutes fallback, bool needed) {
    const toml::node* node = get(name, needed);
    if (node == nullptr) return fallback;
    const auto value = node->value_exact<std::string>();
    const auto digit = [&](std::size_t i) { return (*value)[i] >= '0' && (*value)[i] <= '9' ? (*value)[i] - '0' : 100; };
    if (value && value->size() == 5 && (*value)[2] == ':') {
      const int hour = digit(0) * 10 + digit(1), minute = digit(3) * 10 + digit(4);
      if (hour < 24 && minute < 60) return std::chrono::minutes(hour * 60 + minute);
    }
    return wrong(name, *node, "a time of day such as \"06:00\""), fallback;
  }
  void tables(const char* name, bool needed, const std::function<void(TableReader&)>& read) {
    const toml::node* node = get(name, needed);
    if (node == nullptr) return;
    const toml::array* list = node->as_array();
    if (list == nullptr) return wrong(name, *node, "a list of tables");
    std::size_t i = 0;
    for (const auto& item : *list) {
      const std::string key = path(name) + "[" + std::to_string(i++) + "]";
      const toml::table* table = item.as_table();
      if (table == nullptr) {
        wrong(name, item, "a list of tables");
        continue;
      }
      TableReader inner(*table, key, out_, lines_, file_);
      read(inner);
      inner.finish();
    }
  }
  void table(const char* name, bool needed, const std::function<void(TableReader&)>& read) {
    const toml::node* node = get(name, needed);
    if (node == nullptr) return;
    if (node->as_table() == nullptr) return wrong(name, *node, "a table");
    TableReader inner(*node->as_table(), path(name), out_, lines_, file_);
    read(inner);
    inner.finish();
  }
  // Keys that nobody asked for: a misspelt key must not pass as a default.
  void finish() {
    for (const auto& [name, node] : table_) {
      if (read_.contains(std::string(name.str()))) continue;
      note("unknown-key", static_cast<int>(node.source().begin.line), path(std::string(name.str())), "There is no such key here.", "Remove it or correct its spelling.");
    }
  }
  void wrong(const char* name, const toml::node& node, const std::string& expected) {
    note("wrong-type", static_cast<int>(node.source().begin.line), path(name), "The value is not as expected.", "Expected " + expected + ".");
  }
  int line_of(const char* name) const {
    const toml::node* node = table_.get(name);
    return static_cast<int>((node == nullptr ? table_.source() : node->source()).begin.line);
  }
  void note(std::string code, int line, std::string key, std::string message, std::string expected) {
    out_.findings.push_back({base::Severity::error, std::move(code), file_, line, std::move(key), std::move(message), std::move(expected)});
  }
  std::string path(const std::string& name) const { return key_.empty() ? name : key_ + "." + name; }

 private:
  const toml::node* get(const char* name, bool needed) {
    read_.insert(name);
    const toml::node* node = table_.get(name);
    if (node != nullptr) {
      lines_[path(name)] = static_cast<int>(node->source().begin.line);
    } else if (needed) {
      note("missing-key", static_cast<int>(table_.source().begin.line), path(name), "The key is missing.", "Add it.");
    }
    return node;
  }

  const toml::table& table_;
  std::string key_;
  ConfigReading& out_;
  std::map<std::string, int>& lines_;
  const std::string& file_;
  std::set<std::string> read_;
};

void read_venue(TableReader& in, Config& c) {
  c.venue = base::VenueId(in.text("id"));
  c.name_zh = in.text("name_zh");
  c.name_en = in.text("name_en");
  c.national_reporting = in.flag("national_reporting", true);
  c.cinema_code = in.text("cinema_code", c.national_reporting);
  c.time_zone = in.text("time_zone");
  c.cut_over = in.time_of_day("cut_over", std::chrono::hours(6), true);
  c.opens = in.time_of_day("opens", c.cut_over, true);
  c.closes = in.time_of_day("closes", c.cut_over, true);
  const std::string code = in.text("currency");
  if (const auto currency = Currency::from_code(code)) c.currency = *currency;
  else if (!code.empty()) in.note("wrong-type", in.line_of("currency"), in.path("currency"), currency.error().message, currency.error().advice);
}

void read_tickets(TableReader& in, Config& c) {
  c.free_choice = in.flag("free_choice", false);
  c.ticket_early = in.seconds("early_s");
  c.ticket_grace = in.seconds("grace_s");
  c.worn_share_floor = in.real("worn_share_floor", c.worn_share_floor);
  c.gates = static_cast<int>(in.whole("gates", c.gates, false));
  c.reservation = std::chrono::seconds(in.whole("reservation_s", c.reservation.count(), false));
}

void read_discount(TableReader& in, Config& c) {
  DiscountEntry discount{in.text("id"), in.text("name_zh"), in.text("name_en"), 0};
  discount.percent = static_cast<int>(in.whole("percent", 0));
  c.discounts.push_back(std::move(discount));
}

void read_voucher(TableReader& in, Config& c) {
  VoucherEntry voucher{in.text("id"), in.text("name_zh"), in.text("name_en"), std::nullopt, 0};
  const std::string value = in.text("value", false);
  if (const auto money = money_from_decimal(value, c.currency)) voucher.value = *money;
  else if (!value.empty()) in.note("wrong-type", in.line_of("value"), in.path("value"), money.error().message, money.error().advice);
  voucher.code_size = static_cast<int>(in.whole("code_size", 0, false));
  c.vouchers.push_back(std::move(voucher));
}

void read_revenue(TableReader& in, Config& c) {
  const auto ppm = [](double share) { return static_cast<std::int64_t>(std::llround(std::clamp(share, -1.0, 2.0) * kWhole)); };
  RevenueRules rules;
  rules.fund_ppm = ppm(in.real("fund", 0.05));
  rules.tax_ppm = ppm(in.real("tax", 0.033));
  in.tables("shares", true, [&](TableReader& s) {
    std::string name = s.text("name");
    rules.shares.push_back({std::move(name), ppm(s.real("share", 0.0))});
  });
  c.revenue = std::move(rules);
}

void read_hall(TableReader& in, Config& c) {
  HallEntry hall;
  hall.id = base::HallId(in.text("id"));
  hall.name_zh = in.text("name_zh");
  hall.name_en = in.text("name_en");
  hall.capacity = static_cast<int>(in.whole("capacity", 1));
  in.tables("sensors", false, [&](TableReader& s) {
    hall.sensors.push_back({s.text("id"), s.real("miss_rate", 0.0)});
  });
  c.halls.push_back(std::move(hall));
}

void read_film(TableReader& in, Config& c) {
  FilmEntry film;
  film.id = base::FilmId(in.text("id"));
  film.title_zh = in.text("title_zh");
  film.title_en = in.text("title_en");
  film.permit = in.text("permit", c.national_reporting);
  const std::string kind = in.text("kind");
  if (kind == "seated") film.kind = FilmKind::seated;
  else if (kind != "walking" && !kind.empty()) {
    in.note("wrong-type", in.line_of("kind"), in.path("kind"), "\"" + kind + "\" is not a kind of film.", "Use \"walking\" or \"seated\".");
  }
  film.length = in.seconds("length_s");
  film.longest_hold = in.seconds("longest_hold_s");
  const std::string price = in.text("price");
  film.price = Money{0, c.currency};
  if (const auto money = money_from_decimal(price, c.currency)) film.price = *money;
  else if (!price.empty()) in.note("wrong-type", in.line_of("price"), in.path("price"), money.error().message, money.error().advice);
  film.price_class = in.text("price_class");
  const std::string hash = in.text("package_hash", false);
  if (!hash.empty()) {
    const auto bytes = base::from_hex(hash);
    film.package_hash.emplace();
    if (bytes && bytes->size() == film.package_hash->size()) std::ranges::copy(*bytes, film.package_hash->begin());
    else in.note("wrong-type", in.line_of("package_hash"), in.path("package_hash"), "This is not a package hash.", "Expected 64 hex digits.");
  }
  c.films.push_back(std::move(film));
}

void read_lane(TableReader& in, Config& c) {
  LaneEntry lane;
  lane.id = base::LaneId(in.text("id"));
  lane.hall = base::HallId(in.text("hall"));
  lane.film = base::FilmId(in.text("film"));
  lane.slots = static_cast<int>(in.whole("slots", 1));
  lane.start_window = in.seconds("start_window_s");
  lane.offset = in.seconds("offset_s", false);
  c.lanes.push_back(std::move(lane));
}

// The line of a key or, where the file does not have it, of the nearest table around it.
int line_of(std::string key, const std::map<std::string, int>& lines) {
  while (true) {
    if (const auto at = lines.find(key); at != lines.end()) return at->second;
    const std::size_t cut = key.find_last_of(".[");
    if (cut == std::string::npos) return 0;
    key.resize(cut);
  }
}

}  // namespace

ConfigReading parse_config(std::string_view toml_text, const std::string& file_name) {
  ConfigReading out;
  const auto parsed = base::parse_toml(toml_text);
  if (!parsed) {
    const base::TomlError& error = parsed.error();
    out.findings.push_back({base::Severity::error, "toml-malformed", file_name, error.line, {}, error.message, "Correct the line."});
    return out;
  }
  Config config;
  std::map<std::string, int> lines;
  TableReader root(*parsed, "", out, lines, file_name);
  root.table("venue", true, [&](TableReader& in) { read_venue(in, config); });
  root.table("tickets", true, [&](TableReader& in) { read_tickets(in, config); });
  root.table("revenue", false, [&](TableReader& in) { read_revenue(in, config); });
  root.tables("halls", true, [&](TableReader& in) { read_hall(in, config); });
  root.tables("films", true, [&](TableReader& in) { read_film(in, config); });
  root.tables("discounts", false, [&](TableReader& in) { read_discount(in, config); });
  root.tables("vouchers", false, [&](TableReader& in) { read_voucher(in, config); });
  root.tables("lanes", true, [&](TableReader& in) { read_lane(in, config); });
  root.finish();
  if (!base::has_errors(out.findings)) {
    for (auto& finding : check(config)) {
      finding.file = file_name;
      finding.line = line_of(finding.key, lines);
      out.findings.push_back(std::move(finding));
    }
  }
  std::ranges::stable_sort(out.findings, {}, &base::Finding::line);
  if (!base::has_errors(out.findings)) out.config = std::move(config);
  return out;
}

ConfigReading read_config_file(const std::string& path) {
  std::error_code unknown;
  const bool is_folder = std::filesystem::is_directory(path, unknown);
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file && !is_folder) text << file.rdbuf();
  if (!file || is_folder) {
    ConfigReading out;
    out.findings.push_back({base::Severity::error, "file-unreadable", path, 0, {}, is_folder ? "This is a folder, not a file." : "The file cannot be read.", "Check its name and its permissions."});
    return out;
  }
  return parse_config(text.str(), path);
}

}  // namespace promenade::ticketing
