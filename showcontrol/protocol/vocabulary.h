#pragma once
// What the messages of hall, headsets and staff are made of: names of other modules, limits, and the enumerations that
// more than one message uses. Plain values; no I/O.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tracking/base/clock.h"
#include "tracking/base/id.h"
#include "tracking/frame.h"

namespace promenade::protocol {

using base::BodyId;
using base::Duration;
using base::EpochId;
using base::FilmId;
using base::HallTime;
using base::HeadsetId;
using base::HeadsetTime;
using base::PlayId;
using HallPoint = tracking::Point<tracking::Hall>;
using HallPose = tracking::Pose<tracking::Hall>;
using StagePose = tracking::Pose<tracking::Stage>;

inline constexpr std::uint8_t kProtocolVersion = 1;
inline constexpr std::size_t kDatagramMax = 1120;   // bytes of an unreliable message: one UDP datagram of 1,200 once encrypted
inline constexpr std::size_t kReliableMax = 16384;  // bytes of a reliable message
inline constexpr std::size_t kSamplesMax = 8;       // pose samples in one bundle
inline constexpr std::size_t kNeighboursMax = 32;
inline constexpr std::size_t kMenuMax = 16;
inline constexpr std::size_t kWaypointsMax = 16;    // points of a way in or out
inline constexpr std::size_t kStopsMax = 7;         // on a way in or out
inline constexpr std::size_t kTroublesMax = 8;      // that one headset tells of at a time
inline constexpr std::size_t kClassesMax = 4;       // that the summary tells of,
inline constexpr std::size_t kClassGroupsMax = 12;  // and groups of each
inline constexpr std::size_t kChoicesMax = 4;       // that one viewer meets in a film
inline constexpr std::size_t kWaysMax = 3;          // to choose between at one of them
inline constexpr std::size_t kPlannedPoints = 3;    // of a neighbour, at +3, +6, +10 s
inline constexpr std::size_t kForecastPointsMax = 128;  // of one play
inline constexpr std::size_t kForecastHeadsetsMax = 20; // that walk one play; as many as a film's group may have
inline constexpr Duration kForecastSpan{600'000'000};   // so far ahead a play is told
inline constexpr unsigned kChildAge_years = 14;     // younger, or smaller, is a child
inline constexpr double kChildHeight_m = 1.35;

// Where a visit stands. The hall owns it; the headset shows what fits it. "Held" and "paused" are seen beside it
// in HallState (hold, safety), "swapped" is a visit that has moved to another headset.
enum class Phase : std::uint8_t {
  idle = 0,     // ready on the shelf, nobody bound
  arrived,      // a person is bound to it, ticket not yet accepted
  redeemed,     // ticket accepted, headset being fitted
  fitted,       // worn, place in the hall not yet known
  calibrated,   // both marks touched and in tolerance
  choosing,     // in the film menu
  waiting,      // chosen; planned start not yet here
  guided,       // gate 0 open: on the way to the first mark
  playing,
  held,         // playing, kept at a gate in a looping scene
  finished,     // last scene done; waits for gate n
  guided_out,   // on the way out
  returned,     // headset handed back
  cleaning,
  swapped,      // out of use; its visit goes on in another headset
  out_of_order,
};

// How far a headset's hall time may be off, as it is shown to staff: where people begin together 2 ms are not seen, and
// beyond 10 ms pictures and sound of two headsets beside each other are.
enum class ClockGrade : std::uint8_t { good, amber, red, unknown };
inline constexpr std::uint32_t kClockUnknown_us = 65535, kClockAmber_us = 2'000, kClockRed_us = 10'000;
constexpr ClockGrade clock_grade(std::uint32_t error_us) {
  return error_us >= kClockUnknown_us ? ClockGrade::unknown : error_us > kClockRed_us ? ClockGrade::red : error_us > kClockAmber_us ? ClockGrade::amber : ClockGrade::good;
}

enum class TrackingQuality : std::uint8_t { good = 0, inferred = 1, lost = 2 };
// `unknown_body`, `lost`, `lost_of_group` and `placed_staff` are where staff or a headset last said; nobody sends their places now.
enum class Relation : std::uint8_t { stranger = 0, group = 1, pair = 2, staff = 3, unknown_body = 4, lost = 5, lost_of_group = 6, placed_staff = 7 };
enum class PlayRun : std::uint8_t { running = 0, paused = 1, ended = 2 };
enum class DoorName : std::uint8_t { entrance = 0, exit = 1 };
enum class BlockStage : std::uint8_t { before = 0, walking = 1, in_scene = 2, done = 3 };

std::string_view to_string(Phase phase);
std::string_view to_string(TrackingQuality quality);
std::string_view to_string(Relation relation);
std::string_view to_string(PlayRun run);
std::string_view to_string(DoorName door);
std::string_view to_string(BlockStage stage);

}  // namespace promenade::protocol
