#pragma once
// One headset as the hall hears it: order of its bundles, poses, calibration and whether it is worn.
// A pure value fed with every HeadsetState; hall time; owned by the hall core.

#include <cstdint>
#include <optional>
#include <vector>

#include "showcontrol/hall/events.h"
#include "showcontrol/protocol/messages.h"
#include "tracking/calibration.h"
#include "tracking/pose_history.h"
#include "tracking/safety.h"

namespace promenade::hall {

using base::HallTime;

class Headset {
 public:
  static constexpr base::Duration kSampleFuture{100'000};   // a sample's time may lie so far ahead of now
  static constexpr base::Duration kSamplePast{3'000'000};   // older ones say nothing of use
  static constexpr double kTroublesTold = protocol::kTroublesMax;  // at once, and one a second: who says ever new ones is not listened to
  // Poses that nobody can have walked to are not taken; what comes of them, tracking/jump_limits.h says.

  explicit Headset(base::HeadsetId id) : id_(id) {}
  base::HeadsetId id() const { return id_; }

  void connected(PeerId peer);   // a new connection numbers its bundles anew
  void disconnected() { peer_ = PeerId{}; }
  PeerId peer() const { return peer_; }
  bool is_connected() const { return !peer_.is_none(); }

  // False: late, repeated or of another headset; nothing changes.
  bool take(const protocol::HeadsetState& state, HallTime now, const tracking::SafetyLimits& limits);
  bool heard_ever() const { return heard_ever_; }
  HallTime heard() const { return heard_; }              // arrival of the newest bundle
  const protocol::HeadsetState& newest() const { return newest_; }  // its samples are left out

  // Calibration is trusted from the revision that was wanted when the headset changed hands.
  void want_calibration();
  void want_revision(std::uint8_t revision) { wanted_ = revision; }  // as recorded by an earlier run
  std::uint8_t wanted_revision() const { return wanted_; }
  bool calibrated() const;                               // marks touched since, and within tolerance
  tracking::CalibrationState calibration() const;

  bool has_pose() const { return !poses_.empty(); }      // of trusted calibration
  const tracking::PoseHistory& poses() const { return poses_; }
  const tracking::PostureWatch& posture() const { return posture_; }
  int impossible_poses() const { return impossible_poses_; }      // of the newest bundle
  std::optional<double> jumped_m() const { return jumped_m_; }   // set: its place was given up with the newest bundle
  bool gave_place_up() const { return gave_place_up_; }          // by itself, with the newest bundle
  void forget_poses();
  void bound_height(double height_m) { bound_height_m_ = height_m; }  // of the viewer, as staff gave it; 0: as the headset learns it
  double tracking_lost_s(HallTime now) const;
  double unworn_s(HallTime now) const;                   // 0 while worn
  // With the newest bundle. A gesture is new when the bundle before said nothing of it, or when the headset, which drops
  // an old one as soon as it hears that its viewer may go on, has heard that: bundles between may have been lost.
  bool panic_begun() const { return panic_begun_ || (newest_.panic && may_go_on_from_ && newest_.last_state_sequence >= *may_go_on_from_); }
  void ordered(bool stop) {                              // before each bundle is judged: what the frames to come tell him
    if (stop) may_go_on_from_.reset();
    else if (!may_go_on_from_) may_go_on_from_ = sent_ + 1;
  }
  const std::vector<protocol::HeadsetTrouble>& new_troubles() const { return new_troubles_; }  // with the newest bundle, as far as kTroublesTold
  std::uint8_t frame_rate() const { return frame_rate_; }        // of the last second; 0: not known
  std::uint16_t late_permille() const { return late_permille_; }  // of its pictures

  // Downlink.
  std::uint32_t next_sequence() { return ++sent_; }
  HallTime next_down{};

 private:
  void take_troubles(const std::vector<protocol::HeadsetTrouble>& troubles, HallTime now);
  void take_timing(const protocol::FrameTiming& timing, HallTime now);
  bool take_jump(const protocol::PoseSample& sample, HallTime now);
  void take_samples(const protocol::HeadsetState& state, HallTime now, const tracking::SafetyLimits& limits);

  base::HeadsetId id_;
  PeerId peer_;
  bool fresh_ = true;          // no bundle since the connection
  bool heard_ever_ = false;
  HallTime heard_{};
  protocol::HeadsetState newest_;
  std::uint8_t wanted_ = 0;
  tracking::PoseHistory poses_;
  tracking::PostureWatch posture_;
  double bound_height_m_ = 0.0;
  std::optional<HallTime> lost_since_;
  std::optional<HallTime> unworn_since_;
  bool panic_begun_ = false;
  std::optional<std::uint32_t> may_go_on_from_;  // frames from this one on tell less than stop
  std::vector<protocol::HeadsetTrouble> told_troubles_, new_troubles_;  // the first: of what it says now, what has been new once
  double may_tell_ = kTroublesTold;
  HallTime troubles_at_{};
  int jumps_ = 0, jumps_lately_ = 0, impossible_poses_ = 0;
  HallTime jumps_since_{};
  std::optional<double> jumped_m_;
  bool gave_place_up_ = false;
  std::uint8_t revision_ = 0;  // that the poses were made with
  std::uint32_t sent_ = 0;
  std::optional<HallTime> timing_since_;
  protocol::FrameTiming timing_from_;
  std::uint8_t frame_rate_ = 0;
  std::uint16_t late_permille_ = 0;
};

}  // namespace promenade::hall
