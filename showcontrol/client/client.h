#pragma once
// What a headset holds, as a pure state machine: link, clock map, calibration, film clock, gates and authority,
// its own safety evaluation, and what to show. The headset program and every simulated viewer run this class.
// One thread; reads no clock: every call takes headset time, which must not go back. Units SI.
//
// It obeys only frames of the highest epoch seen, in sequence. Without fresh state it goes on by its own clock as
// far as its authority goes, then holds at the gate; walls are guarded always; other bodies by the staleness table.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "content-tools/package/manifest.h"
#include "showcontrol/client/view.h"
#include "showcontrol/protocol/messages.h"
#include "tracking/base/random.h"
#include "tracking/tags.h"
#include "tracking/venue.h"

namespace promenade::client {

using base::HeadsetTime;

struct Film {                     // what the headset has of a preloaded film
  package::Manifest manifest;
  base::Hash package_hash{};
};
using FilmShelf = std::vector<Film>;

struct ClientConfig {
  base::HeadsetId headset;
  std::string software;
  std::shared_ptr<const FilmShelf> films;  // shared by all simulated viewers of one process: large, read-only
};

struct Device {                   // what the headset's system tells; repeated by the rim whenever it changes
  bool worn = false;
  std::optional<std::uint8_t> battery_percent;  // none: the system does not tell
  bool charging = false;
  std::int8_t temperature_c = 0;  // 0: not known
  protocol::FrameTiming timing;
  std::vector<protocol::HeadsetTrouble> troubles;  // the first kTroublesMax are told
};

class Client {
 public:
  explicit Client(ClientConfig config);
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  // Link. The rim connects (and reconnects with back-off); the client says Hello and keeps the clock.
  void link_up(HeadsetTime now);
  void link_down(HeadsetTime now);
  void receive(const protocol::Message& message, HeadsetTime now);  // now: stamped at the socket

  // Sensors and the viewer's hand.
  void pose(const protocol::StagePose& head, protocol::TrackingQuality quality, HeadsetTime at);
  void device(const Device& device);
  // `mark`: "M1.first" or "M1.second", after the pair's id in the venue file. What is wrong comes as View::refusal.
  // `controller`: where it lies, and the way it points: along the mark's arrow.
  void touch_mark(const std::string& mark, const protocol::StagePose& controller, HeadsetTime now);
  void stand_on_mark(HeadsetTime now);  // whoever wears the headset stands on a mark, the nearest: a coarse check
  void saw_tags(std::span<const tracking::TagSighting> seen, HeadsetTime at);
  void saw_anchors(double slid_m, HeadsetTime at);  // since they were set at anchor_points()
  void recentred(HeadsetTime now);  // the runtime moved STAGE: calibration is unknown until marks are touched again
  void resumed(HeadsetTime now);    // the runtime has begun anew: its STAGE may be another one
  void panic(HeadsetTime now);      // stops this viewer until the hall has ordered a stop and then something lower
  void choose(const base::FilmId& film, const std::string& language, HeadsetTime now);
  void choose_way(std::uint8_t way, HeadsetTime now);  // of View::choice
  void rate(std::uint8_t stars, HeadsetTime now);

  // Advances to `now`: evaluates safety, moves the film clock, passes gates, makes messages that are due.
  void step(HeadsetTime now);

  // Messages to send, in order; emptied by the call.
  std::vector<protocol::Message> take_outgoing();
  const View& view() const;

  // For displays and tests.
  bool clock_known() const;
  base::HallTime hall_time(HeadsetTime at) const;  // asserted: clock_known()
  base::Duration clock_uncertainty(HeadsetTime at) const;  // of hall_time, half-width; Duration::max(): not known
  base::EpochId epoch() const;
  protocol::Phase phase() const;                // of the newest frame; idle before one has come
  const tracking::Venue* venue() const;         // of the newest Welcome; nullptr: none yet. Valid until receive()
  std::optional<tracking::Transform<tracking::Hall, tracking::Stage>> hall_from_stage() const;  // none: not calibrated
  protocol::CalibrationState drift(HeadsetTime now) const;      // as the hall is told
  // Where spatial anchors are to be set, on the floor of the stage: at the marks of the first pair. Another number of
  // `calibrations` asks for new ones; no points: those that there are say nothing any more.
  std::uint32_t calibrations() const;
  std::vector<tracking::Point<tracking::Stage>> anchor_points() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace promenade::client
