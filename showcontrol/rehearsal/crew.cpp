#include "showcontrol/rehearsal/crew.h"

#include <algorithm>
#include <array>
#include <limits>

#include "tracking/base/formatted.h"

namespace promenade::rehearsal {

using client::Screen;
using protocol::Phase;

namespace {

constexpr double kPlaceEvery_m = 1.8;      // along the bench, where people stand and wait
constexpr double kPlaceFromWall_m = 1.45;
constexpr double kPassage_m = 1.5;         // from the bench
constexpr double kPlaceFromMuster_m = 0.5;
constexpr double kPlaceFromDoor_m = 1.3;
constexpr double kPostBack_m = 0.5;         // from the bench's line towards the wall
constexpr double kPlanEvery_s = 0.5;       // how often the attendants look round
constexpr double kLeadAhead_s = 12.0;      // before his way begins a viewer is led to its start
constexpr double kWayPace_mps = 0.7;
constexpr double kAtStart_m = 0.8;
constexpr double kOnWay_m = 1.2;           // nearer to his way he walks it by himself
constexpr double kMusterRoom_m = 1.1;
constexpr double kStopped_s = 3.0;
constexpr double kUnplaced_s = 12.0;       // a headset at the bench that does not know its place: the marks again
constexpr double kLifted_s = 20.0;
constexpr double kCleanAgain_s = 5.0;
constexpr double kAlarmRead_s = 8.0;
constexpr double kExitRange_m = 6.0;
constexpr double kArm_m = 1.1;
constexpr double kGiveWay_m = 1.3;         // under the warning distance between a viewer and an attendant, and a little
constexpr double kBack_m = 2.2;
constexpr double kWedged_s = 12.0;
constexpr double kBack_s = 4.0;
constexpr double kTryPast_s = 6.0;
constexpr double kInside_m = 0.8;          // of the exit's doorway, where headsets are taken back
constexpr double kKeepFromBlind_m = 1.6;   // nearer, and the hall warns or pauses a viewer because of them
constexpr double kBodySeen_s = 2.0;
constexpr double kPassBlind_m = 1.2;
constexpr double kAbreast_m = 0.5;
constexpr double kAtPost_m = 0.5;
constexpr int kCrossedFrom = 4;            // scene, from 1

HallPoint middle_of(const tracking::Polygon& polygon) {
  HallPoint sum;
  for (const HallPoint& corner : polygon) {
    sum.x += corner.x;
    sum.y += corner.y;
  }
  const auto n = static_cast<double>(polygon.size());
  return {sum.x / n, sum.y / n};
}

// Where people are fitted and wait: along the kitting area's long side that is farther from the middle of the hall.
std::vector<HallPoint> bench(const tracking::Venue& venue, HallPoint muster) {
  HallPoint low = venue.kitting.front();
  HallPoint high = low;
  for (const HallPoint& corner : venue.kitting) {
    low = {std::min(low.x, corner.x), std::min(low.y, corner.y)};
    high = {std::max(high.x, corner.x), std::max(high.y, corner.y)};
  }
  const HallPoint middle = middle_of(venue.boundary);
  const bool along_y = high.y - low.y >= high.x - low.x;
  const auto away = [](double from, double to, double m) { return std::abs(from - m) > std::abs(to - m) ? from + kPlaceFromWall_m : to - kPlaceFromWall_m; };
  const double across = along_y ? away(low.x, high.x, middle.x) : away(low.y, high.y, middle.y);
  std::vector<HallPoint> places;
  const double from = (along_y ? high.y : high.x) - 1.0;
  const double to = (along_y ? low.y : low.x) + 0.8;
  for (double at = from; at >= to; at -= kPlaceEvery_m) {
    const HallPoint place = along_y ? HallPoint{across, at} : HallPoint{at, across};
    const bool usable = tracking::contains(venue.kitting, place) && venue.clearance_m(place) >= 0.45 && tracking::distance(place, muster) >= kPlaceFromMuster_m &&
                        tracking::distance(place, venue.entrance.at) >= kPlaceFromDoor_m;
    if (usable) places.push_back(place);
  }
  if (places.empty()) places.push_back(middle_of(venue.kitting));
  return places;
}

// From the bench towards the area's open side, as far as people pass by.
HallVec passage_of(const tracking::Venue& venue, const std::vector<HallPoint>& places) {
  const HallPoint middle = middle_of(venue.kitting);
  HallVec side = middle - places.front();
  if (places.size() > 1) {
    const HallVec along = places.back() - places.front();
    side = side - along * (tracking::dot(side, along) / std::max(1e-9, tracking::dot(along, along)));
  }
  const double length = tracking::length(side);
  return length > 1e-6 ? side * (kPassage_m / length) : HallVec{kPassage_m, 0.0};
}

// Where the kitting area is nearest to the middle of the hall: the starter's post is beside it.
HallPoint hall_side(const tracking::Venue& venue) {
  const tracking::Nearest edge = tracking::nearest_on_outline(venue.kitting, middle_of(venue.boundary));
  const HallPoint inside = middle_of(venue.kitting);
  const HallVec in = inside - edge.point;
  return edge.point + in * (0.4 / std::max(0.4, tracking::length(in)));
}

double way_length_m(const std::vector<HallPoint>& way) {
  double length = 0.0;
  for (std::size_t i = 1; i < way.size(); ++i) length += tracking::distance(way[i - 1], way[i]);
  return length;
}

double off_way_m(const std::vector<HallPoint>& way, HallPoint at) {
  double nearest = tracking::distance(at, way.front());
  for (std::size_t i = 1; i < way.size(); ++i) nearest = std::min(nearest, tracking::distance_to_segment_m(way[i - 1], way[i], at));
  return nearest;
}

}  // namespace

Crew::Crew(const tracking::Venue& venue, const HouseHabits& habits, const std::string& staff_key, base::Random random,
           const Headsets& headsets, Tally& tally)
    : venue_(venue), habits_(habits), random_(random.fork("crew")), headsets_(headsets), tally_(tally), muster_(hall_side(venue)), to_cross_(habits.crossed) {
  places_ = bench(venue, muster_);
  const HallPoint door = venue.exit.left + (venue.exit.right - venue.exit.left) * 0.5;
  doorway_ = door + (venue.exit.at - door) * (kInside_m / std::max(kInside_m, tracking::distance(venue.exit.at, door)));
  open_side_ = passage_of(venue, places_);
  tablets_.push_back(std::make_unique<StaffDevice>("kitting tablet", staff_key, random.fork("tablet", 1)));
  tablets_.push_back(std::make_unique<StaffDevice>("exit tablet", staff_key, random.fork("tablet", 2)));
  const auto post = [&](std::string_view id, HallPoint otherwise) {
    for (const tracking::AttendantPost& one : venue.attendant_posts) {
      if (one.id == id) return one.at;
    }
    return otherwise;
  };
  const auto add = [&](Role role, StaffDevice* tablet, HallPoint at) {
    Attendant attendant;
    attendant.number = kFirstNumber + static_cast<std::uint32_t>(attendants_.size());
    attendant.role = role;
    attendant.tablet = tablet;
    attendant.post = attendant.at = attendant.goal = at;
    attendants_.push_back(attendant);
  };
  // Whoever is free in the kitting area stands between two places of the bench or beyond its ends, off the ways out and
  // the passage; each at a post of his own, or the second would stand for good beside whoever is fitted there.
  std::vector<HallPoint> posts;
  for (std::size_t i = 0; places_.size() > 1 && i <= places_.size(); ++i) {
    const std::size_t right = std::clamp<std::size_t>(i, 1, places_.size() - 1);
    const HallVec half = (places_[right] - places_[right - 1]) * 0.5;
    const HallPoint at = places_[right - 1] + half * (2.0 * (static_cast<double>(i) - static_cast<double>(right)) + 1.0) - open_side_ * (kPostBack_m / kPassage_m);
    if (tracking::contains(venue.kitting, at)) posts.push_back(at);
  }
  std::ranges::stable_sort(posts, {}, [this](HallPoint p) { return tracking::distance(p, muster_); });
  const auto free_post = [&](std::size_t i) { return posts.empty() ? post("kitting", middle_of(venue.kitting)) : posts[i % posts.size()]; };
  add(Role::starter, tablets_[0].get(), free_post(0));
  for (int i = 0; i < habits.fitters; ++i) add(Role::fitter, tablets_[0].get(), free_post(static_cast<std::size_t>(i) + 1));
  add(Role::exit, tablets_[1].get(), post("exit", venue.exit.at));
}

std::string Crew::standing() const {
  constexpr std::array<std::string_view, 13> kDeeds{"fits", "marks again", "starts", "takes back from", "releases", "helps", "swaps for",
                                                    "leads out", "looks for", "stands before", "fetches", "brings back", "attends to"};
  std::string text;
  for (const Attendant& one : attendants_) {
    text += base::formatted("  attendant {} at {:.2f} {:.2f} to {:.2f} {:.2f}", one.number - kFirstNumber + 1, one.at.x, one.at.y, one.goal.x, one.goal.y);
    if (one.task) text += base::formatted(", {} visitor {}, step {}", kDeeds[static_cast<std::size_t>(one.task->kind)], one.task->visitor, one.task->step);
    text += '\n';
  }
  return text;
}

void Crew::add_people(std::vector<Person>& people) const {
  for (const Attendant& one : attendants_) {
    Person person;
    person.number = one.number;
    person.at = one.at;
    person.velocity = one.velocity;
    person.staff = true;
    person.hand = one.hand;
    people.push_back(person);
  }
}

std::vector<HallPoint> Crew::free_places(const Visitors& visitors) const {
  std::vector<HallPoint> free;
  for (const HallPoint& place : places_) {
    const bool taken = std::ranges::any_of(visitors, [&](const auto& one) {
      if (!one->inside() || one->stage() == Stage::leaving) return false;
      const bool his = one->stage() == Stage::entering || one->stage() == Stage::fitting || one->stage() == Stage::waiting;
      return (his && tracking::distance(one->place(), place) < 0.6) || tracking::distance(one->position(), place) < 0.9;
    });
    if (!taken) free.push_back(place);
  }
  return free;
}

std::vector<HallPoint> Crew::way_between(HallPoint from, HallPoint to) const {
  const auto at_bench = [this](HallPoint p) {
    return std::ranges::any_of(places_, [p](HallPoint place) { return tracking::distance(place, p) < 0.5; });
  };
  std::vector<HallPoint> way;
  if (at_bench(from)) way.push_back(from + open_side_);
  if (at_bench(to)) {
    const HallPoint passage = to + open_side_;
    const HallVec along{-open_side_.y / kPassage_m, open_side_.x / kPassage_m};
    if (!at_bench(from)) way.push_back(passage + along * tracking::dot(from - passage, along));
    way.push_back(passage);
  }
  way.push_back(to);
  return way;
}

const protocol::HeadsetCard* Crew::card(base::HeadsetId headset) const {
  const protocol::HeadsetCard* newest = nullptr;
  for (const auto& tablet : tablets_) {
    const protocol::HeadsetCard* one = tablet->card(headset);
    if (one != nullptr && (newest == nullptr || one->sequence > newest->sequence)) newest = one;
  }
  return newest;
}

std::size_t Crew::ready_headsets() const {
  std::size_t ready = 0;
  for (const auto& headset : headsets_) {
    const protocol::HeadsetCard* known = card(headset->id());
    if (known != nullptr && known->connected && known->phase == Phase::idle && !headset->dead() && !promised_.contains(headset->id())) ++ready;
  }
  const auto spares = static_cast<std::size_t>(habits_.spare_headsets);
  return ready > spares ? ready - spares : 0;
}

HeadsetDevice* Crew::ready_headset(bool spare) {
  if (!spare && ready_headsets() == 0) return nullptr;
  for (const auto& headset : headsets_) {
    const protocol::HeadsetCard* known = card(headset->id());
    const bool ready = known != nullptr && known->connected && known->phase == Phase::idle && !headset->dead() && !promised_.contains(headset->id());
    if (!ready) continue;
    promised_.insert(headset->id());
    return headset.get();
  }
  return nullptr;
}

bool Crew::idle() const {
  return emptying_ == Emptying::no && cleaned_at_s_.empty() && promised_.empty() && std::ranges::none_of(attendants_, [](const Attendant& one) { return one.task.has_value(); });
}

// ---------------------------------------------------------------- time

// Along the bench sit and stand people who do not see: past them an attendant goes by the passage.
HallPoint Crew::by_the_passage(const Attendant& attendant, std::span<const Person> people) const {
  const HallPoint at = attendant.at;
  const HallPoint goal = attendant.goal;
  if (!tracking::contains(venue_.kitting, at) || !tracking::contains(venue_.kitting, goal)) return goal;
  const bool clear = std::ranges::none_of(people, [&](const Person& one) {
    const bool his = one.number == attendant.number || one.number == attendant.hand;
    return !his && one.blind && tracking::distance_to_segment_m(at, goal, one.at) < kPassBlind_m;
  });
  if (clear) return goal;
  const HallVec out = open_side_ * (1.0 / kPassage_m);
  const HallVec along{-out.y, out.x};
  const double left = tracking::dot(goal - at, along);
  if (std::abs(left) < kAbreast_m) return goal;
  const double to_passage = kPassage_m - tracking::dot(at - places_.front(), out);
  return to_passage > kAbreast_m ? at + out * to_passage : at + out * to_passage + along * left;
}

// Whoever does not see is held by an attendant so near to him; who waits there to get past him would wait for ever.
HallPoint Crew::giving_way(Attendant& attendant, HallPoint goal, std::span<const Person> people, double now_s) const {
  const std::uint32_t tended = attendant.task ? attendant.task->visitor : 0;
  if (now_s > attendant.back_until_s + kTryPast_s && attendant.patience.spent(now_s, kWedged_s) && tracking::distance(attendant.at, goal) > kAtPost_m) {
    const auto held = std::ranges::find_if(people, [&](const Person& one) {
      const bool his = one.number == attendant.hand || one.number == tended;
      return one.blind && !his && !tracking::contains(venue_.kitting, one.at) && tracking::distance(one.at, attendant.at) < kGiveWay_m;
    });
    if (held != people.end()) {
      attendant.back_from = held->at;
      attendant.back_until_s = now_s + kBack_s;
    }
  }
  if (now_s >= attendant.back_until_s) return goal;
  const HallVec away = attendant.at - attendant.back_from;
  const double distance = tracking::length(away);
  return distance > 0.0 && distance < kBack_m ? attendant.at + away * ((kBack_m - distance) / distance) : attendant.at;
}

void Crew::step(double now_s, Visitors& visitors, std::span<const Person> people, const Room& room) {
  if (now_s >= next_plan_s_) {
    next_plan_s_ = now_s + kPlanEvery_s;
    if (!evacuate(now_s, visitors)) plan_tasks(now_s, visitors);
    clean(now_s);
    take_alarms(now_s, visitors);
  }
  for (Attendant& one : attendants_) {
    if (one.task) {
      work(one, now_s, visitors, room);
    } else {
      one.goal = one.post;
    }
    // Whoever he has just left is still within his arm's length.
    if (!one.task || one.hand != one.task->visitor) {
      const auto left = std::ranges::find(people, one.hand, &Person::number);
      if (left == people.end() || tracking::distance(left->at, one.at) > kArm_m) one.hand = 0;
    }
    Steering steering;
    steering.speed_mps = habits_.attendant_mps;
    steering.keep_from_blind_m = kKeepFromBlind_m;
    const HallPoint before = one.at;
    const HallPoint goal = giving_way(one, by_the_passage(one, people), people, now_s);
    const bool at_post = !one.task && tracking::distance(one.at, one.post) < kAtPost_m;  // there he always gives way
    constexpr double kStep_s = 0.1;
    const double dt_s = std::clamp(now_s - last_s_, 0.0, 2.0 * kStep_s);
    if (dt_s > 0.0) {
      one.at = steer(one.at, goal, dt_s, at_post ? steering : one.patience.apply(steering, one.at, goal, now_s), people, one.number, one.task && one.hand == one.task->visitor ? one.hand : 0, room);
      one.velocity = (one.at - before) * (1.0 / dt_s);
    }
    one.tablet->report_tag(static_cast<std::uint16_t>(one.number - kFirstNumber + 1), one.at, now_s);
  }
  last_s_ = now_s;
  for (const auto& tablet : tablets_) tablet->step(now_s);
}

// Whoever goes to a viewer says so on his tablet; what nobody goes to has been read after a while.
void Crew::take_alarms(double now_s, const Visitors& visitors) {
  for (const auto& tablet : tablets_) {
    for (const auto& [number, alarm] : tablet->alarms()) {
      const bool goes = std::ranges::any_of(attendants_, [&](const Attendant& one) {
        if (!one.task || one.tablet != tablet.get() || alarm.headset.is_none()) return false;
        const auto about = std::ranges::find_if(visitors, [&](const auto& v) { return v->plan().number == one.task->visitor; });
        return about != visitors.end() && (*about)->headset() != nullptr && (*about)->headset()->id() == alarm.headset;
      });
      if (!goes) go_to_alarm(alarm, visitors, now_s);
      double& due_s = alarm_due_s_.emplace(number, now_s + kAlarmRead_s).first->second;
      if (!goes && now_s < due_s) continue;
      due_s = now_s + kAlarmRead_s;
      tablet->command(protocol::TakeAlarm{number}, now_s);
    }
  }
}

// What an attendant at the viewer's side can clear; whoever is stopped is released by somebody anyway.
void Crew::go_to_alarm(const protocol::StaffAlarm& alarm, const Visitors& visitors, double now_s) {
  if (emptying_ == Emptying::out || emptying_ == Emptying::settling || alarm.headset.is_none()) return;
  const bool drifted = alarm.code == "place-drifted" || alarm.code == "place-untrusted";
  if (!drifted && alarm.code != "held-long") return;
  for (const auto& one : visitors) {
    if (one->headset() == nullptr || one->headset()->id() != alarm.headset || !one->inside()) continue;
    if (one->stage() != Stage::show || one->evacuates() || tended_.contains(one->plan().number)) return;
    give(drifted ? Kind::mark : Kind::attend, one.get(), now_s, one->position());
    if (tended_.contains(one->plan().number)) ++(drifted ? tally_.marked_again : tally_.attended);
    return;
  }
}

void Crew::clean(double now_s) {
  for (auto& [id, due_s] : cleaned_at_s_) {
    if (due_s < 0.0 || now_s < due_s) continue;
    due_s = -1.0;
    tablets_[1]->command(protocol::SetCleaned{id}, now_s, [this, id = id, now_s](const protocol::StaffReply& reply) {
      if (reply.accepted) cleaned_at_s_.erase(id);
      else cleaned_at_s_[id] = now_s + kCleanAgain_s;
    });
  }
}

// ---------------------------------------------------------------- who does what

Crew::Attendant* Crew::free_of(Role role) {
  for (Attendant& one : attendants_) {
    if (one.role == role && !one.task) return &one;
  }
  return nullptr;
}

Crew::Attendant* Crew::nearest_free(HallPoint at, bool fitters_only) {
  Attendant* best = nullptr;
  for (Attendant& one : attendants_) {
    if (one.task || (fitters_only && one.role != Role::fitter)) continue;
    if (one.role == Role::exit && tracking::distance(at, one.post) > kExitRange_m) continue;  // the exit is not left alone
    if (best == nullptr || tracking::distance(one.at, at) < tracking::distance(best->at, at)) best = &one;
  }
  return best;
}

void Crew::give(Kind kind, Visitor* visitor, double now_s, HallPoint at, base::BodyId body) {
  Attendant* who = nullptr;
  switch (kind) {
    case Kind::fit:
    case Kind::mark: who = free_of(Role::fitter); break;
    case Kind::fetch:
    case Kind::bring_back: {
      const auto free = std::ranges::min_element(attendants_, {}, [at](const Attendant& one) { return one.task ? 1e9 : tracking::distance(one.at, at); });
      if (!free->task) who = &*free;
      break;
    }
    case Kind::start:
      who = free_of(Role::starter);
      if (who == nullptr) who = free_of(Role::fitter);
      break;
    case Kind::take_back: who = free_of(Role::exit); break;
    case Kind::swap: who = nearest_free(at, true); break;
    default: who = nearest_free(at, false); break;
  }
  if (who == nullptr) return;
  Task task;
  task.id = next_task_++;
  task.kind = kind;
  task.at = at;
  task.body = body;
  task.begun_s = now_s;
  if (kind == Kind::fit && visitor->headset() != nullptr) {  // somebody began it and was called away
    task.headset = visitor->headset();
    task.until_s = now_s;
    task.marks_s = 0.4 * habits_.fit_s;
    task.step = 2;
  } else if (kind == Kind::fit || kind == Kind::swap) {
    task.headset = ready_headset(kind == Kind::swap);
    if (task.headset == nullptr) return;
  }
  if (visitor != nullptr) {
    task.visitor = visitor->plan().number;
    tended_.insert(task.visitor);
  }
  who->task = std::move(task);
}

double Crew::way_begins_in_s(const Visitor& visitor) const {
  const client::View& view = visitor.headset()->view();
  if (!view.play || view.play->way_in.empty()) return std::numeric_limits<double>::infinity();
  return view.countdown_s.value_or(0.0) - way_length_m(view.play->way_in) / kWayPace_mps;
}

bool Crew::wants_start(const Visitor& visitor) const {
  if (visitor.headset() == nullptr || visitor.led_by() != 0 || visitor.headset()->dead()) return false;
  const client::View& view = visitor.headset()->view();
  if (!view.play || view.play->way_in.empty() || tracking::distance(visitor.position(), view.play->way_in.front()) < kAtStart_m) return false;
  if (view.screen == Screen::guide_in) return tracking::contains(venue_.kitting, visitor.position()) && off_way_m(view.play->way_in, visitor.position()) > kOnWay_m;
  if (visitor.stage() != Stage::waiting || (view.screen != Screen::wait_start && view.screen != Screen::stand_still)) return false;
  return way_begins_in_s(visitor) < kLeadAhead_s;
}

// Nobody stands there or is led there, and nobody else's way begins sooner.
bool Crew::first_to_start(const Visitor& visitor, const Visitors& visitors) const {
  const HallPoint begin = visitor.headset()->view().play->way_in.front();
  const double mine_s = way_begins_in_s(visitor);
  return std::ranges::none_of(visitors, [&](const auto& one) {
    if (one.get() == &visitor || one->headset() == nullptr || !one->wears()) return false;
    if (together(visitor, *one)) return false;
    if (tracking::distance(one->position(), begin) < kMusterRoom_m || one->led_by() != 0) return true;
    return wants_start(*one) && way_begins_in_s(*one) < mine_s;
  });
}

void Crew::consider(Visitor& visitor, const Visitors& visitors, double now_s) {
  const std::uint32_t number = visitor.plan().number;
  if (!visitor.inside() || visitor.stage() == Stage::leaving || tended_.contains(number)) return;
  if (const auto later = not_before_s_.find(number); later != not_before_s_.end() && now_s < later->second) return;
  const HallPoint at = visitor.position();
  if (visitor.stage() == Stage::entering) return;
  if (visitor.stage() == Stage::fitting) return give(Kind::fit, &visitor, now_s, at);
  if (visitor.stage() == Stage::at_exit) {
    if (!before_at_exit(visitor, visitors, now_s)) give(Kind::take_back, &visitor, now_s, at);
    return;
  }
  HeadsetDevice* headset = visitor.headset();
  if (headset == nullptr) return;
  if (headset->dead()) return give(Kind::swap, &visitor, now_s, at);
  const Walker& walker = visitor.walker();
  if (walker.taken_off() || walker.conduct() == Conduct::down) return give(Kind::help, &visitor, now_s, at);
  if (wants_start(visitor)) {
    // Once his gate is open he goes, past whoever stands there.
    const protocol::HeadsetCard* told = card(headset->id());
    const bool opened = told != nullptr && told->phase >= Phase::guided;
    if (opened || first_to_start(visitor, visitors)) return give(Kind::start, &visitor, now_s, at);
  }
  const protocol::HeadsetCard* known = card(headset->id());
  const bool stopped = known != nullptr && (known->level >= tracking::Level::stop || headset->view().level == tracking::Level::stop);
  if (!stopped) {
    stopped_since_s_.erase(number);
  } else if (now_s - stopped_since_s_.emplace(number, now_s).first->second > kStopped_s) {
    return give(Kind::release, &visitor, now_s, at);
  }
  const bool waits = visitor.stage() == Stage::waiting;
  const Screen shown = headset->view().screen;
  const bool place_unknown = waits && (shown == Screen::wait_staff || shown == Screen::stand_still) && headset->linked();
  if (!place_unknown) {
    unplaced_since_s_.erase(number);
  } else if (now_s - unplaced_since_s_.emplace(number, now_s).first->second > kUnplaced_s) {
    return give(Kind::mark, &visitor, now_s, at);
  }
  const bool too_long = visitor.still_s() > (waits ? habits_.give_up_waiting_s : habits_.give_up_still_s);
  const bool no_way = headset->view().screen == Screen::guide_out && headset->view().path.empty() && visitor.still_s() > kLifted_s;
  const bool nobodys = visitor.stage() == Stage::show && headset->view().screen == Screen::shelf && visitor.still_s() > kLifted_s;
  if (too_long || no_way || nobodys) give(Kind::lead_out, &visitor, now_s, at);
}

// The first place of his route that is not kept for him yet, once he is well in his film.
std::optional<HallPoint> Crew::place_to_cross(base::HeadsetId id) const {
  const protocol::HeadsetCard* known = card(id);
  if (known == nullptr || known->phase != Phase::playing || known->seated || known->scene < kCrossedFrom || known->scene >= known->scenes) return std::nullopt;
  if (known->reserved == 0 || known->reserved >= known->route_ahead.size()) return std::nullopt;
  return known->route_ahead[known->reserved];
}

void Crew::look_for_bodies(double now_s) {
  for (const auto& tablet : tablets_) {
    for (const auto& [id, body] : tablet->bodies()) {
      if (body.kind != protocol::Relation::unknown_body) continue;
      const double since_s = body_since_s_.emplace(id, now_s).first->second;
      const bool tended = std::ranges::any_of(attendants_, [&](const Attendant& a) { return a.task && a.task->body == id; });
      if (!tended && now_s - since_s > kBodySeen_s) give(Kind::look, nullptr, now_s, body.position, id);
    }
  }
}

void Crew::plan_tasks(double now_s, Visitors& visitors) {
  // Whose gate is open goes first; then in the order in which they came.
  for (const bool opened_only : {true, false}) {
    for (const auto& one : visitors) {
      const bool opened = one->stage() == Stage::show && one->headset() != nullptr && one->headset()->view().screen == Screen::guide_in;
      if (opened == opened_only) consider(*one, visitors, now_s);
    }
  }
  look_for_bodies(now_s);
  for (auto id = to_cross_.begin(); id != to_cross_.end();) {
    const auto headset = std::ranges::find(headsets_, *id, [](const auto& one) { return one->id(); });
    const std::optional<HallPoint> at = headset == headsets_.end() ? std::nullopt : place_to_cross(*id);
    Attendant* who = at ? nearest_free(*at, true) : nullptr;
    if (who == nullptr) {
      ++id;
      continue;
    }
    Task task;
    task.id = next_task_++;
    task.kind = Kind::cross;
    task.headset = headset->get();
    task.at = *at;
    task.begun_s = now_s;
    who->task = std::move(task);
    id = to_cross_.erase(id);
  }
}

}  // namespace promenade::rehearsal
