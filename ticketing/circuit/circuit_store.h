#pragma once
// A circuit's database: its venues, and everything that was taken from them. Rim; one owner, one connection. Who pulls takes a
// venue's record from here and gives a batch back; cursor and rows are committed together, so that a program that is killed at
// any moment goes on where it was, and no event is there twice.
// Errors: those of Connection, "venue-unknown", "venue-known", "cursor-moved" (another program has taken events of this venue
// meanwhile: read its record again), "collector-running".

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "ticketing/circuit/venue_record.h"

namespace promenade::ticketing::circuit {

// What is given for a venue that is there; what is left out stays.
struct VenueChange {
  std::optional<std::string> url, api_key;
  std::optional<base::PublicKey> pinned;
  std::optional<VenueAccess> access = {};  // all of it
};

struct NewVenue {
  base::VenueId venue;
  std::string url, api_key;
  std::optional<base::PublicKey> pinned;
  VenueAccess access = {};
};

// Why nothing more is taken from a venue.
struct Refusal {
  std::string code, message;
  std::string evidence;  // what the venue showed: a checkpoint, a report; at most kMaxEvidence bytes
};
inline constexpr std::size_t kMaxEvidence = 1 << 20;

class CircuitStore {
 public:
  // Makes or renews the tables.
  static base::Result<CircuitStore> open(const std::string& conninfo);
  // For pages and lists: makes nothing, so that a read replica serves as well.
  static base::Result<CircuitStore> open_to_read(const std::string& conninfo);

  // One that was removed comes back with what it has sent, and with its quarantine where nobody has released it. Error "venue-known".
  base::Result<void> add_venue(const NewVenue& venue, base::UtcTime now);
  base::Result<void> change_venue(const base::VenueId& venue, const VenueChange& change);
  base::Result<void> remove_venue(const base::VenueId& venue, base::UtcTime now);  // what it sent stays; it is pulled no more
  // The named way out of quarantine: the venue is asked again from its last good event. Error "venue-not-quarantined", also of one
  // that was removed.
  base::Result<void> release(const base::VenueId& venue, const std::string& by, const std::string& reason, base::UtcTime now);
  base::Result<std::vector<std::int32_t>> active_venues();
  base::Result<VenueRecord> venue(std::int32_t id);
  base::Result<VenueRecord> venue(const base::VenueId& venue);

  // Admissions of a venue that are named: "t:" and a ticket, or one of its links. DATES are looked through first.
  base::Result<std::vector<Admission>> admissions(std::int32_t venue, const std::vector<std::string>& names, const std::set<BusinessDate>& dates);
  base::Result<DayCounts> counted(std::int32_t venue, BusinessDate date);

  // One transaction for all of them.
  base::Result<void> commit(std::span<const VenueBatch> batches, base::UtcTime now);
  base::Result<void> quarantine(std::int32_t venue, const Refusal& refusal, base::UtcTime now);
  // A pull that brought nothing: ERROR is why, null where the venue has nothing new and SIGNED says so.
  base::Result<void> note_contact(std::int32_t venue, const base::Error* error, std::optional<base::UtcTime> is_signed, base::UtcTime now);
  // Only one collector works on a database: held until this connection ends.
  base::Result<void> lock_for_collecting();
  // Every stored event of a venue, in order.
  base::Result<void> for_each_stored(std::int32_t venue, const std::function<base::Result<void>(base::ByteView stored)>& take);

  postgres::Connection& connection() { return connection_; }

 private:
  explicit CircuitStore(postgres::Connection connection) : connection_(std::move(connection)) {}
  base::Result<void> make_partitions(const std::set<BusinessDate>& dates);
  base::Result<void> write(std::span<const VenueBatch> batches, base::UtcTime now);
  base::Result<void> move_cursor(const VenueBatch& batch, base::UtcTime now);
  base::Result<void> write_rows(std::span<const VenueBatch> batches);
  base::Result<void> write_days(const VenueBatch& batch);
  base::Result<void> write_films(std::span<const VenueBatch> batches);
  base::Result<void> write_curve(std::span<const VenueBatch> batches);
  base::Result<VenueRecord> venue_where(const std::string& condition, const postgres::Value& value);

  postgres::Connection connection_;
  std::set<BusinessDate> partitions_;  // that are known to be there
  std::map<std::string, std::pair<std::string, std::string>> films_, written_films_;  // titles as they are there; of this transaction
};

// TEXT as PostgreSQL takes it, whatever a venue sent: UTF-8, no zero byte, MOST bytes at the most.
std::string storable(std::string_view text, std::size_t most);

postgres::Date as_date(BusinessDate date);
BusinessDate from_date(postgres::Date date);
postgres::Time as_time(base::UtcTime time);
base::UtcTime from_time(postgres::Time time);

// Rows of the COPYs.
void add_event_row(postgres::CopyRows& rows, std::int32_t venue, const Event& event, base::ByteView stored);
void add_admission_row(postgres::CopyRows& rows, std::int32_t venue, const Admission& admission);
void add_film_day_row(postgres::CopyRows& rows, std::int32_t venue, BusinessDate date, const std::string& film, const DayCounts& counts);

}  // namespace promenade::ticketing::circuit
