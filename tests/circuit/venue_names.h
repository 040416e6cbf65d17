#pragma once
// Names for made venues: cities and a part of town, each once for the first 1,200. Pure.

#include <string>

namespace promenade::ticketing::tests {

struct VenueName {
  std::string zh, en;
};
VenueName venue_name(int number);  // from 0

}  // namespace promenade::ticketing::tests
