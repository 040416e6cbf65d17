#pragma once
// Finds contacts and near misses as episodes: entry below a threshold, ended 0.2 m above it, with the smallest
// gap, its place and the two tracks of the last ten seconds. Frame: Hall, metres. Pure, bounded, one owner.
// Terms and thresholds: SafetyLimits; a pair that holds hands is never offered.

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string_view>
#include <tuple>
#include <vector>

#include "tracking/base/clock.h"
#include "tracking/base/id.h"
#include "tracking/geometry.h"
#include "tracking/safety_limits.h"

namespace promenade::tracking {

enum class EpisodeKind : std::uint8_t { contact, near_miss, wall_contact, wall_near_miss };
std::string_view to_string(EpisodeKind kind);

struct TrackPoint {
  base::HallTime time;
  HallPoint at;
};

struct Episode {
  EpisodeKind kind = EpisodeKind::near_miss;
  base::BodyId first;                 // the lower id of a pair
  base::BodyId second;                // none for walls
  base::HallTime begin;
  base::HallTime end;
  base::HallTime nearest_time;
  double nearest_m = 0.0;             // head to head, or head to wall
  HallPoint nearest_place;            // of `first`
  std::vector<TrackPoint> first_track;   // ten seconds to `end`, or to 2 s after the nearest moment where that is earlier; oldest first
  std::vector<TrackPoint> second_track;
};

// What tells one episode from another while it is open.
using EpisodeKey = std::tuple<base::BodyId, base::BodyId, EpisodeKind>;  // Episode::first, second, kind

// Episodes that an observation has begun, or in which it was the nearest moment so far (a beginning is that, too).
class EpisodeNews {
 public:
  void set_begun(EpisodeKind kind) { begun_ |= bit(kind), nearer_ |= bit(kind); }
  void set_nearer(EpisodeKind kind) { nearer_ |= bit(kind); }
  bool begun(EpisodeKind kind) const { return (begun_ & bit(kind)) != 0; }
  bool nearer(EpisodeKind kind) const { return (nearer_ & bit(kind)) != 0; }
  bool any() const { return nearer_ != 0; }

 private:
  static constexpr unsigned bit(EpisodeKind kind) { return 1U << static_cast<unsigned>(kind); }
  unsigned begun_ = 0, nearer_ = 0;
};

class NearMissDetector {
 public:
  static constexpr base::Duration kTrackStep{100'000};
  static constexpr std::size_t kTrackPoints = 100;         // ten seconds
  static constexpr base::Duration kTrackAfter{2'000'000}; // what follows the nearest moment
  static constexpr base::Duration kUnseenEnd{2'000'000};  // an episode nobody reports on ends
  static constexpr std::size_t kOpenMax = 1024;
  static constexpr std::size_t kClosedMax = 1024;         // the oldest go when nobody takes them

  explicit NearMissDetector(const SafetyLimits& limits);
  void track(base::BodyId id, base::HallTime now, HallPoint at);   // every pose; thinned to 10 Hz
  void forget(base::BodyId id);                                    // gone: ends its episodes, drops its track
  // Each time a pair's distance is known; `strangers` false (one group, or with an attendant) finds contacts only.
  EpisodeNews pair(base::HallTime now, base::BodyId a, HallPoint at_a, base::BodyId b, HallPoint at_b, bool strangers);
  EpisodeNews wall(base::HallTime now, base::BodyId id, HallPoint at, double clearance_m);
  void advance(base::HallTime now);                                // ends what nobody reported on
  std::vector<Episode> take_closed();                              // in order of their ends
  std::size_t open_count() const { return open_.size(); }
  // Episodes begun, by kind, since the start.
  std::size_t begun(EpisodeKind kind) const { return begun_[static_cast<std::size_t>(kind)]; }
  std::size_t dropped() const { return dropped_; }                 // for want of room

 private:
  using Key = EpisodeKey;
  struct Open {
    Episode episode;
    base::HallTime seen;
    bool tracks_kept = false;     // since the nearest moment
  };
  struct Track {
    std::array<TrackPoint, kTrackPoints> points{};
    std::size_t next = 0;
    std::size_t size = 0;
  };
  void observe(base::HallTime now, Key key, HallPoint place, double gap_m, double threshold_m, EpisodeNews& news);
  void close(Open& open, base::HallTime end);
  void keep_tracks(Open& open) const;
  std::vector<TrackPoint> copy_track(base::BodyId id) const;

  SafetyLimits limits_;
  std::map<Key, Open> open_;
  std::map<base::BodyId, Track> tracks_;
  std::deque<Episode> closed_;
  std::array<std::size_t, 4> begun_{};
  std::size_t dropped_ = 0;
};

}  // namespace promenade::tracking
