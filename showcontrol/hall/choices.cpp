// Choices of films whose route is a graph: what is on offer, what the viewer chose, and when it holds.
//
// A choice comes as state from the headset, is recorded, and only when that is durable does the plan shrink to it: so a run
// that is cut off between goes the same way again. Who does not choose until his scene is over goes the first way.

#include "showcontrol/hall/state.h"
#include "tracking/base/formatted.h"

namespace promenade::hall {

static_assert(package::kChoicesMost <= protocol::kChoicesMax && package::kNextMost <= protocol::kWaysMax);

namespace {

const package::Route* route_of(const Course& course) {
  return course.shown != nullptr && course.shown->manifest.route ? &*course.shown->manifest.route : nullptr;
}

// What may follow the scene in a block; fewer than two where nothing is chosen.
std::vector<std::uint32_t> ways_from(const Course& course, std::size_t block) {
  const package::Route* route = route_of(course);
  const int scene = course.plan.blocks[block].scene;
  if (route == nullptr || scene == planning::kNoScene || static_cast<std::size_t>(scene) >= route->scenes.size()) return {};
  return package::followers(*route, static_cast<std::uint32_t>(scene));
}

bool is_offered(const Course& course, std::size_t block, std::uint8_t way) {
  return way == 0 || std::ranges::any_of(course.plan.branches, [&](const planning::Branch& one) { return one.after == block && one.option == way; });
}

}  // namespace

std::vector<protocol::WayOrder> ways_told(const Course& course) {
  std::vector<protocol::WayOrder> ways;
  for (std::size_t k = 0; k + 1 < course.blocks(); ++k) {
    const std::vector<std::uint32_t> next = ways_from(course, k);
    const auto taken = std::ranges::find(next, static_cast<std::uint32_t>(course.plan.blocks[k + 1].scene));
    if (next.size() < 2 || taken == next.end()) continue;
    protocol::WayOrder way;
    way.way = static_cast<std::uint8_t>(taken - next.begin());
    way.offered = static_cast<std::uint8_t>(1u << way.way);
    for (const planning::Branch& branch : course.plan.branches) {
      if (branch.after == k) way.offered = static_cast<std::uint8_t>(way.offered | 1u << branch.option);
    }
    ways.push_back(way);
  }
  return ways;
}

// Until his choice is recorded a viewer may change it; of several who share a play, whoever chooses first chooses for all.
void Hall::State::follow_choice(Visit& visit, const std::vector<std::uint8_t>& chosen) {
  Course* course = course_of(visit);
  if (course == nullptr || visit.play->out || course->choice || course->closed) return;
  const auto at = planning::next_choice(course->plan);
  const Walked& walked = visit.play->walked;
  if (!at || walked.block != *at || walked.stage != BlockStage::in_scene) return;
  std::size_t number = 0;
  for (std::size_t k = 0; k < *at; ++k) number += ways_from(*course, k).size() > 1 ? 1 : 0;
  if (number >= chosen.size()) return;
  if (!is_offered(*course, *at, chosen[number])) {  // no headset offers it: as if he had not chosen
    if (!visit.way_refused) note(NoteKind::info, visit.headset, visit.play->id, "A way was asked for that is not on offer; without another choice the film goes on by its first way.");
    visit.way_refused = true;
    return;
  }
  choose_way(*course, chosen[number]);
}

void Hall::State::choose_way(Course& course, std::uint8_t way) {
  course.choice = way;
  Visit& first = visit_of(course.members.front());
  course.choice_token = save(first, course);
  const auto at = planning::next_choice(course.plan);
  const std::vector<std::uint32_t> next = ways_from(course, *at);
  if (way < next.size()) note(NoteKind::play_event, first.headset, course.id, base::formatted("The viewer goes on to scene {} ({}).", next[way] + 1, route_of(course)->scenes[next[way]].name));
}

void Hall::State::settle_choices() {
  for (auto& [id, course] : courses) {
    if (course.closed || !interlocking.contains(id)) continue;
    const auto at = planning::next_choice(course.plan);
    if (!at) continue;
    if (!course.choice) {
      const Walked last = hindmost(course);
      if (last.block == *at && last.stage == BlockStage::in_scene && remaining_stay_s(course, last) <= 0.0) choose_way(course, 0);
    }
    if (!course.choice || !(durable(course.choice_token) || store_failing)) continue;
    const std::uint8_t way = is_offered(course, *at, *course.choice) ? *course.choice : std::uint8_t{0};
    course.choice.reset();
    const std::vector<PlayId> changed = interlocking.choose(id, way);
    course.plan.choose(*at, way);
    course.plan.enter_s = interlocking.plan(id).enter_s;
    course.plan.end_s = interlocking.plan(id).end_s;
    save_orders(changed);
    for (const ViewerId member : course.members) {
      Visit& visit = visit_of(member);
      visit.way_refused = false;
      headset_of(visit.headset).next_down = now;
    }
  }
}

}  // namespace promenade::hall
