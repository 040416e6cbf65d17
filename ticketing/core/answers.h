#pragma once
// What the box office answers, as values with JSON to and from. Pure; readers are strict as in requests.h.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "ticketing/core/late_entry.h"
#include "ticketing/core/requests.h"

namespace promenade::ticketing {

struct SoldTicket {
  base::TicketId code;
  int slot = 0;
  std::string token;  // QR text
  base::UtcTime valid_from, valid_until;
  friend bool operator==(const SoldTicket&, const SoldTicket&) = default;
};

struct SaleAnswer {
  static constexpr std::string_view kKind = "sale";
  std::uint64_t seq = 0;  // of the event in the ledger, in every answer
  std::string sale;       // "S<seq>"
  base::FilmId film;
  base::ScreeningId screening;
  base::LaneId lane;
  base::HallId hall;
  BusinessDate business_date;
  base::UtcTime window_from, window_until;  // start window of the screening
  TicketKind ticket_kind = TicketKind::paid;
  Money price, total;  // of one ticket; of all
  std::vector<SoldTicket> tickets;
  // Where a discount or vouchers lowered the price: which, and by how much for each ticket. Never part of `price` and `total`.
  std::string discount, voucher;
  std::optional<Money> off;
  ReservationId reservation;  // that the places were kept by; none: they were free
  friend bool operator==(const SaleAnswer&, const SaleAnswer&) = default;
};

struct ReservationAnswer {
  static constexpr std::string_view kKind = "reservation";
  std::uint64_t seq = 0;
  ReservationId reservation;
  base::FilmId film;
  base::ScreeningId screening;
  base::LaneId lane;
  base::HallId hall;
  BusinessDate business_date;
  base::UtcTime window_from, window_until;
  std::vector<int> slots;
  base::UtcTime expires;  // the places are free again from then on
  friend bool operator==(const ReservationAnswer&, const ReservationAnswer&) = default;
};

struct ReleaseAnswer {
  static constexpr std::string_view kKind = "reservation_release";
  std::uint64_t seq = 0;
  ReservationId reservation;
  int released = 0;  // places that are free again
  friend bool operator==(const ReleaseAnswer&, const ReleaseAnswer&) = default;
};

struct RefundAnswer {
  static constexpr std::string_view kKind = "refund";
  std::uint64_t seq = 0;
  base::TicketId ticket;
  Money amount;
  GrantId revoked_grant;           // none where there was none; the hall must not start its play
  RedemptionId revoked_redemption; // likewise
  bool watched = false;            // a play had begun: the admission stays, with zero net
  friend bool operator==(const RefundAnswer&, const RefundAnswer&) = default;
};

struct ChangeAnswer {
  static constexpr std::string_view kKind = "change";
  std::uint64_t seq = 0;
  base::TicketId old_ticket;
  SoldTicket ticket;
  base::FilmId film;
  base::ScreeningId screening;
  base::LaneId lane;
  Money price;
  RedemptionId redemption;  // of the old ticket where it was redeemed; now of the new one
  std::optional<Money> off;  // what discount or voucher of the old ticket takes off the new one's price; it is on the new one now
  friend bool operator==(const ChangeAnswer&, const ChangeAnswer&) = default;
};

struct RedemptionAnswer {
  static constexpr std::string_view kKind = "redemption";
  std::uint64_t seq = 0;
  RedemptionId redemption;
  base::TicketId ticket;
  base::FilmId film;
  std::vector<base::FilmId> allowed_films;  // with the ticket's own first; others by free choice, each a change
  base::ScreeningId screening;
  base::LaneId lane;
  int slot = 0;
  BusinessDate business_date;
  TicketKind ticket_kind = TicketKind::paid;
  bool conflict = false;  // offline only: the ticket was already used or refunded; booked as a discrepancy
  friend bool operator==(const RedemptionAnswer&, const RedemptionAnswer&) = default;
};

struct GrantAnswer {
  static constexpr std::string_view kKind = "grant";
  std::uint64_t seq = 0;
  GrantId grant;
  RedemptionId redemption;
  base::FilmId film;
  base::LaneId lane;
  base::ScreeningId screening;
  bool conflict = false;  // offline only
  friend bool operator==(const GrantAnswer&, const GrantAnswer&) = default;
};

// For facts: play started, play ended, headset swap, observation.
struct RecordedAnswer {
  static constexpr std::string_view kKind = "recorded";
  std::uint64_t seq = 0;
  BusinessDate business_date;
  bool late = false;                       // its day was final already; counts from the next correction on
  std::vector<std::string> discrepancies;  // codes, see reconcile.h
  friend bool operator==(const RecordedAnswer&, const RecordedAnswer&) = default;
};

struct DayAnswer {  // of a close and of a correction
  static constexpr std::string_view kKind = "day";
  std::uint64_t seq = 0;
  BusinessDate date;
  int revision = 0;                // 1 at the close
  std::uint64_t data_through = 0;  // last event that the revision takes in
  base::Hash report_hash{};        // BLAKE2b of the report's JSON bytes
  int reckoning = 1;               // that the report was made by, see report.h; left out where it is the first
  friend bool operator==(const DayAnswer&, const DayAnswer&) = default;
};

struct SettlementAnswer {  // of an evacuation's settlement
  static constexpr std::string_view kKind = "evacuation_settlement";
  std::uint64_t seq = 0;
  std::string evacuation;
  base::TicketId ticket;
  PlayCode play;  // that the evacuation ended; none: no film had begun
  Settlement settlement = Settlement::open;
  BusinessDate business_date;
  Money amount;                     // given back; 0 but for a refund
  GrantId revoked_grant;            // none where there was none; the hall must not start its play
  RedemptionId revoked_redemption;  // likewise
  bool watched = false;             // refund: a play had begun, so the admission stays, with zero net
  base::ScreeningId screening;      // of a rebooking, with the rest: where and when the ticket opens the door again
  base::LaneId lane;
  base::HallId hall;
  int slot = 0;
  base::UtcTime valid_from, valid_until;
  friend bool operator==(const SettlementAnswer&, const SettlementAnswer&) = default;
};

struct NationalAnswer {
  static constexpr std::string_view kKind = "national_receipt";
  std::uint64_t seq = 0;
  BusinessDate date;
  int records = 0;
  EntryClass entry = EntryClass::on_time;
  friend bool operator==(const NationalAnswer&, const NationalAnswer&) = default;
};

struct LateEntryAnswer {
  static constexpr std::string_view kKind = "late_entry_approval";
  std::uint64_t seq = 0;
  BusinessDate date;
  int missing = 0;      // records of the date that are not handed in
  base::UtcTime until;  // the approval holds
  friend bool operator==(const LateEntryAnswer&, const LateEntryAnswer&) = default;
};

using Answer = std::variant<SaleAnswer, RefundAnswer, ChangeAnswer, RedemptionAnswer, GrantAnswer, RecordedAnswer,
                            DayAnswer, SettlementAnswer, ReservationAnswer, ReleaseAnswer, NationalAnswer, LateEntryAnswer>;

std::uint64_t seq_of(const Answer& answer);
nlohmann::json to_json(const Answer& answer);
base::Result<Answer> answer_from_json(const nlohmann::json& json);
base::Result<Answer> answer_from_text(std::string_view text);

}  // namespace promenade::ticketing
