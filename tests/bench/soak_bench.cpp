// Whether a hall stays as it is for as long as it is open: a hall program of its own, with the shipped clients of as many viewers under
// way, each over its own encrypted connection through a network that loses datagrams each way by a seed. What the program has in
// memory, what ENet holds for its devices, and links lost, over time.

#include <algorithm>
#include <chrono>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <thread>

#include "showcontrol/rehearsal/live_link.h"
#include "tests/bench/alert_hall.h"
#include "tests/bench/bench.h"
#include "tests/bench/loss_viewer.h"
#include "tracking/base/formatted.h"
#include "tracking/base/random.h"

namespace promenade::bench {
namespace {

constexpr double kTurnEvery_s = 1.0 / 45.0;  // of each viewer: his pose, what has come, what goes
constexpr double kJoinEvery_s = 0.05;        // one viewer after the other
constexpr double kJoinedWithin_s = 120.0;
constexpr double kSettled_s = 20.0;          // after that, before the first look
constexpr int kLooks = 240;                  // over the whole time, but none within less than a second of another
constexpr std::size_t kLooksLeast = 8;
constexpr double kMemoryGrowth_mib = 2.0;    // of the last quarter's mean beyond the first's
constexpr double kWaitingGrowth_kib = 16.0;  // likewise: some 80 bytes a device
constexpr double kCommandsGrowth = 0.25;     // likewise, of each device: of what it has yet to acknowledge
constexpr double kLinksLost = 0.01;          // of all

struct SoakOptions {
  double minutes = 60.0;
  int clients = 200;
  double loss = 0.05;
  std::uint64_t seed = 1;
};

struct Look {
  double at_s = 0.0;
  double memory_mib = 0.0, waiting_kib = 0.0, waiting_commands = 0.0;
};

class SoakCrowd {
 public:
  SoakCrowd(const AlertHall& hall, const SoakOptions& options) {
    const base::Random random(options.seed);
    for (std::size_t i = 0; i < hall.homes().size(); ++i) {
      auto one = std::make_unique<One>(LossViewer(static_cast<std::uint16_t>(i + 1), hall.homes()[i], hall.shelf(), random.fork("viewer", i), [](protocol::BodyId, base::HallTime) { return std::nullopt; }));
      protocol::ConnectionConfig config;
      config.port = hall.udp_port();
      config.security = hall.security(link::Role::headset, std::to_string(i + 1));
      config.impairment.outgoing.loss = config.impairment.incoming.loss = options.loss;
      one->link = std::make_unique<rehearsal::LiveLink>(one->viewer, [config, random, i, opened = std::uint64_t{0}]() mutable {
        config.impairment.seed = random.fork("line", i << 32 | ++opened)();
        return protocol::Connection::open(config);
      });
      one->next_s = kJoinEvery_s * static_cast<double>(i) + kTurnEvery_s * static_cast<double>(i) / static_cast<double>(hall.homes().size());
      crowd_.push_back(std::move(one));
    }
  }
  // In real time, until that second of its own clock.
  void run_until(double end_s) {
    for (double now_s = clock_s(); now_s < end_s; now_s = clock_s()) {
      double next_s = end_s;
      for (const auto& one : crowd_) {
        if (now_s >= one->next_s) {
          one->next_s = std::max(one->next_s + kTurnEvery_s, now_s);
          one->link->receive(now_s);
          one->viewer.step(now_s);
          one->link->send(now_s);
        }
        next_s = std::min(next_s, one->next_s);
      }
      const double left_s = next_s - clock_s();
      if (left_s > 0.0) std::this_thread::sleep_for(std::chrono::duration<double>(left_s));
    }
  }
  double clock_s() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - zero_).count(); }
  std::size_t linked() const {
    return static_cast<std::size_t>(std::ranges::count_if(crowd_, [](const auto& one) { return one->link->connected(); }));
  }
  std::size_t ready() const {
    return static_cast<std::size_t>(std::ranges::count_if(crowd_, [](const auto& one) { return one->viewer.ready(); }));
  }
  std::uint64_t losses() const {
    return std::accumulate(crowd_.begin(), crowd_.end(), std::uint64_t{0}, [](std::uint64_t sum, const auto& one) { return sum + one->viewer.losses(); });
  }

 private:
  struct One {
    explicit One(LossViewer made) : viewer(std::move(made)) {}
    LossViewer viewer;
    std::unique_ptr<rehearsal::LiveLink> link;
    double next_s = 0.0;
  };
  std::chrono::steady_clock::time_point zero_ = std::chrono::steady_clock::now();
  std::vector<std::unique_ptr<One>> crowd_;
};

double mean(const std::vector<Look>& looks, std::size_t from, std::size_t to, double Look::*value) {
  double sum = 0.0;
  for (std::size_t i = from; i < to; ++i) sum += looks[i].*value;
  return sum / static_cast<double>(to - from);
}

double slope_per_h(const std::vector<Look>& looks, double Look::*value) {  // least squares
  const double at = mean(looks, 0, looks.size(), &Look::at_s), middle = mean(looks, 0, looks.size(), value);
  double over = 0.0, under = 0.0;
  for (const Look& look : looks) {
    over += (look.at_s - at) * (look.*value - middle);
    under += (look.at_s - at) * (look.at_s - at);
  }
  return under > 0.0 ? 3600.0 * over / under : 0.0;
}

Outcome report(const std::vector<Look>& looks, const SoakOptions& options, std::uint64_t lost, std::size_t ready) {
  Outcome outcome;
  const std::size_t quarter = looks.size() / 4;
  const auto put = [&](const std::string& what, const std::string& key, const std::string& unit, double Look::*value) {
    const double first = mean(looks, 0, quarter, value), last = mean(looks, looks.size() - quarter, looks.size(), value);
    const double most = std::ranges::max(looks, {}, value).*value;
    outcome.figures[key + "_first_quarter" + unit] = first;
    outcome.figures[key + "_last_quarter" + unit] = last;
    outcome.figures[key + "_most" + unit] = most;
    outcome.figures[key + "_per_h" + unit] = slope_per_h(looks, value);
    outcome.table += base::formatted("  {:28} first quarter {:10.2f}   last {:10.2f}   most {:10.2f}   {:+.3f} an hour\n", what, first, last, most, slope_per_h(looks, value));
    return last - first;
  };
  outcome.table = base::formatted("{} viewers, {:.1f} minutes, {:.0f} % of datagrams lost each way, seed {}; {} looks\n", options.clients, options.minutes, 100.0 * options.loss, options.seed, looks.size());
  const double memory_mib = put("the hall's memory, MiB", "memory", "_mib", &Look::memory_mib);
  const double waiting_kib = put("waiting in ENet, KiB", "waiting", "_kib", &Look::waiting_kib);
  const double commands = put("commands waiting in ENet", "waiting_commands", "", &Look::waiting_commands);
  outcome.table += base::formatted("  {} links lost; {} of {} viewers under way at the end\n", lost, ready, options.clients);
  outcome.figures["links_lost"] = lost;
  outcome.figures["ready_at_end"] = ready;
  outcome.samples["looks"] = looks.size();
  outcome.at_most("memory_growth_mib", memory_mib, kMemoryGrowth_mib);
  outcome.at_most("waiting_growth_kib", waiting_kib, kWaitingGrowth_kib);
  outcome.at_most("waiting_commands_growth", commands / options.clients, kCommandsGrowth);
  outcome.at_most("links_lost", static_cast<double>(lost) / options.clients, kLinksLost);
  return outcome;
}

Outcome run_soak(const SoakOptions& options) {
  if (options.clients < 2 || options.clients > kCrowdMost || options.clients % 2 != 0) throw std::runtime_error(base::formatted("--clients {}: give an even number up to {}.", options.clients, kCrowdMost));
  const double seconds = 60.0 * options.minutes;
  const double every_s = std::max(1.0, seconds / kLooks);
  if (seconds / every_s < static_cast<double>(kLooksLeast)) throw std::runtime_error(base::formatted("--minutes {}: too short to say anything; give 0.2 or more.", options.minutes));
  const AlertHall hall(options.clients);
  SoakCrowd crowd(hall, options);
  while (crowd.linked() < static_cast<std::size_t>(options.clients)) {
    if (crowd.clock_s() > kJoinedWithin_s) throw std::runtime_error(base::formatted("{} of {} viewers are connected after {:.0f} s. {}", crowd.linked(), options.clients, kJoinedWithin_s, hall.last_words()));
    crowd.run_until(crowd.clock_s() + 0.2);
  }
  crowd.run_until(crowd.clock_s() + kSettled_s);
  const std::uint64_t lost_before = crowd.losses();
  const double begin_s = crowd.clock_s();
  std::vector<Look> looks;
  for (double at_s = every_s; at_s <= seconds + 1e-6; at_s += every_s) {
    crowd.run_until(begin_s + at_s);
    const Metrics now = hall.metrics();
    const double waiting = now.at("promenade_hall_link_waiting_out_bytes") + now.at("promenade_hall_link_waiting_in_bytes");
    looks.push_back({at_s, static_cast<double>(hall.memory_kib()) / 1024.0, waiting / 1024.0, now.at("promenade_hall_link_waiting_commands")});
  }
  return report(looks, options, crowd.losses() - lost_before, crowd.ready());
}

}  // namespace

Bench soak_bench() {
  return {"soak", "Whether memory, ENet's waiting data and links of a full hall stay as they are for an hour", [](CLI::App& app) -> Run {
            auto options = std::make_shared<SoakOptions>();
            app.add_option("--minutes", options->minutes, "How long, after all are under way; in either form")->check(CLI::Range(0.2, 1440.0))->capture_default_str();
            app.add_option("--clients", options->clients, "How many viewers: an even number up to 200")->capture_default_str();
            app.add_option("--loss", options->loss, "Share of datagrams lost, each way")->check(CLI::Range(0.0, 0.9))->capture_default_str();
            app.add_option("--seed", options->seed, "Of what is lost, and of the viewers' clocks")->capture_default_str();
            return [options](bool) { return run_soak(*options); };
          }};
}

}  // namespace promenade::bench
