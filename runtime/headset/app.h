#pragma once
// The headset program without its hardware: the client, the films, the interface and the sound, from sensors and
// messages to the frame that is drawn. Runs the same on a real headset, on a remote driver and in tests.
//
// Frame thread only, but for the mailbox, which the link thread shares, and a media thread of its own, which opens
// films, so that no frame waits. Headset time must not go back. Frame: Stage, metres. It outlives every OpenXR session
// and every renderer: `detach` before a renderer goes, `attach` when there is another; the film's clock goes on.

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "runtime/gpu/picture.h"
#include "runtime/gpu/ui_draw.h"
#include "runtime/headset/mailbox.h"
#include "runtime/headset/surfaces.h"
#include "showcontrol/client/client.h"
#include "tracking/base/result.h"

namespace promenade::headset {

using base::HeadsetTime;

struct AppSettings {
  base::HeadsetId headset;
  std::string software = "promenade-headset";   // told to the hall
  std::filesystem::path films;                  // folder of .prom files; read once, at the start
  std::vector<std::filesystem::path> fonts;     // instead of where the system's package puts them; empty: those
  std::string language = "zh";                  // until the viewer chooses
  bool sound = true;                            // false: no sound device is opened
};

enum Hand : std::size_t { kLeft = 0, kRight = 1 };
struct Controller {
  bool present = false;                         // both poses are valid
  protocol::StagePose grip, aim;                // aim looks along its -z
  bool trigger = false, select = false, menu = false;  // held down now
};

struct Input {
  HeadsetTime now;                              // when this frame is made; not going back
  HeadsetTime shown;                            // when it will be seen: animation, sound and picture are of then
  protocol::StagePose head;                     // at `now`
  protocol::TrackingQuality quality = protocol::TrackingQuality::lost;
  std::array<gpu::Eye, 2> eyes;                 // at `shown`
  std::array<Controller, 2> hands;              // all absent where the session is not FOCUSED
  bool worn = true;                             // true where the system cannot tell
  std::optional<std::uint8_t> battery_percent;  // none: the system does not tell
  bool charging = false;
  std::int8_t temperature_c = 0;                // 0: not known
  protocol::FrameTiming timing;
  bool passthrough = false;                     // the real hall can be shown behind the frame
  bool menu_as_layer = false;                   // XR shows the menu in a quad layer: it is left out of the frame
  std::vector<protocol::HeadsetTrouble> troubles;  // of the device, as far as whoever drives the App knows
  std::vector<tracking::TagSighting> tags;      // that the headset's cameras have seen since the last input
  std::optional<double> anchors_slid_m;         // since they were set as Watch says; none: not located now
};

struct MenuPlane {                              // the interface in the room, as XrCompositionLayerQuad wants it
  const gpu::UiDraw* draw = nullptr;            // valid until the next update
  bool changed = false;                         // since the last update: paint it anew
  glm::vec3 center{0.0f};
  glm::quat orientation{1.0f, 0.0f, 0.0f, 0.0f};  // faces +z
  glm::vec2 size_m{2.08f, 1.3f};
};

struct Haptic {
  double seconds = 0.0;
  double amplitude = 0.0;                       // 0..1
  double frequency_hz = 0.0;                    // 0: the device's own
};

struct Output {
  const gpu::Frame* frame = nullptr;            // valid until the next update; its eyes are those of the input
  std::optional<MenuPlane> menu;                // while one is shown
  std::array<std::optional<Haptic>, 2> haptics; // to be started now
  bool see_through = false;                     // the real hall is to be seen behind the frame, from this one on
  bool passthrough_soon = false;                // it may be wanted at once: cameras are to run
};

struct Telemetry {
  std::set<std::string> states_reached;         // names of the screens shown, and "hold", "ghost", "pause", "stop"
  std::string screen;                           // now
  base::FilmId film;                            // of the present play, else the last one
  base::PlayId play;
  std::uint32_t gates_passed = 0, holds = 0;
  std::uint64_t frames = 0;                     // updates so far
  std::uint64_t media_stalls = 0;               // frames in which a film's picture was not ready
  double update_ms_mean = 0.0, update_ms_worst = 0.0;  // of update() itself
  std::vector<base::Error> faults;              // films that cannot be shown, no sound device; each once
};

class App {
 public:
  // Opens fonts and shelf. Errors: "font-missing" (which package to install, where it was looked for),
  // "films-missing" (no such folder). A film that cannot be read is a fault in telemetry, not an error.
  static base::Result<std::unique_ptr<App>> create(AppSettings settings);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  Mailbox& mailbox();

  void attach(Surfaces& surfaces);              // outlives the attachment
  void detach();                                // nothing of the renderer is touched after this
  void recentred(HeadsetTime now);              // the runtime moved Stage
  void resumed(HeadsetTime now);                // the runtime was lost and has begun anew: Stage may be another one

  // Takes messages, feeds and steps the client, acts on the controllers, composes the frame. Without surfaces the
  // frame has neither models nor pictures.
  const Output& update(const Input& input);

  const client::Client& client() const;
  const Telemetry& telemetry() const;
  // What is wrong now with device, sound and films, as the hall is told.
  std::vector<protocol::HeadsetTrouble> troubles() const;
  std::vector<std::string> take_log();          // lines since the last call, oldest first; bounded

  // Where things are in the last menu drawn, in pixels of its draw, so that a driver can point at them:
  // "film:001100012026", "language:en", "star:4", "stop", "continue".
  struct Target { std::string name; glm::vec2 low, high; };
  const std::vector<Target>& menu_targets() const;
  // The hall's floor in Stage: what a driver of head and controllers needs. None: not calibrated.
  std::optional<tracking::Transform<tracking::Stage, tracking::Hall>> stage_from_hall() const;
  // The pair of floor marks that the next touch counts for, as in the venue file ("M1"), and how many of its two have
  // been touched. Empty: no venue is known yet.
  struct Marks { std::string pair; int touched = 0; };
  Marks marks() const;
  // What the runtime is to watch for the drift score: anchors to be set on the floor of the stage, anew whenever
  // `calibration` is another; printed tags of this size (0: of several sizes, or none known yet).
  struct Watch {
    std::uint32_t calibration = 0;
    std::vector<tracking::Point<tracking::Stage>> anchors;
    bool tags = false;
    double tag_size_m = 0.0;
  };
  Watch watch() const;

 private:
  struct State;
  explicit App(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace promenade::headset
