#pragma once
// Unplanned meetings, drawn at random, in which safety must act: without it the two would be in contact. One of them is not
// where the plan has him: he strays, has set off past his gate, or walks at another place than the plan says. Speeds,
// directions and reactions are the walker model's. Pure and seeded; an open floor; metres and seconds.

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "tests/bench/safety_hall.h"

namespace promenade::bench::safety {

// Who takes part: two who obey every command; one, or both, who obey none; one who runs; a child astray, with the model's
// chances of obeying; one whose tracking is lost before they meet, who obeys.
enum class Meeting : std::uint8_t { obeying, one_ignores, both_ignore, runner, child, tracking_lost };
inline constexpr std::size_t kMeetings = 6;
std::string_view to_string(Meeting meeting);

struct MeetingFigures {
  std::size_t count = 0, contacts = 0, near_misses = 0, unwarned = 0;
  std::vector<float> leads_s;   // from the first warning of either to the closest approach that would have been
  void add(const MeetingFigures& other);
};

// The meeting of a number: the same whatever else is run.
void run_meeting(const Setting& setting, Meeting meeting, std::uint64_t seed, std::uint64_t number, MeetingFigures& figures);

}  // namespace promenade::bench::safety
