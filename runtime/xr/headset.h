#pragma once
// The headset as an OpenXR runtime shows it: from no runtime to frames that are shown, and back when it is lost.
// OpenXR's home is runtime/xr. One thread, the frame thread. Frame: the room's space (STAGE; without it LOCAL_FLOOR,
// or LOCAL with the floor taken to be 1.6 m below), metres. Headset time is CLOCK_MONOTONIC.
//
// No call fails towards the caller: a loss, from whichever call, makes `poll` answer Need::take_down. The order then:
// the renderer goes, `take_down`, the device goes, and `poll` begins anew when its time has come.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "runtime/gpu/device.h"
#include "runtime/gpu/picture.h"
#include "runtime/gpu/renderer.h"
#include "runtime/xr/pacing.h"
#include "runtime/xr/passthrough.h"
#include "tracking/base/clock.h"

namespace promenade::xr {

using base::HeadsetTime;

struct Settings {
  bool validation = false;         // OpenXR's core validation layer; its messages are counted and printed
  bool depth = true;               // hands the compositor the depth too, where it takes it
};

enum class Need {
  nothing,                         // no frame to be made now: call poll again in a while
  device,                          // a headset has been found: make a Device with `hooks`, then `start`
  frame,                           // the session runs: wait, look, begin, draw, end
  take_down,
};

enum class Missing { nothing, runtime, headset };

struct Located {
  glm::vec3 position{0.0f};
  glm::quat orientation{1.0f, 0.0f, 0.0f, 0.0f};
  bool valid = false;              // both position and orientation
  bool tracked = false;            // not inferred
};

struct HandState {
  Located aim, grip;
  bool trigger = false, select = false, menu = false;
};

struct Sight {                     // what is known when a frame is made
  Located head;                    // at `now`
  std::array<gpu::Eye, 2> eyes;    // at the frame's display time
  bool eyes_valid = false;         // else nothing is to be drawn in the room
  std::array<HandState, 2> hands;  // left, right; at the display time
  bool recentred = false;          // the room's space has moved since the last frame
};

struct TagSeen {                   // a printed AprilTag in the headset's cameras
  int id = 0;
  Located at;                      // its centre
};

struct Wait {
  HeadsetTime shown;               // predicted display time
  base::Duration period{0};
  bool should_render = false;
};

struct Vibration {
  double seconds = 0.0;            // 0: the shortest there is
  float amplitude = 0.0f;          // 0..1
  float frequency_hz = 0.0f;       // 0: the device's own
};

struct MenuLayer {                 // the quad layer; its picture is the one painted last
  glm::vec3 center{0.0f};
  glm::quat orientation{1.0f, 0.0f, 0.0f, 0.0f};
  glm::vec2 size_m{1.0f};
};

class Headset {
 public:
  explicit Headset(const Settings& settings);
  ~Headset();                      // after the renderer, before the device
  Headset(const Headset&) = delete;
  Headset& operator=(const Headset&) = delete;

  Need poll(HeadsetTime now);
  gpu::Hooks hooks();              // after Need::device, until take_down
  void start(gpu::Device& device, HeadsetTime now);  // outlives the session
  void lose(HeadsetTime now);      // the device was lost, or could not be made
  void take_down();
  // Asks the runtime to end the session in order. True: go on with poll and frames until `alive` is false.
  bool ask_to_leave(HeadsetTime now);
  bool alive() const;              // there is a session that has not been ended

  // A frame, in this order. `wait` empty: none this time.
  std::optional<Wait> wait(HeadsetTime now);
  Sight look(HeadsetTime now);
  bool begin(HeadsetTime now);
  std::optional<gpu::Target> acquire(HeadsetTime now);  // the room's image; empty: end without it
  // The menu's image; `must_paint` tells whether one is needed though nothing has changed.
  bool must_paint(std::uint32_t width, std::uint32_t height) const;
  std::optional<gpu::Target> acquire_menu(std::uint32_t width, std::uint32_t height, HeadsetTime now);
  // With the room's picture if one was acquired and `eyes` are those it was drawn with. `see_through`: its alpha,
  // premultiplied, says where the real hall is seen; without a way to show that, it is seen before black.
  void end(const std::array<gpu::Eye, 2>& eyes, bool drawn, bool see_through, const std::optional<MenuLayer>& menu, HeadsetTime now);

  // The way in which the real hall can be shown now; it may be lost, and come back, at any time.
  Passthrough passthrough() const;
  void warm_passthrough(bool wanted);               // its cameras run before they are needed; a call without change costs nothing

  // Where the runtime has spatial anchors: sets them at these places of the room, in place of those before. A new session
  // has none. `anchors_slid`: how far the room has slid along them since, once a second; empty in between, without
  // anchors and where none is located.
  void set_anchors(std::span<const glm::vec3> places, HeadsetTime now);
  std::optional<double> anchors_slid(HeadsetTime now);
  // Where the runtime finds printed tags: those that it has seen since the last call, up to some times a second.
  std::vector<TagSeen> tags_seen(bool wanted, double size_m, HeadsetTime now);

  void vibrate(std::size_t hand, const Vibration& vibration, HeadsetTime now);
  void prefer_rate(double film_fps, HeadsetTime now);   // 0: no film

  Missing missing() const;                          // what is waited for now
  bool focused() const;
  bool shows_menu() const;                          // layers enough for the menu's own
  std::optional<bool> worn() const;                 // empty: the runtime cannot tell
  const FrameCounts& counts() const;
  const std::set<std::string>& states_reached() const;  // "FOCUSED"...
  std::string runtime() const;                      // of the newest instance
  std::string api_version() const;
  std::string headset() const;
  std::uint64_t validation_messages() const;
  std::string last_validation_message() const;
  // Lines for the log since the last call: what is waited for and why, states, losses. Each is said once.
  std::vector<std::string> take_log();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace promenade::xr
