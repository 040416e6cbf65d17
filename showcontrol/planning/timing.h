#pragma once
// When a laid plan may pass its gates: forbidden times from the other plays, and the earliest gate times that
// avoid them within the scenes' holds. Pure; seconds on the hall's clock.

#include <optional>
#include <vector>

#include "showcontrol/planning/planner.h"

namespace promenade::planning {

// A body in the way is planned round for as long again as it has stood there already, and for so long at least: who has stood for
// minutes is no more about to go than he was.
inline constexpr double kBodyStays_s = 30.0;
double stays_until_s(const BlockingBody& body, double now_s);

struct Interval {
  double from_s = 0.0;
  double to_s = 0.0;
  friend bool operator==(const Interval&, const Interval&) = default;
};
using Intervals = std::vector<Interval>;

Intervals without(const Intervals& set, const Intervals& forbidden);  // `forbidden` sorted; a single moment counts
Intervals windows_of(const Intervals& forbidden);                     // all times but these

// For each block of a plan, of its branches, too: open intervals in which its gate must not be passed, and open intervals that the time
// in its place (arrival to departure) must not touch. Sorted and merged.
struct Forbidden {
  std::vector<Intervals> entry;
  std::vector<Intervals> stay;
};
Forbidden forbidden_times(const PlayPlan& plan, const Snapshot& snapshot, const FloorPlan& floor, ConflictRule rule);

struct GateTimes {
  std::vector<double> enter_s;
  double end_s = 0.0;
};
// The times with the earliest entry in [earliest_s, latest_s], and of those the earliest end; holds within each
// block's limit and `hold_total_max_s` together. Entries are tried where a forbidden interval ends and at steps of
// one second.
std::optional<GateTimes> earliest_times(const PlayPlan& plan, const Forbidden& forbidden, double earliest_s,
                                        double latest_s, double hold_total_max_s);
// The same from the snapshot itself, with less work: block by block, ended at the first that cannot be reached in time.
// `reached` becomes the count of blocks before that one.
std::optional<GateTimes> earliest_times(const PlayPlan& plan, const Snapshot& snapshot, const FloorPlan& floor, ConflictRule rule,
                                        double earliest_s, double latest_s, double hold_total_max_s, std::size_t* reached = nullptr);

// Whether a plan of these scenes could have times if its ways were free: `scenes` has no ways, and without holds its
// viewer would come to scene 0 within `arrival`. A plan of which this is false need not be tried with any way so long.
bool may_be_timed(const PlayPlan& scenes, const Snapshot& snapshot, const FloorPlan& floor, ConflictRule rule, Interval arrival,
                  double hold_total_max_s, std::size_t* reached = nullptr);

// Plays under way may be given other times, never another placement. The first gate of a play that may be: not passed, open
// or due until `free_from_s`, and after scene 0, whose time was told to its viewer. As many as there are blocks: none.
std::size_t first_free_gate(const ProjectedPlay& play, double free_from_s);
// What of it stays as it is whatever the times of its gates from `gate` on: it leaves the place before as soon as it may.
ProjectedPlay fixed_part(const ProjectedPlay& play, std::size_t gate, double free_from_s);
// Other times of its gates from `gate` on, the earliest end among them, within its holds; the gates before stay. `others` must
// keep clear of its fixed part.
std::optional<GateTimes> retimed(const ProjectedPlay& play, std::size_t gate, const Snapshot& others, const FloorPlan& floor, ConflictRule rule,
                                 double free_from_s);

}  // namespace promenade::planning
