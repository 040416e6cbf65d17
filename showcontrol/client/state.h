#pragma once
// The parts of a Client and how they hang together; private to showcontrol/client.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "showcontrol/client/client.h"
#include "showcontrol/client/guard.h"
#include "showcontrol/client/link.h"
#include "showcontrol/client/place.h"
#include "showcontrol/client/walk.h"
#include "showcontrol/protocol/clock_sync.h"
#include "tracking/venue.h"

namespace promenade::client {

// Phases in which a person wears the headset and may be on the floor.
constexpr bool is_served(protocol::Phase phase) { return phase >= protocol::Phase::calibrated && phase <= protocol::Phase::guided_out; }
// Phases in which a play has the viewer walking.
constexpr bool is_under_way(protocol::Phase phase) { return phase >= protocol::Phase::guided && phase <= protocol::Phase::guided_out; }

struct Client::State {
  explicit State(ClientConfig settings) : config(std::move(settings)), link(config.headset) {}

  // client.cpp: what comes in
  void receive(const protocol::Welcome& welcome, HeadsetTime now);
  void receive(const protocol::HallState& state, HeadsetTime now);
  void follow_epoch(base::EpochId before, HeadsetTime now);
  void refuse(std::string code, std::string text);

  // step.cpp: the passing of time
  void step(HeadsetTime now);
  void keep_clock(HeadsetTime now);
  base::Duration film_time_since(HeadsetTime now, base::Duration since);  // since the last step, which was `since` ago
  void evaluate(HeadsetTime now);
  void watch_worn(std::optional<base::HallTime> now);
  protocol::CalibrationState report(base::HallTime now) const;  // Place's, as far as it can be trusted since it was put on
  void walk_on(HeadsetTime now, base::Duration since);
  void send(HeadsetTime now);
  protocol::HeadsetState headset_state(HeadsetTime now);
  tracking::Concern ordered(HeadsetTime now) const;      // by the hall, while it holds
  std::optional<base::HallTime> hall_now(HeadsetTime now) const;  // by the clock map, else by the newest frame
  base::Duration silence(HeadsetTime now) const;         // since the newest frame was made, or came
  std::optional<protocol::HallPoint> head() const;
  bool place_known(HeadsetTime now) const;
  protocol::Phase phase() const { return link.state() ? link.state()->phase : protocol::Phase::idle; }

  // picture.cpp: what to show
  void compose(HeadsetTime now);
  Screen screen(HeadsetTime now) const;
  bool stays(HeadsetTime now) const;
  void compose_level(HeadsetTime now);
  void compose_play(HeadsetTime now);
  void compose_choice();

  ClientConfig config;
  Link link;
  protocol::ClockSync clock;
  Place place;
  Walk walk;
  Guard guard;
  std::string venue_toml;
  std::optional<tracking::Venue> venue;
  Device device;

  bool connected = false;
  std::uint32_t sequence = 0;                 // of the newest HeadsetState sent
  HeadsetTime next_state{};
  std::optional<HeadsetTime> last_step;
  std::optional<base::HallTime> last_hall;    // at it, by the map
  std::vector<protocol::Message> outgoing;

  bool taken_off = false;                     // under way, and not yet put on again
  std::optional<base::HallTime> put_on;       // when it last was put on again
  tracking::Concern own;                      // own evaluation, held
  tracking::Concern shown;                    // the worst of own and ordered
  tracking::Level told = tracking::Level::clear;         // own level in the newest HeadsetState
  std::optional<std::uint32_t> stop_told_in;  // sequence of the first HeadsetState with the present own stop
  bool panic = false;
  std::optional<std::uint32_t> panic_told_in;
  bool panic_stopped = false;                 // the hall has answered the panic with a stop

  std::uint32_t request = 0;
  base::PlayId last_play;                     // to be rated
  View view;
  bool frame_new = true;                      // view's copies of the newest frame are old
  std::uint32_t composed_changes = ~0u;       // of walk
};

}  // namespace promenade::client
