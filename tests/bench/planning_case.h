#pragma once
// Planning cases and plays as files (promenade-planning-case/1 and promenade-plays/1): the rim of the plan bench
// and of the planner's tests. Metres and seconds. Readers throw std::runtime_error with file and key.

#include <optional>
#include <string>
#include <vector>

#include "showcontrol/planning/planner.h"

namespace promenade::bench {

struct CaseFilm {
  base::FilmId id;
  package::Route route;
  std::optional<planning::HallPoint> seat;
};

struct PlanningCase {
  std::string name;
  planning::FloorPlan floor;
  std::optional<planning::HallPoint> entrance;
  std::optional<planning::HallPoint> exit;
  planning::Path enter_also;  // other points at which ways in may begin
  std::vector<CaseFilm> films;
  std::vector<std::size_t> wishes;  // films in order of the viewers' arrival
  std::size_t pool = 0;
  double hours = 0.0;
  double warmup_s = 0.0;
};

struct Served {  // one viewer's play, and when it was committed and asked for
  std::size_t viewer = 0;
  std::size_t film = 0;
  double planned_s = 0.0;
  double joined_s = 0.0;
  planning::PlayPlan plan;
};

// A venue file and a folder of film packages as a case: every wish is one of the walking films, drawn from the seed;
// ways in run from the kitting area's edge and ways out to the exit. Seated films are left out: chairs are not what is scarce.
PlanningCase venue_case(const std::string& venue_path, const std::string& films_folder, double hours, std::uint64_t seed);

PlanningCase read_case(const std::string& path);
// Ways are written whole. Throws where the format cannot say what was planned: a film's scale, a stop on a way.
std::string plays_text(const PlanningCase& planning_case, const std::vector<Served>& plays);
void write_text(const std::string& path, const std::string& text);

}  // namespace promenade::bench
