#pragma once
// What the person at the console has chosen, and the frame in which a screen is drawn: snapshot in, wishes out.
// One thread, that of the ImGui context.

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "showcontrol/console/judge.h"
#include "showcontrol/console/layout.h"
#include "showcontrol/console/strings.h"
#include "showcontrol/console/theme.h"

namespace promenade::console {

enum class Tab : std::uint8_t { headsets, queue, day, evacuation };  // the last: the roll, and afterwards what becomes of films
enum class Placing : std::uint8_t { nothing, attendant, somebody };

struct UiState {
  Language language = Language::zh;
  Tab tab = Tab::headsets;
  HeadsetId chosen;                 // none: the list
  BodyId chosen_body;               // a body without a headset; at most one of the two is chosen
  Placing placing = Placing::nothing;
  bool swapping = false;            // the free headsets are shown
  std::array<char, 513> ticket{};   // as scanned or typed, for the chosen headset
  bool child = false;               // of the ticket to be bound: the answer to "under 14?"
  int age_years = 0;                // of a child; 0: not asked
  int height_cm = 0;                // of whoever it is bound to; 0: not asked
  int party = 0;                    // 0: alone
  int class_people = 0;             // of the party; 0: not said. It stays for the next of them
  bool evacuated = false;           // the hall was, in the last frame
  bool reveal = false;              // the roll scrolls to whom the plan has chosen
  protocol::Settlement confirming = protocol::Settlement::open;  // for all at once, waiting for its second answer
  double ahead_s = 0.0;             // the plan shows the forecast for so long from now; 0: it is live
  double ahead_touched_s = 0.0;     // console second of the last touch of the slider
  std::uint32_t ahead_alarm = 0;    // newest alarm then
  std::optional<double> closing_s;  // console second of the closing time on the stepper, not yet set
  std::string pressed;              // name of what the finger came down on, and where it was then: a press counts by that place,
  ImVec2 pressed_low, pressed_high; // though a banner or a row that changes its rank may move what is under the finger
  std::string held;                 // name of the button under a long press
  double held_since_s = 0.0;
  bool held_done = false;           // it has acted; the finger is still down

  void choose(HeadsetId id) { chosen = id, chosen_body = {}, swapping = child = false, age_years = height_cm = party = 0, ticket[0] = '\0'; }
  void choose(BodyId id) { choose(HeadsetId{}), chosen_body = id; }
};

// What the current ImGui window draws on.
inline ImDrawList& canvas() { return *ImGui::GetWindowDrawList(); }

struct Wish {  // of the person, for the model
  protocol::StaffAction action;
};

struct Frame {
  const Snapshot& snapshot;
  UiState& ui;
  const Fonts& fonts;
  const Strings& words;
  Layout& layout;
  std::vector<Wish>& wishes;
  std::function<std::uint16_t()> next_body_number;
  std::string clock;                // of the wall, "14:02"
  std::function<std::string(double)> wall_clock;  // of a console second, "14:02:31"
  std::string address;              // of the hall

  void wish(protocol::StaffAction action) { wishes.push_back({std::move(action)}); }
  double now_s() const { return snapshot.now_s; }
  // 0..1 and back, once each `period_s`.
  double pulse(double period_s) const;
};

std::string film_title(const Frame& frame, const FilmId& film);
ImU32 film_colour(const Frame& frame, const FilmId& film);
std::string minutes(double seconds);             // "4:07", "1:02:10"
// When that is on the console's clock; none: there is no such time, or the hall's clock is not known yet.
std::optional<double> console_second(const Frame& frame, const std::optional<protocol::HallTime>& time);
std::string where_in_film(const Frame& frame, const protocol::HeadsetCard& card);  // scene, way in, starts in …
// "child, 9"; empty for who does not count as one.
std::string child_text(const Frame& frame, const protocol::HeadsetCard& card);
std::string name_of(const Frame& frame, const protocol::BodyCard& body);         // "Attendant 2", "Parent with headset 5"
// Where somebody is for a person who goes there: chair, kitting area, or the nearer door and how far it is.
std::string whereabouts(const Frame& frame, HallPoint at);
std::string settlement_text(const Frame& frame, protocol::Settlement settlement);
std::string reason_text(const Frame& frame, const Judged& judged);
std::string alarm_text(const Frame& frame, const protocol::StaffAlarm& alarm);
std::string alarm_advice(const Frame& frame, const protocol::StaffAlarm& alarm);
std::string refusal_text(const Frame& frame, const Request& request);
// What has become of the newest request that `wanted` accepts; nullptr: nothing asked of late.
const Request* newest_request(const Snapshot& snapshot, const std::function<bool(const protocol::StaffAction&)>& wanted);

}  // namespace promenade::console
