#include "tracking/safety_limits.h"

#include <algorithm>
#include <string_view>

#include "tracking/base/formatted.h"

namespace promenade::tracking {
namespace {

constexpr double kNearest_m = 0.8;   // no level of two bodies waits until they are nearer
constexpr double kWarnLess_m = 0.3;  // than the planned separation, so that legal passing disturbs nobody
constexpr double kPauseLess_m = 0.6;
constexpr double kStopLess_m = 0.7;
constexpr double kEpsilon = 1e-9;    // decimal fractions in a file are not exact in binary

class Checker {
 public:
  Checker(const std::string& file, const std::string& key) : file_(file), key_(key) {}

  void require(bool good, std::string_view key, std::string message, std::string expected) {
    if (good) return;
    findings_.push_back({base::Severity::error, "limits-contradict", file_, 0, key_ + "." + std::string(key),
                         std::move(message), std::move(expected)});
  }
  void at_most(std::string_view key, double value, double limit, std::string_view why) {
    require(value <= limit + kEpsilon, key, base::formatted("{} is too large: {}.", value, why),
            base::formatted("Give at most {:.2f}.", limit));
  }
  void ordered(const std::string& table, const DistanceRule& rule) {
    require(rule.pause_m <= rule.warn_m, table + ".pause_m",
            base::formatted("A pause at {} m would come before the warning at {} m.", rule.pause_m, rule.warn_m),
            "Give a distance not above warn_m.");
    require(rule.stop_m <= rule.pause_m, table + ".stop_m",
            base::formatted("A stop at {} m would come before the pause at {} m.", rule.stop_m, rule.pause_m),
            "Give a distance not above pause_m.");
    require(rule.pause_contact_s <= rule.warn_contact_s, table + ".pause_contact_s",
            base::formatted("A pause {} s before contact would come before the warning {} s before it.",
                        rule.pause_contact_s, rule.warn_contact_s),
            "Give a time not above warn_contact_s.");
  }
  // Nothing comes later by one rule than by the other.
  void at_least_as(const std::string& table, const DistanceRule& rule, const std::string& milder_table, const DistanceRule& milder) {
    const auto compare = [&](const char* name, double value, double least) {
      require(value >= least - kEpsilon, table + name, base::formatted("{} is less than the {} of {}{}.", value, least, milder_table, name),
              base::formatted("Give at least {}.", least));
    };
    compare(".warn_m", rule.warn_m, milder.warn_m);
    compare(".pause_m", rule.pause_m, milder.pause_m);
    compare(".stop_m", rule.stop_m, milder.stop_m);
    compare(".warn_contact_s", rule.warn_contact_s, milder.warn_contact_s);
    compare(".pause_contact_s", rule.pause_contact_s, milder.pause_contact_s);
  }
  void bodies(const std::string& table, const DistanceRule& rule, double separation_m, double pause_less_m = kPauseLess_m) {
    ordered(table, rule);
    constexpr std::string_view kWhy = "legal passing at the planned separation would raise it";
    at_most(table + ".warn_m", rule.warn_m, separation_m - kWarnLess_m, kWhy);
    at_most(table + ".pause_m", rule.pause_m, separation_m - pause_less_m, kWhy);
    at_most(table + ".stop_m", rule.stop_m, separation_m - kStopLess_m, kWhy);
    for (const auto& [name, value] : {std::pair{".warn_m", rule.warn_m}, std::pair{".pause_m", rule.pause_m},
                                      std::pair{".stop_m", rule.stop_m}}) {
      require(value == 0.0 || value >= kNearest_m - kEpsilon, table + name,
              base::formatted("{} m is nearer than {} m, where bodies nearly touch.", value, kNearest_m),
              "Give 0.8 m or more, or 0 to switch it off.");
    }
  }
  bool good() const { return findings_.empty(); }
  base::Findings take() { return std::move(findings_); }

 private:
  std::string file_;
  std::string key_;
  base::Findings findings_;
};

}  // namespace

base::Findings check_limits(const SafetyLimits& limits, double separation_m, double wall_margin_m,
                            const std::string& file, const std::string& key) {
  Checker check(file, key);
  check.bodies("stranger", limits.stranger, separation_m);
  check.require(limits.stranger.stop_m > 0.0, "stranger.stop_m", "Strangers have no stop distance.",
                "Give 0.8 m or more: protection against strangers is never switched off.");
  if (check.good()) {  // it may come from the strangers' limits, of which enough has then been said
    check.bodies("off_plan", limits.off_plan, separation_m, kWarnLess_m);
    check.at_least_as("off_plan", limits.off_plan, "stranger", limits.stranger);
  }
  check.bodies("group", limits.group, separation_m);
  check.bodies("attendant", limits.attendant, separation_m);
  check.bodies("kitting", limits.kitting, separation_m);
  check.bodies("door", limits.door, separation_m);
  check.bodies("chair", limits.chair, separation_m);
  check.ordered("wall", limits.wall);
  check.require(limits.wall_on_plan_s <= limits.wall.pause_contact_s, "wall_on_plan_s", "Who keeps to his plan would be paused earlier than who has left it.",
                "Give a time not above wall.pause_contact_s.");
  check.at_most("wall.warn_m", limits.wall.warn_m, wall_margin_m - 0.2, "legal walking at the wall margin would raise it");
  check.require(limits.stale_warn_s <= limits.stale_ghost_s && limits.stale_ghost_s <= limits.stale_pause_s, "stale",
                "Warning, ghost and pause of a silent body are not in this order.",
                "Give warn_s, ghost_s, pause_s in rising order.");
  check.require(limits.silence_pause_s <= limits.silence_lift_off_s, "stale.silence_lift_off_s",
                "The headset would ask to be lifted off before it pauses.", "Give a time not below silence_pause_s.");
  check.require(limits.off_plan_m <= limits.stray_warn_m, "stray.off_plan_m", "Who strays would be warned before he counts as off his plan.",
                "Give a distance not above warn_m.");
  check.require(limits.stray_warn_m <= limits.stray_pause_m, "stray.pause_m",
                "A pause for straying would come before its warning.", "Give a distance not below warn_m.");
  check.require(limits.tracking_warn_s <= limits.tracking_pause_s && limits.tracking_pause_s <= limits.tracking_stop_s,
                "tracking", "Warning, pause and stop for lost tracking are not in this order.",
                "Give warn_s, pause_s, stop_s in rising order.");
  return check.take();
}

SafetyLimits tied_to(SafetyLimits limits, double separation_m) {
  for (DistanceRule* rule : {&limits.stranger, &limits.off_plan, &limits.group, &limits.attendant, &limits.kitting, &limits.door, &limits.chair}) {
    const auto tie = [&](double value, double less_m) { return value == 0.0 ? 0.0 : std::max(kNearest_m, std::min(value, separation_m - less_m)); };
    rule->warn_m = tie(rule->warn_m, kWarnLess_m);
    rule->pause_m = tie(rule->pause_m, rule == &limits.off_plan ? kWarnLess_m : kPauseLess_m);
    rule->stop_m = tie(rule->stop_m, kStopLess_m);
  }
  return limits;
}

}  // namespace promenade::tracking
