#pragma once
// Where a body is going in the next two seconds: its present velocity blended with its authored path at that walker's
// own film clock. Frame: Hall; metres, seconds, m/s. Pure.

#include <algorithm>
#include <optional>

#include "tracking/body.h"

namespace promenade::tracking {

struct Prediction {  // a way in two straight pieces; standing still when empty
  HallVec first;     // mean velocity over the next second
  HallVec second;    // over the second after it, and on
  HallVec after(double seconds) const;  // how far it has gone by then
};

// A walker keeps his velocity and turns to his path within about a second. Recorded walks of people on each other's ways
// (bench safety-replay), p50 and p95 of the error after 0.6, 1.2 and 2 s: by velocity alone 0.11 and 0.27 m, 0.24 and
// 0.64 m, 0.47 and 1.30 m; with half of the plan's say after 1 s and 0.65 after 2 s 0.10 and 0.25 m, 0.21 and 0.54 m, 0.39
// and 1.01 m. Velocity is best taken over 0.2 s or less; lines fitted to more of the past, turning and slowing went on
// worse or no better (0.2 s, line over 0.3 and 1 s, after 1.2 s at p95: 0.71, 0.75 and 0.96 m on a way of sharp turns).
// The plan has its full say within 0.4 m of it, as most walkers of the same way are, and none from 1.0 m, where straying
// begins.
Prediction predict(const Body& body);

// Of one who is off his plan, or has none: straight on at his velocity, for nothing is known of where he means to go. Only
// who walks back to where his plan has him is taken to go there, and not past it.
Prediction predict_off_plan(const Body& body);

inline constexpr double kArrivalRadius_m = 0.45;  // of a scene's place, where its free area is smaller; of a stop

// So far ahead (s), as he goes now, his leaving of the plan is looked for: who has stood in his scene for `since_s` and
// goes away from its place, `from_place` off it, or past it, is taken to leave; who has just come still walks, and one who walks on
// his leg turns with it. Found in simulation (bench safety-hours): with less, encounters are seen too late; with more,
// people who only sway count as leaving.
double off_plan_look_s(bool stands, double since_s, HallVec from_place, HallVec velocity);

inline constexpr double kBesideLeg_m = 0.2;  // who walks cuts corners and swings out of them: so much is no leaving

// Body::off_plan_m of who is at `at`: the more of how far he strays now, and will stray in look_s as he goes; on a leg,
// where he does not stand, less kBesideLeg_m. stray_m_at(point) is how far that point is from his plan.
template <class StrayAt>
double off_plan_m(const StrayAt& stray_m_at, HallPoint at, HallVec velocity, bool stands, double look_s) {
  const double now_m = stray_m_at(at);
  const double most_m = look_s > 0.0 ? std::max(now_m, stray_m_at(at + velocity * look_s)) : now_m;
  return stands ? most_m : std::max(0.0, most_m - kBesideLeg_m);
}

// First time (s) at which the two, `offset` apart now, are within radius_m; nullopt when never, 0 when they are so already.
// Nearer along the line between them, or with a larger radius, is never later for bodies without a plan.
std::optional<double> time_to_contact_s(HallVec offset, const Prediction& mine, const Prediction& theirs, double radius_m);

}  // namespace promenade::tracking
