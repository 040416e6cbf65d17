#pragma once
// A hall of viewers under way, in one process under virtual time, with all that a datagram passes on its way: the hall's core, the
// shipped listener with ENet and the secure link, a bad network, and for each viewer the shipped connection and client. Pure;
// one thread; seconds.

#include <deque>
#include <memory>
#include <vector>

#include "showcontrol/rehearsal/datagram_network.h"
#include "showcontrol/server/inline_hall.h"
#include "tests/bench/loss_viewer.h"

namespace promenade::bench {

// What link-loss measures in: 2 to 20 ms of delay, some datagrams doubled, some out of order, no outage.
inline rehearsal::NetworkHabits bad_network(double loss) {
  rehearsal::NetworkHabits habits;
  habits.loss = loss;
  habits.delay_min_s = 0.002;
  habits.delay_max_s = 0.020;
  habits.duplication = 0.01;
  habits.reordering = 0.02;
  habits.outage_every_s = 0.0;
  return habits;
}

class LossHall {
 public:
  LossHall(int viewers, const rehearsal::NetworkHabits& network, std::uint64_t seed);

  void run(double seconds);
  // False: not within the limit. `done` is asked every millisecond.
  bool run_until(const std::function<bool()>& done, double limit_s);
  bool all_ready(double limit_s);                    // everybody under way, with his place known
  void kill();                                       // the hall's program, without a word
  void start();                                      // and another one on what it has kept

  double now_s() const { return now_s_; }
  std::vector<std::unique_ptr<LossViewer>>& viewers() { return viewers_; }
  rehearsal::DatagramNetwork& network() { return *network_; }
  const hall::Hall& hall() const { return hall_->core(); }
  const StandingCrowd& crowd() const { return crowd_; }
  // The newest bundle of each, as the hall got it.
  const std::vector<protocol::HeadsetState>& bundles() const { return bundles_; }
  // What the hall's core does with `seconds` of everybody's bundles, 30 a second and headset, and with its frames: seconds of
  // this thread's processor, without network, codec and clients. Of the last that is done with a hall: links are left behind.
  double evaluate(double seconds);
  Ages frame_ages() const;
  Ages pose_ages() const;
  std::uint32_t losses() const;

 private:
  struct Heard {
    base::HallTime at, pose;
  };
  std::optional<base::HallTime> pose_time(protocol::BodyId body, base::HallTime frame) const;
  void step();

  StandingCrowd crowd_;
  std::shared_ptr<const client::FilmShelf> shelf_;
  std::shared_ptr<const std::vector<hall::Film>> films_;
  server::HallMemory memory_;
  std::vector<std::unique_ptr<LossViewer>> viewers_;
  std::vector<std::deque<Heard>> heard_;             // by headset less one: bundles as the hall got them,
  std::vector<protocol::HeadsetState> bundles_;      // and the newest of each whole
  std::unique_ptr<rehearsal::DatagramNetwork> network_;
  std::unique_ptr<server::InlineHall> hall_;
  double now_s_ = 0.0;
};

}  // namespace promenade::bench
