#pragma once
// When a picture of what the viewer sees is worth keeping: the first time of each notable thing, once it has stood
// long enough to have faded in. Pure; headset time.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tracking/base/clock.h"

namespace promenade::headset {

struct Showing {                 // now
  bool menu = false;             // the choice of films
  bool marks = false;            // touching the marks
  bool guide = false;            // the path to the first place
  bool rate = false;
  std::string film;              // in a scene of this film, and its picture is there; empty: not
  unsigned scene = 0;
  bool ghost = false;            // another person is plainly in view
  bool stop = false;             // the word stop
  bool pause = false;
};

class Notable {
 public:
  // Names of pictures to take now: "menu", "film-001100012026-3", "ghost"...
  std::vector<std::string> step(base::HeadsetTime now, const Showing& showing);
  // A picture that could not be taken is due again.
  void again(const std::string& name) { taken_.erase(name); }

 private:
  std::map<std::string, base::HeadsetTime> since_;
  std::set<std::string> taken_;
};

}  // namespace promenade::headset
