#pragma once
// What is wired to the hall's computer for an evacuation, as options say it, and what a row of readings of it means.
// Pure; time is an argument and must not go back. The readings themselves: contact_input.h.
//
// An input reads as "closed" (a current flows: 1) or "open" (0). Normally closed is the rule for a fire contact: then a
// broken wire and a lost supply read as fire. Normally open reads as fire when it is closed, and a broken wire is not seen.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "showcontrol/hall/events.h"
#include "tracking/base/result.h"

namespace promenade::server {

using SteadyTime = std::chrono::steady_clock::time_point;

inline constexpr std::chrono::milliseconds kContactEvery{20};    // between readings
inline constexpr int kContactAgree = 3;                          // so many equal readings in a row are believed
inline constexpr std::chrono::milliseconds kContactFault{1000};  // without anything to believe: a fault

struct ContactSpec {
  enum class Source { gpio, file };
  Source source = Source::file;
  std::string path;       // of the file whose first character is 0 or 1, or of the chip ("/dev/gpiochip0")
  unsigned line = 0;      // of the chip
  bool normally_open = false;
  friend bool operator==(const ContactSpec&, const ContactSpec&) = default;
};

// "gpio:CHIP:LINE[:normally-open]", where CHIP is a name in /dev or a path, or "file:PATH[:normally-open]".
// Code "contact-option".
base::Result<ContactSpec> contact_spec(std::string_view text);

class ContactDebouncer {
 public:
  ContactDebouncer(bool normally_open, SteadyTime start) : normally_open_(normally_open), believed_at_(start) {}
  // `closed`: this reading; none: it could not be read. What the input says now: `ready` until something is believed.
  hall::Contact read(std::optional<bool> closed, SteadyTime at);

 private:
  bool normally_open_;
  SteadyTime believed_at_;
  bool last_closed_ = false;  // where agree_ > 0
  int agree_ = 0;
  hall::Contact state_ = hall::Contact::ready;
};

}  // namespace promenade::server
