#include "tests/console/scenes.h"

#include <array>
#include <cmath>
#include <fstream>
#include <sstream>

#include "tracking/base/formatted.h"

namespace promenade::console_test {

using base::BodyId;
using base::HeadsetId;
using base::hall_time;
using protocol::BlockStage;
using protocol::HeadsetCard;
using protocol::Phase;
using std::chrono::seconds;
using tracking::Cause;
using tracking::HallPoint;
using tracking::Level;

namespace {

constexpr double kNow = 5000.0;  // hall seconds
struct Title {
  const char* zh;
  const char* en;
  bool seated;
};
constexpr std::array<Title, 9> kTitles{{{"长灯街", "Lantern Street", false}, {"深海之心", "Heart of the Deep", false}, {"敦煌飞天", "Flying Apsaras", false}, {"云上工坊", "Workshop in the Clouds", false},
                                        {"雪国列车站", "Station in the Snow", false}, {"火星花园", "Garden on Mars", false}, {"太湖晨雾", "Morning Mist on Lake Tai", true}, {"星空剧场", "Theatre of Stars", true},
                                        {"古琴", "Guqin", true}}};

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

std::string venue_text() { return read(PROMENADE_SOURCE_DIR "/venue-configs/wuxi-420/venue.toml"); }
base::FilmId film_code(std::size_t place) { return base::FilmId(base::formatted("0011000{:02}2026", place + 1).substr(0, 12)); }

protocol::HallSummary summary(std::uint32_t sequence) {
  protocol::HallSummary made;
  made.epoch = base::EpochId(3);
  made.sequence = sequence;
  made.time = hall_time(kNow + sequence * 0.2);
  made.box_office_reachable = true;
  made.headsets = 23;
  made.waiting = 3;
  made.playing = 13;
  made.viewers = 18;
  made.plays_today = 148;
  made.redeemed_today = 166;
  made.completed_today = 131;
  made.ended_early_today = 4;
  made.near_misses_today = 2;
  made.fire_contact = protocol::ContactState::ready;
  made.evacuate_button = protocol::ContactState::ready;
  for (std::size_t i = 0; i < kTitles.size(); ++i) made.waits.push_back({film_code(i), seconds(i % 3 == 0 ? 5 : 40 + 75 * static_cast<int>(i)), static_cast<std::uint8_t>(i % 2), static_cast<std::uint8_t>(i < 6 ? 2 : 1)});
  return made;
}

HeadsetCard idle_card(std::uint16_t number) {
  HeadsetCard card;
  card.sequence = 1;
  card.headset = HeadsetId(number);
  card.connected = true;
  card.battery_percent = static_cast<std::uint8_t>(55 + number * 7 % 45);
  card.charging = true;
  card.tracking = protocol::TrackingQuality::good;
  card.round_trip_ms = 6;
  card.clock_error_us = 300;
  return card;
}

HeadsetCard playing_card(std::uint16_t number, HallPoint at, std::size_t film) {
  HeadsetCard card = idle_card(number);
  card.charging = false;
  card.body = BodyId(100u + number);
  card.phase = Phase::playing;
  card.film = film_code(film);
  card.blocks = 9;
  card.scenes = 6;
  card.scene = static_cast<std::uint8_t>(1 + number % 6);
  card.block = static_cast<std::uint8_t>(card.scene + 1);
  card.stage = BlockStage::walking;
  card.remaining = seconds(45 + 37 * number % 400);
  card.placed = true;
  card.position = at;
  card.yaw_rad = 0.7 * number;
  card.error_m = 0.03 + 0.004 * (number % 5);
  card.residual_m = 0.02;
  card.drift = tracking::CalibrationState::good;
  card.measured_by = tracking::DriftMeasure::tag;
  card.offset_m = 0.02;
  card.measured_ago = seconds(4 + number % 20);
  card.radius_m = 0.05;
  card.worn = true;
  card.frame_rate = 72;
  card.late_permille = 3;
  card.photon_ms = 41;
  card.temperature_c = 37;
  // Onwards in the direction that he looks, to his next place and one more.
  const double yaw = card.yaw_rad;
  const HallPoint middle{14.0, 8.5};
  const HallPoint next{at.x + 1.7 * -std::sin(yaw), at.y + 1.7 * std::cos(yaw)};
  const HallPoint later{next.x + 0.35 * (middle.x - next.x), next.y + 0.35 * (middle.y - next.y) + 0.6};
  card.route_ahead = {next, later};
  card.reserved = 1;
  card.path_ahead = {next, later};
  card.path_reserved = 1;
  return card;
}

namespace {

HeadsetCard waiting_card(std::uint16_t number, double x, std::size_t film, int wait_s, int late_s, bool planned) {
  HeadsetCard card = playing_card(number, {x, 1.6}, film);
  card.phase = Phase::waiting;
  card.block = 0;
  card.blocks = planned ? 9 : 0;
  card.scene = 0;
  card.stage = BlockStage::before;
  card.yaw_rad = 0.1 * number - 1.0;
  card.wait = seconds(wait_s);
  card.late = seconds(late_s);
  card.waited = seconds(60 + wait_s / 2 + late_s);
  card.route_ahead.clear();
  card.path_ahead.clear();
  card.reserved = card.path_reserved = 0;
  return card;
}

std::vector<HeadsetCard> cards() {
  std::vector<HeadsetCard> list;
  constexpr std::array<HallPoint, 10> kAt{{{3.0, 6.2}, {6.4, 11.8}, {7.6, 7.0}, {10.8, 11.0}, {12.4, 6.4}, {15.6, 9.8}, {17.2, 5.2}, {20.6, 11.6}, {22.4, 6.6}, {25.4, 9.4}}};
  for (std::size_t i = 0; i < kAt.size(); ++i) list.push_back(playing_card(static_cast<std::uint16_t>(i + 1), kAt[i], i % 6));
  list[3].level = Level::warn;  // headset 4
  list[3].cause = Cause::wall;
  list[5].phase = Phase::held;
  list[5].stage = BlockStage::in_scene;
  list[7].error_m = 0.12;
  list[7].drift = tracking::CalibrationState::alarm;
  list[7].offset_m = 0.12;
  for (const std::size_t i : {std::size_t{1}, std::size_t{6}}) {  // nothing has measured them since the marks
    list[i].drift = tracking::CalibrationState::unknown;
    list[i].measured_by = tracking::DriftMeasure::marks;
    list[i].measured_ago = seconds(312);
    list[i].error_m = 0.07;
  }
  list[2].child = list[4].child = true;  // 3 with 4, who watches along; 5 with a parent who wears no headset
  list[2].age_years = 9;
  list[2].party = list[3].party = 2;
  list[8].battery_percent = 14;
  for (std::uint16_t i = 0; i < 3; ++i) {  // in the chairs
    HeadsetCard seated = playing_card(static_cast<std::uint16_t>(11 + i), {1.5 + 2.5 * i, 1.5}, 6u + i);
    seated.seated = true;
    seated.scene = seated.scenes = 1;
    seated.stage = BlockStage::in_scene;
    seated.route_ahead.clear();
    seated.path_ahead.clear();
    seated.reserved = seated.path_reserved = 0;
    list.push_back(seated);
  }
  list.push_back(waiting_card(14, 10.2, 2, 25, 0, true));
  list.push_back(waiting_card(15, 12.4, 4, 80, 0, true));
  list.push_back(waiting_card(16, 16.2, 1, 205, 95, false));
  HeadsetCard fitted = waiting_card(17, 18.6, 0, 0, 0, false);
  fitted.phase = Phase::fitted;
  fitted.placed = false;
  fitted.marks_wanted = true;
  list.push_back(fitted);
  HeadsetCard out = playing_card(18, {14.6, 12.2}, 3);
  out.phase = Phase::guided_out;
  out.scene = 0;
  out.yaw_rad = 0.2;
  out.route_ahead = {{14.0, 13.55}};
  out.path_ahead = out.route_ahead;
  list.push_back(out);
  HeadsetCard cleaning = idle_card(19);
  cleaning.phase = Phase::cleaning;
  list.push_back(cleaning);
  for (std::uint16_t i = 20; i <= 24; ++i) list.push_back(idle_card(i));
  list.back().connected = false;
  return list;
}

std::vector<Message> greeting() {
  std::vector<Message> list{protocol::StaffWelcome{protocol::kProtocolVersion, base::EpochId(3), venue_text()}};
  for (std::size_t i = 0; i < kTitles.size(); ++i) list.emplace_back(protocol::FilmCard{film_code(i), kTitles[i].zh, kTitles[i].en, kTitles[i].seated, 6, seconds(600)});
  return list;
}

std::vector<Message> hall(const protocol::HallSummary& now, const std::vector<HeadsetCard>& headsets, const std::vector<protocol::BodyCard>& bodies) {
  std::vector<Message> list = greeting();
  list.emplace_back(now);
  for (const HeadsetCard& card : headsets) list.emplace_back(card);
  for (const protocol::BodyCard& body : bodies) list.emplace_back(body);
  return list;
}

std::vector<protocol::BodyCard> staff() {
  return {{1, BodyId(301), protocol::Relation::staff, {14.0, 2.2}, 0.3, seconds(0), 1, true}, {1, BodyId(302), protocol::Relation::staff, {13.0, 13.9}, 0.3, seconds(0), 2, true},
          {1, BodyId(303), protocol::Relation::staff, {23.6, 3.4}, 0.3, seconds(40), 3, false},
          {1, BodyId(305), protocol::Relation::unknown_body, {12.4, 6.4}, 0.3, seconds(0), 9, false, HeadsetId(5)}};
}

// As an evacuation finds them: it interrupts whoever has not seen his film to the end.
void interrupt(HeadsetCard& card) {
  if (card.phase < Phase::arrived || card.phase > Phase::guided_out) return;
  card.level = Level::evacuate;
  card.cause = Cause::fire;
  card.interrupted = card.phase >= Phase::redeemed && card.phase < Phase::finished;
}

}  // namespace

std::vector<Message> busy() { return hall(summary(), cards(), staff()); }

std::vector<Message> with_alarm() {
  auto headsets = cards();
  HeadsetCard& fallen = headsets[6];  // headset 7
  fallen.level = Level::pause;
  fallen.cause = Cause::posture;
  HeadsetCard& lost = headsets[9];    // headset 10
  lost.lost = true;
  lost.connected = false;
  lost.age = seconds(14);
  lost.radius_m = 1.3;
  lost.level = Level::pause;
  lost.cause = Cause::link_lost;
  auto bodies = staff();
  bodies.push_back({1, BodyId(304), protocol::Relation::unknown_body, {19.2, 9.0}, 0.5, seconds(75), 0, false});
  auto list = hall(summary(), headsets, bodies);
  list.emplace_back(protocol::StaffAlarm{6, hall_time(kNow - 75.0), HeadsetId(21), true, {19.2, 9.0}, "body-left", "A headset was handed back in the middle of the hall; its viewer may still be there.", "Confirm that nobody stands there.", "tablet 2"});
  list.emplace_back(protocol::StaffAlarm{7, hall_time(kNow - 13.8), HeadsetId(10), true, {25.4, 9.4}, "viewer-lost", "A viewer is out of sight: its headset is silent.", "Go to the place shown; swap the headset, or confirm that nobody is there.", ""});
  list.emplace_back(protocol::StaffAlarm{8, hall_time(kNow - 3.8), HeadsetId(7), true, {17.2, 5.2}, "viewer-fallen", "A viewer has fallen, or is down on the floor.", "Go to the viewer.", ""});
  return list;
}

std::vector<Message> closing() {
  protocol::HallSummary made = summary();
  made.closing = made.time + seconds(1500);
  made.all_out = made.time + seconds(1620);
  for (std::size_t i = 0; i < made.waits.size(); ++i) made.waits[i].last_admission = made.time + seconds(-300 + 170 * static_cast<int>(i));
  return hall(made, cards(), staff());
}

std::vector<Message> with_gaps() {
  auto headsets = cards();
  for (const std::size_t at : {std::size_t{0}, std::size_t{2}, std::size_t{20}}) headsets[at].battery_known = false, headsets[at].battery_percent = 0, headsets[at].charging = false;
  HeadsetCard& swapped = headsets[5];
  swapped.lost = swapped.swapping = swapped.marks_wanted = true;
  swapped.level = Level::pause;
  swapped.cause = Cause::link_lost;
  swapped.radius_m = 1.1;
  return hall(summary(), headsets, staff());
}

std::vector<Message> with_drift() {
  auto headsets = cards();
  HeadsetCard& strayed = headsets[7];  // headset 8: drifted, and off his path by it
  strayed.level = Level::pause;
  strayed.cause = Cause::stray;
  HeadsetCard& sits = headsets[3];     // headset 4 may sit: staff have looked
  sits.level = Level::warn;
  sits.cause = Cause::posture;
  sits.lifted = 1U << static_cast<unsigned>(Cause::posture);
  HeadsetCard& away = headsets[6];     // headset 7
  away.drift = tracking::CalibrationState::out_of_trust;
  away.error_m = 0.21;
  away.level = Level::pause;
  away.cause = Cause::tracking_lost;
  auto now = summary();
  now.fire_contact = protocol::ContactState::fault;
  now.evacuate_button = protocol::ContactState::none;
  return hall(now, headsets, staff());
}

std::vector<Message> with_children() {
  auto headsets = cards();
  headsets[1].child = true;  // headset 2, by himself
  headsets[1].age_years = 11;
  headsets[4].age_years = 7;
  return hall(summary(), headsets, staff());
}

std::vector<Message> leading_out() {
  auto headsets = cards();
  HeadsetCard& led = headsets[9];  // headset 10
  led.lost = led.leading_out = led.escorted = true;
  led.connected = false;
  led.age = seconds(95);
  led.radius_m = 0.8;
  led.level = Level::pause;
  led.cause = Cause::link_lost;
  led.route_ahead.clear();
  led.reserved = 0;
  led.path_ahead = {{22.0, 12.0}, {16.5, 12.9}, {14.0, 13.55}};
  led.path_reserved = 3;
  auto bodies = staff();
  bodies[2].position = {25.0, 8.6};
  return hall(summary(), headsets, bodies);
}

std::vector<Message> evacuating() {
  auto headsets = cards();
  for (HeadsetCard& card : headsets) interrupt(card);
  for (const std::size_t i : {std::size_t{3}, std::size_t{13}, std::size_t{14}, std::size_t{15}, std::size_t{16}}) headsets[i].counted_out = true;
  headsets[3].position = {14.3, 13.7};
  headsets[6].cause = Cause::posture;  // headset 7 is down
  headsets[8].connected = false;       // headset 9 is silent
  headsets[8].age = seconds(8);
  auto bodies = staff();
  bodies[1].counted_out = true;
  auto now = summary();
  now.evacuate = true;
  now.evacuation_cause = Cause::fire;
  now.fire_contact = protocol::ContactState::alarm;
  now.people = 22;
  now.counted_out = 6;
  now.unsettled = 17;
  return hall(now, headsets, bodies);
}

std::vector<Message> after_evacuation() {
  auto headsets = cards();
  std::uint16_t unsettled = 0;
  for (HeadsetCard& card : headsets) {
    interrupt(card);
    if (card.interrupted) card.cause = Cause::operator_command;
    // All stand at the two doors.
    const bool by_entrance = card.headset.value() % 3 == 0;
    const int place = by_entrance ? card.headset.value() / 3 - 1 : card.headset.value() - card.headset.value() / 3 - 1;
    if (card.placed) card.position = by_entrance ? HallPoint{20.0 + 1.7 * (place % 3), 1.4 + 1.7 * (place / 3)}
        : HallPoint{9.8 + 1.7 * (place % 6), 12.8 - 1.8 * (place / 6)};
    if (!card.interrupted) card.path_ahead.clear(), card.route_ahead.clear(), card.path_reserved = card.reserved = 0;
    card.child = false;
  }
  headsets[0].settlement = protocol::Settlement::resume;
  headsets[1].settlement = protocol::Settlement::resume;
  headsets[4].settlement = protocol::Settlement::refund;
  headsets[5].settlement = protocol::Settlement::rebook;
  for (const HeadsetCard& card : headsets) unsettled += card.interrupted && card.settlement == protocol::Settlement::open ? 1 : 0;
  auto now = summary();
  now.people = 22;
  now.counted_out = 22;
  now.unsettled = unsettled;
  auto bodies = staff();
  bodies.pop_back();
  return hall(now, headsets, bodies);
}

std::vector<Message> forecasts(double ago_s) {
  std::vector<Message> list;
  // From where he is, in turns a stay and a walk to a place of a grid over the walking floor.
  const auto add = [&](const HeadsetCard& card, double enters_s, double stays_s, std::size_t places, bool leaves) {
    protocol::PlayForecast play;
    play.play = base::PlayId(200u + card.headset.value());
    play.time = hall_time(kNow + 0.2 - ago_s);
    play.film = card.film;
    play.headsets = {card.headset};
    HallPoint at = card.position;
    double time_s = enters_s;
    const auto stay_and_go = [&](HallPoint next) {
      const double there_s = time_s + stays_s + tracking::distance(at, next) / 0.7;
      if (there_s > 600.0) return false;
      play.points.push_back({at, base::from_seconds(time_s)});
      play.points.push_back({at, base::from_seconds(time_s + stays_s)});
      at = next;
      time_s = there_s;
      return true;
    };
    bool goes_on = true;
    for (std::size_t k = 0; k < places && goes_on; ++k) {
      const std::size_t cell = card.headset.value() * 5u + k * 7u;
      goes_on = stay_and_go({3.0 + 4.4 * static_cast<double>(cell % 6), 5.2 + 3.1 * static_cast<double>(cell / 6 % 3)});
    }
    play.ends = leaves && goes_on && stay_and_go({14.0, 13.55});
    play.points.push_back({at, base::from_seconds(time_s)});
    if (!play.ends) play.points.push_back({at, seconds(600)});
    list.emplace_back(std::move(play));
  };
  for (const HeadsetCard& card : cards()) {
    const auto number = card.headset.value();
    if (number <= 10) add(card, 0.0, 20.0 + 3.0 * number, number % 2 == 0 ? 6 : 40, number % 2 == 0);
    else if (card.seated) add(card, 0.0, 100.0 * (number - 10), 0, true);
    else if (number == 14 || number == 15) add(card, base::to_seconds(card.wait), 40.0, 40, false);
    else if (number == 18) add(card, 0.0, 0.0, 0, true);
  }
  return list;
}

std::vector<Message> with_forecasts() {
  auto headsets = cards();
  HeadsetCard& six = headsets[5];
  six.waits_for = protocol::WaitsFor::play;
  six.waits_for_headset = HeadsetId(4);
  six.waits_at = {12.2, 12.4};
  six.waits_until = hall_time(kNow + 200.0);
  HeadsetCard& ten = headsets[9];
  ten.phase = Phase::held;
  ten.stage = BlockStage::in_scene;
  ten.waits_for = protocol::WaitsFor::body;
  ten.waits_for_body = BodyId(304);
  ten.waits_at = {23.4, 11.9};
  HeadsetCard& first = headsets[0];
  first.waits_for = protocol::WaitsFor::scene;
  first.stage = BlockStage::in_scene;
  first.waits_at = first.position;
  first.waits_until = hall_time(kNow + 35.0);
  HeadsetCard& next = headsets[13];
  next.waits_for = protocol::WaitsFor::start;
  next.waits_at = {10.0, 4.6};
  next.waits_until = hall_time(kNow + 25.0);
  headsets[15].waits_for = protocol::WaitsFor::plan;
  auto bodies = staff();
  bodies.push_back({1, BodyId(304), protocol::Relation::unknown_body, {23.4, 11.9}, 0.5, seconds(75), 7, false});
  auto list = hall(summary(), headsets, bodies);
  for (Message& play : forecasts()) list.push_back(std::move(play));
  return list;
}

std::vector<Message> stopped() {
  auto headsets = cards();
  for (std::size_t i = 0; i < 13; ++i) {
    headsets[i].stopped = i != 1 && i != 4;
    headsets[i].level = headsets[i].stopped ? Level::stop : Level::clear;
    headsets[i].cause = headsets[i].stopped ? Cause::operator_command : Cause::none;
  }
  return hall(summary(), headsets, staff());
}

console::ConsoleModel heard(const std::vector<Message>& messages, double now_s) {
  console::ConsoleModel model("tablet 1", "staff-key");
  model.link_up(now_s);
  for (const Message& message : messages) model.receive(message, now_s);
  model.take_outgoing();
  return model;
}

}  // namespace promenade::console_test
