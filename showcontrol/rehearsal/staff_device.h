#pragma once
// What an attendant carries: a connection to the hall as staff, with commands that are repeated until answered, the
// hall's cards as last heard, and a tag that tells where he is (sigma 0.3 m, 10 Hz). One thread; rehearsal seconds.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "showcontrol/rehearsal/ports.h"
#include "showcontrol/rehearsal/walker.h"

namespace promenade::rehearsal {

class StaffDevice final : public Endpoint {
 public:
  StaffDevice(std::string name, std::string key, std::uint16_t tag, base::Random random);

  using Reply = std::function<void(const protocol::StaffReply&)>;
  void command(protocol::StaffAction action, double now_s, Reply reply = {});
  // `at`: where its bearer truly is; none: he has no tag.
  void step(double now_s, std::optional<HallPoint> at);

  bool welcome() const { return welcome_; }
  const protocol::HeadsetCard* card(base::HeadsetId headset) const;     // nullptr: never heard
  const std::map<base::BodyId, protocol::BodyCard>& bodies() const { return bodies_; }  // heard in the last 2 s
  const protocol::HallSummary& summary() const { return summary_; }
  std::optional<base::HallTime> hall_time(double now_s) const;           // as far as the summaries tell

  std::string name() const override { return name_; }
  bool wants_link() const override { return true; }
  void link_up(double now_s) override;
  void link_down(double now_s) override;
  void receive(const protocol::Message& message, double now_s) override;
  std::vector<protocol::Message> take_outgoing() override;

 private:
  struct Open {
    protocol::StaffAction action;
    Reply reply;
    double again_s = 0.0;
  };
  struct HeardBody { double at_s = 0.0; };

  std::string name_, key_;
  std::uint16_t tag_;
  base::Random random_;
  bool linked_ = false, welcome_ = false;
  std::uint32_t next_request_ = 1;
  std::map<std::uint32_t, Open> open_;
  std::map<base::HeadsetId, protocol::HeadsetCard> cards_;
  std::map<base::BodyId, protocol::BodyCard> bodies_;
  std::map<base::BodyId, HeardBody> heard_;
  protocol::HallSummary summary_;
  std::optional<double> hall_ahead_s_;       // hall time less rehearsal time, of the quickest summary of the epoch
  double next_tag_s_ = 0.0;
  std::vector<protocol::Message> out_;
};

}  // namespace promenade::rehearsal
