#include "ticketing/core/ledger_state.h"

#include <cmath>

#include "ticketing/core/json_fields.h"
#include "ticketing/core/projection_tables.h"
#include "ticketing/core/reconcile.h"
#include "tracking/base/assert.h"

namespace promenade::ticketing {
namespace {

std::int64_t flag(bool value) { return value ? 1 : 0; }
std::string when(base::UtcTime time) { return to_text(time); }

Row screening_row(const ScreeningRecord& r) {
  const Screening& s = r.screening;
  return {kScreeningTable, {s.id.value(), s.lane.value(), s.hall.value(), s.film.value(), s.business_date.text(), std::int64_t{s.slots},
                            when(s.window_from), when(s.window_until), when(s.ends), static_cast<std::int64_t>(r.live.size())}};
}

Row ticket_row(const TicketRecord& t) {
  return {kTicketTable, {t.code.value(), t.sale, t.screening.value(), t.lane.value(), t.film.value(), std::int64_t{t.slot},
                         t.business_date.text(), when(t.valid_from), when(t.valid_until), t.price_class, std::string(to_text(t.kind)),
                         t.price.minor_units, t.price.currency.code(), t.channel, flag(t.refunded), t.changed_to.value(),
                         t.redemption.value()}};
}

Row refund_row(const RefundRecord& r) {
  return {kRefundTable, {r.id, r.ticket.value(), r.business_date.text(), r.amount.minor_units, r.amount.currency.code(), r.reason,
                         r.supervisor, flag(r.watched)}};
}

Row redemption_row(const RedemptionRecord& r) {
  return {kRedemptionTable, {r.id.value(), r.ticket.value(), r.hall.value(), std::int64_t{r.headset.value()}, when(r.at),
                             r.business_date.text(), flag(r.offline), flag(r.conflict), flag(r.revoked), r.grant.value(),
                             r.completed.value()}};
}

Row grant_row(const GrantRecord& g) {
  return {kGrantTable, {g.id.value(), g.redemption.value(), std::int64_t{g.headset.value()}, g.film.value(), base::to_hex(g.package_hash),
                        g.play.value(), flag(g.offline), flag(g.conflict), flag(g.revoked)}};
}

Row play_row(const PlayRecord& p) {
  return {kPlayTable, {p.code.value(), p.grant.value(), p.redemption.value(), p.ticket.value(), p.film.value(),
                       base::to_hex(p.package_hash), std::int64_t{p.headset.value()}, p.business_date.text(), when(p.start),
                       p.ended ? when(p.end) : std::string(), flag(p.completed), flag(p.moved), flag(p.film_mismatch),
                       std::llround(p.worn_share * 1e6), std::int64_t{p.interruptions}, std::int64_t{p.swaps}, p.reason}};
}

Row observation_row(const ObservationRecord& r) {
  const Observation& o = r.observation;
  return {kObservationTable, {"O" + std::to_string(r.seq), o.sensor, o.hall.value(), r.business_date.text(), when(o.from), when(o.to),
                              flag(o.known), std::int64_t{o.entered}, std::int64_t{o.left}, o.reason}};
}

Row day_row(BusinessDate date, const DayRecord& d) {
  return {kDayTable, {date.text(), std::int64_t{d.revision}, static_cast<std::int64_t>(d.data_through), static_cast<std::int64_t>(d.late_events)}};
}

std::string revision_key(BusinessDate date, int revision) { return date.text() + "#" + std::to_string(revision); }

Row revision_row(const DayReport& report) {
  std::string text = report_json_text(report);
  const base::Hash hash = base::blake2b(base::as_bytes(text));
  return {kRevisionTable, {revision_key(report.date, report.revision), base::to_hex(hash), std::move(text)}};
}

std::string case_key(const EvacuationCase& c) { return c.evacuation + "/" + c.ticket.value(); }

Row case_row(const EvacuationCase& c) {
  const auto if_set = [](base::UtcTime time) { return time == base::UtcTime{} ? std::string() : when(time); };
  return {kEvacuationTable, {case_key(c), c.evacuation, c.ticket.value(), c.redemption.value(), c.play.value(), c.business_date.text(), when(c.at),
                             c.scene, std::string(to_text(c.settlement)), if_set(c.settled_at), c.settled_by, c.screening.value(),
                             std::int64_t{c.slot}, if_set(c.valid_from), if_set(c.valid_until), c.again.value(), c.followed_by.value()}};
}

Row reservation_row(const ReservationRecord& r) {
  std::string slots;
  for (const int slot : r.slots) slots += (slots.empty() ? "" : ",") + std::to_string(slot);
  return {kReservationTable, {r.id.value(), r.name, r.film.value(), r.screening.value(), r.business_date.text(), std::int64_t{r.asked},
                              std::move(slots), when(r.expires), flag(r.released)}};
}

Row concession_row(const TicketRecord& t) {
  const Concession& c = t.concession;
  return {kConcessionTable, {t.code.value(), c.discount, c.voucher, c.voucher_key, c.off.minor_units, c.off.currency.code(),
                             flag(!t.refunded && !t.changed_away)}};
}

Row national_row(const NationalReceiptRecord& r) {
  return {kNationalTable, {"N" + std::to_string(r.seq), r.date.text(), std::int64_t{r.records}, when(r.sent), std::string(to_text(r.entry)), r.reference}};
}

template <class Map, class Key>
auto* find(const Map& map, const Key& key) {
  const auto at = map.find(key);
  return at == map.end() ? nullptr : &at->second;
}

// What stands there, or an empty one that outlives the caller.
template <class Map>
const typename Map::mapped_type& found_or_empty(const Map& map, const typename Map::key_type& key) {
  static const typename Map::mapped_type kNone;
  const auto* found = find(map, key);
  return found == nullptr ? kNone : *found;
}

}  // namespace

const BusinessCalendar& LedgerState::calendar() const {
  PROMENADE_ASSERT(calendar_.has_value());
  return *calendar_;
}

const std::vector<base::ScreeningId>& LedgerState::screenings_of(BusinessDate date) const {
  return found_or_empty(screenings_by_day_, date);
}

const DayRecords& LedgerState::records_of(BusinessDate date) const {
  return found_or_empty(records_by_day_, date);
}

const std::vector<PlayCode>& LedgerState::plays_of(const base::TicketId& ticket) const {
  return found_or_empty(plays_by_ticket_, ticket);
}

const std::vector<RedemptionId>& LedgerState::redemptions_of(const base::TicketId& ticket) const {
  return found_or_empty(redemptions_by_ticket_, ticket);
}

const std::vector<GrantId>& LedgerState::grants_of(const RedemptionId& redemption) const {
  return found_or_empty(grants_by_redemption_, redemption);
}

const std::vector<std::uint64_t>& LedgerState::events_of(const base::TicketId& ticket) const {
  return found_or_empty(events_by_ticket_, ticket);
}

const std::vector<Screening>& LedgerState::open_on(BusinessDate date) const {
  return found_or_empty(open_by_day_, date);
}

std::vector<Screening> LedgerState::screenings_on(BusinessDate date) const { return plan_screenings(date, *config_, calendar(), open_on(date)); }

std::optional<Screening> LedgerState::find_screening(const base::ScreeningId& id) const {
  const auto date = date_of_screening(id);
  return date ? ticketing::find_screening(id, *config_, calendar(), open_on(*date)) : std::nullopt;
}

std::optional<Screening> LedgerState::current_or_next(base::UtcTime time, const LaneEntry& lane) const {
  return ticketing::current_or_next(time, *config_, lane, calendar(), open_on(calendar().date_of(time)));
}

int LedgerState::live_in_hall(const base::HallId& hall, base::UtcTime from, base::UtcTime until, const base::TicketId& except) const {
  int live = 0;
  // A screening never leaves its business date, so the days of the two ends hold all that can overlap.
  const BusinessDate first = calendar().date_of(from);
  const BusinessDate last = calendar().date_of(until - std::chrono::milliseconds(1));
  for (BusinessDate date = first; date <= last; date = date.plus_days(1)) {
    for (const Screening& s : open_on(date)) {
      if (s.window_from >= until || s.ends <= from || s.hall != hall) continue;
      for (const auto& [slot, code] : screenings_.at(s.id).live) {
        if (code == except) continue;
        const auto* redemption = find(redemptions_, tickets_.at(code).redemption);
        if (redemption == nullptr || redemption->completed.is_none()) ++live;
      }
    }
  }
  return live;
}

std::set<int> LedgerState::kept_slots(const base::ScreeningId& screening, base::UtcTime now, const ReservationId& except) const {
  std::set<int> kept;
  const auto* of_it = find(reservations_by_screening_, screening);
  if (of_it == nullptr) return kept;
  for (const ReservationId& id : *of_it) {
    const ReservationRecord& r = reservations_.at(id);
    if (id != except && r.keeps(now)) kept.insert(r.slots.begin(), r.slots.end());
  }
  return kept;
}

int LedgerState::kept_in_hall(const base::HallId& hall, base::UtcTime from, base::UtcTime until, base::UtcTime now, const ReservationId& except) const {
  if (reservations_by_screening_.empty()) return 0;
  int kept = 0;
  const BusinessDate last = calendar().date_of(until - std::chrono::milliseconds(1));
  for (BusinessDate date = calendar().date_of(from); date <= last; date = date.plus_days(1)) {
    for (const Screening& s : open_on(date)) {
      if (s.window_from >= until || s.ends <= from || s.hall != hall) continue;
      kept += static_cast<int>(kept_slots(s.id, now, except).size());
    }
  }
  return kept;
}

DayReport LedgerState::report(BusinessDate date) const {
  const auto* day = find(days_, date);
  if (day != nullptr && !day->revisions.empty()) return day->revisions.back();
  return compose_day_report(*this, date, false, 0);
}

std::optional<DayReport> LedgerState::report(BusinessDate date, int revision) const {
  const auto* day = find(days_, date);
  if (day == nullptr || revision < 1 || static_cast<std::size_t>(revision) > day->revisions.size()) return std::nullopt;
  return day->revisions[static_cast<std::size_t>(revision) - 1];
}

std::optional<Row> LedgerState::row(std::size_t table, const std::string& key) const {
  const auto as = [](const auto* record, auto make) -> std::optional<Row> {
    if (record == nullptr) return std::nullopt;
    return make(*record);
  };
  switch (table) {
    case kScreeningTable: return as(find(screenings_, base::ScreeningId(key)), screening_row);
    case kTicketTable: return as(find(tickets_, base::TicketId(key)), ticket_row);
    case kRefundTable: return as(find(refunds_, key), refund_row);
    case kRedemptionTable: return as(find(redemptions_, RedemptionId(key)), redemption_row);
    case kGrantTable: return as(find(grants_, GrantId(key)), grant_row);
    case kPlayTable: return as(find(plays_, PlayCode(key)), play_row);
    case kObservationTable: return observation_row(observations_.at(std::stoul(key)));
    case kDayTable: {
      const BusinessDate date = *BusinessDate::from_text(key);
      return day_row(date, days_.at(date));
    }
    case kRevisionTable: {
      const std::size_t cut = key.find('#');
      const auto report = this->report(*BusinessDate::from_text(key.substr(0, cut)), std::stoi(key.substr(cut + 1)));
      return revision_row(*report);
    }
    case kEvacuationTable: {
      const std::size_t cut = key.rfind('/');
      return as(find(evacuations_, std::pair(key.substr(0, cut), base::TicketId(key.substr(cut + 1)))), case_row);
    }
    case kReservationTable: return as(find(reservations_, ReservationId(key)), reservation_row);
    case kConcessionTable: return as(find(tickets_, base::TicketId(key)), concession_row);
    case kNationalTable: return as(find(national_receipts_, key), national_row);
    default: return std::nullopt;
  }
}

const EvacuationCase* LedgerState::last_case(const base::TicketId& ticket) const {
  const auto* evacuation = find(last_evacuation_, ticket);
  return evacuation == nullptr ? nullptr : find(evacuations_, std::pair(*evacuation, ticket));
}

const EvacuationCase* LedgerState::case_of(const PlayRecord& play) const {
  return play.evacuation.empty() ? nullptr : find(evacuations_, std::pair(play.evacuation, play.ticket));
}

std::vector<Row> LedgerState::take_changed_rows() {
  std::vector<Row> rows;
  for (const auto& [table, key] : changed_) {
    if (auto changed = row(table, key)) rows.push_back(std::move(*changed));
  }
  changed_.clear();
  return rows;
}

std::vector<Row> LedgerState::all_rows() const {
  std::vector<Row> rows;
  for (const auto& [id, record] : screenings_) rows.push_back(screening_row(record));
  for (const auto& [id, record] : tickets_) rows.push_back(ticket_row(record));
  for (const auto& [id, record] : refunds_) rows.push_back(refund_row(record));
  for (const auto& [id, record] : redemptions_) rows.push_back(redemption_row(record));
  for (const auto& [id, record] : grants_) rows.push_back(grant_row(record));
  for (const auto& [id, record] : plays_) rows.push_back(play_row(record));
  for (const auto& record : observations_) rows.push_back(observation_row(record));
  for (const auto& [date, record] : days_) {
    rows.push_back(day_row(date, record));
    for (const auto& report : record.revisions) rows.push_back(revision_row(report));
  }
  for (const auto& [key, record] : evacuations_) rows.push_back(case_row(record));
  for (const auto& [id, record] : reservations_) rows.push_back(reservation_row(record));
  for (const auto& [key, record] : national_receipts_) rows.push_back(national_row(record));
  for (const auto& [id, record] : tickets_) {
    if (!record.concession.none()) rows.push_back(concession_row(record));
  }
  return rows;
}

}  // namespace promenade::ticketing
