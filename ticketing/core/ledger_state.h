#pragma once
// The box office's rules: what the events so far amount to, and which events a request may add.
// Pure: no clock, no file; time, key and ids come as arguments. Not thread-safe; one owner.
// `decide` checks a request against the state and gives the events to book; `apply` takes booked events in.
// apply() never refuses an event that decide() made from the same state; a ledger with other content gives the
// error "ledger-inconsistent" that names the event.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "ticketing/core/answers.h"
#include "ticketing/core/by_date.h"
#include "ticketing/core/checked_request.h"
#include "ticketing/core/checkpoint.h"
#include "ticketing/core/config.h"
#include "ticketing/core/event.h"
#include "ticketing/core/national.h"
#include "ticketing/core/projection.h"
#include "ticketing/core/report.h"
#include "ticketing/core/requests.h"
#include "ticketing/core/screenings.h"

namespace promenade::ticketing {

// What made a ticket cheaper than its film's price. It is no money that the counter took, so it is in no price and no gross.
struct Concession {
  std::string discount, voucher;  // one of the two, by its id; both empty: none
  std::string voucher_key;        // voucher and the hash of its code; a code is on one live ticket at most
  Money off;
  bool none() const { return discount.empty() && voucher.empty(); }
  friend bool operator==(const Concession&, const Concession&) = default;
};

struct TicketRecord {
  base::TicketId code;
  std::string sale;  // "S<seq>", or "C<seq>" of the change that issued it
  base::ScreeningId screening;
  base::LaneId lane;
  base::FilmId film;
  int slot = 0;
  BusinessDate business_date;
  base::UtcTime valid_from, valid_until;
  std::string price_class;
  TicketKind kind = TicketKind::paid;
  Money price;  // taken at the counter; 0 for all but paid
  Concession concession;
  ReservationId reservation;  // that its place was kept by
  std::string channel;
  bool refunded = false, changed_away = false;
  base::TicketId changed_to;
  RedemptionId redemption;  // the active one
  base::ScreeningId place;  // where its slot is: its own screening's, or the one that it was rebooked to
  int place_slot = 0;
};

struct ReservationRecord {
  ReservationId id;
  std::string name;
  base::FilmId film;
  base::ScreeningId screening;
  BusinessDate business_date;
  int asked = 0;
  std::vector<int> slots;  // still kept, unless its time is over
  base::UtcTime expires;
  bool released = false;
  bool keeps(base::UtcTime now) const { return !released && !slots.empty() && now < expires; }
};

struct RefundRecord {
  std::string id;  // "R<seq>"
  base::TicketId ticket;
  Money amount;
  BusinessDate business_date;
  std::string reason, supervisor;
  bool watched = false;
};

struct RedemptionRecord {
  RedemptionId id;
  base::TicketId ticket;
  base::HallId hall;
  base::ScreeningId screening;  // where the ticket's place was then: its own, or the one that it was rebooked to
  base::HeadsetId headset;
  base::UtcTime at;
  base::UtcTime went_in;  // the same, or when the door let in whom this one of the hall binds
  BusinessDate business_date;
  bool offline = false, conflict = false, revoked = false;
  GrantId grant;       // the active one
  PlayCode completed;  // the completed play
  bool relieved = false;  // another redemption of the ticket took its place: the hall's that of the door's, or one after an evacuation
  bool same_visit = false;  // the hall's redemption stands for this one of the door's: one viewer, who went in once
  bool door = false, bound = false;  // of the viewer's one visit: somebody at the door has let him in; the hall has redeemed
  int gate = 0;                      // of the door, and the device that was it
  std::string device;
};

struct GrantRecord {
  GrantId id;
  RedemptionId redemption;
  base::HeadsetId headset;
  base::FilmId film;
  base::Hash package_hash{};
  PlayCode play;
  bool offline = false, conflict = false, revoked = false;
};

struct PlayRecord {
  PlayCode code;
  GrantId grant;
  RedemptionId redemption;  // none: played without a grant
  base::TicketId ticket;    // likewise
  base::FilmId film;
  base::Hash package_hash{};
  base::HeadsetId headset;  // the last one
  base::UtcTime start, end;
  BusinessDate business_date;
  bool ended = false, completed = false, moved = false, film_mismatch = false;
  double worn_share = 0.0;
  bool watched(const DayRules& rules) const { return completed && moved && worn_share >= rules.worn_share_floor; }
  int interruptions = 0, swaps = 0, came_in_again = 0;
  std::string reason;
  std::string evacuation;  // that ended it; empty: none did
  PlayCode continues;      // after an evacuation: the play that goes on in this one
  bool on_refunded = false;  // it went on after an evacuation although its ticket had been refunded
};

// What a business date has of that which grows with the years, so that a day's report looks at its day alone.
struct DayRecords {
  std::set<RedemptionId> redemptions;
  std::set<PlayCode> plays;
  std::vector<std::size_t> observations;  // of LedgerState::observations(), in their order
};

// One ticket's visit that one evacuation ended, and what became of it.
struct EvacuationCase {
  std::string evacuation;
  base::TicketId ticket;
  RedemptionId redemption;     // of the visit that ended
  PlayCode play;               // that it ended; none: no film had begun
  BusinessDate business_date;  // the ticket's
  base::UtcTime at;            // when it ended, or when the hall told of it
  std::string scene;
  Settlement settlement = Settlement::open;  // refund as well where the ticket was refunded in another way
  base::UtcTime settled_at;    // by the box office; not set while open
  std::string settled_by;      // the actor
  base::ScreeningId screening; // rebook: where the ticket opens the door again
  int slot = 0;
  base::UtcTime valid_from, valid_until;
  RedemptionId again;          // resume and rebook: the new redemption that used the right
  PlayCode followed_by;        // likewise: the play that came after; of a resumed play itself its own code
  // The viewer is inside again, or watches again: the right is used, and nothing is left to settle.
  bool used() const { return !again.is_none() || !followed_by.is_none(); }
};

struct ObservationRecord {
  std::uint64_t seq = 0;
  Observation observation;
  BusinessDate business_date;
};

struct ScreeningRecord {
  Screening screening;
  std::map<int, base::TicketId> live;     // slot -> ticket sold and neither refunded nor changed away
  std::vector<base::TicketId> tickets;    // all ever sold, in order
};

struct DayRecord {
  int revision = 0;                     // 0 while open
  std::uint64_t data_through = 0;       // of the last revision
  std::uint64_t late_events = 0;        // booked to the day after it
  std::vector<DayReport> revisions;     // [0] is revision 1
};

struct Decision {
  std::vector<Event> events;  // seq, times, hashes set; empty where the key was already known
  Answer answer;
  bool replayed = false;
};

class LedgerState {
 public:
  explicit LedgerState(base::VenueId venue) : venue_(std::move(venue)) {}

  // The event that records the venue's set-up, where it differs from what the ledger last recorded; the first
  // event of every ledger. Errors: "venue-differs" where the ledger is another venue's; "config-fixed" where the
  // time zone, the cut-over or the currency of a ledger in use would change.
  base::Result<std::optional<Event>> decide_config(const Config& config, const base::PublicKey& key,
                                                   base::UtcTime now) const;
  // The event that records KEY as the venue's log key; none where it is that already. PREVIOUS is the key before, which
  // endorses this one, null for the first. Needs a configuration (asserted). Error "log-key-unendorsed".
  base::Result<std::optional<Event>> decide_log_key(const base::KeyPair& key, const base::KeyPair* previous, base::UtcTime now) const;
  // Needs a configuration in the state (asserted). NOW is the box office's time. Besides the codes of requests.h
  // and ticket.h: "idempotency-mismatch" (HTTP 422); sales: "film-unknown", "price-other", "reason-needed",
  // "screening-unknown", "screening-over", "screening-other-film", "sold-out", "venue-closed", "day-final", "discount-unknown",
  // "voucher-unknown", "voucher-malformed", "voucher-used"; reservations: "reservation-unknown", "reservation-over",
  // "reservation-other", "reservation-smaller";
  // tickets: "ticket-unknown", "ticket-already-refunded", "ticket-changed", "ticket-already-redeemed",
  // "ticket-refunded", "ticket-other-hall", "ticket-other-gate", "hall-unknown"; refunds: "supervisor-needed", "play-in-progress";
  // changes: "film-other-class", "free-choice-off", "ticket-granted", "change-other-day", "change-nothing"; grants:
  // "redemption-unknown", "redemption-revoked", "grant-film-mismatch", "package-mismatch", "already-watched",
  // "play-code-used"; plays: "play-already-recorded", "play-unknown", "play-already-ended",
  // "play-ends-before-start"; observations: "sensor-unknown", "observation-spans-days", "observation-overlaps";
  // evacuations: "evacuation-not-inside", "evacuation-not-ended", "evacuation-other-play", "evacuation-settled",
  // "evacuation-used", "evacuation-superseded", "evacuation-rebooked", "change-other-day", "supervisor-needed";
  // the national system: "national-not-reported", "record-unknown", "record-received", "receipt-from-future", "late-entry-closed",
  // "late-entry-free", "approval-from-future", "approval-over";
  // dates: "clock-wrong", "date-too-early", "date-too-far";
  // days: "day-not-begun", "day-already-final", "day-has-open-plays", "day-not-final", "ticket-other-date".
  base::Result<Decision> decide(const Request& request, base::UtcTime now, const base::KeyPair& key,
                                IdSource& ids) const;
  base::Result<Decision> decide(const CheckedRequest& asked, base::UtcTime now, const base::KeyPair& key, IdSource& ids) const;
  base::Result<void> apply(const Event& event);

  const base::VenueId& venue() const { return venue_; }
  const ChainHead& head() const { return head_; }
  const std::optional<Config>& config() const { return config_; }
  const DayRules& rules_on(BusinessDate date) const { return rules_.on(date); }  // needs a configuration
  const LogKeys& log_keys() const { return log_keys_; }
  // All that the venue ever signed tickets with, the one in use last: a ticket opens the door by any of them.
  const std::vector<base::PublicKey>& ticket_keys() const { return ticket_keys_; }
  const BusinessCalendar& calendar() const;  // asserts a configuration
  const std::map<base::TicketId, TicketRecord>& tickets() const { return tickets_; }
  const std::map<ReservationId, ReservationRecord>& reservations() const { return reservations_; }
  // By Concession::voucher_key, the live ticket that each voucher is on.
  const std::map<std::string, base::TicketId>& vouchers() const { return vouchers_; }
  const std::map<std::string, RefundRecord>& refunds() const { return refunds_; }
  const std::map<RedemptionId, RedemptionRecord>& redemptions() const { return redemptions_; }
  const std::map<GrantId, GrantRecord>& grants() const { return grants_; }
  const std::map<PlayCode, PlayRecord>& plays() const { return plays_; }
  const std::vector<ObservationRecord>& observations() const { return observations_; }
  const std::map<base::ScreeningId, ScreeningRecord>& screenings() const { return screenings_; }
  const std::map<BusinessDate, DayRecord>& days() const { return days_; }
  const std::map<BusinessDate, NationalBook>& national() const { return national_; }
  const std::set<BusinessDate>& national_missing() const { return national_missing_; }  // dates with records that are not received
  // The numbers of the events that concern a ticket, in order; empty where there is no such ticket.
  const std::vector<std::uint64_t>& events_of(const base::TicketId& ticket) const;
  // By evacuation, then ticket.
  const std::map<std::pair<std::string, base::TicketId>, EvacuationCase>& evacuations() const { return evacuations_; }
  const EvacuationCase* last_case(const base::TicketId& ticket) const;  // of the last evacuation that ended its visit
  const EvacuationCase* case_of(const PlayRecord& play) const;          // of the evacuation that ended the play
  const std::vector<base::ScreeningId>& screenings_of(BusinessDate date) const;
  const DayRecords& records_of(BusinessDate date) const;
  const std::vector<PlayCode>& plays_of(const base::TicketId& ticket) const;  // in the order of their starts' events
  const std::vector<RedemptionId>& redemptions_of(const base::TicketId& ticket) const;  // in the order of their events
  const std::vector<GrantId>& grants_of(const RedemptionId& redemption) const;          // likewise; revoked ones, too
  const std::vector<Screening>& open_on(BusinessDate date) const;  // the same, in the same order
  // screenings.h, with what is open.
  std::vector<Screening> screenings_on(BusinessDate date) const;
  std::optional<Screening> find_screening(const base::ScreeningId& id) const;
  std::optional<Screening> current_or_next(base::UtcTime time, const LaneEntry& lane) const;
  // Tickets of a hall whose screenings overlap [from, until) and that still take a place in it.
  // EXCEPT is not counted.
  int live_in_hall(const base::HallId& hall, base::UtcTime from, base::UtcTime until,
                   const base::TicketId& except = {}) const;
  // Slots of a screening, and how many in a hall whose screenings overlap [from, until), that reservations keep at NOW.
  std::set<int> kept_slots(const base::ScreeningId& screening, base::UtcTime now, const ReservationId& except = {}) const;
  int kept_in_hall(const base::HallId& hall, base::UtcTime from, base::UtcTime until, base::UtcTime now, const ReservationId& except = {}) const;
  // The report as of now while the day is open, else its last revision.
  DayReport report(BusinessDate date) const;
  std::optional<DayReport> report(BusinessDate date, int revision) const;

  // Rows that events since the last call have changed, once each; for the store.
  std::vector<Row> take_changed_rows();
  std::vector<Row> all_rows() const;

 private:
  friend class Decider;
  friend class Applier;
  struct Known {
    base::Hash digest{};
    std::uint64_t seq = 0;
    Answer answer;  // without tokens
    base::UtcTime device_ts;
  };
  Event own_event(std::string_view kind, BusinessDate date, std::string body, base::UtcTime now) const;
  void touch(std::size_t table, std::string key) { changed_.emplace(table, std::move(key)); }
  std::optional<Row> row(std::size_t table, const std::string& key) const;

  base::VenueId venue_;
  ChainHead head_;
  std::optional<Config> config_;
  ByDate<DayRules> rules_;
  std::optional<BusinessCalendar> calendar_;
  std::vector<base::PublicKey> ticket_keys_;
  LogKeys log_keys_;
  std::map<base::TicketId, TicketRecord> tickets_;
  std::map<ReservationId, ReservationRecord> reservations_;
  std::map<base::ScreeningId, std::vector<ReservationId>> reservations_by_screening_;
  std::map<std::string, base::TicketId> vouchers_;
  std::map<std::string, RefundRecord> refunds_;
  std::map<RedemptionId, RedemptionRecord> redemptions_;
  std::map<GrantId, GrantRecord> grants_;
  std::map<PlayCode, PlayRecord> plays_;
  std::vector<ObservationRecord> observations_;
  std::map<base::ScreeningId, ScreeningRecord> screenings_;
  std::map<BusinessDate, std::vector<base::ScreeningId>> screenings_by_day_;
  // The same screenings as values, which never change once they are open: each sale looks through those of its day.
  std::map<BusinessDate, std::vector<Screening>> open_by_day_;
  std::map<BusinessDate, DayRecord> days_;
  std::map<BusinessDate, DayRecords> records_by_day_;
  // What is only looked up, and never gone through in its order.
  std::unordered_map<base::TicketId, std::vector<PlayCode>> plays_by_ticket_;
  std::unordered_map<base::TicketId, std::vector<RedemptionId>> redemptions_by_ticket_;
  std::unordered_map<RedemptionId, std::vector<GrantId>> grants_by_redemption_;
  std::unordered_map<PlayCode, GrantId> grant_by_play_;  // of grants that are not revoked
  std::map<std::pair<std::string, base::TicketId>, EvacuationCase> evacuations_;
  std::unordered_map<base::TicketId, std::string> last_evacuation_;
  std::unordered_map<base::TicketId, std::vector<std::uint64_t>> events_by_ticket_;
  std::map<BusinessDate, NationalBook> national_;
  std::set<BusinessDate> national_missing_;
  std::map<std::string, NationalReceiptRecord> national_receipts_;  // by "N<seq>"
  std::unordered_map<std::string, Known> known_;
  std::set<std::pair<std::size_t, std::string>> changed_;
};

}  // namespace promenade::ticketing
