#pragma once
// The distances and times that safety levels follow, with the values that a venue starts from and the rules
// that keep them from contradicting each other or the plan. Metres, seconds, m/s; distances between head
// centres. Pure values. Sources: docs/safety.md; first values, to be tuned by simulation and by a pilot.

#include <string>

#include "tracking/base/finding.h"

namespace promenade::tracking {

// Level by present distance and by time to contact, for one relation of two bodies. 0 switches one off.
struct DistanceRule {
  double warn_m = 1.2;
  double pause_m = 1.0;
  double stop_m = 0.8;
  double warn_contact_s = 2.5;   // warn when contact is predicted sooner
  double pause_contact_s = 2.0;  // reaction 0.48 s (p95 1.0) and slowing 0.58 s on average
  friend bool operator==(const DistanceRule&, const DistanceRule&) = default;
};

struct SafetyLimits {
  DistanceRule stranger;                               // two walkers who do not see each other, both on their plans
  // The same, one of them off his plan, or without one: no plan keeps them apart. Times count to `pause_m`, not to contact,
  // since he may turn.
  DistanceRule off_plan{1.5, 1.2, 0.8, 5.0, 4.0};
  DistanceRule group{1.0, 0.85, 0.8, 1.1, 0.9};         // one group: they see each other in the film
  DistanceRule attendant{1.2, 1.0, 0.0, 1.5, 0.8};     // sees and gives way; must be able to come near
  DistanceRule kitting{1.2, 1.0, 0.8, 1.5, 0.8};       // either one is in the kitting area
  DistanceRule door{1.2, 1.0, 0.8, 1.5, 0.8};          // either one is at a door
  DistanceRule chair{1.2, 1.0, 0.8, 1.5, 0.8};         // either one sits on a swivel chair
  DistanceRule wall{0.55, 0.40, 0.30, 1.7, 1.5};       // boundary and obstacles; contact is `wall_contact_m`
  double wall_on_plan_s = 0.5;                         // instead of the wall's pause_contact_s, while he keeps to his plan

  double contact_m = 0.7;            // between two heads, bags included
  double near_miss_m = 1.0;          // strangers
  double wall_contact_m = 0.35;      // head from wall or obstacle
  double wall_near_miss_m = 0.5;
  double episode_margin_m = 0.2;     // an episode ends this far above its threshold
  double ghost_m = 3.5;              // the neighbour is drawn in full from here on
  double ghost_s = 2.0;              // or this long before the closest approach
  double horizon_s = 2.0;            // how far ahead a walk is predicted
  // Tracking error of a pair that the distances above already hold (0.2 m of the 2.0 m separation); only
  // what exceeds it is taken off the measured distance.
  double tracking_allowance_m = 0.2;

  double stale_warn_s = 0.3;         // without news of a body that could be met within the horizon
  double stale_ghost_s = 0.5;
  double stale_pause_s = 1.0;
  double off_plan_mps = 0.3;         // how fast a silent neighbour may leave its plan
  double silence_pause_s = 10.0;     // server silent: everybody pauses
  double silence_lift_off_s = 10.0;  // and the headset asks to be lifted off: nobody else can say how to get out

  // A viewer is off his plan from here on (Body::off_plan_m): `off_plan` holds between him and strangers, and where he goes
  // his velocity alone says, unless he walks back to his plan (predict_off_plan).
  double off_plan_m = 0.8;
  double stray_warn_m = 1.0;         // from the planned point, leg or scene area
  double stray_pause_m = 1.5;
  double tracking_warn_s = 0.6;      // tracking lost for this long; ordinary dropouts last 0.2 to 0.5 s
  double tracking_pause_s = 0.8;
  double tracking_stop_s = 1.2;
  double running_mps = 1.8;
  double low_head_fraction = 0.6;    // of standing height
  double low_head_s = 2.0;
  double fallen_radius_m = 1.0;      // a sitting or fallen body is this wide
  double not_worn_body_s = 10.0;     // visor lifted for so long: a body without a headset

  double warn_dwell_s = 0.5;         // relaxing waits this long after the cause has gone
  double pause_dwell_s = 1.5;
  friend bool operator==(const SafetyLimits&, const SafetyLimits&) = default;
};

// What contradicts: a distance above separation less 0.3 m (warn), 0.6 m (pause; 0.3 m for `off_plan`, which legal passing
// never meets), 0.7 m (stop), or under 0.8 m; `off_plan` milder than `stranger`; stop not under pause or pause not under warn; wall distances above the wall margin; times in the
// wrong order. Findings have code "limits-contradict" and keys under `key`; line 0.
base::Findings check_limits(const SafetyLimits& limits, double separation_m, double wall_margin_m,
                            const std::string& file, const std::string& key);

// The same limits, each distance between bodies at most what the separation allows (never under 0.8 m), and in order.
SafetyLimits tied_to(SafetyLimits limits, double separation_m);

}  // namespace promenade::tracking
