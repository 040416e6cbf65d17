// A client's passing of time: clock, safety, film, messages, in this order, so that a level acts in its own step.

#include <algorithm>
#include <utility>

#include "showcontrol/client/state.h"

namespace promenade::client {

using base::Duration;
using tracking::Cause;
using tracking::Concern;
using tracking::Level;

namespace {
constexpr Duration kStateEvery{33'333};
constexpr Duration kStepMost{1'000'000};    // a program that slept goes on where it was
constexpr Duration kClockJump{50'000};
constexpr Duration kClockGood{20'000};      // good enough to tell how old a frame is

bool is_worse(const Concern& a, const Concern& b) { return a.level > b.level; }
}  // namespace

void Client::State::step(HeadsetTime now) {
  const Duration since = last_step ? std::clamp(now - *last_step, Duration{0}, kStepMost) : Duration{0};
  last_step = now;
  keep_clock(now);
  evaluate(now);
  walk_on(now, film_time_since(now, since));
  compose(now);
  send(now);
}

void Client::State::keep_clock(HeadsetTime now) {
  const bool known = clock.known();
  const base::HallTime before = known ? clock.map().to_hall(now) : base::HallTime{};
  clock.advance(now, !walk.film_shows());
  if (!known) return;
  const Duration jump = clock.map().to_hall(now) - before;
  if (jump > kClockJump || jump < -kClockJump) place.forget_poses();
}

// The film goes by hall time, so that over two hours it stays where the hall and everybody else has it. A step of the map
// moves no film, nor does a program that slept: then it is the headset's own time.
Duration Client::State::film_time_since(HeadsetTime now, Duration since) {
  const auto before = std::exchange(last_hall, clock.known() ? std::optional(clock.map().to_hall(now)) : std::nullopt);
  if (!before || !last_hall) return since;
  const Duration by_hall = *last_hall - *before, most_apart = since / 1000 + Duration{10};  // the map's rate is within 700 ppm
  return by_hall - since > most_apart || since - by_hall > most_apart ? since : by_hall;
}

std::optional<base::HallTime> Client::State::hall_now(HeadsetTime now) const {
  if (clock.known()) return clock.map().to_hall(now);
  if (link.state()) return link.hall_time_by_frame(now);
  return std::nullopt;
}

// Frames that a network has kept for a while are as stale as none.
Duration Client::State::silence(HeadsetTime now) const {
  const Duration since_received = link.silence(now);
  if (!link.state() || !clock.known() || clock.uncertainty(now) > kClockGood) return since_received;
  return std::max(since_received, clock.map().to_hall(now) - link.state()->time);
}

std::optional<protocol::HallPoint> Client::State::head() const {
  if (!place.calibrated() || place.history().empty()) return std::nullopt;
  return tracking::floor_point(place.history().newest());
}

bool Client::State::place_known(HeadsetTime now) const {
  return venue && clock.known() && place.trusted(clock.map().to_hall(now)) && !place.history().empty();
}

Concern Client::State::ordered(HeadsetTime now) const {
  if (!link.state()) return {};
  const protocol::HallState& frame = *link.state();
  if (frame.evacuate) return {Level::evacuate, Cause::fire, 0.0, 0.0};
  // A stop is staff's to end; silence does not end it.
  if (frame.safety.level < Level::stop && link.order_expired(now)) return {};
  return {frame.safety.level, frame.safety.cause, 0.0, 0.0};
}

// A headset that was off the head may have been carried, covered or laid down: its place is kept, since the runtime says
// when its space moves, but nobody has seen it since. So its drift is not known until something measures it.
void Client::State::watch_worn(std::optional<base::HallTime> now) {
  if (!is_under_way(phase())) {
    taken_off = false;
    put_on.reset();
  } else if (!device.worn) {
    taken_off = true;
  } else if (taken_off && now) {
    taken_off = false;
    put_on = now;
  }
}

protocol::CalibrationState Client::State::report(base::HallTime now) const {
  protocol::CalibrationState state = place.report(now);
  const bool stale = put_on && (state.measured_by == tracking::DriftMeasure::none || now - state.measured_ago < *put_on);
  if (stale && state.drift == tracking::CalibrationState::good) state.drift = tracking::CalibrationState::unknown;
  return state;
}

void Client::State::evaluate(HeadsetTime now) {
  const auto hall = hall_now(now);
  watch_worn(hall);
  const Level before = own.level;
  if (!hall || !venue) {
    own = is_under_way(phase()) ? Concern{Level::pause, Cause::tracking_lost, 0.0, 0.0} : Concern{};
  } else if (!is_served(phase())) {
    own = {};
  } else if (place.calibrated() && clock.known()) {
    const Guard::Moment moment{*hall, device.worn, base::to_seconds(silence(now)), phase() < protocol::Phase::guided, link.state()->lifted};
    own = guard.evaluate(moment, place, walk, *venue, &*link.state());
  } else {
    const bool alone = base::to_seconds(silence(now)) >= venue->safety.silence_lift_off_s;
    const Concern lost = alone ? Concern{Level::evacuate, Cause::link_lost, 0.0, 0.0} : Concern{Level::pause, Cause::tracking_lost, 0.0, 0.0};
    own = guard.hold(*hall, is_under_way(phase()) ? lost : Concern{});
  }
  if (panic && own.level <= Level::stop) own = {Level::stop, Cause::panic, 0.0, 0.0};
  if (own.level < Level::stop) stop_told_in.reset();
  else if (before < Level::stop) stop_told_in.reset();
  shown = own;
  if (const Concern order = ordered(now); is_worse(order, shown)) shown = order;
}

void Client::State::walk_on(HeadsetTime now, Duration since) {
  Walk::Moment moment;
  moment.since = since;
  if (clock.known()) moment.hall = clock.map().to_hall(now);
  moment.head = head();
  moment.frozen = shown.level >= Level::pause;
  if (moment.hall && place_known(now)) moment.open_gate = link.open_gate(*moment.hall, clock.uncertainty(now));
  walk.step(moment);
}

void Client::State::send(HeadsetTime now) {
  if (!connected) return;
  if (const auto request_now = clock.request_due(now)) outgoing.emplace_back(*request_now);
  const bool rises = own.level > told || (panic && !panic_told_in);
  if (now < next_state && !rises) return;
  if (now >= next_state) next_state = std::max(next_state + kStateEvery, now + kStateEvery / 2);
  outgoing.emplace_back(headset_state(now));
}

protocol::HeadsetState Client::State::headset_state(HeadsetTime now) {
  protocol::HeadsetState up;
  up.headset = config.headset;
  up.sequence = ++sequence;
  up.epoch = link.epoch();
  up.last_state_sequence = link.sequence();
  up.samples = place.take_samples();
  if (const auto hall = hall_now(now)) up.calibration = report(*hall);
  up.progress = walk.progress();
  if (walk.ordered()) up.chosen = walk.chosen();
  up.level = told = own.level;
  up.cause = own.cause;
  up.worn = device.worn;
  up.panic = panic;
  up.standing_height_m = place.standing_height_m();
  up.battery_known = device.battery_percent.has_value();
  up.battery_percent = std::min<std::uint8_t>(device.battery_percent.value_or(100), 100);  // unknown: nobody is to be alarmed
  up.charging = device.charging;
  up.temperature_c = device.temperature_c;
  up.loss_percent = link.loss_percent();
  up.round_trip_ms = static_cast<std::uint16_t>(std::clamp<std::int64_t>(clock.round_trip().count() / 1000, 0, 65535));
  up.clock_error_us = static_cast<std::uint16_t>(std::clamp<std::int64_t>(clock.uncertainty(now).count(), 0, 65535));
  up.timing = device.timing;
  up.troubles.assign(device.troubles.begin(), device.troubles.begin() + static_cast<std::ptrdiff_t>(std::min(device.troubles.size(), protocol::kTroublesMax)));
  if (panic && !panic_told_in) panic_told_in = sequence;
  if (own.level >= Level::stop && !stop_told_in) stop_told_in = sequence;
  return up;
}

}  // namespace promenade::client
