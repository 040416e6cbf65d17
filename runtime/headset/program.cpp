#include "runtime/headset/program.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <utility>

#include <glm/geometric.hpp>
#include <glm/gtc/quaternion.hpp>

#include "runtime/headset/clock.h"
#include "runtime/headset/outcome.h"
#include "tracking/base/formatted.h"

namespace promenade::headset {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kIdleStep{33};        // of the App while no frame is to be made
constexpr milliseconds kIdlePoll{5};         // between looks at the session
constexpr std::chrono::seconds kStatsEvery{5};
constexpr std::chrono::seconds kMissingTold{5};  // a runtime that is just starting is no trouble
constexpr std::chrono::seconds kHallPatience{3};
constexpr std::chrono::seconds kToldBy{1};   // after the hall has been reached it has been told
constexpr std::chrono::seconds kTellMost{8};
constexpr std::chrono::seconds kLeaveMost{2};
constexpr double kLookedAt_rad = 0.1;        // off the middle of a panel, for its picture
constexpr double kVideoRate = 30.0;          // pictures a second of the films' videos

void say(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

protocol::StagePose pose_of(const xr::Located& located) {
  return {glm::dvec3(located.position), glm::normalize(glm::dquat(located.orientation))};
}

// In the user's cache folder; empty where there is none.
std::string pipeline_cache_file() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  std::filesystem::path folder;
  if (cache && *cache) folder = cache;
  else if (home && *home) folder = std::filesystem::path(home) / ".cache";
  else return {};
  folder /= "promenade";
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  return failed ? std::string{} : (folder / "headset-pipelines").string();
}

std::uint16_t wrapped(std::uint64_t count) { return static_cast<std::uint16_t>(count & 0xffff); }

}  // namespace

Program::Program(const Options& options, std::unique_ptr<App> app, std::vector<protocol::HallAddress> halls,
                 std::shared_ptr<const link::SessionSettings> security, Signals& signals)
    : options_(options), signals_(signals), app_(std::move(app)), headset_({.validation = options.validate}),
      link_(app_->mailbox(), std::move(halls), std::move(security)), status_(options.status_fd), began_(headset_now()), next_idle_(began_), next_stats_(began_ + kStatsEvery) {
  if (!options.screenshot_dir.empty()) pictures_ = std::make_unique<Pictures>(options.screenshot_dir);
}

Program::~Program() { take_down(); }

int Program::run() {
  const HeadsetTime until = options_.seconds > 0.0 ? began_ + base::from_seconds(options_.seconds) : HeadsetTime::max();
  while (!signals_.stop && headset_now() < until) {
    switch (headset_.poll(headset_now())) {
      case xr::Need::device: make_graphics(); break;
      case xr::Need::take_down: take_down(); break;
      case xr::Need::frame: frame(); break;
      case xr::Need::nothing:
        idle();
        std::this_thread::sleep_for(kIdlePoll);
        break;
    }
    housekeep(headset_now());
  }
  leave();
  housekeep(headset_now());
  const int code = verdict();
  if (!options_.stats.empty()) {
    if (const auto written = write_stats(options_.stats, stats_, *app_, headset_, link_); !written) {
      say(written.error().text());
      return kFailed;
    }
  }
  return code;
}

int Program::run_without_picture() {
  no_picture_ = true;
  const HeadsetTime until = began_ + kTellMost;
  std::optional<HeadsetTime> reached;
  while (!signals_.stop && headset_now() < until && !(reached && headset_now() - *reached > kToldBy)) {
    idle();
    if (link_.up() && !reached) reached = headset_now();
    housekeep(headset_now());
    std::this_thread::sleep_for(kIdlePoll);
  }
  say(reached ? "The hall has been told." : "The hall could not be told: it does not answer.");
  return kNoVulkan;
}

// The runtime sees a session that ends in order, not a program that dies.
void Program::leave() {
  if (!headset_.ask_to_leave(headset_now())) return;
  const HeadsetTime until = headset_now() + kLeaveMost;
  while (headset_.alive() && headset_now() < until) {
    switch (headset_.poll(headset_now())) {
      case xr::Need::frame: frame(); break;
      case xr::Need::nothing: std::this_thread::sleep_for(kIdlePoll); break;
      default: return;
    }
  }
}

// What the program never had counts; what came and went again was waited for.
int Program::verdict() {
  std::vector<protocol::HeadsetTrouble> troubles = app_->troubles();
  std::erase_if(troubles, [](const auto& one) { return one.what >= protocol::Trouble::no_picture; });
  if (stats_.sessions == 0) {
    if (!no_vulkan_.empty()) troubles.push_back({protocol::Trouble::no_picture, {}});
    else if (headset_.missing() == xr::Missing::runtime) troubles.push_back({protocol::Trouble::no_runtime, {}});
    else troubles.push_back({protocol::Trouble::no_headset, {}});
  }
  const bool failed = options_.validate && vulkan_messages() + headset_.validation_messages() > 0;
  return exit_code({failed, link_.links() > 0, troubles});
}

std::vector<protocol::HeadsetTrouble> Program::device_troubles(HeadsetTime now) {
  if (no_picture_ || !no_vulkan_.empty()) return {{protocol::Trouble::no_picture, {}}};
  const xr::Missing missing = headset_.missing();
  if (missing == xr::Missing::nothing) {
    missing_since_.reset();
    return {};
  }
  if (!missing_since_) missing_since_ = now;
  if (now - *missing_since_ < kMissingTold) return {};
  return {{missing == xr::Missing::runtime ? protocol::Trouble::no_runtime : protocol::Trouble::no_headset, {}}};
}

// ---------------------------------------------------------------- the runtime's coming and going

void Program::make_graphics() {
  auto made = std::make_unique<Graphics>();
  const auto give_up = [&](const base::Error& error) {
    if (no_vulkan_ != error.code) say("No picture: " + error.text());
    no_vulkan_ = error.code;
    made.reset();
    headset_.lose(headset_now());
  };
  gpu::DeviceSettings settings;
  settings.validation = options_.validate;
  settings.cache_file = pipeline_cache_file();
  auto device = gpu::Device::create(settings, headset_.hooks());
  if (!device) return give_up(device.error());
  made->device = std::move(*device);
  auto renderer = gpu::Renderer::create(*made->device);
  if (!renderer) return give_up(renderer.error());
  made->renderer = std::move(*renderer);
  made->surfaces = std::make_unique<RendererSurfaces>(*made->renderer);
  no_vulkan_.clear();
  stats_.gpu = made->device->name();
  say("Graphics: " + stats_.gpu);
  graphics_ = std::move(made);
  headset_.start(*graphics_->device, headset_now());
  if (pictures_) {
    graphics_->ledger = std::make_unique<LedgerSurfaces>(*graphics_->surfaces);
    app_->attach(*graphics_->ledger);
  } else {
    app_->attach(*graphics_->surfaces);
  }
  if (stats_.sessions++ > 0) app_->resumed(headset_now());
  anchored_ = 0;
}

// What the runtime can say of the place's drift: anchors at the marks, printed tags in the headset's cameras.
void Program::watch_place(Input& input, HeadsetTime now) {
  const App::Watch watch = app_->watch();
  if (watch.calibration != anchored_ && !watch.anchors.empty()) {
    anchored_ = watch.calibration;
    std::vector<glm::vec3> places;
    for (const auto& p : watch.anchors) places.emplace_back(static_cast<float>(p.x), 0.0f, static_cast<float>(-p.y));
    headset_.set_anchors(places, now);
  }
  if (!watch.anchors.empty()) input.anchors_slid_m = headset_.anchors_slid(now);
  for (const xr::TagSeen& seen : headset_.tags_seen(watch.tags, watch.tag_size_m, now)) input.tags.push_back({seen.id, pose_of(seen.at)});
}

void Program::take_down() {
  if (graphics_) {
    app_->detach();
    vulkan_messages_before_ += graphics_->device->validation_messages();
    if (graphics_->device->validation_messages() > 0) stats_.last_vulkan_message = graphics_->device->last_validation_message();
    graphics_->ledger.reset();
    graphics_->surfaces.reset();
    graphics_->renderer.reset();
    ++stats_.losses;
  }
  headset_.take_down();
  graphics_.reset();
}

// ---------------------------------------------------------------- a frame

Input Program::input_at(HeadsetTime now, HeadsetTime shown, const xr::Sight& sight) {
  Input input;
  input.now = now;
  input.shown = std::max(now, shown);
  if (sight.head.valid) {
    input.head = pose_of(sight.head);
    input.quality = sight.head.tracked ? protocol::TrackingQuality::good : protocol::TrackingQuality::inferred;
  }
  input.eyes = sight.eyes;
  for (std::size_t hand = 0; hand < sight.hands.size(); ++hand) {
    const xr::HandState& state = sight.hands[hand];
    if (!state.aim.valid || !state.grip.valid) continue;
    input.hands[hand] = {true, pose_of(state.grip), pose_of(state.aim), state.trigger, state.select, state.menu};
  }
  input.worn = headset_.worn().value_or(true);
  const xr::FrameCounts& counts = headset_.counts();
  input.timing = {wrapped(counts.frames), wrapped(counts.late), wrapped(counts.dropped),
                  static_cast<std::uint8_t>(std::clamp(base::to_seconds(input.shown - now) * 1e3, 0.0, 255.0))};
  input.troubles = device_troubles(now);
  input.passthrough = headset_.passthrough() != xr::Passthrough::none;
  input.menu_as_layer = graphics_ && headset_.shows_menu();
  return input;
}

void Program::frame() {
  const auto wait = headset_.wait(headset_now());
  if (!wait) return idle();
  const HeadsetTime now = headset_now();
  const xr::Sight sight = headset_.look(now);
  if (sight.recentred) {
    say("The room's space has moved: touch the marks again.");
    app_->recentred(now);
  }
  Input input = input_at(now, wait->shown, sight);
  watch_place(input, now);
  const Output& output = app_->update(input);
  next_idle_ = now + kIdleStep;
  std::optional<xr::MenuLayer> menu;
  bool drawn = false;
  if (headset_.begin(headset_now())) {
    if (wait->should_render) drawn = draw(output, sight, menu);
    headset_.warm_passthrough(output.see_through || output.passthrough_soon);
    headset_.end(sight.eyes, drawn, output.see_through, menu, headset_now());
  }
  if (drawn && stats_.first_picture_s == 0.0) stats_.first_picture_s = base::to_seconds(headset_now() - began_);
  stats_.cpu_ms.add(base::to_seconds(headset_now() - now) * 1e3);
  stats_.photon_ms.add(base::to_seconds(input.shown - now) * 1e3);
  after(output, input);
}

bool Program::draw(const Output& output, const xr::Sight& sight, std::optional<xr::MenuLayer>& menu) {
  const HeadsetTime now = headset_now();
  const auto device_lost = [&](const base::Error& error) {
    say("The graphics device was lost: " + error.text());
    headset_.lose(now);
    return false;
  };
  bool drawn = false;
  if (sight.eyes_valid && output.frame) {
    if (const auto target = headset_.acquire(now)) {
      if (const auto done = graphics_->renderer->draw(*output.frame, *target); !done) return device_lost(done.error());
      drawn = true;
    }
  }
  if (output.menu && output.menu->draw && headset_.shows_menu()) {
    const gpu::UiDraw& ui = *output.menu->draw;
    if (output.menu->changed || headset_.must_paint(ui.width_px, ui.height_px)) {
      if (const auto target = headset_.acquire_menu(ui.width_px, ui.height_px, now)) {
        if (const auto done = graphics_->renderer->paint(ui, *target); !done) return device_lost(done.error());
      }
    }
    menu = xr::MenuLayer{output.menu->center, output.menu->orientation, output.menu->size_m};
  }
  return drawn;
}

// Without frames the client goes on all the same: the hall hears that nothing is seen, and the film's clock runs.
void Program::idle() {
  const HeadsetTime now = headset_now();
  if (now < next_idle_) return;
  next_idle_ = now + kIdleStep;
  const Input input = input_at(now, now, {});
  after(app_->update(input), input);
}

void Program::after(const Output& output, const Input& input) {
  for (std::size_t hand = 0; hand < output.haptics.size(); ++hand) {
    if (const auto& haptic = output.haptics[hand]) {
      headset_.vibrate(hand, {haptic->seconds, static_cast<float>(haptic->amplitude), static_cast<float>(haptic->frequency_hz)}, input.now);
    }
  }
  status_.tell(*app_, output, input, headset_, link_.up());
  if (pictures_ && graphics_ && graphics_->ledger) keep_pictures(output, input);
}

// ---------------------------------------------------------------- pictures, telemetry, log

namespace {

// Whether a point of the hall, `height_m` above its floor, lies plainly before the viewer: not nearer than `least_m`,
// within 5 m and 30 degrees.
bool before_him(const App& app, const Input& input, protocol::HallPoint point, double height_m, double least_m) {
  const auto stage_from_hall = app.stage_from_hall();
  if (!stage_from_hall) return false;
  constexpr double kFar_m = 5.0;
  constexpr double kAside_rad = 0.52;
  const glm::dvec3 ahead = input.head.orientation * glm::dvec3(0.0, 0.0, -1.0);
  const auto floor = *stage_from_hall * point;
  const glm::dvec3 to = glm::dvec3(floor.x, height_m, -floor.y) - input.head.position;
  const double far = glm::length(to);
  return far > least_m && far < kFar_m && glm::dot(to, ahead) > std::cos(kAside_rad) * far;
}

bool sees_ghost(const App& app, const Input& input) {
  return std::ranges::any_of(app.client().view().ghosts, [&](const client::Ghost& ghost) {
    return ghost.opacity > 0.35 && before_him(app, input, ghost.position, 1.2, 0.5);
  });
}

// The path on the floor, a few steps ahead; a person looks down along it as he walks.
bool sees_path(const App& app, const Input& input) {
  const std::vector<protocol::HallPoint>& path = app.client().view().path;
  return path.size() > 1 && std::ranges::any_of(path, [&](protocol::HallPoint point) { return before_him(app, input, point, 0.8, 1.5); });
}

bool looks_at(const Input& input, const glm::vec3& place, double within_rad) {
  const glm::dvec3 ahead = input.head.orientation * glm::dvec3(0.0, 0.0, -1.0), to = glm::dvec3(place) - input.head.position;
  return glm::dot(ahead, to) > std::cos(within_rad) * glm::length(to);
}

Showing showing_of(const App& app, const Input& input, const Output& output) {
  const client::View& view = app.client().view();
  const bool calm = !view.stand_still && view.level <= tracking::Level::warn;
  Showing showing;
  const auto offers = [&](std::string_view what) { return std::ranges::any_of(app.menu_targets(), [&](const App::Target& one) { return one.name.starts_with(what); }); };
  showing.menu = calm && view.screen == client::Screen::menu && output.menu && offers("film:") && looks_at(input, output.menu->center, kLookedAt_rad);
  showing.marks = view.screen == client::Screen::wait_staff;
  showing.guide = calm && view.screen == client::Screen::guide_in && sees_path(app, input);
  showing.rate = calm && view.screen == client::Screen::rate && output.menu && looks_at(input, output.menu->center, kLookedAt_rad);
  if (calm && view.screen == client::Screen::film && view.play && view.film_running) {
    showing.film = view.play->film.value();
    showing.scene = view.block - static_cast<unsigned>(view.play->way_in_stops.size()) + view.first_scene;
  }
  showing.ghost = sees_ghost(app, input);
  showing.stop = view.word_stop;
  showing.pause = view.level == tracking::Level::pause && !view.word_stop;
  return showing;
}

}  // namespace

void Program::keep_pictures(const Output& output, const Input& input) {
  std::vector<std::string> names = notable_.step(input.now, showing_of(*app_, input, output));
  if (signals_.picture.exchange(false)) names.push_back(base::formatted("now-{}", ++pictures_asked_));
  if (names.empty() || !output.frame) return;
  const auto kept = [&] { return graphics_->ledger->keep(*output.frame, input.menu_as_layer ? output.menu : std::nullopt); };
  for (const std::string& name : names) {
    if (!pictures_->take(name, kept())) notable_.again(name);
  }
}

std::uint64_t Program::vulkan_messages() const {
  return vulkan_messages_before_ + (graphics_ ? graphics_->device->validation_messages() : 0);
}

void Program::tell_of_hall(HeadsetTime now) {
  const bool up = link_.up();
  if (up != hall_up_) {
    hall_up_ = up;
    hall_told_ = true;
    say(up ? "The hall answers at " + options_.hall + "." : "The hall is not heard any more: waiting for it.");
  } else if (!hall_told_ && now - began_ > kHallPatience) {
    hall_told_ = true;
    say("No hall answers at " + options_.hall + ": is it started, and is the address right?");
  }
}

void Program::housekeep(HeadsetTime now) {
  for (const std::string& line : headset_.take_log()) {
    say(line);
    if (line == "Session: READY") headset_.prefer_rate(kVideoRate, now);
  }
  for (const std::string& line : app_->take_log()) say(line);
  tell_of_hall(now);
  if (pictures_) {
    for (const std::string& line : pictures_->take_log()) say(line);
  }
  stats_.seconds = base::to_seconds(now - began_);
  stats_.vulkan_messages = vulkan_messages();
  if (graphics_ && graphics_->device->validation_messages() > 0) stats_.last_vulkan_message = graphics_->device->last_validation_message();
  if (options_.stats.empty() || now < next_stats_) return;
  next_stats_ = now + kStatsEvery;
  if (const auto written = write_stats(options_.stats, stats_, *app_, headset_, link_); !written && !std::exchange(ended_badly_, true)) {
    say(written.error().text());
  }
}

}  // namespace promenade::headset
