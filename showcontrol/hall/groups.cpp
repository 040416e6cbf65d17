// Groups: who of a party share a plan, who walks hand in hand, who is left behind when his group starts, and in which
// order its members walk where their lanes meet.

#include <algorithm>

#include "showcontrol/hall/state.h"
#include "tracking/base/formatted.h"

namespace promenade::hall {

namespace {

constexpr base::Duration kTurnPatience{12'000'000};  // for each who sets out before: then he goes, too, and sees who is before him
constexpr double kBehind_m = 1.5;                   // one who walks as fast
constexpr double kExitFree_m = 1.3;                 // from the exit, of who came out before

struct Unit {  // one viewer, or two hand in hand
  std::vector<ViewerId> members;
  bool adult = false;
};

std::vector<planning::GroupMember> as_group(const std::vector<bool>& hands, int absent) {
  std::vector<planning::GroupMember> group(hands.size() + static_cast<std::size_t>(absent));
  for (std::size_t i = 0; i < hands.size(); ++i) group[i].hand = hands[i];
  return group;
}

}  // namespace

bool Hall::State::may_plan(const Visit& visit) const {
  return visit.phase == Phase::waiting && visit.chosen && !visit.play && !visit.leading_out && !visit.interrupted && !visit.too_late;
}

// Hand in hand go those of whom staff said so, and every other child with an adult as far as there are any, as they were bound. Each group gets an
// adult as long as there is one for every group still to come; the groups are as even as their number allows.
std::vector<Hall::State::Turn> Hall::State::group_turns(std::uint16_t party, const Film& film, std::vector<ViewerId> waiting) const {
  const package::Route& route = *film.manifest.route;
  std::ranges::stable_sort(waiting, {}, [&](ViewerId id) { return *visits.at(id).chosen; });
  const auto coming = static_cast<std::size_t>(std::ranges::count_if(visits, [&](const auto& one) {
    const Visit& visit = one.second;
    const bool may = visit.film == film.manifest.film || std::ranges::contains(visit.allowed, film.manifest.film);
    return visit.party == party && visit.phase >= Phase::redeemed && visit.phase < Phase::waiting && may;
  }));
  // Of those whom staff have said to belong to it, who have no headset yet.
  std::size_t people = 0, here = 0;
  for (const auto& [id, visit] : visits) {
    if (visit.party != party) continue;
    people = std::max<std::size_t>(people, visit.party_people);
    ++here;
  }
  const std::size_t unbound = is_class(party) || people <= here ? 0 : people - here;
  std::vector<Unit> units;
  std::vector<ViewerId> adults, children;
  for (const ViewerId id : waiting) {
    const Visit& visit = visits.at(id);
    const ViewerId hand = visit.wants_hand;
    const auto partner = visits.find(hand);
    const bool fitted_yet = partner == visits.end() || partner->second.phase < Phase::redeemed || partner->second.phase >= Phase::waiting;
    if (!fitted_yet) continue;  // he waits for the one whose hand he holds
    if (std::ranges::contains(waiting, hand)) {  // as staff said
      if (id < hand) units.push_back({{id, hand}, !visit.child || !visits.at(hand).child});
    } else if (partner != visits.end()) {
      units.push_back({{id}, !visit.child});  // that one has a start already: nobody else's hand is his
    } else {
      (visit.child ? children : adults).push_back(id);
    }
  }
  for (std::vector<ViewerId>* alike : {&adults, &children}) std::ranges::sort(*alike);  // bound one after the other, they belong together
  for (std::size_t i = 0; i < std::max(adults.size(), children.size()); ++i) {
    if (i < adults.size() && i < children.size()) units.push_back({{adults[i], children[i]}, true});
    else if (i < adults.size()) units.push_back({{adults[i]}, true});
    else units.push_back({{children[i]}, false});
  }
  // Headsets are fitted one after the other: whoever has chosen last begins the wait for the next one anew.
  const HallTime last_chosen = *visits.at(waiting.back()).chosen;
  const auto room = static_cast<std::size_t>(std::min(route.group_max, planning::kGroupMost));
  std::vector<Turn> turns;
  std::size_t left = 0;
  for (const Unit& unit : units) left += unit.members.size();
  while (left > 0) {
    const std::size_t total = std::max(class_left(party, left + coming), unbound + left + coming);
    const std::size_t groups = (total + room - 1) / room;
    const std::size_t size = (total + groups - 1) / groups;
    const HallTime joined = *visits.at(units.front().members.front()).chosen;
    const base::Duration patience = is_class(party) ? config.limits.class_wait : config.limits.group_wait;
    if (left < size && total > left && now < last_chosen + patience) break;  // somebody of the party may still choose the same film
    Turn turn{{}, film.manifest.film, joined, {}, 0};
    auto with_adult = static_cast<std::size_t>(std::ranges::count(units, true, &Unit::adult));
    for (const bool alone_only : {false, true}) {
      for (auto unit = units.begin(); unit != units.end();) {
        const bool spare = turn.members.empty() || !unit->adult || with_adult >= groups;
        if ((!turn.members.empty() && turn.members.size() + unit->members.size() > size) || (unit->adult && !spare) || (alone_only && unit->members.size() > 1)) {
          ++unit;
          continue;
        }
        std::vector<bool> hands = turn.hands;
        for (std::size_t i = 0; i < unit->members.size(); ++i) hands.push_back(i > 0);
        if (!turn.members.empty() && !planning::may_share(route, as_group(hands, 0), floor.member_apart_m)) {
          ++unit;
          continue;
        }
        turn.hands = std::move(hands);
        turn.members.insert(turn.members.end(), unit->members.begin(), unit->members.end());
        if (unit->adult) --with_adult;
        unit = units.erase(unit);
      }
    }
    if (turn.members.size() == 2 && turn.hands[1] && !planning::may_share(route, as_group(turn.hands, 0), floor.member_apart_m)) {
      turns.push_back({{turn.members[1]}, film.manifest.film, joined, {false}, 0});  // no room for two: each a play of his own
      turn.members.resize(1);
      turn.hands.resize(1);
      --left;
    }
    left -= turn.members.size();
    // Who is still being fitted when his group goes has a place in it, and joins it later.
    const auto same_film = static_cast<std::size_t>(std::ranges::count_if(visits, [&](const auto& one) {
      return one.second.party == party && one.second.film == turn.film && one.second.wants_hand.is_none() && one.second.phase >= Phase::redeemed && one.second.phase < Phase::waiting;
    }));
    const std::size_t missing = left == 0 && turn.members.size() < size ? std::min(same_film, size - turn.members.size()) : 0;
    turn.absent = static_cast<int>(missing);
    while (turn.absent > 0 && !planning::may_share(route, as_group(turn.hands, turn.absent), floor.member_apart_m)) --turn.absent;
    turns.push_back(std::move(turn));
  }
  return turns;
}

std::vector<std::uint8_t> Hall::State::free_places(const Course& course) const {
  std::vector<std::uint8_t> free;
  for (int place = 0; place < course.plan.members; ++place) {
    const bool taken = std::ranges::any_of(course.members, [&](ViewerId id) {
      const auto at = visits.find(id);
      return at != visits.end() && at->second.play && at->second.play->place == place;
    });
    if (!taken) free.push_back(static_cast<std::uint8_t>(place));
  }
  return free;
}

bool Hall::State::leave_late_behind(Course& course) {
  std::vector<ViewerId> late;
  const auto is_late = [&](ViewerId id) { return std::ranges::contains(late, id); };
  for (const ViewerId id : course.members) {
    const Visit& visit = visits.at(id);
    const bool hand_late = !visit.play->hand.is_none() && !is_fit(visits.at(visit.play->hand));
    if (!is_fit(visit) || hand_late) late.push_back(id);  // a pair stays together
  }
  if (late.empty() || late.size() == course.members.size()) return false;
  // Nor is a child left to a group without anybody who is grown up.
  const auto goes = [&](bool child) { return std::ranges::any_of(course.members, [&](ViewerId id) { return !is_late(id) && visits.at(id).child == child; }); };
  const bool had_adult = std::ranges::any_of(course.members, [&](ViewerId id) { return !visits.at(id).child; });
  if (had_adult && goes(true) && !goes(false)) return false;
  for (const ViewerId id : late) {
    Visit& visit = visit_of(id);
    std::erase(course.members, id);
    course.awaited.push_back(id);
    note(NoteKind::alarm, visit.headset, visit.play->id, "His group starts without him: he is not ready.",
         "Help him; once he is ready he is led to his group, where that can be done, or has the next start.", "group-late");
    visit.play.reset();
    save(visit);
  }
  course.unfit_since.reset();
  save(visit_of(course.members.front()), course);
  return true;
}

// Who stands in another's way sets out before him; of others the one whose place lies farthest ahead, so that nobody has to
// pass one who has come to his place; the next one sets out when he would stay behind him, or at once where their lanes are
// not near each other. Through the door at the end the nearest goes first, and the next one when that one is gone from it.
// Who hold hands go together.
bool Hall::State::has_turn(const Visit& visit, const Course& course, std::size_t block) const {
  const bool last = block + 1 == course.blocks() && block >= course.scenes();
  const planning::Block& way = course.plan.blocks[block];
  if (way.lanes.empty() || way.path.size() < 2) return true;
  const HallVec leg = way.path.back() - way.path[way.path.size() - 2];
  const HallVec ahead = leg * (1.0 / std::max(1e-6, tracking::length(leg)));
  struct Rank {
    double first = 0.0;
    std::size_t place = 0;
    auto operator<=>(const Rank&) const = default;
  };
  const auto rank_of = [&](const Play& play) {
    const auto of = [&](std::size_t place) {
      return Rank{last ? planning::path_length_m(way.lane(place)) : -tracking::dot(way.lane(place).back() - way.path.back(), ahead), place};
    };
    const auto hand = visits.find(play.hand);
    const bool beside = hand != visits.end() && hand->second.play && hand->second.play->course == course.id;
    return beside ? std::min(of(play.place), of(hand->second.play->place)) : of(play.place);
  };
  const Rank own = rank_of(*visit.play);
  const planning::Block mine = planning::make_block(way.lane(visit.play->place), 0.0, 0.0, planning::kNoScene);
  const planning::Path& lane = way.lane(visit.play->place);
  const std::size_t begun = lane.size() > way.path.size() ? lane.size() - way.path.size() : 0;
  const planning::Block own_beginning = planning::make_block({lane.begin(), lane.begin() + static_cast<std::ptrdiff_t>(begun) + 1}, 0.0, 0.0, planning::kNoScene);
  base::Duration patience{0};
  bool waits = false;
  for (const ViewerId id : course.members) {
    const auto at = visits.find(id);
    if (id == visit.viewer || id == visit.play->hand || at == visits.end() || !at->second.play) continue;
    const Play& other = *at->second.play;
    if (other.walked.block > block) continue;
    const planning::Block theirs = planning::make_block(way.lane(other.place), 0.0, 0.0, planning::kNoScene);
    const double near_m = config.venue.safety.group.warn_m;
    const bool passes_him = planning::touches(mine, theirs.path.front(), near_m), is_passed = planning::touches(theirs, mine.path.front(), near_m);
    const bool he_first = !last && passes_him != is_passed ? passes_him : rank_of(other) < own;
    if (!he_first) continue;
    patience += kTurnPatience;
    const auto conflict = planning::block_conflict(theirs, mine, config.venue.safety.group.warn_m);
    if (!conflict) continue;
    if (last) {
      const tracking::Body* body = bodies.find(at->second.body);
      waits = waits || !other.out || (body != nullptr && tracking::distance(body->position, theirs.place()) < kExitFree_m);
      continue;
    }
    const bool walks = other.walked.block == block && other.walked.stage == BlockStage::walking;
    if (other.walked.block == block && other.walked.stage > BlockStage::walking) continue;  // at his place, which lies ahead
    const double along_m = walks ? nearest_on_path(theirs.path, at->second.last_head).along_m : 0.0;
    // Both as fast as each other, he would come to his place so far behind the other one.
    const double behind_m = mine.length_m - (theirs.length_m - along_m) + tracking::dot(theirs.place() - mine.place(), ahead);
    waits = waits || ((!walks || behind_m < kBehind_m) && along_m <= conflict->clear_a_m);
    // Until his lane is the others', shifted, it may cross theirs: whoever is before him has passed there first.
    const auto crossing = planning::block_conflict(theirs, own_beginning, config.venue.safety.group.warn_m);
    waits = waits || (crossing && along_m <= crossing->clear_a_m);
  }
  return !waits || (!last && now - course.gate_opened >= patience);
}

}  // namespace promenade::hall
