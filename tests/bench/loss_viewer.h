#pragma once
// A viewer of a standing crowd on virtual time: the shipped client behind a clock of its own, and what is known of the age of what
// it has heard. Pure; seconds of the rehearsal's clock.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "showcontrol/client/client.h"
#include "showcontrol/rehearsal/ports.h"
#include "tests/bench/ages.h"
#include "tests/bench/standing_crowd.h"

namespace promenade::bench {

class LossViewer final : public rehearsal::Endpoint {
 public:
  // When the pose was taken that the hall had of a body when it made a frame; nothing: it had none.
  using PoseTime = std::function<std::optional<base::HallTime>(protocol::BodyId body, base::HallTime frame)>;
  LossViewer(std::uint16_t number, tracking::HallPoint home, std::shared_ptr<const client::FilmShelf> shelf, base::Random random, PoseTime pose_time);

  void step(double now_s);  // takes a pose where one is due
  void measure(bool on) { measuring_ = on; }
  void forget_gap() { worst_gap_s_ = 0.0; }

  bool ready() const;                              // his place is known, and the hall tells him of others
  std::optional<double> joined_s() const { return joined_s_; }  // the first frame came
  std::optional<base::EpochId> epoch() const;      // of the newest frame
  const std::optional<protocol::HallState>& frame() const { return frame_; }  // the newest
  base::HeadsetTime own_time(double now_s) const { return base::headset_time(offset_s_ + now_s * rate_); }
  const Ages& frame_ages() const { return *frame_ages_; }   // at use, 45 times a second
  const Ages& pose_ages() const { return *pose_ages_; }     // of each neighbour
  double worst_gap_s() const { return worst_gap_s_; }       // between two frames' arrivals
  std::uint32_t losses() const { return losses_; }          // of the link
  std::uint32_t stale_pauses() const { return stale_pauses_; }
  std::uint32_t other_pauses() const { return other_pauses_; }
  double film_s() const { return client_.view().scene_time_s; }
  bool watches() const { return client_.view().screen == client::Screen::film; }

  std::string name() const override { return "headset-" + std::to_string(number_); }
  bool wants_link() const override { return true; }
  void link_up(double now_s) override;
  void link_down(double now_s) override;
  void receive(const protocol::Message& message, double now_s) override;
  std::vector<protocol::Message> take_outgoing() override { return client_.take_outgoing(); }

 private:
  void calibrate(double now_s);
  void look(double now_s);

  std::uint16_t number_;
  tracking::HallPoint home_;
  double offset_s_, rate_, next_step_s_;
  client::Client client_;
  PoseTime pose_time_;
  bool linked_ = false, touched_ = false, measuring_ = false;
  int swing_ = 1;
  tracking::Level level_ = tracking::Level::clear;
  std::optional<double> joined_s_;
  std::optional<protocol::HallState> frame_;                // the newest
  std::vector<base::HallTime> poses_;                       // of its neighbours
  std::unique_ptr<Ages> frame_ages_ = std::make_unique<Ages>(), pose_ages_ = std::make_unique<Ages>();
  double worst_gap_s_ = 0.0, arrived_s_ = 0.0;
  std::uint32_t losses_ = 0, stale_pauses_ = 0, other_pauses_ = 0;
};

}  // namespace promenade::bench
