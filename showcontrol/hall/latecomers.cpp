// Latecomers: whose group started without them. Once such a viewer is ready and his group stands in a scene in which it can
// be held until he has come, he is led there, by a way that is planned and interlocked as any other, and joins it: from
// then on he is one of its members. Where that cannot be planned he waits for the next start like everybody else.

#include <algorithm>

#include "showcontrol/hall/state.h"
#include "tracking/base/formatted.h"

namespace promenade::hall {

namespace {
constexpr double kLead_s = 2.0;        // from the question to his entry, at the least
constexpr double kSlower = 1.15;       // than the plan reckons, on the way to them
constexpr std::size_t kLastScenes = 1;  // of the film: who would come only to its end has the next start
}  // namespace

// Of the course's scenes, the one in which all members stand and from which no gate has been opened; nothing elsewhere.
static std::optional<std::size_t> stands_in(const Course& course, const Walked& hindmost) {
  const bool scene = hindmost.block >= course.first_scene() && hindmost.block + kLastScenes < course.scenes();
  if (!scene || hindmost.stage != BlockStage::in_scene || course.granted_gate > hindmost.block) return std::nullopt;
  return hindmost.block;
}

const Course* Hall::State::group_to_join(const Visit& visit) const {
  if (visit.party == 0 || !may_plan(visit)) return nullptr;
  for (const auto& [id, course] : courses) {
    if (course.closed || course.film != visit.film || !std::ranges::contains(course.awaited, visit.viewer) || free_places(course).empty()) continue;
    // A late pair has a start of its own, together.
    const bool with_hand = std::ranges::any_of(course.awaited, [&](ViewerId other) {
      const auto at = visits.find(other);
      return at != visits.end() && at->second.child != visit.child && at->second.film == visit.film && may_plan(at->second);
    });
    if (with_hand) continue;
    if (course.granted_gate >= 0 && hindmost(course).block + kLastScenes >= course.scenes()) continue;
    return &course;
  }
  return nullptr;
}

bool Hall::State::ask_join() {
  for (auto& [id, visit] : visits) {
    const Course* course = group_to_join(visit);
    if (course == nullptr || course->granted_gate < 0 || !is_fit(visit)) continue;
    if (is_asked_later(id)) continue;
    const bool expected = std::ranges::any_of(courses, [&](const auto& one) { return one.second.plan.joins == course->id; });
    const auto block = stands_in(*course, hindmost(*course));
    if (!block || expected) continue;  // one after the other
    double stays_s = 0.0;
    for (const ViewerId member : course->members) {
      const auto at = visits.find(member);
      if (at != visits.end() && at->second.play && !at->second.play->out) stays_s = std::max(stays_s, remaining_stay_s(*course, at->second.play->walked));
    }
    const planning::Block& scene = course->plan.blocks[*block];
    const HallPoint place = scene.lane(free_places(*course).front()).back();
    const double may_take_s = stays_s + scene.hold_max_s;
    const HallPoint from = start_of(visit);
    const double least_s = kLead_s + floor.setting_off_s + tracking::distance(from, place) / course->plan.speed_mps * kSlower;
    if (least_s > may_take_s) continue;  // a later scene, perhaps
    PlanInFlight asked;
    asked.members = {id};
    asked.hands = {false};
    asked.film = course->film;
    asked.join_by = now + base::from_seconds(may_take_s);
    planning::PlanRequest request;
    package::Scene there;
    there.name = "joined";
    request.route.scenes = {there};
    request.route.walk_speed_mps = course->plan.speed_mps;
    request.seat = place;
    request.joins = course->id;
    request.joins_block = *block;
    request.enter_from = from;
    request.enter_by = straight_off(from);
    request.earliest_s = now_s() + kLead_s;
    request.wait_max_s = std::max(0.0, may_take_s - least_s);
    ask(std::move(asked), std::move(request));
    return true;
  }
  return false;
}

// A second look: his group still stands there and can be held until he comes, and his way passes none of them.
bool Hall::State::may_join(const PlanInFlight& asked, const planning::PlayPlan& plan) const {
  const auto found = courses.find(plan.joins);
  if (found == courses.end() || found->second.closed) return false;
  const Course& course = found->second;
  const std::vector<std::uint8_t> free = free_places(course);
  if (free.empty() || stands_in(course, hindmost(course)) != plan.joins_block) return false;
  const double walks_s = plan.start_s() - plan.enter_s.front();
  if (base::hall_time(plan.enter_s.front() + walks_s * kSlower) > asked.join_by) return false;
  const planning::Block& scene = course.plan.blocks[plan.joins_block];
  return std::ranges::all_of(course.members, [&](ViewerId id) {
    const auto at = visits.find(id);
    if (at == visits.end() || !at->second.play) return true;
    const HallPoint stands = scene.lane(at->second.play->place).back();
    return std::ranges::none_of(plan.blocks, [&](const planning::Block& block) { return planning::touches(block, stands, config.venue.safety.group.warn_m); });
  });
}

void Hall::State::join_group(Visit& visit) {
  Course& way = *course_of(visit);
  Play& play = *visit.play;
  const auto found = courses.find(way.plan.joins);
  interlocking.remove(way.id);
  way.closed = true;
  if (found == courses.end() || found->second.closed) {  // they have all left meanwhile
    visit.leading_out = true;
    play.out = true;
    note(NoteKind::alarm, visit.headset, play.id, "A latecomer has come to where his group was, and nobody is there.", "Lead him out; he is due another start.", "group-gone");
    save(visit, way);
    return;
  }
  Course& group = found->second;
  const std::size_t own_block = way.first_scene();
  play.joined_way.clear();
  play.joined_stops.clear();
  add_way(way.plan, 0, own_block, play.place, play.joined_way, play.joined_stops);
  play.shift = static_cast<int>(way.plan.joins_block) - static_cast<int>(own_block);
  play.walked.block = static_cast<std::uint8_t>(way.plan.joins_block);
  const PlayId left = way.id;
  play.course = group.id;
  group.members.push_back(visit.viewer);
  courses.erase(left);
  headset_of(visit.headset).next_down = now;
  note(NoteKind::play_event, visit.headset, play.id, base::formatted("He has joined his group in scene {}.", play.enter_scene + 1));
  persist({StateRecord{"course", std::to_string(left.value()), {}}});
  save(visit, group);
  report_course(group);
}

std::optional<protocol::OwnPlace> Hall::State::own_place_of(const Visit& visit) const {
  const Course* course = course_of(visit);
  if (course == nullptr) return std::nullopt;
  const auto joined = course->plan.joins.is_none() ? courses.end() : courses.find(course->plan.joins);
  const Course& group = joined == courses.end() ? *course : joined->second;
  const Play& play = *visit.play;
  if (play.place >= group.plan.offsets.size()) return std::nullopt;
  protocol::OwnPlace place{group.plan.offsets[play.place], play.enter_scene, {}};
  for (const ViewerId id : group.members) {  // as far as the first of them has it: the film loops for him, too
    const auto at = visits.find(id);
    if (joined == courses.end() || at == visits.end() || !at->second.play || at->second.play->walked.block != course->plan.joins_block) continue;
    place.enter_scene_time = std::max(place.enter_scene_time, at->second.play->walked.scene_time);
  }
  return place;
}

void Hall::State::add_latecomer(const Visit& visit, protocol::HeadsetCard& card) const {
  const Course* group = group_to_join(visit);
  const Course* course = course_of(visit);
  if (course != nullptr && !course->plan.joins.is_none()) {
    card.latecomer = protocol::Latecomer::led;
    const auto found = courses.find(course->plan.joins);
    group = found == courses.end() ? nullptr : &found->second;
  } else if (group != nullptr && group->granted_gate >= 0) {
    card.latecomer = protocol::Latecomer::waits;
  } else {
    group = nullptr;
  }
  if (visit.play && (!visit.play->joined_way.empty() || card.latecomer == protocol::Latecomer::led)) card.joins_scene = static_cast<std::uint8_t>(visit.play->enter_scene + 1);
  if (group == nullptr || group->members.empty()) return;
  const auto first = visits.find(group->members.front());
  if (first != visits.end()) card.waits_for_headset = first->second.headset;
}

}  // namespace promenade::hall
