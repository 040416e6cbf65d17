#include "content-tools/samples/picture.h"

#include <algorithm>
#include <cmath>

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

std::uint32_t hash(std::uint32_t x, std::uint32_t y, std::uint32_t z) {
  std::uint32_t h = x * 0x9e3779b1u ^ (y + 0x7f4a7c15u) * 0x85ebca6bu ^ (z + 0x165667b1u) * 0xc2b2ae35u;
  h ^= h >> 15;
  h *= 0x2c1b3c6du;
  h ^= h >> 12;
  h *= 0x297a2d39u;
  return h ^ (h >> 15);
}

float hash01(std::uint32_t x, std::uint32_t y, std::uint32_t z) {
  return static_cast<float>(hash(x, y, z) >> 8) * (1.0f / 16777216.0f);
}

namespace {

float corner(int x, int y, int z, float dx, float dy, float dz) {
  // Perlin's twelve directions (Improving Noise, 2002).
  const std::uint32_t h = hash(static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y), static_cast<std::uint32_t>(z)) & 15u;
  const float u = h < 8 ? dx : dy;
  const float v = h < 4 ? dy : (h == 12 || h == 14) ? dx : dz;
  return ((h & 1u) ? -u : u) + ((h & 2u) ? -v : v);
}

float fade(float t) { return t * t * t * (t * (t * 6.0f - 15.0f) + 10.0f); }

}  // namespace

float noise(float x, float y, float z) {
  const float fx = std::floor(x), fy = std::floor(y), fz = std::floor(z);
  const int ix = static_cast<int>(fx), iy = static_cast<int>(fy), iz = static_cast<int>(fz);
  const float dx = x - fx, dy = y - fy, dz = z - fz;
  const float u = fade(dx), v = fade(dy), w = fade(dz);
  const auto edge = [&](int j, int k) {
    const float ey = dy - static_cast<float>(j), ez = dz - static_cast<float>(k);
    return mix(corner(ix, iy + j, iz + k, dx, ey, ez), corner(ix + 1, iy + j, iz + k, dx - 1.0f, ey, ez), u);
  };
  return mix(mix(edge(0, 0), edge(1, 0), v), mix(edge(0, 1), edge(1, 1), v), w);
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

void Field::expand(float elevation_rad, float turn, int count, float* out) const {
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
    for (int i = 0; i < n; ++i) out[x + i] = v0 + slope * (t + dt * static_cast<float>(i));
    x += n;
    t += dt * static_cast<float>(n) - 1.0f;
    ++column;
  }
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

// Interleaved gradient noise (Jimenez, Next Generation Post Processing in Call of Duty, 2014), -0.5..0.5.
float dither(int x, int y) {
  const float v = 0.06711056f * static_cast<float>(x) + 0.00583715f * static_cast<float>(y);
  const float w = 52.9829189f * (v - std::floor(v));
  return w - std::floor(w) - 0.5f;
}

struct Pair {  // two rows of the picture, one of the colour planes
  std::vector<float> memory;
  explicit Pair(int width) : memory(static_cast<std::size_t>(width) * 6) {}
  Row row(int which, int width) {
    float* start = memory.data() + static_cast<std::ptrdiff_t>(which) * 3 * width;
    return {start, start + width, start + 2 * width, width};
  }
};

void put_luma(const Row& row, const float* grain, std::uint8_t* out) {
  for (int x = 0; x < row.width; ++x) {
    const float r = std::min(std::max(row.r[x], 0.0f), 1.0f), g = std::min(std::max(row.g[x], 0.0f), 1.0f),
                b = std::min(std::max(row.b[x], 0.0f), 1.0f);
    row.r[x] = r;
    row.g[x] = g;
    row.b[x] = b;
    out[x] = static_cast<std::uint8_t>(static_cast<int>(16.5f + 219.0f * (0.2126f * r + 0.7152f * g + 0.0722f * b) + grain[x]));
  }
}

void put_chroma(const Row& a, const Row& c, const float* grain, std::uint8_t* u, std::uint8_t* v) {
  for (int x = 0; x < a.width / 2; ++x) {
    const float r = 0.25f * (a.r[2 * x] + a.r[2 * x + 1] + c.r[2 * x] + c.r[2 * x + 1]);
    const float g = 0.25f * (a.g[2 * x] + a.g[2 * x + 1] + c.g[2 * x] + c.g[2 * x + 1]);
    const float b = 0.25f * (a.b[2 * x] + a.b[2 * x + 1] + c.b[2 * x] + c.b[2 * x + 1]);
    const float luma = 0.2126f * r + 0.7152f * g + 0.0722f * b;
    u[x] = static_cast<std::uint8_t>(static_cast<int>(128.5f + (224.0f / 1.8556f) * (b - luma) + grain[x]));
    v[x] = static_cast<std::uint8_t>(static_cast<int>(128.5f + (224.0f / 1.5748f) * (r - luma) + grain[x]));
  }
}

}  // namespace

void paint(Painter& painter, double time_s, Pool& pool, VideoFrame& out) {
  painter.prepare(time_s, pool);
  const int width = painter.width(), height = painter.height();
  out.width = width;
  out.height = height * painter.eyes();
  const std::size_t luma = static_cast<std::size_t>(width) * static_cast<std::size_t>(out.height);
  out.bytes.resize(luma * 3 / 2);
  std::uint8_t* const u = out.bytes.data() + luma;
  std::uint8_t* const v = u + luma / 4;
  pool.run(out.height / 2, 8, [&](int first, int last) {
    Pair pair(width);
    std::vector<float> grain(static_cast<std::size_t>(width));
    for (int half = first; half < last; ++half) {
      for (int i = 0; i < 2; ++i) {
        const int y = half * 2 + i;
        const Row row = pair.row(i, width);
        painter.row(y % height, y / height, row);
        for (int x = 0; x < width; ++x) grain[static_cast<std::size_t>(x)] = dither(x, y);
        put_luma(row, grain.data(), out.bytes.data() + static_cast<std::ptrdiff_t>(y) * width);
      }
      const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(half) * (width / 2);
      put_chroma(pair.row(0, width), pair.row(1, width), grain.data(), u + at, v + at);
    }
  });
}

}  // namespace promenade::samples
