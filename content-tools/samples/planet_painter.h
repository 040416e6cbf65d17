#pragma once
// The painter of Slow Planet: its state, shared by what prepares a moment (seated_planet.cpp) and what draws its rows
// (planet_rows.cpp). The sky's palette, sun and moons as functions of time (planet_sky.cpp).

#include <cmath>
#include <cstdint>
#include <vector>

#include "content-tools/samples/planet_ground.h"

namespace promenade::samples {

namespace planet {

inline constexpr float kDegree = kPi / 180.0f;
inline constexpr float kHalfPupils = 0.032f;  // metres
inline constexpr double kKeysPerSecond = 2.5;
inline constexpr float kDawnS = 8.0f, kDuskS = 58.0f;

float sun_azimuth(float t);    // radians to the right of forward
float sun_elevation(float t);

struct Moon {
  float rises_s, azimuth_deg, radius, climbs_deg;  // climbs: degrees a second
  Color color;
};
inline constexpr Moon kMoons[2] = {{62.0f, -10.0f, 7.5f * kDegree, 1.35f, {1.0f, 0.93f, 0.80f}}, {73.5f, -6.0f, 4.2f * kDegree, 1.9f, {0.72f, 0.86f, 1.0f}}};

float moon_azimuth(const Moon& moon, float t);
float moon_elevation(const Moon& moon, float t);

// Colours of the air for a height of the sun.
struct Air { float degrees; Color zenith, horizon, glow; };
Air air_at(float sun_elevation);
Color sky_color(const Air& air, float azimuth, float elevation, float sun_az, float sun_el);

// What lights the ground at one moment. `l...`: towards the sun; `m...`: towards the moon.
struct GroundLight {
  float lx, ly, lz, mx = 0, my = 1, mz = 0;
  float sin_az, cos_az, horizontal, shadow_length;  // of the sun; of the pole's shadow
  Color sun, ambient, moon, air, haze;              // haze: the air towards the sun
};

}  // namespace planet

class SlowPlanet final : public Painter {
 public:
  SlowPlanet(int width, Pool& pool);
  int eyes() const override { return 2; }
  double length_s() const override { return 84.0; }
  void prepare(double time_s, Pool& pool) override;
  void row(int y, std::span<const Row> eyes) const override;
  bool alike(int y) const override { return y < alone_rows_; }

 private:
  struct Key {  // the lit ground at one moment
    int number = -1;
    std::vector<std::uint8_t> color[2][3];
  };
  struct Body { float x, y, per_px, size, swing, dip, down, lean; };  // a grazer as one eye sees it
  struct Stalk { float azimuth, distance, height, phase; };
  const Key& key(int number, Pool& pool);
  void light_ground(Key& key, float t, Pool& pool);
  planet::GroundLight ground_light(float t) const;
  void light_row(const planet::GroundLight& light, int y, int eye, const std::vector<float>& shadows, Key& key) const;
  void prepare_sky(float t, Pool& pool);
  void prepare_herd(float t);
  void prepare_bulbs(float t);
  void draw_sky(int y, Row out) const;
  void draw_moon(const planet::Moon& moon, int number, int y, Row out) const;
  void draw_clouds(int y, Row out) const;
  void draw_ground(int y, int eye, Row out) const;
  void draw_sea(int y, int eye, Row out) const;
  void draw_herd(int y, int eye, Row out) const;
  void draw_stalks(int y, int eye, Row out) const;
  void draw_pole(int y, int eye, Row out) const;
  float elevation_of(int y) const { return (0.5f - (static_cast<float>(y) + 0.5f) / static_cast<float>(height())) * kPi; }
  float column_of(float azimuth) const { return (azimuth / (2.0f * kPi) + 0.5f) * static_cast<float>(width_); }
  float row_of(float elevation) const { return (0.5f - elevation / kPi) * static_cast<float>(height()); }
  float apart(int eye, float distance) const { return (eye == 0 ? 1.0f : -1.0f) * std::asin(std::min(0.5f, planet::kHalfPupils / distance)); }
  int wrapped(int x) const { return ((x % width_) + width_) % width_; }

  GroundView views_[2];
  SunHorizon horizon_;
  std::vector<float> around_sin_, around_cos_;
  std::vector<float> cloud_, milk_;
  int cloud_top_ = 0, cloud_rows_ = 0, milk_rows_ = 0;
  int alone_rows_ = 0;  // in which there is nothing but sky
  std::vector<float> wave_;  // tile of slopes, kTile square, two planes
  static constexpr int kTile = 256;
  std::vector<Stalk> stalks_;
  Field sky_[3];
  Glows stars_, sun_, bulbs_[2];
  Key keys_[2];
  // Of the moment:
  float time_ = 0, sun_az_ = 0, sun_el_ = 0, night_ = 0, key_part_ = 0;
  const Key* from_ = nullptr;
  const Key* to_ = nullptr;
  Color sun_color_, cloud_light_, cloud_shade_;
  std::vector<Body> herd_[2];
};

}  // namespace promenade::samples
