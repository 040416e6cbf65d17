#pragma once
// How much of the floor films' places take, on the floor's grid: what a newcomer takes besides is lost for others. Pure; hall
// floor in metres.

#include <cstdint>
#include <vector>

#include "showcontrol/planning/floor.h"

namespace promenade::planning {

class TakenFloor {
 public:
  // A place takes the cells whose middle is within `radius_m`.
  TakenFloor(const Floor& floor, double radius_m);
  void take(HallPoint place);
  double newly_taken_m2(const std::vector<HallPoint>& places) const;
  double share() const;  // of the floor that keeps the wall margin

 private:
  using Rows = std::vector<std::uint64_t>;  // a bit for each cell, `words_` for each row
  void mark(HallPoint place, Rows& rows) const;

  const Floor* floor_;
  double radius_m_;
  std::size_t words_;
  Rows taken_;
};

}  // namespace promenade::planning
