// Template bodies of tracking/frame.h; included by it only.

#include <cmath>
#include <numbers>

#include <glm/gtc/quaternion.hpp>

#include "tracking/base/assert.h"

namespace promenade::tracking {

template <class F>
double length(Vec<F> v) {
  return std::sqrt(v.x * v.x + v.y * v.y);
}

template <class F>
double distance(Point<F> a, Point<F> b) {
  return length(b - a);
}

template <class F>
Point<F> floor_point(const Pose<F>& pose) {
  return {pose.position.x, -pose.position.z};
}

template <class F>
double yaw_rad(const Pose<F>& pose) {
  constexpr double kLevel = 1e-3;  // below this a head looks straight up or down, and its crown shows the way
  glm::dvec3 ahead = pose.orientation * glm::dvec3(0.0, 0.0, -1.0);
  if (std::hypot(ahead.x, ahead.z) < kLevel) {
    const double looks_up = ahead.y > 0.0 ? -1.0 : 1.0;
    ahead = pose.orientation * glm::dvec3(0.0, looks_up, 0.0);
  }
  return std::atan2(-ahead.x, -ahead.z);
}

template <class F>
Pose<F> pose_at(Point<F> floor, double height, double yaw) {
  return {{floor.x, height, -floor.y}, {std::cos(yaw / 2.0), 0.0, std::sin(yaw / 2.0), 0.0}};
}

template <class To, class From>
Point<To> operator*(const Transform<To, From>& t, Point<From> p) {
  const double c = std::cos(t.yaw);
  const double s = std::sin(t.yaw);
  const double x = t.mirrored ? -p.x : p.x;
  return {c * x - s * p.y + t.shift.x, s * x + c * p.y + t.shift.y};
}

template <class To, class From>
Pose<To> operator*(const Transform<To, From>& t, const Pose<From>& p) {
  PROMENADE_ASSERT(!t.mirrored);
  const Point<To> floor = t * floor_point(p);
  const glm::dquat turn(std::cos(t.yaw / 2.0), 0.0, std::sin(t.yaw / 2.0), 0.0);
  return {{floor.x, p.position.y + t.rise, -floor.y}, glm::normalize(turn * p.orientation)};
}

template <class A, class B, class C>
Transform<A, C> operator*(const Transform<A, B>& a, const Transform<B, C>& b) {
  // A mirror turns the sense of whatever yaw comes before it: M R(b) = R(-b) M.
  const Point<A> shift = a * Point<B>{b.shift.x, b.shift.y};
  return {wrap_angle(a.yaw + (a.mirrored ? -b.yaw : b.yaw)), {shift.x, shift.y}, a.rise + b.rise,
          a.mirrored != b.mirrored};
}

template <class To, class From>
Transform<From, To> inverse(const Transform<To, From>& t) {
  Transform<From, To> back{t.mirrored ? t.yaw : -t.yaw, {}, -t.rise, t.mirrored};
  const Point<From> shift = back * Point<To>{t.shift.x, t.shift.y};
  back.shift = {-shift.x, -shift.y};
  return back;
}

inline double wrap_angle(double radians) { return std::remainder(radians, 2.0 * std::numbers::pi); }

}  // namespace promenade::tracking
