// How long danger takes to be told: a hall program of its own with viewers under way, real headset clients over ENet on
// the loopback, no network delay. From the sample's own time of the pose that must stop two viewers to the arrival of the
// frame that tells each of them; hall stop, panic and evacuation from their command to every headset.

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "tests/bench/alert_conflicts.h"
#include "tests/bench/alert_crowd.h"
#include "tests/bench/alert_hall.h"
#include "tests/bench/bench.h"
#include "tests/bench/quantile.h"
#include "tracking/base/formatted.h"

namespace promenade::bench {
namespace {

using tracking::Level;

constexpr double kAlertLimit_ms = 40.0, kServerLimit_ms = 2.0;  // p99; docs/measures.md
constexpr double kStopLimit_ms = 100.0;                         // of the slowest headset
constexpr std::size_t kEnough = 2000;                           // samples for a p99
constexpr int kFew = 24, kMany = 200;
constexpr int kContactRounds = 5;
constexpr double kPatience_s = 2.0;
constexpr double kPanicEvery_ms = 10.0;

struct AlertOptions {
  std::vector<int> viewers;      // none: 200, and 24 as well in the long form
  std::size_t samples = kEnough;
};

double since_ms(Steady::time_point from, Steady::time_point to) { return std::chrono::duration<double, std::milli>(to - from).count(); }

class AlertRun {
 public:
  AlertRun(int viewers, std::size_t samples, Outcome& outcome)
      : name_(std::to_string(viewers)), samples_(samples), hall_(viewers), crowd_(hall_), outcome_(outcome) {}

  void run() {
    outcome_.table += base::formatted("{} viewers, {:.0f} m² each, 90 poses a second, 30 bundles, loopback\n", crowd_.headsets.size(), 20.0);
    conflicts();
    const int rounds = static_cast<int>((samples_ + crowd_.headsets.size() - 1) / crowd_.headsets.size());
    everybody("hall stop", "stop", rounds, Level::stop, [this] { return crowd_.staff.command(protocol::SetHallStopped{true}); },
              [this] { crowd_.staff.command(protocol::SetHallStopped{false}); });
    panics(rounds);
    everybody("evacuation", "evacuate", rounds, Level::evacuate, [this] { return crowd_.staff.command(protocol::SetEvacuation{true}); },
              [this] { end_evacuation(); });
    everybody("fire contact", "contact", kContactRounds, Level::evacuate, [this] { return opened_contact(); },
              [this] {
                hall_.set_contact(true);
                end_evacuation();
              });
  }

 private:
  // The status that metrics are read from is made four times a second.
  std::map<std::string, double> settled_metrics() {
    crowd_.run(0.6, [] { return false; });
    return hall_.metrics();
  }

  void put(const std::string& what, const std::string& key, const std::vector<double>& ms, std::size_t missed) {
    if (ms.empty()) throw std::runtime_error(what + ": no headset was told anything");
    const double worst = *std::ranges::max_element(ms);
    outcome_.figures[key + "_p50_ms_" + name_] = quantile(ms, 0.5);
    if (ms.size() >= kEnough) outcome_.figures[key + "_p99_ms_" + name_] = quantile(ms, 0.99);
    outcome_.figures[key + "_worst_ms_" + name_] = worst;
    outcome_.figures[key + "_missed_" + name_] = missed;
    outcome_.samples[key + "_" + name_] = ms.size();
    const std::string p99 = ms.size() >= kEnough ? base::formatted("{:6.1f}", quantile(ms, 0.99)) : std::string("     -");
    outcome_.table += base::formatted("  {:28} {:6} samples   p50 {:6.1f}   p99 {}   worst {:6.1f} ms   not told {}\n", what, ms.size(), quantile(ms, 0.5), p99, worst, missed);
  }

  void conflicts() {
    const auto before = settled_metrics();
    Conflicts conflicts(crowd_, hall_);
    const double limit_s = 20.0 + 4.0 * static_cast<double>(samples_) / static_cast<double>(crowd_.headsets.size());
    conflicts.run(samples_, limit_s);
    const double late_ms = crowd_.lateness_p99_ms();
    outcome_.figures["pose_late_p99_ms_" + name_] = late_ms;
    const auto after = settled_metrics();
    put("too near: the frame", "alert", conflicts.told_ms(), conflicts.missed());
    put("too near: the picture", "shown", conflicts.shown_ms(), 0);
    const HallTimes server = hall_times("promenade_hall_alert_seconds", "", before, after);
    const double busy = (after.at("promenade_hall_loop_busy_seconds_total") - before.at("promenade_hall_loop_busy_seconds_total")) / conflicts.took_s();
    outcome_.figures["server_p99_at_most_ms_" + name_] = server.p99_ms;
    outcome_.figures["server_mean_ms_" + name_] = server.mean_ms;
    outcome_.figures["server_core_share_" + name_] = busy;
    outcome_.figures["told_before_necessary_" + name_] = static_cast<double>(std::ranges::count_if(conflicts.told_ms(), [](double ms) { return ms < 0.0; })) / static_cast<double>(conflicts.told_ms().size());
    outcome_.samples["server_" + name_] = server.samples;
    outcome_.table += base::formatted("  {:28} {:6.0f} samples   mean {:5.2f}   p99 at most {:5.2f} ms   busy {:.0f} % of a core\n", "the hall, datagram to frame", server.samples, server.mean_ms, server.p99_ms, 100.0 * busy);
    outcome_.table += base::formatted("  meanwhile poses were behind their moments by {:.1f} ms at p99 (this machine)\n", late_ms);
    if (conflicts.told_ms().size() >= kEnough) {
      outcome_.at_most("alert_p99_ms_" + name_, quantile(conflicts.told_ms(), 0.99), kAlertLimit_ms);
      outcome_.at_most("server_p99_ms_" + name_, server.p99_ms, kServerLimit_ms);
    }
    outcome_.at_most("alert_missed_" + name_, static_cast<double>(conflicts.missed()), 0.0);
  }

  void watch(Level level) {
    for (const auto& one : crowd_.headsets) one->watch(level);
  }
  bool all_told() const {
    return std::ranges::all_of(crowd_.headsets, [](const auto& one) { return one->told_at().has_value(); });
  }

  template <class Begin, class End>
  void everybody(const std::string& what, const std::string& key, int rounds, Level level, Begin begin, End end) {
    std::vector<double> ms;
    std::size_t missed = 0;
    for (int k = 0; k < rounds; ++k) {
      crowd_.run(0.01 * (k % 7), [] { return false; });  // at any moment of the cadences
      watch(level);
      const Steady::time_point from = begin();
      crowd_.run(kPatience_s, [this] { return all_told(); });
      for (const auto& one : crowd_.headsets) {
        if (one->told_at()) ms.push_back(since_ms(from, *one->told_at()));
        else ++missed;
      }
      end();
      crowd_.release_all();
    }
    put(what, key, ms, missed);
    if (key != "contact") outcome_.at_most(key + "_worst_ms_" + name_, *std::ranges::max_element(ms), kStopLimit_ms);
    outcome_.at_most(key + "_missed_" + name_, static_cast<double>(missed), 0.0);
  }

  // One of every pair makes the gesture, one after another; the other is in reach.
  void panics(int rounds) {
    std::vector<double> ms;
    std::size_t missed = 0;
    const std::size_t pairs = crowd_.headsets.size() / 2;
    for (int k = 0; k < rounds; ++k) {
      crowd_.run(0.2, [] { return false; });  // nobody asks again in the moment of his release
      watch(Level::stop);
      std::vector<Steady::time_point> made(pairs);
      const Steady::time_point begin = Steady::now();
      std::size_t next = 0;
      const auto turn = [&] {
        while (next < pairs && since_ms(begin, Steady::now()) >= kPanicEvery_ms * static_cast<double>(next)) {
          crowd_.headsets[2 * next]->panic();
          made[next++] = Steady::now();
        }
      };
      crowd_.run(1.0 + kPatience_s, [&] { return next == pairs && all_told(); }, {}, turn);
      for (std::size_t i = 0; i < crowd_.headsets.size(); ++i) {
        if (const auto at = crowd_.headsets[i]->told_at()) ms.push_back(since_ms(made[i / 2], *at));
        else ++missed;
      }
      crowd_.release_all();
    }
    put("panic, himself and in reach", "panic", ms, missed);
    outcome_.at_most("panic_worst_ms_" + name_, *std::ranges::max_element(ms), kStopLimit_ms);
    outcome_.at_most("panic_missed_" + name_, static_cast<double>(missed), 0.0);
  }

  Steady::time_point opened_contact() {
    hall_.set_contact(false);
    return Steady::now();
  }
  // Refused while the contact still says fire. All films go on.
  void end_evacuation() {
    for (int tries = 0; tries < 50; ++tries) {
      crowd_.staff.forget_refused();
      crowd_.staff.command(protocol::SetEvacuation{false});
      crowd_.run(1.0, [this] { return crowd_.staff.answered(); });
      if (crowd_.staff.refused() == 0) {
        crowd_.staff.command(protocol::SettleEvacuation{base::HeadsetId{}, protocol::Settlement::resume});
        return;
      }
      crowd_.run(0.05, [] { return false; });
    }
    throw std::runtime_error("the evacuation could not be ended. " + hall_.last_words());
  }

  std::string name_;
  std::size_t samples_;
  AlertHall hall_;
  Crowd crowd_;
  Outcome& outcome_;
};

Outcome run_alert_bench(const AlertOptions& options, bool full) {
  Outcome outcome;
  std::vector<int> crowds = options.viewers;
  if (crowds.empty()) crowds = full ? std::vector<int>{kFew, kMany} : std::vector<int>{kMany};
  for (const int viewers : crowds) {
    if (viewers < 2 || viewers > kMany || viewers % 2 != 0) throw std::runtime_error(base::formatted("--viewers {}: give an even number up to {}.", viewers, kMany));
    AlertRun(viewers, options.samples, outcome).run();
  }
  return outcome;
}

Run add_alert_options(CLI::App& app) {
  auto options = std::make_shared<AlertOptions>();
  app.add_option("--viewers", options->viewers, "How many are under way: an even number up to 200; may be given again");
  app.add_option("--samples", options->samples, "Of each kind of alert; a p99 needs 2,000")->check(CLI::Range(10, 100000))->capture_default_str();
  return [options](bool full) { return run_alert_bench(*options, full); };
}

}  // namespace

Bench alert_bench() { return {"alert", "How long danger, stop, panic and evacuation take to reach the headsets", add_alert_options}; }

}  // namespace promenade::bench
