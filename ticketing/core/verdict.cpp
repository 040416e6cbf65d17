#include "ticketing/core/verdict.h"

#include <algorithm>
#include <map>
#include <set>

#include "ticketing/core/ledger_state.h"

namespace promenade::ticketing {
namespace {

class Judge {
 public:
  Judge(const LedgerState& state, BusinessDate date) : state_(state), date_(date) {
    for (const auto& [code, play] : state_.plays()) plays_[play.ticket].push_back(&play);
  }

  DayVerdict run() {
    DayVerdict day;
    std::vector<const ScreeningRecord*> records;
    for (const auto& id : state_.screenings_of(date_)) records.push_back(&state_.screenings().at(id));
    std::ranges::sort(records, {}, [](const ScreeningRecord* r) { return std::pair(r->screening.window_from, r->screening.lane); });
    for (const auto* record : records) {
      if (!record->tickets.empty()) day.screenings.push_back(counted(*record));
    }
    for (const auto& hall : state_.config()->halls) add_bodies(hall, day);
    for (auto& verdict : day.screenings) conclude(verdict);
    return day;
  }

 private:
  bool watched(const base::TicketId& ticket) const {
    const auto at = plays_.find(ticket);
    return at != plays_.end() && std::ranges::any_of(at->second, [&](const PlayRecord* p) {
      return p->completed && p->moved && !p->film_mismatch && p->worn_share >= state_.config()->worn_share_floor;
    });
  }

  ScreeningVerdict counted(const ScreeningRecord& record) const {
    ScreeningVerdict v;
    v.screening = record.screening.id;
    v.hall = record.screening.hall;
    v.film = record.screening.film;
    for (const auto& code : record.tickets) {
      const TicketRecord& t = state_.tickets().at(code);
      if (t.changed_away) continue;
      const bool guest = t.kind == TicketKind::staff || t.kind == TicketKind::test;
      // One that was refunded after its play was in the room all the same.
      const bool entered = !t.redemption.is_none() && (!t.refunded || watched(code));
      if (!guest && !t.refunded) {
        ++v.sold;
        v.no_show += entered ? 0 : 1;
      }
      v.guests += guest && entered ? 1 : 0;
      v.redeemed += entered ? 1 : 0;
      v.played += watched(code) ? 1 : 0;
    }
    return v;
  }

  // Everybody who went through the hall's doors by interval of the counters.
  void add_bodies(const HallEntry& hall, DayVerdict& day) const {
    std::map<base::ScreeningId, ScreeningVerdict*> verdicts;
    for (auto& verdict : day.screenings)
      if (verdict.hall == hall.id) verdicts[verdict.screening] = &verdict;
    for (auto& [id, verdict] : verdicts) {
      verdict->bodies = {std::nullopt, hall.sensors.empty() ? "the hall has no door counter" : ""};
      if (!hall.sensors.empty()) verdict->bodies.entered = 0;
    }
    const auto unknown = [&](const base::ScreeningId& screening, const std::string& why) {
      const auto at = verdicts.find(screening);
      if (at != verdicts.end() && at->second->bodies.entered) at->second->bodies = {std::nullopt, why};
    };
    std::vector<std::pair<base::UtcTime, base::ScreeningId>> entries;
    for (const auto& [id, r] : state_.redemptions()) {
      if (r.hall == hall.id && r.business_date == date_ && !r.same_visit) entries.emplace_back(r.went_in, state_.tickets().at(r.ticket).screening);
    }
    for (const auto& sensor : hall.sensors) {
      std::set<std::size_t> covered;
      for (const auto& record : state_.observations()) {
        const Observation& o = record.observation;
        if (record.business_date != date_ || o.sensor != sensor.id || o.hall != hall.id) continue;
        std::set<base::ScreeningId> inside;
        for (std::size_t i = 0; i < entries.size(); ++i) {
          if (entries[i].first < o.from || entries[i].first >= o.to) continue;
          covered.insert(i);
          inside.insert(entries[i].second);
        }
        const std::string when = state_.calendar().local_text(o.from);
        for (const auto& screening : inside) {
          if (!o.known) unknown(screening, "door counter " + sensor.id + " was out from " + when + ": " + o.reason);
          else if (inside.size() > 1) unknown(screening, "door counter " + sensor.id + "'s interval from " + when + " holds " + std::to_string(inside.size()) + " screenings");
          else if (auto at = verdicts.find(screening); at != verdicts.end() && at->second->bodies.entered) *at->second->bodies.entered += o.entered;
        }
        if (inside.empty() && o.known) day.unattributed_bodies += o.entered;
      }
      for (std::size_t i = 0; i < entries.size(); ++i) {
        if (!covered.contains(i)) unknown(entries[i].second, "door counter " + sensor.id + " has no report for " + state_.calendar().local_text(entries[i].first));
      }
    }
  }

  static void conclude(ScreeningVerdict& v) {
    if (!v.bodies.entered) {
      if (v.redeemed == v.played) return;
      v.differs = CountName::played;
      v.by = v.played - v.redeemed;
      return;
    }
    const int bodies = *v.bodies.entered;
    v.agreement = Agreement::disagrees;
    if (v.redeemed == v.played && v.played == bodies) {
      v.agreement = Agreement::exact;
    } else if (v.redeemed == v.played) {
      v.differs = CountName::bodies;
      v.by = bodies - v.redeemed;
    } else if (v.redeemed == bodies) {
      v.differs = CountName::played;
      v.by = v.played - bodies;
    } else if (v.played == bodies) {
      v.differs = CountName::redeemed;
      v.by = v.redeemed - bodies;
    } else {
      v.differs = CountName::several;
    }
  }

  const LedgerState& state_;
  BusinessDate date_;
  std::map<base::TicketId, std::vector<const PlayRecord*>> plays_;
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
