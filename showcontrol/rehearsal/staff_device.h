#pragma once
// A tablet of the attendants: a connection to the hall as staff, with commands that are repeated until answered, the
// hall's cards as last heard, and the tags of those who share it (sigma 0.3 m, 10 Hz). One thread; rehearsal seconds.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "showcontrol/rehearsal/ports.h"
#include "showcontrol/rehearsal/walker.h"
#include "tracking/base/random.h"

namespace promenade::rehearsal {

class StaffDevice final : public Endpoint {
 public:
  StaffDevice(std::string name, std::string key, base::Random random);

  using Reply = std::function<void(const protocol::StaffReply&)>;
  void command(protocol::StaffAction action, double now_s, Reply reply = {});
  void report_tag(std::uint16_t tag, HallPoint truly_at, double now_s);  // at every step; sent when due
  void step(double now_s);                                               // repeats what was not answered

  const protocol::HeadsetCard* card(base::HeadsetId headset) const;      // nullptr: never heard
  const std::map<base::BodyId, protocol::BodyCard>& bodies() const { return bodies_; }  // heard lately
  const std::map<std::uint32_t, protocol::StaffAlarm>& alarms() const { return alarms_; }  // that nobody has taken yet
  const protocol::HallSummary& summary() const { return summary_; }
  std::optional<base::HallTime> hall_time(double now_s) const;           // as far as the summaries tell
  bool hears_hall(double now_s) const { return welcome_ && now_s - heard_s_ < 3.0; }

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

  std::string name_, key_;
  base::Random random_;
  bool welcome_ = false;
  double heard_s_ = -100.0;
  std::uint32_t next_request_ = 1;
  std::map<std::uint32_t, Open> open_;
  std::map<base::HeadsetId, protocol::HeadsetCard> cards_;
  std::map<base::BodyId, protocol::BodyCard> bodies_;
  std::map<std::uint32_t, protocol::StaffAlarm> alarms_;
  protocol::HallSummary summary_;
  std::optional<double> hall_ahead_s_;       // hall time less rehearsal time, of the quickest summary of the epoch
  std::map<std::uint16_t, double> next_tag_s_;
  std::vector<protocol::Message> out_;
};

}  // namespace promenade::rehearsal
