#pragma once
// A headset as the people of a rehearsal know it: something that is worn, shows a View, is chosen with, and is laid on
// marks. Simulated ones run the client in this process (headset.h); a real one is the headset program beside it
// (real_headset.h). One thread; rehearsal seconds; hall floor.

#include <string>

#include "showcontrol/client/view.h"
#include "showcontrol/rehearsal/authority_watch.h"
#include "showcontrol/rehearsal/walker.h"

namespace promenade::rehearsal {

struct HeadPlace {                      // where the headset truly is
  HallPoint at;
  double height_m = 1.6;
  double yaw_rad = 0.0;
  bool worn = false;
};

class HeadsetDevice {
 public:
  virtual ~HeadsetDevice() = default;
  virtual base::HeadsetId id() const = 0;
  virtual void step(double now_s, const HeadPlace& place) = 0;
  // An attendant lays the controller on a mark ("M1.first") that truly is at `at`, along its arrow.
  virtual void touch_mark(const std::string& mark, HallPoint at, double along_rad, double now_s) = 0;
  virtual void choose(const base::FilmId& film, const std::string& language, double now_s) = 0;
  virtual void choose_way(std::uint8_t way, double now_s) = 0;  // of View::choice
  virtual void rate(std::uint8_t stars, double now_s) = 0;
  virtual const client::View& view() const = 0;
  virtual bool linked() const = 0;
  virtual bool dead() const = 0;                         // dark: no picture, no link, for ever
  virtual const AuthorityWatch* authority() const = 0;   // nullptr: its frames are not seen here
};

}  // namespace promenade::rehearsal
