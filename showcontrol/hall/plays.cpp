// Plays under way: gates, authorities, progress, and what the box office is told of them.

#include <algorithm>

#include "showcontrol/hall/records.h"
#include "showcontrol/hall/state.h"
#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::hall {

namespace {
constexpr double kGiveUpStart_s = 20.0;  // a start whose viewer is not ready for so long is planned anew
constexpr double kNearStop_m = 2.0;      // more than is walked between two looks, and while the record of it is written
constexpr double kMoved_m = 0.5;         // a head that is worn moves by more than this in a few seconds
constexpr base::Duration kHeardLately{1'000'000};
constexpr base::Duration kOvertakeEvery{1'000'000};

Walked reported_by(const protocol::Progress& progress) {
  return {progress.block, progress.stage, progress.scene_time, progress.ready};
}
}  // namespace

Course* Hall::State::course_of(const Visit& visit) {
  if (!visit.play) return nullptr;
  const auto found = courses.find(visit.play->course);
  return found == courses.end() ? nullptr : &found->second;
}
const Course* Hall::State::course_of(const Visit& visit) const { return const_cast<State*>(this)->course_of(visit); }

// ---------------------------------------------------------------- facts

ticketing::RequestHead Hall::State::head(std::string key, HallTime at) const {
  return {std::move(key), config.venue.hall.value(), utc(at), "promenade-hall"};
}

OutboxItem Hall::State::grant_fact(const Visit& visit, const Course& course) const {
  ticketing::GrantRequest grant;
  grant.head = head("grant-" + visit.play->code, now);
  grant.redemption = ticketing::RedemptionId(visit.redemption);
  grant.headset = visit.headset;
  grant.film = course.film;
  if (course.shown != nullptr) grant.package_hash = course.shown->package_hash;
  grant.play = ticketing::PlayCode(visit.play->code);
  grant.offline = true;  // it has been given: the viewer is on his way before the box office hears of it
  return {grant.head.idempotency_key, std::string(ticketing::GrantRequest::kKind), ticketing::to_json(grant).dump()};
}

void Hall::State::start_play(Visit& visit) {
  Course& course = *course_of(visit);
  Play& play = *visit.play;
  if (play.started || play.ended) return;
  play.started = true;
  learn_wait(visit);
  start_class_group(course.id);
  ++counts.plays_started;
  ++mode.plays_today;
  set_phase(visit, Phase::playing);
  ticketing::PlayStarted started;
  started.head = head("start-" + play.code, now);
  started.play = ticketing::PlayCode(play.code);
  started.grant = ticketing::GrantId("grant-" + play.code);
  started.film = course.film;
  if (course.shown != nullptr) started.package_hash = course.shown->package_hash;
  started.headset = visit.headset;
  started.start = utc();
  if (play.enter_scene > 0 || !course.plan.joins.is_none()) started.scene = base::formatted("{}", play.enter_scene + 1);
  save(visit, {{started.head.idempotency_key, std::string(ticketing::PlayStarted::kKind), ticketing::to_json(started).dump()}});
  save_mode();
  note(NoteKind::play_event, visit.headset, play.id,
       started.scene.empty() ? base::formatted("Film {} has started.", course.film.value()) : base::formatted("Film {} has started for him in scene {}.", course.film.value(), started.scene));
}

void Hall::State::end_play(Visit& visit, bool completed, std::string_view reason, std::vector<OutboxItem>& facts) {
  Play& play = *visit.play;
  if (play.ended) return;
  play.ended = true;
  play.completed = completed;
  completed ? ++counts.plays_completed : ++counts.plays_ended_early;
  completed ? ++mode.completed_today : ++mode.ended_early_today;
  save_mode();
  ticketing::PlayEnded ended;
  ended.head = head("end-" + play.code, now);
  ended.play = ticketing::PlayCode(play.code);
  ended.completed = completed;
  ended.reason = std::string(reason);
  ended.end = utc();
  ended.worn_share = play.shown_s > 0.0 ? std::clamp(play.worn_s / play.shown_s, 0.0, 1.0) : 0.0;
  ended.moved = play.motion_m >= kMoved_m;
  ended.interruptions = play.interruptions;
  ended.swaps = play.swaps;
  ended.came_in_again = visit.came_in_again;
  if (reason == ticketing::kEvacuated) {
    ended.evacuation = evacuation_id();
    const Course* course = course_of(visit);
    const std::size_t first = course != nullptr ? course->first_scene() : 0;
    if (course != nullptr && play.walked.block >= first) {
      const std::size_t in_film = std::min<std::size_t>(play.walked.block, course->plan.last_scene_block());
      ended.scene = base::formatted("{}", course->plan.blocks[in_film].scene + 1);
    }
  }
  facts.push_back({ended.head.idempotency_key, std::string(ticketing::PlayEnded::kKind), ticketing::to_json(ended).dump()});
  note(NoteKind::play_event, visit.headset, play.id, base::formatted("The film has ended ({}).", reason));
}

// ---------------------------------------------------------------- progress

Walked Hall::State::hindmost(const Course& course, double* along_m) const {
  std::optional<Walked> last;
  double along = 0.0;
  for (const ViewerId id : course.members) {
    const auto at = visits.find(id);
    if (at == visits.end() || !at->second.play || at->second.play->out) continue;
    const Visit& visit = at->second;
    const Walked& walked = visit.play->walked;
    const planning::Block& block = course.plan.blocks[std::min<std::size_t>(walked.block, course.blocks() - 1)];
    double own = walked.stage == BlockStage::walking && !visit.head_known ? 0.0 : along_block_m(block, walked, visit.last_head, visit.play->place);
    if (walked.stage == BlockStage::walking) own = std::min(own, std::max(0.0, block.length_m - 0.01));
    const bool is_behind = !last || walked.block < last->block || (walked.block == last->block && (walked.stage < last->stage || (walked.stage == last->stage && own < along)));
    if (!is_behind) continue;
    last = walked;
    along = own;
  }
  if (along_m != nullptr) *along_m = along;
  return last.value_or(Walked{});
}

void Hall::State::report_course(Course& course) {
  if (course.closed || course.granted_gate < 0 || !interlocking.contains(course.id)) return;
  double along_m = 0.0;
  const Walked last = hindmost(course, &along_m);
  if (last.stage == BlockStage::before) return;
  interlocking.progress(course.id, last.block, along_m, now_s());
  if (last.stage == BlockStage::in_scene) {
    double remaining = 0.0;
    for (const ViewerId id : course.members) {
      const auto at = visits.find(id);
      if (at != visits.end() && at->second.play && !at->second.play->out) remaining = std::max(remaining, remaining_stay_s(course, at->second.play->walked));
    }
    interlocking.expect_ready(course.id, now_s() + remaining);
  }
}

void Hall::State::follow_progress(Visit& visit, const protocol::HeadsetState& state, HallPoint head_at) {
  const protocol::Progress& progress = state.progress;
  Course* course = course_of(visit);
  if (course == nullptr || progress.play != visit.play->id || visit.play->out) return;
  Play& play = *visit.play;
  visit.last_head = head_at;
  Walked reported = reported_by(progress);
  const int numbered = reported.block + play.shift;
  if (numbered < 0 || numbered > 255) return;
  reported.block = static_cast<std::uint8_t>(numbered);
  if (reported.stage != BlockStage::before && static_cast<int>(reported.block) > course->granted_gate) {
    if (!visit.unopened_gate) {
      visit.unopened_gate = true;
      ++counts.commands_without_gate;
      note(NoteKind::alarm, visit.headset, play.id, base::formatted("A viewer is past gate {}, which was not opened for him.", reported.block),
           "Go to the viewer; lead him out or back.", "gate-unopened");
    }
    return;
  }
  visit.unopened_gate = false;
  if (is_ahead(reported, play.walked)) {
    const Walked before = play.walked;
    play.walked = reported;
    const std::size_t first = course->first_scene();
    const bool in_first_scene = reported.block > first || (reported.block == first && reported.stage >= BlockStage::in_scene);
    if (in_first_scene && !play.started && !play.ended) start_play(visit);
    if (in_first_scene && !course->plan.joins.is_none()) return join_group(visit);
    const std::size_t scenes = course->scenes();
    const bool over = reported.block >= scenes || (reported.block + std::size_t{1} == scenes && reported.ready);
    std::vector<OutboxItem> facts;
    if (over && play.started && !play.ended) {
      end_play(visit, true, "end", facts);
      set_phase(visit, Phase::finished);
    }
    if (reported.block >= scenes && visit.phase == Phase::finished) set_phase(visit, Phase::guided_out);
    const bool step = before.block != reported.block || before.stage != reported.stage;
    if (!facts.empty() || step) save(visit, std::move(facts));
    if (reported.block >= scenes && reported.stage == BlockStage::done) {
      leave_course(visit);
      return;
    }
  }
  follow_choice(visit, state.chosen);
  report_course(*course);
}

// ---------------------------------------------------------------- gates

bool Hall::State::is_fit(const Visit& visit) const {
  const Headset& headset = headsets.at(visit.headset);
  return headset.heard_ever() && now - headset.heard() <= kHeardLately && headset.is_connected() && headset.calibrated() &&
         headset.newest().worn && effective(visit, headset).level < tracking::Level::pause && visit.evaluated_once && !visit.awaited &&
         !visit.leading_out && !visit.unopened_gate;
}

bool Hall::State::members_fit(const Course& course) const {
  return std::ranges::all_of(course.members, [&](ViewerId id) {
    const Visit& visit = visits.at(id);
    return !visit.play || visit.play->out || is_fit(visit);
  });
}

void Hall::State::open_gates() {
  if (mode.stopped || mode.evacuate || mode.paused || !leads()) return;
  std::vector<PlayId> given_up;
  for (auto& [id, course] : courses) {
    if (course.closed || !interlocking.contains(id)) continue;
    if (course.granted_gate >= 0 && !members_fit(course)) interlocking.expect_held(id, now_s() + planning::kStandsStill_s);
    if (store_failing && course.granted_gate == 0 && told_gate(course) < 0 && course.authority_until == HallTime{}) {
      // Opened, and then its record could not be written: nobody was told, and nobody shall wait behind it.
      interlocking.revoke(id, 0);
      given_up.push_back(id);
      continue;
    }
    const int gate = course.granted_gate + 1;
    if (gate >= static_cast<int>(course.blocks())) continue;
    if (gate == 0) {
      // Plays under way may be ordered behind this one: what may not start must not keep its place either.
      if (!mode.admission_open || store_failing) {
        given_up.push_back(id);
        continue;
      }
      if (!durable(course.plan_token)) continue;
      if (now_s() + config.limits.ready_ahead_s < course.plan.enter_s[0]) continue;
      if (!members_fit(course)) {
        if (!course.unfit_since) course.unfit_since = now;
        const bool due = now_s() >= course.plan.enter_s[0] && now - *course.unfit_since >= config.limits.late_after;
        if (due && leave_late_behind(course)) continue;
        if (base::to_seconds(now - *course.unfit_since) > kGiveUpStart_s) given_up.push_back(id);
        continue;
      }
      course.unfit_since.reset();
      if (now_s() < course.plan.enter_s[0]) continue;
    } else {
      double along_m = 0.0;
      const Walked last = hindmost(course, &along_m);
      // On ways in and out the next gate opens while the viewer comes near it, so that he need not stop.
      const bool on_way = last.block < course.first_scene() || last.block >= course.scenes();
      const bool nears = on_way && last.stage == BlockStage::walking && along_m + kNearStop_m > course.plan.blocks[last.block].length_m;
      if (static_cast<int>(last.block) != course.granted_gate || (last.stage != BlockStage::in_scene && !nears)) continue;
      double remaining = 0.0;
      for (const ViewerId member : course.members) {
        const Visit& visit = visits.at(member);
        if (visit.play && !visit.play->out) remaining = std::max(remaining, remaining_stay_s(course, visit.play->walked));
      }
      const double open_s = now_s() + remaining;
      if (open_s > now_s() + config.limits.ready_ahead_s || !members_fit(course)) continue;
    }
    const auto block = static_cast<std::size_t>(gate);
    if (!interlocking.may_enter(id, block).open && now >= course.next_overtake) {
      course.next_overtake = now + kOvertakeEvery;
      save_orders(interlocking.overtake(id, block, now_s()));
    }
    if (interlocking.may_enter(id, block).open) open_gate(course, gate);
  }
  for (const PlayId id : given_up) {
    cancel_course(id, store_failing ? "records cannot be written" : !mode.admission_open ? "nothing new starts" : "the viewer was not ready");
  }
}

// Before a gate is told that depends on them: a later token is durable only when these are.
void Hall::State::save_orders(const std::vector<PlayId>& changed) {
  std::vector<StateRecord> records;
  for (const PlayId id : changed) {
    const auto course = courses.find(id);
    if (course != courses.end()) records.push_back({"course", std::to_string(id.value()), to_record(course->second, &interlocking.saved(id))});
  }
  if (!records.empty()) persist(std::move(records));
}

void Hall::State::open_gate(Course& course, int gate) {
  interlocking.grant(course.id, static_cast<std::size_t>(gate));
  course.granted_gate = gate;
  course.gate_opened = now;
  ++counts.gates_opened;
  std::vector<OutboxItem> facts;
  for (const ViewerId id : course.members) {
    Visit& visit = visit_of(id);
    if (!visit.play || visit.play->out) continue;
    if (gate == 0) {
      if (visit.child && is_alone(visit)) {
        note(NoteKind::alarm, visit.headset, visit.play->id, "A child sets out, and no adult is with him.", "Go with him; place a companion beside him on the console.", "child-alone");
      }
      visit.play->granted = true;
      set_phase(visit, Phase::guided);
      facts.push_back(grant_fact(visit, course));
    }
    headset_of(visit.headset).next_down = now;
  }
  for (std::size_t i = 1; gate == 0 && i < course.members.size(); ++i) save(visit_of(course.members[i]));
  course.gate_token = save(visit_of(course.members.front()), course, std::move(facts));
}

int Hall::State::told_gate(const Course& course) const {
  if (durable(course.gate_token) && durable(course.plan_token)) return course.granted_gate;
  // Running plays go on, unless another hall could take over that would not know of it.
  if (store_failing && course.granted_gate > 0 && leads_alone()) return course.granted_gate;
  return course.granted_gate - 1;
}

bool Hall::State::authority_holds(const Visit& visit, const Course& course) const {
  if (mode.stopped || mode.evacuate || !leads() || course.closed || !visit.play || visit.play->out) return false;
  if (visit.leading_out || visit.unopened_gate || visit.ordered.level >= tracking::Level::pause) return false;
  const int gate = told_gate(course);
  if (gate < 0) return false;
  const bool entered = visit.play->walked.stage != BlockStage::before && visit.play->walked.block >= gate;
  return entered || (has_turn(visit, course, static_cast<std::size_t>(gate)) && interlocking.body_in_way(course.plan.blocks[static_cast<std::size_t>(gate)]).is_none());
}

// ---------------------------------------------------------------- leaving

void Hall::State::leave_course(Visit& visit) {
  Course* course = course_of(visit);
  if (course == nullptr || visit.play->out) return;
  visit.play->out = true;
  const bool anybody = std::ranges::any_of(course->members, [&](ViewerId id) {
    const auto at = visits.find(id);
    return at != visits.end() && at->second.play && !at->second.play->out;
  });
  if (!anybody) {
    course->closed = true;
    interlocking.remove(course->id);
  } else {
    report_course(*course);
  }
  if (const tracking::Body* body = bodies.find(visit.body)) keep_clear_of(visit, *body);
  save(visit, *course);
}

void Hall::State::forget_course(Visit& visit) {
  Course* course = course_of(visit);
  if (course == nullptr) return;
  std::erase(course->members, visit.viewer);
  if (!course->members.empty()) return;
  const PlayId id = course->id;
  courses.erase(id);
  persist({StateRecord{"course", std::to_string(id.value()), {}}});
}

void Hall::State::finish_leading_out() {
  for (auto& [id, visit] : visits) {
    if (!visit.leading_out || visit.phase == Phase::guided_out || mode.evacuate) continue;
    Course* course = course_of(visit);
    if (course != nullptr && !visit.play->out) {
      const bool unused = static_cast<int>(visit.play->walked.block) < course->granted_gate || visit.play->walked.stage == BlockStage::before;
      if (course->granted_gate >= 0 && unused && now < course->authority_until + config.limits.clock_margin) continue;
    }
    std::vector<OutboxItem> facts;
    if (visit.play && visit.play->started) end_play(visit, false, visit.interrupted ? ticketing::kEvacuated : "viewer-left", facts);
    if (visit.play && course != nullptr && course->granted_gate < 0) {
      leave_course(visit);
      forget_course(visit);
      visit.play.reset();
    } else {
      leave_course(visit);
    }
    set_phase(visit, Phase::guided_out);
    save(visit, std::move(facts));
  }
}

}  // namespace promenade::hall
