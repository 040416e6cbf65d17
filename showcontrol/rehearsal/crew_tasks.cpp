// The attendants' tasks, step by step.

#include <algorithm>
#include <cmath>
#include <numbers>

#include "showcontrol/rehearsal/crew.h"

namespace promenade::rehearsal {

using client::Screen;

namespace {

constexpr double kBeside_m = 0.8;
constexpr double kInDoorway_m = 0.3;
constexpr double kAround_m = 1.5;          // round somebody who waits where the way begins
constexpr double kToPutOn_m = 1.0;           // from somebody who walks by
constexpr double kToPutOnStanding_m = 0.75;  // from somebody who stands
constexpr double kWalks_mps = 0.1;
constexpr double kToReach_s = 15.0;
constexpr double kToDoor_s = 10.0;
constexpr double kReach_m = 1.2;           // to take a headset from somebody, others beside him
constexpr double kLookFrom_m = 2.0;
constexpr double kHelp_s = 6.0;
constexpr double kMark_s = 8.0;            // to lay the controller on both marks for a spare headset
constexpr double kMarksAgain_s = 8.0;
constexpr double kStartMost_s = 60.0;
constexpr double kTaskMost_s = 240.0;      // whatever takes longer is dropped and looked at anew
constexpr double kTryAgain_s = 5.0;
constexpr int kReleaseTries = 6;
constexpr double kOnPlace_m = 0.3;
constexpr double kHeldMost_s = 30.0;         // for a viewer who comes to a place where somebody stands
constexpr double kHeld_s = 3.0;
constexpr double kAside_m = 0.8;
constexpr double kAside_s = 5.0;

}  // namespace

void Crew::say(Attendant& attendant, protocol::StaffAction action, double now_s) {
  Task& task = *attendant.task;
  task.reply.reset();
  const std::uint64_t id = task.id;
  attendant.tablet->command(std::move(action), now_s, [this, id](const protocol::StaffReply& reply) {
    for (Attendant& one : attendants_) {
      if (one.task && one.task->id == id) one.task->reply = reply;
    }
  });
}

bool Crew::go_to(Attendant& attendant, HallPoint at, double near_m, std::uint32_t hand) {
  const HallVec towards = at - attendant.at;
  const double distance = tracking::length(towards);
  if (hand != 0) attendant.hand = hand;
  if (distance <= near_m) {
    attendant.goal = attendant.at;
    return true;
  }
  attendant.goal = at - towards * (std::min(distance, near_m * 0.9) / distance);
  return false;
}

void Crew::touch(HeadsetDevice& headset, bool second, double now_s) {
  if (venue_.marks.empty()) return;
  const tracking::MarkPair& pair = venue_.marks.back();
  headset.touch_mark(pair.id + (second ? ".second" : ".first"), second ? pair.second : pair.first, pair.arrow_rad(), now_s);
}

void Crew::drop(Attendant& attendant, Visitor* visitor) {
  const Task& task = *attendant.task;
  if (task.headset != nullptr) promised_.erase(task.headset->id());
  if (visitor != nullptr && visitor->led_by() == attendant.number) visitor->let_go();
  if (visitor != nullptr && attendant.hand == task.visitor) visitor->was_helped_by(attendant.number);
  tended_.erase(task.visitor);
  attendant.task.reset();
}

void Crew::work(Attendant& attendant, double now_s, Visitors& visitors, const Room& room) {
  Task& task = *attendant.task;
  Visitor* visitor = nullptr;
  for (const auto& one : visitors) {
    if (one->plan().number == task.visitor) visitor = one.get();
  }
  const bool about_visitor = task.kind != Kind::look && task.kind != Kind::cross;
  const bool there = visitor != nullptr && (visitor->inside() || (task.kind == Kind::bring_back && visitor->stage() == Stage::outside));
  if (about_visitor && (!there || visitor->stage() == Stage::leaving)) return drop(attendant, visitor);
  if (now_s - task.begun_s > kTaskMost_s) {
    if (visitor != nullptr) not_before_s_[task.visitor] = now_s + kTryAgain_s;
    return drop(attendant, visitor);
  }
  bool done = false;
  switch (task.kind) {
    case Kind::fit: done = fit(attendant, task, *visitor, visitors, now_s); break;
    case Kind::mark: done = mark(attendant, task, *visitor, now_s); break;
    case Kind::start: done = start(attendant, task, *visitor, visitors, now_s); break;
    case Kind::take_back: done = take_back(attendant, task, *visitor, visitors, now_s); break;
    case Kind::release: done = release(attendant, task, *visitor, visitors, room, now_s); break;
    case Kind::help: done = help(attendant, task, *visitor, now_s); break;
    case Kind::swap: done = swap(attendant, task, *visitor, now_s); break;
    case Kind::lead_out: done = lead_out(attendant, task, *visitor, now_s); break;
    case Kind::look: done = look(attendant, task, visitors, now_s); break;
    case Kind::cross: done = cross(attendant, task, now_s); break;
    case Kind::fetch: done = fetch(attendant, task, *visitor, now_s); break;
    case Kind::bring_back: done = bring_back(attendant, task, *visitor, visitors, now_s); break;
    case Kind::attend: done = attend(attendant, task, *visitor, visitors, room, now_s); break;
  }
  if (done) drop(attendant, visitor);
}

// ---------------------------------------------------------------- kitting area

// Whoever passes by closely sees and is seen, until a headset is put on.
bool Crew::room_to_put_on(const Attendant& attendant, const Visitor& visitor) const {
  return std::ranges::none_of(attendants_, [&](const Attendant& one) {
    const double keep_m = tracking::length(one.velocity) > kWalks_mps ? kToPutOn_m : kToPutOnStanding_m;
    return one.number != attendant.number && tracking::distance(one.at, visitor.position()) < keep_m;
  });
}

bool Crew::fit(Attendant& attendant, Task& task, Visitor& visitor, const Visitors& visitors, double now_s) {
  const bool beside = go_to(attendant, visitor.position(), kBeside_m, task.visitor);
  HeadsetDevice& headset = *task.headset;
  switch (task.step) {
    case 0:
      if (!beside || is_bound_first(visitor, visitors)) return false;
      say(attendant, protocol::BindTicket{headset.id(), visitor.token(), static_cast<std::uint16_t>(visitor.plan().party % 65536U),
                                          visitor.walker().standing_height_m(), visitor.plan().child, 0,
                                          static_cast<std::uint8_t>(std::clamp(visitor.plan().people, 0, 255)), hand_of(visitor, visitors)}, now_s);
      task.step = 1;
      return false;
    case 1: {
      if (!task.reply) return false;
      if (!task.reply->accepted) {
        const bool about_ticket = task.reply->code.starts_with("ticket") && task.reply->code != "ticket-in-use";
        if (about_ticket) {
          ++tally_.ticket_refusals;
          visitor.send_out(venue_.entrance.at, now_s);
        }
        not_before_s_[task.visitor] = now_s + kTryAgain_s;
        return true;
      }
      visitor.bound(headset, now_s);
      ++tally_.bound;
      const double takes_s = std::max(1.0, random_.normal(habits_.fit_s, habits_.fit_sd_s));
      task.until_s = now_s + 0.6 * takes_s;
      task.marks_s = 0.4 * takes_s;
      task.step = 2;
      return false;
    }
    case 2:
      if (!beside || now_s < task.until_s || !room_to_put_on(attendant, visitor)) return false;
      visitor.put_on(now_s);
      say(attendant, protocol::SetFitted{headset.id(), true}, now_s);
      task.until_s = now_s + task.marks_s / 2.0;
      task.step = 3;
      return false;
    case 3:
    case 4:
      if (now_s < task.until_s) return false;
      touch(headset, task.step == 4, now_s);
      task.until_s = now_s + (task.step == 3 ? task.marks_s / 2.0 : kMarksAgain_s);
      ++task.step;
      return false;
    default: {
      if (headset.dead()) return true;
      const Screen screen = headset.view().screen;
      if (screen != Screen::wait_staff && screen != Screen::stand_still && screen != Screen::shelf) return true;
      if (now_s >= task.until_s) task.step = 3;  // the marks once more
      return false;
    }
  }
}

bool Crew::mark(Attendant& attendant, Task& task, Visitor& visitor, double now_s) {
  if (visitor.headset() == nullptr) return true;
  if (!go_to(attendant, visitor.position(), kReach_m, task.visitor)) return false;
  if (task.step > 0 && now_s < task.until_s) return false;
  task.until_s = now_s + kMark_s / 2.0;
  unplaced_since_s_.erase(task.visitor);
  switch (task.step++) {
    case 0: say(attendant, protocol::SetFitted{visitor.headset()->id(), true}, now_s); return false;
    case 1: touch(*visitor.headset(), false, now_s); return false;
    case 2: touch(*visitor.headset(), true, now_s); return false;
    default: return true;
  }
}

// The headset of the one whose hand he holds, where that one has one already.
base::HeadsetId Crew::hand_of(const Visitor& visitor, const Visitors& visitors) {
  for (const auto& one : visitors) {
    const bool his = visitor.plan().pair != 0 && one.get() != &visitor && one->plan().pair == visitor.plan().pair;
    if (his && one->headset() != nullptr && one->times().bound_s >= 0.0) return one->headset()->id();
  }
  return {};
}

// Two attendants who have a pair in their hands bind them one after the other, so that the second names the first.
bool Crew::is_bound_first(const Visitor& visitor, const Visitors& visitors) const {
  return std::ranges::any_of(visitors, [&](const auto& one) {
    const bool his = visitor.plan().pair != 0 && one.get() != &visitor && one->plan().pair == visitor.plan().pair;
    return his && one->plan().number < visitor.plan().number && one->times().bound_s < 0.0 && tended_.contains(one->plan().number);
  });
}

bool Crew::together(const Visitor& a, const Visitor& b) { return a.plan().party != 0 && a.plan().party == b.plan().party; }

HallPoint Crew::begin_of_way(const Visitor& visitor, const Visitors& visitors) const {
  const std::vector<HallPoint>& way = visitor.headset()->view().play->way_in;
  const auto taken = [&](HallPoint p) {
    return std::ranges::any_of(visitors, [&](const auto& one) {
      return one.get() != &visitor && one->inside() && one->wears() && !together(visitor, *one) && tracking::distance(one->position(), p) < kAround_m;
    });
  };
  constexpr double kStep_m = 0.25;
  for (std::size_t i = 1; i < way.size(); ++i) {
    const HallVec leg = way[i] - way[i - 1];
    const double length = tracking::length(leg);
    for (double along = 0.0; along < length; along += kStep_m) {
      const HallPoint p = way[i - 1] + leg * (along / length);
      if (!taken(p)) return p;
    }
  }
  return way.front();
}

bool Crew::start(Attendant& attendant, Task& task, Visitor& visitor, const Visitors& visitors, double now_s) {
  const auto goes_along = [&](const Visitor& one) {
    if (&one == &visitor) return true;
    return visitor.plan().pair != 0 && one.plan().pair == visitor.plan().pair && one.wears() && tracking::contains(venue_.kitting, one.position());
  };
  const auto let_go = [&] {
    for (const auto& one : visitors) {
      if (one->led_by() == attendant.number) one->let_go();
    }
    return true;
  };
  if (visitor.headset() == nullptr || visitor.headset()->dead() || now_s - task.begun_s > kStartMost_s) return let_go();
  const client::View& view = visitor.headset()->view();
  if (!view.play || view.play->way_in.empty()) return let_go();
  if (task.step == 0) {
    if (!go_to(attendant, visitor.position(), kBeside_m, task.visitor)) return false;
    const HallPoint begin = begin_of_way(visitor, visitors);
    for (const auto& one : visitors) {
      if (one->led_by() == 0 && goes_along(*one)) one->lead(way_between(one->position(), begin), attendant.number, habits_.lead_mps);
    }
    task.step = 1;
  }
  attendant.hand = task.visitor;
  const HallVec back = visitor.place() - visitor.position();
  const double distance = tracking::length(back);
  attendant.goal = visitor.position() - back * (0.6 / std::max(0.6, distance));
  const bool there = std::ranges::all_of(visitors, [&](const auto& one) { return one->led_by() != attendant.number || one->has_arrived(); });
  return there && let_go();
}

// ---------------------------------------------------------------- exit

void Crew::hand_back(Attendant& attendant, Visitor& visitor, HallPoint door, double now_s) {
  HeadsetDevice* headset = visitor.headset();
  visitor.send_out(door, now_s);
  if (headset == nullptr) return;
  if (headset->dead()) return;
  const base::HeadsetId id = headset->id();
  cleaned_at_s_[id] = -1.0;
  attendant.tablet->command(protocol::SetReturned{id}, now_s, [this, id, now_s](const protocol::StaffReply&) {
    cleaned_at_s_[id] = now_s + habits_.clean_s;
  });
}

bool Crew::before_at_exit(const Visitor& visitor, const Visitors& visitors, double now_s) const {
  const double distance = tracking::distance(doorway_, visitor.position());
  return std::ranges::any_of(visitors, [&](const auto& one) {
    const auto later = not_before_s_.find(one->plan().number);
    if (later != not_before_s_.end() && now_s < later->second) return false;
    return one->stage() == Stage::at_exit && one->inside() && !tended_.contains(one->plan().number) && tracking::distance(doorway_, one->position()) < distance;
  });
}

bool Crew::take_back(Attendant& attendant, Task& task, Visitor& visitor, const Visitors& visitors, double now_s) {
  if (!go_to(attendant, visitor.position(), kReach_m, task.visitor)) {
    const bool in_vain = now_s - task.begun_s > kToReach_s;  // others stand between: they first
    if (in_vain) not_before_s_[task.visitor] = now_s + 4.0 * kToReach_s;
    return in_vain || before_at_exit(visitor, visitors, now_s);
  }
  if (task.step == 0) {
    task.until_s = now_s + habits_.take_back_s;
    task.step = 1;
  }
  // Out of others' way first: by the hand into the doorway, beyond doubt of where he is. Where others stand about it,
  // he takes the headset off at last where they are.
  const bool at_door = tracking::distance(visitor.position(), doorway_) < kInDoorway_m;
  if (visitor.led_by() == 0) visitor.lead({doorway_}, attendant.number, habits_.lead_mps);
  if (now_s < task.until_s || (!at_door && now_s < task.until_s + kToDoor_s)) return false;
  hand_back(attendant, visitor, venue_.exit.at, now_s);
  return true;
}

// ---------------------------------------------------------------- on the floor

HallPoint Crew::aside(const Visitor& visitor, const Visitors& visitors, const Room& room) const {
  HallPoint best = visitor.position();
  double most = -1e9;
  for (int i = 0; i < 16; ++i) {
    const double angle = std::numbers::pi * i / 8.0;
    const HallPoint p = visitor.position() + HallVec{std::cos(angle), std::sin(angle)} * kAside_m;
    double worth = std::min(room.clearance_m(p), 0.8);
    for (const auto& one : visitors) {
      if (one.get() == &visitor || !one->inside()) continue;
      worth = std::min({worth, tracking::distance(one->position(), p) - 1.0, 3.0 * (tracking::distance_to_segment_m(visitor.position(), p, one->position()) - 0.7)});
    }
    if (worth > most) {
      most = worth;
      best = p;
    }
  }
  return best;
}

bool Crew::release(Attendant& attendant, Task& task, Visitor& visitor, const Visitors& visitors, const Room& room, double now_s) {
  if (visitor.headset() == nullptr || visitor.headset()->dead()) return true;
  if (task.step < 3 && !go_to(attendant, visitor.position(), kLookFrom_m)) return false;
  switch (task.step) {
    case 0:
      task.until_s = now_s + habits_.look_s;
      task.step = 1;
      return false;
    case 1:
      if (now_s < task.until_s) return false;
      say(attendant, protocol::ReleaseViewer{visitor.headset()->id()}, now_s);
      task.step = 2;
      return false;
    case 3:  // somebody is still too near: he takes him aside by the arm
      if (!go_to(attendant, visitor.position(), kReach_m, task.visitor)) return false;
      visitor.lead({aside(visitor, visitors, room)}, attendant.number, habits_.lead_mps);
      task.until_s = now_s + kAside_s;
      task.step = 4;
      return false;
    case 4:
      attendant.hand = task.visitor;
      if (!visitor.has_arrived() && now_s < task.until_s) return false;
      visitor.let_go();
      task.step = 0;
      return false;
    default:
      if (!task.reply) return false;
      stopped_since_s_.erase(task.visitor);
      if (task.reply->accepted) {
        ++tally_.releases;
        return true;
      }
      if (++task.tries < kReleaseTries) {
        task.step = 3;
        return false;
      }
      task.kind = Kind::lead_out;
      task.step = 0;
      return false;
  }
}

bool Crew::help(Attendant& attendant, Task& task, Visitor& visitor, double now_s) {
  if (!go_to(attendant, visitor.position(), kBeside_m, task.visitor)) return false;
  if (task.step == 0) {
    task.until_s = now_s + kHelp_s;
    task.step = 1;
  }
  if (now_s < task.until_s) return false;
  visitor.help();
  ++tally_.helps;
  return true;
}

bool Crew::swap(Attendant& attendant, Task& task, Visitor& visitor, double now_s) {
  if (visitor.headset() == nullptr) return true;
  switch (task.step) {
    case 0:
      say(attendant, protocol::SwapHeadset{visitor.headset()->id(), task.headset->id()}, now_s);
      task.step = 1;
      return false;
    case 1:
      if (!task.reply) return false;
      if (!task.reply->accepted) {
        not_before_s_[task.visitor] = now_s + kTryAgain_s;
        if (task.reply->code == "no-viewer") {
          task.kind = Kind::lead_out;
          task.step = 0;
          promised_.erase(task.headset->id());
          task.headset = nullptr;
          return false;
        }
        return true;
      }
      ++tally_.swaps;
      task.until_s = now_s + kMark_s;
      task.step = 2;
      return false;
    case 2:
      attendant.goal = attendant.post;
      if (now_s < task.until_s) return false;
      touch(*task.headset, false, now_s);
      task.until_s = now_s + 2.0;
      task.step = 3;
      return false;
    case 3:
      if (now_s < task.until_s) return false;
      touch(*task.headset, true, now_s);
      task.step = 4;
      return false;
    default:
      if (!go_to(attendant, visitor.position(), kBeside_m, task.visitor)) return false;
      if (task.step == 4) {
        task.until_s = now_s + kHelp_s;
        task.step = 5;
      }
      if (now_s < task.until_s) return false;
      visitor.swap(*task.headset);
      // A visit that was still before its menu begins its fitting anew.
      if (visitor.stage() == Stage::waiting) attendant.tablet->command(protocol::SetFitted{task.headset->id(), true}, now_s);
      return true;
  }
}

bool Crew::lead_out(Attendant& attendant, Task& task, Visitor& visitor, double now_s) {
  if (task.step == 0) {
    if (visitor.headset() != nullptr) say(attendant, protocol::LeadOut{visitor.headset()->id()}, now_s);
    ++tally_.led_out;
    task.step = 1;
  }
  if (task.step == 1) {
    if (!go_to(attendant, visitor.position(), kReach_m, task.visitor)) return false;
    visitor.lead({doorway_}, attendant.number, habits_.lead_mps);
    task.begun_s = now_s;  // the way may be long
    task.step = 2;
  }
  attendant.hand = task.visitor;
  const HallVec ahead = visitor.place() - visitor.position();
  const double distance = tracking::length(ahead);
  attendant.goal = visitor.position() - ahead * (0.6 / std::max(0.6, distance));
  if (tracking::distance(visitor.position(), doorway_) > kInDoorway_m) return false;
  hand_back(attendant, visitor, venue_.exit.at, now_s);
  return true;
}

// He picks something up from the floor where a viewer would come next: the viewer is held until he has gone.
bool Crew::cross(Attendant& attendant, Task& task, double now_s) {
  if (task.step == 0) {
    const std::optional<HallPoint> at = place_to_cross(task.headset->id());
    if (!at) return true;
    task.at = *at;  // what is kept for the viewer grows while the attendant walks
    if (!go_to(attendant, task.at, kOnPlace_m)) return false;
    task.until_s = now_s + kHeldMost_s;
    task.step = 1;
  }
  if (task.step == 1 && task.headset->view().holding) {
    task.until_s = now_s + kHeld_s;
    task.step = 2;
  }
  return now_s >= task.until_s;
}

// Held for long: led back to his way, aside from others, or the headset set right on his head.
bool Crew::attend(Attendant& attendant, Task& task, Visitor& visitor, const Visitors& visitors, const Room& room, double now_s) {
  using tracking::Cause;
  if (visitor.headset() == nullptr) return true;
  if (!go_to(attendant, visitor.position(), task.step == 0 ? kLookFrom_m : kReach_m, task.visitor)) return false;
  const protocol::HeadsetCard* known = card(visitor.headset()->id());
  if (known == nullptr || known->level < tracking::Level::pause) return true;
  switch (task.step) {
    case 0:
      task.until_s = now_s + habits_.look_s;
      task.step = 1;
      return false;
    case 1: {
      if (now_s < task.until_s) return false;
      if (known->cause == Cause::not_worn) visitor.help();
      const bool to_his_way = known->cause == Cause::stray && !known->route_ahead.empty();
      visitor.lead({to_his_way ? known->route_ahead.front() : aside(visitor, visitors, room)}, attendant.number, habits_.lead_mps);
      task.until_s = now_s + (to_his_way ? kStartMost_s : kAside_s);
      task.step = 2;
      return false;
    }
    default:
      attendant.hand = task.visitor;
      return visitor.has_arrived() || now_s >= task.until_s;
  }
}

bool Crew::look(Attendant& attendant, Task& task, const Visitors& visitors, double now_s) {
  if (!go_to(attendant, task.at, kLookFrom_m)) return false;
  if (task.step == 0) {
    task.until_s = now_s + habits_.look_s;
    task.step = 1;
  }
  if (now_s < task.until_s) return false;
  const bool somebody = std::ranges::any_of(visitors, [&](const auto& one) {
    return one->inside() && one->stage() != Stage::leaving && tracking::distance(one->position(), task.at) < 1.0;
  });
  if (!somebody) {
    attendant.tablet->command(protocol::ConfirmBodyGone{task.body}, now_s);
    ++tally_.confirmed;
  }
  body_since_s_.erase(task.body);
  return true;
}

}  // namespace promenade::rehearsal
