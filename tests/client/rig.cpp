#include "tests/client/rig.h"

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <sstream>

#include "tracking/venue_file.h"

namespace promenade::client::test {

using protocol::HallPoint;

namespace {
const tracking::Transform<tracking::Hall, tracking::Stage> kHallFromStage{0.7, {3.0, -2.0}, 0.0, false};
}

std::string venue_text() {
  std::ifstream in(PROMENADE_SOURCE_DIR "/venue-configs/wuxi-420/venue.toml");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

const tracking::Venue& venue() {
  static const tracking::Venue read = tracking::read_venue(venue_text(), "venue.toml").value();
  return read;
}

std::shared_ptr<const FilmShelf> shelf() {
  static const auto films = [] {
    auto out = std::make_shared<FilmShelf>();
    Film walking;
    walking.manifest.film = kFilm;
    walking.manifest.length_s = 20.0;
    package::Route route;
    route.scenes = {{"one", {0.0, 0.0}, 0.6, 4.0, 20.0}, {"two", {3.0, 0.0}, 0.6, 4.0, 20.0}, {"three", {3.0, 3.0}, 0.6, 4.0, 20.0}};
    walking.manifest.route = route;
    walking.package_hash.fill(1);
    out->push_back(walking);
    Film seated;
    seated.manifest.film = kSeatedFilm;
    seated.manifest.kind = package::FilmKind::seated;
    seated.manifest.length_s = 5.0;
    seated.manifest.place = package::Place{};
    seated.package_hash.fill(2);
    out->push_back(seated);
    return std::shared_ptr<const FilmShelf>(out);
  }();
  return films;
}

protocol::PlayOrder order(double start_s) {
  protocol::PlayOrder o;
  o.play = base::PlayId{42};
  o.film = kFilm;
  o.language = "zh";
  o.package_hash.fill(1);
  o.placement.shift = {12.0, 4.0};
  o.start = base::hall_time(start_s + kHallAhead_s);
  o.way_in = {{5.0, 6.0}, {12.0, 4.0}};
  o.way_out = {{15.0, 7.0}, {22.0, 9.0}, {27.2, 7.5}};
  return o;
}

protocol::PlayOrder order_with_stops(double start_s) {
  protocol::PlayOrder o = order(start_s);
  o.way_in = {{5.0, 6.0}, {7.1, 5.4}, {9.2, 4.8}, {12.0, 4.0}};
  o.way_in_stops = {1, 2};
  o.way_out = {{15.0, 7.0}, {18.0, 9.8}, {22.0, 9.0}, {27.2, 7.5}};
  o.way_out_stops = {1, 2};
  return o;
}

Rig::Rig(std::uint16_t headset) : client({base::HeadsetId{headset}, "test 1", shelf()}) {
  frame.headset = base::HeadsetId{headset};
  frame.phase = protocol::Phase::idle;
  frame.way_out_door = {27.2, 7.5};
  device.worn = true;
}

protocol::StagePose Rig::stage_pose(HallPoint p, double height) const {
  return tracking::inverse(kHallFromStage) * tracking::pose_at(p, height, 0.3);
}

protocol::HallState Rig::make_frame() {
  protocol::HallState out = frame;
  out.epoch = epoch;
  out.sequence = ++sequence;
  out.time = hall();
  if (echo && up) out.last_headset_sequence = up->sequence;
  out.safety.expires = hall() + base::from_seconds(1.0);
  if (out.play && gate >= 0) out.authority = {static_cast<std::int8_t>(gate), hall() + base::from_seconds(authority_s)};
  return out;
}

void Rig::step(double step_s) {
  t += step_s;
  if (hall_talks) deliver(make_frame());
  if (send_poses) {
    const double wobble = 0.001 * (++jitter_ % 2);
    client.pose(stage_pose({head.x + wobble, head.y}, height_m), protocol::TrackingQuality::good, now());
  }
  client.device(device);
  client.step(now());
  for (protocol::Message& message : client.take_outgoing()) {
    if (const auto* request = std::get_if<protocol::ClockRequest>(&message); request != nullptr && clock_answers) {
      client.receive(protocol::ClockReply{request->sequence, request->sent, hall() + base::Duration{500}, hall() + base::Duration{500}},
                     now() + base::Duration{1000});
    }
    if (const auto* state = std::get_if<protocol::HeadsetState>(&message)) {
      up = *state;
      ++ups;
    }
    sent.push_back(std::move(message));
  }
}

void Rig::run(double seconds, double step_s) {
  const double end = t + seconds;
  while (t < end - 1e-9) step(step_s);
}

bool Rig::run_until(const std::function<bool()>& done, double limit_s, double step_s) {
  const double end = t + limit_s;
  while (!done()) {
    if (t > end) return false;
    step(step_s);
  }
  return true;
}

void Rig::walk_to(HallPoint target, double speed_mps) {
  constexpr double kStep_s = 1.0 / 30.0;
  while (tracking::distance(head, target) > 1e-6) {
    const double left = tracking::distance(head, target);
    const double go = speed_mps * kStep_s;
    head = left <= go ? target : head + (target - head) * (go / left);
    step(kStep_s);
  }
}

void Rig::connect() {
  client.link_up(now());
  client.receive(protocol::Welcome{protocol::kProtocolVersion, epoch, venue_text()}, now());
  run(0.5);
  REQUIRE(client.clock_known());
}

protocol::StagePose Rig::laid(const tracking::MarkPair& pair, bool second) const {
  return tracking::inverse(kHallFromStage) * tracking::pose_at(second ? pair.second : pair.first, 0.02, pair.arrow_rad());
}

void Rig::calibrate() {
  client.touch_mark("M1.first", laid(venue().marks[0], false), now());
  run(1.0);
  client.touch_mark("M1.second", laid(venue().marks[0], true), now());
  run(0.5);
}

void Rig::ready(protocol::Phase phase) {
  connect();
  frame.phase = protocol::Phase::fitted;
  run(0.1);
  calibrate();
  REQUIRE(up->calibration.known);
  frame.phase = phase;
  run(0.1);
}

void Rig::play(double start_in_s) {
  head = {5.0, 6.0};
  ready(protocol::Phase::guided);
  frame.play = order(t + start_in_s);
  run(0.2);
}

void Rig::authorise(int to, double valid_s) {
  gate = to;
  authority_s = valid_s;
}

}  // namespace promenade::client::test
