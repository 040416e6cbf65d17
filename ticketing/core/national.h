#pragma once
// What a venue hands in to the national ticketing system: a record for each ticket sold and each given back, numbered within
// its business date in the ledger's order, and whether it has been received. Pure. As known from outside: DY/T 10-2025 governs,
// and its text is not public, so nothing here is certified; see docs/ledger.md.
//
// A change of film is a refund and a sale. Comps are handed in at 0; staff and test tickets are nobody's box office and are
// not. A record is of its ticket's business date, also a refund that comes later.

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "ticketing/core/late_entry.h"
#include "ticketing/core/money.h"
#include "ticketing/core/ticket.h"

namespace promenade::ticketing {

enum class NationalOperation { sale = 1, refund = 2 };  // numbers as known from public adapters

inline constexpr std::size_t kNationalBatch = 50;  // records in one call at most, likewise

struct NationalRecord {
  int number = 0;             // of its business date, from 1
  NationalOperation operation = NationalOperation::sale;
  std::uint64_t event = 0;    // of the ledger, that it comes from
  base::UtcTime at;           // of that event
  base::TicketId ticket;
  base::ScreeningId screening;
  base::LaneId lane;
  base::FilmId film;
  int slot = 0;
  Money price;                // of the ticket: what was taken, or given back
  TicketKind kind = TicketKind::paid;
  std::string channel;
  std::uint64_t receipt = 0;  // event that says it was received; 0: not handed in
  EntryClass entry = EntryClass::on_time;  // once received
};

// One business date's. An approval takes the place of the one before.
struct NationalBook {
  std::vector<NationalRecord> records;  // [0] is number 1
  std::size_t missing = 0;              // of these, not received
  std::size_t first_missing = 0;        // index of the first; the size where none is
  std::optional<Approval> approval;
};

struct NationalReceiptRecord {
  std::uint64_t seq = 0;
  BusinessDate date;
  int records = 0;
  base::UtcTime sent;
  EntryClass entry = EntryClass::on_time;
  std::string reference;
};

// "32020501-20260501-000017": the same forever, so that a record which is handed in again is known as the same.
std::string national_record_id(const std::string& cinema_code, BusinessDate date, int number);
// The record as it is handed in, without what became of it.
nlohmann::json to_json(const NationalRecord& record, const std::string& cinema_code, BusinessDate date);

}  // namespace promenade::ticketing
