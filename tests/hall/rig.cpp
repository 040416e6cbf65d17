#include "tests/hall/rig.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <fstream>
#include <sstream>

#include "showcontrol/hall/course_motion.h"
#include "tracking/venue_file.h"

namespace promenade::hall_test {

namespace {

package::Manifest walking(const base::FilmId& id, std::vector<package::FilmPoint> places) {
  package::Manifest manifest;
  manifest.film = id;
  package::Route route;
  for (std::size_t i = 0; i < places.size(); ++i) {
    route.scenes.push_back({"scene " + std::to_string(i), places[i], 0.6, 6.0, 60.0});
    route.scenes.back().group_radius_m = 2.0;
  }
  route.hold_total_max_s = 300.0;
  route.mirrorable = true;
  route.group_max = 6;
  manifest.length_s = package::nominal_length_s(route);
  manifest.route = std::move(route);
  return manifest;
}

ticketing::Answer yes(const ticketing::Request& request) {
  using namespace ticketing;
  if (const auto* redemption = std::get_if<RedemptionRequest>(&request)) {
    RedemptionAnswer answer;
    answer.seq = 1;
    answer.redemption = RedemptionId(redemption->head.idempotency_key);
    answer.ticket = base::TicketId("1000000" + redemption->token.substr(redemption->token.size() - 9));
    answer.film = base::FilmId(redemption->token.substr(0, 12));
    answer.allowed_films = {answer.film, kWalkToo};
    return answer;
  }
  if (const auto* change = std::get_if<ChangeRequest>(&request)) {
    ChangeAnswer answer;
    answer.seq = 2;
    answer.old_ticket = change->ticket;
    answer.ticket.code = base::TicketId("2" + change->ticket.value().substr(1));
    answer.film = change->film;
    return answer;
  }
  if (std::holds_alternative<GrantRequest>(request)) return GrantAnswer{};
  return RecordedAnswer{};
}

}  // namespace

tracking::Venue sample_venue() {
  auto venue = tracking::load_venue(std::string(PROMENADE_SOURCE_DIR) + "/tests/hall/venue.toml");
  REQUIRE(venue.has_value());
  return *venue;
}

std::shared_ptr<const std::vector<hall::Film>> short_films() {
  auto films = std::make_shared<std::vector<hall::Film>>();
  films->push_back({walking(kWalk, {{0, 0}, {3, 0}, {3, 3}, {0, 3}}), base::blake2b(base::as_bytes("walk"))});
  films->push_back({walking(kWalkToo, {{0, 0}, {4, 1}, {1, 4}}), base::blake2b(base::as_bytes("walk too"))});
  package::Manifest seated;
  seated.film = kSeated;
  seated.kind = package::FilmKind::seated;
  seated.length_s = 20.0;
  seated.place = package::Place{};
  films->push_back({std::move(seated), base::blake2b(base::as_bytes("seated"))});
  return films;
}

hall::HallConfig sample_config() {
  hall::HallConfig config;
  config.venue = sample_venue();
  config.venue_toml = "format = \"promenade-venue/1\"\n";
  config.films = short_films();
  config.staff_keys = {"staff-key"};
  config.seed = 7;
  config.start = base::hall_time(100.0);
  config.utc_at_start = base::UtcTime(std::chrono::milliseconds(1'780'000'000'000));
  config.limits.downlink_every = std::chrono::milliseconds(100);
  config.limits.group_wait = std::chrono::seconds(20);
  return config;
}

// ---------------------------------------------------------------- viewer

FakeViewer::FakeViewer(Rig& rig, HeadsetId id, HallPoint waits_at) : headset(id), at(waits_at), rig_(rig) {}

void FakeViewer::connect() {
  peer = rig_.next_peer;
  rig_.next_peer = PeerId(peer.value() + 1);
  connected = true;
  connects_at.reset();
  rig_.rim().connected(peer, rig_.now);
  rig_.rim().receive(peer, protocol::Hello{protocol::kProtocolVersion, headset, "test", told.epoch}, rig_.now);
}

void FakeViewer::disconnect() {
  connected = false;
  rig_.rim().lost(peer, rig_.now);
}

void FakeViewer::choose(const base::FilmId& film) { rig_.rim().receive(peer, protocol::ChooseFilm{9, film, "zh"}, rig_.now); }

protocol::HeadsetState FakeViewer::bundle() {
  protocol::HeadsetState state;
  state.headset = headset;
  state.sequence = ++sequence_;
  state.epoch = told.epoch;
  state.last_state_sequence = told.sequence;
  jitter_ = jitter_ > 0.0 ? -0.001 : 0.001;  // a live head is never quite still
  state.samples.push_back({rig_.now, tracking::pose_at<tracking::Hall>(at, height_m + jitter_, yaw + jitter_), protocol::TrackingQuality::good});
  state.calibration = calibration_;
  if (calibration_.known) {
    state.calibration.drift = drift;
    state.calibration.error_m = error_m;
  }
  state.progress = progress;
  state.chosen = picks;
  state.worn = worn;
  state.panic = panic;
  state.level = own.level;
  state.cause = own.cause;
  state.standing_height_m = 1.6;
  state.battery_percent = 90;
  state.battery_known = battery_known;
  state.troubles = troubles;
  state.clock_error_us = 300;
  return state;
}

void FakeViewer::see(const protocol::Message& message) {
  if (const auto* refusal = std::get_if<protocol::Refusal>(&message)) refused = *refusal;
  const auto* state = std::get_if<protocol::HallState>(&message);
  if (state == nullptr) return;
  ++states;
  if (state->epoch < told.epoch) return;
  told = *state;
}

void FakeViewer::step(double dt_s) {
  if (!connected && connects_at && rig_.now >= *connects_at) connect();
  if (!connected) {
    if (connects_at && walks) walk(dt_s);
    return;
  }
  const bool wants_marks = told.phase >= Phase::fitted && (!calibration_.known || static_cast<std::int8_t>(calibration_.revision - told.calibration_wanted) < 0);
  if (calibrates && told.phase != Phase::idle && wants_marks && told.phase >= Phase::fitted) {
    if (!calibration_.known || static_cast<std::int8_t>(calibration_.revision - told.calibration_wanted) < 0) {
      calibration_ = {true, told.calibration_wanted, 0.03, 0.02};
    }
  }
  if (told.phase == Phase::choosing && wants && !asked_) {
    asked_ = true;
    choose(*wants);
  }
  if (told.phase == Phase::idle) {
    asked_ = false;
    progress = {};
  }
  if (walks) walk(dt_s);
  if (sends) rig_.rim().receive(peer, bundle(), rig_.now);
}

bool FakeViewer::move_to(HallPoint target, double dt_s) {
  const auto way = target - at;
  const double left = tracking::length(way);
  const double stride = speed_mps * dt_s;
  if (left <= stride) {
    at = target;
    return true;
  }
  at = at + way * (stride / left);
  return false;
}

std::size_t FakeViewer::way_out() const {
  for (const hall::Film& one : *rig_.config.films) {
    if (one.manifest.film == told.play->film) return first_scene() + route().scenes.size() - (told.own_place ? told.own_place->enter_scene : 0);
  }
  return 0;
}

// The way of one block: a piece of a way in or out, or the leg to a scene's place. Blocks are numbered as in messages.h.
std::vector<HallPoint> FakeViewer::path_of(std::size_t block, const package::Route& route) const {
  const protocol::PlayOrder& order = *told.play;
  const std::size_t ins = order.way_in_stops.size();
  const protocol::OwnPlace own_place = told.own_place.value_or(protocol::OwnPlace{});
  const std::size_t scenes = route.scenes.size() - own_place.enter_scene;
  const auto piece = [](const std::vector<HallPoint>& way, const std::vector<std::uint8_t>& stops, std::size_t k) {
    const auto from = k == 0 ? way.begin() : way.begin() + stops[k - 1];
    return std::vector<HallPoint>(from, k < stops.size() ? way.begin() + stops[k] + 1 : way.end());
  };
  const auto place = [&](std::size_t walked) {
    const std::size_t k = walked + own_place.enter_scene;
    return order.placement * tracking::Point<tracking::Film>{route.scenes[k].at.x_m * order.scale, route.scenes[k].at.y_m * order.scale} + own_place.offset;
  };
  if (block <= ins) return order.way_in.empty() ? std::vector<HallPoint>{place(0)} : piece(order.way_in, order.way_in_stops, block);
  if (block < ins + scenes) return {place(block - ins - 1), place(block - ins)};
  return order.way_out.empty() ? std::vector<HallPoint>{place(scenes - 1)} : piece(order.way_out, order.way_out_stops, block - ins - scenes);
}

package::Route FakeViewer::route() const {
  for (const hall::Film& one : *rig_.config.films) {
    if (one.manifest.film != told.play->film) continue;
    const package::Route whole = hall::planned_route(one.manifest);
    std::vector<std::uint8_t> ways;
    for (const protocol::WayOrder& way : told.ways) ways.push_back(way.way);
    return package::along(whole, package::scenes_by(whole, ways));
  }
  FAIL("the hall plays a film that it has");
  return {};
}

void FakeViewer::walk(double dt_s) {
  if (!told.play || told.play->run == protocol::PlayRun::ended || told.safety.level >= tracking::Level::pause) return;
  using protocol::BlockStage;
  const protocol::PlayOrder& order = *told.play;
  const package::Route route = this->route();
  const std::size_t ins = order.way_in_stops.size();
  const std::size_t enters = told.own_place ? told.own_place->enter_scene : 0;
  const std::size_t scenes = route.scenes.size() - enters;
  const std::size_t blocks = ins + scenes + 1 + order.way_out_stops.size();
  const auto start_of = [&](std::size_t block) {  // the first point of its path that lies ahead
    const std::vector<HallPoint> path = path_of(block, route);
    std::size_t next = 0;
    const double passed = hall::nearest_on_path(path, at).along_m;
    for (double along = 0.0; next + 1 < path.size() && along <= passed; ++next) along += tracking::distance(path[next], path[next + 1]);
    return next;
  };
  if (progress.play != order.play) {
    progress = {order.play, order.resume_block, order.resume_stage, order.resume_scene_time, false};
    waypoint_ = start_of(progress.block);
  }
  const auto enter = [&](std::size_t block) {
    const auto gate = static_cast<int>(block);
    const bool may = told.authority.last_gate >= gate && rig_.now < told.authority.until;
    if (!may && !obeys_authority) ++gates_without_authority;
    if (!may && obeys_authority) return false;
    ++gates_passed;
    progress = {order.play, static_cast<std::uint8_t>(block), BlockStage::walking, base::Duration{0}, false};
    waypoint_ = start_of(block);
    return true;
  };
  if (progress.stage == BlockStage::before && !enter(0)) return;
  const bool scene = progress.block >= ins && progress.block < ins + scenes;
  if (progress.stage == BlockStage::walking) {
    const std::vector<HallPoint> path = path_of(progress.block, route);
    const auto off = scene && waypoint_ + 1 == path.size() ? beside : tracking::Vec<tracking::Hall>{};
    if (waypoint_ < path.size() && move_to(path[waypoint_] + off, dt_s)) ++waypoint_;
    if (waypoint_ < path.size()) return;
    progress.stage = progress.block + std::size_t{1} < blocks ? BlockStage::in_scene : BlockStage::done;
    progress.scene_time = told.own_place && progress.block == ins ? told.own_place->enter_scene_time : base::Duration{0};
    if (scene || progress.stage == BlockStage::done) return;
  }
  if (progress.stage != BlockStage::in_scene) return;
  if (scene) {
    progress.scene_time += base::from_seconds(dt_s);
    yaw = std::sin(base::to_seconds(progress.scene_time));
  } else if (!enter(progress.block + std::size_t{1})) {
    stops_held_at.insert(progress.block);
  }
  progress.ready = progress.stage == BlockStage::in_scene && (!scene || base::to_seconds(progress.scene_time) >= route.scenes[progress.block - ins + enters].dwell_s);
  if (scene && progress.ready) enter(progress.block + std::size_t{1});
}

// ---------------------------------------------------------------- rig

Rig::Rig(hall::HallConfig config_in) : now(config_in.start), config(std::move(config_in)) {
  hall_ = std::make_unique<server::InlineHall>(config, memory, line());
  connect_staff();
}
Rig::~Rig() = default;

server::BoxOfficeLine Rig::line() {
  server::BoxOfficeLine made;
  made.ask = [this](const ticketing::Request& request, base::UtcTime) -> base::Result<ticketing::Answer> {
    if (const auto* redemption = std::get_if<ticketing::RedemptionRequest>(&request)) {
      if (const auto no = refuse_ticket.find(redemption->token); no != refuse_ticket.end()) return std::unexpected(no->second);
    }
    return yes(request);
  };
  return made;
}

void Rig::connect_staff() {
  staff_peer = next_peer;
  next_peer = PeerId(next_peer.value() + 1);
  hall_->connected(staff_peer, now);
  hall_->receive(staff_peer, protocol::StaffHello{protocol::kProtocolVersion, "console", "staff-key"}, now);
  drain();
}

void Rig::drain() {
  for (hall::Send& send : hall_->take_sends()) {
    if (send.peer == staff_peer) staff_inbox.push_back(send.message);
    for (FakeViewer& one : viewers) {
      if (one.connected && one.peer == send.peer) one.see(send.message);
    }
  }
  for (hall::Note& note : hall_->take_notes()) notes.push_back(std::move(note));
  hall_->take_disconnects();
}

void Rig::step(double dt_s) {
  now += base::from_seconds(dt_s);
  for (FakeViewer& one : viewers) one.step(dt_s);
  if (takes_back) {
    for (FakeViewer& one : viewers) {
      if (one.progress.stage != protocol::BlockStage::done || one.told.phase != Phase::guided_out || !has_visit(one)) continue;
      hall_->receive(staff_peer, protocol::StaffCommand{++request_, protocol::SetReturned{one.headset}}, now);
    }
  }
  hall_->tick(now);
  drain();
  if (const auto violation = core().interlocking().violation()) {
    ++most_violations;
    FAIL_CHECK("two plays hold conflicting blocks: " << *violation);
  }
}

FakeViewer& Rig::viewer(std::uint16_t number) {
  // Waiting places along the wall of the kitting area, from which everybody walks straight out.
  HallPoint place{8.5, 1.2};
  const auto taken = [&](const FakeViewer& one) { return one.connected && tracking::distance(one.at, place) < 1.5; };
  while (std::ranges::any_of(viewers, taken) && place.x < 18.0) place.x += 2.6;
  FakeViewer& made = viewers.emplace_back(*this, HeadsetId(number), place);
  made.connect();
  step();
  return made;
}

protocol::StaffReply Rig::staff(protocol::StaffAction action) {
  const std::uint32_t request = ++request_;
  hall_->receive(staff_peer, protocol::StaffCommand{request, std::move(action)}, now);
  for (int tries = 0; tries < 20; ++tries) {
    drain();
    for (const protocol::Message& message : staff_inbox) {
      const auto* reply = std::get_if<protocol::StaffReply>(&message);
      if (reply != nullptr && reply->request == request) return *reply;
    }
    step();
  }
  FAIL("staff got no reply");
  return {};
}

FakeViewer& Rig::admit(std::uint16_t number, const base::FilmId& film, std::uint16_t party, bool child) {
  return admit(number, film, protocol::BindTicket{{}, {}, party, 1.7, child});
}

FakeViewer& Rig::admit(std::uint16_t number, const base::FilmId& film, protocol::BindTicket who) {
  FakeViewer& made = viewer(number);
  who.headset = made.headset;
  who.ticket = film.value() + ".ticket-" + std::to_string(100'000'000 + ++ticket_);
  const auto bound = staff(who);
  INFO(bound.code << " " << bound.text);
  REQUIRE(bound.accepted);
  REQUIRE(staff(protocol::SetFitted{made.headset, true}).accepted);
  made.wants = film;
  return made;
}

protocol::HeadsetCard Rig::card(HeadsetId headset) const {
  for (auto message = staff_inbox.rbegin(); message != staff_inbox.rend(); ++message) {
    const auto* one = std::get_if<protocol::HeadsetCard>(&*message);
    if (one != nullptr && one->headset == headset) return *one;
  }
  FAIL("no card of headset " << headset.value());
  return {};
}

bool Rig::has_visit(const FakeViewer& viewer_in) const {
  for (const hall::VisitView& view : core().visits()) {
    if (view.headset == viewer_in.headset) return true;
  }
  return false;
}

hall::VisitView Rig::visit(const FakeViewer& viewer_in) const {
  for (const hall::VisitView& view : core().visits()) {
    if (view.headset == viewer_in.headset) return view;
  }
  FAIL("no visit in headset " << viewer_in.headset.value());
  return {};
}

std::vector<std::string> Rig::fact_kinds() const {
  std::vector<std::string> kinds;
  for (const hall::OutboxItem& fact : memory.facts()) kinds.push_back(fact.kind);
  return kinds;
}

std::string Rig::dump() const {
  std::ostringstream text;
  text << "t=" << base::seconds_since_zero(now) << "\n";
  for (const FakeViewer& one : viewers) {
    text << "headset " << one.headset.value() << " at " << one.at.x << "," << one.at.y << " told " << protocol::to_string(one.told.phase) << " level "
         << tracking::to_string(one.told.safety.level) << "/" << tracking::to_string(one.told.safety.cause) << " gate " << int(one.told.authority.last_gate) << " block "
         << int(one.progress.block) << "." << int(one.progress.stage) << (one.progress.ready ? " ready" : "");
    for (const hall::VisitView& view : core().visits()) {
      if (view.headset != one.headset) continue;
      text << " | play " << view.play.value() << " block " << int(view.block) << " granted " << view.granted_gate << " start " << base::seconds_since_zero(view.start);
      if (view.play.value() != 0 && core().interlocking().contains(view.play) && view.granted_gate + 1 < view.blocks) {
        const auto answer = core().interlocking().may_enter(view.play, static_cast<std::size_t>(view.granted_gate + 1));
        text << (answer.open ? " open" : " waits for ") << answer.waits_for.value() << "/" << answer.waits_for_block << " body " << answer.body.value();
      }
    }
    text << "\n";
  }
  const std::size_t from = notes.size() > 12 ? notes.size() - 12 : 0;
  for (std::size_t i = from; i < notes.size(); ++i) text << base::seconds_since_zero(notes[i].time) << " h" << notes[i].headset.value() << " " << notes[i].text << "\n";
  const hall::Counts& c = core().counts();
  text << "asked " << c.plans_asked << " committed " << c.plans_committed << " stale " << c.plans_stale << "\n";
  return text.str();
}

void Rig::crash_and_restart(double down_s, double apart_s) {
  hall_.reset();
  double after_s = down_s;
  for (FakeViewer& one : viewers) {
    one.connected = false;
    one.connects_at = now + base::from_seconds(after_s);
    after_s += apart_s;
  }
  for (double left = down_s; left > 0.05; left -= 0.1) {
    now += base::from_seconds(0.1);
    for (FakeViewer& one : viewers) {
      if (now < *one.connects_at) one.step(0.1);
    }
  }
  config.start = now;
  config.utc_at_start += std::chrono::duration_cast<std::chrono::milliseconds>(base::from_seconds(down_s));
  hall_ = std::make_unique<server::InlineHall>(config, memory, line());
  connect_staff();
  for (FakeViewer& one : viewers) {
    if (one.connects_at && now >= *one.connects_at) one.connect();
  }
}

FakeViewer& playing(Rig& rig, std::uint16_t number, const base::FilmId& film, std::uint16_t party, bool child) {
  FakeViewer& viewer = rig.admit(number, film, party, child);
  const bool plays = rig.until([&] { return viewer.told.phase == Phase::playing; }, 200.0);
  INFO(rig.dump());
  REQUIRE(plays);
  return viewer;
}

void let(Rig& rig, double seconds) {
  for (double left = seconds; left > 0.0; left -= 0.1) rig.step();
}

TwoPlaying two_playing(Rig& rig) {
  FakeViewer& sits = rig.admit(2, kSeated);
  FakeViewer& walks = rig.admit(1, kWalk);
  const bool play = rig.until([&] {
    for (FakeViewer* one : {&walks, &sits}) {
      if (one->told.phase == Phase::playing || one->told.phase == Phase::held) one->walks = false;
    }
    return !walks.walks && !sits.walks;
  }, 200.0);
  INFO(rig.dump());
  REQUIRE(play);
  return {walks, sits};
}

std::ptrdiff_t alarms(const Rig& rig, std::string_view code) {
  return std::ranges::count_if(rig.notes, [&](const hall::Note& note) { return note.kind == hall::NoteKind::alarm && note.code == code; });
}

}  // namespace promenade::hall_test
