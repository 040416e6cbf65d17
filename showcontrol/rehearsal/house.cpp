#include "showcontrol/rehearsal/house.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::rehearsal {
namespace {

constexpr std::size_t kTogetherMost = 6;   // of one party, through the door together
constexpr double kDoorClear_m = 2.0;
constexpr std::size_t kPlacesForChairs = 2;
constexpr double kClockSlack_s = 1.0;
constexpr double kNominalVisit_s = 600.0;   // of a film whose length is not known

double length_of(const client::FilmShelf& films, const base::FilmId& film) {
  for (const client::Film& one : films) {
    if (one.manifest.film == film) return std::max(30.0, one.manifest.length_s);
  }
  return kNominalVisit_s;
}

}  // namespace

House::House(HouseConfig config, BoxOfficePort& box_office)
    : config_(std::move(config)),
      random_(base::Random(config_.seed).fork("house")),
      crowd_random_(base::Random(config_.seed).fork("crowd")),
      world_(*config_.venue),
      clerk_(box_office, "counter-1", config_.utc_at_zero),
      counter_(base::Random(config_.seed), config_.utc_at_zero),
      headsets_([this] {
        Headsets headsets = std::move(config_.real_headsets);  // first: whoever comes first wears one, once it is ready
        for (int i = 1; i <= config_.habits.headsets; ++i) {
          headsets.push_back(std::make_unique<SimulatedHeadset>(base::HeadsetId(static_cast<std::uint16_t>(i)), config_.films,
                                                                config_.habits.headset, random_.fork("headset", static_cast<std::uint64_t>(i))));
        }
        return headsets;
      }()),
      crew_(*config_.venue, config_.habits, config_.staff_key, random_, headsets_, tally_),
      shelf_due_s_(headsets_.size(), 0.0),
      next_observation_s_(config_.habits.observe_every_s) {
  for (const auto& headset : headsets_) {
    if (auto* simulated = dynamic_cast<SimulatedHeadset*>(headset.get())) endpoints_.push_back(simulated);
  }
  for (const auto& tablet : crew_.tablets()) endpoints_.push_back(tablet.get());
}

Visitor* House::visitor(std::uint32_t number) const {
  const auto found = std::ranges::find_if(visitors_, [&](const auto& one) { return one->plan().number == number; });
  return found == visitors_.end() ? nullptr : found->get();
}

// ---------------------------------------------------------------- counter and lobby

void House::invite(const Party& party, double now_s) {
  const int people = party.adults + party.children;
  PROMENADE_ASSERT(people > 0);
  ++tally_.parties;
  std::vector<std::uint32_t> numbers;
  const auto film = std::ranges::find(*config_.films, party.film, [](const client::Film& one) { return one.manifest.film; });
  const bool sits = film != config_.films->end() && film->manifest.kind == package::FilmKind::seated;
  const std::uint32_t together = people > 1 ? next_party_++ : 0;
  const std::uint32_t numbers_of_pair = next_number_;  // of pairs, told apart by the numbers of those who make them
  for (int i = 0; i < people; ++i) {
    VisitorPlan plan;
    plan.number = next_number_++;
    plan.party = together;
    plan.child = i >= party.adults;
    // The first child goes with the first adult, and so on, as far as there are adults.
    const int couple = i < party.adults ? i : i - party.adults;
    plan.pair = couple < std::min(party.adults, party.children) ? numbers_of_pair + static_cast<std::uint32_t>(couple) : 0;
    plan.people = people;
    plan.film = party.film;
    plan.rather = crowd_random_.chance(config_.habits.rather_share) && together == 0 && !sits;  // who has come to sit wants to sit
    plan.language = crowd_random_.chance(0.85) ? "zh" : "en";
    plan.think_s = crowd_random_.uniform(config_.habits.think_least_s, config_.habits.think_most_s);
    plan.visit_length_s = length_of(*config_.films, party.film);
    visitors_.push_back(std::make_unique<Visitor>(plan, config_.habits.walker, random_.fork("visitor", plan.number), config_.films, now_s,
                                                   plan.pair != 0 ? std::optional(random_.fork("pair", plan.pair)) : std::nullopt));
    numbers.push_back(plan.number);
    ++tally_.visitors;
  }
  std::vector<base::FilmId> films{party.film};
  films.insert(films.end(), party.or_else.begin(), party.or_else.end());
  const bool comp = crowd_random_.chance(config_.habits.comp_share);
  if (numbers.size() <= kTogetherMost) return buy(numbers, std::move(films), comp, now_s);
  // A class is let in in lots, each as soon as there is room; a child with the adult whose hand he holds.
  std::ranges::stable_sort(numbers, {}, [&](std::uint32_t number) {
    const std::uint32_t pair = visitor(number)->plan().pair;
    return pair != 0 ? pair : number + static_cast<std::uint32_t>(people);
  });
  for (std::size_t from = 0; from < numbers.size(); from += kTogetherMost) {
    const auto begin = numbers.begin() + static_cast<std::ptrdiff_t>(from);
    buy({begin, begin + static_cast<std::ptrdiff_t>(std::min(kTogetherMost, numbers.size() - from))}, films, comp, now_s);
  }
}

void House::buy(const std::vector<std::uint32_t>& party, std::vector<base::FilmId> films, bool comp, double now_s) {
  const base::FilmId film = films.front();
  films.erase(films.begin());
  const auto people = static_cast<std::uint32_t>(party.size());
  clerk_.sell(film, static_cast<int>(people), comp ? ticketing::TicketKind::comp : ticketing::TicketKind::paid, now_s,
              [this, party, films = std::move(films), comp, people, now_s](const base::Result<ticketing::SaleAnswer>& answer) {
                if (!answer && answer.error().code == "sold-out" && !films.empty()) return buy(party, films, comp, now_s);
                if (!answer) {
                  tally_.turned_away += people;
                  std::erase_if(visitors_, [&](const auto& one) { return std::ranges::contains(party, one->plan().number); });
                  return;
                }
                (comp ? tally_.comps : tally_.sold) += people;
                sold(party, *answer, now_s);
              });
}

void House::sold(const std::vector<std::uint32_t>& party, const ticketing::SaleAnswer& sale, double now_s) {
  for (std::size_t i = 0; i < party.size() && i < sale.tickets.size(); ++i) {
    visitor(party[i])->set_ticket(sale.tickets[i].token, sale.tickets[i].code, sale.film);
  }
  if (crowd_random_.chance(config_.habits.no_show_share)) {
    tally_.no_shows += static_cast<std::uint32_t>(party.size());
    std::erase_if(visitors_, [&](const auto& one) { return std::ranges::contains(party, one->plan().number); });
    return;
  }
  if (crowd_random_.chance(config_.habits.refund_share)) return go_away(party, "changed-mind", now_s);
  const auto ahead = sale.tickets.empty() ? std::chrono::milliseconds{0} : sale.tickets.front().valid_from - config_.utc_at_zero;
  lobby_.push_back({party, now_s, std::chrono::duration<double>(ahead).count()});
}

void House::go_away(const std::vector<std::uint32_t>& party, const std::string& reason, double now_s) {
  std::vector<base::TicketId> tickets;
  for (const std::uint32_t number : party) {
    tickets.push_back(visitor(number)->ticket());
    if (visitor(number)->times().entered_s >= 0.0) ++tally_.left;  // he was evacuated, and waited to come in again
  }
  std::erase_if(visitors_, [&](const auto& one) { return std::ranges::contains(party, one->plan().number); });
  for (const base::TicketId& ticket : tickets) {
    clerk_.refund(ticket, reason, now_s, [this](const base::Result<ticketing::RefundAnswer>& answer) {
      if (answer) ++tally_.refunded;
    });
  }
}

void House::let_in(double now_s) {
  for (auto next = lobby_.begin(); next != lobby_.end();) {
    if (!admits_ || now_s - next->since_s > config_.habits.lost_patience_s) {
      const std::vector<std::uint32_t> party = next->party;
      next = lobby_.erase(next);
      tally_.turned_away += static_cast<std::uint32_t>(party.size());
      go_away(party, "no-time", now_s);
    } else if (now_s < next->valid_from_s + kClockSlack_s) {
      ++next;  // too early: others go first
    } else if (!room_for(next->party)) {
      ++next;  // others may fit where these do not
    } else {
      const std::vector<HallPoint> places = places_for(*visitor(next->party.front()));
      for (std::size_t i = 0; i < next->party.size(); ++i) {
        if (visitor(next->party[i])->times().entered_s < 0.0) ++tally_.bodies;  // nor twice who was evacuated
        visitor(next->party[i])->let_in(config_.venue->entrance.at, crew_.way_between(config_.venue->entrance.at, places[i]), now_s);
        counter_.passes_in();
      }
      next = lobby_.erase(next);
    }
  }
}

// Free places, best first: those for chairs wait in the places next to the chairs, which walkers leave to them.
std::vector<HallPoint> House::places_for(const Visitor& visitor) const {
  std::vector<HallPoint> free = crew_.free_places(visitors_);
  if (config_.venue->seats.empty()) return free;
  const auto film = std::ranges::find(*config_.films, visitor.film(), [](const client::Film& one) { return one.manifest.film; });
  const bool sits = film != config_.films->end() && film->manifest.kind == package::FilmKind::seated;
  const auto to_chairs_m = [&](HallPoint p) {
    double nearest = std::numeric_limits<double>::infinity();
    for (const tracking::Seat& seat : config_.venue->seats) nearest = std::min(nearest, tracking::distance(seat.at, p));
    return nearest;
  };
  std::vector<double> all;
  for (const HallPoint p : crew_.places()) all.push_back(to_chairs_m(p));
  std::ranges::sort(all);
  const double kept_m = all.size() > 2 * kPlacesForChairs ? all[kPlacesForChairs - 1] : 0.0;
  std::erase_if(free, [&](HallPoint p) { return !sits && to_chairs_m(p) <= kept_m; });
  std::ranges::stable_sort(free, {}, to_chairs_m);
  if (!sits) std::ranges::reverse(free);
  return free;
}

bool House::room_for(const std::vector<std::uint32_t>& party) const {
  const std::size_t people = party.size();
  std::size_t inside = 0;
  std::size_t unfitted = 0;  // inside, still without a headset
  for (const auto& one : visitors_) {
    if (!one->inside() || one->stage() == Stage::leaving) continue;
    ++inside;
    if (one->headset() == nullptr) ++unfitted;
    // Nobody is let in while somebody who does not see walks by the door.
    if (one->blind() && one->stage() == Stage::show && tracking::distance(one->position(), config_.venue->entrance.at) < kDoorClear_m) return false;
  }
  return inside + people <= static_cast<std::size_t>(config_.venue->capacity.viewers) &&
         places_for(*visitor(party.front())).size() >= people && crew_.ready_headsets() >= unfitted + people;
}

// ---------------------------------------------------------------- time

void House::look_round() {
  people_.clear();
  for (const auto& one : visitors_) {
    if (one->inside()) people_.push_back(one->person());
  }
  crew_.add_people(people_);
}

void House::step_headsets(double now_s) {
  std::map<base::HeadsetId, const Visitor*> wearers;
  for (const auto& one : visitors_) {
    if (one->headset() != nullptr) wearers[one->headset()->id()] = one.get();
  }
  const HallPoint shelf = config_.venue->attendant_posts.empty() ? config_.venue->entrance.at : config_.venue->attendant_posts.front().at;
  for (std::size_t i = 0; i < headsets_.size(); ++i) {
    HeadsetDevice& headset = *headsets_[i];
    const bool was_dead = headset.dead();
    if (const auto wearer = wearers.find(headset.id()); wearer != wearers.end()) {
      headset.step(now_s, wearer->second->head());
    } else if (now_s >= shelf_due_s_[i]) {
      shelf_due_s_[i] = now_s + config_.habits.shelf_step_s;
      headset.step(now_s, {shelf, 1.0, 0.0, false});
    }
    if (headset.dead() && !was_dead) ++tally_.deaths;
  }
}

void House::step(double now_s) {
  PROMENADE_ASSERT(now_s >= now_s_);
  const double dt_s = now_s - now_s_;
  now_s_ = now_s;
  clerk_.step(now_s);
  if (!crew_.empties_hall()) let_in(now_s);
  look_round();
  crew_.step(now_s, visitors_, people_, world_);
  for (const std::uint32_t number : crew_.take_returning()) lobby_.push_back({{number}, now_s, 0.0});
  for (const auto& one : visitors_) one->step(now_s, people_, world_);
  watch_doors();
  step_headsets(now_s);
  look_round();
  world_.step(now_s, people_);
  count_levels(dt_s);
  bury();
  if (now_s >= next_observation_s_) observe_now(now_s);
}

void House::count_levels(double dt_s) {
  for (const auto& one : visitors_) {
    if (one->in_film() && one->headset() != nullptr) tally_.level_s[static_cast<std::size_t>(one->headset()->view().level)] += dt_s;
  }
}

// Who leaves in an evacuation is seen to leave then, and those who are brought back to come in.
void House::watch_doors() {
  for (const auto& one : visitors_) {
    const std::uint32_t number = one->plan().number;
    if (one->stage() == Stage::outside) {
      if (outside_.insert(number).second) counter_.passes_out();
    } else if (one->inside() && outside_.erase(number) > 0 && one->stage() != Stage::entering) {
      counter_.passes_in();
    }
  }
}

void House::bury() {
  for (const auto& one : visitors_) {
    if (one->stage() != Stage::gone) continue;
    if (outside_.erase(one->plan().number) == 0) counter_.passes_out();
    ++tally_.left;
    if (one->times().started_s >= 0.0) ++tally_.started;
    if (one->completed()) ++tally_.completed;
    if (one->film() != one->plan().film) ++tally_.changed;
    done_.push_back(one->times());
  }
  std::erase_if(visitors_, [](const auto& one) { return one->stage() == Stage::gone; });
}

void House::observe_now(double now_s) {
  next_observation_s_ = now_s + config_.habits.observe_every_s;
  const DoorCount count = counter_.take(config_.utc_at_zero + std::chrono::milliseconds(static_cast<std::int64_t>(now_s * 1000.0)));
  if (count.to <= count.from) return;
  ticketing::Observation observation;
  observation.sensor = config_.sensor;
  observation.hall = config_.venue->hall;
  observation.from = count.from;
  observation.to = count.to;
  observation.entered = static_cast<int>(count.entered);
  observation.left = static_cast<int>(count.left);
  clerk_.observe(std::move(observation), now_s);
}

bool House::idle() const { return visitors_.empty() && lobby_.empty() && crew_.idle() && clerk_.unanswered() == 0; }

// ---------------------------------------------------------------- reports

Tally House::tally() const {
  Tally tally = tally_;
  for (const auto& headset : headsets_) {
    if (headset->authority() == nullptr) continue;
    tally.gates_passed += headset->authority()->gates();
    tally.gates_passed_without_authority += headset->authority()->without_authority();
  }
  return tally;
}

std::vector<Sight> House::sights() const {
  std::vector<Sight> sights;
  for (const auto& one : visitors_) {
    if (!one->inside()) continue;
    const bool on_floor = one->stage() == Stage::show;
    sights.push_back({one->plan().number, one->position(), false, one->blind(), on_floor, one->in_film(), one->seated(), one->film()});
  }
  std::vector<Person> staff;
  crew_.add_people(staff);
  for (const Person& one : staff) sights.push_back({one.number, one.at, true, false, false, false, false, {}});
  return sights;
}

std::string House::describe(const Episode& episode) const {
  return describe(episode.a) + (episode.b != 0 ? "; " + describe(episode.b) : "");
}

std::string House::describe(std::uint32_t number) const {
  if (number >= Crew::kFirstNumber) return base::formatted("attendant {}", number - Crew::kFirstNumber + 1);
  for (const auto& one : visitors()) {
    if (one->plan().number != number) continue;
    const HeadsetDevice* headset = one->headset();
    const Walker& walker = one->walker();
    std::string text = base::formatted("viewer {} {} {}at {:.2f} {:.2f} v {:.2f}", number, to_string(one->stage()), one->led_by() != 0 ? "led " : "",
                                   one->position().x, one->position().y, tracking::length(one->velocity()));
    if (headset != nullptr) {
      const client::View& view = headset->view();
      text += base::formatted(" screen {} block {} level {} {} conduct {} worn {}{}", static_cast<int>(view.screen), view.block, tracking::to_string(view.level),
                          tracking::to_string(view.cause), static_cast<int>(walker.conduct()), walker.worn() ? 1 : 0, headset->dead() ? " dead" : "");
    }
    return text;
  }
  return base::formatted("viewer {}", number);
}

std::string House::standing(double now_s) const {
  std::string text = base::formatted("{:.1f} s: {} parties in the lobby, {} headsets ready, {} places free\n", now_s, lobby_.size(), crew_.ready_headsets(), crew_.free_places(visitors_).size());
  for (const auto& one : visitors_) {
    if (!one->inside()) continue;
    text += base::formatted("  visitor {} {} at {:.2f} {:.2f}, still {:.0f} s", one->plan().number, to_string(one->stage()),
                        one->position().x, one->position().y, one->still_s());
    if (const HeadsetDevice* headset = one->headset()) {
      const client::View& view = headset->view();
      text += base::formatted(", headset {} screen {} level {} cause {} block {}{}{}", headset->id().value(), static_cast<int>(view.screen),
                          tracking::to_string(view.level), tracking::to_string(view.cause), view.block, view.holding ? " holding" : "",
                          headset->dead() ? " dead" : "");
      if (view.countdown_s) text += base::formatted(", starts in {:.0f} s", *view.countdown_s);
      if (const protocol::HeadsetCard* card = crew_.card(headset->id())) {
        text += base::formatted(", hall: {} {} {} film {}", protocol::to_string(card->phase), tracking::to_string(card->level), tracking::to_string(card->cause), card->film.value());
      }
    }
    text += '\n';
  }
  return text + crew_.standing();
}

}  // namespace promenade::rehearsal
