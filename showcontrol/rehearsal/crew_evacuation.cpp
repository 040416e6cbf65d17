// The attendants in an evacuation: they see everybody out, count them on their tablets, end it once the contact is at
// rest and nobody is missing, say what becomes of each film, and bring back whoever goes on.

#include <algorithm>

#include "showcontrol/rehearsal/crew.h"

namespace promenade::rehearsal {

using protocol::Settlement;

namespace {

constexpr double kGoesAlone_s = 12.0;   // who has not set out by then is fetched
constexpr double kFetchHelp_s = 6.0;
constexpr double kFetchFrom_m = 0.8;
constexpr double kAtDoor_m = 2.0;
constexpr double kEndAgain_s = 5.0;     // refused while the contact says fire
constexpr double kDoorFree_m = 1.5;
constexpr double kDoorPassed_m = 0.8;   // nearer than anybody's post
constexpr double kStepBack_m = 2.0, kLetGo_m = 1.6;  // beyond the distance at which an attendant holds a viewer
constexpr double kStepBackMost_s = 5.0, kLook_s = 1.0;
constexpr int kBackTries = 30;
constexpr std::string_view kNotAtPlace = "not-at-place";

// From whom he leads back to himself; anywhere when they stand in one place.
HallVec aside_of(HallPoint attendant, HallPoint viewer) {
  const HallVec back = attendant - viewer;
  const double length = tracking::length(back);
  return length > 1e-3 ? back * (1.0 / length) : HallVec{1.0, 0.0};
}
// A quarter round: where a wall or a column stood in his way.
HallVec turned(HallVec from) { return {-from.y, from.x}; }

}  // namespace

hall::WaysOut& Crew::ways_out() {
  if (!ways_out_) ways_out_ = std::make_unique<hall::WaysOut>(venue_);
  return *ways_out_;
}

bool Crew::evacuate(double now_s, Visitors& visitors) {
  const bool told = tablets_[1]->summary().evacuate;
  if (told && emptying_ != Emptying::out) {
    emptying_ = Emptying::out;
    emptied_since_s_ = now_s;
    end_again_s_ = 0.0;
    counted_.clear();
    wishes_.clear();
    party_wishes_.clear();
    settled_rest_ = false;
  }
  switch (emptying_) {
    case Emptying::no: return false;
    case Emptying::out:
      leave_tasks(visitors);
      lead_everybody_out(now_s, visitors);
      count_out(now_s, visitors);
      if (!told) emptying_ = Emptying::settling;
      return true;
    case Emptying::settling: say_what_becomes(now_s, visitors); return true;
    case Emptying::back: bring_back_or_send_home(now_s, visitors); return false;
  }
  return false;
}

// Whatever they were at; but what the hall has been asked is waited for, or two would think differently of a headset.
void Crew::leave_tasks(Visitors& visitors) {
  for (Attendant& one : attendants_) {
    if (!one.task || one.task->kind == Kind::fetch || one.task->kind == Kind::look) continue;
    const bool asked = (one.task->kind == Kind::fit || one.task->kind == Kind::swap) && one.task->step == 1;
    if (asked) continue;
    const auto whom = std::ranges::find_if(visitors, [&](const auto& v) { return v->plan().number == one.task->visitor; });
    Visitor* visitor = whom == visitors.end() ? nullptr : whom->get();
    if (visitor != nullptr && one.task->kind == Kind::swap && one.task->step > 1) visitor->swap(*one.task->headset);
    for (const auto& led : visitors) {
      if (led->led_by() == one.number) led->let_go();
    }
    drop(one, visitor);
  }
}

void Crew::lead_everybody_out(double now_s, Visitors& visitors) {
  for (const auto& one : visitors) {
    if (!one->inside() || one->stage() == Stage::leaving || one->evacuates()) continue;
    const std::uint32_t number = one->plan().number;
    // Whoever sees goes by himself; so does who is shown the way, within a few seconds.
    if (tended_.contains(number)) continue;
    if (!one->wears()) one->evacuate(ways_out().nearest(one->position()).path);
    else if (now_s - emptied_since_s_ > kGoesAlone_s) give(Kind::fetch, one.get(), now_s, one->position());
  }
  look_for_bodies(now_s);
}

bool Crew::fetch(Attendant& attendant, Task& task, Visitor& visitor, double now_s) {
  if (visitor.evacuates()) return true;
  if (!go_to(attendant, visitor.position(), kFetchFrom_m, task.visitor)) return false;
  if (task.step == 0) {
    task.until_s = now_s + kFetchHelp_s;
    task.step = 1;
  }
  if (now_s < task.until_s) return false;
  visitor.help();
  std::vector<HallPoint> way = ways_out().nearest(visitor.position()).path;
  if (way.empty()) way = {doorway_};
  visitor.evacuate(std::move(way));
  ++tally_.fetched;
  return true;
}

// Everybody who is out, by his body; at last themselves. Then it is over, once the contact is at rest.
void Crew::count_out(double now_s, const Visitors& visitors) {
  const auto count = [&](base::BodyId body) {
    if (body.is_none() || !counted_.insert(body).second) return;
    tablets_[1]->command(protocol::CountOut{body, true}, now_s);
    ++tally_.counted_out;
  };
  for (const auto& one : visitors) {
    if (one->stage() != Stage::outside || one->headset() == nullptr) continue;
    if (const protocol::HeadsetCard* known = card(one->headset()->id())) count(known->body);
  }
  if (std::ranges::any_of(visitors, [](const auto& one) { return one->inside(); })) return;
  for (const auto& tablet : tablets_) {
    for (const auto& [id, body] : tablet->bodies()) {
      if (body.tagged) count(id);
    }
  }
  const protocol::HallSummary& summary = tablets_[1]->summary();
  if (!summary.evacuate || summary.counted_out < summary.people || now_s < end_again_s_) return;
  end_again_s_ = now_s + kEndAgain_s;
  tablets_[1]->command(protocol::SetEvacuation{false}, now_s);
}

// ---------------------------------------------------------------- afterwards

Settlement Crew::wish_of(const Visitor& visitor) {
  const auto draw = [&] {
    const double share = random_.uniform();
    if (share < habits_.resume_share) return Settlement::resume;
    return share < habits_.resume_share + habits_.pay_back_share ? Settlement::refund : Settlement::rebook;
  };
  const std::uint32_t party = visitor.plan().party;
  Settlement wish = party == 0 ? draw() : party_wishes_.contains(party) ? party_wishes_.at(party) : party_wishes_.emplace(party, draw()).first->second;
  const bool can_go_on = visitor.wears() && visitor.headset() != nullptr && !visitor.headset()->dead();
  return wish == Settlement::resume && !can_go_on ? Settlement::rebook : wish;
}

void Crew::settle(const Visitor& visitor, Settlement settlement, double now_s) {
  ++unanswered_;
  tablets_[1]->command(protocol::SettleEvacuation{visitor.headset()->id(), settlement}, now_s,
                       [this, number = visitor.plan().number, settlement](const protocol::StaffReply& reply) {
                         --unanswered_;
                         if (!reply.accepted) wishes_[number] = Settlement::open;
                         else if (settlement == Settlement::resume) ++tally_.resumed;
                         else ++tally_.paid_back;
                       });
}

// Somebody else at a console says it: they do what he has said.
void Crew::learn_what_becomes(const Visitors& visitors) {
  if (tablets_[1]->summary().unsettled > 0) return;
  for (const auto& one : visitors) {
    if (one->stage() != Stage::outside) continue;
    const protocol::HeadsetCard* known = one->headset() == nullptr ? nullptr : card(one->headset()->id());
    wishes_[one->plan().number] = known == nullptr ? Settlement::open : known->settlement;
  }
  emptying_ = Emptying::back;
}

// One by one whoever goes on or wants his money; then all the others at once.
void Crew::say_what_becomes(double now_s, const Visitors& visitors) {
  if (!habits_.settles) return learn_what_becomes(visitors);
  for (const auto& one : visitors) {
    const std::uint32_t number = one->plan().number;
    if (one->stage() != Stage::outside || wishes_.contains(number)) continue;
    if (one->headset() == nullptr) {
      wishes_[number] = Settlement::open;
      continue;
    }
    const Settlement wish = wishes_[number] = wish_of(*one);
    if (wish != Settlement::rebook) settle(*one, wish, now_s);
  }
  if (unanswered_ > 0) return;
  if (!settled_rest_) {
    settled_rest_ = true;
    ++unanswered_;
    std::uint32_t open = 0;
    for (const auto& one : visitors) {
      const bool rebooked = one->stage() == Stage::outside && one->headset() != nullptr && wishes_.at(one->plan().number) == Settlement::rebook;
      const protocol::HeadsetCard* known = rebooked ? card(one->headset()->id()) : nullptr;
      if (known != nullptr && known->phase >= protocol::Phase::redeemed && known->phase < protocol::Phase::finished) ++open;
    }
    tablets_[1]->command(protocol::SettleEvacuation{{}, Settlement::rebook}, now_s, [this, open](const protocol::StaffReply& reply) {
      --unanswered_;
      if (reply.accepted) tally_.rebooked += open;
    });
    return;
  }
  emptying_ = Emptying::back;
}

void Crew::bring_back_or_send_home(double now_s, Visitors& visitors) {
  bool all_done = true;
  for (const auto& one : visitors) {
    const std::uint32_t number = one->plan().number;
    if (one->stage() != Stage::outside) continue;
    all_done = false;
    const Settlement wish = wishes_.contains(number) ? wishes_.at(number) : Settlement::open;
    if (wish == Settlement::resume) {
      if (!tended_.contains(number)) give(Kind::bring_back, one.get(), now_s, one->way_back().front());
      continue;
    }
    HeadsetDevice* headset = one->headset();
    if (headset != nullptr) {
      const base::HeadsetId id = headset->id();
      cleaned_at_s_[id] = -1.0;
      tablets_[1]->command(protocol::SetReturned{id}, now_s, [this, id, now_s](const protocol::StaffReply&) { cleaned_at_s_[id] = now_s + habits_.clean_s; });
    }
    const bool admitted = headset == nullptr || (wish == Settlement::rebook && random_.chance(habits_.come_again_share));
    if (admitted) {
      one->to_lobby(now_s);
      returning_.push_back(number);
    } else {
      one->go_home(now_s);
    }
  }
  const bool brings = std::ranges::any_of(attendants_, [](const Attendant& one) { return one.task && one.task->kind == Kind::bring_back; });
  if (all_done && !brings) emptying_ = Emptying::no;
}

// In by the door through which he left, by the hand, the headset on, to the place where he was; there he is released.
bool Crew::bring_back(Attendant& attendant, Task& task, Visitor& visitor, const Visitors& visitors, double now_s) {
  switch (task.step) {
    case 0: {
      const std::vector<HallPoint> way = visitor.way_back();
      if (!go_to(attendant, way.front(), kAtDoor_m, task.visitor)) return false;
      const bool taken = std::ranges::any_of(visitors, [&](const auto& one) { return one->inside() && tracking::distance(one->position(), way.front()) < kDoorFree_m; });
      const bool passed = std::ranges::any_of(attendants_, [&](const Attendant& one) { return one.number != attendant.number && tracking::distance(one.at, way.front()) < kDoorPassed_m; });
      if (taken || passed) return false;  // one after the other
      visitor.come_back(now_s);
      visitor.lead(way, attendant.number, habits_.lead_mps);
      task.step = 1;
      return false;
    }
    case 1: {
      attendant.hand = task.visitor;
      const HallVec ahead = visitor.place() - visitor.position();
      attendant.goal = visitor.position() - ahead * (0.6 / std::max(0.6, tracking::length(ahead)));
      if (!visitor.has_arrived()) return false;
      task.at = visitor.position() + aside_of(attendant.at, visitor.position()) * kStepBack_m;
      task.until_s = now_s + kStepBackMost_s;
      task.step = 2;
      return false;
    }
    case 2:
      // A step back first: whoever stands so near holds the viewer.
      attendant.hand = task.visitor;
      attendant.goal = task.at;
      if (now_s < task.until_s - (tracking::distance(attendant.at, visitor.position()) < kLetGo_m ? 0.0 : kStepBackMost_s - kLook_s)) return false;
      say(attendant, protocol::ReleaseViewer{visitor.headset()->id()}, now_s);
      task.step = 3;
      return false;
    default:
      attendant.hand = task.visitor;
      if (!task.reply) return false;
      if (task.reply->accepted) {
        ++tally_.brought_back;
        return true;
      }
      if (const protocol::HeadsetCard* known = card(visitor.headset()->id()); task.reply->code == kNotAtPlace && known != nullptr && !known->route_ahead.empty()) {
        visitor.lead({known->route_ahead.front()}, attendant.number, habits_.lead_mps);  // he had strayed before it began
        task.step = 1;
        if (++task.tries < kBackTries) return false;
      }
      task.at = visitor.position() + turned(task.at - visitor.position());
      task.until_s = now_s + kStepBackMost_s;
      task.step = 2;
      if (++task.tries < kBackTries) return false;
      task.kind = Kind::lead_out;
      task.step = 0;
      return false;
  }
}

}  // namespace promenade::rehearsal
