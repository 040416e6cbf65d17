#pragma once
// How each venue of a circuit stands, for people: pulled up to where, seen when, in trouble why. Rim: reads the database.

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "ticketing/circuit/circuit_store.h"

namespace promenade::ticketing::circuit {

struct VenueStanding {
  std::string venue, name_zh, name_en, state, state_code, state_text;  // state: active, quarantined, left
  base::UtcTime state_since;
  std::uint64_t events = 0;
  std::optional<base::UtcTime> seen_at, signed_at;  // answered, and signed by its own clock
  int failures = 0;                                 // in a row
  std::string error_code, error_text;
};

// [{"venue":..,"url":..,"key":..,"log_key":..,"client_id":..,"certificate":..,"certificate_key":..,"ca":..}]: a circuit's list as a file. Who is there already gets the address and the key that it
// names; who was removed stays so. Errors "usage" and those of the store.
base::Result<void> take_listed(CircuitStore& store, const nlohmann::json& list, base::UtcTime now);

base::Result<std::vector<VenueStanding>> list_venues(CircuitStore& store);
nlohmann::json to_json(const std::vector<VenueStanding>& venues);

}  // namespace promenade::ticketing::circuit
