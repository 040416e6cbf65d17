#include "showcontrol/report/near_misses.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "tracking/base/formatted.h"

namespace promenade::report {
namespace {

constexpr std::size_t kWorst = 10;
constexpr double kNear_m = 1.0, kNearWall_m = 0.5;  // where a near miss begins: what makes gaps to people and walls comparable
constexpr double kSecondsAnHour = 3600.0;

using PartKey = std::tuple<std::string, std::string, int, int, std::string>;  // film, package, order, scene, part

int order_of(std::string_view part) {
  if (part == "way_in") return 0;
  if (part == "way_out") return 2;
  return part == "none" ? 3 : 1;
}

// Scenes and the legs that leave them alternate.
PartKey key_of(const std::string& film, const std::string& package, const std::string& part, int scene) {
  return {film, package, order_of(part), scene, part == "scene" ? std::string("a-scene") : "b-" + part};
}

void count(Row& row, const NearMissRecord& record) {
  const bool wall = is_wall(record.kind);
  if (is_contact(record.kind)) ++(wall ? row.wall_contacts : row.contacts);
  else ++(wall ? row.near_walls : row.near_others);
  std::optional<double>& nearest = wall ? row.nearest_wall_m : row.nearest_m;
  nearest = std::min(nearest.value_or(record.gap_m), record.gap_m);
}

double badness(const NearMissRecord& record) { return record.gap_m / (is_wall(record.kind) ? kNearWall_m : kNear_m); }

// Whether `near` is the near miss that `contact` was part of.
bool belongs(const NearMissRecord& near, const NearMissRecord& contact) {
  if (is_contact(near.kind) || !is_contact(contact.kind) || is_wall(near.kind) != is_wall(contact.kind)) return false;
  if (near.begin_ms > contact.begin_ms || near.end_ms < contact.begin_ms || near.people.size() != contact.people.size()) return false;
  for (std::size_t i = 0; i < near.people.size(); ++i) {
    if (near.people[i].headset != contact.people[i].headset || near.people[i].play != contact.people[i].play) return false;
  }
  return true;
}

std::vector<const NearMissRecord*> worst_of(const std::vector<NearMissRecord>& records, const Filter& filter) {
  std::vector<const NearMissRecord*> all, worst;
  std::vector<const NearMissRecord*> contacts;
  for (const NearMissRecord& one : records) {
    if (!passes(filter, one)) continue;
    all.push_back(&one);
    if (is_contact(one.kind)) contacts.push_back(&one);
  }
  std::ranges::stable_sort(all, {}, [](const NearMissRecord* one) { return badness(*one); });
  for (const NearMissRecord* one : all) {
    if (worst.size() == kWorst) break;
    if (std::ranges::none_of(contacts, [&](const NearMissRecord* contact) { return belongs(*one, *contact); })) worst.push_back(one);
  }
  return worst;
}

std::string plural(std::size_t count, const char* one, const char* many) { return base::formatted("{} {}", count, count == 1 ? one : many); }
std::string metres(const std::optional<double>& value) { return value ? base::formatted("{:.2f} m", *value) : std::string("-"); }

std::string kind_text(std::string_view kind) {
  if (kind == "contact") return "contact with another viewer";
  if (kind == "wall_contact") return "contact with a wall";
  return kind == "wall_near_miss" ? "near miss with a wall" : "near miss with another viewer";
}

std::string person_text(const NearMissPerson& one, const FilmTitles& titles) {
  std::string text = one.headset != 0 ? base::formatted("headset {}", one.headset) : std::string(one.kind);
  if (!one.film.empty()) text += ", " + film_text(titles, one.film);
  if (one.part != "none") text += ", " + part_text(one.part, one.scene, one.scene_name);
  if (one.part == "scene") text += base::formatted(", {:.0f} s into it", one.scene_s);
  if (one.level == "clear") text += "; had been told nothing";
  else text += base::formatted("; at {} because of {}, told {:.1f} s before", one.level, one.cause, one.warned_s);
  if (!one.tracked) text += "; his place was not to be trusted";
  return text;
}

std::string sentences(const Summary& all, const Heading& heading) {
  std::string text = base::formatted("Near misses{}{}, {}\n", heading.hall.empty() ? "" : " in ", heading.hall, heading.period);
  if (!heading.choice.empty()) text += heading.choice + "\n";
  const std::size_t near = all.near_others + all.near_walls, contacts = all.contacts + all.wall_contacts;
  text += base::formatted("{}: {} between viewers, {} with walls. ", plural(near, "near miss", "near misses"), all.near_others, all.near_walls);
  text += base::formatted("{}: {} between viewers, {} with walls.\n", plural(contacts, "contact", "contacts"), all.contacts, all.wall_contacts);
  if (all.hours <= 0.0) return text + "How long viewers were on the floor is not known for this period.\n";
  text += base::formatted("Viewers spent {:.1f} hours on the floor: {:.0f} near misses and {:.1f} contacts for every 1,000 viewer-hours.\n", all.hours,
                          1000.0 * static_cast<double>(near) / all.hours, 1000.0 * static_cast<double>(contacts) / all.hours);
  return text;
}

std::string table(const Summary& summary, const FilmTitles& titles) {
  std::string text = "\nBy film and scene. A near miss between two films, or two scenes, stands at both. A rate on few hours says little.\n";
  text += "  where                                     viewers  walls  contacts    hours  per 1,000 h   nearest  to a wall\n";
  std::string film = "?";  // none has this code
  for (const Row& row : summary.rows) {
    const std::string name = row.film + "/" + row.package;
    if (name != film) {
      film = name;
      text += row.film.empty() ? std::string("Without a film") : film_text(titles, row.film);
      if (summary.cuts(row.film) > 1) text += base::formatted(", cut {}", row.package.empty() ? "unknown" : row.package.substr(0, 8));
      text += "\n";
    }
    const std::string rate = row.hours > 0.0 ? base::formatted("{:.0f}", *row.per_1000_hours()) : std::string("-");
    std::string where = part_text(row.part, row.scene, row.scene_name);
    std::size_t letters = 0;
    for (const char c : where) letters += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
    where.append(letters < 42 ? 42 - letters : 1, ' ');
    text += base::formatted("  {}{:>7}{:>7}{:>10}{:>9.1f}{:>13}{:>10}{:>11}\n", where, row.near_others, row.near_walls,
                            row.contacts + row.wall_contacts, row.hours, rate, metres(row.nearest_m), metres(row.nearest_wall_m));
  }
  return text;
}

}  // namespace

bool is_contact(std::string_view kind) { return kind == "contact" || kind == "wall_contact"; }
bool is_wall(std::string_view kind) { return kind.starts_with("wall_"); }

std::string film_text(const FilmTitles& titles, const std::string& film) {
  const auto found = titles.find(film);
  if (found == titles.end()) return "film " + film;
  const FilmNames& names = found->second;
  return base::formatted("{}{}{} ({})", names.zh, names.zh.empty() || names.en == names.zh ? "" : " ", names.en == names.zh ? "" : names.en, film);
}

bool passes(const Filter& filter, const NearMissRecord& record) {
  if (filter.kind && record.kind != *filter.kind) return false;
  return !filter.film || std::ranges::any_of(record.people, [&](const NearMissPerson& one) { return one.film == *filter.film; });
}

std::optional<double> Row::per_1000_hours() const {
  if (hours <= 0.0) return std::nullopt;
  return 1000.0 * static_cast<double>(near_misses()) / hours;
}

std::size_t Summary::cuts(const std::string& film) const {
  std::set<std::string> packages;
  for (const Row& row : rows) {
    if (row.film == film) packages.insert(row.package);
  }
  return packages.size();
}

Summary summarise(const std::vector<NearMissRecord>& records, const std::vector<ViewerTimeRow>& time, const Filter& filter) {
  Summary summary;
  std::map<PartKey, Row> rows;
  const auto row_of = [&rows](const std::string& film, const std::string& package, const std::string& part, int scene, const std::string& scene_name) -> Row& {
    Row& row = rows[key_of(film, package, part, scene)];
    row.film = film;
    row.package = package;
    row.part = part;
    row.scene = scene;
    if (!scene_name.empty()) row.scene_name = scene_name;
    return row;
  };
  for (const NearMissRecord& record : records) {
    if (!passes(filter, record)) continue;
    const bool wall = is_wall(record.kind);
    if (is_contact(record.kind)) ++(wall ? summary.wall_contacts : summary.contacts);
    else ++(wall ? summary.near_walls : summary.near_others);
    std::set<PartKey> counted;
    for (const NearMissPerson& one : record.people) {
      if (filter.film && one.film != *filter.film) continue;
      if (!counted.insert(key_of(one.film, one.package, one.part, one.scene)).second) continue;
      count(row_of(one.film, one.package, one.part, one.scene, one.scene_name), record);
    }
  }
  for (const ViewerTimeRow& one : time) {
    if (filter.film && one.film != *filter.film) continue;
    summary.hours += one.seconds / kSecondsAnHour;
    row_of(one.film, one.package, one.part, one.scene, one.scene_name).hours += one.seconds / kSecondsAnHour;
  }
  for (auto& [key, row] : rows) summary.rows.push_back(std::move(row));
  summary.worst = worst_of(records, filter);
  return summary;
}

std::string part_text(std::string_view part, int scene, const std::string& scene_name) {
  std::string spoken = scene_name;
  std::ranges::replace(spoken, '_', ' ');
  const std::string number = base::formatted("scene {}{}", scene + 1, spoken.empty() ? std::string() : " (" + spoken + ")");
  if (part == "scene") return number;
  if (part == "leg") return "way on from " + number;
  if (part == "way_in") return "way in";
  return part == "way_out" ? "way out" : "no film";
}

std::string to_text(const Summary& summary, const FilmTitles& titles, const Heading& heading, const ticketing::BusinessCalendar& calendar) {
  std::string text = sentences(summary, heading);
  if (!summary.rows.empty()) text += table(summary, titles);
  if (summary.worst.empty()) return text + "\nNothing was kept that answers this.\n";
  text += base::formatted("\nThe worst {}\n", summary.worst.size() == 1 ? std::string("one") : base::formatted("{}", summary.worst.size()));
  std::size_t number = 0;
  for (const NearMissRecord* one : summary.worst) {
    const base::UtcTime at{std::chrono::milliseconds(one->nearest_ms)};
    text += base::formatted("{:>3}. {:.2f} m, {}, {}, number {}", ++number, one->gap_m, kind_text(one->kind), calendar.local_text(at), one->number);
    if (!one->people.empty()) text += base::formatted(", at {:.1f}, {:.1f} m", one->people.front().x_m, one->people.front().y_m);
    text += "\n";
    for (const NearMissPerson& person : one->people) text += "     " + person_text(person, titles) + "\n";
  }
  return text;
}

std::string to_csv(const std::vector<NearMissRecord>& records, const Filter& filter) {
  const auto quoted = [](const std::string& text) {
    if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
  };
  std::string text = "number,kind,begin,nearest,end,gap_m";
  for (const char* side : {"first", "second"}) {
    for (const char* column : {"kind", "headset", "play", "film", "package", "part", "scene", "scene_name", "scene_s", "level",
                               "cause", "warned_s", "tracked", "x_m", "y_m", "film_x_m", "film_y_m"}) {
      text += base::formatted(",{}_{}", side, column);
    }
  }
  text += "\r\n";
  for (const NearMissRecord& one : records) {
    if (!passes(filter, one)) continue;
    const auto time = [](std::int64_t ms) { return ticketing::to_text(base::UtcTime(std::chrono::milliseconds(ms))); };
    text += base::formatted("{},{},{},{},{},{:.3f}", one.number, one.kind, time(one.begin_ms), time(one.nearest_ms),
                            time(one.end_ms), one.gap_m);
    for (std::size_t side = 0; side < 2; ++side) {
      if (side >= one.people.size()) {
        text += ",,,,,,,,,,,,,,,,,";
        continue;
      }
      const NearMissPerson& who = one.people[side];
      text += base::formatted(",{},{},{},{},{},{},{},{},{:.2f},{},{},{:.2f},{},{:.3f},{:.3f}", who.kind, who.headset,
                              quoted(who.play), who.film, who.package, who.part,
                              who.scene < 0 ? std::string() : base::formatted("{}", who.scene + 1), quoted(who.scene_name),
                              who.scene_s, who.level, who.cause, who.warned_s, who.tracked ? 1 : 0, who.x_m, who.y_m);
      text += who.film_x_m && who.film_y_m ? base::formatted(",{:.3f},{:.3f}", *who.film_x_m, *who.film_y_m) : std::string(",,");
    }
    text += "\r\n";
  }
  return text;
}

std::string to_json(const Summary& summary, const FilmTitles& titles, const Heading& heading) {
  using Json = nlohmann::ordered_json;
  const auto value = [](const std::optional<double>& number) { return number ? Json(*number) : Json(); };
  Json parts = Json::array(), worst = Json::array();
  for (const Row& row : summary.rows) {
    parts.push_back({{"film", row.film},
                     {"package", row.package},
                     {"part", row.part},
                     {"scene", row.scene < 0 ? Json() : Json(row.scene + 1)},
                     {"scene_name", row.scene_name},
                     {"near_misses_viewers", row.near_others},
                     {"near_misses_walls", row.near_walls},
                     {"contacts", row.contacts},
                     {"wall_contacts", row.wall_contacts},
                     {"viewer_hours", row.hours},
                     {"near_misses_per_1000_h", value(row.per_1000_hours())},
                     {"nearest_m", value(row.nearest_m)},
                     {"nearest_wall_m", value(row.nearest_wall_m)}});
  }
  for (const NearMissRecord* one : summary.worst) {
    Json people = Json::array();
    for (const NearMissPerson& who : one->people) {
      people.push_back({{"headset", who.headset},
                        {"play", who.play},
                        {"film", who.film},
                        {"part", who.part},
                        {"scene", who.scene < 0 ? Json() : Json(who.scene + 1)},
                        {"scene_name", who.scene_name},
                        {"scene_s", who.scene_s},
                        {"level", who.level},
                        {"cause", who.cause},
                        {"warned_s", who.warned_s},
                        {"tracked", who.tracked},
                        {"x_m", who.x_m},
                        {"y_m", who.y_m},
                        {"film_x_m", value(who.film_x_m)},
                        {"film_y_m", value(who.film_y_m)}});
    }
    worst.push_back({{"number", one->number},
                     {"kind", one->kind},
                     {"nearest", ticketing::to_text(base::UtcTime(std::chrono::milliseconds(one->nearest_ms)))},
                     {"gap_m", one->gap_m},
                     {"people", std::move(people)}});
  }
  Json names = Json::object();
  for (const auto& [film, name] : titles) names[film] = {{"zh", name.zh}, {"en", name.en}};
  return Json{{"hall", heading.hall},
              {"period", heading.period},
              {"near_misses_viewers", summary.near_others},
              {"near_misses_walls", summary.near_walls},
              {"contacts", summary.contacts},
              {"wall_contacts", summary.wall_contacts},
              {"viewer_hours", summary.hours},
              {"parts", std::move(parts)},
              {"worst", std::move(worst)},
              {"films", std::move(names)}}
      .dump();
}

}  // namespace promenade::report
