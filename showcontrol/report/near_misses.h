#pragma once
// What a hall's near misses come to: by film and scene, against the hours that viewers spent there, and the worst of
// them; as sentences, CSV and JSON. Pure, on what ticketing/store/near_miss_log.h has read. Times in milliseconds UTC,
// metres; film codes and words as the log has them.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ticketing/core/business_date.h"
#include "ticketing/store/near_miss_log.h"

namespace promenade::report {

using ticketing::store::NearMissPerson;
using ticketing::store::NearMissRecord;
using ticketing::store::ViewerTimeRow;

bool is_contact(std::string_view kind);
bool is_wall(std::string_view kind);

struct FilmNames {
  std::string zh, en;
};
using FilmTitles = std::map<std::string, FilmNames>;  // by code
// "灯街 Lantern Street (001100012026)"; the code alone where the film is not known.
std::string film_text(const FilmTitles& titles, const std::string& film);

struct Filter {
  std::optional<std::string> film;  // near misses that concern a viewer of it
  std::optional<std::string> kind;
};
bool passes(const Filter& filter, const NearMissRecord& record);

struct Row {  // one part of one cut of one film
  std::string film, package, part;
  int scene = -1;
  std::string scene_name;
  std::size_t near_others = 0, near_walls = 0;
  std::size_t contacts = 0, wall_contacts = 0;
  double hours = 0.0;
  std::optional<double> nearest_m;       // to another viewer
  std::optional<double> nearest_wall_m;
  std::size_t near_misses() const { return near_others + near_walls; }
  std::optional<double> per_1000_hours() const;  // near misses; none without hours
};

struct Summary {
  std::size_t near_others = 0, near_walls = 0, contacts = 0, wall_contacts = 0;  // each once, whomever it concerns
  double hours = 0.0;
  std::vector<Row> rows;                       // by film, cut, and in the order of the film
  std::vector<const NearMissRecord*> worst;    // at most ten, the worst first; they live in what was summarised
  std::size_t cuts(const std::string& film) const;  // of this film in the period
};

// A near miss between two parts counts in both rows, within one part once. A contact is kept beside the near miss that
// it was part of; among the worst only the contact stands.
Summary summarise(const std::vector<NearMissRecord>& records, const std::vector<ViewerTimeRow>& time, const Filter& filter);

struct Heading {
  std::string hall;    // its name; may be empty
  std::string period;  // "2026-05-01 to 2026-05-03"
  std::string choice;  // what was left out; empty: nothing
};
// "scene 3 (bridge)", "way on from scene 3 (bridge)", "way in".
std::string part_text(std::string_view part, int scene, const std::string& scene_name);
std::string to_text(const Summary& summary, const FilmTitles& titles, const Heading& heading, const ticketing::BusinessCalendar& calendar);
std::string to_csv(const std::vector<NearMissRecord>& records, const Filter& filter);
std::string to_json(const Summary& summary, const FilmTitles& titles, const Heading& heading);  // one line

}  // namespace promenade::report
