#pragma once
// How a simulated house works: its people, its devices, and how long each deed takes. Plain values; seconds, metres.

#include <vector>

#include "showcontrol/rehearsal/headset.h"
#include "showcontrol/rehearsal/walker.h"

namespace promenade::rehearsal {

struct HouseHabits {
  WalkerHabits walker;
  HeadsetHabits headset;
  int headsets = 28;                       // numbered from 1
  int spare_headsets = 2;                  // of them, kept back for swaps
  int fitters = 2;                         // attendants in the kitting area, beside the starter
  double fit_s = 25.0, fit_sd_s = 6.0;     // from the scan to the second mark
  double think_least_s = 2.0, think_most_s = 8.0;  // in the menu
  double take_back_s = 4.0;
  double clean_s = 90.0;                   // from handing back to ready on the shelf
  double look_s = 3.0;                     // a look at a viewer before he is released
  double attendant_mps = 1.2;
  double lead_mps = 0.9;                   // by the hand
  double give_up_waiting_s = 2700.0;       // a viewer who waits for a start so long is led out
  double give_up_still_s = 420.0;          // so is one whose film does not go on
  double lost_patience_s = 1800.0;         // in the lobby: asks for the money back
  double refund_share = 0.01;              // of parties, who give their tickets back before they are used
  double comp_share = 0.02;
  double no_show_share = 0.01;
  double rather_share = 0.08;              // of visitors, who choose another film in the menu where one is offered
  double resume_share = 0.5, pay_back_share = 0.2;  // of parties, after an evacuation; the others are rebooked
  bool settles = true;                     // false: after an evacuation they wait until somebody at a console has settled every film
  double come_again_share = 0.5;           // of those, who wait to be let in anew
  double observe_every_s = 300.0;          // of the door counter, to the box office
  std::vector<base::HeadsetId> crossed;    // in front of each an attendant once stands on the floor, so that he is held
  double shelf_step_s = 0.5;               // how often a headset on the shelf is stepped
};

}  // namespace promenade::rehearsal
