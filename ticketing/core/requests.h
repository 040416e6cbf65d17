#pragma once
// What the outside asks of the box office, as values with JSON to and from.
// Pure. Readers are strict: a missing, unknown or ill-typed field is an error "request-malformed" that names it.
//
// Every request carries an idempotency key. The same key with the same request, sent at whatever time, gives the same
// answer, forever; with another request the error "idempotency-mismatch". Only accepted requests are remembered: a refused one
// had no effect and may be asked again under its key.
//
// A reservation, a redemption and a grant are named by the idempotency key of their request, so that a hall that is cut off can
// name them in the requests that follow. Requests marked `offline` and everything about plays are facts that
// have already happened: they are booked even when the rules were broken, as discrepancies.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "ticketing/core/business_date.h"
#include "ticketing/core/ids.h"
#include "ticketing/core/money.h"
#include "ticketing/core/ticket.h"
#include "tracking/base/crypto.h"
#include "tracking/base/id.h"
#include "tracking/base/result.h"

namespace promenade::ticketing {

struct RequestHead {
  std::string idempotency_key;  // 1..80 of A-Z a-z 0-9 . _ : -
  std::string device;           // who sends: "counter-1", "hall-a"; 1..80, same letters
  base::UtcTime device_ts;      // that device's time of the deed
  std::string actor;            // the person or program behind it; 1..80 bytes, may be any text
  friend bool operator==(const RequestHead&, const RequestHead&) = default;
};

struct SaleRequest {
  static constexpr std::string_view kKind = "sale";
  RequestHead head;
  base::FilmId film;
  base::ScreeningId screening;  // none: now, the current or next start window with free slots
  int count = 1;                // 1..50
  std::string channel = "00000000";     // 8 digits
  TicketKind ticket_kind = TicketKind::paid;
  std::optional<std::string> price;     // of one ticket, decimal; where given it must be the film's price
  std::string reason;                   // needed for all but paid tickets
  ReservationId reservation;            // none: any free places. Else of the places that it keeps; those left over stay kept
  // What lowers the price of paid tickets, one of the two: a discount of the venue by its id, or one voucher for each
  // ticket, of a kind of voucher by its id, with its code. A code is taken once.
  std::string discount, voucher;
  std::vector<std::string> voucher_codes;  // 8..64 letters and digits each
  friend bool operator==(const SaleRequest&, const SaleRequest&) = default;
};

// Keeps places of one screening together for a while, for one who is still choosing or paying, or for a group whose tickets
// are sold at several prices. It ends by its time, and nobody needs to tell the box office.
struct ReservationRequest {
  static constexpr std::string_view kKind = "reservation";
  RequestHead head;
  base::FilmId film;
  base::ScreeningId screening;  // none: now, as in a sale
  int count = 1;                // 1..50
  std::string name;             // for whom, as the clerk calls them out; 0..80 bytes
  friend bool operator==(const ReservationRequest&, const ReservationRequest&) = default;
};

struct ReservationRelease {  // before its time
  static constexpr std::string_view kKind = "reservation_release";
  RequestHead head;
  ReservationId reservation;
  friend bool operator==(const ReservationRelease&, const ReservationRelease&) = default;
};

struct RefundRequest {
  static constexpr std::string_view kKind = "refund";
  RequestHead head;
  base::TicketId ticket;
  std::string reason;      // needed once the ticket is redeemed
  std::string supervisor;  // likewise
  friend bool operator==(const RefundRequest&, const RefundRequest&) = default;
};

struct ChangeRequest {  // one atomic refund and reissue, before the grant
  static constexpr std::string_view kKind = "change";
  RequestHead head;
  base::TicketId ticket;
  base::FilmId film;
  base::ScreeningId screening;  // none: now
  // Of the new ticket, decimal, as somebody at the counter settles it: it must be what that ticket costs. Without it, as a
  // headset asks, the change stays within the ticket's price class.
  std::optional<std::string> price = std::nullopt;
  friend bool operator==(const ChangeRequest&, const ChangeRequest&) = default;
};

struct RedemptionRequest {
  static constexpr std::string_view kKind = "redemption";
  RequestHead head;
  std::string token;  // the QR text
  base::HallId hall;
  base::HeadsetId headset;  // none where it is bound later
  bool offline = false;     // the viewer has already been let in
  // By who stands at the door, before the hall's own redemption, which binds a headset: each of the two is done once, and the
  // hall's takes the place of the door's. A hall without such a door redeems alone.
  bool door = false;
  int gate = 0;  // of a door in a venue with several: its number; a ticket is for one of them, see gate_of
  friend bool operator==(const RedemptionRequest&, const RedemptionRequest&) = default;
};

struct GrantRequest {
  static constexpr std::string_view kKind = "grant";
  RequestHead head;
  RedemptionId redemption;
  base::HeadsetId headset;
  base::FilmId film;
  base::Hash package_hash{};
  PlayCode play;
  bool offline = false;
  friend bool operator==(const GrantRequest&, const GrantRequest&) = default;
};

struct PlayStarted {
  static constexpr std::string_view kKind = "play_started";
  RequestHead head;
  PlayCode play;
  GrantId grant;
  base::FilmId film;
  base::Hash package_hash{};
  base::HeadsetId headset;
  base::UtcTime start;
  std::string scene;        // of the film, in which a latecomer joined his group; empty: it began at its beginning; 0..80 bytes
  friend bool operator==(const PlayStarted&, const PlayStarted&) = default;
};

inline constexpr std::string_view kEvacuated = "evacuated";  // the reason of a play that an evacuation ended

struct PlayEnded {
  static constexpr std::string_view kKind = "play_ended";
  RequestHead head;
  PlayCode play;
  bool completed = false;
  std::string reason;       // "end", "viewer-left", "stopped", "fault", kEvacuated, ... 1..80 bytes
  base::UtcTime end;
  double worn_share = 0.0;  // of the play's time, 0..1
  bool moved = false;       // as a head does
  int interruptions = 0;    // pauses and stops
  int swaps = 0;            // headsets swapped
  std::string evacuation;   // which one ended it, see SettleEvacuation; empty where no evacuation did
  std::string scene;        // where the viewer was when it ended, as staff know it; 0..80 bytes
  int came_in_again = 0;    // times the viewer was out and in again, for evacuations after which the play went on
  friend bool operator==(const PlayEnded&, const PlayEnded&) = default;
};

struct HeadsetSwap {  // the play goes on in another headset
  static constexpr std::string_view kKind = "headset_swap";
  RequestHead head;
  PlayCode play;
  base::HeadsetId from, to;
  friend bool operator==(const HeadsetSwap&, const HeadsetSwap&) = default;
};

struct Observation {  // from a counter that is independent of headsets and tickets
  static constexpr std::string_view kKind = "observation";
  RequestHead head;
  std::string sensor;
  base::HallId hall;
  base::UtcTime from, to;  // half open; within one business date
  bool known = true;       // false: the sensor was out; `reason` says why, the counts are 0
  int entered = 0, left = 0;
  std::string reason;
  friend bool operator==(const Observation&, const Observation&) = default;
};

struct DayClose {
  static constexpr std::string_view kKind = "day_close";
  RequestHead head;
  BusinessDate date;
  bool force = false;  // close although plays have not ended
  friend bool operator==(const DayClose&, const DayClose&) = default;
};

// What becomes of a visit that an evacuation ended. A play that ended with the reason kEvacuated, not completed, does not
// use up its ticket; until a settlement is used it may be replaced by another, and the money is given back once, for good:
//   open    the hall's word that the evacuation ended a visit whose film had not begun; settled later
//   resume  the viewer goes on: the play's start is told again under its own code, or a new play of the same ticket
//           continues it, from a grant on the redemption there is or after a new one at the door; it counts once
//   rebook  the ticket opens the door once more: in its own start window, or from the next one with a free slot on
//   refund  the money back, reason "evacuation"
// The hall needs to send none of them for the plays that it ended: those are open by their end.
enum class Settlement : std::uint8_t { open, resume, rebook, refund };
std::string_view to_text(Settlement settlement);
base::Result<Settlement> settlement_from_text(std::string_view text);

struct SettleEvacuation {
  static constexpr std::string_view kKind = "evacuation_settlement";
  RequestHead head;
  std::string evacuation;       // its id, of the letters of a key; the same for all whom it concerned
  base::TicketId ticket;
  PlayCode play;                // that it ended; none: as the ledger knows it, or no film had begun
  Settlement settlement = Settlement::open;
  base::ScreeningId screening;  // of a rebooking; none: the ticket's own while it lasts, else the next with a free slot
  std::string supervisor;       // who allowed it; a refund needs one
  friend bool operator==(const SettleEvacuation&, const SettleEvacuation&) = default;
};

// Makes revision + 1 of a final day: takes in everything booked to it since, and refunds `refund` where given.
struct Correction {
  static constexpr std::string_view kKind = "correction";
  RequestHead head;
  BusinessDate date;
  std::string reason, supervisor;  // both needed
  base::TicketId refund;           // none: no refund
  friend bool operator==(const Correction&, const Correction&) = default;
};

// Records of a business date that the national system has received (national.h).
struct NationalReceipt {
  static constexpr std::string_view kKind = "national_receipt";
  RequestHead head;
  BusinessDate date;
  std::vector<int> records;  // their numbers, rising; 1..50 of them
  base::UtcTime sent;        // when they were handed in: this decides whether in time
  std::string reference;     // as the receiver gave it; 0..80 bytes
  friend bool operator==(const NationalReceipt&, const NationalReceipt&) = default;
};

// The authority lets records of DATE be handed in although the free days are over, for 48 hours from its grant.
struct LateEntryApproval {
  static constexpr std::string_view kKind = "late_entry_approval";
  RequestHead head;
  BusinessDate date;
  std::string reference;   // as given by the authority; 1..80 bytes
  base::UtcTime granted;
  std::string supervisor;  // who answers for it here; 1..80 bytes
  friend bool operator==(const LateEntryApproval&, const LateEntryApproval&) = default;
};

using Request = std::variant<SaleRequest, RefundRequest, ChangeRequest, RedemptionRequest, GrantRequest, PlayStarted,
                             PlayEnded, HeadsetSwap, Observation, DayClose, Correction, SettleEvacuation, ReservationRequest,
                             ReservationRelease, NationalReceipt, LateEntryApproval>;

const RequestHead& head_of(const Request& request);
std::string_view kind_of(const Request& request);

// Sorted keys; "kind" names the request. Round trip is exact.
nlohmann::json to_json(const Request& request);
// KIND empty: the body's own "kind" decides; else the body may leave it out and must not say another.
base::Result<Request> request_from_json(const nlohmann::json& body, std::string_view kind = {});
base::Result<Request> request_from_text(std::string_view body, std::string_view kind = {});
// BLAKE2b of the canonical JSON: what "the same request" means.
base::Hash digest_of(const Request& request);

}  // namespace promenade::ticketing
