#include <algorithm>

#include "ticketing/core/event_body.h"
#include "ticketing/core/json_fields.h"
#include "ticketing/core/ledger_state.h"
#include "ticketing/core/projection_tables.h"
#include "ticketing/core/reconcile.h"

namespace promenade::ticketing {
namespace {

bool has(const std::vector<std::string>& codes, std::string_view code) { return std::ranges::find(codes, code) != codes.end(); }

}  // namespace

// Takes one booked event into the state. Lookups that fail mean that the ledger does not fit itself.
class Applier {
 public:
  Applier(LedgerState& state, const Event& event) : state_(state), event_(event) {}

  base::Result<void> run() {
    if (event_.seq != state_.head_.seq + 1 || event_.prev_hash != state_.head_.hash) return broken("it does not continue the chain");
    base::Result<void> done;
    if (event_.kind == kVenueSetUp) done = venue_set_up();
    else if (!state_.config_) return broken("it comes before the venue's set-up");
    else if (event_.kind == kScreeningOpened) done = screening_opened();
    else done = booked();
    if (!done) return done;
    state_.head_ = {event_.seq, event_.hash};
    return {};
  }

 private:
  std::unexpected<base::Error> broken(const std::string& what) const {
    return base::fail(kCorrupt, "Event " + std::to_string(event_.seq) + " (" + event_.kind + "): " + what + ".", "The ledger was altered or is of another version.");
  }

  base::Result<void> venue_set_up() {
    const auto body = nlohmann::json::parse(event_.body, nullptr, false);
    if (body.is_discarded()) return broken("its body is not JSON");
    FieldReader in(body, "venue set-up", kCorrupt);
    auto config = config_from_json(in.any("config"));
    const base::Hash key = in.hash("ticket_key");
    if (auto done = in.finish(); !done) return done;
    if (!config) return broken(config.error().message);
    if (config->venue != state_.venue_) return broken("it is of the venue " + config->venue.value());
    auto calendar = config->calendar();
    if (!calendar) return std::unexpected(calendar.error());
    state_.config_ = std::move(*config);
    state_.calendar_ = *calendar;
    state_.ticket_key_ = key;
    return {};
  }

  base::Result<void> screening_opened() {
    auto screening = screening_from_text(event_.body);
    if (!screening) return broken(screening.error().message);
    const base::ScreeningId id = screening->id;
    if (state_.screenings_.contains(id)) return broken("the screening was open already");
    state_.screenings_by_day_[screening->business_date].push_back(id);
    state_.screenings_[id].screening = std::move(*screening);
    state_.touch(kScreeningTable, id.value());
    return {};
  }

  base::Result<void> booked() {
    auto read = booked_from_text(event_.body);
    if (!read) return broken(read.error().message);
    booked_ = std::move(*read);
    if (kind_of(booked_.request) != event_.kind) return broken("its body is another request");
    if (seq_of(booked_.answer) != event_.seq) return broken("its answer is another event's");
    auto done = std::visit([this](const auto& request) { return take(request); }, booked_.request);
    if (!done) return done;
    if (!event_.idempotency_key.empty()) {
      const bool fresh = state_.known_.emplace(event_.idempotency_key, LedgerState::Known{booked_.digest, event_.seq, booked_.answer, event_.device_ts}).second;
      if (!fresh) return broken("its idempotency key was used before");
    }
    const bool settles = event_.kind == DayClose::kKind || event_.kind == Correction::kKind;
    if (const auto day = state_.days_.find(event_.business_date); day != state_.days_.end() && !settles) {
      ++day->second.late_events;
      state_.touch(kDayTable, event_.business_date.text());
    }
    return {};
  }

  template <class T>
  const T* answer() const { return std::get_if<T>(&booked_.answer); }

  base::Result<void> add_ticket(TicketRecord ticket) {
    ticket.place = ticket.screening;
    const auto screening = state_.screenings_.find(ticket.screening);
    if (screening == state_.screenings_.end()) return broken("its screening is not open");
    if (!screening->second.live.emplace(ticket.slot, ticket.code).second) return broken("a slot is sold twice");
    screening->second.tickets.push_back(ticket.code);
    state_.touch(kScreeningTable, ticket.screening.value());
    state_.touch(kTicketTable, ticket.code.value());
    const base::TicketId code = ticket.code;
    if (!state_.tickets_.emplace(code, std::move(ticket)).second) return broken("a ticket code is used twice");
    return {};
  }

  TicketRecord record_of(const SoldTicket& sold, std::string sale) const {
    TicketRecord t;
    t.code = sold.code;
    t.sale = std::move(sale);
    t.slot = sold.slot;
    t.business_date = event_.business_date;
    t.valid_from = sold.valid_from;
    t.valid_until = sold.valid_until;
    t.price_class = booked_.price_class;
    t.place_slot = sold.slot;
    return t;
  }

  void revoke(GrantRecord& grant) {
    grant.revoked = true;
    state_.grant_by_play_.erase(grant.play);
    state_.touch(kGrantTable, grant.id.value());
  }

  void free_slot(const TicketRecord& ticket) {
    state_.screenings_.at(ticket.place).live.erase(ticket.place_slot);
    state_.touch(kScreeningTable, ticket.place.value());
    state_.touch(kTicketTable, ticket.code.value());
  }

  base::Result<void> take(const SaleRequest& request) {
    const auto* sale = answer<SaleAnswer>();
    if (sale == nullptr) return broken("its answer is of another kind");
    for (const auto& sold : sale->tickets) {
      TicketRecord t = record_of(sold, sale->sale);
      t.screening = sale->screening;
      t.lane = sale->lane;
      t.film = sale->film;
      t.kind = request.ticket_kind;
      t.price = sale->price;
      t.channel = request.channel;
      if (auto done = add_ticket(std::move(t)); !done) return done;
    }
    return {};
  }

  base::Result<void> take(const RefundRequest& request) {
    const auto* refund = answer<RefundAnswer>();
    if (refund == nullptr) return broken("its answer is of another kind");
    return give_back(*refund, request.reason, request.supervisor);
  }

  base::Result<void> give_back(const RefundAnswer& refund, std::string reason, std::string supervisor) {
    const auto ticket = state_.tickets_.find(refund.ticket);
    if (ticket == state_.tickets_.end()) return broken("its ticket is missing");
    ticket->second.refunded = true;
    free_slot(ticket->second);
    if (const auto grant = state_.grants_.find(refund.revoked_grant); grant != state_.grants_.end()) {
      revoke(grant->second);
    }
    if (const auto redemption = state_.redemptions_.find(refund.revoked_redemption); redemption != state_.redemptions_.end()) {
      redemption->second.revoked = true;
      redemption->second.grant = {};
      ticket->second.redemption = {};
      state_.touch(kRedemptionTable, redemption->first.value());
    }
    const std::string id = "R" + std::to_string(event_.seq);
    state_.refunds_[id] = {id, refund.ticket, refund.amount, event_.business_date, std::move(reason), std::move(supervisor), refund.watched};
    state_.touch(kRefundTable, id);
    if (EvacuationCase* settled = last_case(refund.ticket); settled != nullptr && !settled->used()) settle_case(*settled, Settlement::refund);
    return {};
  }

  base::Result<void> take(const ChangeRequest& request) {
    const auto* change = answer<ChangeAnswer>();
    const auto old = state_.tickets_.find(request.ticket);
    if (change == nullptr || old == state_.tickets_.end()) return broken("its ticket or answer is missing");
    old->second.changed_away = true;
    old->second.changed_to = change->ticket.code;
    old->second.redemption = {};
    free_slot(old->second);
    TicketRecord t = record_of(change->ticket, "C" + std::to_string(event_.seq));
    t.screening = change->screening;
    t.lane = change->lane;
    t.film = change->film;
    t.kind = old->second.kind;
    t.price = change->price;
    t.channel = old->second.channel;
    t.redemption = change->redemption;
    if (const auto redemption = state_.redemptions_.find(change->redemption); redemption != state_.redemptions_.end()) {
      redemption->second.ticket = t.code;
      state_.touch(kRedemptionTable, redemption->first.value());
    }
    return add_ticket(std::move(t));
  }

  base::Result<void> take(const RedemptionRequest& request) {
    const auto* redeemed = answer<RedemptionAnswer>();
    if (redeemed == nullptr || !state_.tickets_.contains(redeemed->ticket)) return broken("its ticket or answer is missing");
    RedemptionRecord r;
    r.id = redeemed->redemption;
    r.ticket = redeemed->ticket;
    r.hall = request.hall;
    r.headset = request.headset;
    r.at = request.offline ? event_.device_ts : event_.ts;
    r.business_date = event_.business_date;
    r.offline = request.offline;
    r.conflict = redeemed->conflict;
    if (!r.conflict) {
      come_again(r);
      state_.tickets_.at(r.ticket).redemption = r.id;
      state_.touch(kTicketTable, r.ticket.value());
    }
    state_.touch(kRedemptionTable, r.id.value());
    if (!state_.redemptions_.emplace(r.id, r).second) return broken("the redemption is there twice");
    return {};
  }

  base::Result<void> take(const GrantRequest& request) {
    const auto* granted = answer<GrantAnswer>();
    const auto redemption = state_.redemptions_.find(request.redemption);
    if (granted == nullptr || redemption == state_.redemptions_.end()) return broken("its redemption or answer is missing");
    if (const auto earlier = state_.grants_.find(redemption->second.grant); earlier != state_.grants_.end()) {
      revoke(earlier->second);
    }
    redemption->second.grant = granted->grant;
    state_.touch(kRedemptionTable, redemption->first.value());
    state_.touch(kGrantTable, granted->grant.value());
    const GrantRecord g{granted->grant, request.redemption, request.headset, request.film, request.package_hash, request.play,
                        request.offline, granted->conflict, false};
    if (!state_.grants_.emplace(g.id, g).second) return broken("the grant is there twice");
    if (!state_.grant_by_play_.emplace(g.play, g.id).second) return broken("its play has a grant already");
    return {};
  }

  base::Result<void> take(const PlayStarted& request) {
    const auto* recorded = answer<RecordedAnswer>();
    if (recorded == nullptr) return broken("its answer is of another kind");
    if (const auto known = state_.plays_.find(request.play); known != state_.plays_.end()) return go_on(known->second);
    PlayRecord p;
    p.code = request.play;
    p.grant = request.grant;
    p.film = request.film;
    p.package_hash = request.package_hash;
    p.headset = request.headset;
    p.start = request.start;
    p.business_date = event_.business_date;
    p.film_mismatch = has(recorded->discrepancies, "film-mismatch");
    if (!has(recorded->discrepancies, "play-without-grant")) {
      const auto grant = state_.grants_.find(request.grant);
      if (grant == state_.grants_.end()) return broken("its grant is missing");
      p.redemption = grant->second.redemption;
      const auto redemption = state_.redemptions_.find(p.redemption);
      if (redemption == state_.redemptions_.end()) return broken("its redemption is missing");
      if (!has(recorded->discrepancies, "double-redemption")) p.ticket = redemption->second.ticket;
    }
    follow(p);
    state_.touch(kPlayTable, p.code.value());
    if (!state_.plays_.emplace(p.code, p).second) return broken("the play is there twice");
    if (!p.ticket.is_none()) state_.plays_by_ticket_[p.ticket].push_back(p.code);
    return {};
  }

  base::Result<void> take(const PlayEnded& request) {
    const auto play = state_.plays_.find(request.play);
    if (play == state_.plays_.end()) return broken("its play is missing");
    PlayRecord& p = play->second;
    if (p.ended) {  // resumed after an evacuation, its second start not told
      if (auto done = go_on(p); !done) return done;
    }
    p.ended = true;
    p.completed = request.completed;
    p.moved = request.moved;
    p.worn_share = request.worn_share;
    p.interruptions = request.interruptions;
    p.swaps = std::max(p.swaps, request.swaps);
    p.reason = request.reason;
    p.end = request.end;
    state_.touch(kPlayTable, p.code.value());
    if (!p.completed && p.reason == kEvacuated && !p.ticket.is_none()) open_case(p, request);
    const auto redemption = state_.redemptions_.find(p.redemption);
    if (p.completed && redemption != state_.redemptions_.end() && redemption->second.completed.is_none()) {
      redemption->second.completed = p.code;
      state_.touch(kRedemptionTable, redemption->first.value());
    }
    return {};
  }

  base::Result<void> take(const HeadsetSwap& request) {
    const auto play = state_.plays_.find(request.play);
    if (play == state_.plays_.end()) return broken("its play is missing");
    play->second.headset = request.to;
    ++play->second.swaps;
    state_.touch(kPlayTable, play->first.value());
    return {};
  }

  base::Result<void> take(const Observation& request) {
    state_.touch(kObservationTable, std::to_string(state_.observations_.size()));
    state_.observations_.push_back({event_.seq, request, event_.business_date});
    return {};
  }

  EvacuationCase* last_case(const base::TicketId& ticket) { return const_cast<EvacuationCase*>(state_.last_case(ticket)); }

  EvacuationCase& case_for(const std::string& evacuation, const TicketRecord& ticket) {
    EvacuationCase& c = state_.evacuations_[{evacuation, ticket.code}];
    if (c.ticket.is_none()) {
      c.evacuation = evacuation;
      c.ticket = ticket.code;
      c.redemption = ticket.redemption;
      c.business_date = ticket.business_date;
      c.at = event_.device_ts;
      state_.last_evacuation_[ticket.code] = evacuation;
    }
    touch(c);
    return c;
  }

  void touch(const EvacuationCase& c) { state_.touch(kEvacuationTable, c.evacuation + "/" + c.ticket.value()); }

  void settle_case(EvacuationCase& c, Settlement settlement) {
    c.settlement = settlement;
    c.settled_at = settlement == Settlement::open ? base::UtcTime{} : event_.ts;
    c.settled_by = settlement == Settlement::open ? std::string() : event_.actor;
    c.screening = {};
    c.slot = 0;
    c.valid_from = c.valid_until = {};
    touch(c);
  }

  // A hall that names no evacuation has one for each business date.
  void open_case(PlayRecord& p, const PlayEnded& request) {
    const TicketRecord& ticket = state_.tickets_.at(p.ticket);
    const std::string& code = p.code.value();
    const std::string hall = code.substr(0, code.rfind('-', code.rfind('-') - 1));
    p.evacuation = !request.evacuation.empty() ? request.evacuation : (ticket.business_date.text() + "." + hall).substr(0, 80);
    EvacuationCase& c = case_for(p.evacuation, ticket);
    c.redemption = p.redemption;
    c.play = p.code;
    c.at = request.end;
    c.scene = request.scene;
    // The same evacuation a second time, as one whose hall names none has it: what was settled before is over.
    if (c.used()) {
      c.again = {};
      c.followed_by = {};
      settle_case(c, Settlement::open);
    }
    if (ticket.refunded) settle_case(c, Settlement::refund);
  }

  // The right that a settlement gave is used at the door: this redemption takes the place of the one before.
  void come_again(const RedemptionRecord& redemption) {
    EvacuationCase* c = last_case(redemption.ticket);
    if (c == nullptr || c->used()) return;
    c->again = redemption.id;
    touch(*c);
    RedemptionRecord& before = state_.redemptions_.at(c->redemption);
    before.relieved = true;
    state_.touch(kRedemptionTable, before.id.value());
    if (const auto grant = state_.grants_.find(before.grant); grant != state_.grants_.end() && !grant->second.revoked) revoke(grant->second);
  }

  // A play that starts on a ticket whose visit an evacuation ended continues the one before, but for a rebooked ticket.
  void follow(PlayRecord& p) {
    EvacuationCase* c = p.ticket.is_none() ? nullptr : last_case(p.ticket);
    const bool its = c != nullptr && c->followed_by.is_none() && p.redemption == (c->again.is_none() ? c->redemption : c->again);
    if (!its) return;
    c->followed_by = p.code;
    if (c->settlement == Settlement::open) settle_case(*c, Settlement::resume);
    if (c->settlement == Settlement::resume) p.continues = c->play;
    touch(*c);
  }

  base::Result<void> go_on(PlayRecord& p) {
    EvacuationCase* c = const_cast<EvacuationCase*>(state_.case_of(p));
    if (!p.ended || c == nullptr) return broken("its play is there twice");
    state_.touch(kPlayTable, p.code.value());
    if (c->settlement != Settlement::resume) {
      p.on_refunded = true;
      return {};
    }
    p.ended = false;
    p.reason.clear();
    p.evacuation.clear();
    c->followed_by = p.code;
    touch(*c);
    return {};
  }

  base::Result<void> take(const SettleEvacuation& request) {
    const auto* settled = answer<SettlementAnswer>();
    const auto found = state_.tickets_.find(request.ticket);
    if (settled == nullptr || found == state_.tickets_.end()) return broken("its ticket or answer is missing");
    TicketRecord& ticket = found->second;
    EvacuationCase& c = case_for(request.evacuation, ticket);
    settle_case(c, request.settlement);
    if (request.settlement == Settlement::refund) {
      RefundAnswer refund;
      refund.ticket = ticket.code;
      refund.amount = settled->amount;
      refund.revoked_grant = settled->revoked_grant;
      refund.revoked_redemption = settled->revoked_redemption;
      refund.watched = settled->watched;
      return give_back(refund, std::string(kEvacuationRefund), request.supervisor);
    }
    if (request.settlement != Settlement::rebook) return {};
    if (const auto grant = state_.grants_.find(settled->revoked_grant); grant != state_.grants_.end() && !grant->second.revoked) revoke(grant->second);
    c.screening = settled->screening;
    c.slot = settled->slot;
    c.valid_from = settled->valid_from;
    c.valid_until = settled->valid_until;
    return move_place(ticket, settled->screening, settled->slot);
  }

  base::Result<void> move_place(TicketRecord& ticket, const base::ScreeningId& screening, int slot) {
    const auto to = state_.screenings_.find(screening);
    if (to == state_.screenings_.end()) return broken("its screening is not open");
    free_slot(ticket);
    if (!to->second.live.emplace(slot, ticket.code).second) return broken("a slot is sold twice");
    ticket.place = screening;
    ticket.place_slot = slot;
    state_.touch(kScreeningTable, screening.value());
    return {};
  }

  base::Result<void> take(const DayClose& request) { return settle(request.date); }
  base::Result<void> take(const Correction& request) { return settle(request.date); }

  base::Result<void> settle(BusinessDate date) {
    const auto* day = answer<DayAnswer>();
    if (day == nullptr) return broken("its answer is of another kind");
    DayRecord& record = state_.days_[date];
    DayReport report = compose_day_report(state_, date, true, record.revision + 1);
    const base::Hash hash = base::blake2b(base::as_bytes(report_json_text(report)));
    if (day->revision != report.revision || hash != day->report_hash) return broken("its report is not what the events before it amount to");
    record.revision = report.revision;
    record.data_through = report.data_through;
    record.late_events = 0;
    record.revisions.push_back(std::move(report));
    state_.touch(kDayTable, date.text());
    state_.touch(kRevisionTable, date.text() + "#" + std::to_string(record.revision));
    return {};
  }

  LedgerState& state_;
  const Event& event_;
  BookedRequest booked_;
};

base::Result<void> LedgerState::apply(const Event& event) { return Applier(*this, event).run(); }

}  // namespace promenade::ticketing
