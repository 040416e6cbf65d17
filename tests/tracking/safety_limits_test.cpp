#include "tracking/safety_limits.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

using namespace promenade::tracking;

namespace {
bool complains(const SafetyLimits& limits, const std::string& key, double separation_m = 2.0, double margin_m = 0.75) {
  const auto findings = check_limits(limits, separation_m, margin_m, "hall.toml", "safety");
  return std::ranges::any_of(findings, [&](const auto& finding) {
    return finding.code == "limits-contradict" && finding.key == "safety." + key;
  });
}
}  // namespace

TEST_CASE("the first values agree with each other at the default separation") {
  CHECK(check_limits({}, 2.0, 0.75, "hall.toml", "safety").empty());
}

TEST_CASE("limits never cross the plan") {
  const SafetyLimits first;
  CHECK(complains({}, "stranger.warn_m", first.stranger.warn_m + 0.29));
  CHECK(complains({}, "stranger.pause_m", first.stranger.pause_m + 0.59));
  CHECK(complains({}, "stranger.stop_m", first.stranger.stop_m + 0.69));
  CHECK(complains({}, "off_plan.warn_m", first.off_plan.warn_m + 0.29));
  SafetyLimits wide;
  wide.off_plan.warn_m = wide.off_plan.pause_m = 1.71;
  wide.off_plan.stop_m = 1.31;
  CHECK(complains(wide, "off_plan.pause_m"));
  CHECK(complains(wide, "off_plan.stop_m"));
  CHECK(complains({}, "wall.warn_m", 2.0, 0.6));
}

TEST_CASE("each contradiction is named by its key") {
  SafetyLimits limits;
  limits.stranger.stop_m = 0.7;
  CHECK(complains(limits, "stranger.stop_m"));
  limits = {};
  limits.stranger.stop_m = 0.0;
  CHECK(complains(limits, "stranger.stop_m"));
  limits = {};
  limits.off_plan.pause_contact_s = limits.stranger.pause_contact_s - 0.1;
  CHECK(complains(limits, "off_plan.pause_contact_s"));
  limits = {};
  limits.wall_on_plan_s = limits.wall.pause_contact_s + 0.1;
  CHECK(complains(limits, "wall_on_plan_s"));
  limits = {};
  limits.off_plan_m = limits.stray_warn_m + 0.1;
  CHECK(complains(limits, "stray.off_plan_m"));
  limits = {};
  limits.kitting.pause_m = 1.3;
  CHECK(complains(limits, "kitting.pause_m"));
  limits = {};
  limits.group.pause_contact_s = 1.5;
  CHECK(complains(limits, "group.pause_contact_s"));
  limits = {};
  limits.stale_ghost_s = 2.0;
  CHECK(complains(limits, "stale"));
  limits = {};
  limits.tracking_stop_s = 0.1;
  CHECK(complains(limits, "tracking"));
  limits = {};
  limits.stray_pause_m = 0.5;
  CHECK(complains(limits, "stray.pause_m"));
}
