// What a flood of hostile datagrams does to honest headsets: a hall program of its own with viewers under way over the loopback,
// first in peace and then beside the flood, in one run. All of it shares this machine's cores, the attacker too.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <stdexcept>

#include "tests/bench/alert_crowd.h"
#include "tests/bench/bench.h"
#include "tests/bench/hostile.h"
#include "tests/bench/standing_crowd.h"
#include "tracking/base/formatted.h"

namespace promenade::bench {
namespace {

constexpr double kRate = 50'000.0;
constexpr double kLaterLimit_ms = 5.0;   // of a neighbour's pose at p99, beyond the same without attack
constexpr double kMemoryLimit_mib = 10.0;

constexpr double kJoinLimit_s = 5.0;     // of the slowest honest headset, tried as often as it takes
constexpr double kJoinsMost_s = 60.0;    // so long is waited for all of them

double middle(const std::vector<double>& sorted) { return sorted[sorted.size() / 2]; }

struct AttackOptions {
  int viewers = 40;
  double seconds = 0.0;    // of each part; 0: 15, 120 in the long form
  double rate = kRate;
  int attackers = 240;     // who answer the cookie: more than the hall has places for handshakes, and than a /24 has addresses left
  int every_ms = 200;      // each of them begins anew
  int joiners = 20;
};

struct Part {
  Ages ages;
  double datagrams_per_s = 0.0;
};

class AttackRun {
 public:
  AttackRun(const AttackOptions& options, double seconds) : seconds_(seconds), hall_(options.viewers), crowd_(hall_), captured_(hall_, "captured") {}

  std::unique_ptr<Part> part() {
    auto part = std::make_unique<Part>();
    const auto before = settled();
    for (const auto& headset : crowd_.headsets) headset->measure(&part->ages);
    run(seconds_);
    for (const auto& headset : crowd_.headsets) headset->measure(nullptr);
    part->datagrams_per_s = (settled().at("promenade_hall_datagrams_in_total") - before.at("promenade_hall_datagrams_in_total")) / (seconds_ + kSettle_s);
    return part;
  }
  std::map<std::string, double> settled() {  // what metrics are read from is made four times a second
    run(kSettle_s);
    return hall_.metrics();
  }
  void run(double seconds) {
    crowd_.run(seconds, [] { return false; }, {}, [this] { turn(); });
  }
  // So many honest headsets join, one after the other; how long each took, sorted. Who is not in at the end took infinitely long.
  std::vector<double> join(int count, double most_s) {
    joiners_ = std::make_unique<Joiners>(hall_, count);
    crowd_.run(most_s, [this] { return joiners_->all_in(); }, {}, [this] { turn(); });
    std::vector<double> took = joiners_->took_s();
    joiners_.reset();
    took.resize(static_cast<std::size_t>(count), HUGE_VAL);
    std::ranges::sort(took);
    return took;
  }
  const AlertHall& hall() const { return hall_; }
  const CapturedDevice& captured() const { return captured_; }

 private:
  void turn() {
    captured_.poll();
    if (joiners_) joiners_->poll();
  }
  static constexpr double kSettle_s = 0.6;
  double seconds_;
  AlertHall hall_;
  Crowd crowd_;
  CapturedDevice captured_;
  std::unique_ptr<Joiners> joiners_;
};

// One part beside attackers who answer the cookie.
void besiege(AttackRun& run, const AttackOptions& options, ConnectFlood::Deeds deeds, const std::string& name, double peace_ms, Outcome& outcome) {
  const auto before = run.settled();
  const auto began = Steady::now();
  const ConnectFlood flood(run.hall().udp_port(), run.captured(), deeds, options.attackers, std::chrono::milliseconds(options.every_ms));
  const auto part = run.part();
  const std::vector<double> joins = run.join(options.joiners, kJoinsMost_s);
  const auto after = run.settled();
  const double seconds = std::chrono::duration<double>(Steady::now() - began).count();
  const auto grown = [&](const char* metric) { return after.at(metric) - before.at(metric); };
  const double age_ms = part->ages.quantile_ms(0.99), handshakes = grown("promenade_hall_link_handshakes_total");
  outcome.figures["siege_" + name] = {{"seconds", seconds}, {"hellos_with_a_cookie", flood.begun()}, {"handshakes", handshakes}, {"joins_s", joins}, {"pose_age_p99_ms", age_ms}};
  outcome.samples["poses_" + name] = part->ages.count();
  outcome.samples["joins_" + name] = joins.size();
  outcome.table += base::formatted("{} attackers who answer the cookie, {}, {:.0f} s: {:.0f} hellos with one and {:.0f} handshakes begun a second\n", options.attackers, name, seconds,
                                   static_cast<double>(flood.begun()) / seconds, handshakes / seconds);
  outcome.table += base::formatted("  an honest headset joins in {:.2f} s (median), the slowest of {} in {:.2f}; neighbour's pose at use p99 {:.1f} ms\n", middle(joins), joins.size(), joins.back(), age_ms);
  outcome.at_most(name + "_links_taken", grown("promenade_hall_links"), 0.0);
  outcome.at_most(name + "_slowest_join_s", joins.back(), kJoinLimit_s);
  outcome.at_most(name + "_pose_age_later_ms", age_ms - peace_ms, kLaterLimit_ms);
}

Outcome run_link_attack(const AttackOptions& options, bool full) {
  const double seconds = options.seconds > 0.0 ? options.seconds : full ? 120.0 : 15.0;
  if (options.viewers < 2 || options.viewers > kCrowdMost || options.viewers % 2 != 0) throw std::runtime_error(base::formatted("--viewers {}: give an even number up to {}.", options.viewers, kCrowdMost));
  AttackRun run(options, seconds);
  const auto peace = run.part();
  const auto before = run.settled();
  const std::size_t memory_before = run.hall().memory_kib();
  std::unique_ptr<Part> war;
  std::uint64_t sent = 0;
  {
    const Flood flood(run.hall().udp_port(), run.captured(), options.rate);
    war = run.part();
    sent = flood.sent();
  }
  const auto after = run.settled();
  const double memory_mib = (static_cast<double>(run.hall().memory_kib()) - static_cast<double>(memory_before)) / 1024.0;
  const auto grown = [&](const char* name) { return after.at(name) - before.at(name); };
  const double peace_ms = peace->ages.quantile_ms(0.99), war_ms = war->ages.quantile_ms(0.99);
  Outcome outcome;
  const double busy = grown("promenade_hall_loop_busy_seconds_total");
  outcome.figures = {{"pose_age_p50_ms_peace", peace->ages.quantile_ms(0.5)}, {"pose_age_p99_ms_peace", peace_ms}, {"pose_age_p50_ms_attack", war->ages.quantile_ms(0.5)},
                     {"pose_age_p99_ms_attack", war_ms}, {"hostile_sent", sent}, {"datagrams_per_s_peace", peace->datagrams_per_s}, {"datagrams_per_s_attack", war->datagrams_per_s},
                     {"dropped", grown("promenade_hall_link_dropped_total")}, {"memory_mib", memory_mib}, {"loop_busy_s", busy}};
  outcome.samples = {{"poses_peace", peace->ages.count()}, {"poses_attack", war->ages.count()}};
  outcome.table = base::formatted("{} viewers, {:.0f} s each; {} hostile datagrams sent, {:.0f} a second; the hall read {:.0f} a second, {:.0f} in peace\n", options.viewers, seconds, sent,
                                  static_cast<double>(sent) / seconds, war->datagrams_per_s, peace->datagrams_per_s);
  outcome.table += base::formatted("  neighbour's pose at use: in peace p50 {:.1f} p99 {:.1f} ms, under attack p50 {:.1f} p99 {:.1f} ms; memory {:+.1f} MiB\n", peace->ages.quantile_ms(0.5), peace_ms,
                                   war->ages.quantile_ms(0.5), war_ms, memory_mib);
  outcome.at_most("pose_age_later_ms", war_ms - peace_ms, kLaterLimit_ms);
  outcome.at_most("memory_mib", memory_mib, kMemoryLimit_mib);
  outcome.at_most("handshakes_begun", grown("promenade_hall_link_handshakes_total"), 0.0);
  outcome.at_most("unreadable_messages", grown("promenade_hall_decode_errors_total"), 0.0);
  outcome.at_most("moved_addresses", grown("promenade_hall_link_moved_total"), 0.0);
  // Then those who answer the cookie, with honest headsets that join beside them.
  const std::vector<double> joins = run.join(options.joiners, kJoinsMost_s);
  outcome.figures["joins_s_peace"] = joins;
  outcome.table += base::formatted("in peace an honest headset joins in {:.2f} s (median), the slowest of {} in {:.2f}\n", middle(joins), joins.size(), joins.back());
  besiege(run, options, ConnectFlood::Deeds::mixed, "mixed", peace_ms, outcome);
  besiege(run, options, ConnectFlood::Deeds::silent, "silent", peace_ms, outcome);
  outcome.at_most("captured_link_lost", run.captured().over() ? 1.0 : 0.0, 0.0);
  return outcome;
}

}  // namespace

Bench link_attack_bench() {
  return {"link-attack", "What a flood of hostile datagrams does to honest headsets", [](CLI::App& app) -> Run {
            auto options = std::make_shared<AttackOptions>();
            app.add_option("--viewers", options->viewers, "How many are under way: an even number up to 200")->capture_default_str();
            app.add_option("--seconds", options->seconds, "How long in peace and how long under attack; 0: 15, or 120 in the long form")->check(CLI::Range(0.0, 3600.0))->capture_default_str();
            app.add_option("--rate", options->rate, "Hostile datagrams a second")->check(CLI::Range(1.0, 1e6))->capture_default_str();
            app.add_option("--attackers", options->attackers, "Addresses of those who answer the cookie")->check(CLI::Range(1, 5000))->capture_default_str();
            app.add_option("--every", options->every_ms, "Each of them begins anew after so many ms")->check(CLI::Range(1, 60000))->capture_default_str();
            app.add_option("--joiners", options->joiners, "Honest headsets that join meanwhile")->check(CLI::Range(1, 200))->capture_default_str();
            return [options](bool full) { return run_link_attack(*options, full); };
          }};
}

}  // namespace promenade::bench
