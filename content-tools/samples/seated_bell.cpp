// Inside the Bell: the viewer sits on the axis of a great bronze bell. Its inside is a surface of revolution, so a row
// of the picture is a height on the wall and all that goes round is a shift of columns. What is still (relief, cast
// characters, distances from the stroke) is drawn once; light, waves, melt, names and sparks are laid on it.
#include <algorithm>
#include <cmath>
#include <string>

#include "content-tools/samples/glyphs.h"
#include "content-tools/samples/seated_films.h"
#include "tracking/base/random.h"

namespace promenade::samples {

namespace {

constexpr float kStrikeS = 18.0f, kStrikeAzimuth = 40.0f * kPi / 180.0f, kStrikeHeight = -0.55f;
constexpr float kRimHeight = -1.3f, kFloorHeight = -2.1f, kTopHeight = 2.1f;
constexpr int kReach = 1024;             // steps of the distance planes
constexpr float kReachPerM = 180.0f;     // steps a metre
constexpr int kModes = 4;

// Radius of the inside at a height above the eye, metres.
float profile(float h) {
  const float body = 1.7f + 0.3f * std::pow(std::max(0.0f, (-h - 0.1f) / 1.2f), 2.0f);
  if (h < 0.7f) return body;
  const float up = std::min(1.0f, (h - 0.7f) / (kTopHeight - 0.7f));
  return 1.7f * std::sqrt(std::max(0.0f, 1.0f - up * up));
}

// Height at which a line of sight at this elevation meets the wall.
float wall_height(float elevation) {
  float low = kRimHeight, high = kTopHeight;
  for (int i = 0; i < 40; ++i) {
    const float mid = 0.5f * (low + high);
    (std::atan2(mid, profile(mid)) < elevation ? low : high) = mid;
  }
  return 0.5f * (low + high);
}

// The Hundred Family Surnames, as they have been recited for a thousand years.
const std::u32string kSurnames =
    U"赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝安常乐于时傅皮齐康伍余元顾孟平黄和穆萧尹";
const char* const kNames = "春生　秀兰　小满　福来　玉珍　长河　素心　大山　月娥　守成　云儿　有年　";

std::string utf8(char32_t c) {
  return {static_cast<char>(0xe0u | (c >> 12)), static_cast<char>(0x80u | ((c >> 6) & 63u)), static_cast<char>(0x80u | (c & 63u))};
}

class InsideTheBell final : public Painter {
 public:
  InsideTheBell(int width, Pool& pool);
  double length_s() const override { return 72.0; }
  void prepare(double time_s, Pool& pool) override;
  void row(int y, std::span<const Row> eyes) const override;

 private:
  struct Level {           // one row of the picture
    float elevation = 0, height = 0, radius = 0;
    bool wall = false;
    float daylight = 0;    // that comes in under the rim
    Color bronze, floor;
    float mode[kModes] = {};
  };
  void draw_wall_row(int y, const Glyphs& writing);
  void draw_floor_row(int y);
  void draw_wall(int y, Row out) const;  // as it looks now
  void prepare_light(float t);
  void prepare_sparks(float t);
  std::size_t at(int y) const { return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_); }

  std::vector<Level> levels_;
  std::vector<float> shade_, relief_, ink_;           // planes: surface, its turning to the light below, characters
  std::vector<std::uint16_t> near_, far_;             // distance from the stroke, and from opposite it
  std::vector<float> names_;                          // ring of names, its own height in rows
  int names_top_ = 0, names_rows_ = 0;
  std::vector<float> mode_columns_;
  Field melt_;
  Glows sparks_;
  // Of the moment:
  bool waves_ = false, ringing_ = false;
  std::array<float, kReach + 1> near_wave_{}, far_wave_{};
  std::array<float, kModes> mode_level_{};
  float day_ = 1, gold_ = 0, melt_level_ = 0, names_level_ = 0, reading_ = 0, turn_ = 0, reading_turn_ = 0;
};

InsideTheBell::InsideTheBell(int width, Pool& pool) : Painter(width), melt_(128, 96, -35.0f * kPi / 180.0f, kPi / 2) {
  const int rows = height();
  levels_.resize(static_cast<std::size_t>(rows));
  const std::size_t area = static_cast<std::size_t>(width) * static_cast<std::size_t>(rows);
  shade_.resize(area);
  relief_.resize(area);
  ink_.resize(area);
  near_.resize(area);
  far_.resize(area);
  const float rim = std::atan2(kRimHeight, profile(kRimHeight));
  for (int y = 0; y < rows; ++y) {
    Level& level = levels_[static_cast<std::size_t>(y)];
    level.elevation = (0.5f - (static_cast<float>(y) + 0.5f) / static_cast<float>(rows)) * kPi;
    level.wall = level.elevation > rim;
    level.height = level.wall ? wall_height(level.elevation) : kFloorHeight;
    level.radius = level.wall ? profile(level.height) : kFloorHeight / std::tan(level.elevation);
    const float up = (level.height - kRimHeight) / (kTopHeight - kRimHeight);
    level.daylight = level.wall ? 1.08f * std::exp(-up * 2.3f) + 0.17f : 1.0f;
    level.bronze = mix(Color{0.80f, 0.70f, 0.50f}, Color{0.30f, 0.50f, 0.52f}, smooth(0.0f, 0.65f, up));
    for (int m = 0; m < kModes; ++m) {
      level.mode[m] = level.wall ? std::sin(kPi * (0.25f + (1.0f + 0.8f * static_cast<float>(m)) * (1.0f - up))) * (1.0f - smooth(0.75f, 1.0f, up)) : 0.0f;
    }
  }
  // Sixteen columns of characters in each quarter, read downwards, right to left.
  constexpr int kColumns = 64, kLines = 11;
  std::vector<std::string> lines(kLines);
  for (int line = 0; line < kLines; ++line) {
    for (int column = 0; column < kColumns; ++column) {
      lines[static_cast<std::size_t>(line)] += utf8(kSurnames[static_cast<std::size_t>(((kColumns - 1 - column) * kLines + line) % static_cast<int>(kSurnames.size()))]);
    }
  }
  const Glyphs writing = draw_glyphs(lines, 32);
  pool.run(rows, 8, [&](int first, int last) {
    for (int y = first; y < last; ++y) levels_[static_cast<std::size_t>(y)].wall ? draw_wall_row(y, writing) : draw_floor_row(y);
  });
  const Glyphs names = draw_glyphs({kNames}, 64);
  const float high = 6.0f * kPi / 180.0f, low = -5.0f * kPi / 180.0f;
  names_top_ = static_cast<int>((0.5f - high / kPi) * static_cast<float>(rows));
  names_rows_ = static_cast<int>((high - low) / kPi * static_cast<float>(rows));
  names_.resize(static_cast<std::size_t>(names_rows_) * static_cast<std::size_t>(width));
  for (int y = 0; y < names_rows_; ++y) {
    for (int x = 0; x < width; ++x) {
      const float u = (static_cast<float>(x) + 0.5f) / static_cast<float>(width) * static_cast<float>(names.columns);
      names_[static_cast<std::size_t>(y * width + x)] = names.ink(u, (static_cast<float>(y) + 0.5f) / static_cast<float>(names_rows_));
    }
  }
  mode_columns_.resize(static_cast<std::size_t>(kModes * width));
}

void InsideTheBell::draw_wall_row(int y, const Glyphs& writing) {
  const Level& level = levels_[static_cast<std::size_t>(y)];
  const auto ink_at = [&](float azimuth, float height) {
    constexpr float kTop = 0.78f, kCell = 0.166f;
    const float v = (kTop - height) / kCell, u = (azimuth / (2.0f * kPi) + 0.5f) * static_cast<float>(writing.columns);
    const float column = std::floor(u), across = (u - column - 0.13f) / 0.74f, line = std::floor(v), down = (v - line - 0.04f) / 0.92f;
    if (across <= 0.0f || across >= 1.0f || line < 0.0f || line >= static_cast<float>(writing.rows)) return 0.0f;
    return writing.ink(column + across, line + down);
  };
  const auto bumps = [&](float azimuth, float height) {  // of the surface, metres towards the viewer
    const float x = std::sin(azimuth) * 1.7f, z = std::cos(azimuth) * 1.7f;
    float bump = 0.010f * fbm(x * 2.2f, height * 2.2f, z * 2.2f, 4) + 0.0035f * fbm(x * 14.0f, height * 14.0f, z * 14.0f, 2);
    for (const float ring : {-1.20f, -1.12f, 0.86f, 0.92f, 1.30f}) bump += 0.014f * std::exp(-std::pow((height - ring) / 0.018f, 2.0f));
    return bump + 0.016f * ink_at(azimuth, height);
  };
  const float step = 2.0f * kPi / static_cast<float>(width_);
  for (int x = 0; x < width_; ++x) {
    const float azimuth = ((static_cast<float>(x) + 0.5f) / static_cast<float>(width_) - 0.5f) * 2.0f * kPi;
    const std::size_t i = at(y) + static_cast<std::size_t>(x);
    const float dh = 0.008f, here = bumps(azimuth, level.height);
    const float slope_up = (bumps(azimuth, level.height + dh) - here) / dh;
    const float slope_side = (bumps(azimuth + step, level.height) - here) / (step * std::max(0.2f, level.radius));
    relief_[i] = std::clamp(-slope_up * 1.1f + slope_side * 0.35f, -1.0f, 1.4f);
    const float px = std::sin(azimuth) * level.radius, pz = -std::cos(azimuth) * level.radius;
    const float stain = fbm(px * 0.9f + 3.0f, level.height * 0.5f, pz * 0.9f, 5), streak = fbm(px * 5.0f, level.height * 0.35f, pz * 5.0f, 3);
    shade_[i] = std::clamp(0.62f + 0.34f * stain + 0.22f * streak, 0.2f, 1.1f);
    ink_[i] = ink_at(azimuth, level.height);
    const float sx = std::sin(kStrikeAzimuth) * 1.75f, sz = -std::cos(kStrikeAzimuth) * 1.75f;
    const float dy = level.height - kStrikeHeight;
    near_[i] = static_cast<std::uint16_t>(std::min<float>(kReach, kReachPerM * std::sqrt((px - sx) * (px - sx) + (pz - sz) * (pz - sz) + dy * dy)));
    far_[i] = static_cast<std::uint16_t>(std::min<float>(kReach, kReachPerM * std::sqrt((px + sx) * (px + sx) + (pz + sz) * (pz + sz) + dy * dy)));
  }
}

void InsideTheBell::draw_floor_row(int y) {
  const Level& level = levels_[static_cast<std::size_t>(y)];
  const float seat = 0.34f;  // radius of the stool's top, which is nearer than the floor
  const float seat_radius = 0.75f / std::tan(-level.elevation);
  for (int x = 0; x < width_; ++x) {
    const float azimuth = ((static_cast<float>(x) + 0.5f) / static_cast<float>(width_) - 0.5f) * 2.0f * kPi;
    const std::size_t i = at(y) + static_cast<std::size_t>(x);
    const bool stool = seat_radius < seat;
    const float radius = stool ? seat_radius : level.radius;
    const float px = std::sin(azimuth) * radius, pz = -std::cos(azimuth) * radius;
    float stone = 0.0f;
    if (stool) {  // turned wood
      stone = 0.30f + 0.10f * std::sin(60.0f * radius + 3.0f * fbm(px * 3.0f, 1.0f, pz * 9.0f, 3)) + 0.12f * fbm(px * 30.0f, 2.0f, pz * 4.0f, 3);
      stone *= 0.55f + 0.45f * smooth(seat, seat - 0.05f, radius);
    } else {  // flags, in courses
      const float course = std::floor(pz / 0.62f), shift = 0.41f * hash01(static_cast<std::uint32_t>(course + 50.0f));
      const float tile = std::floor(px / 0.9f + shift);
      const float ex = std::fabs(px / 0.9f + shift - tile - 0.5f) * 0.9f, ez = std::fabs(pz / 0.62f - course - 0.5f) * 0.62f;
      const float joint = std::max(smooth(0.432f, 0.448f, ex), smooth(0.292f, 0.308f, ez));
      stone = (0.62f + 0.18f * (hash01(static_cast<std::uint32_t>(tile + 90.0f), static_cast<std::uint32_t>(course + 90.0f)) - 0.5f) + 0.16f * fbm(px * 3.0f, 0.0f, pz * 3.0f, 5)) * (1.0f - 0.55f * joint);
      const float sun = smooth(1.86f, 2.12f, radius + 0.04f * fbm(px * 4.0f, 5.0f, pz * 4.0f, 2));  // beyond the bell's shadow
      stone *= mix(0.16f + 0.20f * smooth(0.4f, 1.9f, radius), 1.25f, sun) * (1.0f - 0.75f * smooth(0.62f, 0.42f, radius));
    }
    shade_[i] = stone;
    relief_[i] = stool ? 1.0f : 0.0f;
    ink_[i] = 0.0f;
    near_[i] = far_[i] = kReach;
  }
}

void InsideTheBell::prepare_light(float t) {
  const float after = t - kStrikeS;
  // Fronts that run from the stroke round the bell, meet opposite, and come back, each time softer.
  near_wave_.fill(0.0f);
  far_wave_.fill(0.0f);
  waves_ = after >= 0.0f && after < 14.0f;  // the last front has faded then
  ringing_ = after > 0.0f;
  if (waves_) {
    for (int i = 0; i < kReach; ++i) {
      const float d = static_cast<float>(i) / kReachPerM;
      for (int pass = 0; pass < 7; ++pass) {
        const float begun = after - 1.55f * static_cast<float>(pass);
        if (begun < 0.0f || begun > 4.0f) continue;
        const float front = 2.25f * begun, wide = 0.10f + 0.16f * begun;
        const float q = (d - front) / (d > front ? wide * 0.45f : wide);
        const float level = 1.15f * std::exp(-0.30f * static_cast<float>(pass)) * std::exp(-0.75f * begun) * std::exp(-q * q);
        (pass % 2 == 0 ? near_wave_ : far_wave_)[static_cast<std::size_t>(i)] += level;
      }
    }
  }
  for (int m = 0; m < kModes; ++m) {
    const float fm = static_cast<float>(m);
    const float ring = after > 0.0f ? std::exp(-after / (17.0f - 3.2f * fm)) * smooth(0.0f, 1.2f, after) : 0.0f;
    mode_level_[static_cast<std::size_t>(m)] = ring * std::sin(2.0f * kPi * (0.32f + 0.17f * fm) * after);
    const float lobes = 2.0f + fm + (m == 3 ? 1.0f : 0.0f), drift = 0.05f * (m % 2 == 0 ? 1.0f : -1.4f) * after;
    for (int x = 0; x < width_; ++x) {
      const float azimuth = ((static_cast<float>(x) + 0.5f) / static_cast<float>(width_) - 0.5f) * 2.0f * kPi;
      mode_columns_[static_cast<std::size_t>(m * width_ + x)] = std::cos(lobes * (azimuth - kStrikeAzimuth - drift));
    }
  }
  const float flash = after >= 0.0f ? std::exp(-after / 1.1f) * smooth(-0.02f, 0.06f, after) : 0.0f;
  gold_ = (after > 0.0f ? 0.55f * std::exp(-after / 14.0f) * smooth(0.0f, 1.5f, after) : 0.0f) + 1.3f * flash;
  day_ = smooth(0.0f, 2.5f, t) * (1.0f + 0.04f * std::sin(t * 0.7f)) * mix(1.0f, 0.45f, smooth(24.0f, 29.0f, t)) * mix(1.0f, 0.62f, smooth(43.0f, 55.0f, t)) *
             mix(1.0f, 0.6f, smooth(57.0f, 66.0f, t)) * (1.0f - smooth(69.0f, 71.6f, t));
  melt_level_ = during(26.2f, 33.5f, 1.6f, t);
  names_level_ = during(36.0f, 43.5f, 1.4f, t);
  reading_ = during(34.5f, 45.0f, 1.5f, t);
  turn_ = (t - 36.0f) * 12.0f / 360.0f;
  reading_turn_ = (t - 35.0f) * 45.0f / 360.0f;
}

void InsideTheBell::prepare_sparks(float t) {
  const float px = static_cast<float>(width_) / (2.0f * kPi);  // pixels a radian
  sparks_.clear(height());
  const auto add = [&](float azimuth, float elevation, float size, Color color) {
    const float x = (azimuth / (2.0f * kPi) + 0.5f) * static_cast<float>(width_);
    const float wide = std::max(1.5f, size * px);
    sparks_.add({x - std::floor(x / static_cast<float>(width_)) * static_cast<float>(width_), (0.5f - elevation / kPi) * static_cast<float>(height()),
                 wide / std::max(0.05f, std::cos(elevation)), wide, color});
  };
  for (std::uint32_t i = 0; i < 130; ++i) {  // dust in the light from below
    const float around = 2.0f * kPi * hash01(i, 1) + 0.02f * t * (hash01(i, 2) - 0.5f), life = 9.0f + 7.0f * hash01(i, 3);
    const float age = std::fmod(t / life + hash01(i, 4), 1.0f);
    const float up = mix(-0.95f, -0.05f, age) + 0.05f * std::sin(t * 0.8f + 9.0f * hash01(i, 5));
    add(around + 0.03f * std::sin(t * 0.5f + static_cast<float>(i)), up, 0.0035f + 0.004f * hash01(i, 6),
        Color{0.9f, 0.85f, 0.7f} * (0.5f * day_ * std::sin(kPi * age)));
  }
  const float after = t - kStrikeS;  // dust of bronze shaken loose by the stroke
  if (after > 0.0f && after < 7.0f) {
    for (std::uint32_t i = 0; i < 220; ++i) {
      const float fall = after - 0.8f * hash01(i, 21);
      if (fall <= 0.0f) continue;
      const float up = 1.25f - 1.5f * hash01(i, 22) - 0.11f * fall * fall - 0.06f * fall;
      add(2.0f * kPi * hash01(i, 23), std::max(up, -1.5f), 0.004f + 0.004f * hash01(i, 24), Color{1.0f, 0.78f, 0.4f} * (0.9f * std::exp(-fall / 2.0f)));
    }
  }
  for (std::uint32_t i = 0; i < 360; ++i) {  // the voices
    const float born = 44.0f + 9.5f * hash01(i, 7), age = t - born;
    if (age < 0.0f || age > 8.0f) continue;
    const float glow = smooth(0.0f, 0.6f, age) * (1.0f - smooth(3.0f, 8.0f, age)) * (0.65f + 0.35f * std::sin(t * (3.0f + 5.0f * hash01(i, 8)) + static_cast<float>(i)));
    const float up = mix(-0.5f, 0.55f, hash01(i, 9)) + 0.07f * age;
    const float around = 2.0f * kPi * hash01(i, 10) + 0.09f * age * (hash01(i, 11) < 0.5f ? 1.0f : -1.0f);
    const Color tint = mix(Color{1.0f, 0.72f, 0.38f}, Color{0.75f, 0.88f, 1.0f}, hash01(i, 12));
    add(around, up, 0.045f, tint * (0.22f * glow));
    add(around, up, 0.0085f, tint * (1.1f * glow));
  }
  if (t > 53.5f) {  // the thread, and what is left of it
    const float level = smooth(53.5f, 56.0f, t) * (1.0f - smooth(66.5f, 69.8f, t));
    for (int k = 0; k < 1100; ++k) {
      const float back = static_cast<float>(k) / 1100.0f, when = t - 5.0f * back;
      if (when < 53.5f) break;
      const float since = when - 54.0f, thin = mix(1.0f, 0.25f, smooth(56.0f, 68.0f, t));
      const float around = kStrikeAzimuth + 48.0f * kPi / 180.0f * since, up = 4.0f * kPi / 180.0f * since + 0.02f * std::sin(since * 2.1f);
      const float glow = level * std::pow(1.0f - back, 1.5f);
      add(around, up, 0.0052f * (0.5f + thin), Color{1.0f, 0.9f, 0.68f} * (0.42f * glow));
      if (k % 10 == 0) add(around, up, 0.07f * thin, Color{0.9f, 0.6f, 0.25f} * (0.07f * glow));
      if (k == 0) add(around, up, 0.022f * (0.4f + thin), Color{1.0f, 0.9f, 0.7f} * level);
    }
  }
}

void InsideTheBell::prepare(double time_s, Pool& pool) {
  const float t = static_cast<float>(time_s);
  prepare_light(t);
  prepare_sparks(t);
  if (melt_level_ <= 0.001f) return;
  pool.run(melt_.height, 4, [&](int first, int last) {
    for (int y = first; y < last; ++y) {
      const float elevation = mix(melt_.high_rad, melt_.low_rad, (static_cast<float>(y) + 0.5f) / static_cast<float>(melt_.height));
      const float height = wall_height(elevation), radius = profile(height);
      for (int x = 0; x < melt_.width; ++x) {
        const float azimuth = ((static_cast<float>(x) + 0.5f) / static_cast<float>(melt_.width) - 0.5f) * 2.0f * kPi;
        const float px = std::sin(azimuth) * radius, pz = -std::cos(azimuth) * radius, run = height + 0.22f * t;  // it runs down
        const float warp = fbm(px * 0.9f, run * 0.8f, pz * 0.9f + 0.15f * t, 3);
        const float crust = ridged(px * 1.3f + 1.2f * warp, run * 1.0f + 0.9f * warp, pz * 1.3f, 3);
        const float reach = smooth(-1.4f, 0.2f, 3.6f * melt_level_ - 1.6f - 0.75f * (height - kRimHeight));  // climbs from the rim
        melt_.row(y)[x] = clamp01((0.08f + 1.0f * crust + 0.45f * warp) * reach);
      }
    }
  });
}

// Light from below on the wall, `stir`: its shimmer by column; and the glow of what rings, `wave`: passing fronts.
struct Shine { float daylight, ember, gold; Color bronze; };
PROMENADE_WIDE void shine_on_wall(Shine shine, const float* shade, const float* relief, const float* ink, const float* stir, const float* wave, Row out) {
  PROMENADE_APART
  for (int x = 0; x < out.width; ++x) {
    const float s = stir[x];
    const float lit = shade[x] * shine.daylight * (0.80f + 0.55f * relief[x]) * (1.0f + 0.35f * s);
    const float rung = shade[x] * (0.75f + 0.6f * relief[x] + 0.5f * ink[x]) * (wave[x] + shine.ember + shine.gold * 0.75f * s * s);
    out.r[x] = lit * shine.bronze.r + rung * 1.00f;
    out.g[x] = lit * shine.bronze.g + rung * 0.70f;
    out.b[x] = lit * shine.bronze.b + rung * 0.32f;
  }
}

PROMENADE_WIDE void add_product(const float* column, float by, int width, float* out) {
  PROMENADE_APART
  for (int x = 0; x < width; ++x) out[x] += by * column[x];
}

PROMENADE_WIDE void shine_on_floor(const float* shade, Color light, Row out) {
  PROMENADE_APART
  for (int x = 0; x < out.width; ++x) {
    out.r[x] = shade[x] * light.r;
    out.g[x] = shade[x] * light.g;
    out.b[x] = shade[x] * light.b;
  }
}

PROMENADE_WIDE void pour(const float* heat, const float* relief, float level, Row out) {
  PROMENADE_APART
  for (int x = 0; x < out.width; ++x) {
    const float h = heat[x] * (0.96f + 0.10f * relief[x]), cover = std::min(1.0f, 0.25f + h * 1.3f) * level;
    const float hot = h * h;
    out.r[x] += cover * (std::min(1.0f, 1.25f * h) - out.r[x]);
    out.g[x] += cover * (0.80f * hot - out.g[x]);
    out.b[x] += cover * (0.48f * hot * hot - out.b[x]);
  }
}

// A light at `turn` that goes round and reads the characters.
PROMENADE_WIDE void read_by_light(const float* ink, const float* shade, float turn, float level, Row out) {
  const float wide = static_cast<float>(out.width), shift = (turn - std::floor(turn)) * wide;
  PROMENADE_APART
  for (int x = 0; x < out.width; ++x) {
    float d = static_cast<float>(x) - shift;
    d += d > 0.5f * wide ? -wide : d < -0.5f * wide ? wide : 0.0f;
    const float q = std::fabs(d) / wide * (d > 0.0f ? 14.0f : 3.2f);  // sharp ahead, a long tail
    const float light = level * std::max(0.0f, 1.0f - q);
    const float glow = light * light * (ink[x] * 0.95f + 0.05f * shade[x]);
    out.r[x] += glow;
    out.g[x] += glow * 0.78f;
    out.b[x] += glow * 0.42f;
  }
}

// Names in gold; the wall steps back by `behind`.
PROMENADE_WIDE void write_names(const float* names, float level, float behind, Row out) {
  PROMENADE_APART
  for (int x = 0; x < out.width; ++x) {
    const float glow = level * names[x], r = out.r[x] * behind, g = out.g[x] * behind, b = out.b[x] * behind;
    out.r[x] = r + glow * (1.0f - r);
    out.g[x] = g + glow * (0.86f - g);
    out.b[x] = b + glow * (0.55f - b);
  }
}

void InsideTheBell::draw_wall(int y, Row out) const {
  const Level& level = levels_[static_cast<std::size_t>(y)];
  const float *shade = shade_.data() + at(y), *relief = relief_.data() + at(y), *ink = ink_.data() + at(y);
  const std::size_t width = static_cast<std::size_t>(width_);
  std::vector<float> memory(2 * width);
  float *const stir = memory.data(), *const extra = memory.data() + width;
  for (int m = 0; m < kModes && ringing_; ++m) {
    add_product(mode_columns_.data() + m * width_, level.mode[m] * mode_level_[static_cast<std::size_t>(m)], width_, stir);
  }
  if (waves_) {
    const std::uint16_t *near = near_.data() + at(y), *far = far_.data() + at(y);
    for (std::size_t x = 0; x < width; ++x) extra[x] = near_wave_[near[x]] + far_wave_[far[x]];
  }
  shine_on_wall({level.daylight * day_, 0.20f * gold_, gold_, level.bronze}, shade, relief, ink, stir, extra, out);
  if (melt_level_ > 0.001f) {
    melt_.expand(level.elevation, 0.0f, width_, extra);
    pour(extra, relief, melt_level_, out);
  }
  if (reading_ > 0.001f) read_by_light(ink, shade, reading_turn_, reading_, out);
  const int line = y - names_top_;
  if (names_level_ > 0.001f && line >= 0 && line < names_rows_) {
    turned(names_.data() + static_cast<std::ptrdiff_t>(line) * width_, width_, turn_, extra);
    const float edge = std::min(1.0f, 2.4f * (0.5f - std::fabs((static_cast<float>(line) + 0.5f) / static_cast<float>(names_rows_) - 0.5f)));
    write_names(extra, names_level_, 1.0f - 0.62f * names_level_ * edge * edge, out);
  }
}

void InsideTheBell::row(int y, std::span<const Row> eyes) const {
  const Row out = eyes[0];
  if (levels_[static_cast<std::size_t>(y)].wall) {
    draw_wall(y, out);
  } else {
    const float stool = relief_[at(y)];
    const Color sun = Color{1.0f, 0.95f, 0.84f} * day_, glow = Color{0.9f, 0.55f, 0.2f} * (0.35f * gold_ + 0.35f * melt_level_);
    shine_on_floor(shade_.data() + at(y), stool > 0.5f ? Color{0.50f, 0.34f, 0.24f} * (0.75f * day_) + glow * 0.3f : sun * Color{0.86f, 0.85f, 0.80f} + glow * 0.5f, out);
  }
  sparks_.draw(y, out);
}

}  // namespace

std::unique_ptr<Painter> paint_inside_the_bell(int width, Pool& pool) { return std::make_unique<InsideTheBell>(width, pool); }

}  // namespace promenade::samples
