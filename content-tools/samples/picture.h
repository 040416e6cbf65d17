#pragma once
// Drawing equirectangular pictures row by row: threads that share loops, noise, coarse fields drawn large, points of
// light, and the conversion to video. Azimuth 0 is forward, to the right positive; column x of a picture of width W
// looks to azimuth ((x + 0.5) / W - 0.5) turns; row y of height H to elevation (0.5 - (y + 0.5) / H) half turns.
// Colours are display values, 0..1, as BT.709 video codes them. Pure but for Pool, which owns its threads.

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

// A function of loops over a row's pixels: compiled for plain x86-64 and for processors with AVX2 too, chosen when the
// program starts. Both give the same values, as nothing is fused or taken in another order.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define PROMENADE_WIDE [[gnu::target_clones("avx2", "default")]]
#else
#define PROMENADE_WIDE
#endif
// Before a loop: what one turn of it writes, no other reads or writes.
#if defined(__GNUC__) && !defined(__clang__)
#define PROMENADE_APART _Pragma("GCC ivdep")
#else
#define PROMENADE_APART
#endif

namespace promenade::samples {

inline constexpr float kPi = 3.14159265358979f;

// Threads that work off the rows of a picture together. One loop at a time.
class Pool {
 public:
  explicit Pool(int threads);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  // Calls work(first, last) for parts of [0, count) of at most `grain` until all are done. `work` must not throw.
  void run(int count, int grain, const std::function<void(int first, int last)>& work);

 private:
  void help();
  void take_parts();

  std::mutex mutex_;
  std::condition_variable changed_;
  const std::function<void(int, int)>* work_ = nullptr;
  int count_ = 0, grain_ = 1, busy_ = 0;
  std::uint64_t round_ = 0;
  bool stop_ = false;
  std::atomic<int> next_{0};
  std::vector<std::thread> threads_;
};

struct Color {
  float r = 0.0f, g = 0.0f, b = 0.0f;
  friend Color operator+(Color a, Color c) { return {a.r + c.r, a.g + c.g, a.b + c.b}; }
  friend Color operator*(Color a, Color c) { return {a.r * c.r, a.g * c.g, a.b * c.b}; }
  friend Color operator*(Color a, float s) { return {a.r * s, a.g * s, a.b * s}; }
};
inline Color mix(Color a, Color b, float t) { return a * (1.0f - t) + b * t; }
inline float mix(float a, float b, float t) { return a + (b - a) * t; }
inline float clamp01(float v) { return v < 0.0f ? 0.0f : v > 1.0f ? 1.0f : v; }
inline float smooth(float low, float high, float v) {  // 0 below low, 1 above high; low < high
  const float t = clamp01((v - low) / (high - low));
  return t * t * (3.0f - 2.0f * t);
}
// 1 while v is within [low, high], 0 outside, with soft flanks of `soft` on either side.
inline float during(float low, float high, float soft, float v) {
  return smooth(low - soft, low + soft, v) * (1.0f - smooth(high - soft, high + soft, v));
}

// A row being drawn.
struct Row {
  float* r;
  float* g;
  float* b;
  int width;
};

constexpr std::uint32_t hash(std::uint32_t x, std::uint32_t y = 0, std::uint32_t z = 0) {
  std::uint32_t h = x * 0x9e3779b1u ^ (y + 0x7f4a7c15u) * 0x85ebca6bu ^ (z + 0x165667b1u) * 0xc2b2ae35u;
  h ^= h >> 15;
  h *= 0x2c1b3c6du;
  h ^= h >> 12;
  h *= 0x297a2d39u;
  return h ^ (h >> 15);
}
float hash01(std::uint32_t x, std::uint32_t y = 0, std::uint32_t z = 0);  // [0, 1)
float noise(float x, float y, float z);                                   // gradient noise, about -1..1
float fbm(float x, float y, float z, int octaves);                        // about -1..1, halved amplitudes
float ridged(float x, float y, float z, int octaves);                     // 0..1, sharp crests

// A coarse picture all round, drawn large with soft steps. `height` rows cover elevations low..high (radians).
struct Field {
  int width = 0, height = 0;
  float low_rad = -kPi / 2, high_rad = kPi / 2;
  std::vector<float> values;  // rows from the top

  Field(int w, int h, float low, float high) : width(w), height(h), low_rad(low), high_rad(high), values(static_cast<std::size_t>(w) * static_cast<std::size_t>(h)) {}
  float* row(int y) { return values.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width); }
  // The field at an elevation, `count` columns all round, moved right by `turn` (in turns). Count is a multiple of
  // width. Outside low..high the nearest row.
  void expand(float elevation_rad, float turn, int count, float* out) const;
};

// Multiplies the row.
void dim(Row row, float by);

// A row moved to the right by `turn` (in turns), round about, between pixels.
void turned(const float* row, int width, float turn, float* out);

// A soft point of light or shadow: adds color * (1 - q)^2 where q = (dx/rx)^2 + (dy/ry)^2 < 1. Pixels; x wraps.
struct Glow {
  float x = 0.0f, y = 0.0f, rx = 1.0f, ry = 1.0f;
  Color color;
};

// Glows sorted by the rows that they touch.
class Glows {
 public:
  void clear(int rows);
  void add(const Glow& glow);
  void draw(int y, Row row) const;  // adds to the row

 private:
  static constexpr int kBand = 8;  // rows
  std::vector<Glow> glows_;
  std::vector<std::vector<std::uint32_t>> bands_;
};

// A film that draws itself.
class Painter {
 public:
  virtual ~Painter() = default;
  virtual int eyes() const { return 1; }            // 2: left eye on top
  virtual double length_s() const = 0;
  virtual void prepare(double time_s, Pool& pool) = 0;  // then rows of that moment can be drawn, on many threads
  // Draws row y for each eye. Where the eyes see the same (`alike`), one row may be given for both.
  virtual void row(int y, std::span<const Row> eyes) const = 0;
  virtual bool alike(int) const { return true; }
  int width() const { return width_; }
  int height() const { return width_ / 2; }

 protected:
  explicit Painter(int width) : width_(width) {}
  int width_;
};

// BT.709 limited range, 4:2:0, planes one after another as video tools take them.
struct VideoFrame {
  int width = 0, height = 0;
  std::vector<std::uint8_t> bytes;
  std::vector<float> grain;  // dither, made by the first `paint`
};

void paint(Painter& painter, double time_s, Pool& pool, VideoFrame& out);

}  // namespace promenade::samples
