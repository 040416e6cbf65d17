#pragma once
// What one run of the hall core is given at its start: venue, films, keys, epoch, limits. Plain values; the rim
// reads them from files. Metres, seconds.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "content-tools/package/manifest.h"
#include "showcontrol/planning/planner.h"
#include "tracking/base/clock.h"
#include "tracking/base/id.h"
#include "tracking/venue.h"

namespace promenade::hall {

struct Film {
  package::Manifest manifest;
  base::Hash package_hash{};  // of the manifest's bytes: what a box office and a headset know the film by
};

// Bounds and times of the core's own rules. Every count is a limit that refuses visibly.
struct HallLimits {
  std::size_t peers_max = 600;
  std::size_t headsets_max = 512;
  std::size_t bodies_max = 1024;
  std::size_t notes_per_s = 50;           // beyond it notes are dropped and counted
  base::Duration downlink_every{33'333};  // to each headset; a simulation sets its pose rate
  base::Duration card_every{200'000};     // summary and cards to staff
  base::Duration shelf_card_every{2'000'000};  // of a headset that nobody wears and about which nothing is new
  base::Duration authority_valid{3'000'000};
  base::Duration order_valid{1'000'000};  // of a safety level told to a headset
  base::Duration clock_margin{250'000};   // by which an authority is taken to outlast its end
  base::Duration lost_after{10'000'000};  // not heard or not worn for so long: a body without a headset
  base::Duration swap_within{90'000'000}; // from the command until the new headset is placed; then staff are called
  base::Duration group_wait{90'000'000};  // for the others of a party to choose, from the last who has
  base::Duration class_wait{180'000'000}; // likewise for a class to fill its next group
  base::Duration late_after{8'000'000};   // a group whose start is due goes without those who are not ready for so long
  base::Duration plan_again_after{2'000'000};  // a request that found no plan is asked again after this
  double ready_ahead_s = 2.0;             // a gate may open so long before the scene has played
  double plan_lead_s = 5.0;               // from now to the earliest entry that is asked for
  double plan_wait_max_s = 30.0;          // a start farther off is not promised: until then better ones may open up
  double plan_patience_s = 60.0;          // until then those who wait for one film are planned one after the other, beside each other
  double placed_radius_m = 1.2;           // kept free round a body that does not walk with a plan
  double attendant_radius_m = 1.0;        // they see and give way
  double stray_body_m = 1.2;              // off the plan by more: others are held from where he stands
  planning::WorkBudget budget = planning::kHallBudget;
};

struct HallConfig {
  tracking::Venue venue;
  std::string venue_toml;                    // the same as text, for headsets and staff
  std::shared_ptr<const std::vector<Film>> films;  // shared by runs of one process: large, read-only
  std::vector<std::string> staff_keys;       // none: no staff may connect
  std::vector<base::HeadsetId> headsets;     // none: any number of any headsets
  base::EpochId epoch;                       // higher than every one before
  std::uint64_t seed = 1;
  base::UtcTime utc_at_start;                // at `start`; device time of facts is reckoned from it
  base::HallTime start;
  bool paired = false;                       // another hall program may take over: no authority but as Lead allows
  bool start_paused = false;                 // crashed again and again: all plays begin paused by the operator
  HallLimits limits;
};

}  // namespace promenade::hall
