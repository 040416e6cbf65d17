#pragma once
// One simulated viewer of a measure: the walker model's person behind the shipped film clock, as what is shown leads him.
// A plain value: a copy goes on from the same state and the same draws, which is what a fork is. Hall floor in metres,
// times in seconds of hall time; one thread.

#include <memory>
#include <vector>

#include "showcontrol/client/walk.h"
#include "showcontrol/hall/visit.h"
#include "showcontrol/rehearsal/walker.h"
#include "tests/bench/safety_watch.h"

namespace promenade::bench::safety {

struct Leading {  // what leads a viewer in one step
  tracking::Level level = tracking::Level::clear;
  std::optional<double> arrow_rad;
  int open_gate = -1;
};

class Actor {
 public:
  // Stands where the order's way begins.
  Actor(const rehearsal::WalkerHabits& habits, base::Random random, const protocol::PlayOrder& order, const client::FilmShelf& shelf,
        double play_length_s, bool child, const std::optional<protocol::OwnPlace>& own_place, std::optional<base::Random> together);

  // One step of film clock and person. `head`: his place as his headset measures it.
  void step(double now_s, HallPoint head, const Leading& leading, const rehearsal::Room& room);

  const rehearsal::Walker& walker() const { return walker_; }
  rehearsal::Walker& walker() { return walker_; }
  const client::Walk& walk() const { return walk_; }
  hall::Walked walked() const;            // as he tells the hall
  HallPoint at() const { return walker_.position(); }
  HallPoint home() const;                 // where his play wants him now
  void stand_at(HallPoint here);          // led there by the hand: he means to be there
  void keep_time(double now_s, const rehearsal::Room& room);  // in somebody's hands: the model's clock goes on

 private:
  void take_path();

  rehearsal::Walker walker_;
  client::Walk walk_;
  rehearsal::Guidance guidance_;
  std::vector<HallPoint> shown_;
  std::uint32_t changes_ = 0;
  double now_s_ = 0.0;
  bool started_ = false;
};

// The order by which a headset walks a plan, as the hall tells it; `place`: of its viewer in the group.
protocol::PlayOrder order_of(const planning::PlayPlan& plan, std::size_t place = 0);
std::optional<protocol::OwnPlace> own_place_of(const planning::PlayPlan& plan, std::size_t place);

}  // namespace promenade::bench::safety
