#include "content-tools/samples/picture.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace promenade::samples {

Pool::Pool(int threads) {
  for (int i = 1; i < threads; ++i) threads_.emplace_back([this] { help(); });
}

Pool::~Pool() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Pool::take_parts() {
  for (;;) {
    const int first = next_.fetch_add(grain_);
    if (first >= count_) return;
    (*work_)(first, std::min(first + grain_, count_));
  }
}

void Pool::run(int count, int grain, const std::function<void(int, int)>& work) {
  {
    const std::lock_guard lock(mutex_);
    work_ = &work;
    count_ = count;
    grain_ = grain;
    next_ = 0;
    busy_ = static_cast<int>(threads_.size());
    ++round_;
  }
  changed_.notify_all();
  take_parts();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return busy_ == 0; });
}

void Pool::help() {
  std::uint64_t seen = 0;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return stop_ || round_ != seen; });
      if (stop_) return;
      seen = round_;
    }
    take_parts();
    {
      const std::lock_guard lock(mutex_);
      --busy_;
    }
    changed_.notify_all();
  }
}

float hash01(std::uint32_t x, std::uint32_t y, std::uint32_t z) {
  return static_cast<float>(hash(x, y, z) >> 8) * (1.0f / 16777216.0f);
}

namespace {

// Perlin's table of corners (Improving Noise, 2002), shuffled by our hash; twice, so that sums need no wrap.
constexpr auto kShuffled = [] {
  std::array<std::uint8_t, 512> table{};
  for (std::uint32_t i = 0; i < 256; ++i) table[i] = static_cast<std::uint8_t>(i);
  for (std::uint32_t i = 255; i > 0; --i) std::swap(table[i], table[hash(i, 77) % (i + 1)]);
  for (std::size_t i = 0; i < 256; ++i) table[256 + i] = table[i];
  return table;
}();

// The twelve directions to the edges of a cube, four of them twice.
constexpr float kDirections[16][3] = {{1, 1, 0}, {-1, 1, 0}, {1, -1, 0}, {-1, -1, 0}, {1, 0, 1}, {-1, 0, 1}, {1, 0, -1}, {-1, 0, -1},
                                      {0, 1, 1}, {0, -1, 1}, {0, 1, -1}, {0, -1, -1}, {1, 1, 0}, {0, -1, 1}, {-1, 1, 0}, {0, -1, -1}};

float along(std::size_t corner, float dx, float dy, float dz) {
  const float* d = kDirections[kShuffled[corner] & 15u];
  return d[0] * dx + d[1] * dy + d[2] * dz;
}

int floor_of(float v) {  // without the call that std::floor is on older processors
  const int i = static_cast<int>(v);
  return i - (static_cast<float>(i) > v ? 1 : 0);
}

float fade(float t) { return t * t * t * (t * (t * 6.0f - 15.0f) + 10.0f); }

}  // namespace

float noise(float x, float y, float z) {
  const int ix = floor_of(x), iy = floor_of(y), iz = floor_of(z);
  const float dx = x - static_cast<float>(ix), dy = y - static_cast<float>(iy), dz = z - static_cast<float>(iz);
  const float u = fade(dx), v = fade(dy), w = fade(dz);
  const std::size_t cx = static_cast<std::size_t>(ix) & 255u, cy = static_cast<std::size_t>(iy) & 255u, cz = static_cast<std::size_t>(iz) & 255u;
  const std::size_t a = kShuffled[cx] + cy, b = kShuffled[cx + 1] + cy;
  const std::size_t aa = kShuffled[a] + cz, ab = kShuffled[a + 1] + cz, ba = kShuffled[b] + cz, bb = kShuffled[b + 1] + cz;
  const float ex = dx - 1.0f, ey = dy - 1.0f, ez = dz - 1.0f;
  const float near = mix(mix(along(aa, dx, dy, dz), along(ba, ex, dy, dz), u), mix(along(ab, dx, ey, dz), along(bb, ex, ey, dz), u), v);
  const float far = mix(mix(along(aa + 1, dx, dy, ez), along(ba + 1, ex, dy, ez), u), mix(along(ab + 1, dx, ey, ez), along(bb + 1, ex, ey, ez), u), v);
  return mix(near, far, w);
}

float fbm(float x, float y, float z, int octaves) {
  float sum = 0.0f, amplitude = 0.5f, scale = 1.0f;
  for (int i = 0; i < octaves; ++i) {
    sum += amplitude * noise(x * scale + 17.3f * static_cast<float>(i), y * scale, z * scale);
    amplitude *= 0.5f;
    scale *= 2.03f;
  }
  return sum * 1.3f;
}

float ridged(float x, float y, float z, int octaves) {
  float sum = 0.0f, amplitude = 0.5f, scale = 1.0f, before = 1.0f;
  for (int i = 0; i < octaves; ++i) {
    float n = 1.0f - std::fabs(noise(x * scale, y * scale + 9.1f * static_cast<float>(i), z * scale));
    n = n * n * before;
    before = clamp01(n * 1.6f);
    sum += amplitude * n;
    amplitude *= 0.5f;
    scale *= 2.07f;
  }
  return sum;
}

PROMENADE_WIDE void Field::expand(float elevation_rad, float turn, int count, float* out) const {
  const float fy = std::clamp((high_rad - elevation_rad) / (high_rad - low_rad) * static_cast<float>(height) - 0.5f, 0.0f,
                              static_cast<float>(height - 1));
  const int y0 = std::min(static_cast<int>(fy), height - 2 < 0 ? 0 : height - 2);
  const float ty = height > 1 ? fy - static_cast<float>(y0) : 0.0f;
  const float* a = values.data() + static_cast<std::size_t>(y0) * static_cast<std::size_t>(width);
  const float* b = height > 1 ? a + width : a;
  const int step = count / width;  // columns of the picture for each of the field
  const float moved = (turn - std::floor(turn)) * static_cast<float>(width);
  // Column x of the picture lies at field column (x + 0.5) / step - 0.5 - moved.
  const float start = 0.5f / static_cast<float>(step) - 0.5f - moved + 2.0f * static_cast<float>(width);
  int column = static_cast<int>(start);
  float t = start - static_cast<float>(column);
  const float dt = 1.0f / static_cast<float>(step);
  int x = 0;
  while (x < count) {
    const int c0 = column % width, c1 = (column + 1) % width;
    const float v0 = a[c0] + (b[c0] - a[c0]) * ty;
    const float slope = a[c1] + (b[c1] - a[c1]) * ty - v0;
    const int n = std::min(count - x, std::max(1, static_cast<int>(std::ceil((1.0f - t) / dt - 1e-4f))));
    PROMENADE_APART
    for (int i = 0; i < n; ++i) out[x + i] = v0 + slope * (t + dt * static_cast<float>(i));
    x += n;
    t += dt * static_cast<float>(n) - 1.0f;
    ++column;
  }
}

PROMENADE_WIDE void dim(Row row, float by) {
  for (float* plane : {row.r, row.g, row.b}) {
    for (int x = 0; x < row.width; ++x) plane[x] *= by;
  }
}

PROMENADE_WIDE void turned(const float* row, int width, float turn, float* out) {
  const float moved = (turn - std::floor(turn)) * static_cast<float>(width);
  const int whole = std::min(static_cast<int>(moved), width - 1);
  const float part = moved - static_cast<float>(whole), rest = 1.0f - part;
  // Column x shows what lay at x - whole, and part of the column before that.
  const auto blend = [&](int x, int from, int before) { out[x] = rest * row[from] + part * row[before]; };
  blend(whole, 0, width - 1);
  PROMENADE_APART
  for (int x = whole + 1; x < width; ++x) blend(x, x - whole, x - whole - 1);
  PROMENADE_APART
  for (int x = 0; x < whole; ++x) blend(x, x - whole + width, x - whole + width - 1);
}

void Glows::clear(int rows) {
  glows_.clear();
  bands_.resize(static_cast<std::size_t>(rows / kBand + 1));
  for (auto& band : bands_) band.clear();
}

void Glows::add(const Glow& glow) {
  const int first = std::max(0, static_cast<int>(std::floor(glow.y - glow.ry)) / kBand);
  const int last = std::min(static_cast<int>(bands_.size()) - 1, static_cast<int>(std::floor(glow.y + glow.ry)) / kBand);
  if (glow.y + glow.ry < 0.0f || first > last) return;
  for (int band = first; band <= last; ++band) bands_[static_cast<std::size_t>(band)].push_back(static_cast<std::uint32_t>(glows_.size()));
  glows_.push_back(glow);
}

void Glows::draw(int y, Row row) const {
  for (const std::uint32_t index : bands_[static_cast<std::size_t>(y / kBand)]) {
    const Glow& glow = glows_[index];
    const float dy = (static_cast<float>(y) + 0.5f - glow.y) / glow.ry;
    const float left = 1.0f - dy * dy;
    if (left <= 0.0f) continue;
    const float reach = std::min(glow.rx * std::sqrt(left), static_cast<float>(row.width) * 0.5f - 1.0f);
    const int first = static_cast<int>(std::ceil(glow.x - reach - 0.5f)), last = static_cast<int>(std::floor(glow.x + reach - 0.5f));
    const float per = 1.0f / glow.rx;
    for (int x = first; x <= last; ++x) {
      const float dx = (static_cast<float>(x) + 0.5f - glow.x) * per;
      const float q = std::max(0.0f, left - dx * dx);
      const float weight = q * q;
      int column = x % row.width;
      if (column < 0) column += row.width;
      row.r[column] += glow.color.r * weight;
      row.g[column] += glow.color.g * weight;
      row.b[column] += glow.color.b * weight;
    }
  }
}

namespace {

constexpr int kGrainRows = 64;

// Interleaved gradient noise (Jimenez, Next Generation Post Processing in Call of Duty, 2014), -0.5..0.5.
float dither(int x, int y) {
  const float v = 0.06711056f * static_cast<float>(x) + 0.00583715f * static_cast<float>(y);
  const float w = 52.9829189f * (v - std::floor(v));
  return w - std::floor(w) - 0.5f;
}

PROMENADE_WIDE void put_luma(Row row, const float* grain, std::uint8_t* out) {
  const int width = row.width;
  PROMENADE_APART
  for (int x = 0; x < width; ++x) {
    const float r = std::min(std::max(row.r[x], 0.0f), 1.0f), g = std::min(std::max(row.g[x], 0.0f), 1.0f),
                b = std::min(std::max(row.b[x], 0.0f), 1.0f);
    row.r[x] = r;
    row.g[x] = g;
    row.b[x] = b;
    out[x] = static_cast<std::uint8_t>(static_cast<int>(16.5f + 219.0f * (0.2126f * r + 0.7152f * g + 0.0722f * b) + grain[x]));
  }
}

PROMENADE_WIDE void put_chroma(Row a, Row c, const float* grain, std::uint8_t* u, std::uint8_t* v) {
  const int width = a.width / 2;
  PROMENADE_APART
  for (int x = 0; x < width; ++x) {
    const float r = 0.25f * (a.r[2 * x] + a.r[2 * x + 1] + c.r[2 * x] + c.r[2 * x + 1]);
    const float g = 0.25f * (a.g[2 * x] + a.g[2 * x + 1] + c.g[2 * x] + c.g[2 * x + 1]);
    const float b = 0.25f * (a.b[2 * x] + a.b[2 * x + 1] + c.b[2 * x] + c.b[2 * x + 1]);
    const float luma = 0.2126f * r + 0.7152f * g + 0.0722f * b;
    u[x] = static_cast<std::uint8_t>(static_cast<int>(128.5f + (224.0f / 1.8556f) * (b - luma) + grain[x]));
    v[x] = static_cast<std::uint8_t>(static_cast<int>(128.5f + (224.0f / 1.5748f) * (r - luma) + grain[x]));
  }
}

// Two rows of each eye, drawn and put in their places of the frame.
class PairOfRows {
 public:
  PairOfRows(const Painter& painter, VideoFrame& out)
      : painter_(painter), out_(out), width_(painter.width()), height_(painter.height()), memory_(static_cast<std::size_t>(width_ * 6 * painter.eyes())) {}

  void draw(int half) {
    const int eyes = painter_.alike(half * 2) && painter_.alike(half * 2 + 1) ? 1 : painter_.eyes();
    for (int i = 0; i < 2; ++i) {
      const int y = half * 2 + i;
      const Row both[2] = {row(i, 0), row(i, eyes - 1)};
      painter_.row(y, std::span(both, static_cast<std::size_t>(eyes)));
      for (int eye = 0; eye < eyes; ++eye) put_luma(both[eye], grain(y), luma(y, eye));
      if (eyes < painter_.eyes()) std::memcpy(luma(y, 1), luma(y, 0), static_cast<std::size_t>(width_));
    }
    for (int eye = 0; eye < eyes; ++eye) put_chroma(row(0, eye), row(1, eye), grain(half), chroma(half, eye, 0), chroma(half, eye, 1));
    if (eyes == painter_.eyes()) return;
    for (const int plane : {0, 1}) std::memcpy(chroma(half, 1, plane), chroma(half, 0, plane), static_cast<std::size_t>(width_ / 2));
  }

 private:
  Row row(int which, int eye) {
    float* start = memory_.data() + static_cast<std::ptrdiff_t>(eye * 2 + which) * 3 * width_;
    return {start, start + width_, start + 2 * width_, width_};
  }
  const float* grain(int y) const { return out_.grain.data() + static_cast<std::ptrdiff_t>(y % kGrainRows) * width_; }
  std::uint8_t* luma(int y, int eye) { return out_.bytes.data() + (static_cast<std::ptrdiff_t>(eye) * height_ + y) * width_; }
  std::uint8_t* chroma(int half, int eye, int plane) {
    const std::ptrdiff_t area = static_cast<std::ptrdiff_t>(width_) * out_.height;
    return out_.bytes.data() + area + plane * (area / 4) + (static_cast<std::ptrdiff_t>(eye) * (height_ / 2) + half) * (width_ / 2);
  }

  const Painter& painter_;
  VideoFrame& out_;
  int width_, height_;
  std::vector<float> memory_;
};

}  // namespace

void paint(Painter& painter, double time_s, Pool& pool, VideoFrame& out) {
  painter.prepare(time_s, pool);
  const int width = painter.width(), height = painter.height();
  out.width = width;
  out.height = height * painter.eyes();
  const std::size_t luma = static_cast<std::size_t>(width) * static_cast<std::size_t>(out.height);
  out.bytes.resize(luma * 3 / 2);
  if (out.grain.size() != static_cast<std::size_t>(width) * kGrainRows) {
    out.grain.resize(static_cast<std::size_t>(width) * kGrainRows);
    for (int y = 0; y < kGrainRows; ++y) {
      for (int x = 0; x < width; ++x) out.grain[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)] = dither(x, y);
    }
  }
  pool.run(height / 2, 8, [&](int first, int last) {
    PairOfRows rows(painter, out);
    for (int half = first; half < last; ++half) rows.draw(half);
  });
}

}  // namespace promenade::samples
