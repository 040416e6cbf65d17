#include "showcontrol/client/client.h"

#include <utility>

#include "showcontrol/client/state.h"
#include "showcontrol/protocol/codec.h"
#include "tracking/base/assert.h"
#include "tracking/venue_file.h"

namespace promenade::client {

using protocol::Phase;
using tracking::Level;

Client::Client(ClientConfig config) : state_(std::make_unique<State>(std::move(config))) {
  PROMENADE_ASSERT(!state_->config.headset.is_none());
  PROMENADE_ASSERT(state_->config.films != nullptr);
}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

void Client::link_up(HeadsetTime now) {
  State& s = *state_;
  s.connected = true;
  s.outgoing.clear();
  s.outgoing.emplace_back(protocol::Hello{protocol::kProtocolVersion, s.config.headset, s.config.software, s.link.epoch()});
  s.clock.join(now);
  s.next_state = now;
}

void Client::link_down(HeadsetTime) {
  state_->connected = false;
  state_->outgoing.clear();
}

void Client::receive(const protocol::Message& message, HeadsetTime now) {
  State& s = *state_;
  if (const auto* frame = std::get_if<protocol::HallState>(&message)) {
    s.receive(*frame, now);
  } else if (const auto* reply = std::get_if<protocol::ClockReply>(&message)) {
    s.clock.reply(*reply, now);
  } else if (const auto* welcome = std::get_if<protocol::Welcome>(&message)) {
    s.receive(*welcome, now);
  } else if (const auto* refusal = std::get_if<protocol::Refusal>(&message)) {
    s.view.refusal = *refusal;
  }
}

void Client::State::refuse(std::string code, std::string text) { view.refusal = protocol::Refusal{0, std::move(code), std::move(text)}; }

void Client::State::follow_epoch(base::EpochId before, HeadsetTime now) {
  if (link.epoch() == before || before.is_none()) return;
  clock.forget();
  clock.join(now);
}

void Client::State::receive(const protocol::Welcome& welcome, HeadsetTime now) {
  if (welcome.protocol_version != protocol::kProtocolVersion) {
    return refuse("version-unknown", "The hall speaks another version of the protocol; update the headset.");
  }
  const base::EpochId before = link.epoch();
  if (!link.obey(welcome.epoch)) return;
  follow_epoch(before, now);
  if (welcome.venue_toml == venue_toml && venue) return;
  auto read = tracking::read_venue(welcome.venue_toml, "venue file of the hall");
  if (!read) return refuse("venue-invalid", "The hall's venue file cannot be used: " + read.error().front().message);
  venue = std::move(*read);
  venue_toml = welcome.venue_toml;
  guard.set_venue(venue->safety);
}

void Client::State::receive(const protocol::HallState& state, HeadsetTime now) {
  const base::EpochId before = link.epoch();
  if (!link.take(state, now)) return;
  follow_epoch(before, now);
  frame_new = true;
  place.raise_wanted(state.calibration_wanted);
  if (state.play) {
    walk.follow(*state.play, state.ways, *config.films, state.own_place);
    last_play = state.play->play;
  } else if (state.phase <= Phase::choosing || state.phase > Phase::guided_out) {
    walk.forget();
  } else {
    walk.suspend();
  }
  if (!is_served(state.phase)) {
    place.new_viewer();
    guard.reset();
    panic = panic_stopped = false;
  }
  if (panic && panic_told_in && state.last_headset_sequence >= *panic_told_in) {
    if (state.safety.level >= Level::stop) {
      panic_stopped = true;
    } else if (panic_stopped) {
      panic = panic_stopped = false;
      panic_told_in.reset();
    }
  }
  if (stop_told_in && state.last_headset_sequence >= *stop_told_in && state.safety.level < Level::stop) {
    if (const auto hall = hall_now(now)) guard.release(*hall);
  }
}

void Client::pose(const protocol::StagePose& head, protocol::TrackingQuality quality, HeadsetTime at) {
  State& s = *state_;
  if (!s.clock.known() || !s.venue) return;
  s.place.pose(head, quality, s.clock.map().to_hall(at), s.venue->safety);
}

void Client::device(const Device& device) {
  state_->device = device;
  state_->place.worn(device.worn);
}

void Client::touch_mark(const std::string& mark, const protocol::StagePose& controller, HeadsetTime now) {
  State& s = *state_;
  if (!s.venue || !s.clock.known()) return s.refuse("hall-unknown", "The headset does not hear the hall; wait until it does.");
  if (const auto touched = s.place.touch(*s.venue, mark, controller, s.clock.map().to_hall(now)); !touched) {
    s.refuse(touched.error().code, touched.error().text());
  }
}

void Client::stand_on_mark(HeadsetTime now) {
  State& s = *state_;
  if (!s.venue || !s.clock.known()) return s.refuse("hall-unknown", "The headset does not hear the hall; wait until it does.");
  if (const auto stood = s.place.stand(*s.venue, s.clock.map().to_hall(now)); !stood) s.refuse(stood.error().code, stood.error().text());
}

void Client::saw_tags(std::span<const tracking::TagSighting> seen, HeadsetTime at) {
  State& s = *state_;
  if (seen.empty() || !s.venue || !s.clock.known()) return;
  if (const auto done = s.place.saw_tags(*s.venue, seen, s.clock.map().to_hall(at)); !done) s.refuse(done.error().code, done.error().text());
}

void Client::saw_anchors(double slid_m, HeadsetTime at) {
  State& s = *state_;
  if (s.clock.known()) s.place.saw_anchors(slid_m, s.clock.map().to_hall(at));
}

void Client::recentred(HeadsetTime) { state_->place.forget_calibration(); }

void Client::resumed(HeadsetTime) { state_->place.resume(); }

void Client::panic(HeadsetTime) {
  State& s = *state_;
  if (s.panic) return;
  s.panic = true;
  s.panic_stopped = false;
  s.panic_told_in.reset();
}

void Client::choose(const base::FilmId& film, const std::string& language, HeadsetTime) {
  State& s = *state_;
  const protocol::ChooseFilm choice{s.request + 1, film, language};
  if (!s.connected) return s.refuse("link-lost", "The headset does not hear the hall; wait until it does.");
  if (const auto fits = protocol::check_encodable(choice); !fits) return s.refuse("film-unknown", fits.error().message);
  ++s.request;
  s.view.refusal.reset();
  s.outgoing.emplace_back(choice);
}

void Client::choose_way(std::uint8_t way, HeadsetTime) {
  State& s = *state_;
  if (!s.walk.choose(way)) s.refuse("way-not-offered", "That way is not on offer now.");
}

void Client::rate(std::uint8_t stars, HeadsetTime) {
  PROMENADE_ASSERT(stars >= 1 && stars <= 5);
  State& s = *state_;
  if (!s.connected || s.last_play.is_none()) return;
  s.outgoing.emplace_back(protocol::RateFilm{s.last_play, stars});
}

void Client::step(HeadsetTime now) { state_->step(now); }
std::vector<protocol::Message> Client::take_outgoing() { return std::exchange(state_->outgoing, {}); }
const View& Client::view() const { return state_->view; }
bool Client::clock_known() const { return state_->clock.known(); }

base::HallTime Client::hall_time(HeadsetTime at) const {
  PROMENADE_ASSERT(clock_known());
  return state_->clock.map().to_hall(at);
}

base::Duration Client::clock_uncertainty(HeadsetTime at) const { return state_->clock.uncertainty(at); }

base::EpochId Client::epoch() const { return state_->link.epoch(); }
protocol::Phase Client::phase() const { return state_->phase(); }
const tracking::Venue* Client::venue() const { return state_->venue ? &*state_->venue : nullptr; }
std::optional<tracking::Transform<tracking::Hall, tracking::Stage>> Client::hall_from_stage() const {
  return state_->place.hall_from_stage();
}

protocol::CalibrationState Client::drift(HeadsetTime now) const {
  const auto hall = state_->hall_now(now);
  return hall ? state_->report(*hall) : protocol::CalibrationState{};
}

std::uint32_t Client::calibrations() const { return state_->place.calibrations(); }

std::vector<tracking::Point<tracking::Stage>> Client::anchor_points() const {
  const auto hall_from_stage = state_->place.hall_from_stage();
  if (!hall_from_stage || !state_->venue || state_->venue->marks.empty()) return {};
  const auto stage_from_hall = tracking::inverse(*hall_from_stage);
  const tracking::MarkPair& pair = state_->venue->marks.front();
  return {stage_from_hall * pair.first, stage_from_hall * pair.second};
}

}  // namespace promenade::client
