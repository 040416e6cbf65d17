#include "runtime/headset/app.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <glm/gtc/quaternion.hpp>

#include "runtime/headset/app_state.h"
#include "runtime/headset/story.h"
#include "showcontrol/protocol/codec.h"
#include "tracking/base/formatted.h"

namespace promenade::headset {
namespace {

constexpr std::size_t kLogMax = 256;
constexpr double kStepMost_s = 0.25;           // a program that slept does not jump
constexpr float kGhostSeen = 0.35f;
constexpr double kAskedPatience_s = 5.0;
constexpr double kTouchPatience_s = 60.0;      // the client's own, between two marks

glm::vec3 to_float(glm::dvec3 v) { return {static_cast<float>(v.x), static_cast<float>(v.y), static_cast<float>(v.z)}; }

}  // namespace

App::State::State(AppSettings chosen, ShelfRead read)
    : settings(std::move(chosen)), shelf(std::move(read)), faults(shelf.faults),
      client(std::make_unique<client::Client>(client::ClientConfig{settings.headset, settings.software, shelf.shelf})),
      language(ui::language_of(settings.language)), media(shelf.files) {}

App::App(std::unique_ptr<State> state) : state_(std::move(state)) {}
App::~App() = default;

base::Result<std::unique_ptr<App>> App::create(AppSettings settings) {
  auto shelf = read_shelf(settings.films);
  if (!shelf) return std::unexpected(std::move(shelf.error()));
  auto interface = ui::Interface::create(settings.fonts);
  if (!interface) return std::unexpected(std::move(interface.error()));
  for (const client::Film& film : *shelf->shelf) (*interface)->prepare_film(film.manifest);
  (*interface)->build_glyphs();
  auto state = std::make_unique<State>(std::move(settings), std::move(*shelf));
  State& s = *state;
  s.interface = std::move(*interface);
  for (const FilmFault& fault : s.faults) s.fault(fault.error);
  if (s.settings.sound) {
    if (auto engine = sound::Engine::open()) {
      s.sound = std::move(*engine);
      s.silent = !s.sound->message().empty();
      if (s.silent) s.fault({"sound-silent", s.sound->message(), {}});
    } else {
      s.silent = true;
      s.fault(engine.error());
    }
  }
  s.say(base::formatted("{} film{} on the shelf, {} that cannot be shown.", s.shelf.shelf->size(), s.shelf.shelf->size() == 1 ? "" : "s", s.faults.size()));
  return std::unique_ptr<App>(new App(std::move(state)));
}

Mailbox& App::mailbox() { return state_->mailbox; }
const client::Client& App::client() const { return *state_->client; }
const Telemetry& App::telemetry() const { return state_->telemetry; }
std::vector<protocol::HeadsetTrouble> App::troubles() const { return state_->troubles(); }

void App::attach(Surfaces& surfaces) {
  state_->surfaces = &surfaces;
  state_->screen.attach(surfaces);
  state_->posters.attach(surfaces, *state_->interface);
}

void App::detach() {
  state_->surfaces = nullptr;
  state_->screen.detach();
  state_->posters.detach(*state_->interface);
  state_->textures = {};
}

void App::recentred(HeadsetTime now) {
  state_->client->recentred(now);
  state_->panel_place.forget();
  state_->text_place.forget();
  state_->stop_place.forget();
}

void App::resumed(HeadsetTime now) { state_->client->resumed(now); }

std::vector<std::string> App::take_log() {
  std::vector<std::string> lines(std::make_move_iterator(state_->log.begin()), std::make_move_iterator(state_->log.end()));
  state_->log.clear();
  return lines;
}

const std::vector<App::Target>& App::menu_targets() const { return state_->targets; }

std::optional<tracking::Transform<tracking::Stage, tracking::Hall>> App::stage_from_hall() const {
  const auto calibration = state_->client->hall_from_stage();
  return calibration ? std::optional(tracking::inverse(*calibration)) : std::nullopt;
}

const Output& App::update(const Input& input) {
  const auto began = std::chrono::steady_clock::now();
  State& s = *state_;
  s.begin_frame(input);
  s.receive(input.now);
  s.feed(input);
  s.act(input);
  s.follow_film();
  s.show(input);
  s.hear(input);
  s.shake();
  s.count(input);
  const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
  s.update_ms_sum += ms;
  s.telemetry.update_ms_mean = s.update_ms_sum / static_cast<double>(s.telemetry.frames);
  s.telemetry.update_ms_worst = std::max(s.telemetry.update_ms_worst, ms);
  return s.output;
}

void App::State::begin_frame(const Input& input) {
  const bool first = telemetry.frames == 0;
  step_s = first ? 0.0 : std::clamp(base::to_seconds(input.shown - shown), 0.0, kStepMost_s);
  time_s += step_s;
  now = input.now;
  shown = input.shown;
  haptics = {};
  if (input.quality == protocol::TrackingQuality::lost) return;
  // The eyes are where the head will be; without them the head as it is must do.
  const bool located = input.eyes[0].position != input.eyes[1].position;
  head = located ? (input.eyes[0].position + input.eyes[1].position) * 0.5f : to_float(input.head.position);
  const glm::dquat q = input.head.orientation;
  head_orientation = located ? glm::slerp(input.eyes[0].orientation, input.eyes[1].orientation, 0.5f)
                             : glm::quat(static_cast<float>(q.w), static_cast<float>(q.x), static_cast<float>(q.y), static_cast<float>(q.z));
}

void App::State::receive(HeadsetTime until) {
  const auto take = [&](const FromLink& from) {
    // The link thread may stamp a message just before a frame that is counted from later; time never goes back.
    last_client = std::max(last_client, from.at);
    if (std::holds_alternative<LinkUp>(from.what)) {
      linked = true;
      client->link_up(last_client);
    } else if (std::holds_alternative<LinkDown>(from.what)) {
      linked = false;
      client->link_down(last_client);
    } else {
      client->receive(std::get<protocol::Message>(from.what), last_client);
    }
  };
  for (std::size_t i = 0; i <= kMailboxMax; ++i) {
    if (!early) early = mailbox.in.try_pop();
    if (!early || early->at > until) return;  // later than this frame: the next one's
    take(*early);
    early.reset();
  }
}

void App::State::feed(const Input& input) {
  last_client = std::max(last_client, input.now);
  battery_percent = input.battery_percent;
  device_troubles = input.troubles;
  if (sound && silent && sound->message().empty()) silent = false;  // a device has come
  note_missing_films();
  client::Device device;
  device.worn = input.worn;
  device.battery_percent = input.battery_percent;
  device.charging = input.charging;
  device.temperature_c = input.temperature_c;
  device.timing = input.timing;
  device.troubles = troubles();
  client->device(device);
  client->pose(input.head, input.quality, last_client);
  if (input.quality != protocol::TrackingQuality::lost) client->saw_tags(input.tags, last_client);
  if (input.anchors_slid_m) client->saw_anchors(*input.anchors_slid_m, last_client);
  client->step(last_client);
  for (protocol::Message& message : client->take_outgoing()) mailbox.out.push(std::move(message));
  const auto calibration = client->hall_from_stage();
  hall_head = calibration && input.quality != protocol::TrackingQuality::lost ? std::optional(*calibration * input.head) : std::nullopt;

  const client::View& view = client->view();
  screen_s = view.screen == last_screen ? screen_s + step_s : 0.0;
  hold_s = view.holding ? hold_s + step_s : 0.0;
  if (view.screen == client::Screen::shelf && last_screen != client::Screen::shelf) {
    visit = {};
    language = ui::language_of(settings.language);
  }
  if (view.screen != client::Screen::menu) visit.asked = false;
  if (!help_offered(view.screen)) visit.help = false;
  if (visit.asked && base::to_seconds(now - asked_at) > kAskedPatience_s) visit.asked = false;
  if ((visit.touched == 1 || !visit.mark_fault.empty()) && base::to_seconds(now - touched_at) > kTouchPatience_s) {
    visit.touched = 0;
    visit.mark_fault.clear();
  }
  last_screen = view.screen;
}

Facts App::State::facts() const {
  Facts facts;
  facts.view = &client->view();
  facts.phase = client->phase();
  facts.linked = linked;
  facts.headset = settings.headset.value();
  facts.battery_percent = battery_percent;
  facts.silent = silent;
  if (client->clock_known()) facts.clock_error = client->clock_uncertainty(last_client);
  facts.shelf = shelf.shelf.get();
  facts.faults = &faults;
  facts.language = language;
  facts.visit = &visit;
  facts.head = hall_head;
  facts.film_ready = picture.ready();
  facts.screen_s = screen_s;
  facts.hold_s = hold_s;
  return facts;
}

void App::State::cannot_show(const base::FilmId& film, const base::Error& error) {
  if (!std::ranges::contains(faults, film, &FilmFault::film)) faults.push_back({film, why_of(error), error});
  fault(error);
}

void App::State::shows_partly(const base::FilmId& film, const base::Findings& findings) {
  if (findings.empty()) return;
  incomplete.insert(film);
  for (const base::Finding& finding : findings) fault({finding.code, base::formatted("Film {}: {}", film.value(), finding.message), {}});
}

// Of the hall's films only those are known that it offers, or has ordered.
void App::State::note_missing_films() {
  const auto look = [&](const base::FilmId& film) {
    if (find_film(*shelf.shelf, film) != nullptr || std::ranges::contains(faults, film, &FilmFault::film) || !missing.insert(film).second) return;
    fault({"film-missing", base::formatted("The hall has film {}, which is not on this headset.", film.value()), "Copy it into the folder of --films and start again."});
  };
  const client::View& view = client->view();
  for (const protocol::MenuEntry& entry : view.menu) look(entry.film);
  if (view.play) look(view.play->film);
}

// The gravest first: the hall is told only so many.
std::vector<protocol::HeadsetTrouble> App::State::troubles() const {
  using protocol::Trouble;
  std::vector<protocol::HeadsetTrouble> all = device_troubles;
  if (silent) all.push_back({Trouble::no_sound, {}});
  const auto add = [&](Trouble what, const base::FilmId& film) {
    const protocol::HeadsetTrouble one{what, protocol::is_wire_film(film) ? film : base::FilmId{}};
    if (!std::ranges::contains(all, one)) all.push_back(one);
  };
  for (const FilmFault& each : faults) add(trouble_of(each.why), each.film);
  for (const base::FilmId& film : missing) add(Trouble::film_missing, film);
  for (const base::FilmId& film : incomplete) add(Trouble::film_incomplete, film);
  return all;
}

void App::State::say(std::string line) {
  if (log.size() == kLogMax) log.pop_front();
  log.push_back(std::move(line));
}

void App::State::fault(const base::Error& error) {
  if (std::ranges::contains(telemetry.faults, error)) return;
  telemetry.faults.push_back(error);
  say(base::formatted("{}: {}", error.code, error.text()));
}

void App::State::count(const Input&) {
  const client::View& view = client->view();
  ++telemetry.frames;
  telemetry.screen = name_of(view.screen);
  telemetry.states_reached.insert(telemetry.screen);
  if (view.play) {
    if (telemetry.play != view.play->play) last_block = 0;
    telemetry.film = view.play->film;
    telemetry.play = view.play->play;
    if (view.block > last_block) telemetry.gates_passed += static_cast<std::uint32_t>(view.block - last_block);
    last_block = view.block;
  }
  if (view.holding && !was_holding) ++telemetry.holds;
  was_holding = view.holding;
  if (view.holding) telemetry.states_reached.insert("hold");
  if (std::ranges::any_of(view.ghosts, [](const client::Ghost& ghost) { return ghost.opacity > kGhostSeen; })) telemetry.states_reached.insert("ghost");
  if (view.level == tracking::Level::pause) telemetry.states_reached.insert("pause");
  if (view.level == tracking::Level::stop) telemetry.states_reached.insert("stop");
}

App::Watch App::watch() const {
  const client::Client& c = *state_->client;
  Watch watch{c.calibrations(), c.anchor_points(), false, 0.0};
  if (const tracking::Venue* venue = c.venue(); venue != nullptr && !venue->tags.empty()) {
    watch.tags = true;
    const double size_m = venue->tags.front().size_m;
    if (std::ranges::all_of(venue->tags, [&](const tracking::Tag& tag) { return tag.size_m == size_m; })) watch.tag_size_m = size_m;
  }
  return watch;
}

App::Marks App::marks() const { return {state_->visit.pair, state_->visit.touched}; }

}  // namespace promenade::headset
