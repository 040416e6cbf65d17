#pragma once
// A simulated headset: the shipped client behind a clock of its own (any offset, up to 30 ppm fast or slow), a stage
// frame of its own, and tracking that errs. One thread; times in seconds of the rehearsal's clock, not going back.

#include <memory>
#include <string>
#include <vector>

#include "showcontrol/client/client.h"
#include "showcontrol/rehearsal/device.h"
#include "showcontrol/rehearsal/ports.h"
#include "showcontrol/rehearsal/tracking_error.h"

namespace promenade::rehearsal {

struct HeadsetHabits {
  TrackingHabits tracking;
  double clock_offset_max_s = 1.0e5;
  double clock_skew_max = 30e-6;
  double mark_error_m = 0.005;          // of laying the controller on a mark, 1 sigma per axis
};

class SimulatedHeadset final : public HeadsetDevice, public Endpoint {
 public:
  SimulatedHeadset(base::HeadsetId id, std::shared_ptr<const client::FilmShelf> films, const HeadsetHabits& habits, base::Random random);

  // Feeds one pose and steps the client. A dead headset does nothing.
  void step(double now_s, const HeadPlace& place) override;
  void touch_mark(const std::string& mark, HallPoint at, double along_rad, double now_s) override;
  void choose(const base::FilmId& film, const std::string& language, double now_s) override;
  void choose_way(std::uint8_t way, double now_s) override;
  void rate(std::uint8_t stars, double now_s) override;
  void kill() { dead_ = true; }

  base::HeadsetId id() const override { return id_; }
  const client::View& view() const override { return client_->view(); }
  const client::Client& client() const { return *client_; }
  bool linked() const override { return linked_; }
  bool dead() const override { return dead_; }
  const AuthorityWatch* authority() const override { return &watch_; }

  std::string name() const override;
  bool wants_link() const override { return !dead_; }
  void link_up(double now_s) override;
  void link_down(double now_s) override;
  void receive(const protocol::Message& message, double now_s) override;
  std::vector<protocol::Message> take_outgoing() override;

 private:
  base::HeadsetTime own_time(double now_s) const;

  base::HeadsetId id_;
  HeadsetHabits habits_;
  base::Random random_;
  double clock_offset_s_ = 0.0, clock_rate_ = 1.0;
  tracking::Transform<tracking::Stage, tracking::Hall> stage_from_hall_;
  TrackingError error_;
  TrackingReading reading_;
  tracking::Pose<tracking::Stage> last_pose_;
  std::unique_ptr<client::Client> client_;
  AuthorityWatch watch_;
  double now_s_ = 0.0, step_s_ = 0.1, worn_s_ = 0.0;
  bool linked_ = false, dead_ = false, worn_ = false;
};

}  // namespace promenade::rehearsal
