#pragma once
// All that a console knows of one hall at one moment: plain values, made by ConsoleModel, read by everything that draws.
// Times ending in `_s` are seconds of the console's own steady clock; hall floor in metres.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "showcontrol/protocol/messages.h"
#include "tracking/venue.h"

namespace promenade::console {

using base::BodyId;
using base::FilmId;
using base::HallTime;
using base::HeadsetId;
using protocol::Phase;
using tracking::Cause;
using tracking::HallPoint;
using tracking::Level;

enum class Contact : std::uint8_t { never, welcome, lost };

struct Link {
  Contact contact = Contact::never;
  double since_s = 0.0;        // begin of this state
  bool refused = false;        // the hall is there, but does not take this console (its staff key)
  bool unreadable_venue = false;
};

struct Film {
  FilmId id;
  std::string title_zh;
  std::string title_en;
  bool seated = false;
  int scenes = 0;
  double length_s = 0.0;
};

// What this console has asked, until some seconds after its answer.
struct Request {
  enum class State : std::uint8_t { asked, accepted, refused };
  std::uint32_t number = 0;
  protocol::StaffAction action;
  double asked_s = 0.0;
  State state = State::asked;
  double answered_s = 0.0;
  std::string code;            // of a refusal; "not-connected" and "no-answer" are the console's own
  std::string text;
};

struct Snapshot {
  std::string name;                                  // this console's
  Link link;
  double now_s = 0.0;
  double heard_s = 0.0;                              // the last word of the hall
  std::shared_ptr<const tracking::Venue> venue;      // shared with older snapshots: large, read-only; null: not known
  bool summary_known = false;
  protocol::HallSummary summary;
  std::vector<protocol::HeadsetCard> headsets;       // by number
  std::vector<protocol::BodyCard> bodies;            // by number
  std::vector<protocol::PlayForecast> forecasts;     // by play, of late
  std::vector<Film> films;                           // by code; a film's place gives its colour
  std::vector<protocol::StaffAlarm> alarms;          // oldest first
  std::vector<Request> requests;                     // oldest first
  std::optional<double> hall_ahead_s;                // hall seconds less console seconds

  bool connected() const { return link.contact == Contact::welcome; }
  const protocol::HeadsetCard* headset(HeadsetId id) const;  // nullptr: never heard of
  const protocol::BodyCard* body(BodyId id) const;
  const Film* film(const FilmId& id) const;
  std::optional<std::size_t> film_place(const FilmId& id) const;
  double hall_age_s(HallTime at) const;              // since then; 0 where hall time is not known
};

}  // namespace promenade::console
