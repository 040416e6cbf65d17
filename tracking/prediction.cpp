#include "tracking/prediction.h"

#include <algorithm>

namespace promenade::tracking {
namespace {

constexpr double kPlanShareWarn = 0.6;
constexpr double kPlanSharePause = 0.3;
constexpr double kPlanTrust_m = 0.8;  // this far off the plan nothing is left of that share

}  // namespace

Prediction predict(const Body& body) {
  Prediction out{body.velocity, body.velocity};
  if (!body.ahead) return out;
  const double trust = std::clamp(1.0 - distance(body.position, body.ahead->now) / kPlanTrust_m, 0.0, 1.0);
  const auto blend = [&](HallVec planned, double share) {
    return body.velocity * (1.0 - share * trust) + planned * (share * trust);
  };
  out.warn = blend((body.ahead->in_2s - body.ahead->now) * 0.5, kPlanShareWarn);
  out.pause = blend(body.ahead->in_1s - body.ahead->now, kPlanSharePause);
  return out;
}

}  // namespace promenade::tracking
