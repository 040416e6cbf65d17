#include "tests/protocol/examples.h"

#include <cmath>

namespace promenade::protocol::examples {

using base::hall_time;
using base::headset_time;
using std::chrono::milliseconds;

HeadsetState headset_state() {
  HeadsetState m;
  m.headset = HeadsetId{17};
  m.sequence = 4711;
  m.epoch = EpochId{3};
  m.last_state_sequence = 4700;
  for (int i = 0; i < 3; ++i) {
    PoseSample sample;
    sample.time = hall_time(1234.5) + milliseconds(11 * i);
    sample.pose = tracking::pose_at(HallPoint{6.25 + 0.008 * i, 4.5 - 0.004 * i}, 1.62, 0.5 + 0.02 * i);
    m.samples.push_back(sample);
  }
  m.samples.back().quality = TrackingQuality::inferred;
  m.calibration = {true, 2, 0.06, 0.02, tracking::CalibrationState::good, tracking::DriftMeasure::touch, 0.03, std::chrono::seconds(41)};
  m.progress = {PlayId{0x0300000012ull}, 2, BlockStage::in_scene, milliseconds(12340), true};
  m.level = tracking::Level::warn;
  m.cause = tracking::Cause::wall;
  m.worn = true;
  m.standing_height_m = 1.62;
  m.battery_percent = 83;
  m.temperature_c = 36;
  m.loss_percent = 1;
  m.round_trip_ms = 7;
  m.clock_error_us = 420;
  m.timing = {9000, 4, 1, 42};
  m.chosen = {1, 0};
  m.troubles = {{Trouble::film_newer, FilmId{"001100022026"}}, {Trouble::no_sound, {}}};
  return m;
}

namespace {
Neighbour neighbour(std::size_t i, bool planned) {
  const double at = static_cast<double>(i);
  Neighbour n;
  n.body = BodyId{static_cast<std::uint32_t>(100 + i)};
  n.relation = static_cast<Relation>(i % 5);
  n.position = {2.0 + 0.5 * at, 3.0 + 0.25 * at};
  n.velocity = {0.7, -0.35};
  n.radius_m = 0.12;
  n.age = milliseconds(150);
  if (planned) n.planned = {n.position + tracking::Vec<tracking::Hall>{2.0, -1.0}, n.position + tracking::Vec<tracking::Hall>{4.0, -2.0},
                            n.position + tracking::Vec<tracking::Hall>{6.0, -3.0}};
  return n;
}

PlayOrder order(std::size_t waypoints) {
  PlayOrder o;
  o.play = PlayId{0x0300000012ull};
  o.film = FilmId{"001100012026"};
  o.language = "zh";
  for (std::size_t i = 0; i < o.package_hash.size(); ++i) o.package_hash[i] = static_cast<std::uint8_t>(i * 7);
  o.placement.yaw = 0.5 * 3.141592653589793;
  o.placement.shift = {8.25, 6.5};
  o.placement.mirrored = true;
  o.scale = 1.05;
  o.start = hall_time(1240.0);
  for (std::size_t i = 0; i < waypoints; ++i) {
    o.way_in.push_back({1.0 + static_cast<double>(i), 2.0});
    o.way_out.push_back({9.0 - 0.5 * static_cast<double>(i), 7.0});
  }
  for (std::size_t i = 1; i + 1 < waypoints && o.way_in_stops.size() < kStopsMax; i += 2) {
    o.way_in_stops.push_back(static_cast<std::uint8_t>(i));
    o.way_out_stops.push_back(static_cast<std::uint8_t>(i + 1 < waypoints - 1 ? i + 1 : i));
  }
  o.resume_block = 1;
  o.resume_stage = BlockStage::walking;
  o.resume_scene_time = milliseconds(2500);
  return o;
}
}  // namespace

HallState hall_state(std::size_t neighbours) {
  HallState m;
  m.epoch = EpochId{3};
  m.sequence = 9021;
  m.time = hall_time(1234.567891);
  m.headset = HeadsetId{17};
  m.last_headset_sequence = 4710;
  m.phase = Phase::held;
  m.calibration_wanted = 2;
  m.play = order(3);
  m.authority = {2, hall_time(1237.5)};
  m.hold_until = hall_time(1250.0);
  m.safety = {tracking::Level::warn, tracking::Cause::body, -1.5, hall_time(1235.5)};
  m.way_out_door = {27.2, 7.5};
  m.way_out_name = DoorName::exit;
  m.way_out = {{6.0, 4.5}, {20.0, 7.5}, {27.2, 7.5}};
  m.ways = {{1, 2}, {0, 5}};
  m.lifted = 1u << static_cast<unsigned>(tracking::Cause::stray);
  for (std::size_t i = 0; i < neighbours; ++i) m.neighbours.push_back(neighbour(i, i % 2 == 0));
  m.own_place = OwnPlace{{0.7, -0.99}, 2, milliseconds(12340)};
  return m;
}

HallState fullest_hall_state() {
  HallState m = hall_state(0);
  m.play = order(kWaypointsMax);
  m.way_out.clear();
  m.ways.assign(kChoicesMax, {0, 7});
  m.play->language = "zh-Hant-HK-xxxx";
  m.told_start = hall_time(1240.0);
  for (std::size_t i = 0; i < kWaypointsMax; ++i) m.way_out.push_back({27.0 - 0.5 * static_cast<double>(i), 7.0});
  for (std::size_t i = 0; i < kMenuMax; ++i) m.menu.push_back({FilmId{"0011000120" + std::to_string(10 + i)}, std::chrono::seconds(60 * i), i % 3 != 0});
  for (std::size_t i = 0; i < kNeighboursMax; ++i) m.neighbours.push_back(neighbour(i, true));
  return m;
}

std::vector<std::pair<std::string, Message>> all() {
  std::vector<std::pair<std::string, Message>> out;
  const auto add = [&](std::string name, Message message) { out.emplace_back(std::move(name), std::move(message)); };
  add("hello", Hello{kProtocolVersion, HeadsetId{17}, "promenade-headset 0.1.0", EpochId{2}});
  add("headset_state", headset_state());
  add("clock_request", ClockRequest{77, headset_time(55.000125)});
  add("choose_film", ChooseFilm{5, FilmId{"001100012026"}, "zh"});
  add("rate_film", RateFilm{PlayId{0x0300000012ull}, 4});
  add("welcome", Welcome{kProtocolVersion, EpochId{3}, "format = \"promenade-venue/1\"\n"});
  add("hall_state", hall_state());
  add("clock_reply", ClockReply{77, headset_time(55.000125), hall_time(1234.001), hall_time(1234.001042)});
  add("refusal", Refusal{5, "film-not-allowed", "This ticket is for another film."});
  add("staff_hello", StaffHello{kProtocolVersion, "console", "0123456789abcdef"});
  add("staff_welcome", StaffWelcome{kProtocolVersion, EpochId{3}, "format = \"promenade-venue/1\"\n"});
  const auto command = [&](const std::string& name, StaffAction action) { add("staff_command_" + name, StaffCommand{9, std::move(action)}); };
  command("bind_ticket", BindTicket{HeadsetId{17}, "T1.example", 12, 1.25, true, 9, 40, HeadsetId{18}});
  command("set_fitted", SetFitted{HeadsetId{17}, true});
  command("set_viewer_paused", SetViewerPaused{HeadsetId{17}, true});
  command("release_viewer", ReleaseViewer{HeadsetId{17}});
  command("set_hall_stopped", SetHallStopped{true});
  command("set_evacuation", SetEvacuation{true});
  command("swap_headset", SwapHeadset{HeadsetId{17}, HeadsetId{18}});
  command("place_body", PlaceBody{4, {12.0, 3.5}, false, HeadsetId{17}});
  command("confirm_body_gone", ConfirmBodyGone{BodyId{104}});
  command("lead_out", LeadOut{HeadsetId{17}});
  command("set_returned", SetReturned{HeadsetId{17}});
  command("set_cleaned", SetCleaned{HeadsetId{17}});
  command("set_admission", SetAdmission{false});
  command("take_alarm", TakeAlarm{12});
  command("set_hall_paused", SetHallPaused{true});
  command("lift_cause", LiftCause{HeadsetId{17}, tracking::Cause::posture, true});
  command("count_out", CountOut{BodyId{104}, true});
  command("settle_evacuation", SettleEvacuation{HeadsetId{17}, Settlement::rebook});
  command("set_closing", SetClosing{hall_time(9000.0)});
  add("staff_reply", StaffReply{9, false, "headset-bound", "Headset 17 is bound to another ticket."});
  add("tag_report", TagReport{2, hall_time(1234.5), {2.0, 11.8}, 0.3});
  HallSummary summary{EpochId{3}, 55, hall_time(1234.4), false, false, true, true, 24, 3, 15, 77, 1, 2, true, false, 18, 80, 74, 2, 0, {}, tracking::Cause::fire, 31, 12, 5, ContactState::alarm, ContactState::ready, {}, hall_time(9000.0), hall_time(2345.5)};
  summary.waits = {{FilmId{"001100012026"}, std::chrono::seconds(85), 2, 3, hall_time(8012.0)}, {FilmId{"001100022026"}, std::chrono::seconds(5), 0, 1, {}}};
  summary.classes = {{12, FilmId{"001100012026"}, 40, 6, {{6, hall_time(1100.0), true, true}, {6, hall_time(1260.5), true, false}, {5, hall_time(1330.0), false, false}}}};
  add("hall_summary", summary);
  HeadsetCard card;
  card.sequence = 55;
  card.headset = HeadsetId{17};
  card.body = BodyId{104};
  card.phase = Phase::playing;
  card.film = FilmId{"001100012026"};
  card.block = 2;
  card.blocks = 6;
  card.remaining = std::chrono::seconds(48);
  card.position = {6.25, 4.5};
  card.yaw_rad = -0.5;
  card.error_m = 0.05;
  card.level = tracking::Level::warn;
  card.cause = tracking::Cause::wall;
  card.tracking = TrackingQuality::good;
  card.connected = true;
  card.worn = true;
  card.battery_percent = 83;
  card.age = milliseconds(30);
  card.route_ahead = {{6.0, 5.0}, {7.0, 6.0}};
  card.placed = true;
  card.radius_m = 0.08;
  card.scene = 2;
  card.scenes = 5;
  card.stage = BlockStage::walking;
  card.party = 12;
  card.child = true;
  card.staff_paused = true;
  card.residual_m = 0.02;
  card.temperature_c = 36;
  card.round_trip_ms = 7;
  card.clock_error_us = 420;
  card.frame_rate = 72;
  card.late_permille = 4;
  card.photon_ms = 42;
  card.waited = std::chrono::seconds(95);
  card.late = std::chrono::seconds(20);
  card.reserved = 1;
  card.path_ahead = {{6.0, 5.0}, {6.5, 5.5}, {7.0, 6.0}};
  card.path_reserved = 1;
  card.drift = tracking::CalibrationState::alarm;
  card.measured_by = tracking::DriftMeasure::tag;
  card.offset_m = 0.12;
  card.measured_ago = std::chrono::seconds(7);
  card.age_years = 9;
  card.lifted = 1u << static_cast<unsigned>(tracking::Cause::posture);
  card.interrupted = true;
  card.settlement = Settlement::resume;
  card.latecomer = Latecomer::led;
  card.joins_scene = 3;
  card.waits_for = WaitsFor::play;
  card.waits_for_headset = HeadsetId{4};
  card.waits_at = {7.0, 6.0};
  card.waits_until = hall_time(1250.0);
  add("headset_card", card);
  add("body_card", BodyCard{56, BodyId{105}, Relation::staff, {2.0, 11.8}, 0.3, milliseconds(100), 4, true, HeadsetId{17}, false});
  add("film_card", FilmCard{FilmId{"001100012026"}, "长安灯会", "Lanterns of Chang'an", false, 6, std::chrono::seconds(600)});
  add("staff_alarm", StaffAlarm{12, hall_time(1234.5), HeadsetId{17}, true, {6.25, 4.5}, "viewer-panic", "A viewer asks for help.",
                                "Go to the viewer; release him when he is well.", "tablet 2"});
  add("play_forecast", PlayForecast{base::PlayId{90}, hall_time(1234.5), FilmId{"001100012026"}, {HeadsetId{17}, HeadsetId{18}},
                                    {{{6.25, 4.5}, milliseconds(0)}, {{6.25, 4.5}, milliseconds(15'500)}, {{7.0, 6.0}, milliseconds(19'900)}}, true});
  return out;
}

}  // namespace promenade::protocol::examples
