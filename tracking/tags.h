#pragma once
// What printed AprilTags say of a headset's place: how far it has drifted, and where it is when nothing else is known.
// Stage in, Hall out; metres, radians. Pure; hall time is an argument and does not go back. Only the centre of a tag is
// used: runtimes differ in how they turn its axes.

#include <optional>
#include <span>
#include <vector>

#include "tracking/base/clock.h"
#include "tracking/base/result.h"
#include "tracking/calibration.h"
#include "tracking/venue.h"

namespace promenade::tracking {

struct TagSighting {
  int id = 0;
  Pose<Stage> tag;   // of its centre, as the headset's cameras place it
};

// 1 σ of where a tag seen from `head` is placed, m; nothing where it is too far (over 3 m), or too much from the side
// (over 70 degrees), to be believed. The form is that of a corner error in pixels; its size is assumed.
std::optional<double> sighting_error_m(const Tag& tag, const Pose<Stage>& head, const TagSighting& seen);

class TagWatch {
 public:
  static constexpr base::Duration kWindow{2'000'000};          // sightings are held against each other for so long
  static constexpr base::Duration kApart{200'000};             // two of one tag count as two from here on
  static constexpr double kHeightMost_m = 0.25;                // a tag placed further above or below is another thing
  static constexpr base::Duration kTogether{60'000'000};       // for a place out of nothing: all tags within this
  static constexpr int kSeenOften = 3;                         // and each of them so often

  // How far the place is off, m, once two sightings or more agree (of two tags, or of one tag kApart apart) and no more
  // contradict them. One sighting alone says nothing. Tags that the venue does not have are ignored.
  std::optional<double> offset(const Venue& venue, const Transform<Hall, Stage>& hall_from_stage, const Pose<Stage>& head,
                               std::span<const TagSighting> seen, base::HallTime now);

  // A calibration from two tags or more, at least kBaselineMin_m apart; nothing while there are not enough. Their ids
  // differ, so that half a turn is no solution. Errors: those of tracking::calibrate, after which it begins anew.
  base::Result<std::optional<Calibration>> locate(const Venue& venue, const Pose<Stage>& head, std::span<const TagSighting> seen,
                                                  base::HallTime now);

  void forget();       // the stage has moved, or a calibration is new

 private:
  struct Off { int id; base::HallTime at; Vec<Hall> by; double error_m; };
  struct Place { int id; base::HallTime at; Point<Stage> sum; int count; };
  std::vector<Off> off_;
  std::vector<Place> places_;
};

}  // namespace promenade::tracking
