#pragma once
// The painter of Reed Lake: its state, shared by what prepares a moment (seated_lake.cpp) and what draws its rows
// (lake_rows.cpp). One thread prepares; then rows are drawn on many, which only read. Metres, seconds, radians.

#include <cstdint>
#include <vector>

#include "content-tools/samples/lake_birds.h"
#include "content-tools/samples/lake_scene.h"

namespace promenade::samples {

namespace lake {

inline constexpr float kDegree = kPi / 180.0f;
inline constexpr float kHeronAzimuth = 38.0f * kDegree, kHeronAway = 4.3f, kHeronTall = 1.22f;  // her size against life
inline constexpr float kSunAzimuth = 27.0f * kDegree;
inline constexpr int kRidges = 4, kTile = 512;
inline constexpr float kMirrorUnit = 1.25f / 1023.0f;

struct Mood {  // of the light at one time of the morning
  float time_s;
  Color zenith, horizon, glow;   // glow: about the sun
  Color hill, water, light;      // nearest hill; depth of the water; light on boat and reeds
  float mist;
};

}  // namespace lake

class ReedLake final : public Painter {
 public:
  ReedLake(int width, Pool& pool);
  double length_s() const override { return 78.0; }
  void prepare(double time_s, Pool& pool) override;
  void row(int y, std::span<const Row> eyes) const override;

 private:
  struct Ring { float x, y, rx, ry, level; };  // on the water, pixels
  void prepare_sky(Pool& pool);
  void prepare_rain();
  void prepare_smoke();
  void draw_above(float elevation, int count, float mirrored_by, Row out) const;  // sky to mist, `count` columns
  void draw_water(int y, Row out) const;
  void read_waves(float distance, std::int32_t* near, std::int32_t* wide) const;  // for each column
  void draw_rings(int y, Row out) const;
  void draw_heron(int y, Row out) const;
  void draw_boat(int y, Row out) const;
  void draw_veil(int y, Row out) const;
  float elevation_of(int y) const { return (0.5f - (static_cast<float>(y) + 0.5f) / static_cast<float>(height())) * kPi; }
  float row_of(float elevation) const { return (0.5f - elevation / kPi) * static_cast<float>(height()); }
  float column_of(float azimuth) const { return (azimuth / (2.0f * kPi) + 0.5f) * static_cast<float>(width_); }
  int wrapped(int x) const { return ((x % width_) + width_) % width_; }
  float mirror_row(float elevation) const { return (1.0f - std::sqrt(clamp01(elevation / (kPi / 2)))) * static_cast<float>(mirror_rows_ - 1); }

  BoatView boat_;
  ReedLayer reeds_[3];
  std::vector<float> ridge_[lake::kRidges];
  std::vector<float> mist_[2];
  int mist_top_ = 0, mist_rows_ = 0;
  std::vector<std::uint16_t> wave_;  // slopes to the right (low byte) and away, with signs
  std::vector<float> around_sin_, around_cos_;
  Field sky_[3];
  int mirror_rows_ = 0, mirror_width_ = 0;
  std::vector<std::uint32_t> mirror_;  // rows from the zenith down to the horizon: ten bits a colour, kMirrorUnit each
  // Of the moment:
  float time_ = 0, wind_ = 0, wet_ = 0;
  lake::Mood mood_{};
  std::vector<float> sway_[3];
  std::vector<Stroke> heron_;
  float heron_azimuth_ = 0, heron_lift_ = 0, heron_left_ = 0, heron_right_ = 0, heron_low_ = 0, heron_high_ = 0;
  std::vector<std::vector<Ring>> rings_;
  Glows drops_, smoke_;
};

}  // namespace promenade::samples
