// The App's picture and sound: the film at its moment, panels and signs where they hang, the frame, what is heard.

#include <algorithm>
#include <cmath>
#include <utility>

#include <glm/gtc/quaternion.hpp>

#include "runtime/headset/app_state.h"
#include "runtime/headset/story.h"
#include "tracking/base/formatted.h"

namespace promenade::headset {
namespace {

constexpr FollowRule kPanelRule{.distance_m = 1.7f, .drop_m = 0.06f, .loose_rad = 0.85f, .pace = 2.5f, .leash_m = 0.8f};
// Nearer than anybody may come without a pause, so that nobody stands before the words.
constexpr FollowRule kTextRule{.distance_m = 1.6f, .drop_m = 0.0f, .loose_rad = 0.30f, .pace = 3.0f, .leash_m = 0.0f};
constexpr FollowRule kStopRule{.distance_m = 1.5f, .drop_m = -0.06f, .loose_rad = 0.10f, .pace = 9.0f, .leash_m = 0.0f};
constexpr float kSubtitleDrop_m = 0.53f, kNoteDrop_m = 0.29f, kWarnDrop_m = 0.24f, kPauseDrop_m = 0.58f;
constexpr float kWayNoteRaise_m = 0.34f;      // over the horizon: the way lies below it
constexpr float kTextLeast_m = 0.75f;         // nearer than this eyes tire
constexpr float kTextClear_m = 0.25f;         // between words and whoever stands behind them
constexpr float kTextBeside_rad = 0.65f;      // half the angle in which somebody would stand behind the words
constexpr float kWordRaise_m = 0.56f;         // over a panel, which it must not hide
constexpr glm::vec2 kSubtitleSize_m{1.6f, 1.6f * ui::kSubtitleHeight_px / ui::kSubtitleWidth_px};
constexpr glm::vec2 kNoteSize_m{1.52f, 1.52f * ui::kNoteHeight_px / ui::kNoteWidth_px};
constexpr glm::vec2 kWarnSize_m{2.05f, 2.05f * ui::kNoteHeight_px / ui::kNoteWidth_px};
constexpr glm::vec2 kPauseSize_m{1.70f, 1.70f * ui::kNoteHeight_px / ui::kNoteWidth_px};
constexpr glm::vec2 kWordSize_m{0.86f, 0.86f * ui::kWordHeight_px / ui::kWordWidth_px};
constexpr glm::vec2 kPuckSize_m{0.36f, 0.36f * ui::kPuckHeight_px / ui::kPuckWidth_px};
constexpr float kPuckAhead_m = 0.62f, kPuckTilt_rad = -0.95f;
constexpr float kRayWidth_m = 0.006f;
constexpr float kDimPace = 2.5f, kStopPace = 4.0f, kWordPace = 8.0f, kTextPace = 5.0f;   // 1/s

bool shows_film(client::Screen screen) { return screen == client::Screen::film || screen == client::Screen::leg; }

Plane lowered(Plane plane, float by_m) {
  plane.center.y -= by_m;
  return plane;
}

// As large as before to the eye, but nearer to it.
Plane drawn_near(Plane plane, const glm::vec3& head, float share) {
  plane.center = head + (plane.center - head) * share;
  plane.size_m *= share;
  return plane;
}

bool of_the_way(ui::NoteKind kind) { return kind == ui::NoteKind::walk_on || kind == ui::NoteKind::way_out || kind == ui::NoteKind::wait_at_stop; }

}  // namespace

// What the media thread has found out about the films on the shelf.
void App::State::take_findings() {
  while (const auto surveyed = media.take_surveyed()) {
    if (surveyed->error) cannot_show(surveyed->id, *surveyed->error);
    else shows_partly(surveyed->id, surveyed->findings);
  }
  if (auto poster = media.take_poster()) {  // one a frame: each is some megabytes to be handed on
    shows_partly(poster->id, poster->findings);
    if (poster->image) posters.add(poster->id, std::move(*poster->image), *interface);
  }
}

void App::State::follow_film() {
  take_findings();
  const client::View& view = client->view();
  base::FilmId wanted = view.play ? view.play->film : visit.asked ? visit.chosen : base::FilmId{};
  if (const auto file = shelf.files.find(wanted); file != shelf.files.end() && (screen.film() == nullptr || screen.film()->id != wanted)) {
    media.want(wanted, file->second);
  }
  if (auto loaded = media.take()) {
    if (loaded->error) {
      cannot_show(loaded->id, *loaded->error);
    } else {
      shows_partly(loaded->id, loaded->open->findings());
      if (loaded->sounds) shows_partly(loaded->id, loaded->sounds->findings);
      say(base::formatted("Film {} is open.", loaded->id.value()));
    }
    screen.show(std::move(loaded));
    heard_film = {};
  }
  moment.reset();
  picture = {};
  const package::Manifest* manifest = nullptr;
  if (const client::Film* film = view.play ? find_film(*shelf.shelf, view.play->film) : nullptr) manifest = &film->manifest;
  if (manifest != nullptr) moment = moment_of(view, *manifest, base::to_seconds(shown - now));
  if (view.play && view.play->play != play) {
    play = view.play->play;
    play_s.reset();
  }
  if (!moment) return;
  // A play that is taken up in its middle goes on from where its plan has it.
  if (!play_s) play_s = nominal_play_s(*manifest, *moment);
  else if (view.film_running) *play_s += step_s;
  if (!manifest->route) play_s = moment->time_s;
  const auto calibration = client->hall_from_stage();
  if (screen.film() == nullptr || screen.film()->id != manifest->film || !calibration) return;
  picture = screen.at(*moment, *play_s, stage_from_film(tracking::inverse(*calibration), *view.play));
  if (!picture.ready() && curtain.film()) ++telemetry.media_stalls;
}

Shown App::State::sign(ui::Surface surface, const gpu::UiDraw& draw, bool changed, Plane plane, float opacity, bool over_all) {
  gpu::TextureHandle& texture = textures[static_cast<std::size_t>(surface)];
  if (surfaces != nullptr && (changed || texture == 0)) texture = surfaces->paint(draw);
  return {texture, plane, opacity, over_all};
}

void App::State::place_signs() {
  const float yaw = yaw_of(head_orientation);
  text_place.step(step_s, head, yaw, kTextRule);
  stop_place.step(step_s, head, yaw, kStopRule);
  text_near = approach(text_near, text_share(), step_s, kTextPace);
  FollowRule rule = kPanelRule;
  if (client->view().screen == client::Screen::evacuate) rule.loose_rad = 0.35f;
  if (panel) panel_place.step(step_s, head, yaw, rule);
  else panel_place.forget();
}

// Words that hang behind somebody, or in the middle of him, hurt the eyes: they come before him.
float App::State::text_share() const {
  const auto calibration = client->hall_from_stage();
  if (!calibration) return 1.0f;
  const StageFromHall to_stage = tracking::inverse(*calibration);
  const glm::vec3 ahead = ahead_of(yaw_of(head_orientation));
  float away = kTextRule.distance_m + kTextClear_m;
  for (const client::Ghost& ghost : client->view().ghosts) {
    const glm::vec3 at = in_stage(to_stage, ghost.position);
    const glm::vec2 to{at.x - head.x, at.z - head.z};
    const float far = glm::length(to);
    if (ghost.opacity <= 0.0 || far < 1e-3f || glm::dot(to, glm::vec2(ahead.x, ahead.z)) < std::cos(kTextBeside_rad) * far) continue;
    away = std::min(away, far - static_cast<float>(ghost.radius_m));
  }
  return std::clamp(away - kTextClear_m, kTextLeast_m, kTextRule.distance_m) / kTextRule.distance_m;
}

void App::State::show(const Input& input) {
  const client::View& view = client->view();
  see_through = input.passthrough && wants_hall(view) && (input.worn || view.level >= tracking::Level::stop);
  Facts known = facts();
  known.see_through = see_through;
  panel = panel_of(known);
  note = note_of(known);
  place_signs();
  curtain.step(step_s, shows_film(view.screen) && !panel_is_still());
  dim = approach(dim, static_cast<float>(view.dim), step_s, kDimPace);
  stop = approach(stop, view.level >= tracking::Level::stop ? 1.0f : 0.0f, step_s, kStopPace);
  word_raised = word <= 0.0f ? (panel ? 1.0f : 0.0f) : approach(word_raised, panel ? 1.0f : 0.0f, step_s, kTextPace);
  // A stop is there in the frame that learns of it; only its going is soft.
  word = view.word_stop ? 1.0f : approach(word, 0.0f, step_s, kWordPace);
  if (view.countdown_s) countdown_from_s = std::max(countdown_from_s, *view.countdown_s);
  else countdown_from_s = 0.0;

  scene.view = &view;
  scene.venue = client->venue();
  const auto calibration = client->hall_from_stage();
  scene.stage_from_hall = calibration && view.screen != client::Screen::shelf ? std::optional(tracking::inverse(*calibration)) : std::nullopt;
  scene.eyes = input.eyes;
  scene.head = head;
  scene.film = picture;
  scene.film_open = curtain.film();
  scene.fade = curtain.fade();
  scene.dim = dim;
  scene.stop = stop;
  scene.see_through = see_through;
  scene.countdown = countdown_from_s > 0.0 ? static_cast<float>(1.0 - *view.countdown_s / countdown_from_s) : 1.0f;
  scene.time_s = time_s;
  scene.shown.clear();
  output = {};
  show_panel(input);
  show_rays(input);
  show_signs();
  output.frame = &composer.compose(scene);
  output.haptics = haptics;
  output.see_through = see_through;
  output.passthrough_soon = view.level >= tracking::Level::warn;
}

// A film that cannot be shown leaves the viewer in the calm room.
bool App::State::panel_is_still() const { return panel && std::holds_alternative<ui::StandStill>(*panel); }

void App::State::show_panel(const Input& input) {
  const bool was_shown = panel_shown;
  panel_shown = panel.has_value();
  if (!panel_shown) return;
  bool changed = false;
  const gpu::UiDraw& draw = interface->panel(*panel, language, pointer, changed);
  targets.clear();
  for (const ui::Target& target : interface->targets()) targets.push_back({target.name, target.low, target.high});
  const Plane plane = panel_place.plane(panel_size_m);
  if (!input.menu_as_layer) scene.shown.push_back(sign(ui::Surface::panel, draw, changed, plane, 1.0f, false));
  else textures[static_cast<std::size_t>(ui::Surface::panel)] = 0;
  output.menu = MenuPlane{&draw, changed || !was_shown, plane.center, plane.orientation, plane.size_m};
}

void App::State::show_rays(const Input& input) {
  if (!ray_m || !panel_shown || !input.hands[hand].present) return;
  const protocol::StagePose& aim = input.hands[hand].aim;
  const glm::dvec3 ahead = aim.orientation * glm::dvec3(0.0, 0.0, -1.0);
  const glm::vec3 from{static_cast<float>(aim.position.x), static_cast<float>(aim.position.y), static_cast<float>(aim.position.z)};
  const glm::vec3 direction{static_cast<float>(ahead.x), static_cast<float>(ahead.y), static_cast<float>(ahead.z)};
  bool changed = false;
  const gpu::UiDraw& draw = interface->ray(changed);
  scene.shown.push_back(sign(ui::Surface::ray, draw, changed, ray_strip(from, direction, *ray_m, kRayWidth_m, head), 0.8f, false));
}

void App::State::show_signs() {
  const client::View& view = client->view();
  bool changed = false;
  const film::Moment* at = moment && curtain.film() && picture.ready() && view.level < tracking::Level::pause && !panel ? &*moment : nullptr;
  const package::SubtitleLine* line = nullptr;
  if (at != nullptr && screen.film() != nullptr) line = film::subtitle_at(screen.film()->open->manifest(), *at, view.play->language);
  if (line != nullptr) subtitle = line->text;
  subtitle_seen = approach(subtitle_seen, line != nullptr ? 1.0f : 0.0f, step_s, kTextPace);
  if (subtitle_seen > 0.0f) {
    const gpu::UiDraw& draw = interface->subtitle(subtitle, changed);
    scene.shown.push_back(sign(ui::Surface::subtitle, draw, changed, drawn_near(lowered(text_place.plane(kSubtitleSize_m), kSubtitleDrop_m), head, text_near), subtitle_seen, true));
  }
  const bool told_at_once = note && note->kind == ui::NoteKind::pause;
  note_seen = told_at_once ? 1.0f : approach(note_seen, note ? 1.0f : 0.0f, step_s, kTextPace);
  if (note) noted = *note;
  if (note_seen > 0.0f) {
    const gpu::UiDraw& draw = interface->note(noted, language, changed);
    Plane plane;
    if (noted.kind == ui::NoteKind::pause) plane = lowered(stop_place.plane(kPauseSize_m), kPauseDrop_m);
    else if (noted.kind == ui::NoteKind::warn) plane = lowered(text_place.plane(kWarnSize_m), kWarnDrop_m);
    else plane = lowered(text_place.plane(kNoteSize_m), of_the_way(noted.kind) ? -kWayNoteRaise_m : kNoteDrop_m);
    scene.shown.push_back(sign(ui::Surface::note, draw, changed, drawn_near(plane, head, text_near), note_seen, true));
  }
  if (puck_seen > 0.0f) {
    const float yaw = yaw_of(head_orientation);
    const gpu::UiDraw& draw = interface->puck(language, static_cast<float>(std::round(puck_s * 20.0) / 30.0), changed);
    const glm::quat tilt(std::cos(kPuckTilt_rad * 0.5f), std::sin(kPuckTilt_rad * 0.5f), 0.0f, 0.0f);
    const glm::vec3 center = glm::vec3(head.x, 0.25f, head.z) + ahead_of(yaw) * kPuckAhead_m;
    scene.shown.push_back(sign(ui::Surface::puck, draw, changed, {center, turned(yaw) * tilt, kPuckSize_m}, puck_seen, true));
  }
  if (word > 0.0f) {
    const gpu::UiDraw& draw = interface->word_stop(changed);
    scene.shown.push_back(sign(ui::Surface::word, draw, changed, drawn_near(lowered(stop_place.plane(kWordSize_m), -kWordRaise_m * word_raised), head, text_near), word, true));
  }
}

void App::State::hear(const Input& input) {
  if (!sound) return;
  const client::View& view = client->view();
  const bool mirrored = view.play && view.play->placement.mirrored;
  if (screen.film() != nullptr && view.play && screen.film()->id == view.play->film) {
    const std::pair wanted(view.play->film, mirrored);
    if (heard_film != wanted) sound->set_film(screen.film()->sounds, mirrored);
    heard_film = wanted;
  }
  sound::Heard heard;
  heard.now_s = base::seconds_since_zero(input.shown);
  heard.head = head;
  heard.head_orientation = head_orientation;
  const auto calibration = client->hall_from_stage();
  if (calibration && view.play) heard.stage_from_film = stage_from_film(tracking::inverse(*calibration), *view.play);
  heard.playing = moment.has_value() && view.film_running && picture.ready();
  if (moment) heard.moment = *moment;
  heard.play_s = play_s.value_or(0.0);
  heard.dim = std::max(dim, curtain.film() ? curtain.fade() : 0.0f);
  heard.alarm = channels_of(view.level, view.cause).tone;
  if (calibration && view.danger_rad) {
    const auto yaw = static_cast<float>(yaw_in_stage(tracking::inverse(*calibration), *view.danger_rad));
    heard.alarm_from = head + ahead_of(yaw);
  }
  sound->update(heard);
}

std::optional<double> App::State::danger_rad() const {
  const client::View& view = client->view();
  if (!view.danger_rad || !hall_head) return std::nullopt;
  return clockwise_rad(*hall_head, *view.danger_rad);
}

// What is seen and heard is felt as well. An alarm goes before the tick of a press.
void App::State::shake() {
  const client::View& view = client->view();
  const auto alarm = buzzer.step(step_s, {view.level, view.cause, danger_rad()});
  for (std::size_t each = 0; each < haptics.size(); ++each) {
    if (alarm[each]) haptics[each] = alarm[each];
  }
  output.haptics = haptics;
}

}  // namespace promenade::headset
