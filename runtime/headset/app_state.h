#pragma once
// The App's parts and how they hang together; private to runtime/headset/app*.cpp. Frame thread.

#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "runtime/headset/app.h"
#include "runtime/headset/channels.h"
#include "runtime/headset/compose.h"
#include "runtime/headset/film_screen.h"
#include "runtime/headset/follow.h"
#include "runtime/headset/media.h"
#include "runtime/headset/posters.h"
#include "runtime/headset/reading.h"
#include "runtime/sound/engine.h"
#include "runtime/ui/interface.h"

namespace promenade::headset {

struct App::State {
  State(AppSettings chosen, ShelfRead read);

  // app.cpp: messages, client, telemetry
  void receive(HeadsetTime now);
  void feed(const Input& input);
  void begin_frame(const Input& input);
  void count(const Input& input);
  void fault(const base::Error& error);
  void say(std::string line);
  Facts facts() const;
  void note_missing_films();
  void cannot_show(const base::FilmId& film, const base::Error& error);
  void shows_partly(const base::FilmId& film, const base::Findings& findings);
  std::vector<protocol::HeadsetTrouble> troubles() const;

  // app_input.cpp: the controllers
  void act(const Input& input);
  void touch_marks(const Input& input);
  void touch(const protocol::StagePose& laid);
  void stand(std::size_t each);
  void point(const Input& input);
  bool point_with(const Input& input, std::size_t hand);
  void gaze(const Input& input);
  void gaze_at_puck();
  void press(const std::string& name);
  void choose();

  // app_show.cpp: film, signs, frame, sound
  void take_findings();
  void follow_film();
  void show(const Input& input);
  void show_panel(const Input& input);
  void show_signs();
  bool panel_is_still() const;
  float text_share() const;
  void show_rays(const Input& input);
  void place_signs();
  Shown sign(ui::Surface surface, const gpu::UiDraw& draw, bool changed, Plane plane, float opacity, bool over_all);
  void hear(const Input& input);
  void shake();
  std::optional<double> danger_rad() const;  // clockwise from where he looks

  AppSettings settings;
  Mailbox mailbox;
  ShelfRead shelf;
  std::vector<FilmFault> faults;
  std::set<base::FilmId> incomplete, missing;  // films: shown with parts missing; of this hall, but not here
  std::vector<protocol::HeadsetTrouble> device_troubles;
  bool silent = false;                      // a sound device was wanted and there is none
  std::unique_ptr<client::Client> client;
  std::unique_ptr<ui::Interface> interface;
  std::unique_ptr<sound::Engine> sound;
  Surfaces* surfaces = nullptr;

  // time and place
  HeadsetTime now{}, shown{};
  double step_s = 0.0;                      // between pictures
  double time_s = 0.0;                      // of pictures, since the start
  glm::vec3 head{0.0f, 1.6f, 0.0f};         // at `shown`
  glm::quat head_orientation{1.0f, 0.0f, 0.0f, 0.0f};
  std::optional<protocol::HallPose> hall_head;  // at `now`
  std::optional<FromLink> early;            // stamped after this frame began
  bool linked = false;
  std::optional<std::uint8_t> battery_percent;
  HeadsetTime last_client{};

  // the visit
  Visit visit;
  ui::Language language = ui::Language::zh;
  HeadsetTime asked_at{}, touched_at{};
  client::Screen last_screen = client::Screen::stand_still;
  double screen_s = 0.0, hold_s = 0.0;

  // pointing
  std::array<Controller, 2> before;
  std::size_t hand = kRight;
  ui::Pointer pointer;
  std::string pointed, gazed, dwelt;        // target under the pointer, under the gaze; the one that the gaze has pressed
  std::size_t gazed_panel = std::variant_npos;
  double dwell_s = 0.0, puck_s = 0.0;
  std::optional<float> ray_m;               // length, of the pointing hand
  std::array<std::optional<Haptic>, 2> haptics;
  Buzzer buzzer;

  // film
  FilmScreen screen;
  Posters posters;
  base::PlayId play;
  std::optional<double> play_s;
  std::optional<film::Moment> moment;
  FilmPicture picture;
  std::pair<base::FilmId, bool> heard_film;  // and whether it is mirrored

  // picture
  std::optional<ui::Panel> panel;
  bool panel_shown = false;
  const gpu::UiDraw* panel_draw = nullptr;
  bool panel_changed = false;
  glm::vec2 panel_size_m{2.08f, 1.3f};  // m, of the panel
  std::vector<App::Target> targets;
  Follower panel_place, text_place, stop_place;
  Curtain curtain;
  bool see_through = false;
  float dim = 0.0f, stop = 0.0f, word = 0.0f, word_raised = 0.0f, note_seen = 0.0f, subtitle_seen = 0.0f, puck_seen = 0.0f;
  float text_near = 1.0f;                   // share of the usual distance at which words hang
  double countdown_from_s = 0.0;
  std::optional<ui::Note> note;
  ui::Note noted;                           // the last one, while it fades
  std::string subtitle;
  std::array<gpu::TextureHandle, 8> textures{};
  Scene scene;
  Composer composer;

  Output output;
  Telemetry telemetry;
  std::deque<std::string> log;
  std::uint8_t last_block = 0;
  bool was_holding = false;
  double update_ms_sum = 0.0;

  Media media;                              // last: its thread ends first
};

}  // namespace promenade::headset
