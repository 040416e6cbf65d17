#pragma once
// One person's visit: buys, is let in, is fitted, chooses, waits, walks in, watches, is held, is led out, rates, hands
// the headset back. Blind from putting it on to taking it off: he then knows what client::View shows and nothing else.
// What staff do to him are the calls under "staff". One thread; rehearsal seconds; hall floor.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "showcontrol/client/client.h"
#include "showcontrol/rehearsal/device.h"
#include "showcontrol/rehearsal/steering.h"
#include "showcontrol/rehearsal/walker.h"
#include "showcontrol/rehearsal/world.h"

namespace promenade::rehearsal {

enum class Stage : std::uint8_t {
  lobby,      // outside, with or without a ticket
  entering,   // through the door to his place in the kitting area
  fitting,    // at his place, in an attendant's hands
  waiting,    // wears it: menu, and wait for the start
  show,       // on the floor: way in, film, way out
  at_exit,    // hands the headset back
  leaving,    // sighted, to the door
  outside,    // after an evacuation, with the headset on his arm
  gone,
};
std::string_view to_string(Stage stage);

struct VisitorPlan {                       // who he is and what he wants
  std::uint32_t number = 0;                // of people in the rehearsal, from 1
  std::uint32_t party = 0;                 // 0: alone
  std::uint32_t pair = 0;                  // an adult and a child who hold hands have the same; 0: with nobody
  int people = 1;                          // of his party, himself included
  bool child = false;
  base::FilmId film;                       // of his ticket
  bool rather = false;                     // chooses another film in the menu, where one is offered
  std::string language = "zh";
  double think_s = 5.0;                    // in the menu
  double visit_length_s = 600.0;           // nominal, spreads the chances of strays
};

struct VisitTimes {                        // rehearsal seconds; negative: not yet
  double arrived_s = -1.0, entered_s = -1.0, bound_s = -1.0, fitted_s = -1.0, chosen_s = -1.0, led_in_s = -1.0,
         started_s = -1.0, ended_s = -1.0, left_s = -1.0;
  double told_s = -1.0;                    // the wait that the menu told him for the film that he chose, when he did
};

class Visitor {
 public:
  Visitor(const VisitorPlan& plan, const WalkerHabits& habits, base::Random random,
          std::shared_ptr<const client::FilmShelf> films, double now_s, std::optional<base::Random> together = std::nullopt);

  void step(double now_s, std::span<const Person> people, const Room& room);

  // ---- staff
  void set_ticket(std::string token, base::TicketId code, const base::FilmId& film);
  void let_in(HallPoint door, std::vector<HallPoint> way, double now_s);  // come in, go there and stand
  void bound(HeadsetDevice& headset, double now_s);         // this one is yours: in an attendant's hands from now
  void put_on(double now_s);                                   // worn and comfortable: blind from now on
  void swap(HeadsetDevice& headset);                        // another one, worn at once, where he stands
  void help();                                                 // on his feet and worn again
  void lead(std::vector<HallPoint> way, std::uint32_t attendant, double speed_mps);  // by the hand
  void let_go();                                               // stands where he is
  void was_helped_by(std::uint32_t attendant);                 // who is still beside him for a moment
  void send_out(HallPoint door, double now_s);                 // the headset is off: to this door and out
  // In an evacuation, on his feet and seeing: by this way and out. Whoever is shown a way takes it by himself.
  void evacuate(std::vector<HallPoint> way);
  void come_back(double now_s);                                // from outside, the headset on again: in by the same door
  void to_lobby(double now_s);                                 // from outside: he has his ticket, and waits to be let in
  void go_home(double now_s);                                  // from outside

  // ---- what anybody can see
  const VisitorPlan& plan() const { return plan_; }
  Stage stage() const { return stage_; }
  HallPoint position() const { return at_; }
  HallVec velocity() const { return velocity_; }
  bool wears() const { return wears_; }
  bool blind() const;                                          // wears it and it shows something
  bool inside() const { return stage_ != Stage::lobby && stage_ != Stage::outside && stage_ != Stage::gone; }
  bool evacuates() const { return way_back_.has_value(); }     // on his way out, or outside
  const std::vector<HallPoint>& way_back() const { return *way_back_; }  // to where he was, from the door by which he left
  bool has_arrived() const;                                    // where he was sent or led
  std::uint32_t led_by() const { return led_by_; }
  const Walker& walker() const { return walker_; }
  HeadsetDevice* headset() const { return headset_; }
  HallPoint place() const { return place_; }
  const std::string& token() const { return token_; }
  const base::TicketId& ticket() const { return ticket_; }
  const VisitTimes& times() const { return times_; }
  const base::FilmId& film() const { return film_; }           // that he watches or will
  bool in_film() const { return in_film_; }                    // between the start and the end of his film
  bool seated() const { return seated_; }                      // his film is for a chair
  bool completed() const { return completed_; }
  double still_s() const { return now_s_ - last_news_s_; }     // since he last came a step further in his visit
  HeadPlace head() const;
  Person person() const;

 private:
  void take_way(std::vector<HallPoint> way);
  void walk_sighted(double dt_s, std::span<const Person> people, const Room& room);
  void walk_blind(const Room& room);
  void attend(double now_s);                                   // what he does with what he is shown
  void choose(double now_s);
  void choose_way(double now_s);
  void heed_party(Guidance& guidance) const;                   // as he sees them in the film
  Guidance guidance();
  void take_path(const std::vector<HallPoint>& shown);
  void watch_progress(double now_s);

  VisitorPlan plan_;
  Walker walker_;
  base::Random random_;
  std::shared_ptr<const client::FilmShelf> films_;
  Stage stage_ = Stage::lobby;
  std::string token_;
  base::TicketId ticket_;
  HeadsetDevice* headset_ = nullptr;
  bool wears_ = false;
  HallPoint at_, place_;                    // where he is; where he goes or stands while he sees or is led
  std::vector<HallPoint> way_;              // there, what is left of it; nearest last
  std::optional<std::vector<HallPoint>> way_back_;
  Stage before_evacuation_ = Stage::lobby;
  Patience patience_;
  HallVec velocity_;
  double now_s_ = 0.0, last_news_s_ = 0.0;
  bool started_ = false;
  std::uint32_t led_by_ = 0, helper_ = 0;   // helper_: who let him go a moment ago and is still beside him
  double let_go_s_ = -100.0;
  double lead_mps_ = 0.7;
  std::optional<double> decides_at_s_, turns_at_s_, rates_at_s_, lifts_at_s_;
  std::uint8_t turns_to_ = 0;               // way of the choice that he is shown
  bool lifted_ = false;                     // the headset itself said so
  bool rated_ = false, in_film_ = false, completed_ = false, seated_ = false, refused_once_ = false;
  base::FilmId film_;
  VisitTimes times_;
  std::uint64_t path_id_ = 1;
  std::vector<HallPoint> path_;
  std::vector<HallPoint> shown_path_;
  client::Screen screen_ = client::Screen::shelf;
  int block_ = -1;
};

}  // namespace promenade::rehearsal
