#pragma once
// Positions, orientations, poses and transforms that carry their frame as a type.
// Right-handed, y up, metres, radians, as OpenXR; a floor point is (x, y) seen from above with
// floor x = x and floor y = -z, so that a positive yaw turns counter-clockwise on the plan.
// Transforms are named so that adjacent frames cancel: hall_from_stage * p_stage = p_hall. Pure values.

#include <glm/ext/quaternion_double.hpp>
#include <glm/ext/vector_double2.hpp>
#include <glm/ext/vector_double3.hpp>

#include "tracking/base/clock.h"

namespace promenade::tracking {

struct Hall {};   // the tracked floor; origin and axes from the venue file
struct Stage {};  // a headset's own OpenXR STAGE space
struct Film {};   // a film's own world

template <class Frame>
struct Point {  // on the floor
  double x = 0.0;
  double y = 0.0;
  friend bool operator==(const Point&, const Point&) = default;
};
template <class Frame>
struct Vec {  // a displacement or velocity on the floor (m or m/s)
  double x = 0.0;
  double y = 0.0;
  friend bool operator==(const Vec&, const Vec&) = default;
};
template <class F> constexpr Vec<F> operator-(Point<F> a, Point<F> b) { return {a.x - b.x, a.y - b.y}; }
template <class F> constexpr Point<F> operator+(Point<F> a, Vec<F> v) { return {a.x + v.x, a.y + v.y}; }
template <class F> constexpr Point<F> operator-(Point<F> a, Vec<F> v) { return {a.x - v.x, a.y - v.y}; }
template <class F> constexpr Vec<F> operator+(Vec<F> a, Vec<F> b) { return {a.x + b.x, a.y + b.y}; }
template <class F> constexpr Vec<F> operator-(Vec<F> a, Vec<F> b) { return {a.x - b.x, a.y - b.y}; }
template <class F> constexpr Vec<F> operator*(Vec<F> v, double k) { return {v.x * k, v.y * k}; }
template <class F> constexpr double dot(Vec<F> a, Vec<F> b) { return a.x * b.x + a.y * b.y; }
template <class F> constexpr double cross(Vec<F> a, Vec<F> b) { return a.x * b.y - a.y * b.x; }
template <class F> double length(Vec<F> v);               // m
template <class F> double distance(Point<F> a, Point<F> b);  // m

template <class Frame>
struct Pose {  // of a head or controller
  glm::dvec3 position{0.0, 0.0, 0.0};              // m
  glm::dquat orientation{1.0, 0.0, 0.0, 0.0};      // w, x, y, z; unit
};
template <class F> Point<F> floor_point(const Pose<F>& pose);
template <class F> double height_m(const Pose<F>& pose) { return pose.position.y; }
template <class F> double yaw_rad(const Pose<F>& pose);  // about up; 0 looks along floor +y (-z); -pi..pi
template <class F> Pose<F> pose_at(Point<F> floor, double height, double yaw);

// Level rigid transform: yaw about up, then shift; no tilt, so that the floor stays the floor.
// With `mirrored`, x of the source is negated first (only ever for film -> hall).
template <class To, class From>
struct Transform {
  double yaw = 0.0;
  Vec<To> shift;
  double rise = 0.0;  // m, added to y
  bool mirrored = false;
  friend bool operator==(const Transform&, const Transform&) = default;
};
template <class To, class From> Point<To> operator*(const Transform<To, From>& t, Point<From> p);
template <class To, class From> Pose<To> operator*(const Transform<To, From>& t, const Pose<From>& p);  // not for mirrored
template <class A, class B, class C> Transform<A, C> operator*(const Transform<A, B>& a, const Transform<B, C>& b);
template <class To, class From> Transform<From, To> inverse(const Transform<To, From>& t);

using Placement = Transform<Hall, Film>;  // where a film's route lies in the hall

double wrap_angle(double radians);  // to -pi..pi

}  // namespace promenade::tracking

#include "tracking/frame.inl"
