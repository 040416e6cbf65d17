#pragma once
// The headset program itself, worn by a simulated person: a driver moves its head and controllers, and tells what it
// shows. The driver listens on a Unix socket; both sides send lines of JSON, the newest counts:
//   to the driver    {"head": [x, y, z, qx, qy, qz, qw]}                       Stage, metres; 60 times a second
//                    {"touch": "M1.first", "at": [x, y, z], "turn": [x, y, z, w]}  lay the controller there and press menu
//                    {"choose": "001100012026", "language": "zh"}, {"rate": 4} point and pull the trigger
//   from the driver  {"linked": true, "view": {...}}                           view_json.h
// A driver that goes away is connected again every second; meanwhile the headset counts as not linked.
// Error: "driver-away" where nobody listens at the beginning.

#include <memory>
#include <string>

#include "showcontrol/rehearsal/device.h"
#include "tracking/base/result.h"
#include "tracking/frame.h"

namespace promenade::rehearsal {

class RealHeadset final : public HeadsetDevice {
 public:
  static base::Result<std::unique_ptr<RealHeadset>> open(base::HeadsetId id, std::string socket_path);
  ~RealHeadset() override;

  base::HeadsetId id() const override { return id_; }
  void step(double now_s, const HeadPlace& place) override;
  void touch_mark(const std::string& mark, HallPoint at, double along_rad, double now_s) override;
  void choose(const base::FilmId& film, const std::string& language, double now_s) override;
  void choose_way(std::uint8_t way, double now_s) override;
  void rate(std::uint8_t stars, double now_s) override;
  const client::View& view() const override { return view_; }
  bool linked() const override { return linked_; }
  bool dead() const override { return false; }
  const AuthorityWatch* authority() const override { return nullptr; }

 private:
  RealHeadset(base::HeadsetId id, std::string socket_path) : id_(id), path_(std::move(socket_path)) {}
  base::Result<void> connect();
  void close();
  void say(const std::string& line);
  void listen();

  base::HeadsetId id_;
  std::string path_;
  int socket_ = -1;
  std::string heard_, unsent_;
  tracking::Transform<tracking::Stage, tracking::Hall> stage_from_hall_{0.6, {1.5, -2.0}, 0.0, false};  // any would do
  client::View view_;
  bool linked_ = false;
  double next_pose_s_ = 0.0, again_s_ = 0.0;
};

}  // namespace promenade::rehearsal
