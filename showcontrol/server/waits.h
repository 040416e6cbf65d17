#pragma once
// The hall's word to the box office about its waits. Pure text from the loop's snapshot; the thread that delivers facts
// sends it at a calm pace.

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "showcontrol/server/status.h"

namespace promenade::server {

inline constexpr std::chrono::seconds kWaitsEvery{5};
inline constexpr std::chrono::seconds kWaitsGoodFor{20};  // a hall that has gone is forgotten by then

// The body of POST /v1/waits: for every film that a viewer who came now could begin, the time within which he would, as a
// headset's menu tells it, in whole seconds, rounded up. Whole state: a film that it leaves out has no known wait, and all are
// left out while nobody starts (evacuation, stop, pause, admission closed, records that cannot be written). Nothing
// where there is no snapshot, or one so old that the loop stands still.
std::optional<std::string> waits_body(const base::HallId& hall, const Status* status, std::chrono::steady_clock::time_point now);

using WaitsToTell = std::function<std::optional<std::string>()>;  // any thread; nothing: nobody knows

}  // namespace promenade::server
