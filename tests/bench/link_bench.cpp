// What the link costs the hall: its listener, door and codec with hundreds of headsets over the loopback, encrypted, with the messages
// of a real hall at their real rate, beside bare ENet with packets of the same sizes and rate in the same run, in turns. Only the
// processor time of the hall's thread counts: headsets have a thread, and bare ENet a program, of their own. What the hall's core
// does with the same messages is told apart.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "showcontrol/link/rim/key_folder.h"
#include "showcontrol/link/rim/udp_socket.h"
#include "showcontrol/planning/airtime.h"
#include "tests/bench/bench.h"
#include "tests/bench/link_farm.h"
#include "tests/bench/quantile.h"
#include "tests/bench/raw_enet.h"
#include "tests/bench/standing_crowd.h"
#include "tracking/base/formatted.h"

namespace promenade::bench {
namespace {

constexpr double kRatioLimit = 1.5;            // docs/measures.md
constexpr double kAgeLimit_ms = 5.0;
constexpr double kOnLoopLimit_ms = 1.0;        // of a join: a handshake takes more than two
constexpr std::size_t kAgesEnough = 2000;
constexpr double kJoinWithin_s = 60.0;
constexpr double kSettle_s = 0.4;              // until what has been sent is read, and counts are new
constexpr int kHeadsetsMost = 1000;
constexpr std::size_t kOverhead_bytes = 28;    // IP and UDP
constexpr double kDtls_bytes = 34.0;           // of which the airtime's sum has its own

struct LinkOptions {
  std::vector<int> clients;    // none: 200 and 500
  double seconds = 0.0;        // of each part; 0: 2.5, or 10 in the long form
  int rounds = 0;              // 0: 3, or 12 in the long form
  std::uint64_t seed = 1;
};

void sleep_for(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

// Processor time of this program's thread of that name; the system counts it in nanoseconds.
double thread_named_s(const std::string& name) {
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream called(task.path() / "comm"), spent(task.path() / "schedstat");
    std::string found;
    double ns = 0.0;
    if (std::getline(called, found) && found == name && spent >> ns) return 1e-9 * ns;
  }
  throw std::runtime_error("there is no thread \"" + name + "\"");
}

// UDP datagrams that this system has dropped because a socket's buffer was full, anybody's.
double buffer_drops() {
  std::ifstream file("/proc/net/snmp");
  std::string names, numbers;
  while (std::getline(file, names) && std::getline(file, numbers)) {
    if (!names.starts_with("Udp:")) continue;
    std::istringstream name(names), number(numbers);
    std::string key, value;
    while (name >> key && number >> value) {
      if (key == "RcvbufErrors") return std::stod(value);
    }
  }
  return 0.0;
}

std::vector<std::shared_ptr<const link::SessionSettings>> make_settings(std::size_t headsets) {
  const base::UtcTime now = link::system_moment().utc;
  const link::Authority authority = link::Authority::make("bench", now, link::system_random());
  std::vector<std::shared_ptr<const link::SessionSettings>> settings;  // the hall's first
  for (std::size_t i = 0; i <= headsets; ++i) {
    const bool hall = i == 0;
    const auto credentials = authority.issue(hall ? link::Role::hall : link::Role::headset, hall ? "hall" : std::to_string(i), now, link::system_random());
    if (!credentials) throw std::runtime_error(credentials.error().text());
    auto made = link::SessionSettings::make(hall ? link::SessionSettings::End::hall : link::SessionSettings::End::device, *credentials, link::system_random());
    if (!made) throw std::runtime_error(made.error().text());
    settings.push_back(std::move(*made));
  }
  return settings;
}

struct Cost {
  double processor_s = 0.0, seconds = 0.0;
  double messages = 0.0;
  double each_us() const { return messages > 0.0 ? 1e6 * processor_s / messages : 0.0; }
  void add(const Cost& other) {
    processor_s += other.processor_s;
    seconds += other.seconds;
    messages += other.messages;
  }
};

class LinkRun {
 public:
  LinkRun(const LinkTraffic& traffic, std::size_t headsets, Outcome& outcome)
      : LinkRun(traffic, headsets, outcome, make_settings(headsets)) {}

  void run(int rounds, double seconds) {
    join();
    RawEnet raw(headsets_, sizes_of(traffic_, headsets_));
    const double drops = buffer_drops();
    Cost ours, bare;
    std::vector<double> ratios;
    RawEnet::Part last;
    for (int round = 0; round < rounds; ++round) {
      Cost one, other;
      const auto bare_part = [&] {
        last = raw.run(seconds);
        other = {last.processor_s, seconds, static_cast<double>(last.packets)};
      };
      if (round % 2 == 0) one = part(seconds);
      bare_part();
      if (round % 2 != 0) one = part(seconds);  // now one first, now the other: a machine that slows down slows both
      ratios.push_back(one.each_us() / other.each_us());
      ours.add(one);
      bare.add(other);
    }
    sleep_for(kSettle_s);
    put_cost(ours, bare, ratios);
    put_loss(last, buffer_drops() - drops);
    farm_.stop();
    hall_.stop();
    put_ages();
  }

 private:
  LinkRun(const LinkTraffic& traffic, std::size_t headsets, Outcome& outcome, std::vector<std::shared_ptr<const link::SessionSettings>> settings)
      : traffic_(traffic), headsets_(headsets), outcome_(outcome), name_("_" + std::to_string(headsets)), hall_(settings.front(), traffic, headsets),
        farm_(hall_, traffic, {settings.begin() + 1, settings.end()}) {}

  void join() {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::duration<double>(kJoinWithin_s);
    while (farm_.welcomed() < headsets_) {
      if (const std::string failure = farm_.failure(); !failure.empty()) throw std::runtime_error(failure);
      if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error(base::formatted("{} of {} headsets were welcomed within {:.0f} s", farm_.welcomed(), headsets_, kJoinWithin_s));
      sleep_for(0.02);
    }
    sleep_for(kSettle_s);
    const LinkHallCounts after = hall_.counts();
    const double loop_ms = 1e3 * after.processor_s / static_cast<double>(headsets_);
    const double thread_ms = 1e3 * thread_named_s("handshake") / static_cast<double>(headsets_);
    outcome_.figures["join_loop_ms" + name_] = loop_ms;
    outcome_.figures["join_handshake_thread_ms" + name_] = thread_ms;
    outcome_.figures["handshakes" + name_] = after.totals.security.handshakes;
    outcome_.table += base::formatted("{} headsets joined: each took {:.2f} ms of the thread of handshakes and {:.2f} ms of the loop's\n", headsets_, thread_ms, loop_ms);
    outcome_.at_most("join_loop_ms" + name_, loop_ms, kOnLoopLimit_ms);
  }

  Cost part(double seconds) {
    hall_.talk(true);
    farm_.talk(true);
    sleep_for(kSettle_s);
    const LinkHallCounts before = hall_.counts();
    sleep_for(seconds);
    const LinkHallCounts after = hall_.counts();
    farm_.talk(false);
    hall_.talk(false);
    sleep_for(kSettle_s);
    if (const std::string failure = farm_.failure(); !failure.empty()) throw std::runtime_error(failure);
    const double lasted_s = base::to_seconds(after.at - before.at);
    bytes_up_ += static_cast<double>(after.totals.bytes_in - before.totals.bytes_in);
    bytes_down_ += static_cast<double>(after.totals.bytes_out - before.totals.bytes_out);
    packets_up_ += static_cast<double>(after.totals.packets_in - before.totals.packets_in);
    packets_down_ += static_cast<double>(after.totals.packets_out - before.totals.packets_out);
    measured_s_ += lasted_s;
    return {after.processor_s - before.processor_s, lasted_s, static_cast<double>(after.messages() - before.messages())};
  }

  void put_cost(const Cost& ours, const Cost& bare, const std::vector<double>& ratios) {
    const double ratio = ours.each_us() / bare.each_us();
    const double each = static_cast<double>(headsets_) * measured_s_;
    const LinkSizes sizes = sizes_of(traffic_, headsets_);
    planning::AirtimeInput air;  // of 25 headsets, as network.md has it
    air.up_bytes = bytes_up_ / packets_up_ - kDtls_bytes;
    air.down_bytes = bytes_down_ / packets_down_ - kDtls_bytes;
    air.packets_per_s = (packets_up_ + packets_down_) / 2.0 / each;
    const double share = planning::airtime(air).share;
    outcome_.figures["ratio" + name_] = ratio;
    outcome_.figures["ratio_least" + name_] = *std::ranges::min_element(ratios);
    outcome_.figures["ratio_most" + name_] = *std::ranges::max_element(ratios);
    outcome_.figures["message_us" + name_] = ours.each_us();
    outcome_.figures["bare_message_us" + name_] = bare.each_us();
    outcome_.figures["core_share" + name_] = ours.processor_s / ours.seconds;
    outcome_.figures["bare_core_share" + name_] = bare.processor_s / bare.seconds;
    outcome_.figures["up_bytes_per_s" + name_] = bytes_up_ / each;
    outcome_.figures["down_bytes_per_s" + name_] = bytes_down_ / each;
    outcome_.figures["up_packets_per_s" + name_] = packets_up_ / each;
    outcome_.figures["down_packets_per_s" + name_] = packets_down_ / each;
    outcome_.figures["bundle_bytes" + name_] = sizes.bundle;
    outcome_.figures["frame_bytes" + name_] = sizes.frame;
    outcome_.figures["channel_share_25" + name_] = share;
    outcome_.samples["messages" + name_] = ours.messages;
    outcome_.samples["bare_packets" + name_] = bare.messages;
    outcome_.table += base::formatted("  the hall's thread: {:.2f} us a message, {:.0f} % of a core; bare ENet {:.2f} us, {:.0f} %: {:.2f} times ({:.2f} to {:.2f} of {} rounds)\n", ours.each_us(),
                                      100.0 * ours.processor_s / ours.seconds, bare.each_us(), 100.0 * bare.processor_s / bare.seconds, ratio, *std::ranges::min_element(ratios),
                                      *std::ranges::max_element(ratios), ratios.size());
    outcome_.table += base::formatted("  each headset and second: up {:.0f} bytes in {:.1f} datagrams, down {:.0f} in {:.1f} (with IP and UDP {:.0f} and {:.0f}); a bundle has {:.0f}, a frame {:.0f}; 25 take {:.0f} % of a channel\n",
                                      bytes_up_ / each, packets_up_ / each, bytes_down_ / each, packets_down_ / each, (bytes_up_ + kOverhead_bytes * packets_up_) / each,
                                      (bytes_down_ + kOverhead_bytes * packets_down_) / each, sizes.bundle, sizes.frame, 100.0 * share);
    outcome_.at_most("ratio" + name_, ratio, kRatioLimit);
  }

  void put_loss(const RawEnet::Part& raw, double drops) {
    const LinkHallCounts counts = hall_.counts();
    const double up = static_cast<double>(farm_.bundles()) - static_cast<double>(counts.bundles);
    const double down = static_cast<double>(counts.frames) - static_cast<double>(farm_.frames());
    outcome_.figures["lost_up" + name_] = up;
    outcome_.figures["lost_down" + name_] = down;
    outcome_.figures["links_lost" + name_] = farm_.lost();
    outcome_.figures["bare_lost" + name_] = raw.lost_up + raw.lost_down;
    outcome_.figures["full_buffers" + name_] = drops;
    outcome_.table += base::formatted("  lost: {:.0f} of {} bundles, {:.0f} of {} frames, {} links; bare ENet {} packets; the system dropped {:.0f} datagrams at full buffers\n", up, farm_.bundles(), down,
                                      counts.frames, farm_.lost(), raw.lost_up + raw.lost_down, drops);
    outcome_.at_most("lost" + name_, up + down + static_cast<double>(farm_.lost() + farm_.unreadable()), 0.0);
  }

  void put_ages() {
    const auto put = [&](const std::string& key, const std::vector<double>& ms) {
      outcome_.figures[key + "_p50_ms" + name_] = quantile(ms, 0.5);
      if (ms.size() >= kAgesEnough) outcome_.figures[key + "_p99_ms" + name_] = quantile(ms, 0.99);
      outcome_.samples[key + name_] = ms.size();
    };
    put("up_age", hall_.up_ms());
    put("down_age", farm_.down_ms());
    put("through_age", farm_.through_ms());
    put("late", farm_.late_ms());
    outcome_.table += base::formatted("  a pose, beyond bundling: p99 {:.2f} ms until the hall has it, {:.2f} a frame until its headset has it, {:.2f} both; {} samples; bundles were behind their moments by {:.2f} (this machine)\n",
                                      quantile(hall_.up_ms(), 0.99), quantile(farm_.down_ms(), 0.99), quantile(farm_.through_ms(), 0.99), farm_.through_ms().size(), quantile(farm_.late_ms(), 0.99));
    if (farm_.through_ms().size() >= kAgesEnough) outcome_.at_most("pose_age_p99_ms" + name_, quantile(farm_.through_ms(), 0.99), kAgeLimit_ms);
  }

  const LinkTraffic& traffic_;
  std::size_t headsets_;
  Outcome& outcome_;
  std::string name_;
  LinkHall hall_;
  LinkFarm farm_;
  double bytes_up_ = 0.0, bytes_down_ = 0.0, packets_up_ = 0.0, packets_down_ = 0.0, measured_s_ = 0.0;
};

Outcome run_link(const LinkOptions& options, bool full) {
  const std::vector<int> crowds = options.clients.empty() ? std::vector<int>{200, 500} : options.clients;
  for (const int crowd : crowds) {
    if (crowd < 1 || crowd > kHeadsetsMost) throw std::runtime_error(base::formatted("--clients {}: give 1 to {}.", crowd, kHeadsetsMost));
  }
  const int viewers = full ? kCrowdMost : 40;
  Outcome outcome;
  const LinkTraffic traffic = real_traffic(viewers, options.seed);
  outcome.figures["evaluation_us"] = traffic.evaluation_us;
  outcome.figures["evaluation_core_share"] = traffic.evaluation_share;
  outcome.figures["evaluation_viewers"] = viewers;
  outcome.table = base::formatted("Messages of a hall of {} viewers; its core takes {:.1f} us for a bundle and its part of the frames, {:.1f} % of a core for all: not counted below\n", viewers,
                                  traffic.evaluation_us, 100.0 * traffic.evaluation_share);
  const int rounds = options.rounds > 0 ? options.rounds : full ? 12 : 3;
  const double seconds = options.seconds > 0.0 ? options.seconds : full ? 10.0 : 2.5;
  for (const int crowd : crowds) LinkRun(traffic, static_cast<std::size_t>(crowd), outcome).run(rounds, seconds);
  return outcome;
}

}  // namespace

Bench link_bench() {
  return {"link", "What the link costs the hall for 200 and 500 headsets, beside bare ENet", [](CLI::App& app) -> Run {
            auto options = std::make_shared<LinkOptions>();
            app.add_option("--clients", options->clients, "How many headsets; may be given again; none: 200 and 500");
            app.add_option("--seconds", options->seconds, "Of each part of each round; 0: 2.5, or 10 in the long form")->check(CLI::Range(0.0, 600.0))->capture_default_str();
            app.add_option("--rounds", options->rounds, "Of link and bare ENet in turns; 0: 3, or 12 in the long form")->check(CLI::Range(0, 100))->capture_default_str();
            app.add_option("--seed", options->seed, "Of the hall that messages are taken from")->capture_default_str();
            return [options](bool full) { return run_link(*options, full); };
          }};
}

}  // namespace promenade::bench
