// Recorded walks as encounters: the null model of unplanned sharing, the detector baseline, and the shipped safety
// evaluation on the same pairs, without a plan and with one person's walk as the film of others.

#include <cmath>
#include <memory>
#include <stdexcept>

#include "tests/bench/bench.h"
#include "tests/bench/safety_replay_film.h"
#include "tests/bench/safety_replay_score.h"
#include "tracking/base/formatted.h"
#include "tracking/level_filter.h"
#include "tracking/safety.h"

namespace promenade::bench {
namespace {

struct ReplayOptions {
  std::string walks;
  std::uint64_t seed = 1;
  std::size_t trials = 20'000;        // of two walkers; fewer of more, who meet more often
  std::size_t pair_minutes = 20'000;  // for each table of detectors
};

constexpr double kWindow_s = 60.0;
constexpr double kApart_m = 3.0;            // pairs start at least so far apart
constexpr double kInterest_m = tracking::kInterestRadius_m;
constexpr std::size_t kFullFactor = 3;

// Of ../shared/data/walks/README.md, known from the whole set.
struct NullRow {
  std::size_t walks;
  double contacts_per_viewer_minute;
  std::size_t fewer;  // trials: the option's divided by this
};
constexpr NullRow kNullRows[] = {{2, 0.27, 1}, {6, 1.31, 10}, {12, 2.8, 30}, {24, 6.0, 100}, {42, 10.3, 200}};
constexpr double kNullOff = 0.10;
constexpr double kNullRearm_m = 0.9;
constexpr double kBaselineLead09 = 0.984, kBaselineLead12 = 0.917, kBaselineFalse = 2.45;
constexpr double kShareOff = 0.015, kFalseOff = 0.12;  // this half of the walks gives a tenth more false alarms
constexpr double kPlanLead12 = 0.995, kPlanFalse = 1.0;

double contacts_per_viewer_minute(const WindowSource& source, std::size_t people, std::size_t trials, base::Random& random) {
  std::size_t contacts = 0;
  std::vector<std::vector<HallPoint>> tracks(people);
  std::vector<double> gap_m;
  for (std::size_t trial = 0; trial < trials; ++trial) {
    for (auto& track : tracks) {
      const Window window = source.draw(random);
      track.clear();
      for (std::size_t i = 0; i < window.size(); ++i) track.push_back(window.at(i));
    }
    for (std::size_t a = 1; a < people; ++a) {
      for (std::size_t b = 0; b < a; ++b) {
        gap_m.clear();
        for (std::size_t i = 0; i < tracks[a].size(); ++i) gap_m.push_back(distance(tracks[a][i], tracks[b][i]));
        contacts += contacts_of(gap_m, kContact_m, kNullRearm_m, 0).size();
      }
    }
  }
  return 2.0 * static_cast<double>(contacts) / (static_cast<double>(people * trials) * kWindow_s / 60.0);
}

// One row of a table: an alarm that looks at two bodies, and what it was worth.
struct Detector {
  std::string name;
  tracking::Venue venue = {};         // its limits; no walls
  tracking::Level level = tracking::Level::pause;
  bool shown = false;             // the level as it is shown, with its dwell; otherwise as evaluated at each moment
  bool planned = false;           // the bodies carry what the film has ahead of them
  bool baseline = false;
  AlarmScore score = {};
};

struct Encounter {
  Window a, b;
  const Viewing* film_a = nullptr;  // none: nothing is known of their ways
  const Viewing* film_b = nullptr;
};

tracking::Body body_at(const Window& window, const Viewing* viewing, std::size_t i, std::uint32_t id, base::HallTime now) {
  tracking::Body body;
  body.id = base::BodyId{id};
  body.position = window.at(i);
  body.velocity = window.velocity(i);
  body.heard = now;
  if (viewing != nullptr) {
    const tracking::PlanAhead& ahead = viewing->ahead[window.first() + i];
    body.ahead = tracking::PlanAhead{window.placed(ahead.now), window.placed(ahead.in_1s), window.placed(ahead.in_2s)};
  }
  return body;
}

void judge(Detector& detector, const Encounter& encounter, const std::vector<double>& gap_m, std::vector<std::uint8_t>& alarm) {
  alarm.assign(gap_m.size(), 0);
  tracking::LevelFilter filter(tracking::relaxation_of(detector.venue.safety));
  for (std::size_t i = 0; i < gap_m.size(); ++i) {
    if (gap_m[i] > kInterest_m && !detector.shown) continue;
    const base::HallTime now = base::hall_time(static_cast<double>(i) / kReplayRate_hz);
    if (detector.baseline) {
      alarm[i] = baseline_alarm(encounter.b.at(i) - encounter.a.at(i), encounter.b.velocity(i) - encounter.a.velocity(i)) ? 1 : 0;
      continue;
    }
    tracking::Evaluation evaluation;
    if (gap_m[i] <= kInterest_m) {
      const tracking::Body self = body_at(encounter.a, detector.planned ? encounter.film_a : nullptr, i, 1, now);
      const tracking::Body other = body_at(encounter.b, detector.planned ? encounter.film_b : nullptr, i, 2, now);
      tracking::Concern concern = tracking::view_pair(self, {&other}, {}, detector.venue, now).concern;
      // Nobody is commanded here: a stop would be held until staff release it, so it counts as the pause that it was.
      concern.level = std::min(concern.level, tracking::Level::pause);
      evaluation.add(concern);
    }
    const tracking::Level level = detector.shown ? filter.update(now, evaluation).level : evaluation.level();
    alarm[i] = level >= detector.level ? 1 : 0;
  }
  detector.score.add(gap_m, alarm);
}

// Every detector on the same encounters.
template <class Meet>
void judge_all(std::vector<Detector>& detectors, std::size_t pair_minutes, Meet meet) {
  std::vector<double> gap_m;
  std::vector<std::uint8_t> alarm;
  for (std::size_t pair = 0; pair < pair_minutes;) {
    const Encounter encounter = meet();
    if (distance(encounter.a.at(0), encounter.b.at(0)) < kApart_m) continue;
    ++pair;
    gap_m.clear();
    for (std::size_t i = 0; i < encounter.a.size(); ++i) gap_m.push_back(distance(encounter.a.at(i), encounter.b.at(i)));
    for (Detector& detector : detectors) judge(detector, encounter, gap_m, alarm);
  }
}

// The shipped rule of strangers with another contact radius, pause distance and pause time.
tracking::Venue with_pause(double contact_m, double pause_m, double pause_contact_s) {
  tracking::Venue venue;
  venue.safety.contact_m = contact_m;
  venue.safety.stranger.pause_m = pause_m;
  venue.safety.stranger.pause_contact_s = pause_contact_s;
  // Without a plan the time counts to the distance of a pause.
  venue.safety.off_plan.pause_m = contact_m;
  venue.safety.off_plan.pause_contact_s = pause_contact_s;
  return venue;
}

void report(Outcome& outcome, const std::string& key, const std::vector<Detector>& detectors) {
  auto& rows = outcome.figures[key] = nlohmann::ordered_json::array();
  outcome.table += base::formatted("{:<58} {:>8} {:>9} {:>9} {:>13}\n", key, "contacts", "0.9 s", "1.2 s", "false/contact");
  for (const Detector& detector : detectors) {
    const AlarmScore& score = detector.score;
    rows.push_back({{"detector", detector.name}, {"contacts", score.contacts()}, {"lead_0_9_s", score.share_with_lead(0.9)},
                    {"lead_1_2_s", score.share_with_lead(1.2)}, {"alarms", score.alarms()}, {"false_per_contact", score.false_per_contact()}});
    outcome.table += base::formatted("  {:<56} {:>8} {:>8.2f}% {:>8.2f}% {:>13.2f}\n", detector.name, score.contacts(),
                                     100.0 * score.share_with_lead(0.9), 100.0 * score.share_with_lead(1.2), score.false_per_contact());
  }
  outcome.samples[key] = {{"pair_minutes", detectors.front().score.pair_minutes()}, {"contacts", detectors.front().score.contacts()}};
}

void null_model(Outcome& outcome, const WindowSource& source, std::size_t trials, base::Random random) {
  outcome.table += base::formatted("{:<30} {:>8} {:>22} {:>8}\n", "walks dropped at random", "trials", "contacts/viewer-minute", "README");
  for (const NullRow& row : kNullRows) {
    const std::size_t some = std::max<std::size_t>(1, trials / row.fewer);
    const double rate = contacts_per_viewer_minute(source, row.walks, some, random);
    const std::string name = base::formatted("null_{}_walks", row.walks);
    outcome.figures[name] = rate;
    outcome.samples[name] = {{"trials", some}, {"viewer_minutes", some * row.walks}};
    outcome.table += base::formatted("  {:<28} {:>8} {:>22.3f} {:>8.2f}\n", row.walks, some, rate, row.contacts_per_viewer_minute);
    outcome.at_most(name + "_off", std::abs(rate / row.contacts_per_viewer_minute - 1.0), kNullOff);
  }
}

void unplanned(Outcome& outcome, const WindowSource& source, std::size_t pair_minutes, base::Random random) {
  std::vector<Detector> detectors{{.name = "baseline: 1.1 m within 2 s, or 1.2 m", .baseline = true},
                                  {.name = "ours at equal false alarms, pause: 1.3 m within 1.6 s", .venue = with_pause(1.3, 1.4, 1.6)},
                                  {.name = "the same, as shown with its dwell", .venue = with_pause(1.3, 1.4, 1.6), .shown = true},
                                  {.name = "ours, warning as it comes", .level = tracking::Level::warn},
                                  {.name = "ours, pause as it comes"}};
  judge_all(detectors, pair_minutes, [&] {
    const Window a = source.draw(random);
    return Encounter{a, source.draw(random)};
  });
  report(outcome, "unplanned", detectors);
  const AlarmScore& baseline = detectors[0].score;
  const AlarmScore& ours = detectors[1].score;
  outcome.at_most("baseline_0_9_s_off", std::abs(baseline.share_with_lead(0.9) - kBaselineLead09), kShareOff);
  outcome.at_most("baseline_1_2_s_off", std::abs(baseline.share_with_lead(1.2) - kBaselineLead12), kShareOff);
  outcome.at_most("baseline_false_off", std::abs(baseline.false_per_contact() / kBaselineFalse - 1.0), kFalseOff);
  outcome.at_least("ours_0_9_s", ours.share_with_lead(0.9), baseline.share_with_lead(0.9));
  outcome.at_least("ours_1_2_s", ours.share_with_lead(1.2), baseline.share_with_lead(1.2));
  outcome.at_most("ours_false", ours.false_per_contact(), baseline.false_per_contact());
}

void planned(Outcome& outcome, const std::vector<Walk>& walks, std::size_t pair_minutes, base::Random random) {
  const std::vector<Viewing> viewings = viewings_of(walks);
  if (viewings.empty()) throw std::runtime_error("no two people of the recorded walks walked the same way");
  std::vector<Walk> viewers;  // one for each viewing, so that a window tells which film it belongs to
  for (const Viewing& viewing : viewings) viewers.push_back(*viewing.viewer);
  const WindowSource source(viewers, kWindow_s, {});
  const tracking::Venue same = with_pause(1.3, 1.4, 1.6);   // as without a plan
  const tracking::Venue early = with_pause(1.5, 1.4, 1.6);  // nearly all leads are long enough
  const tracking::Venue late = with_pause(1.0, 1.2, 1.7);   // no more false alarms than contacts
  std::vector<Detector> detectors{{.name = "baseline: 1.1 m within 2 s, or 1.2 m", .baseline = true},
                                  {.name = "no plan, pause: 1.3 m within 1.6 s", .venue = same},
                                  {.name = "film known", .venue = same, .planned = true},
                                  {.name = "no plan, as shown with its dwell", .venue = same, .shown = true},
                                  {.name = "film known, as shown with its dwell", .venue = same, .shown = true, .planned = true},
                                  {.name = "film known, as shown, 1.5 m within 1.6 s, or 1.4 m", .venue = early, .shown = true, .planned = true},
                                  {.name = "film known, as shown, 1.0 m within 1.7 s, or 1.2 m", .venue = late, .shown = true, .planned = true}};
  judge_all(detectors, pair_minutes, [&] {
    const Window a = source.draw(random);
    const Window b = source.draw(random);
    return Encounter{a, b, &viewings[static_cast<std::size_t>(&a.walk() - viewers.data())], &viewings[static_cast<std::size_t>(&b.walk() - viewers.data())]};
  });
  report(outcome, "plan-aware", detectors);
  outcome.figures["viewings"] = viewings.size();
  outcome.at_least("plan_1_2_s", detectors[5].score.share_with_lead(1.2), kPlanLead12);
  outcome.at_most("plan_false", detectors[5].score.false_per_contact(), kPlanFalse);
}

Outcome run_replay(const ReplayOptions& options, bool full) {
  const auto walks = read_walks(options.walks);
  if (!walks) throw std::runtime_error(walks.error().text());
  const std::size_t factor = full ? kFullFactor : 1;
  const base::Random random(options.seed);
  const WindowSource source(*walks, kWindow_s, {});
  Outcome outcome;
  outcome.figures["seed"] = options.seed;
  outcome.samples["walks"] = walks->size();
  null_model(outcome, source, options.trials * factor, random.fork("null"));
  unplanned(outcome, source, options.pair_minutes * factor, random.fork("unplanned"));
  planned(outcome, *walks, options.pair_minutes * factor, random.fork("planned"));
  return outcome;
}

Run add_replay_options(CLI::App& app) {
  auto options = std::make_shared<ReplayOptions>();
  options->walks = beside_program("../../../../shared/data/walks").string();
  app.add_option("--walks", options->walks, "Folder of the recorded walks: TASK/userN/K")->capture_default_str();
  app.add_option("--seed", options->seed, "Seed of the draws")->capture_default_str();
  app.add_option("--trials", options->trials, "Trials of two walkers; a tenth to a two-hundredth of it of more")->check(CLI::Range(200, 100'000'000))->capture_default_str();
  app.add_option("--pairs", options->pair_minutes, "Pairs of a minute for each table of detectors")->check(CLI::PositiveNumber)->capture_default_str();
  return [options](bool full) { return run_replay(*options, full); };
}

}  // namespace

Bench safety_replay_bench() {
  return {"safety-replay", "Recorded walks as encounters: null model, detector baseline and the shipped evaluation beside it", add_replay_options};
}

}  // namespace promenade::bench
