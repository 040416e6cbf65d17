#include "showcontrol/rehearsal/visitor.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace promenade::rehearsal {

using client::Screen;

namespace {

constexpr double kAtPlace_m = 0.15;
constexpr double kTurned_m = 0.5;         // so near to a corner of his way he turns to the next
constexpr double kStandFree_m = -0.1;     // on a bench along the wall: less than the model's 0.2 m beyond a free area
constexpr double kSeatFree_m = -0.05;     // leaning on a chair
constexpr double kLegFree_m = 0.5;
constexpr double kExitReached_m = 1.3;
constexpr double kOut_m = 1.0;            // so near to the door's point he is out
constexpr double kOutBy_s = 10.0;
constexpr double kStepsBack_s = 4.0;      // an attendant who let him go
constexpr double kChooseAgain_s = 10.0;
constexpr double kLiftOff_s = 3.0;        // from "lift off your headset" to doing so
constexpr double kOwnWay_s = 60.0;        // nobody comes to lead him: he follows the path alone
constexpr double kSetOut_m = 2.0;         // from where his way begins: beyond it he is on the floor, by himself
// One of his party, whom he sees: behind him he waits at this distance, nearer he makes room, and in between he does not
// come back to his path where that leads towards him.
constexpr double kFellowAhead_m = 1.25;
constexpr double kShoulders_m = 0.7;      // so far beside his way nobody is in it
constexpr double kFellowRoom_m = 0.9;
constexpr double kFellowBeside_m = 1.05;
constexpr double kSightedSpeed_mps = 1.0;

}  // namespace

std::string_view to_string(Stage stage) {
  constexpr std::array<std::string_view, 9> kNames{"lobby", "entering", "fitting", "waiting", "show", "at exit", "leaving", "outside", "gone"};
  return kNames[static_cast<std::size_t>(stage)];
}

Visitor::Visitor(const VisitorPlan& plan, const WalkerHabits& habits, base::Random random,
                 std::shared_ptr<const client::FilmShelf> films, double now_s, std::optional<base::Random> together)
    : plan_(plan),
      walker_(habits, random, {}, plan.visit_length_s, plan.child, std::move(together)),
      random_(random.fork("visitor")),
      films_(std::move(films)),
      now_s_(now_s),
      last_news_s_(now_s),
      film_(plan.film) {
  times_.arrived_s = now_s;
}

// ---------------------------------------------------------------- staff

void Visitor::set_ticket(std::string token, base::TicketId code, const base::FilmId& film) {
  token_ = std::move(token);
  ticket_ = std::move(code);
  plan_.film = film_ = film;
}

void Visitor::take_way(std::vector<HallPoint> way) {
  place_ = way.back();
  way_ = std::move(way);
  std::ranges::reverse(way_);
}

void Visitor::let_in(HallPoint door, std::vector<HallPoint> way, double now_s) {
  stage_ = Stage::entering;
  at_ = door;
  take_way(std::move(way));
  times_.entered_s = last_news_s_ = now_s;
}

void Visitor::bound(HeadsetDevice& headset, double now_s) {
  headset_ = &headset;
  times_.bound_s = last_news_s_ = now_s;
}

void Visitor::put_on(double now_s) {
  wears_ = true;
  stage_ = Stage::waiting;
  times_.fitted_s = last_news_s_ = now_s;
  walker_.stand_at(at_, at_);
}

void Visitor::swap(HeadsetDevice& headset) {
  headset_ = &headset;
  wears_ = true;
  walker_.put_on();
  walker_.stand_at(at_, at_);
  shown_path_.clear();
  block_ = -1;
  last_news_s_ = now_s_;
}

void Visitor::help() {
  walker_.put_on();
  lifted_ = false;
  last_news_s_ = now_s_;
}

void Visitor::lead(std::vector<HallPoint> way, std::uint32_t attendant, double speed_mps) {
  led_by_ = attendant;
  take_way(std::move(way));
  lead_mps_ = speed_mps;
}

void Visitor::was_helped_by(std::uint32_t attendant) {
  helper_ = attendant;
  let_go_s_ = now_s_;
}

void Visitor::let_go() {
  was_helped_by(led_by_);
  led_by_ = 0;
  if (!wears_) return;
  walker_.stand_at(at_, at_);
  shown_path_.clear();  // whatever path is shown is walked from here
}

void Visitor::send_out(HallPoint door, double now_s) {
  wears_ = false;
  headset_ = nullptr;
  led_by_ = 0;
  in_film_ = false;
  stage_ = Stage::leaving;
  take_way({door});
  last_news_s_ = now_s;
}

void Visitor::evacuate(std::vector<HallPoint> way) {
  if (!inside() || stage_ == Stage::leaving || evacuates() || way.empty()) return;
  way_back_.emplace(way.rbegin(), way.rend());
  way_back_->push_back(at_);
  before_evacuation_ = stage_;
  lifted_ = true;
  led_by_ = 0;
  take_way(std::move(way));
}

void Visitor::come_back(double now_s) {
  stage_ = before_evacuation_;
  at_ = place_ = way_back_->front();
  way_.clear();
  way_back_.reset();
  lifted_ = false;
  walker_.put_on();
  walker_.stand_at(at_, at_);
  path_.clear();
  shown_path_.clear();
  block_ = -1;
  now_s_ = last_news_s_ = now_s;
}

void Visitor::to_lobby(double now_s) {
  stage_ = Stage::lobby;
  wears_ = lifted_ = in_film_ = started_ = rated_ = false;
  headset_ = nullptr;
  way_back_.reset();
  walker_.put_on();
  path_.clear();
  shown_path_.clear();
  const double arrived_s = times_.arrived_s;
  const double entered_s = times_.entered_s;
  times_ = {};
  times_.arrived_s = arrived_s;
  times_.entered_s = entered_s;
  now_s_ = last_news_s_ = now_s;
}

void Visitor::go_home(double now_s) {
  wears_ = in_film_ = false;
  headset_ = nullptr;
  stage_ = Stage::gone;
  times_.left_s = now_s;
}

// ---------------------------------------------------------------- state

bool Visitor::blind() const { return wears_ && walker_.worn() && !lifted_ && headset_ != nullptr && !headset_->dead(); }

bool Visitor::has_arrived() const { return tracking::distance(at_, place_) < kAtPlace_m; }

HeadPlace Visitor::head() const {
  return {at_, walker_.head_height_m(), walker_.yaw_rad(), wears_ && walker_.worn() && !lifted_};
}

Person Visitor::person() const {
  Person person;
  person.number = plan_.number;
  person.at = at_;
  person.velocity = velocity_;
  person.blind = blind();
  person.group = plan_.party;
  person.pair = plan_.pair;
  person.hand = led_by_ != 0 ? led_by_ : now_s_ - let_go_s_ < kStepsBack_s ? helper_ : 0;
  return person;
}

// ---------------------------------------------------------------- time

void Visitor::step(double now_s, std::span<const Person> people, const Room& room) {
  const double dt_s = now_s - now_s_;
  now_s_ = now_s;
  if (!inside()) return;
  const HallPoint before = at_;
  if (wears_) attend(now_s);
  const bool walks_blind = wears_ && led_by_ == 0 && headset_ != nullptr && !evacuates();
  if (walks_blind) walk_blind(room);
  else if (dt_s > 0.0) walk_sighted(dt_s, people, room);
  if (dt_s > 0.0) velocity_ = (at_ - before) * (1.0 / dt_s);
  if (evacuates() && tracking::distance(at_, place_) < kOut_m) {
    stage_ = Stage::outside;
    velocity_ = {};
  }
  if (stage_ == Stage::leaving && (tracking::distance(at_, place_) < kOut_m || now_s - last_news_s_ > kOutBy_s)) {
    stage_ = Stage::gone;
    times_.left_s = now_s;
  }
}

void Visitor::walk_sighted(double dt_s, std::span<const Person> people, const Room& room) {
  if (stage_ != Stage::fitting || evacuates()) {  // sits then, in an attendant's hands
    Steering steering;
    steering.speed_mps = led_by_ != 0 ? lead_mps_ : kSightedSpeed_mps;
    while (way_.size() > 1 && tracking::distance(at_, way_.back()) < kTurned_m) way_.pop_back();
    const HallPoint next = way_.empty() ? place_ : way_.back();
    at_ = steer(at_, next, dt_s, patience_.apply(steering, at_, next, now_s_), people, plan_.number, led_by_, room);
  }
  if (stage_ == Stage::entering && has_arrived() && !evacuates()) {
    stage_ = Stage::fitting;
    last_news_s_ = now_s_;
  }
  // The walker keeps time, so that his first step blind is not a long one.
  walker_.stand_at(at_, at_);
  Guidance standing;
  standing.free_radius_m = kStandFree_m;
  walker_.step(now_s_, standing, room);
}

void Visitor::walk_blind(const Room& room) {
  walker_.step(now_s_, guidance(), room);
  at_ = walker_.position();
}

// ---------------------------------------------------------------- what he is shown

void Visitor::attend(double now_s) {
  const client::View& view = headset_->view();
  if (headset_->dead()) return;
  if (view.screen != screen_ || (view.play && view.block != block_) || (view.film_running && !view.holding)) last_news_s_ = now_s;
  screen_ = view.screen;
  block_ = view.play ? view.block : -1;
  if (view.screen == Screen::menu) choose(now_s);
  else decides_at_s_.reset();
  if (view.choice) choose_way(now_s);
  else turns_at_s_.reset();
  if (stage_ == Stage::waiting && (view.screen == Screen::guide_in || view.screen == Screen::film || view.screen == Screen::guide_out)) {
    stage_ = Stage::show;
    times_.led_in_s = now_s;
  }
  watch_progress(now_s);
  if (view.screen == Screen::rate && !rated_) {
    if (!rates_at_s_) rates_at_s_ = now_s + random_.uniform(1.5, 4.0);
    if (now_s >= *rates_at_s_) {
      rated_ = true;
      if (!random_.chance(0.15)) headset_->rate(static_cast<std::uint8_t>(3 + random_.below(3)), now_s);
    }
  }
  if (view.screen == Screen::evacuate && led_by_ == 0) {
    if (!lifts_at_s_) lifts_at_s_ = now_s + kLiftOff_s;
    lifted_ = now_s >= *lifts_at_s_;
    const bool on_his_feet = walker_.conduct() != Conduct::down && !walker_.taken_off();
    if (lifted_ && on_his_feet) evacuate(view.way_out);
  } else {
    lifts_at_s_.reset();
    lifted_ = evacuates();
  }
}

void Visitor::watch_progress(double now_s) {
  const client::View& view = headset_->view();
  if (view.play && view.play->film != film_) film_ = view.play->film;
  if (view.screen == Screen::film || view.screen == Screen::leg) {
    if (times_.started_s < 0.0) {
      times_.started_s = now_s;
      const auto shown = std::ranges::find(*films_, film_, [](const client::Film& one) { return one.manifest.film; });
      seated_ = shown != films_->end() && shown->manifest.kind == package::FilmKind::seated;
    }
    in_film_ = true;
  } else if (in_film_ && (view.screen == Screen::guide_out || view.screen == Screen::rate)) {
    in_film_ = false;
    times_.ended_s = now_s;
    completed_ = view.play && view.play->run != protocol::PlayRun::ended;
  }
  const bool out = view.screen == Screen::guide_out || view.screen == Screen::rate;
  if (stage_ == Stage::show && out && (view.screen == Screen::rate || (view.play && !view.play->way_out.empty() && tracking::distance(at_, view.play->way_out.back()) < kExitReached_m))) {
    stage_ = Stage::at_exit;
    last_news_s_ = now_s;
  }
}

void Visitor::choose(double now_s) {
  const client::View& view = headset_->view();
  if (!decides_at_s_) decides_at_s_ = now_s + plan_.think_s;
  if (now_s < *decides_at_s_) return;
  decides_at_s_ = now_s + kChooseAgain_s;
  base::FilmId wanted = film_;
  if (plan_.rather && !refused_once_ && times_.chosen_s < 0.0) {
    std::vector<base::FilmId> others;
    for (const protocol::MenuEntry& entry : view.menu) {
      if (entry.available && entry.film != plan_.film) others.push_back(entry.film);
    }
    if (!others.empty()) wanted = others[random_.below(others.size())];
  }
  if (view.refusal) refused_once_ = true;
  if (times_.chosen_s < 0.0) times_.chosen_s = now_s;
  const auto entry = std::ranges::find(view.menu, wanted, &protocol::MenuEntry::film);
  if (entry != view.menu.end()) times_.told_s = now_s + base::to_seconds(entry->wait) - times_.chosen_s;
  headset_->choose(wanted, plan_.language, now_s);
}

// Where the story divides, one in seven lets it take him.
void Visitor::choose_way(double now_s) {
  const client::Choice& choice = *headset_->view().choice;
  if (!turns_at_s_) {
    turns_at_s_ = now_s + (random_.chance(1.0 / 7.0) ? choice.left_s + kChooseAgain_s : random_.uniform(0.8, std::max(1.0, choice.left_s)));
    turns_to_ = choice.ways[random_.below(choice.ways.size())].number;
  }
  if (!choice.chosen && now_s >= *turns_at_s_) headset_->choose_way(turns_to_, now_s);
}

void Visitor::take_path(const std::vector<HallPoint>& shown) {
  if (shown == shown_path_) return;
  const bool grows = !shown_path_.empty() && shown.size() > shown_path_.size() && std::equal(shown_path_.begin(), shown_path_.end(), shown.begin());
  if (grows && !path_.empty()) {  // he walks on, without a stop
    for (std::size_t i = shown_path_.size(); i < shown.size(); ++i) path_.push_back(shown[i]);
    shown_path_ = shown;
    return;
  }
  shown_path_ = shown;
  if (shown.empty()) return;
  // He joins the path where it is nearest to the point that he wanders and strays about: from where he stands on a stray
  // it would be strayed from once more. A path that begins elsewhere is walked to first.
  const HallPoint from = walker_.planned_point();
  std::size_t next = 0;
  double nearest = tracking::distance(from, shown.front());
  for (std::size_t i = 1; i < shown.size(); ++i) {
    const double distance = tracking::distance_to_segment_m(shown[i - 1], shown[i], from);
    if (distance < nearest) {
      nearest = distance;
      next = i;
    }
  }
  path_.assign(1, from);
  for (std::size_t i = next; i < shown.size(); ++i) path_.push_back(shown[i]);
  ++path_id_;
}

void Visitor::heed_party(Guidance& guidance) const {
  if (plan_.party == 0) return;
  const HallVec ahead = walker_.next_point() - at_;
  for (const client::Ghost& ghost : headset_->view().ghosts) {
    if (ghost.relation != protocol::Relation::group) continue;
    const HallVec offset = ghost.position - at_;
    const double distance = tracking::length(offset);
    if (distance > kFellowAhead_m || distance < 1e-3) continue;
    guidance.fellows.push_back(ghost.position);
    const double length = tracking::length(ahead);
    const bool in_his_way = length > 1e-3 && tracking::dot(offset, ahead) > 0.0 && std::abs(tracking::cross(ahead, offset)) < kShoulders_m * length;
    if (in_his_way) guidance.give_way = true;
    if (distance > kFellowBeside_m) continue;
    guidance.fellow_near = true;
    if (distance < kFellowRoom_m) guidance.from_fellow = offset * (-1.0 / distance);
  }
}

Guidance Visitor::guidance() {
  const client::View& view = headset_->view();
  Guidance guidance;
  guidance.free_radius_m = kLegFree_m;
  guidance.level = view.level == tracking::Level::evacuate ? tracking::Level::stop : view.level;
  guidance.stand_still = view.stand_still || view.screen == Screen::evacuate || headset_->dead();
  // Where he waits for his start and at the exit staff are at hand, and nobody walks off by an arrow.
  const bool sets_out = view.screen == Screen::guide_in && (view.path.empty() || tracking::distance(at_, view.path.front()) < kSetOut_m);
  const bool at_hand = stage_ != Stage::show || view.screen == Screen::wait_start || sets_out;
  guidance.has_arrow = view.arrow_rad.has_value() && !at_hand;
  guidance.arrow_rad = view.arrow_rad.value_or(0.0);
  guidance.in_play = view.screen == Screen::film || view.screen == Screen::leg;
  if (headset_->dead()) return guidance;
  switch (view.screen) {
    case Screen::guide_in: {
      const bool at_start = !view.path.empty() && tracking::distance(at_, view.path.front()) < 1.0;
      // In the kitting area an attendant leads him to where the path begins.
      if (at_start || stage_ != Stage::show || path_id_ > 1 || now_s_ - times_.led_in_s > kOwnWay_s) take_path(view.path);
      break;
    }
    case Screen::leg:
    case Screen::guide_out: take_path(view.path); break;
    case Screen::film:
      guidance.free_radius_m = seated_ ? kSeatFree_m : view.target_radius_m;
      if (view.target && tracking::distance(at_, *view.target) > view.target_radius_m + 1.0) take_path({*view.target});
      break;
    default:
      if (stage_ == Stage::waiting || stage_ == Stage::at_exit) guidance.free_radius_m = kStandFree_m;
      break;
  }
  heed_party(guidance);
  guidance.path = path_;
  guidance.path_id = path_id_;
  return guidance;
}

}  // namespace promenade::rehearsal
