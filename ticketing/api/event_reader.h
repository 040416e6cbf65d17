#pragma once
// Reading connections to the ledger for those who pull events, so that no pull waits for the writer. Thread-safe:
// each call borrows a connection of its own, at most as many as callers at once.

#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "ticketing/store/ledger.h"

namespace promenade::ticketing::api {

class EventReader {
 public:
  EventReader(std::string ledger_path, base::VenueId venue) : path_(std::move(ledger_path)), venue_(std::move(venue)) {}
  base::Result<store::Page> read(std::uint64_t after, std::size_t limit);
  // Events by their numbers, in that order; those that cannot be read are left out.
  std::vector<Event> events(std::span<const std::uint64_t> numbers);
  const base::VenueId& venue() const { return venue_; }

 private:
  std::string path_;
  base::VenueId venue_;
  std::mutex mutex_;
  std::vector<store::LedgerReader> idle_;
};

}  // namespace promenade::ticketing::api
