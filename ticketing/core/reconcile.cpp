#include "ticketing/core/reconcile.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "ticketing/core/ledger_state.h"
#include "ticketing/core/verdict.h"

namespace promenade::ticketing {
namespace {

using Level = DiscrepancyLevel;

class Composer {
 public:
  Composer(const LedgerState& state, BusinessDate date, bool final, int reckoning)
      : state_(state), config_(*state.config()), rules_(reckoning == 1 ? config_.rules() : state.rules_on(date)), day_(state.records_of(date)), date_(date), final_(final), reckoning_(reckoning) {
    for (const PlayCode& code : day_.plays) {
      const PlayRecord& play = state_.plays().at(code);
      plays_[play.ticket].push_back(&play);
    }
    for (auto& [ticket, plays] : plays_) std::ranges::stable_sort(plays, {}, &PlayRecord::start);
    for (const auto& [key, one] : state_.evacuations()) {
      if (one.business_date == date_) cases_[one.ticket].push_back(&one);
    }
  }

  DayReport run(int revision) {
    DayReport report;
    report.venue = config_.venue;
    report.venue_name_zh = config_.name_zh;
    report.venue_name_en = config_.name_en;
    report.cinema_code = config_.cinema_code;
    report.date = date_;
    report.final = final_;
    report.revision = revision;
    report.data_through = state_.head().seq;
    report.data_through_hash = state_.head().hash;
    report.currency = config_.currency;
    report.revenue_rules = rules_.revenue;
    for (const auto& film : config_.films) report.films.push_back({film.id, film.title_zh, film.title_en, {}});
    for (const auto& hall : config_.halls) report.halls.push_back({hall.id, hall.name_zh, hall.name_en, {}, {}, hall.capacity});
    std::vector<const ScreeningRecord*> records;
    for (const auto& id : state_.screenings_of(date_)) records.push_back(&state_.screenings().at(id));
    std::ranges::sort(records, {}, [](const ScreeningRecord* r) { return std::pair(r->screening.window_from, r->screening.lane); });
    for (const auto* record : records) add_screening(report, *record);
    add_bodies(report);
    if (reckoning_ > 1) add_verdicts();
    add_orphans();
    add_gates();
    report.discrepancies = std::move(found_);
    return report;
  }

 private:
  void note(std::string code, Level level, std::string subject, int count, std::string en, std::string zh, std::vector<std::string> tickets = {}) {
    found_.push_back({std::move(code), level, std::move(subject), count, std::move(en), std::move(zh), std::move(tickets)});
  }

  FilmRow& film_row(DayReport& report, const base::FilmId& film) {
    const auto at = std::ranges::find(report.films, film, &FilmRow::film);
    if (at != report.films.end()) return *at;
    report.films.push_back({film, film.value(), film.value(), {}});
    return report.films.back();
  }

  HallRow& hall_row(DayReport& report, const base::HallId& hall) {
    const auto at = std::ranges::find(report.halls, hall, &HallRow::hall);
    if (at != report.halls.end()) return *at;
    report.halls.push_back({hall, hall.value(), hall.value(), {}, {}, 0});
    return report.halls.back();
  }

  struct Lists {  // tickets of one screening by what is odd about them
    std::vector<std::string> no_show, missing, unwatched, interrupted, open, refunded_after;
    std::vector<std::string> evacuated, evacuation_open, evacuation_unused;
  };

  const std::vector<const EvacuationCase*>& cases_of(const base::TicketId& ticket) const {
    static const std::vector<const EvacuationCase*> kNone;
    const auto at = cases_.find(ticket);
    return at == cases_.end() ? kNone : at->second;
  }

  void add_cases(const TicketRecord& t, Counts& c, Lists& lists) const {
    for (const EvacuationCase* one : cases_of(t.code)) {
      ++c.evacuated;
      const bool waits = !one->used() && !t.refunded;
      switch (one->settlement) {
        case Settlement::open: ++c.evacuated_open; break;
        case Settlement::resume: ++c.evacuated_resumed; break;
        case Settlement::rebook: ++c.evacuated_rebooked; break;
        case Settlement::refund: ++c.evacuated_refunded; break;
      }
      lists.evacuated.push_back(t.code.value());
      if (one->settlement == Settlement::open) lists.evacuation_open.push_back(t.code.value());
      else if (one->settlement != Settlement::refund && waits) lists.evacuation_unused.push_back(t.code.value());
    }
  }

  // The plays that count as started: neither those that continue another nor those whose viewer was given another.
  int started(const std::vector<const PlayRecord*>& plays) const {
    return static_cast<int>(std::ranges::count_if(plays, [&](const PlayRecord* p) {
      const EvacuationCase* ended_by = state_.case_of(*p);
      return p->continues.is_none() && (ended_by == nullptr || ended_by->settlement != Settlement::rebook);
    }));
  }

  bool watched(const PlayRecord& play) const { return play.watched(rules_); }

  void add_ticket(const TicketRecord& t, Counts& c, Lists& lists) {
    const bool guest = t.kind == TicketKind::staff || t.kind == TicketKind::test;
    if (t.changed_away) {
      c.changed += guest ? 0 : 1;
      return;
    }
    const bool redeemed = !t.redemption.is_none();
    const auto at = plays_.find(t.code);
    const auto plays = at == plays_.end() ? std::vector<const PlayRecord*>{} : at->second;
    const bool any_watched = std::ranges::any_of(plays, [&](const PlayRecord* p) { return watched(*p); });
    const bool any_completed = std::ranges::any_of(plays, [](const PlayRecord* p) { return p->completed; });
    const bool any_open = std::ranges::any_of(plays, [](const PlayRecord* p) { return !p->ended; });
    if (guest) {
      ++c.staff_test_tickets;
      c.staff_test_redeemed += redeemed ? 1 : 0;
      c.staff_test_plays += any_watched ? 1 : 0;
      return;
    }
    const EvacuationCase* last = state_.last_case(t.code);
    if (t.kind == TicketKind::paid) {
      ++c.sold;
      c.gross_minor += t.price.minor_units;
      const bool voucher = !t.concession.voucher.empty();
      (voucher ? c.vouchered : c.discounted) += t.concession.none() ? 0 : 1;
      (voucher ? c.vouchers_minor : c.discounts_minor) += t.concession.off.minor_units;
    } else {
      ++c.comps;
    }
    if (t.refunded) {
      ++c.refunded;
      c.refunds_minor += t.price.minor_units;
      if (!plays.empty() && (last == nullptr || last->settlement != Settlement::refund)) lists.refunded_after.push_back(t.code.value());
    }
    c.redeemed += redeemed ? 1 : 0;
    c.plays_started += started(plays);
    add_cases(t, c, lists);
    c.played += any_watched ? 1 : 0;
    if (!redeemed && !t.refunded) {
      ++c.no_show;
      lists.no_show.push_back(t.code.value());
    }
    const bool cut_short = last != nullptr && last->followed_by.is_none();  // by an evacuation, whose own lines say it
    if (any_open) lists.open.push_back(t.code.value());
    else if (any_completed && !any_watched) lists.unwatched.push_back(t.code.value());
    else if (cut_short && (last->again.is_none() || t.refunded)) return;
    else if (cut_short) lists.missing.push_back(t.code.value());
    else if (!plays.empty() && !any_completed) lists.interrupted.push_back(t.code.value());
    else if (redeemed && plays.empty() && !t.refunded) lists.missing.push_back(t.code.value());
  }

  void add_screening(DayReport& report, const ScreeningRecord& record) {
    ScreeningRow row;
    row.screening = record.screening;
    FilmRow& film = film_row(report, record.screening.film);
    row.title_zh = film.title_zh;
    row.title_en = film.title_en;
    Lists lists;
    for (const auto& code : record.tickets) add_ticket(state_.tickets().at(code), row.counts, lists);
    for (const auto& [slot, code] : record.live) {
      const TicketRecord& t = state_.tickets().at(code);
      const bool guest = t.kind == TicketKind::staff || t.kind == TicketKind::test;
      if (t.screening != record.screening.id && !guest) ++row.counts.rebooked_in;
    }
    name_differences(record, row.counts, std::move(lists));
    film.counts.add(row.counts);
    hall_row(report, record.screening.hall).counts.add(row.counts);
    report.totals.add(row.counts);
    report.screenings.push_back(std::move(row));
  }

  void name_differences(const ScreeningRecord& record, const Counts& c, Lists lists) {
    const std::string& id = record.screening.id.value();
    const auto list = [&](const char* code, Level level, std::vector<std::string> tickets, const char* en, const char* zh) {
      if (tickets.empty()) return;
      const int count = static_cast<int>(tickets.size());
      note(code, level, id, count, std::to_string(count) + " " + en, std::to_string(count) + " " + zh, std::move(tickets));
    };
    list("refunded-after-play", Level::note, std::move(lists.refunded_after), "refunded after the play began; the admission stays with zero net.", "张在放映开始后退票；人次保留，净额为零。");
    list("play-not-watched", Level::warning, std::move(lists.unwatched), "played to the end, but the headset was not worn long enough or did not move as a head does.", "场放映至结尾，但头显佩戴不足或未随头部运动。");
    if (!lists.evacuated.empty()) {
      const auto say = [&](std::string_view open, std::string_view resumed, std::string_view rebooked, std::string_view refunded, std::string_view comma) {
        std::string out;
        const auto part = [&](int count, std::string_view name) {
          if (count == 0) return;
          out += (out.empty() ? "" : std::string(comma)) + std::to_string(count) + " " + std::string(name);
        };
        part(c.evacuated_resumed, resumed);
        part(c.evacuated_rebooked, rebooked);
        part(c.evacuated_refunded, refunded);
        part(c.evacuated_open, open);
        return out;
      };
      note("evacuated", Level::note, id, c.evacuated,
           std::to_string(c.evacuated) + " ended by an evacuation: " + say("open", "resumed", "rebooked", "refunded", ", ") + ".",
           std::to_string(c.evacuated) + " 场因疏散中断：" + say("待处理", "续看", "改签", "退票", "，") + "。", std::move(lists.evacuated));
    }
    list("evacuation-open", Level::warning, std::move(lists.evacuation_open), "ended by an evacuation and not settled: resume, rebook or refund.", "场因疏散中断，尚未处理：请续看、改签或退票。");
    if (!final_) return;
    list("evacuation-unused", Level::note, std::move(lists.evacuation_unused), "resumed or rebooked after an evacuation, and the viewers have not come back; refund candidates.", "张疏散后续看或改签，观众未返场；可退票。");
    list("play-open-at-close", Level::warning, std::move(lists.open), "started and not ended when the day was closed; not counted as played.", "场在日结时尚未结束；不计为已放映。");
    list("play-interrupted", Level::note, std::move(lists.interrupted), "started and not completed; refund candidates.", "场开始但未放完；可退票。");
    list("no-show", Level::note, std::move(lists.no_show), "sold and not redeemed: the viewers did not come.", "张已售未检：观众未到场。");
    const bool ghost = static_cast<int>(record.live.size()) - c.rebooked_in >= record.screening.slots && c.plays_started + c.staff_test_plays == 0;
    if (ghost) {
      note("ghost-screening", Level::alarm, id, c.sold + c.comps, "Sold out and not one play: tickets may have been sold for nobody.", "满座但无一放映：疑似虚假场次。");
    }
    list("play-missing", Level::warning, std::move(lists.missing), "redeemed and not played: a fault; refund candidates.", "张已检票未放映：疑似故障，可退票。");
  }

  // Everybody who went in through the door of a hall: also with tickets that were refunded or refused afterwards.
  void add_bodies(DayReport& report) {
    for (auto& row : report.halls) {
      std::vector<const RedemptionRecord*> entered;
      for (const RedemptionId& id : day_.redemptions) {
        const RedemptionRecord& r = state_.redemptions().at(id);
        if (r.hall == row.hall && is_entry(r)) entered.push_back(&r);
      }
      const HallEntry* hall = config_.hall(row.hall);
      double miss_rate = 0.0;
      row.bodies = bodies_of(row.hall, hall, entered, miss_rate);
      const bool nothing = entered.empty() && (!row.bodies.entered || *row.bodies.entered == 0);
      if (nothing) continue;
      if (auto d = compare_bodies(row.hall.value(), static_cast<int>(entered.size()), row.bodies, miss_rate, returned(row.hall))) found_.push_back(std::move(*d));
    }
    for (auto& row : report.screenings) {
      const auto same_hall = std::ranges::count_if(report.screenings, [&](const ScreeningRow& r) { return r.screening.hall == row.screening.hall; });
      if (same_hall == 1) row.bodies = hall_row(report, row.screening.hall).bodies;
      else row.bodies.reason = "the door counter counts the hall, not the screening";
    }
  }

  // The screening in which a hall's difference lies, where its counter's intervals tell.
  void add_verdicts() {
    for (const ScreeningVerdict& v : judge_day(state_, date_).screenings) {
      if (!v.bodies.entered || std::abs(v.extra_bodies) <= v.allowance) continue;
      const bool more = v.extra_bodies > 0;
      const int by = std::abs(v.extra_bodies);
      const std::string returns = v.returned > 0 ? ", " + std::to_string(v.returned) + " came in again" : "";
      const std::string returns_zh = v.returned > 0 ? "，返场 " + std::to_string(v.returned) : "";
      note("screening-disagrees", more ? Level::alarm : Level::warning, v.screening.value(), by,
           "Let in " + std::to_string(v.redeemed) + returns + ", counted " + std::to_string(*v.bodies.entered) + ": " + std::to_string(by) + (more ? " more" : " fewer") + " than the tickets explain.",
           "检票 " + std::to_string(v.redeemed) + returns_zh + "，计数 " + std::to_string(*v.bodies.entered) + "：" + (more ? "多出 " : "缺少 ") + std::to_string(by) + " 人，影票无法解释。", texts(v.tickets));
    }
  }

  static std::vector<std::string> texts(const std::vector<base::TicketId>& tickets) {
    std::vector<std::string> out;
    for (const auto& ticket : tickets) out.push_back(ticket.value());
    return out;
  }

  base::UtcTime went_in(const RedemptionRecord& r) const { return reckoning_ == 1 ? r.at : r.went_in; }
  bool is_entry(const RedemptionRecord& r) const { return reckoning_ == 1 || !r.same_visit; }

  // How often viewers of a hall came in again after an evacuation, or may have, without a new redemption: those whose play
  // it had ended and who were resumed, and those whose play outlasted it, as the hall said at the play's end.
  int returned(const base::HallId& hall) const {
    int count = 0;
    for (const PlayCode& code : day_.plays) {
      const PlayRecord& play = state_.plays().at(code);
      if (play.redemption.is_none()) continue;
      if (state_.redemptions().at(play.redemption).hall == hall) count += play.came_in_again;
    }
    return count + static_cast<int>(std::ranges::count_if(state_.evacuations(), [&](const auto& entry) {
      const EvacuationCase& one = entry.second;
      return one.business_date == date_ && one.settlement == Settlement::resume && one.again.is_none() && state_.redemptions().at(one.redemption).hall == hall;
    }));
  }

  Bodies bodies_of(const base::HallId& id, const HallEntry* hall, const std::vector<const RedemptionRecord*>& entered, double& miss_rate) const {
    if (hall == nullptr || hall->sensors.empty()) return {std::nullopt, "the hall has no door counter"};
    int total = 0;
    for (const auto& sensor : hall->sensors) {
      miss_rate = std::max(miss_rate, sensor.miss_rate);
      std::vector<const Observation*> seen;
      for (const std::size_t each : day_.observations) {
        const Observation& o = state_.observations()[each].observation;
        if (o.sensor != sensor.id || o.hall != id) continue;
        if (!o.known) return {std::nullopt, "door counter " + sensor.id + " was out from " + state_.calendar().local_text(o.from) + ": " + o.reason};
        seen.push_back(&o);
        total += o.entered;
      }
      if (seen.empty()) return {std::nullopt, "door counter " + sensor.id + " has not reported"};
      for (const auto* r : entered) {
        const bool covered = std::ranges::any_of(seen, [&](const Observation* o) { return o->from <= went_in(*r) && went_in(*r) < o->to; });
        if (!covered) return {std::nullopt, "door counter " + sensor.id + " has no report for " + state_.calendar().local_text(went_in(*r))};
      }
    }
    return {total, {}};
  }

  void add_orphans() {
    for (const RedemptionId& id : day_.redemptions) {
      const RedemptionRecord& r = state_.redemptions().at(id);
      if (!r.conflict) continue;
      note("double-redemption", Level::alarm, id.value(), 1, "A hall that was cut off took a ticket that was used, refunded or out of its time.",
           "离线影厅收取了已用、已退或过期的影票。", {r.ticket.value()});
    }
    for (const PlayCode& code : day_.plays) {
      const PlayRecord& play = state_.plays().at(code);
      std::vector<std::string> tickets;
      if (!play.ticket.is_none()) tickets.push_back(play.ticket.value());
      if (play.redemption.is_none()) {
        note("play-without-grant", Level::alarm, code.value(), 1, "A play without a valid grant: somebody watched without a ticket.", "无有效授权的放映：有人无票观看。");
      } else {
        const RedemptionRecord& r = state_.redemptions().at(play.redemption);
        if (play.ticket.is_none() && !r.conflict) {
          note("double-redemption", Level::alarm, code.value(), 1, "A play began for a ticket that was refunded: money back and the film as well; not counted as played.",
               "已退票仍放映：款已退、片已放；不计为已放映。", {r.ticket.value()});
        }
        if (play.completed && r.completed != code) {
          note("plays-exceed-redeemed", Level::alarm, code.value(), 1, "A second completed play for one redemption.", "一次检票对应了两次完整放映。", tickets);
        }
      }
      if (play.on_refunded) {
        note("double-redemption", Level::alarm, code.value(), 1, "A play went on after an evacuation although its ticket had been refunded.",
             "疏散后已退票，放映仍继续。", tickets);
      }
      if (play.film_mismatch) {
        note("film-mismatch", Level::alarm, code.value(), 1, "The film or package that was played is not the ticket's.", "放映的影片与影票不符。", tickets);
      }
    }
  }

  // A gate is one device's: two that let people in under one number while cut off could not know of each other.
  void add_gates() {
    struct Shared {
      std::set<std::string> devices;
      std::vector<std::string> tickets;
    };
    std::map<int, Shared> gates;
    for (const RedemptionId& id : day_.redemptions) {
      const RedemptionRecord& r = state_.redemptions().at(id);
      if (!r.offline || !r.door || r.gate == 0) continue;
      gates[r.gate].devices.insert(r.device);
      gates[r.gate].tickets.push_back(r.ticket.value());
    }
    for (auto& [gate, shared] : gates) {
      if (shared.devices.size() < 2) continue;
      std::string names;
      for (const std::string& device : shared.devices) names += (names.empty() ? "" : ", ") + device;
      const int count = static_cast<int>(shared.devices.size());
      note("gate-shared", Level::alarm, "gate-" + std::to_string(gate), count,
           std::to_string(count) + " devices let people in as gate " + std::to_string(gate) + " while they were cut off: " + names + ". A ticket may have let in two.",
           std::to_string(count) + " 台设备在离线时都以 " + std::to_string(gate) + " 号检票口放行：" + names + "。可能有一票入场两人。", std::move(shared.tickets));
    }
  }

  const LedgerState& state_;
  const Config& config_;
  const DayRules rules_;
  const DayRecords& day_;
  BusinessDate date_;
  bool final_;
  int reckoning_;
  std::map<base::TicketId, std::vector<const PlayRecord*>> plays_;
  std::map<base::TicketId, std::vector<const EvacuationCase*>> cases_;
  std::vector<Discrepancy> found_;
};

}  // namespace

DayReport compose_day_report(const LedgerState& state, BusinessDate date, bool final, int revision, int reckoning) {
  return Composer(state, date, final, reckoning).run(revision);
}

int counter_allowance(int n, double miss_rate) {
  const double people = n;
  return static_cast<int>(std::ceil(people * miss_rate + 3.0 * std::sqrt(people * miss_rate * (1.0 - miss_rate))));
}

std::optional<Discrepancy> compare_bodies(const std::string& hall, int redeemed, const Bodies& bodies, double miss_rate, int returned) {
  if (!bodies.entered) {
    return Discrepancy{"bodies-unknown", Level::note, hall, 0, "Bodies are unknown: " + bodies.reason + ".", "人数未知：" + bodies.reason + "。", {}};
  }
  const int seen = *bodies.entered;
  if (seen == redeemed) return std::nullopt;
  const int allowance = counter_allowance(redeemed, miss_rate);
  const std::string numbers_en = "Door counter " + std::to_string(seen) + ", redeemed " + std::to_string(redeemed);
  const std::string numbers_zh = "门口计数 " + std::to_string(seen) + "，检票 " + std::to_string(redeemed);
  const int difference = std::abs(seen - redeemed);
  if (difference <= allowance) {
    return Discrepancy{"door-counter-error", Level::note, hall, difference, numbers_en + ": within the counter's known error of " + std::to_string(allowance) + ".",
                       numbers_zh + "：在计数器已知误差 " + std::to_string(allowance) + " 之内。", {}};
  }
  if (seen > redeemed && difference <= allowance + returned) {
    return Discrepancy{"evacuation-reentry", Level::note, hall, difference, numbers_en + ": " + std::to_string(returned) + " times a viewer came in again to go on after an evacuation, or may have.",
                       numbers_zh + "：疏散后续看再次入场（或可能再次入场）共 " + std::to_string(returned) + " 人次。", {}};
  }
  if (seen > redeemed) {
    return Discrepancy{"unticketed-entry", Level::alarm, hall, difference, numbers_en + ": more people than tickets went in.", numbers_zh + "：入场人数多于检票数。", {}};
  }
  return Discrepancy{"fewer-bodies", Level::warning, hall, difference, numbers_en + ": fewer people than redeemed tickets went in.", numbers_zh + "：入场人数少于检票数。", {}};
}

}  // namespace promenade::ticketing
