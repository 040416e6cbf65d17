// A client's view: from what it knows to what is shown. Nothing here decides anything.

#include <algorithm>
#include <cmath>
#include <numbers>

#include "showcontrol/client/state.h"

namespace promenade::client {

using protocol::BlockStage;
using protocol::Phase;
using tracking::Cause;
using tracking::Level;

namespace {
constexpr double kDimPaused = 0.6;
constexpr double kArrowStep_m = 0.8;
constexpr double kGridFade_m = 0.5;   // beyond the wall's warning distance the grid fades in

Screen screen_of_walk(const Walk& walk) {
  if (walk.stage() == BlockStage::before) return Screen::wait_start;
  if (walk.stage() == BlockStage::done) return Screen::rate;
  if (walk.on_way_in()) return Screen::guide_in;
  if (walk.on_way_out()) return Screen::guide_out;
  return walk.stage() == BlockStage::in_scene ? Screen::film : Screen::leg;
}
}  // namespace

Screen Client::State::screen(HeadsetTime now) const {
  if (shown.level == Level::evacuate) return Screen::evacuate;
  if (!link.state() || !venue) return Screen::stand_still;
  switch (phase()) {
    case Phase::idle:
    case Phase::returned:
    case Phase::cleaning:
    case Phase::swapped:
    case Phase::out_of_order: return Screen::shelf;
    case Phase::arrived:
    case Phase::redeemed:
    case Phase::fitted:
    case Phase::calibrated: return Screen::wait_staff;
    case Phase::choosing: return Screen::menu;
    case Phase::waiting: return place_known(now) ? Screen::wait_start : Screen::stand_still;
    default: break;
  }
  if (!place_known(now)) return Screen::stand_still;
  if (!walk.ordered() || walk.order().run == protocol::PlayRun::ended) {
    return phase() == Phase::guided_out ? (walk.stage() == BlockStage::done ? Screen::rate : Screen::guide_out) : Screen::stand_still;
  }
  if (!walk.film_known()) return Screen::stand_still;
  return screen_of_walk(walk);
}

void Client::State::compose(HeadsetTime now) {
  view.screen = screen(now);
  compose_level(now);
  view.stand_still = view.screen == Screen::stand_still;
  if (frame_new && link.state()) {
    frame_new = false;
    view.menu = link.state()->menu;
    view.way_out_door = link.state()->way_out_door;
    view.way_out_name = link.state()->way_out_name;
    view.way_out = link.state()->way_out;
  }
  compose_play(now);
}

// Another is led away from him first.
bool Client::State::stays(HeadsetTime now) const {
  const bool from_people = shown.cause == Cause::body || shown.cause == Cause::stale;
  return from_people && link.state() && link.state()->safety.stay && !link.order_expired(now);
}

void Client::State::compose_level(HeadsetTime now) {
  view.level = shown.level;
  view.cause = shown.cause;
  view.word_stop = shown.level == Level::pause || shown.level == Level::stop;
  view.dim = shown.level >= Level::stop ? 1.0 : shown.level == Level::pause ? kDimPaused : 0.0;
  view.ghosts = guard.ghosts();
  view.boundary_grid = 0.0;
  if (venue) {
    const auto& wall = venue->safety.wall;
    view.boundary_grid = std::clamp((wall.warn_m + kGridFade_m - guard.wall_m()) / (wall.warn_m + kGridFade_m - wall.pause_m), 0.0, 1.0);
  }
  if (shown.level >= Level::warn && shown.cause == Cause::wall) view.boundary_grid = 1.0;
  const auto has_place = [](Cause cause) { return cause == Cause::wall || cause == Cause::body || cause == Cause::stale || cause == Cause::running; };
  view.danger_rad.reset();
  if (shown.level > Level::clear && has_place(shown.cause)) {
    if (own.level == shown.level && own.cause == shown.cause && own.distance_m > 0.0) {
      view.danger_rad = own.bearing_rad;
    } else if (own.level < shown.level && shown.cause != Cause::running) {
      view.danger_rad = tracking::wrap_angle(link.state()->safety.away_rad + std::numbers::pi);
    }
  }
  view.arrow_rad.reset();
  if (shown.level != Level::pause && shown.level != Level::stop) return;
  if (stays(now)) return;
  if (own.level == shown.level && own.distance_m > 0.0 && (own.cause == Cause::wall || own.cause == Cause::body || own.cause == Cause::stale)) {
    view.arrow_rad = tracking::wrap_angle(own.bearing_rad + std::numbers::pi);
  } else if (own.level < shown.level && (shown.cause == Cause::wall || shown.cause == Cause::body || shown.cause == Cause::stale)) {
    view.arrow_rad = link.state()->safety.away_rad;
  } else if (shown.cause == Cause::stray && head() && walk.target()) {
    const auto back = *walk.target() - *head();
    view.arrow_rad = std::atan2(-back.x, back.y);
  }
  if (view.arrow_rad && head() && venue) {  // nobody is sent into a wall: rather stand still
    const protocol::HallPoint there = *head() + tracking::Vec<tracking::Hall>{-std::sin(*view.arrow_rad), std::cos(*view.arrow_rad)} * kArrowStep_m;
    if (venue->segment_clearance_m(*head(), there) < std::min(venue->clearance_m(*head()), venue->safety.wall.warn_m)) view.arrow_rad.reset();
  }
}

void Client::State::compose_choice() {
  view.choice.reset();
  const auto choice = walk.choice();
  if (!choice || view.screen != Screen::film) return;
  const auto& next = *walk.route()->scenes[*walk.film_scene()].next;
  Choice shown_now{{}, choice->chosen, base::to_seconds(choice->left)};
  for (const std::uint8_t way : choice->ways) shown_now.ways.push_back({way, package::text_in(next[way].text, walk.order().language)});
  view.choice = std::move(shown_now);
}

void Client::State::compose_play(HeadsetTime now) {
  if (composed_changes != walk.changes() || walk.ordered() != view.play.has_value()) {
    composed_changes = walk.changes();
    if (walk.ordered()) view.play = walk.order();
    else view.play.reset();
    view.ways = walk.ordered() ? walk.ways() : std::vector<protocol::WayOrder>{};
    view.path = walk.path();
    view.target = walk.target();
    view.target_radius_m = walk.target_radius_m();
    if (walk.ordered() && walk.order().run == protocol::PlayRun::ended && phase() == Phase::guided_out) {  // staff are with him
      view.path = walk.order().way_out;
      if (!view.path.empty()) view.target = view.path.back();
      view.target_radius_m = kExitRadius_m;
    }
  }
  view.block = walk.block();
  view.first_scene = static_cast<std::uint8_t>(walk.first_scene());
  const bool on_leg = walk.stage() == BlockStage::walking;
  view.scene_time_s = base::to_seconds(on_leg ? walk.leg_time() : walk.scene_time());
  view.film_running = walk.film_shows() && shown.level < Level::pause && walk.order().run == protocol::PlayRun::running &&
                      (view.screen == Screen::film || view.screen == Screen::leg);
  compose_choice();
  view.holding = walk.ordered() && walk.ready();
  view.countdown_s.reset();
  view.told_wait_s.reset();
  if (!link.state()) return;
  const base::HallTime hall = *hall_now(now);
  if (walk.ordered() && walk.on_way_in() && walk.order().start > hall) {
    view.countdown_s = base::to_seconds(walk.order().start - hall);
  }
  if (const auto& told_start = link.state()->told_start; told_start) {
    view.told_wait_s = std::max(0.0, base::to_seconds(*told_start - hall));
  }
}

}  // namespace promenade::client
