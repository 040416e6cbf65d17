#include "tracking/prediction.h"

#include <algorithm>

namespace promenade::tracking {
namespace {

constexpr double kPlanShareIn1s = 0.5;
constexpr double kPlanShareIn2s = 0.65;
constexpr double kPlanTrusted_m = 0.4;  // so far off the plan it has its full share
constexpr double kPlanLeft_m = 1.0;     // so far off it has none

constexpr double kJustCome_s = 2.0;
constexpr double kStandingLook_s = 2.0;
constexpr double kPassesIn_s = 0.3;     // nearest to the place later than this: he goes to it, not past it
constexpr double kGoesBack_mps = 0.2;   // who is slower may go anywhere
constexpr double kTowards = 0.87;       // cosine of 30 degrees off the way back
constexpr double kThere_m = 0.1;        // nearer there is no way back: he is there, or stands where he was told to
constexpr double kBackIn_s = 4.0;       // the way back is spread over so long, beyond its first second
constexpr double kWalkingLook_s = 0.3;

}  // namespace

double off_plan_look_s(bool stands, double since_s, HallVec from_place, HallVec velocity) {
  if (!stands) return kWalkingLook_s;
  const bool goes_back = -dot(velocity, from_place) >= kPassesIn_s * dot(velocity, velocity);  // or stands
  return since_s < kJustCome_s || goes_back ? 0.0 : kStandingLook_s;
}

HallVec Prediction::after(double seconds) const {
  return first * std::min(seconds, 1.0) + second * std::max(0.0, seconds - 1.0);
}

Prediction predict(const Body& body) {
  if (!body.ahead) return {body.velocity, body.velocity};
  const double off_m = distance(body.position, body.ahead->now);
  const double trust = std::clamp((kPlanLeft_m - off_m) / (kPlanLeft_m - kPlanTrusted_m), 0.0, 1.0);
  const auto blend = [&](HallPoint planned, double seconds, double share) {
    return body.velocity * (seconds * (1.0 - share * trust)) + (planned - body.ahead->now) * (share * trust);
  };
  const HallVec in_1s = blend(body.ahead->in_1s, 1.0, kPlanShareIn1s);
  const HallVec in_2s = blend(body.ahead->in_2s, 2.0, kPlanShareIn2s);
  return {in_1s, in_2s - in_1s};
}

Prediction predict_off_plan(const Body& body) {
  const Prediction straight{body.velocity, body.velocity};
  const double speed_mps = length(body.velocity);
  if (!body.ahead || speed_mps < kGoesBack_mps) return straight;
  const HallVec back = body.ahead->now - body.position;
  const double back_m = length(back);
  if (back_m < kThere_m || dot(body.velocity, back) < kTowards * speed_mps * back_m) return straight;
  if (back_m <= speed_mps) return {back, body.ahead->in_2s - body.ahead->in_1s};
  return {body.velocity, body.velocity * ((back_m - speed_mps) / speed_mps / kBackIn_s)};
}

std::optional<double> time_to_contact_s(HallVec offset, const Prediction& mine, const Prediction& theirs, double radius_m) {
  const HallVec first = theirs.first - mine.first;
  const auto soon = time_to_within_s(offset, first, radius_m);
  if (soon && *soon <= 1.0) return soon;
  const auto later = time_to_within_s(offset + first, theirs.second - mine.second, radius_m);
  return later ? std::optional(1.0 + *later) : std::nullopt;
}

}  // namespace promenade::tracking
