#pragma once
// What the ticketing tests share: a small venue, a fixed key, requests with sensible values, and a box office without
// a file. Everything is fixed or seeded, so that goldens hold.

#include <string>
#include <vector>

#include "ticketing/core/ledger_state.h"

namespace promenade::ticketing::test {

inline const base::FilmId kTideCaves{"001100022026"};      // walking, class walking, two lanes of 2 slots
inline const base::FilmId kSnowLine{"001100042026"};       // walking, class walking, one lane of 3 slots
inline const base::FilmId kReedLake{"001200022026"};       // seated, class seated, one lane of 1 slot
inline const base::HallId kHall{"hall-a"};
inline const base::VenueId kVenue{"test-venue"};
inline const BusinessDate kDay = *BusinessDate::from_text("2026-05-01");

Config small_config();
Config config_with_concessions();  // the same, with the discount "pupil" (50 %) and vouchers "gift" (20.00) and "whole" (a ticket)
base::KeyPair fixed_key();
base::UtcTime utc(const std::string& text);     // "2026-05-01T04:00:00Z"
base::UtcTime noon();                           // 12:00:00 in Shanghai on 2026-05-01, a window's beginning
base::Hash package(std::uint8_t value);

// Compares with tests/ticketing_core/golden/NAME; with PROMENADE_WRITE_GOLDEN set it writes the file instead.
bool matches_golden(const std::string& name, const std::string& text);

class World {
 public:
  explicit World(const Config& config = small_config(), std::uint64_t seed = 1);

  base::Result<Answer> ask(const Request& request);
  template <class T>
  T must(const Request& request) {
    auto answer = ask(request);
    if (!answer) fail(answer.error());
    return std::get<T>(*answer);
  }
  std::string refused(const Request& request);  // the error's code; empty where it was accepted

  RequestHead head();  // a new key each time, device time now
  SaleRequest sale(const base::FilmId& film, int count = 1, TicketKind kind = TicketKind::paid);
  RedemptionRequest redemption(const std::string& token);
  GrantRequest grant(const RedemptionAnswer& redemption);
  PlayStarted started(const GrantRequest& grant);
  PlayEnded ended(const PlayCode& play, bool completed = true);
  Observation observation(base::UtcTime from, base::UtcTime to, int entered);
  DayClose close(bool force = false);
  // The whole visit of one ticket; gives the play.
  PlayCode watch(const std::string& token);

  LedgerState state;
  std::vector<Event> events;
  base::UtcTime now;
  base::KeyPair key;
  SeededIdSource ids;

 private:
  [[noreturn]] static void fail(const base::Error& error);
  int counter_ = 0;
};

}  // namespace promenade::ticketing::test
