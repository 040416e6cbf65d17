#pragma once
// What comes over the links before the hall's core sees it: whose link it is, whether it can be read, whether its sender may say
// it, and whether it is too much. Pure; one thread.
//
// A device whose certificate is good may still be broken or in the wrong hands. What it sends and may not is dropped and counted;
// whoever goes on is cut off and kept out for a while, by the name in its certificate. Nobody else is concerned.

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "showcontrol/link/certificate.h"
#include "showcontrol/protocol/transport.h"

namespace promenade::server {

struct DoorCounts {
  std::uint64_t unreadable = 0;   // no message, or not by the way on which it came
  std::uint64_t impostors = 0;    // greeted as somebody else
  std::uint64_t too_many = 0;     // beyond what a device may send
  std::uint64_t cut_off = 0;      // links ended for any of it
  std::uint64_t kept_out = 0;     // links not opened after that, or not for headsets and staff
};

class Door {
 public:
  // A second, and as many at once. A headset sends 30 bundles, more where its level rises, and 50 clock requests while it joins; a
  // staff device speaks for many tags, and none of its commands is to be dropped.
  static constexpr double kHeadsetMessages = 200.0, kStaffMessages = 2000.0;
  static constexpr int kFaultsMost = 16;                   // within kFaultsWithin: unreadable ones, or hundreds of too many
  static constexpr base::Duration kFaultsWithin{10'000'000};
  static constexpr base::Duration kKeptOut{60'000'000};
  static constexpr int kTooManyAreAFault = 100;

  // False: its device is kept out, or has no business here; close it.
  bool opened(protocol::LinkId link, const link::Subject& who, base::HallTime now);
  void closed(protocol::LinkId link) { links_.erase(link); }
  const link::Subject* who(protocol::LinkId link) const;  // null: no link, or one that is closed

  enum class Verdict { take, drop, cut };
  // `message` is set where the verdict is `take`. After `cut`: close the link, and say so here.
  Verdict judge(const protocol::LinkDatagram& datagram, base::HallTime now, std::optional<protocol::Message>& message);

  // Its link was cut off below: what it sent was too much to be looked at.
  void cut_off(const link::Subject& who, base::HallTime now);

  const DoorCounts& counts() const { return counts_; }

 private:
  using Name = std::pair<link::Role, std::string>;
  struct Known {
    link::Subject who;
    double allowed = 0.0;  // messages, as of `at`
    base::HallTime at;
    int too_many = 0;
  };
  struct Record {  // of a device that has sent what it may not
    int faults = 0;
    base::HallTime since;
    std::optional<base::HallTime> out_until;
  };
  bool fault(const link::Subject& who, base::HallTime now);
  Verdict refuse(const Known& known, base::HallTime now);

  std::map<protocol::LinkId, Known> links_;
  std::map<Name, Record> records_;  // at most one for each device with a certificate
  DoorCounts counts_;
};

}  // namespace promenade::server
