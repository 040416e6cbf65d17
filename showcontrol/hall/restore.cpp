// What is made durable, when, and how a new run takes it up again.

#include <algorithm>
#include <utility>

#include "showcontrol/hall/records.h"
#include "showcontrol/hall/state.h"
#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::hall {

namespace {
constexpr base::Duration kLeadMissed{1'000'000};  // without authority to give, until staff are told
}

std::uint64_t Hall::State::persist(std::vector<StateRecord> records, std::vector<OutboxItem> facts) {
  PROMENADE_ASSERT(out != nullptr);
  out->push_back(Persist{++last_token, std::move(records), std::move(facts)});
  return last_token;
}

std::uint64_t Hall::State::save(Visit& visit, std::vector<OutboxItem> facts) {
  visit.durable_at = persist({StateRecord{"visit", std::to_string(visit.viewer.value()), to_record(visit)}}, std::move(facts));
  // Progress belongs to the course as well: its record says where the interlocking has it.
  if (Course* course = course_of(visit); course != nullptr && !course->closed && course->plan_token != 0) {
    const planning::SavedPlay* held = interlocking.contains(course->id) ? &interlocking.saved(course->id) : nullptr;
    std::get<Persist>(out->back()).records.push_back({"course", std::to_string(course->id.value()), to_record(*course, held)});
  }
  return visit.durable_at;
}

std::uint64_t Hall::State::save(Visit& visit, Course& course, std::vector<OutboxItem> facts) {
  const planning::SavedPlay* held = interlocking.contains(course.id) ? &interlocking.saved(course.id) : nullptr;
  visit.durable_at = persist({StateRecord{"visit", std::to_string(visit.viewer.value()), to_record(visit)},
                              StateRecord{"course", std::to_string(course.id.value()), to_record(course, held)}},
                             std::move(facts));
  return visit.durable_at;
}

void Hall::State::save_mode() { persist({StateRecord{"hall", "mode", to_record(mode)}}); }

void Hall::State::save_shelf(HeadsetId id) {
  const Shelf& place = shelf.at(id);
  persist({StateRecord{"shelf", std::to_string(id.value()), to_record(ShelfRecord{place.phase, place.visit, headset_of(id).wanted_revision()})}});
}

void Hall::State::save_other(const OtherBody& other) {
  persist({StateRecord{"body", std::to_string(other.id.value()), to_record(other)}});
}

void Hall::State::write_down() {
  const Unwritten left = std::exchange(unwritten, {});
  if (!left.any()) return;
  if (mode.evacuate) cancel_what_has_not_begun();
  if (left.mode) save_mode();
  for (const ViewerId id : left.visits) {
    if (const auto visit = visits.find(id); visit != visits.end()) save(visit->second);
  }
}

void Hall::State::on(const Persisted& event) {
  durable_token = std::max(durable_token, event.token);
  if (store_failing) {
    store_failing = false;
    note(NoteKind::info, {}, {}, "The hall's records can be written again.");
  }
  for (auto& [id, visit] : visits) {
    if (visit.phase == Phase::arrived && visit.ticket_request.is_none() && durable(visit.durable_at)) ask_ticket(visit);
  }
  // What has just become durable need not wait for the next frame that is due.
  for (const auto& [id, course] : courses) {
    if (course.closed || (course.gate_token != event.token && course.plan_token != event.token)) continue;
    for (const ViewerId member : course.members) headset_of(visit_of(member).headset).next_down = now;
  }
}

void Hall::State::on(const PersistFailed& event) {
  ++counts.persist_failures;
  if (store_failing) return;
  store_failing = true;
  // While nothing new starts there may be nothing to write; this record tells when the disk takes records again.
  if (durable(last_token)) save_mode();
  note(NoteKind::alarm, {}, {}, base::formatted("The hall's records cannot be written: {} Nothing new starts; running plays go on.", event.error.message),
       event.error.advice.empty() ? "Make room on the disk." : event.error.advice, "records-failing");
}

void Hall::State::on(const BoxOfficeReachable& event) {
  if (box_office_reachable != event.reachable) {
    note(event.reachable ? NoteKind::info : NoteKind::alarm, {}, {}, event.reachable ? "The box office is reachable again." : "The box office cannot be reached.",
         event.reachable ? "" : "Tickets are checked by their signature; only the film on the ticket can be watched.", event.reachable ? "" : "box-office-away");
  }
  box_office_reachable = event.reachable;
  outbox = event.outbox;
}

void Hall::State::watch_lead() {
  if (leads()) {
    if (std::exchange(lead_missed, false)) note(NoteKind::info, {}, {}, "The other hall program is heard again: gates open.");
    return;
  }
  if (lead_missed || now - std::max(lead_until, config.start) < kLeadMissed) return;
  lead_missed = true;
  note(NoteKind::alarm, {}, {}, "The other hall program of this hall is not heard: nobody passes a gate until it is.",
       "See to its machine and to the cable. Where it stays switched off, start this one anew with --alone.", "standby-away");
}

void Hall::State::restore(const std::vector<StateRecord>& records) {
  const auto unreadable = [&](const StateRecord& record) { restore_problems.push_back(base::formatted("The record {} {} of an earlier run could not be read.", record.kind, record.key)); };
  std::vector<planning::SavedPlay> held;
  std::vector<ShelfRecord> places;
  std::vector<HeadsetId> place_of;
  for (const StateRecord& record : records) {
    if (record.value.empty()) continue;
    if (record.kind == "hall") {
      const auto read = mode_from(record.value);
      read ? void(mode = *read) : unreadable(record);
    } else if (record.kind == "visit") {
      auto read = visit_from(record.value);
      if (!read || read->body.value() > kBodyIdMax || read->headset.is_none()) {
        unreadable(record);
        continue;
      }
      visits.insert_or_assign(read->viewer, std::move(*read));
    } else if (record.kind == "course") {
      auto read = course_from(record.value);
      if (!read || read->course.plan.blocks.empty()) {
        unreadable(record);
        continue;
      }
      if (read->saved) held.push_back(std::move(*read->saved));
      courses.insert_or_assign(read->course.id, std::move(read->course));
    } else if (record.kind == "class") {
      auto read = class_from(record.value);
      read ? void(classes.insert_or_assign(static_cast<std::uint16_t>(std::strtoul(record.key.c_str(), nullptr, 10)), std::move(*read))) : unreadable(record);
    } else if (record.kind == "body") {
      auto read = body_from(record.value);
      read ? void(others.insert_or_assign(read->id, *read)) : unreadable(record);
    } else if (record.kind == "shelf") {
      const auto read = shelf_from(record.value);
      const auto number = static_cast<std::uint16_t>(std::strtoul(record.key.c_str(), nullptr, 10));
      if (!read || number == 0) {
        unreadable(record);
        continue;
      }
      places.push_back(*read);
      place_of.emplace_back(number);
    }
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    headset_of(place_of[i]).want_revision(places[i].wanted_revision);
    if (places[i].visit.is_none()) shelf.at(place_of[i]).phase = places[i].phase;
  }
  take_up(std::move(held));
}

// Visits, courses and bodies as read, made to agree with each other.
void Hall::State::take_up(std::vector<planning::SavedPlay> held) {
  if (auto taken = interlocking.restore(std::move(held)); !taken) {
    restore_problems.push_back(taken.error().message + " Every play is ended.");
    for (auto& [id, course] : courses) course.closed = true;
    for (auto& [id, visit] : visits) visit.leading_out = visit.leading_out || visit.play.has_value();
  }
  for (auto& [id, course] : courses) {
    course.shown = film(course.film);
    // What was told before the crash is not known: any authority may have been given a moment before it.
    course.authority_until = config.start + config.limits.authority_valid;
    std::erase_if(course.members, [&](ViewerId member) { return !visits.contains(member); });
    if (course.members.empty()) {
      course.closed = true;
      interlocking.remove(id);
    }
    if (!course.closed && !interlocking.contains(id)) course.closed = true;
  }
  std::erase_if(courses, [](const auto& one) { return one.second.members.empty(); });
  std::uint32_t highest_viewer = 0;
  std::uint64_t highest_play = 0;
  for (auto& [id, visit] : visits) {
    highest_viewer = std::max(highest_viewer, id.value());
    if (visit.play) {
      highest_play = std::max({highest_play, visit.play->id.value(), visit.play->course.value()});
      if (!courses.contains(visit.play->course)) {  // its plan was not yet durable: he is planned anew
        if (visit.play->started) visit.leading_out = true;
        else visit.play.reset();
      }
    }
    headset_of(visit.headset);
    shelf.at(visit.headset).visit = id;
    visit_of_body[visit.body.value()] = &visit;
    visit.filter = tracking::LevelFilter(tracking::relaxation_of(config.venue.safety));
    if (config.start_paused && under_way(visit.phase)) visit.staff_paused = true;
    if (!visit.head_known || visit.phase < Phase::calibrated) continue;
    tracking::Body body;  // where he was seen last, and growing until he is heard again
    body.id = visit.body;
    body.headset = visit.headset;
    body.position = visit.last_head;
    body.heard = config.start;
    body.error_m = 0.3;
    body.zone = config.venue.zone_at(body.position);
    bodies.put(body);
    visit.awaited = true;
  }
  mode.next_viewer = std::max(mode.next_viewer, highest_viewer + 1);
  mode.next_play = std::max(mode.next_play, highest_play + 1);
  for (auto& [id, other] : others) {
    other.blocks = false;
    put_other(other, other.staff ? tracking::BodyKind::attendant : tracking::BodyKind::unknown, 0.3, other.tag.has_value(), {});
  }
}

}  // namespace promenade::hall
