#pragma once
// Plays as a hall runs them: which gates open when, by the shipped interlocking, for those who walk them. Pure; hall floor
// in metres, seconds of the hall's clock; one thread.

#include <algorithm>
#include <map>
#include <vector>

#include "showcontrol/hall/visit.h"
#include "showcontrol/planning/planner.h"

namespace promenade::bench {

struct PlannedPlay {
  hall::Course course;
  std::vector<std::size_t> slots;  // of those who share it
  bool under_way = false;

  std::size_t place_of(std::size_t slot) const { return static_cast<std::size_t>(std::ranges::find(slots, slot) - slots.begin()); }  // in the group
};

// What the hall knows of those who walk, by slot.
class Walking {
 public:
  virtual ~Walking() = default;
  virtual hall::Walked walked(std::size_t slot) const = 0;
  virtual tracking::HallPoint known(std::size_t slot) const = 0;   // where he is
  virtual bool may_go_on(std::size_t slot) const = 0;              // otherwise no gate opens for him
  virtual bool crowded(tracking::HallPoint at) const = 0;          // nobody sets out there now
  virtual void set_out(const PlannedPlay& play) = 0;               // its first gate has been opened
};

class PlannedPlays {
 public:
  PlannedPlays(planning::FloorPlan floor, Walking& walking) : interlocking_(std::move(floor)), walking_(walking) {}

  planning::Interlocking& interlocking() { return interlocking_; }
  const planning::Interlocking& interlocking() const { return interlocking_; }
  const std::map<base::PlayId, PlannedPlay>& all() const { return plays_; }
  const PlannedPlay& at(base::PlayId id) const { return plays_.at(id); }
  const PlannedPlay* find(base::PlayId id) const;

  // False where the plan no longer holds.
  bool add(const planning::PlanAnswer& answer, const hall::Film& film, std::vector<std::size_t> slots, double now_s);
  void report(double now_s);      // how far everybody is
  void open_gates(double now_s);
  std::vector<base::PlayId> walked_out() const;  // whose viewers have all come to the exit
  void remove(base::PlayId id);

 private:
  std::pair<hall::Walked, std::size_t> last_of(const PlannedPlay& one) const;
  double along_m(const PlannedPlay& one, const hall::Walked& walked, std::size_t slot) const;
  double remaining_s(const PlannedPlay& one) const;
  bool gate_is_due(const PlannedPlay& one, double now_s) const;

  planning::Interlocking interlocking_;
  Walking& walking_;
  std::map<base::PlayId, PlannedPlay> plays_;
};

}  // namespace promenade::bench
