#pragma once
// For the tests of tracking: the reference hall as read from its file, bodies in it, and generators.

#include <rapidcheck.h>

#include <stdexcept>

#include "tracking/body.h"
#include "tracking/venue_file.h"

namespace promenade::tracking::testing {

inline const Venue& sample_hall() {
  static const Venue venue = [] {
    auto read = load_venue(PROMENADE_SOURCE_DIR "/venue-configs/wuxi-420/venue.toml");
    if (!read) throw std::runtime_error(base::to_string(read.error()));
    return *read;
  }();
  return venue;
}

// Keeps to his plan: it goes on as he goes now.
inline void keep_to_plan(Body& body) { body.ahead = PlanAhead{body.position, body.position + body.velocity, body.position + body.velocity * 2.0}; }

inline Body walker(std::uint32_t id, HallPoint at, HallVec velocity = {}, base::HallTime heard = {}) {
  Body body;
  body.id = base::BodyId{id};
  body.position = at;
  body.velocity = velocity;
  body.heard = heard;
  keep_to_plan(body);
  return body;
}

inline const base::HallTime kNow = base::hall_time(100.0);
inline constexpr double kLittle = 0.01;  // m or s beyond an edge
inline Body fresh(std::uint32_t id, HallPoint at, HallVec velocity = {}) { return walker(id, at, velocity, kNow); }

// Millimetres, so that shrunk counterexamples read well.
inline rc::Gen<double> within(double low, double high) {
  return rc::gen::map(rc::gen::inRange(static_cast<int>(low * 1000), static_cast<int>(high * 1000) + 1),
                      [](int mm) { return mm / 1000.0; });
}

// Runs a RapidCheck property as part of a Catch2 test.
template <class Property>
bool holds(const char* what, Property property) {
  return rc::check(what, property);
}

}  // namespace promenade::tracking::testing
