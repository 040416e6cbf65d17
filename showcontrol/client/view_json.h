#pragma once
// A View as JSON, for programs beside the headset's that follow what it shows: drivers of a headset under test, logs.
// Units and frames are the View's; `play` leaves out the package's hash and what only a fresh headset needs. Both
// ways are inverse for what is written. Error: "view-malformed", naming the key.

#include <string>
#include <string_view>

#include "showcontrol/client/view.h"
#include "tracking/base/result.h"

namespace promenade::client {

std::string_view to_string(Screen screen);         // "guide_in"

std::string view_json(const View& view);           // one line
base::Result<View> read_view_json(std::string_view text);

}  // namespace promenade::client
