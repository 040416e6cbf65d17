#pragma once
// The film clock of one play: blocks, gates and scene time, as messages.h defines them. Pure; frame hall floor,
// metres. It never enters block g unless the caller says that gate g is open, and it never leaves a block otherwise.
//
// Block 0: gate 0 opens, the viewer walks in, and scene 0 begins when he has arrived and the countdown is over.
// A scene is ready when its length has been played and goes on looping until the next gate is passed. On a leg the
// film leads; arrival begins the next scene. The last gate leads out. A pause freezes the film, not the viewer.

#include <cstdint>
#include <optional>
#include <vector>

#include "showcontrol/client/client.h"
#include "showcontrol/protocol/messages.h"

namespace promenade::client {

inline constexpr double kArrivalRadius_m = 0.45;   // of a scene's place, where its free area is smaller
inline constexpr double kExitRadius_m = 1.0;       // of the end of the way out

class Walk {
 public:
  // The order of the newest frame. Another play than before is taken up where the order says that it stands.
  void follow(const protocol::PlayOrder& order, const FilmShelf& shelf);
  void suspend() { ordered_ = false; }  // the newest frame has no play; what has been walked is remembered
  void forget();                        // the visit is over

  struct Moment {
    base::Duration since{0};                    // the last step
    std::optional<base::HallTime> hall;         // none: hall time not known
    std::optional<protocol::HallPoint> head;    // none: place not known
    bool frozen = false;                        // film paused
    int open_gate = -1;                         // the last gate that may be passed now
  };
  void step(const Moment& moment);

  bool ordered() const { return ordered_; }                 // the hall has this headset in a play
  bool film_known() const { return known_; }                // it is on the shelf, as planned
  bool seated() const { return seated_; }
  const protocol::PlayOrder& order() const { return order_; }  // meaningful when ordered()
  std::uint8_t block() const { return block_; }
  protocol::BlockStage stage() const { return stage_; }
  std::uint8_t scenes() const { return static_cast<std::uint8_t>(places_.size()); }  // n; block n is the way out
  base::Duration scene_time() const { return scene_time_; }
  base::Duration leg_time() const { return leg_time_; }     // film time since the gate of this leg was passed
  bool ready() const { return known_ && stage_ == protocol::BlockStage::in_scene && scene_time_ >= dwell(); }
  bool film_shows() const;                                  // in a scene, or on a leg between scenes
  protocol::Progress progress() const;

  // Geometry of where the viewer is led now. `path` is empty where nobody walks.
  const std::vector<protocol::HallPoint>& path() const { return path_; }
  std::optional<protocol::HallPoint> target() const;
  double target_radius_m() const;
  double stray_m(protocol::HallPoint head) const;           // from the path or the scene's area; 0 without either
  // Where the film has the viewer `seconds` from now, if he is at `head`: gates ahead count as closed.
  protocol::HallPoint planned(protocol::HallPoint head, double seconds) const;
  // Rises whenever path, target or order may have changed.
  std::uint32_t changes() const { return changes_; }

 private:
  base::Duration dwell() const { return dwells_[block_]; }
  double radius_m(std::size_t scene) const;
  void lay(const package::Manifest& film);
  void enter(std::uint8_t block);
  bool advance(const Moment& moment);
  void set_path();

  bool ordered_ = false;
  bool known_ = false;
  bool seated_ = false;
  protocol::PlayOrder order_;
  std::vector<protocol::HallPoint> places_;
  std::vector<double> radii_m_;
  std::vector<base::Duration> dwells_;
  double speed_mps_ = 0.7;
  std::uint8_t block_ = 0;
  protocol::BlockStage stage_ = protocol::BlockStage::before;
  base::Duration scene_time_{0};
  base::Duration leg_time_{0};
  std::vector<protocol::HallPoint> path_;
  std::uint32_t changes_ = 0;
};

}  // namespace promenade::client
