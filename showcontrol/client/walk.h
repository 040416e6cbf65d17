#pragma once
// The film clock of one play: blocks, gates and scene time, as messages.h defines them. Pure; frame hall floor,
// metres. It never enters block g unless the caller says that gate g is open, and it never leaves a block otherwise.
//
// The first gates let the viewer in, from stop to stop, and scene 0 begins when he has arrived and the countdown is
// over. A scene is ready when its length has been played and goes on looping until the next gate is passed. On a leg
// the film leads; arrival begins the next scene. The last gates lead out. On ways in and out the path that is shown
// reaches as far as gates are open. A pause freezes the film, not the viewer. An order whose stops or resume point fit
// neither its ways nor the film, or that numbers the blocks of a play under way anew, is not walked.

#include <cstdint>
#include <optional>
#include <vector>

#include "showcontrol/client/client.h"
#include "showcontrol/protocol/messages.h"
#include "tracking/prediction.h"

namespace promenade::client {

using tracking::kArrivalRadius_m;
inline constexpr double kPassRadius_m = 1.0;       // off the way, of a stop that is passed rather than reached
inline constexpr double kExitRadius_m = 1.0;       // of the end of the way out

class Walk {
 public:
  // The order of the newest frame. Another play than before is taken up where the order says that it stands.
  // `ways` are HallState's: of a film with choices they say which scenes he sees. `own_place`, too: of who walks in a group.
  void follow(const protocol::PlayOrder& order, const std::vector<protocol::WayOrder>& ways, const FilmShelf& shelf,
              const std::optional<protocol::OwnPlace>& own_place = std::nullopt);
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
  bool film_known() const { return known_; }                // it is on the shelf, as planned, and the order fits it
  bool seated() const { return seated_; }
  const protocol::PlayOrder& order() const { return order_; }  // meaningful when ordered()
  std::size_t first_scene() const { return own_place_.enter_scene; }  // of the film, that the way in leads to
  std::uint8_t block() const { return block_; }
  protocol::BlockStage stage() const { return stage_; }
  // Which part of the play the present block is: led in (scene 0 not yet entered), the film, led out.
  bool on_way_in() const { return block_ < way_in_stops() || (block_ == way_in_stops() && stage_ < protocol::BlockStage::in_scene); }
  bool on_way_out() const { return block_ >= way_in_stops() + places_.size(); }
  base::Duration scene_time() const { return scene_time_; }
  base::Duration leg_time() const { return leg_time_; }     // film time since the gate of this leg was passed
  bool ready() const { return known_ && stage_ == protocol::BlockStage::in_scene && scene_time_ >= dwell(); }
  bool film_shows() const;                                  // in a scene, or on a leg between scenes
  protocol::Progress progress() const;

  // What he may choose now: in the last seconds of a scene that several may follow, until its gate is passed.
  struct Choice {
    std::size_t number = 0;           // of those that he meets in the film
    std::vector<std::uint8_t> ways;   // on offer, the first is where he goes otherwise
    std::optional<std::uint8_t> chosen;
    base::Duration left{0};           // to choose in
  };
  std::optional<Choice> choice() const;
  bool choose(std::uint8_t way);      // false: that is not on offer now
  const std::vector<std::uint8_t>& chosen() const { return chosen_; }
  const std::vector<protocol::WayOrder>& ways() const { return ways_; }
  std::optional<std::uint32_t> film_scene() const;  // the film's number of the scene that he is in, or goes to
  const package::Route* route() const { return route_; }

  // Geometry of where the viewer is led now. `path` is empty where nobody walks.
  const std::vector<protocol::HallPoint>& path() const { return path_; }
  std::optional<protocol::HallPoint> target() const;
  double target_radius_m() const;
  // Off the path from the present block on, and off the areas of the scene or stop at either end of the block; 0
  // without any. What lies behind is no longer his.
  double stray_m(protocol::HallPoint head) const;
  // The same now, or shortly as he goes, whichever is more (tracking::off_plan_look_s).
  double off_plan_m(protocol::HallPoint head, tracking::HallVec velocity) const;
  // Where the play has the viewer `seconds` from now (>= 0), if he is at `head`: he goes to the end of the path.
  protocol::HallPoint planned(protocol::HallPoint head, double seconds) const;
  // Rises whenever path, target or order may have changed.
  std::uint32_t changes() const { return changes_; }

 private:
  std::size_t way_in_stops() const { return order_.way_in_stops.size(); }
  std::size_t blocks() const { return way_in_stops() + places_.size() + 1 + order_.way_out_stops.size(); }
  std::optional<std::size_t> scene() const;                 // of the present block; none on a piece of a way
  base::Duration dwell() const { return scene() ? dwells_[*scene()] : base::Duration{0}; }
  double radius_m(std::size_t scene) const;
  bool arrived(protocol::HallPoint head) const;
  bool at_stop(protocol::HallPoint head) const;
  bool order_fits() const;
  std::optional<protocol::HallPoint> stop_before() const;   // where the present block begins, when that is a stop
  std::size_t way_begin(std::size_t block) const;           // index of the way's point at which a block of it begins
  std::vector<protocol::HallPoint> way_up_to(std::size_t block) const;  // from the way's beginning
  void lay(const package::Manifest& film);
  bool goes_on_as_before(const std::vector<std::uint32_t>& before) const;
  void begin();
  void show_way(int open_gate);
  void enter(std::size_t block);
  bool advance(const Moment& moment);
  void set_path();

  bool ordered_ = false;
  bool known_ = false;
  bool seated_ = false;
  protocol::PlayOrder order_;
  protocol::OwnPlace own_place_;
  std::vector<protocol::HallPoint> places_;
  std::vector<double> radii_m_;
  std::vector<base::Duration> dwells_;
  std::vector<std::uint32_t> scenes_;                       // the film's numbers of the places
  std::vector<protocol::WayOrder> ways_;
  std::vector<std::uint8_t> chosen_;
  const package::Route* route_ = nullptr;                   // of the shelf's film
  double speed_mps_ = 0.7;
  std::uint8_t block_ = 0;
  std::uint8_t shown_to_ = 0;                               // the last block of a way that the path shows
  std::size_t in_stops_begun_ = 0, out_stops_begun_ = 0;    // of the order when the first gate was passed
  protocol::BlockStage stage_ = protocol::BlockStage::before;
  base::Duration scene_time_{0};
  base::Duration leg_time_{0};
  std::vector<protocol::HallPoint> path_;
  std::vector<protocol::HallPoint> ahead_;                  // the path from the present block on; at a stop, from there
  std::uint32_t changes_ = 0;
};

}  // namespace promenade::client
