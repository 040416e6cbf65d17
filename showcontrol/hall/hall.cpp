#include "showcontrol/hall/hall.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "showcontrol/hall/state.h"
#include "showcontrol/planning/hall_floor.h"
#include "tracking/base/assert.h"

namespace promenade::hall {

namespace {

HallPoint middle_of(const tracking::Polygon& polygon) {
  HallPoint sum;
  for (const HallPoint& corner : polygon) {
    sum.x += corner.x;
    sum.y += corner.y;
  }
  const auto n = static_cast<double>(polygon.size());
  return {sum.x / n, sum.y / n};
}

// Where a way in begins: the place in the kitting area that is nearest to the middle of the hall and clear of walls,
// so that whoever starts passes nobody who waits deeper in the area.
HallPoint muster_point(const tracking::Venue& venue) {
  constexpr double kStep_m = 0.1;
  constexpr double kInside_m = 0.3;  // from the area's own edge
  const HallPoint middle = middle_of(venue.boundary);
  HallPoint low = venue.kitting.front();
  HallPoint high = low;
  for (const HallPoint& corner : venue.kitting) {
    low = {std::min(low.x, corner.x), std::min(low.y, corner.y)};
    high = {std::max(high.x, corner.x), std::max(high.y, corner.y)};
  }
  HallPoint best = middle_of(venue.kitting);
  double nearest = std::numeric_limits<double>::infinity();
  for (double x = low.x; x <= high.x; x += kStep_m) {
    for (double y = low.y; y <= high.y; y += kStep_m) {
      const HallPoint p{x, y};
      const double distance = tracking::distance(p, middle);
      if (distance >= nearest || !tracking::contains(venue.kitting, p)) continue;
      if (tracking::nearest_on_outline(venue.kitting, p).distance_m < kInside_m) continue;
      if (venue.clearance_m(p) < venue.wall_margin_m + 0.05) continue;
      best = p;
      nearest = distance;
    }
  }
  return best;
}

}  // namespace

// A seated viewer may wait in the chair after the film until the way out is free, and at the stops of the ways.
constexpr double kSeatHold_s = 60.0;
constexpr double kSeatedHolds_s = 120.0;  // as walking films declare

planning::FloorPlan floor_plan(const tracking::Venue& venue) { return planning::hall_floor(venue); }

package::Route planned_route(const package::Manifest& manifest) {
  if (manifest.route) return *manifest.route;
  package::Route route;
  package::Scene scene;
  scene.name = "seat";
  scene.free_radius_m = manifest.place ? manifest.place->radius_m : 0.6;
  scene.dwell_s = manifest.length_s;
  scene.hold_max_s = kSeatHold_s;
  route.scenes.push_back(scene);
  route.hold_total_max_s = kSeatedHolds_s;
  return route;
}

Hall::State::State(HallConfig config_in, const std::vector<StateRecord>& restored)
    : config(std::move(config_in)),
      floor(floor_plan(config.venue)),
      muster(muster_point(config.venue)),
      random(config.seed),
      now(config.start),
      visit_of_body(kBodyIdMax + 1, nullptr),
      bodies(config.limits.bodies_max, config.venue),
      interlocking(floor),
      near_misses(config.venue.safety) {
  PROMENADE_ASSERT(config.films != nullptr && !config.epoch.is_none());
  if (config.paired) lead_until = HallTime::min();
  for (const Film& one : *config.films) films.emplace(one.manifest.film, &one);
  for (const HeadsetId id : config.headsets) headset_of(id);
  restore(restored);
}

const Film* Hall::State::film(const base::FilmId& id) const {
  const auto found = films.find(id);
  return found == films.end() ? nullptr : found->second;
}

base::UtcTime Hall::State::utc(HallTime at) const {
  return config.utc_at_start + std::chrono::duration_cast<std::chrono::milliseconds>(at - config.start);
}

void Hall::State::note(NoteKind kind, HeadsetId headset, PlayId play, std::string text, std::string what_to_do, std::string code, base::FilmId film) {
  Note made{kind, now, headset, play, std::move(text), std::move(what_to_do), std::move(code), std::move(film)};
  if (!made.code.empty()) raise_alarm(made);
  if (now - notes_window >= std::chrono::seconds(1)) {
    notes_window = now;
    notes_in_window = 0;
  }
  if (++notes_in_window > config.limits.notes_per_s) {
    ++counts.notes_dropped;
    return;
  }
  out->push_back(std::move(made));
}

void Hall::State::dispatch(const Event& event) {
  std::visit([this](const auto& one) { on(one); }, event);
}

template <class Deed>
void Hall::State::run(HallTime to, Effects& effects, Deed deed) {
  PROMENADE_ASSERT(to >= now);
  now = to;
  out = &effects;
  const auto before = static_cast<std::ptrdiff_t>(effects.size());
  deed();
  out = nullptr;
  // A rim that is held up by its disk, or by anything else, has told everybody by then.
  std::stable_partition(effects.begin() + before, effects.end(), [](const Effect& one) {
    return std::holds_alternative<Send>(one) || std::holds_alternative<Disconnect>(one);
  });
}

void Hall::State::tick_all() {
  write_down();
  for (std::string& problem : restore_problems) {
    note(NoteKind::alarm, {}, {}, std::move(problem), "Check the viewers on the floor one by one.", "record-unreadable");
  }
  restore_problems.clear();
  if (now >= next_watch) {
    watch_silence();
    watch_lead();
    near_misses.advance(now);
    take_episodes();
    tell_viewer_time();
    next_watch = now + std::chrono::milliseconds(100);
  }
  finish_leading_out();
  settle_choices();
  open_gates();
  plan_next();
  for (auto& [id, headset] : headsets) {
    if (headset.is_connected() && now >= headset.next_down) send_state(headset);
  }
  if (now >= next_forecasts) send_forecasts();
  if (now >= next_cards) {
    send_cards();
    next_cards = now + config.limits.card_every;
  }
}

Hall::Hall(HallConfig config, const std::vector<StateRecord>& restored)
    : state_(std::make_unique<State>(std::move(config), restored)) {}
Hall::~Hall() = default;
Hall::Hall(Hall&&) noexcept = default;
Hall& Hall::operator=(Hall&&) noexcept = default;

bool Hall::has_unwritten() const { return state_->unwritten.any(); }

void Hall::handle(const Event& event, HallTime now, Effects& out) {
  state_->run(now, out, [&] { state_->dispatch(event); });
}

void Hall::tick(HallTime now, Effects& out) {
  state_->run(now, out, [&] { state_->tick_all(); });
}

void Hall::write_down(HallTime now, Effects& out) {
  state_->run(now, out, [&] { state_->write_down(); });
}

HallTime Hall::next_tick() const {
  HallTime next = std::max(state_->now, state_->next_watch);
  for (const auto& [id, headset] : state_->headsets) {
    if (headset.is_connected()) next = std::min(next, std::max(headset.next_down, state_->now));
  }
  return next;
}

std::vector<BodyView> Hall::bodies() const {
  std::vector<BodyView> views;
  state_->bodies.for_each([&](const tracking::Body& body) {
    BodyView view{body.id,    body.kind,    body.headset.value_or(HeadsetId{}), body.position, body.velocity, body.heard,
                  body.error_m, tracking::Level::clear, tracking::Cause::none};
    if (const Visit* visit = state_->viewer_body(body.id)) {
      view.level = visit->ordered.level;
      view.cause = visit->ordered.cause;
    }
    views.push_back(view);
  });
  return views;
}

std::vector<VisitView> Hall::visits() const {
  std::vector<VisitView> views;
  for (const auto& [id, visit] : state_->visits) {
    VisitView view;
    view.viewer = id;
    view.headset = visit.headset;
    view.body = visit.body;
    view.phase = state_->shown_phase(visit);
    view.ticket = visit.ticket;
    view.redemption = visit.redemption;
    view.film = visit.film;
    view.held = view.phase == Phase::held;
    view.staff_paused = visit.staff_paused;
    view.stopped = visit.stopped || visit.panic;
    if (visit.play) {
      view.play = visit.play->id;
      view.play_code = visit.play->code;
      view.block = visit.play->walked.block;
    }
    if (const Course* course = state_->course_of(visit)) {
      view.start = base::hall_time(course->plan.start_s());
      view.blocks = static_cast<std::uint8_t>(course->blocks());
      view.granted_gate = course->granted_gate;
    }
    views.push_back(std::move(view));
  }
  return views;
}

const Counts& Hall::counts() const { return state_->counts; }
protocol::HallSummary Hall::summary(HallTime now) const {
  protocol::HallSummary summary = state_->make_summary();
  summary.time = now;
  return summary;
}
const planning::Interlocking& Hall::interlocking() const { return state_->interlocking; }
base::EpochId Hall::epoch() const { return state_->config.epoch; }
const ContactsRead& Hall::contacts() const { return state_->contacts; }

}  // namespace promenade::hall
