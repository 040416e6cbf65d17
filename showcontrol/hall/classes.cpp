// Classes: parties of more people than one group has. Staff say how many they are as the first of them is fitted; they are
// split evenly into groups that start in turn, and every group is told when that is: as planned or, until it is, as expected.

#include <algorithm>

#include "showcontrol/hall/records.h"
#include "showcontrol/hall/state.h"
#include "showcontrol/protocol/codec.h"

namespace promenade::hall {

namespace {
constexpr double kBetweenGroups_s = 60.0;  // starts of groups, until two of the class have started
}  // namespace

bool Hall::State::is_class(std::uint16_t party) const { return party != 0 && classes.contains(party); }

void Hall::State::note_class(const Visit& visit) {
  if (visit.party == 0) return;
  const auto here = static_cast<std::size_t>(std::ranges::count_if(visits, [&](const auto& one) { return one.second.party == visit.party; }));
  const std::size_t people = std::max<std::size_t>(visit.party_people, here);
  if (people <= static_cast<std::size_t>(planning::kGroupMost) && !classes.contains(visit.party)) return;
  SchoolClass& found = classes[visit.party];
  found.people = static_cast<std::uint8_t>(std::min<std::size_t>(255, std::max<std::size_t>(found.people, std::max(people, here + found.done))));
  if (found.film.is_none()) found.film = visit.film;
  save_class(visit.party);
}

void Hall::State::plan_class_group(const Course& course) {
  const Visit& first = visits.at(course.members.front());
  const auto found = classes.find(first.party);
  if (found == classes.end() || !course.plan.joins.is_none()) return;
  found->second.film = course.film;
  found->second.groups.push_back({course.id, static_cast<std::uint8_t>(course.members.size()), base::hall_time(course.plan.start_s()), false});
  save_class(first.party);
}

void Hall::State::forget_class_group(PlayId course) {
  for (auto& [party, one] : classes) {
    if (std::erase_if(one.groups, [&](const SchoolClass::Group& group) { return group.course == course; }) > 0) save_class(party);
  }
}

void Hall::State::start_class_group(PlayId course) {
  for (auto& [party, one] : classes) {
    for (SchoolClass::Group& group : one.groups) {
      if (group.course != course || group.started) continue;
      group.started = true;
      group.start = now;
      save_class(party);
    }
  }
}

void Hall::State::leave_class(const Visit& visit) {
  const auto found = classes.find(visit.party);
  if (visit.party == 0 || found == classes.end()) return;
  ++found->second.done;
  const bool still_here = std::ranges::any_of(visits, [&](const auto& one) { return one.second.party == visit.party && one.first != visit.viewer; });
  if (!still_here && found->second.done >= found->second.people) classes.erase(found);
  save_class(visit.party);
}

std::size_t Hall::State::class_left(std::uint16_t party, std::size_t here) const {
  const auto found = classes.find(party);
  if (found == classes.end()) return here;
  std::size_t grouped = 0;
  for (const SchoolClass::Group& group : found->second.groups) grouped += group.people;
  return std::max(here, found->second.people > grouped ? found->second.people - grouped : 0);
}

std::vector<protocol::ClassProgress> Hall::State::class_progress() const {
  std::vector<protocol::ClassProgress> all;
  for (const auto& [party, one] : classes) {
    if (all.size() == protocol::kClassesMax) break;
    protocol::ClassProgress progress{party, {}, one.people, one.done, {}};
    if (protocol::is_wire_film(one.film)) progress.film = one.film;
    std::vector<HallTime> started;
    HallTime last = now;
    for (const SchoolClass::Group& group : one.groups) {
      if (progress.groups.size() == protocol::kClassGroupsMax) break;
      const HallTime start = group.started ? group.start : std::max(now, group.start);
      progress.groups.push_back({group.people, start, true, group.started});
      if (group.started) started.push_back(group.start);
      last = std::max(last, start);
    }
    const Film* shown = film(one.film);
    const int room = shown != nullptr && shown->manifest.route ? std::clamp(shown->manifest.route->group_max, 1, planning::kGroupMost) : 1;
    const std::size_t left = class_left(party, 0);
    const std::size_t groups = (left + static_cast<std::size_t>(room) - 1) / static_cast<std::size_t>(room);
    // One after the other, as far apart as those that have started; the first not before somebody who chose now.
    double between_s = kBetweenGroups_s;
    if (started.size() > 1) between_s = base::to_seconds(started.back() - started.front()) / static_cast<double>(started.size() - 1);
    HallTime next = now + expected_wait(one.film).likely;
    if (!one.groups.empty()) next = std::max(next, last + base::from_seconds(between_s));
    for (std::size_t i = 0; i < groups && progress.groups.size() < protocol::kClassGroupsMax; ++i) {
      const std::size_t people = left / groups + (i < left % groups ? 1 : 0);
      progress.groups.push_back({static_cast<std::uint8_t>(people), next, false, false});
      next = next + base::from_seconds(between_s);
    }
    all.push_back(std::move(progress));
  }
  return all;
}

void Hall::State::save_class(std::uint16_t party) {
  const auto found = classes.find(party);
  persist({StateRecord{"class", std::to_string(party), found == classes.end() ? base::Bytes{} : to_record(found->second)}});
}

}  // namespace promenade::hall
