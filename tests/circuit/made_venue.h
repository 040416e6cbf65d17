#pragma once
// Ledgers of venues that never were, made from a seed by the box office's own rules: sales, refunds, redemptions, grants, plays,
// door counts and the close of each day, signed and with reports, as a circuit pulls them. A day is decided once and can stand
// for many venues: its events are chained, signed and reported anew for each. Pure.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ticketing/core/checkpoint.h"
#include "ticketing/core/config.h"
#include "ticketing/core/event.h"
#include "ticketing/core/report.h"

namespace promenade::ticketing::tests {

struct MadeDaysOptions {
  Config config;
  BusinessDate first;
  int days = 1;
  int admissions = 400;  // a day, about: what the lanes have no place for is not sold
  int last_admissions = 0;  // of the last day; 0: as the others
  bool close_last = true;
  std::uint64_t seed = 1;
};

// What was decided, before it is any venue's.
struct MadeDays {
  Config config;
  std::vector<Event> events;
  std::map<std::uint64_t, DayReport> reports;  // by the seq of the event that settled the day
};
MadeDays make_days(const MadeDaysOptions& options);

struct MadeLedger {
  base::VenueId venue;
  std::vector<base::Bytes> stored;
  std::vector<base::Hash> hashes;
  std::vector<Checkpoint> checkpoints;  // by size, one each
  std::map<std::pair<BusinessDate, int>, std::string> reports;
  std::uint64_t last_size() const { return checkpoints.empty() ? 0 : checkpoints.back().size; }
};
// DAYS as the ledger of VENUE; signed every EVERY events and at each close. The key is made from the venue's name.
MadeLedger ledger_of(const MadeDays& days, const base::VenueId& venue, const std::string& name_zh, const std::string& name_en, std::size_t every = 500);
base::KeyPair log_key_of(const base::VenueId& venue);
// Signs the first SIZE events of LEDGER as they are, whatever was done to them.
Checkpoint sign(const MadeLedger& ledger, std::uint64_t size, base::UtcTime at);

}  // namespace promenade::ticketing::tests
