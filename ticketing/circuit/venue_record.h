#pragma once
// One venue as its circuit knows it, and what one pull of it brings. Values; the rows are in COPY's form already, so that the
// threads that check events also prepare them and one thread writes.

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ticketing/circuit/admissions.h"
#include "ticketing/core/by_date.h"
#include "ticketing/core/checkpoint.h"
#include "ticketing/core/merkle_frontier.h"
#include "ticketing/core/report.h"
#include "ticketing/postgres/connection.h"

namespace promenade::ticketing::circuit {

enum class VenueState { active, quarantined, left };

// How the circuit shows itself to a venue, beside an API key; files of the circuit's own. Empty: not so.
struct VenueAccess {
  std::string client_id;                   // OAuth2 client credentials; the API key is then the secret
  std::string certificate_file, key_file;  // mutual TLS
  std::string ca_file;                     // whom to believe; empty: the system's CAs
  friend bool operator==(const VenueAccess&, const VenueAccess&) = default;
};

struct VenueRecord {
  std::int32_t id = 0;
  base::VenueId venue;
  std::string url, api_key;
  VenueAccess access;
  std::optional<base::PublicKey> pinned;  // must be among its log keys
  std::string name_zh, name_en, cinema_code;
  std::string time_zone = "Asia/Shanghai";
  std::chrono::minutes cut_over{6 * 60};
  Currency currency;
  ByDate<double> worn_floors{0.8};  // from which share of its time worn a play counts, as the venue set it
  VenueState state = VenueState::active;
  std::string state_code, state_text;
  std::optional<BusinessDate> first_date;
  ChainHead cursor;                      // the last event taken, which a verified checkpoint ends with
  MerkleFrontier frontier;               // of the events up to there
  LogKeys keys;
  std::optional<Checkpoint> checkpoint;  // the last verified one
};

struct FilmTitle {
  std::string film, title_zh, title_en;
};

// A day as the venue reported it when it closed or corrected it, checked against the hash in its ledger and our own count.
struct ReportedDay {
  BusinessDate date;
  int revision = 0;
  std::uint64_t settled_seq = 0;
  std::int64_t admissions = 0;
  std::string report;  // the venue's bytes
};

// Columns of the COPYs, in the order in which rows are made.
inline constexpr const char* kEventColumns = "events (business_date, venue, seq, ts, kind, hash, stored)";
inline constexpr std::int16_t kEventColumnCount = 7, kAdmissionColumnCount = 16, kFilmDayColumnCount = 14, kCurveColumnCount = 4, kDiscrepancyColumnCount = 8;

// What one pull brings and one transaction takes in, all of it or nothing.
struct VenueBatch {
  VenueRecord after;
  std::uint64_t from = 0;  // the cursor it continues
  std::int64_t event_count = 0;
  postgres::CopyRows events{kEventColumnCount}, added{kAdmissionColumnCount}, altered{kAdmissionColumnCount}, film_days{kFilmDayColumnCount},
      curve{kCurveColumnCount}, discrepancies{kDiscrepancyColumnCount};
  std::vector<ReportedDay> days;
  std::vector<LogKey> new_keys;
  std::vector<FilmTitle> films;
  std::set<BusinessDate> dates;  // that need a partition
  bool more = false;             // the venue has signed more than one batch takes
  std::size_t bytes() const { return events.data().size() + added.data().size() + altered.data().size() + film_days.data().size() + discrepancies.data().size(); }
};

}  // namespace promenade::ticketing::circuit
