// What loss, delay, roaming and a killed hall do to viewers under way: ENet, the secure link, the hall and the headsets' clients on
// virtual time over a network that is bad on purpose (loss_hall.h). A seed replays every figure.

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>

#include "tests/bench/bench.h"
#include "tests/bench/loss_hall.h"
#include "tests/bench/quantile.h"
#include "tracking/base/formatted.h"

namespace promenade::bench {
namespace {

constexpr double kFrameLimit_ms[] = {100.0, 170.0}, kPoseLimit_ms[] = {150.0, 250.0};  // p99, at 10 and 30 % each way
constexpr double kDisconnectsLimit = 0.01;
constexpr double kRoamGapLimit_ms = 100.0, kBackLimit_s = 5.0;
constexpr double kReadyWithin_s = 120.0;
constexpr double kDown_s = 1.0;          // from the hall's death until its next program has started

struct LossOptions {
  std::uint64_t seed = 1;
  int viewers = 0;        // 0: 40, 200 in the long form
  double seconds = 0.0;   // 0: 60, 600 in the long form
};

void measure_loss(Outcome& outcome, int viewers, double seconds, double loss, std::size_t row, std::uint64_t seed) {
  LossHall hall(viewers, bad_network(loss), seed);
  if (!hall.all_ready(kReadyWithin_s)) throw std::runtime_error("not all viewers are under way within two minutes");
  const std::uint32_t lost_before = hall.losses();
  for (const auto& viewer : hall.viewers()) viewer->measure(true);
  hall.run(seconds);
  const Ages frames = hall.frame_ages(), poses = hall.pose_ages();
  std::uint32_t stale = 0, other = 0;
  for (const auto& viewer : hall.viewers()) {
    stale += viewer->stale_pauses();
    other += viewer->other_pauses();
  }
  const std::uint32_t lost = hall.losses() - lost_before;
  const std::string name = std::to_string(static_cast<int>(std::lround(100.0 * loss)));
  const double frame_ms = frames.quantile_ms(0.99), pose_ms = poses.quantile_ms(0.99);
  const auto ended = hall.hall().counts().plays_ended_early;
  outcome.figures["loss_" + name] = {{"frame_age_p50_ms", frames.quantile_ms(0.5)}, {"frame_age_p99_ms", frame_ms}, {"pose_age_p50_ms", poses.quantile_ms(0.5)},
                                     {"pose_age_p99_ms", pose_ms}, {"disconnects", lost}, {"plays_ended_early", ended}, {"stale_pauses", stale}, {"other_pauses", other}};
  outcome.samples["loss_" + name] = frames.count();
  outcome.table += base::formatted("  {} % each way, {} viewers, {:.0f} s: frame age p50 {:.1f} p99 {:.1f} ms, neighbour's pose p50 {:.1f} p99 {:.1f} ms, {} links lost, {} plays ended early; pauses {} by "
                                   "staleness, {} others\n",
                                   name, viewers, seconds, frames.quantile_ms(0.5), frame_ms, poses.quantile_ms(0.5), pose_ms, lost, ended, stale, other);
  outcome.at_most("frame_age_p99_ms_" + name, frame_ms, kFrameLimit_ms[row]);
  outcome.at_most("pose_age_p99_ms_" + name, pose_ms, kPoseLimit_ms[row]);
  outcome.at_most("disconnects_" + name, static_cast<double>(lost) / viewers, kDisconnectsLimit);
  outcome.at_most("plays_ended_early_" + name, static_cast<double>(ended), 0.0);
  outcome.at_most("other_pauses_" + name, other, 0.0);
}

void measure_joins(Outcome& outcome, double loss, double limit_s, std::uint64_t seed) {
  LossHall hall(kCrowdMost, bad_network(loss), seed);
  static_cast<void>(hall.run_until([&] { return std::ranges::all_of(hall.viewers(), [](const auto& viewer) { return viewer->joined_s().has_value(); }); }, 60.0));
  std::vector<double> joined_s;
  for (const auto& viewer : hall.viewers()) joined_s.push_back(viewer->joined_s().value_or(HUGE_VAL));
  const std::string name = std::to_string(static_cast<int>(std::lround(100.0 * loss)));
  const double worst_s = *std::ranges::max_element(joined_s);
  outcome.figures["joins_" + name] = {{"p50_s", quantile(joined_s, 0.5)}, {"p99_s", quantile(joined_s, 0.99)}, {"worst_s", worst_s}};
  outcome.samples["joins_" + name] = joined_s.size();
  outcome.table += base::formatted("  {} cold joins at once, {} % each way: first frame after p50 {:.2f} p99 {:.2f} worst {:.2f} s\n", kCrowdMost, name, quantile(joined_s, 0.5),
                                   quantile(joined_s, 0.99), worst_s);
  outcome.at_most("join_worst_s_" + name, worst_s, limit_s);
}

void measure_roaming(Outcome& outcome, int viewers, std::uint64_t seed) {
  LossHall hall(viewers, bad_network(0.0), seed);
  if (!hall.all_ready(kReadyWithin_s)) throw std::runtime_error("not all viewers are under way within two minutes");
  const std::uint32_t lost_before = hall.losses();
  double gap_s = 0.0;
  for (std::size_t i = 0; i < hall.viewers().size(); ++i) {
    LossViewer& viewer = *hall.viewers()[i];
    hall.run(0.001 * static_cast<double>(i % 37));  // at any moment of the cadences
    viewer.forget_gap();
    hall.network().roam(i);
    hall.run(0.5);
    gap_s = std::max(gap_s, viewer.worst_gap_s());
  }
  const std::uint32_t lost = hall.losses() - lost_before;
  const auto moved = hall.network().link_totals().security.moved;
  outcome.figures["roaming"] = {{"gap_worst_ms", 1e3 * gap_s}, {"moved", moved}, {"disconnects", lost}};
  outcome.samples["roaming"] = viewers;
  outcome.table += base::formatted("  {} changes of address in mid-show: no frame for at most {:.1f} ms, {} links lost\n", moved, 1e3 * gap_s, lost);
  outcome.at_least("moved", static_cast<double>(moved), viewers);
  outcome.at_most("roaming_gap_ms", 1e3 * gap_s, kRoamGapLimit_ms);
  outcome.at_most("roaming_disconnects", lost, 0.0);
}

void measure_kill(Outcome& outcome, int viewers, double loss, std::uint64_t seed) {
  LossHall hall(viewers, bad_network(loss), seed);
  if (!hall.all_ready(kReadyWithin_s)) throw std::runtime_error("not all viewers are under way within two minutes");
  std::vector<double> film_s;
  for (const auto& viewer : hall.viewers()) film_s.push_back(viewer->film_s());
  const double killed_s = hall.now_s();
  hall.kill();
  hall.run(kDown_s);
  hall.start();
  const base::EpochId epoch = hall.hall().epoch();
  const bool back = hall.run_until([&] { return std::ranges::all_of(hall.viewers(), [&](const auto& viewer) { return viewer->epoch() == epoch; }); }, 30.0);
  const double took_s = back ? hall.now_s() - killed_s : HUGE_VAL;
  const double films_s = hall.all_ready(30.0) ? hall.now_s() - killed_s : HUGE_VAL;
  double film_behind_s = 0.0;
  for (std::size_t i = 0; i < film_s.size(); ++i) film_behind_s = std::max(film_behind_s, hall.now_s() - killed_s - (hall.viewers()[i]->film_s() - film_s[i]));
  const std::string name = std::to_string(static_cast<int>(std::lround(100.0 * loss)));
  const auto ended = hall.hall().counts().plays_ended_early;
  outcome.figures["killed_" + name] = {{"back_s", took_s}, {"films_s", films_s}, {"film_behind_s", film_behind_s}, {"plays_ended_early", ended}};
  outcome.table += base::formatted("  hall killed, {} % each way: {} viewers obey the next one after {:.2f} s ({:.0f} s of it without a program), all films run after {:.2f} s, and stood still for at most {:.2f} s\n",
                                   name, viewers, took_s, kDown_s, films_s, film_behind_s);
  outcome.at_most("back_s_" + name, took_s, kBackLimit_s);
  outcome.at_most("killed_plays_ended_" + name, static_cast<double>(ended), 0.0);
}

Outcome run_link_loss(const LossOptions& options, bool full) {
  const int viewers = options.viewers > 0 ? options.viewers : full ? kCrowdMost : 40;
  const double seconds = options.seconds > 0.0 ? options.seconds : full ? 600.0 : 60.0;
  if (viewers < 2 || viewers > kCrowdMost || viewers % 2 != 0) throw std::runtime_error(base::formatted("--viewers {}: give an even number up to {}.", viewers, kCrowdMost));
  Outcome outcome;
  outcome.table = "Virtual time; delay 2 to 20 ms each way, 1 % twice, 2 % late by 10 ms more; ENet over DTLS in memory\n";
  measure_joins(outcome, 0.0, 1.0, options.seed);
  measure_joins(outcome, 0.1, 5.0, options.seed);
  measure_joins(outcome, 0.3, 20.0, options.seed);
  measure_loss(outcome, viewers, seconds, 0.1, 0, options.seed);
  measure_loss(outcome, viewers, seconds, 0.3, 1, options.seed);
  measure_roaming(outcome, viewers, options.seed);
  measure_kill(outcome, viewers, 0.0, options.seed);
  measure_kill(outcome, viewers, 0.1, options.seed);
  return outcome;
}

}  // namespace

Bench link_loss_bench() {
  return {"link-loss", "What loss, roaming and a killed hall do to viewers under way, under virtual time", [](CLI::App& app) -> Run {
            auto options = std::make_shared<LossOptions>();
            app.add_option("--seed", options->seed, "Seed of networks and clocks")->capture_default_str();
            app.add_option("--viewers", options->viewers, "How many are under way: an even number up to 200; 0: 40, or 200 in the long form")->capture_default_str();
            app.add_option("--seconds", options->seconds, "How long each loss is measured; 0: 60, or 600 in the long form")->check(CLI::Range(0.0, 3600.0))->capture_default_str();
            return [options](bool full) { return run_link_loss(*options, full); };
          }};
}

}  // namespace promenade::bench
