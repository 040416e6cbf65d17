#pragma once
// A console's knowledge of one hall: takes the hall's messages, makes commands and keeps what was asked, answered and
// refused. Pure: time is an argument (seconds of the console's steady clock); no socket, no window. One thread.
//
// Commands are said only while the hall listens. One that gets no answer is repeated every 3 s while the link lasts; what
// was not answered when it broke is given up and shown as such, so that nothing happens minutes after the tap.

#include <string>
#include <vector>

#include "showcontrol/console/snapshot.h"

namespace promenade::console {

class ConsoleModel {
 public:
  static constexpr double kAgain_s = 3.0;
  static constexpr double kAnswerShown_s = 8.0;       // then a request is forgotten
  static constexpr double kRefusalShown_s = 15.0;
  static constexpr std::size_t kRequestsMax = 32;     // the oldest goes
  static constexpr std::size_t kAlarmsMax = 64;            // from here on taken ones make room
  static constexpr std::size_t kAlarmsWaitingMax = 4096;   // more than a hall can have: of what no hall would send
  static constexpr std::size_t kHeadsetsMax = 1024;   // further cards are not taken up
  static constexpr std::size_t kBodiesMax = 1024;
  static constexpr std::size_t kForecastsMax = 1024;
  static constexpr std::uint32_t kForgetRounds = 10;  // a body not on so many rounds of cards is gone

  ConsoleModel(std::string name, std::string key);    // at most 32 and 64 bytes

  void link_up(double now_s);                         // says who this is
  void link_down(double now_s, bool refused = false); // what was asked and not answered is given up
  void receive(const protocol::Message& message, double now_s);
  std::uint32_t ask(protocol::StaffAction action, double now_s);  // its request's number
  void step(double now_s);                            // repeats and forgets
  std::vector<protocol::Message> take_outgoing();

  const Snapshot& snapshot() const { return snapshot_; }
  // A free number for PlaceBody: numbers from 1, no body's of the hall and no tag's.
  std::uint16_t next_body_number() const;

 private:
  void welcome(const protocol::StaffWelcome& message, double now_s);
  void take(const protocol::HallSummary& summary, double now_s);
  void take(const protocol::HeadsetCard& card);
  void take(const protocol::BodyCard& card);
  void take(const protocol::PlayForecast& forecast);
  void take(const protocol::FilmCard& card);
  void take(const protocol::StaffAlarm& alarm);
  void take(const protocol::StaffReply& reply, double now_s);
  void forget_hall();

  std::string key_;
  Snapshot snapshot_;
  std::uint32_t next_request_ = 1;
  struct Repeat {
    std::uint32_t number = 0;
    double again_s = 0.0;
  };
  std::vector<Repeat> repeats_;
  std::vector<protocol::Message> out_;
};

}  // namespace promenade::console
