// How well headsets know the hall's time: the shipped clock over models of Wi-Fi (wifi_model.h says what they assume), 200 headsets
// with clocks of their own; how far apart 200 viewers' films begin; and where a film and its sound are after two hours.

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "showcontrol/protocol/clock_sync.h"
#include "tests/bench/bench.h"
#include "tests/bench/clock_viewer.h"
#include "tests/bench/quantile.h"
#include "tracking/base/formatted.h"

namespace promenade::bench {
namespace {

constexpr double kFrame_s = 1.0 / 72.0;
constexpr double kSkewMost_ppm = 50.0;
constexpr int kLookEvery = 7;             // frames
constexpr double kSettled_s = 1.0;        // after a join nobody plays for longer than this; errors count from here on
constexpr double kSpreadLimit_ms = 2.0;
constexpr double kTwoHoursLimit_ms = 5.0;
constexpr double kStart_s = 180.0;        // of the films; headsets have joined by two minutes to one before it

struct Model {
  Wifi wifi;
  const char* name;
  double p99_limit_ms;
};
constexpr std::array<Model, 3> kModels{{{Wifi::quiet, "quiet", 0.3}, {Wifi::busy, "busy", 1.0}, {Wifi::power_save, "power_save", 1.0}}};

struct ClockOptions {
  std::uint64_t seed = 1;
  int headsets = 200;
};

WrongClock clock_of(base::Random& random) { return {random.uniform(0.0, 1e5), random.uniform(-kSkewMost_ppm, kSkewMost_ppm)}; }

struct Errors {
  std::vector<double> ms, stated_ms;
  std::size_t outside = 0;  // of what was stated
};

// One headset from its join on; nothing plays for a minute, then something does, so that errors are slewed away.
void follow(Errors& errors, const Model& model, double seconds, base::Random random) {
  ClockExchange exchange(model.wifi, clock_of(random), random);
  protocol::ClockSync sync;
  sync.join(exchange.clock().time(0.0));
  int frame = 0;
  for (double t = 0.0; t < seconds; t += kFrame_s, ++frame) {
    const base::HeadsetTime now = exchange.clock().time(t);
    exchange.deliver(t, [&](const protocol::ClockReply& reply, base::HeadsetTime at) { sync.reply(reply, at); });
    sync.advance(now, t < 60.0);
    if (const auto request = sync.request_due(now)) exchange.ask(*request, t);
    if (t < kSettled_s || !sync.known() || frame % kLookEvery != 0) continue;
    const double off_ms = 1e3 * std::abs(base::to_seconds(sync.map().to_hall(now) - true_hall_time(t)));
    const double stated_ms = 1e3 * base::to_seconds(sync.uncertainty(now));
    errors.ms.push_back(off_ms);
    errors.stated_ms.push_back(stated_ms);
    errors.outside += off_ms > stated_ms;
  }
}

void measure_errors(Outcome& outcome, const Model& model, const ClockOptions& options, bool full) {
  const double seconds = full ? 1800.0 : 300.0;
  Errors errors;
  for (int i = 0; i < options.headsets; ++i) follow(errors, model, seconds, base::Random(options.seed).fork(model.name, static_cast<std::uint64_t>(i)));
  const std::string name = model.name;
  const double p50 = quantile(errors.ms, 0.5), p99 = quantile(errors.ms, 0.99), worst = *std::ranges::max_element(errors.ms);
  const double outside = static_cast<double>(errors.outside) / static_cast<double>(errors.ms.size());
  outcome.figures["error_" + name] = {{"p50_ms", p50}, {"p99_ms", p99}, {"worst_ms", worst}, {"stated_p50_ms", quantile(errors.stated_ms, 0.5)}, {"outside_stated", outside}};
  outcome.samples["error_" + name] = errors.ms.size();
  outcome.table += base::formatted("  {:<11} error p50 {:6.3f}  p99 {:6.3f}  worst {:6.3f} ms   stated p50 {:6.3f} ms, exceeded {:.3f} % of the time\n", name, p50, p99, worst,
                                   quantile(errors.stated_ms, 0.5), 100.0 * outside);
  outcome.at_most("error_p99_ms_" + name, p99, model.p99_limit_ms);
}

// All begin one film at one hall time; the spread is over the first frame of each that shows it.
void measure_start(Outcome& outcome, const Model& model, const ClockOptions& options) {
  double least_s = HUGE_VAL, most_s = -HUGE_VAL;
  int began = 0;
  for (int i = 0; i < options.headsets; ++i) {
    base::Random random = base::Random(options.seed).fork("start", static_cast<std::uint64_t>(i));
    const WrongClock clock = clock_of(random);
    const double joined_s = random.uniform(kStart_s - 120.0, kStart_s - 60.0);
    ClockViewer viewer(model.wifi, clock, 0.0, kStart_s - joined_s, random);
    for (double t = random.uniform(0.0, kFrame_s); t < kStart_s - joined_s + 1.0 && !viewer.watches(); t += kFrame_s) viewer.step(t);
    if (!viewer.watches()) continue;
    ++began;
    least_s = std::min(least_s, viewer.film_error_s());
    most_s = std::max(most_s, viewer.film_error_s());
  }
  const double spread_ms = 1e3 * (most_s - least_s);
  outcome.figures[std::string("start_spread_ms_") + model.name] = spread_ms;
  outcome.samples[std::string("start_spread_") + model.name] = began;
  outcome.table += base::formatted("  {:<11} {} of {} begin within {:.3f} ms of each other\n", model.name, began, options.headsets, spread_ms);
  outcome.at_least(std::string("begun_") + model.name, began, options.headsets);
  outcome.at_most(std::string("start_spread_ms_") + model.name, spread_ms, kSpreadLimit_ms);
}

void measure_two_hours(Outcome& outcome, const Model& model, const ClockOptions& options, bool full) {
  const double frame_s = full ? kFrame_s : 2.0 * kFrame_s;
  double film_ms = 0.0, sound_ms = 0.0, rate = 0.0;
  int seeks = 0;
  for (const double sign : {-1.0, 1.0}) {
    // The worst for the sound: its device is wrong to the same side.
    ClockViewer viewer(model.wifi, {1234.5, sign * kSkewMost_ppm}, sign * kSkewMost_ppm, kStart_s, base::Random(options.seed).fork("two hours"));
    for (double t = 0.0; t < kStart_s + 7200.0; t += frame_s) {
      viewer.step(t);
      if (!viewer.watches()) continue;
      film_ms = std::max(film_ms, 1e3 * std::abs(viewer.film_error_s()));
      sound_ms = std::max(sound_ms, 1e3 * std::abs(viewer.sound_error_s()));
    }
    if (!viewer.watches()) film_ms = sound_ms = HUGE_VAL;
    rate = std::max(rate, viewer.film_rate_worst());
    seeks += viewer.sound_seeks();
  }
  outcome.figures[std::string("two_hours_") + model.name] = {{"film_ms", film_ms}, {"sound_ms", sound_ms}, {"film_rate_worst", rate}, {"seeks", seeks}};
  outcome.table += base::formatted("  {:<11} two hours at 50 ppm: film off by at most {:.3f} ms, its sound by {:.3f} ms; rate within {:.0f} ppm, {} seeks\n", model.name, film_ms, sound_ms,
                                   1e6 * rate, seeks);
  outcome.at_most(std::string("two_hours_film_ms_") + model.name, film_ms, kTwoHoursLimit_ms);
  outcome.at_most(std::string("two_hours_sound_ms_") + model.name, sound_ms, kTwoHoursLimit_ms);
  outcome.at_most(std::string("two_hours_rate_") + model.name, rate, 0.001);
  outcome.at_most(std::string("two_hours_seeks_") + model.name, seeks, 0.0);
}

Outcome run_clock(const ClockOptions& options, bool full) {
  Outcome outcome;
  outcome.table = base::formatted("{} headsets, clocks up to {:.0f} ppm wrong; virtual time, models of Wi-Fi\n", options.headsets, kSkewMost_ppm);
  for (const Model& model : kModels) measure_errors(outcome, model, options, full);
  for (const Model& model : kModels) measure_start(outcome, model, options);
  for (const Model& model : kModels) measure_two_hours(outcome, model, options, full);
  return outcome;
}

}  // namespace

Bench clock_bench() {
  return {"clock", "How well headsets know hall time over models of Wi-Fi, and where films are by it", [](CLI::App& app) -> Run {
            auto options = std::make_shared<ClockOptions>();
            app.add_option("--seed", options->seed, "Seed of clocks and delays")->capture_default_str();
            app.add_option("--headsets", options->headsets, "How many")->check(CLI::Range(2, 1000))->capture_default_str();
            return [options](bool full) { return run_clock(*options, full); };
          }};
}

}  // namespace promenade::bench
