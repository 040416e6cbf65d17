#pragma once
// What a headset shows now, as plain values: the headset program draws it, simulated viewers obey it.
// Frame: hall. Units: metres, radians, seconds; opacities 0..1.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "showcontrol/protocol/messages.h"

namespace promenade::client {

enum class Screen : std::uint8_t {
  shelf,        // nobody bound: logo, headset number
  wait_staff,   // being fitted; touch the marks
  menu,         // choose a film
  wait_start,   // told wait, countdown to the start
  guide_in,     // path to the first mark
  film,         // in a scene
  leg,          // the film leads to the next scene
  guide_out,    // path to the exit
  rate,         // rate the film; hand back the headset
  stand_still,  // place or hall not known: level room, "stand still"
  evacuate,     // lift off your headset / passthrough; way out
};

struct Ghost {  // another person
  protocol::BodyId body;
  protocol::Relation relation = protocol::Relation::stranger;
  protocol::HallPoint position;
  double radius_m = 0.0;   // grown with age
  double opacity = 0.0;    // ghost figure
  double ring = 0.0;       // faint ring on the floor
};

// Where the story divides, and which ways can be taken.
struct Choice {
  struct Way {
    std::uint8_t number = 0;                           // for Client::choose_way
    std::string text;                                  // in the play's language
  };
  std::vector<Way> ways;                               // the first is taken where nobody chooses
  std::optional<std::uint8_t> chosen;                  // a number; may be changed until the hall has it
  double left_s = 0.0;
};

struct View {
  Screen screen = Screen::stand_still;
  tracking::Level level = tracking::Level::clear;      // the worse of own evaluation and the hall's order
  tracking::Cause cause = tracking::Cause::none;
  bool word_stop = false;                              // "stop", in picture, sound and vibration
  bool stand_still = false;                            // place or hall not known
  double boundary_grid = 0.0;
  double dim = 0.0;                                    // of the film
  std::optional<double> arrow_rad;                     // hall yaw to move away to
  std::optional<double> danger_rad;                    // hall yaw towards what causes `level`, where that is known
  std::vector<Ghost> ghosts;

  // film
  std::optional<protocol::PlayOrder> play;
  std::uint8_t block = 0;
  std::uint8_t first_scene = 0;                        // of the film, that block `way_in_stops` is: not 0 for who joins a group late
  double scene_time_s = 0.0;                           // film time in this block's scene, loops included; on a leg
                                                       // (screen `leg`): film time since its gate, from scene block - 1
  bool film_running = false;
  bool holding = false;                                // scene loops, or the viewer waits at a stop: gate shut
  std::optional<double> countdown_s;                   // to the start
  std::optional<double> told_wait_s;

  std::vector<protocol::WayOrder> ways;                // of `play`, as ordered
  std::optional<Choice> choice;                        // to be made now

  std::vector<protocol::HallPoint> path;               // to draw on the floor: way in or out as far as gates are open, leg
  std::optional<protocol::HallPoint> target;           // where to go or stay
  double target_radius_m = 0.0;

  std::vector<protocol::MenuEntry> menu;
  std::optional<protocol::Refusal> refusal;            // newest; cleared by a later choice
  protocol::HallPoint way_out_door;
  protocol::DoorName way_out_name = protocol::DoorName::exit;
  std::vector<protocol::HallPoint> way_out;            // in an evacuation: from about where he is to the door; empty: not told
};

}  // namespace promenade::client
