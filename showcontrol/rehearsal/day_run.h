#pragma once
// A whole day in one process under a virtual clock: hall core, clients, box office and ledger as they ship, a network
// that loses and delays, and the faults of the walker model. The same options give the same ledger, byte for byte.
// Files are opened for the ledger only; no clock is read, no thread started.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "showcontrol/hall/hall.h"
#include "showcontrol/rehearsal/films.h"
#include "showcontrol/rehearsal/house.h"
#include "showcontrol/rehearsal/invitations.h"
#include "showcontrol/rehearsal/network.h"
#include "ticketing/core/config.h"
#include "ticketing/core/report.h"

namespace promenade::rehearsal {

enum class Faults : std::uint8_t { none, usual, heavy };  // usual: as the walker model; heavy: ten times that and more

struct DayFaults {                       // means between them; 0: never
  NetworkHabits network;
  double kill_every_s = 360000.0;        // row "server killed": once in 100 hall-hours
  double down_min_s = 1.0, down_max_s = 4.0;
  double box_office_away_every_s = 0.0;
  double away_min_s = 60.0, away_max_s = 600.0;
};

struct DayEvacuation {                   // the fire contact says fire for so long
  double at_s = 0.0;
  double lasts_s = 60.0;
};

struct DayOptions {
  tracking::Venue venue = {};
  std::string venue_toml;                // the same as text
  FilmSet films{client::FilmShelf{}};    // as played: already scaled
  ticketing::Config box_office;          // film lengths are set to those of `films`
  std::string ledger_path;               // a new file
  std::string near_misses_path;          // of what the hall keeps of near misses; empty: nothing is kept
  std::uint64_t seed = 1;
  std::optional<BusyRun> busy;           // instead of a day's arrivals: the run that `live` makes, of so many seconds
  int visits = 500;
  double hours = 12.0;                   // doors open; arrivals end in time for the last viewer to leave
  double last_arrival_before_end_s = 2400.0;
  double seated_share = 0.15;
  double groups_share = 0.0;             // of those who come, parties of three to six: friends, and families with one or two children
  int class_people = 0;                  // a class of so many, one adult for every ten, comes when a quarter of the day is over
  double pose_hz = 10.0;
  bool datagrams = false;                // messages go by ENet and the secure link, and not only by the codec
  HouseHabits habits;
  DayFaults faults;
  hall::HallLimits limits;               // downlink and card rates are set from pose_hz
  base::UtcTime opens;                   // rehearsal second 0
  std::vector<double> kill_at_s;         // besides the random ones
  std::optional<DayEvacuation> evacuation;
  std::function<void(const std::string&)> story;  // who is where, once a second; none: not told
};
// The habits and faults that go with a level of trouble.
void set_faults(DayOptions& options, Faults faults);

struct Meeting {                         // a contact or near miss, with what both were doing
  Episode episode;
  std::string kind;                      // "contact", "wall contact", "near miss"
  std::string what;
};

struct DayResult {
  Tally tally;
  hall::Counts hall;                     // over all epochs of the day
  std::uint64_t epochs = 0;
  std::vector<Meeting> meetings;
  std::size_t contacts = 0, wall_contacts = 0, near_misses = 0;
  double viewer_hours = 0.0;             // of people who were blind
  std::vector<VisitTimes> visits;
  std::string busy_report;               // of a busy run: what `live` reports, as JSON
  int walkers_at_once_max = 0, inside_at_once_max = 0;
  ticketing::DayReport report;
  bool closed = false, chain_ok = false, rebuilt_identical = false;
  std::string problem;                   // of close or verification; empty: none
  std::uint64_t ledger_events = 0;
  std::string export_hash;               // BLAKE2b of `boxoffice export`
  base::Bytes exported;
  std::size_t refused_facts = 0;         // of the hall, refused by the box office for good
  std::optional<double> evacuated_s, emptied_s, ended_s;  // the hall was told; everybody was out; staff ended it
  std::vector<std::string> alarms;       // of the hall, the first 200
  std::map<std::string, std::uint64_t> alarm_counts;
  double simulated_s = 0.0, stepped_s = 0.0;  // the day; of it not skipped
  std::uint64_t messages = 0, message_bytes = 0, undecodable = 0;
  bool finished = false;                 // everybody had left by the end
  std::string left_behind;               // who had not
};

// `watch` is called after every step, for tests. Errors: those of the ledger.
using DayWatch = std::function<void(const House& house, const hall::Hall* hall, double now_s)>;
base::Result<DayResult> run_day(DayOptions options, const DayWatch& watch = {});

}  // namespace promenade::rehearsal
