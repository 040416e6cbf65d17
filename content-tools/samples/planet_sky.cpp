#include <algorithm>
#include <cmath>

#include "content-tools/samples/planet_painter.h"

namespace promenade::samples::planet {

float sun_azimuth(float t) { return (-90.0f + 4.16f * (t - kDawnS)) * kDegree; }
float sun_elevation(float t) {
  const float day = (t - kDawnS) / (kDuskS - kDawnS);
  if (day < 0.0f) return -26.0f * kDegree * std::min(1.0f, -day * 3.0f);
  if (day > 1.0f) return -26.0f * kDegree * std::min(1.0f, (day - 1.0f) * 2.4f);
  return 40.0f * kDegree * std::sin(kPi * day);
}

float moon_azimuth(const Moon& moon, float t) { return (moon.azimuth_deg + 4.16f * (t - moon.rises_s)) * kDegree; }
float moon_elevation(const Moon& moon, float t) { return (moon.climbs_deg * (t - moon.rises_s)) * kDegree - moon.radius * 1.1f; }

namespace {

// The palette of the sky by the sun's height.
constexpr Air kAir[] = {
    {-26.0f, {0.035f, 0.055f, 0.150f}, {0.100f, 0.145f, 0.260f}, {0.03f, 0.05f, 0.08f}},
    {-12.0f, {0.045f, 0.065f, 0.185f}, {0.170f, 0.150f, 0.280f}, {0.18f, 0.07f, 0.07f}},
    {-5.0f, {0.075f, 0.095f, 0.260f}, {0.400f, 0.260f, 0.360f}, {0.60f, 0.22f, 0.06f}},
    {0.0f, {0.160f, 0.240f, 0.440f}, {0.780f, 0.530f, 0.480f}, {0.75f, 0.32f, 0.04f}},
    {9.0f, {0.240f, 0.440f, 0.620f}, {0.920f, 0.780f, 0.640f}, {0.40f, 0.20f, 0.02f}},
    {40.0f, {0.200f, 0.520f, 0.700f}, {0.800f, 0.880f, 0.840f}, {0.16f, 0.12f, 0.04f}}};

}  // namespace

Air air_at(float elevation) {
  const float degrees = std::clamp(elevation / kDegree, -26.0f, 40.0f);
  int i = 0;
  while (degrees > kAir[i + 1].degrees) ++i;
  const float t = (degrees - kAir[i].degrees) / (kAir[i + 1].degrees - kAir[i].degrees);
  return {degrees, mix(kAir[i].zenith, kAir[i + 1].zenith, t), mix(kAir[i].horizon, kAir[i + 1].horizon, t), mix(kAir[i].glow, kAir[i + 1].glow, t)};
}

Color sky_color(const Air& air, float azimuth, float elevation, float sun_az, float sun_el) {
  const float up = std::max(0.0f, elevation) / (kPi / 2);
  const float c = std::cos(azimuth - sun_az);
  Color color = mix(air.horizon, air.zenith, 1.0f - std::pow(1.0f - up, 3.4f));
  const float low = 1.0f - smooth(0.0f, 24.0f * kDegree, std::fabs(sun_el));
  color = mix(color, color * Color{0.80f, 0.80f, 1.05f}, low * (0.5f - 0.5f * c) * (1.0f - smooth(0.05f, 0.45f, up)));
  const float dot = std::sin(elevation) * std::sin(sun_el) + std::cos(elevation) * std::cos(sun_el) * c;
  const float near = std::exp(-(1.0f - dot) * 3.2f), band = std::exp(-up * 7.0f) * std::exp(-(1.0f - c) * 1.6f);
  return color + air.glow * (0.55f * near + 0.75f * band * low);
}

}  // namespace promenade::samples::planet
