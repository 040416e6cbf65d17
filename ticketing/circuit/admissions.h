#pragma once
// What a venue's events say about admissions, ticket by ticket, without the whole history of the venue: a circuit takes in a few
// events of a ledger at a time. Pure. The counts are those of the venue's own day report (report.h), made from the same events
// by another way, so that a report that says otherwise is found.
//
// A batch of events is read twice: facts_of() takes out of each body what counts; AdmissionBook then asks for the tickets that
// earlier batches brought (unknown_in), and takes the facts in order.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "ticketing/core/by_date.h"
#include "ticketing/core/event.h"
#include "ticketing/core/requests.h"

namespace promenade::ticketing::circuit {

// One event's part in the counts. Fields that its kind has not are empty.
struct Fact {
  enum class Kind : std::uint8_t { none, sale, refund, change, redemption, grant, play_started, play_ended, settlement, day_settled };
  Kind kind = Kind::none;
  std::uint64_t seq = 0;
  base::UtcTime at;
  BusinessDate date;                 // of the event; of a settled day, the day
  std::vector<std::string> tickets;  // sold; else one: refunded, redeemed, settled, or made by a change
  std::string old_ticket;            // of a change
  std::string film, screening, currency, price;  // of a sale or change; price decimal
  TicketKind ticket_kind = TicketKind::paid;
  std::string redemption, grant, play;
  std::string settlement;            // of an evacuation
  bool conflict = false;             // a redemption that used no ticket
  bool completed = false, moved = false;
  double worn_share = 0.0;
  bool evacuated = false;            // why the play ended
  bool without_ticket = false;       // a play that counts for no ticket
  bool revoked_redemption = false;   // by a refund
  int revision = 0;                  // of a settled day
  int reckoning = 1;                 // likewise, see report.h
  std::string report_hash;           // hex
};
// Error "ledger-inconsistent" where the body is not JSON or lacks what its kind must have.
base::Result<Fact> fact_of(const Event& event);

// One ticket as far as its venue's events have come.
struct Admission {
  BusinessDate date;
  std::string ticket, film, screening;
  TicketKind kind = TicketKind::paid;
  std::int64_t price_minor = 0;
  base::UtcTime sold_at;
  bool redeemed = false, refunded = false, changed = false, played = false;
  int plays = 0;                 // started; one that goes on after an evacuation once, one that was rebooked not
  Settlement settlement = Settlement::open;
  bool evacuated = false;        // an evacuation ended its visit, and `settlement` is what became of it
  std::vector<std::string> links;  // "r:", "g:" and "p:" with its redemptions, grants and plays
  friend bool operator==(const Admission&, const Admission&) = default;
};

// What admissions add to a day, film by film.
struct DayCounts {
  std::int64_t sold = 0, comps = 0, refunded = 0, changed = 0, redeemed = 0, plays_started = 0, played = 0;
  std::int64_t guests = 0;  // staff and test tickets
  std::int64_t evacuated = 0;
  std::int64_t gross_minor = 0, refunds_minor = 0;
  std::int64_t admissions() const { return sold + comps; }
  void add(const DayCounts& other, std::int64_t sign = 1);
  friend bool operator==(const DayCounts&, const DayCounts&) = default;
};
DayCounts counts_of(const Admission& admission);

// A day that the venue closed or corrected, with what the book had counted for it by then.
struct SettledDay {
  BusinessDate date;
  int revision = 0;
  std::uint64_t seq = 0;
  base::Hash report_hash{};
  DayCounts counted;  // in this batch, up to its event
  int reckoning = 1;
};

class AdmissionBook {
 public:
  // FLOORS: from which share of its time worn a play counts. CURRENCY: of the venue.
  AdmissionBook(ByDate<double> floors, Currency currency) : floors_(std::move(floors)), currency_(currency) {}

  // The names of tickets, redemptions, grants and plays that FACTS speak of and do not bring themselves. Links carry their
  // prefix, tickets "t:".
  static std::vector<std::string> unknown_in(const std::vector<Fact>& facts);
  void know(Admission earlier);  // one that an earlier batch brought
  // Error "ledger-inconsistent": it speaks of a ticket that there is not.
  base::Result<void> take(const Fact& fact);

  std::vector<const Admission*> added() const;
  std::vector<const Admission*> altered() const;  // of those known, only where something changed
  const std::map<std::pair<BusinessDate, std::string>, DayCounts>& by_film() const { return by_film_; }  // what this batch adds
  const std::vector<SettledDay>& settled() const { return settled_; }
  struct Moment {
    BusinessDate date;
    base::UtcTime at;
    bool sold = false;  // else redeemed
    std::int64_t count = 0;
  };
  const std::vector<Moment>& moments() const { return moments_; }  // for the curve of the day; staff and test tickets left out

 private:
  struct Entry {
    Admission now;
    std::optional<Admission> before;  // nullopt: this batch brought it
  };
  Entry* find(const std::string& name);
  Entry* need(const std::string& name, const Fact& fact, base::Result<void>& result);
  template <class Deed>
  void alter(Entry& entry, const Deed& deed);
  void link(Entry& entry, const char* prefix, const std::string& name);
  base::Result<void> sell(const Fact& fact, const std::string& ticket, TicketKind kind, bool redeemed);
  base::Result<void> start_play(const Fact& fact);
  void settle_evacuation(Entry& entry, Settlement settlement);

  ByDate<double> floors_;
  Currency currency_;
  std::unordered_map<std::string, Entry> tickets_;
  std::unordered_map<std::string, std::string> links_;  // prefixed name -> ticket
  std::map<std::pair<BusinessDate, std::string>, DayCounts> by_film_;
  std::vector<SettledDay> settled_;
  std::vector<Moment> moments_;
};

}  // namespace promenade::ticketing::circuit
