#include "showcontrol/rehearsal/day_run.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "showcontrol/rehearsal/datagram_network.h"
#include "showcontrol/rehearsal/live_record.h"
#include "showcontrol/rehearsal/virtual_network.h"
#include "showcontrol/server/inline_hall.h"
#include "showcontrol/server/near_misses.h"
#include "ticketing/store/box_office.h"
#include "tracking/base/formatted.h"

namespace promenade::rehearsal {
namespace {

constexpr std::string_view kStaffKey = "rehearsal-staff-key";
constexpr double kTickAfter = 0.4;         // share of a step after which the hall ticks: most of what was sent is there
constexpr double kAwake_s = 5.0;           // before an arrival the skipping ends
constexpr double kLastWait_s = 5400.0;     // after the doors have closed, for the last to leave
constexpr double kChildParties = 0.085;   // so that one viewer in 15 is a child (mean party 1.27)
constexpr double kCouples = 0.18;
constexpr std::size_t kAlarmsKept = 200;

base::KeyPair key_of(std::uint64_t seed) {
  base::Random random = base::Random(seed).fork("box office key");
  base::KeySeed bytes{};
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.below(256));
  return base::KeyPair::from_seed(bytes);
}

void add(hall::Counts& sum, const hall::Counts& one) {
  sum.bundles += one.bundles;
  sum.bundles_old += one.bundles_old;
  sum.refused_messages += one.refused_messages;
  sum.notes_dropped += one.notes_dropped;
  sum.tickets_accepted += one.tickets_accepted;
  sum.tickets_refused += one.tickets_refused;
  sum.plans_asked += one.plans_asked;
  sum.looks_asked += one.looks_asked;
  sum.plans_committed += one.plans_committed;
  sum.plans_stale += one.plans_stale;
  sum.gates_opened += one.gates_opened;
  sum.plays_started += one.plays_started;
  sum.plays_completed += one.plays_completed;
  sum.plays_ended_early += one.plays_ended_early;
  sum.swaps += one.swaps;
  sum.near_misses += one.near_misses;
  sum.contacts += one.contacts;
  sum.wall_near_misses += one.wall_near_misses;
  sum.wall_contacts += one.wall_contacts;
  sum.commands_without_gate += one.commands_without_gate;
  sum.persist_failures += one.persist_failures;
  for (std::size_t i = 0; i < std::size(sum.level_entries); ++i) {
    sum.level_entries[i] += one.level_entries[i];
    sum.level_seconds[i] += one.level_seconds[i];
  }
}

class Office final : public BoxOfficePort {
 public:
  Office(ticketing::store::BoxOffice& office, base::UtcTime opens) : office_(office), opens_(opens) {}
  void ask(const ticketing::Request& request, Done done) override { done(answer(request, now())); }
  base::Result<ticketing::Answer> answer(const ticketing::Request& request, base::UtcTime at) {
    if (away) return base::fail("box-office-away", "The box office cannot be reached.", "Try again later.");
    return office_.ask(request, at);
  }
  std::vector<base::Result<ticketing::Answer>> answer_all(const std::vector<ticketing::Request>& requests, base::UtcTime at) {
    return office_.ask_all(requests, at);
  }
  base::UtcTime now() const { return opens_ + std::chrono::milliseconds(static_cast<std::int64_t>(now_s * 1000.0)); }

  bool away = false;
  double now_s = 0.0;

 private:
  ticketing::store::BoxOffice& office_;
  base::UtcTime opens_;
};

class Day {
 public:
  Day(DayOptions options, ticketing::store::BoxOffice& office, base::KeyPair key, ticketing::BusinessCalendar calendar,
      std::optional<ticketing::store::NearMissLog> near_misses)
      : options_(std::move(options)),
        ledger_(office),
        office_(office, options_.opens),
        key_(std::move(key)),
        calendar_(std::move(calendar)),
        near_misses_(std::move(near_misses)),
        random_(base::Random(options_.seed).fork("day")),
        house_(house_config(), office_),
        network_(make_network()),
        record_(options_.films.shelf()),
        step_s_(1.0 / options_.pose_hz) {
    if (options_.busy) invitations_.emplace(options_.films.shelf(), options_.venue.seats.size(), *options_.busy);
    auto films = std::make_shared<std::vector<hall::Film>>();
    for (const client::Film& film : options_.films.shelf()) films->push_back({film.manifest, film.package_hash});
    films_ = std::move(films);
  }

  DayResult run(const DayWatch& watch) {
    if (!options_.busy) draw_arrivals();
    draw_faults();
    begin_hall(0.0);
    const double doors_close_s = options_.busy ? options_.busy->seconds : options_.hours * 3600.0;
    double now_s = 0.0;
    while (now_s < doors_close_s + kLastWait_s) {
      now_s = next_step(now_s);
      step(now_s);
      if (watch) watch(house_, hall_ ? &hall_->core() : nullptr, now_s);
      const bool all_came = options_.busy ? invitations_->over() : next_arrival_ == arrivals_.size();
      if (all_came && house_.idle() && outbox_empty()) break;
      if (now_s >= doors_close_s) house_.stop_admission();
    }
    result_.finished = house_.everybody_gone();
    if (!result_.finished) result_.left_behind = house_.standing(now_s);
    result_.simulated_s = std::max(now_s, doors_close_s);
    finish(now_s);
    return std::move(result_);
  }

 private:
  std::unique_ptr<Network> make_network() {
    if (options_.datagrams) return std::make_unique<DatagramNetwork>(house_.endpoints(), options_.faults.network, base::Random(options_.seed));
    return std::make_unique<VirtualNetwork>(house_.endpoints(), options_.faults.network, base::Random(options_.seed));
  }

  HouseConfig house_config() {
    HouseConfig config;
    config.venue = &options_.venue;
    config.films = options_.films.shared();
    config.habits = options_.habits;
    config.staff_key = kStaffKey;
    for (const ticketing::HallEntry& hall : options_.box_office.halls) {
      if (hall.id == options_.venue.hall && !hall.sensors.empty()) config.sensor = hall.sensors.front().id;
    }
    config.utc_at_zero = options_.opens;
    config.seed = options_.seed;
    return config;
  }

  // ---------------------------------------------------------------- what is to happen

  void draw_arrivals() {
    base::Random random = random_.fork("arrivals");
    std::vector<base::FilmId> walking, seated;
    for (const client::Film& film : options_.films.shelf()) {
      (film.manifest.kind == package::FilmKind::seated ? seated : walking).push_back(film.manifest.film);
    }
    const double last_s = std::max(1.0, options_.hours * 3600.0 - options_.last_arrival_before_end_s);
    for (int people = 0; people < options_.visits;) {
      Arrival arrival;
      arrival.at_s = random.uniform(30.0, std::max(31.0, last_s));
      const double draw = random.uniform();
      if (options_.groups_share > 0.0 && random.chance(options_.groups_share)) {
        const int size = 3 + static_cast<int>(random.below(4));
        arrival.party.children = random.chance(0.5) ? 1 + static_cast<int>(random.below(2)) : 0;
        arrival.party.adults = size - arrival.party.children;
      } else if (draw < kChildParties) arrival.party.children = 1;
      else if (draw < kChildParties + kCouples) arrival.party.adults = 2;
      if (people + arrival.party.adults + arrival.party.children > options_.visits) arrival.party.adults = 1, arrival.party.children = 0;
      const bool alone = arrival.party.adults + arrival.party.children == 1;
      const bool sits = !seated.empty() && (walking.empty() || (alone && random.chance(options_.seated_share * 1.27 / 0.73)));
      std::vector<base::FilmId> films = sits ? seated : walking;
      for (std::size_t i = films.size(); i > 1; --i) std::swap(films[i - 1], films[random.below(i)]);
      arrival.party.film = films.front();
      arrival.party.or_else.assign(films.begin() + 1, films.end());
      people += arrival.party.adults + arrival.party.children;
      arrivals_.push_back(std::move(arrival));
    }
    if (options_.class_people > 0 && !walking.empty()) {
      Arrival arrival;
      arrival.at_s = last_s / 4.0;
      arrival.party.adults = std::max(1, options_.class_people / 10);
      arrival.party.children = options_.class_people - arrival.party.adults;
      arrival.party.film = walking[random.below(walking.size())];
      for (const base::FilmId& film : walking) {
        if (film != arrival.party.film) arrival.party.or_else.push_back(film);
      }
      arrivals_.push_back(std::move(arrival));
    }
    std::ranges::stable_sort(arrivals_, {}, &Arrival::at_s);
  }

  void draw_faults() {
    base::Random random = random_.fork("faults");
    const double end_s = options_.hours * 3600.0;
    const auto times = [&](double every_s) {
      std::vector<double> at;
      for (double t = every_s > 0.0 ? random.exponential(every_s) : end_s; t < end_s; t += random.exponential(every_s)) at.push_back(t);
      return at;
    };
    kills_ = times(options_.faults.kill_every_s);
    kills_.insert(kills_.end(), options_.kill_at_s.begin(), options_.kill_at_s.end());
    std::ranges::sort(kills_);
    aways_ = times(options_.faults.box_office_away_every_s);
  }

  // ---------------------------------------------------------------- hall

  void begin_hall(double now_s) {
    hall::HallConfig config;
    config.venue = options_.venue;
    config.venue_toml = options_.venue_toml;
    config.films = films_;
    config.staff_keys = {std::string(kStaffKey)};
    config.seed = options_.seed + memory_.facts().size();
    config.start = hall_time_at(now_s);
    config.utc_at_start = office_.now();
    config.limits = options_.limits;
    config.limits.downlink_every = base::from_seconds(step_s_);
    config.limits.card_every = base::from_seconds(0.5);
    server::BoxOfficeLine line;
    line.ask = [this](const ticketing::Request& request, base::UtcTime at) { return office_.answer(request, at); };
    line.ask_all = [this](const std::vector<ticketing::Request>& requests, base::UtcTime at) { return office_.answer_all(requests, at); };
    server::OfflineDesk desk(key_.public_key(), options_.venue.venue, calendar_);
    std::set<base::LaneId> lanes;
    for (const ticketing::LaneEntry& lane : options_.box_office.lanes) {
      if (lane.hall == options_.venue.hall) lanes.insert(lane.id);
    }
    desk.know_lanes(std::move(lanes));
    hall_ = std::make_unique<server::InlineHall>(std::move(config), memory_, std::move(line), std::move(desk));
    ++result_.epochs;
    if (office_.away) hall_->set_box_office_reachable(false, hall_time_at(now_s));
    network_->set_hall(hall_.get(), now_s);
  }

  void end_hall(double now_s) {
    add(result_.hall, hall_->core().counts());
    for (const auto& refused : hall_->refused_facts()) note_refused(refused);
    network_->set_hall(nullptr, now_s);
    hall_.reset();
  }

  void note_refused(const server::Delivered& refused) {
    ++result_.refused_facts;
    if (result_.alarms.size() < kAlarmsKept) {
      result_.alarms.push_back(base::formatted("fact {} refused: {} {}", refused.item.idempotency_key, refused.error.code, refused.error.message));
    }
  }

  void trouble(double now_s) {
    if (!kills_.empty() && now_s >= kills_.front()) {
      kills_.erase(kills_.begin());
      if (hall_) {
        end_hall(now_s);
        back_at_s_ = now_s + random_.uniform(options_.faults.down_min_s, options_.faults.down_max_s);
      }
    }
    if (!hall_ && now_s >= back_at_s_) begin_hall(now_s);
    if (!aways_.empty() && now_s >= aways_.front() && !office_.away) {
      aways_.erase(aways_.begin());
      office_.away = true;
      near_at_s_ = now_s + random_.uniform(options_.faults.away_min_s, options_.faults.away_max_s);
      if (hall_) hall_->set_box_office_reachable(false, hall_time_at(last_tick_s_));
    } else if (office_.away && now_s >= near_at_s_) {
      office_.away = false;
      if (hall_) hall_->set_box_office_reachable(true, hall_time_at(last_tick_s_));
    }
  }

  // ---------------------------------------------------------------- time

  bool outbox_empty() const { return hall_ && hall_->outbox() == 0; }

  // A stretch with nobody there is skipped, up to shortly before the next arrival or trouble.
  double next_step(double now_s) const {
    const double next_s = now_s + step_s_;
    if (options_.busy || !house_.idle() || !outbox_empty() || now_s < kAwake_s) return next_s;
    double until_s = options_.hours * 3600.0;
    if (next_arrival_ < arrivals_.size()) until_s = arrivals_[next_arrival_].at_s - kAwake_s;
    if (!kills_.empty()) until_s = std::min(until_s, kills_.front());
    if (!aways_.empty()) until_s = std::min(until_s, aways_.front());
    if (options_.evacuation && now_s < options_.evacuation->at_s) until_s = std::min(until_s, options_.evacuation->at_s);
    return std::max(next_s, until_s);
  }

  void step(double now_s) {
    if (now_s - now_s_ < 2.0 * step_s_) result_.stepped_s += now_s - now_s_;
    now_s_ = now_s;
    office_.now_s = now_s;
    trouble(now_s);
    network_->run(now_s);
    while (next_arrival_ < arrivals_.size() && arrivals_[next_arrival_].at_s <= now_s) house_.invite(arrivals_[next_arrival_++].party, now_s);
    if (invitations_) invitations_->step(house_, record_.full_s(), now_s);
    house_.step(now_s);
    network_->collect_from_endpoints(now_s);
    const double tick_s = now_s + kTickAfter * step_s_;
    network_->run(tick_s);
    last_tick_s_ = tick_s;
    if (hall_) {
      read_contact(now_s, tick_s);
      hall_->tick(hall_time_at(tick_s));
      network_->collect_from_hall(tick_s);
      take_notes();
      keep_near_misses();
    }
    look();
    if (options_.busy) record_.look(house_, now_s);
    if (options_.story && std::floor(now_s) > std::floor(now_s - step_s_)) options_.story(house_.standing(now_s));
  }

  void read_contact(double now_s, double tick_s) {
    if (!options_.evacuation) return;
    const DayEvacuation& alarm = *options_.evacuation;
    const bool fire = now_s >= alarm.at_s && now_s < alarm.at_s + alarm.lasts_s;
    hall_->contacts({fire ? hall::Contact::fire : hall::Contact::ready, hall::Contact::absent}, hall_time_at(tick_s));
    if (fire && !result_.evacuated_s) result_.evacuated_s = now_s;
    if (!result_.evacuated_s) return;
    const bool out = std::ranges::none_of(house_.visitors(), [](const auto& one) { return one->inside(); });
    if (out && !result_.emptied_s) result_.emptied_s = now_s;
    if (!fire && !result_.ended_s && !hall_->core().summary(hall_time_at(tick_s)).evacuate) result_.ended_s = now_s;
  }

  void take_notes() {
    for (const hall::Note& note : hall_->take_notes()) {
      if (note.kind != hall::NoteKind::alarm) continue;
      ++result_.alarm_counts[note.text];
      if (result_.alarms.size() < kAlarmsKept) {
        result_.alarms.push_back(base::formatted("{:.1f} s headset {}: {}", base::seconds_since_zero(note.time) - base::seconds_since_zero(hall_time_at(0.0)), note.headset.value(), note.text));
      }
    }
  }

  void keep_near_misses() {
    for (const hall::NearMissKept& kept : hall_->take_near_misses()) {
      if (near_misses_) note_unkept(near_misses_->keep(server::record_of(kept)));
    }
    for (const hall::ViewerTime& time : hall_->take_viewer_times()) {
      if (near_misses_) note_unkept(near_misses_->add_time(server::milliseconds(time.until), server::rows_of(time)));
    }
  }

  void note_unkept(const base::Result<void>& written) {
    if (!written && result_.problem.empty()) result_.problem = written.error().text();
  }

  void look() {
    int inside = 0;
    int walkers = 0;
    for (const auto& one : house_.visitors()) {
      inside += one->inside() ? 1 : 0;
      walkers += one->in_film() && !one->seated() ? 1 : 0;
    }
    result_.inside_at_once_max = std::max(result_.inside_at_once_max, inside);
    result_.walkers_at_once_max = std::max(result_.walkers_at_once_max, walkers);
    const World& world = house_.world();
    remember(world.contacts(), "contact", contacts_seen_);
    remember(world.wall_contacts(), "wall contact", wall_contacts_seen_);
    remember(world.near_misses(), "near miss", near_misses_seen_);
  }

  void remember(const std::vector<Episode>& episodes, const char* kind, std::size_t& seen) {
    for (; seen < episodes.size(); ++seen) {
      const Episode& episode = episodes[seen];
      result_.meetings.push_back({episode, kind, house_.describe(episode)});
    }
  }

  // ---------------------------------------------------------------- the day's end

  void finish(double now_s) {
    if (!hall_) begin_hall(now_s);
    if (office_.away) {
      office_.away = false;
      hall_->set_box_office_reachable(true, hall_time_at(last_tick_s_));
    }
    hall_->deliver(hall_time_at(last_tick_s_ + 1.0));
    house_.observe_now(now_s);
    end_hall(now_s);
    const ticketing::BusinessDate date = calendar_.date_of(options_.opens);
    ticketing::DayClose close;
    close.head = {base::formatted("close-{}", date.text()), "counter-1", office_.now(), "manager"};
    close.date = date;
    auto closed = ledger_.close_day(close, office_.now());
    result_.closed = closed.has_value();
    if (!closed) {
      result_.problem = closed.error().code + ": " + closed.error().text();
      close.head.idempotency_key += "-forced";
      close.force = true;
      closed = ledger_.close_day(close, office_.now());
    }
    result_.report = ledger_.report(date);
    if (const auto verified = ledger_.verify()) {
      result_.chain_ok = verified->chain_ok;
      result_.rebuilt_identical = verified->rebuilt_identical;
      result_.ledger_events = verified->events;
      if (!verified->detail.empty()) result_.problem += verified->detail;
    } else {
      result_.problem += verified.error().text();
    }
    const auto exported = ledger_.export_to([this](base::ByteView bytes) { result_.exported.insert(result_.exported.end(), bytes.begin(), bytes.end()); });
    if (!exported) result_.problem += exported.error().text();
    const base::Hash hash = base::blake2b(result_.exported);
    result_.export_hash = base::to_hex(hash);
    result_.tally = house_.tally();
    if (options_.busy) result_.busy_report = record_.report(house_, now_s).dump();
    result_.visits = house_.visits_done();
    const World& world = house_.world();
    result_.contacts = world.contacts().size();
    result_.wall_contacts = world.wall_contacts().size();
    result_.near_misses = world.near_misses().size();
    result_.viewer_hours = world.viewer_seconds() / 3600.0;
    const NetworkTotals carried = network_->totals();
    result_.messages = carried.messages;
    result_.message_bytes = carried.bytes;
    result_.undecodable = carried.undecodable;
    // What an episode came to is known at its end only.
    for (Meeting& meeting : result_.meetings) {
      const auto& list = meeting.kind == "contact" ? world.contacts() : meeting.kind == "near miss" ? world.near_misses() : world.wall_contacts();
      for (const Episode& one : list) {
        if (one.begin_s == meeting.episode.begin_s && one.a == meeting.episode.a && one.b == meeting.episode.b) meeting.episode.least_m = one.least_m;
      }
    }
  }

  struct Arrival {
    double at_s = 0.0;
    Party party;
  };

  DayOptions options_;
  ticketing::store::BoxOffice& ledger_;
  Office office_;
  base::KeyPair key_;
  ticketing::BusinessCalendar calendar_;
  std::optional<ticketing::store::NearMissLog> near_misses_;
  base::Random random_;
  House house_;
  std::unique_ptr<Network> network_;
  Record record_;
  std::optional<Invitations> invitations_;
  double step_s_;
  std::shared_ptr<const std::vector<hall::Film>> films_;
  server::HallMemory memory_;
  std::unique_ptr<server::InlineHall> hall_;
  std::vector<Arrival> arrivals_;
  std::size_t next_arrival_ = 0;
  std::vector<double> kills_, aways_;
  double back_at_s_ = 0.0, near_at_s_ = 0.0, now_s_ = 0.0, last_tick_s_ = 0.0;
  std::size_t contacts_seen_ = 0, wall_contacts_seen_ = 0, near_misses_seen_ = 0;
  DayResult result_;
};

}  // namespace

void set_faults(DayOptions& options, Faults faults) {
  TrackingHabits& tracking = options.habits.headset.tracking;
  if (faults == Faults::none) {
    options.faults.network.loss = 0.0;
    options.faults.network.outage_every_s = 0.0;
    options.faults.kill_every_s = 0.0;
    tracking.faults = false;
  } else if (faults == Faults::heavy) {
    options.faults.network.loss = 0.05;
    options.faults.network.outage_every_s /= 10.0;
    options.faults.kill_every_s = 7200.0;
    options.faults.box_office_away_every_s = 7200.0;
    tracking.death_every_s /= 10.0;
    tracking.outage_every_s /= 5.0;
    tracking.freeze_every_s /= 5.0;
    options.habits.walker.stray_per_play *= 10.0;
    options.habits.walker.run_per_play *= 10.0;
    options.habits.walker.lift_visor_per_hour *= 10.0;
    options.habits.walker.take_off_per_hour *= 10.0;
    options.habits.walker.fall_per_hour *= 10.0;
  }
}

base::Result<DayResult> run_day(DayOptions options, const DayWatch& watch) {
  for (ticketing::FilmEntry& entry : options.box_office.films) {
    for (const client::Film& film : options.films.shelf()) {
      if (film.manifest.film != entry.id) continue;
      entry.length = std::chrono::seconds(static_cast<std::int64_t>(std::ceil(film.manifest.length_s)));
      const double holds_s = film.manifest.route ? film.manifest.route->hold_total_max_s : 0.0;
      entry.longest_hold = std::chrono::seconds(static_cast<std::int64_t>(std::ceil(holds_s)));
    }
  }
  auto calendar = options.box_office.calendar();
  if (!calendar) return std::unexpected(calendar.error());
  const base::KeyPair key = key_of(options.seed);
  auto office = ticketing::store::BoxOffice::open(options.ledger_path, options.box_office, key, options.opens,
                                                  std::make_unique<ticketing::SeededIdSource>(options.seed));
  if (!office) return std::unexpected(office.error());
  std::optional<ticketing::store::NearMissLog> near_misses;
  if (!options.near_misses_path.empty()) {
    auto log = ticketing::store::NearMissLog::open(options.near_misses_path);
    if (!log) return std::unexpected(log.error());
    near_misses = std::move(*log);
  }
  Day day(std::move(options), *office, key, *calendar, std::move(near_misses));
  return day.run(watch);
}

}  // namespace promenade::rehearsal
