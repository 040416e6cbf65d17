#pragma once
// Two hall programs and some headsets in a network that loses, delays, doubles and cuts, with programs killed and begun
// again, in virtual time. One seed is one run, and gives the same again. The members of the pair (showcontrol/succession)
// and what a headset obeys (client::Link) are the code that ships; the hall between them is the least that gives places
// by the same rules: one place for one viewer, a gate opened only by who may give authority, told once its record is
// durable. Everything that must hold is checked at every step.

#include <cstdint>
#include <string>
#include <vector>

#include "showcontrol/succession/member.h"

namespace promenade::succession_test {

struct Outcome {
  std::vector<std::string> faults;   // what did not hold; the first few
  std::uint64_t gates = 0;           // passed
  std::uint64_t take_overs = 0;      // by the second while it could not hear the first, or the other way round
  std::uint64_t kills = 0;
  std::uint64_t cuts = 0;            // of one direction between two programs
  std::uint64_t two_leading = 0;     // steps at which both programs took themselves for the leader
  std::uint64_t taken_back = 0;      // gates opened and taken back, unused
  double longest_without_s = 0.0;    // no program could give authority for so long, both being able to hear each other
  bool settled = false;              // at the end, when all was well again: one leads, with authority, and all obey it
};

// `rules`: what the members hold to; the defaults ship.
Outcome run_partition(std::uint64_t seed, succession::Rules rules = {});

}  // namespace promenade::succession_test
