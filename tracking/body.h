#pragma once
// Every person in the hall is a body: viewers, attendants, companions, and viewers whose headset fell silent.
// BodyTable keeps them, bounded, in id order, and finds those near a point by a uniform grid. Frame: Hall, metres.
// Pure; one owner; same calls give the same order. A body leaves only by `remove`: staff confirm that nobody is there.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "tracking/base/clock.h"
#include "tracking/base/id.h"
#include "tracking/venue.h"

namespace promenade::tracking {

enum class BodyKind : std::uint8_t { viewer, attendant, companion, lost_viewer, unknown };
std::string_view to_string(BodyKind kind);
// Viewers do not see the hall; attendants and companions do, and give way.
constexpr bool sees_hall(BodyKind kind) { return kind == BodyKind::attendant || kind == BodyKind::companion; }

// Where the plan has a body now and shortly, at that walker's own film clock. Unheld gates count as closed.
struct PlanAhead {
  HallPoint now;
  HallPoint in_1s;
  HallPoint in_2s;
};

struct Body {
  base::BodyId id;
  BodyKind kind = BodyKind::viewer;
  std::optional<base::HeadsetId> headset;
  HallPoint position;                   // last known, of the head
  HallVec velocity;                     // then, m/s
  base::HallTime heard;                 // time of that position
  double error_m = 0.05;                // 1 σ of position: tracking and calibration
  double widened_m = 0.0;               // beyond a standing person's width: sitting, fallen
  bool reports = true;                  // false: nobody sends its position, so silence means nothing new
  Zone zone = Zone::floor;
  base::GroupId group;                  // none: alone
  base::BodyId hand_pair;               // holds hands with this body; none: with nobody
  std::optional<PlanAhead> ahead;
  double off_plan_m = 0.0;              // from his leg or scene area, now or as he goes (tracking::off_plan_m); 0 without a plan
};

// The two hold hands, as one or both of them say: one body, for every rule between people.
constexpr bool hold_hands(const Body& a, const Body& b) {
  const auto says = [](const Body& one, const Body& other) { return !one.hand_pair.is_none() && one.hand_pair == other.id; };
  return says(a, b) || says(b, a);
}

inline constexpr double kPossibleSpeed_mps = 1.8;      // what a walker can reach without being seen to run
inline constexpr double kPossibleAcceleration_mps2 = 2.0;
inline constexpr double kLostSpeed_mps = 0.7;          // a viewer in passthrough who walks off
inline constexpr double kReachMax_m = 3.0;             // beyond it everything near is held anyway
inline constexpr double kLostReachMax_m = 2.0;

// How far (m) the body may be from its last known position: age times possible speed, bounded. Never falls
// with age. Tracking error comes on top.
double reach_m(const Body& body, base::HallTime now);

struct Neighbour {  // as the evaluation sees it; the body must outlive the call
  const Body* body = nullptr;
  double planned_gap_m = std::numeric_limits<double>::infinity();  // nearest planned approach in the next 10 s
};

class BodyTable {
 public:
  static constexpr double kCell_m = 4.0;
  // Bounds of the hall's floor; bodies outside them count to the edge cells. capacity > 0.
  BodyTable(std::size_t capacity, HallPoint low, HallPoint high);
  BodyTable(std::size_t capacity, const Venue& venue);

  bool put(const Body& body);              // adds or replaces; false when full (nothing changes)
  bool remove(base::BodyId id);            // false when unknown
  const Body* find(base::BodyId id) const; // nullptr when unknown; valid until the next put or remove
  std::size_t size() const { return by_id_.size(); }
  std::size_t capacity() const { return bodies_.size(); }
  // Calls visit(const Body&) in id order.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const Slot slot : by_id_) visit(bodies_[slot]);
  }
  // The nearest bodies within radius_m of p except `self`, nearest first (then by id), at most out.size().
  std::size_t near(HallPoint p, double radius_m, base::BodyId self, std::span<Neighbour> out) const;

 private:
  using Slot = std::uint32_t;
  static constexpr Slot kNone = ~Slot{0};
  struct Spot {  // what a search looks at, beside the next in the cell's list: a body is long and mostly of no use to it
    HallPoint at;
    base::BodyId id;
    Slot next = kNone;
  };
  std::size_t rank_of(base::BodyId id) const;  // in id order, of it or of the first after it
  int column_of(double x) const;
  int row_of(double y) const;
  Slot cell_of(HallPoint p) const;
  void link(Slot slot);
  void unlink(Slot slot);

  HallPoint low_;
  int columns_ = 1;
  int rows_ = 1;
  std::vector<Body> bodies_;   // by slot; slots never move
  std::vector<Spot> spots_;    // of each slot
  std::vector<Slot> previous_;
  std::vector<Slot> cell_;     // of each slot
  std::vector<Slot> heads_;    // of each cell's list
  std::vector<Slot> free_;
  std::vector<Slot> by_id_;    // slots in id order
  std::vector<base::BodyId> ids_;  // and their ids
};

}  // namespace promenade::tracking
