#include "ticketing/core/verdict.h"

#include <algorithm>
#include <map>
#include <set>

#include "ticketing/core/ledger_state.h"
#include "ticketing/core/reconcile.h"

namespace promenade::ticketing {
namespace {

class Judge {
 public:
  Judge(const LedgerState& state, BusinessDate date) : state_(state), day_(state.records_of(date)), date_(date) {
    for (const RedemptionId& id : day_.redemptions) {
      const RedemptionRecord& r = state_.redemptions().at(id);
      if (!r.conflict && !r.same_visit) visits_[r.screening][r.ticket].push_back(&r);
    }
    for (const auto& [key, one] : state_.evacuations()) cases_[one.redemption].push_back(&one);
  }

  DayVerdict run() {
    DayVerdict day;
    std::vector<const ScreeningRecord*> records;
    for (const auto& id : state_.screenings_of(date_)) records.push_back(&state_.screenings().at(id));
    std::ranges::sort(records, {}, [](const ScreeningRecord* r) { return std::pair(r->screening.window_from, r->screening.lane); });
    for (const auto* record : records) {
      if (!record->tickets.empty() || visits_.contains(record->screening.id)) day.screenings.push_back(counted(*record));
    }
    for (const auto& hall : state_.config()->halls) add_bodies(hall, day);
    for (auto& verdict : day.screenings) conclude(verdict);
    return day;
  }

 private:
  using Visits = std::vector<const RedemptionRecord*>;

  bool watched(const PlayRecord& p) const { return p.completed && p.moved && !p.film_mismatch && p.worn_share >= state_.rules_on(date_).worn_share_floor; }

  bool watched(const base::TicketId& ticket) const {
    return std::ranges::any_of(state_.plays_of(ticket), [&](const PlayCode& code) { return watched(state_.plays().at(code)); });
  }

  const RedemptionRecord* redemption_of(const PlayRecord& play) const {
    const auto at = state_.redemptions().find(play.redemption);
    return at == state_.redemptions().end() ? nullptr : &at->second;
  }

  ScreeningVerdict counted(const ScreeningRecord& record) const {
    ScreeningVerdict v;
    v.screening = record.screening.id;
    v.hall = record.screening.hall;
    v.film = record.screening.film;
    for (const auto& code : record.tickets) {
      const TicketRecord& t = state_.tickets().at(code);
      if (t.changed_away || t.refunded || is_guest(t)) continue;
      ++v.sold;
      v.no_show += t.redemption.is_none() ? 1 : 0;
    }
    if (const auto visits = visits_.find(record.screening.id); visits != visits_.end()) {
      for (const auto& [code, of_ticket] : visits->second) add_viewer(v, state_.tickets().at(code), of_ticket);
    }
    return v;
  }

  static bool is_guest(const TicketRecord& t) { return t.kind == TicketKind::staff || t.kind == TicketKind::test; }

  // VISITS: all of the ticket's to V's screening; more than one only after an evacuation.
  void add_viewer(ScreeningVerdict& v, const TicketRecord& t, const Visits& visits) const {
    int cut_short = 0, unscanned = 0;
    for (const RedemptionRecord* visit : visits) {
      const auto cases = cases_.find(visit->id);
      if (cases == cases_.end()) continue;
      cut_short += static_cast<int>(cases->second.size());
      unscanned += static_cast<int>(std::ranges::count_if(cases->second, [](const EvacuationCase* c) { return c->settlement == Settlement::resume && c->again.is_none(); }));
    }
    // One that was refunded after its play was in the room all the same, and one that an evacuation sent out as well.
    if (t.refunded && cut_short == 0 && !watched(t.code)) return;
    bool seen = false;
    for (const PlayCode& code : state_.plays_of(t.code)) {
      const PlayRecord& play = state_.plays().at(code);
      const RedemptionRecord* redemption = redemption_of(play);
      if (redemption == nullptr || redemption->screening != v.screening) continue;
      seen = seen || watched(play);
      unscanned += play.came_in_again;
    }
    ++v.redeemed;
    v.tickets.push_back(t.code);
    v.guests += is_guest(t) ? 1 : 0;
    v.played += seen ? 1 : 0;
    v.evacuated += cut_short > 0 && !seen ? 1 : 0;
    v.returned += static_cast<int>(visits.size()) - 1;
    v.may_have_returned += unscanned;
  }

  // Everybody who went through the hall's doors by interval of the counters.
  void add_bodies(const HallEntry& hall, DayVerdict& day) const {
    std::map<base::ScreeningId, ScreeningVerdict*> verdicts;
    for (auto& verdict : day.screenings)
      if (verdict.hall == hall.id) verdicts[verdict.screening] = &verdict;
    double miss_rate = 0.0;
    for (const auto& sensor : hall.sensors) miss_rate = std::max(miss_rate, sensor.miss_rate);
    for (auto& [id, verdict] : verdicts) {
      verdict->allowance = counter_allowance(verdict->redeemed, miss_rate);
      verdict->bodies = {std::nullopt, hall.sensors.empty() ? "the hall has no door counter" : ""};
      if (!hall.sensors.empty()) verdict->bodies.entered = 0;
    }
    const auto unknown = [&](const base::ScreeningId& screening, const std::string& why) {
      const auto at = verdicts.find(screening);
      if (at != verdicts.end() && at->second->bodies.entered) at->second->bodies = {std::nullopt, why};
    };
    std::vector<std::pair<base::UtcTime, base::ScreeningId>> entries;
    for (const RedemptionId& id : day_.redemptions) {
      const RedemptionRecord& r = state_.redemptions().at(id);
      if (r.hall == hall.id && !r.same_visit) entries.emplace_back(r.went_in, r.screening);
    }
    std::ranges::sort(entries);
    const auto first_from = [&](base::UtcTime time) {
      return static_cast<std::size_t>(std::ranges::lower_bound(entries, time, {}, [](const auto& entry) { return entry.first; }) - entries.begin());
    };
    for (const auto& sensor : hall.sensors) {
      std::vector<bool> covered(entries.size());
      for (const std::size_t each : day_.observations) {
        const Observation& o = state_.observations()[each].observation;
        if (o.sensor != sensor.id || o.hall != hall.id) continue;
        std::set<base::ScreeningId> inside;
        for (std::size_t i = first_from(o.from); i < entries.size() && entries[i].first < o.to; ++i) {
          covered[i] = true;
          inside.insert(entries[i].second);
        }
        const auto when = [&] { return state_.calendar().local_text(o.from); };
        for (const auto& screening : inside) {
          if (!o.known) unknown(screening, "door counter " + sensor.id + " was out from " + when() + ": " + o.reason);
          else if (inside.size() > 1) unknown(screening, "door counter " + sensor.id + "'s interval from " + when() + " holds " + std::to_string(inside.size()) + " screenings");
          else if (auto at = verdicts.find(screening); at != verdicts.end() && at->second->bodies.entered) *at->second->bodies.entered += o.entered;
        }
        if (inside.empty() && o.known) day.unattributed_bodies += o.entered;
      }
      for (std::size_t i = 0; i < entries.size(); ++i) {
        if (!covered[i]) unknown(entries[i].second, "door counter " + sensor.id + " has no report for " + state_.calendar().local_text(entries[i].first));
      }
    }
  }

  // The bodies that are one each of those let in: less the returns that are known, and then those that may have been.
  static int bodies_once(const ScreeningVerdict& v) {
    const int once = *v.bodies.entered - v.returned;
    return once > v.redeemed ? std::max(v.redeemed, once - v.may_have_returned) : once;
  }

  static void conclude(ScreeningVerdict& v) {
    const int played = v.played + v.evacuated;
    if (!v.bodies.entered) {
      if (v.redeemed == played) return;
      v.differs = CountName::played;
      v.by = played - v.redeemed;
      return;
    }
    const int bodies = bodies_once(v);
    v.extra_bodies = bodies - v.redeemed;
    v.agreement = Agreement::disagrees;
    if (v.redeemed == played && played == bodies) {
      v.agreement = Agreement::exact;
    } else if (v.redeemed == played) {
      v.differs = CountName::bodies;
      v.by = bodies - v.redeemed;
    } else if (v.redeemed == bodies) {
      v.differs = CountName::played;
      v.by = played - bodies;
    } else if (played == bodies) {
      v.differs = CountName::redeemed;
      v.by = v.redeemed - bodies;
    } else {
      v.differs = CountName::several;
    }
  }

  const LedgerState& state_;
  const DayRecords& day_;
  BusinessDate date_;
  std::map<base::ScreeningId, std::map<base::TicketId, Visits>> visits_;
  std::map<RedemptionId, std::vector<const EvacuationCase*>> cases_;
};

}  // namespace

std::string_view to_text(Agreement agreement) {
  constexpr std::string_view kNames[] = {"exact", "unknown", "disagrees"};
  return kNames[static_cast<std::size_t>(agreement)];
}

std::string_view to_text(CountName count) {
  constexpr std::string_view kNames[] = {"redeemed", "played", "bodies", "several"};
  return kNames[static_cast<std::size_t>(count)];
}

DayVerdict judge_day(const LedgerState& state, BusinessDate date) { return Judge(state, date).run(); }

}  // namespace promenade::ticketing
