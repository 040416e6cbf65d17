#pragma once
// What the viewer is shown and does, as lines of JSON for a program that wears the headset in his place: tests and the
// demo. "view" as in showcontrol/client/view_json.h (of the hall); head, hands and the menu's targets of Stage, metres.
// One line 20 times a second; a reader that is slow loses lines, never parts of them.

#include <string>

#include "runtime/headset/app.h"
#include "runtime/xr/headset.h"

namespace promenade::headset {

class StatusLine {
 public:
  explicit StatusLine(int fd);                    // -1: nobody reads; set to not block
  void tell(const App& app, const Output& output, const Input& input, const xr::Headset& headset, bool linked);

 private:
  int fd_;
  std::string rest_;                              // of a line that did not fit whole
  bool begun_ = false;                            // its beginning has been told
  HeadsetTime next_{HeadsetTime::min()};
};

}  // namespace promenade::headset
