#include "content-tools/samples/lake_birds.h"

#include <algorithm>
#include <cmath>

namespace promenade::samples {

namespace {

constexpr Color kGrey{0.50f, 0.55f, 0.62f}, kPale{0.82f, 0.84f, 0.86f}, kDark{0.16f, 0.18f, 0.23f}, kBill{0.82f, 0.60f, 0.25f}, kLeg{0.42f, 0.38f, 0.30f},
    kFish{0.86f, 0.90f, 0.94f};

// A curved tapering line through four points (cubic Bezier) as short strokes.
void curve(std::vector<Stroke>& out, const float (&p)[8], float from_r, float to_r, Color from, Color to) {
  constexpr int kParts = 8;
  float x = p[0], y = p[1], r = from_r;
  for (int i = 1; i <= kParts; ++i) {
    const float t = static_cast<float>(i) / kParts, s = 1.0f - t;
    const float nx = s * s * s * p[0] + 3 * s * s * t * p[2] + 3 * s * t * t * p[4] + t * t * t * p[6];
    const float ny = s * s * s * p[1] + 3 * s * s * t * p[3] + 3 * s * t * t * p[5] + t * t * t * p[7];
    const float nr = mix(from_r, to_r, t);
    out.push_back({x, y, r, nx, ny, nr, mix(from, to, t), true});
    x = nx;
    y = ny;
    r = nr;
  }
}

void head(std::vector<Stroke>& out, float x, float y, float pitch, bool fish) {
  const float c = std::cos(pitch), s = std::sin(pitch);
  const auto put = [&](float ax, float ay, float ar, float bx, float by, float br, Color color) {
    out.push_back({x + ax * c - ay * s, y + ax * s + ay * c, ar, x + bx * c - by * s, y + bx * s + by * c, br, color});
  };
  put(0.015f, 0.012f, 0.014f, 0.15f, 0.03f, 0.004f, kDark);  // the crest, behind
  put(0.02f, 0.0f, 0.028f, -0.05f, 0.0f, 0.022f, kPale);
  put(-0.05f, -0.004f, 0.015f, -0.20f, -0.012f, 0.003f, kBill);
  put(0.02f, 0.014f, 0.008f, -0.04f, 0.012f, 0.006f, kDark);
  if (fish) put(-0.17f, -0.045f, 0.020f, -0.16f, 0.05f, 0.008f, kFish);
}

void standing(std::vector<Stroke>& out, float t) {
  // How far the neck is drawn back (0) or thrown forward and down (1).
  const float ready = smooth(20.0f, 23.4f, t) * (1.0f - smooth(23.9f, 24.1f, t));
  const float strike = smooth(23.9f, 24.12f, t) * (1.0f - smooth(24.7f, 25.6f, t));
  const float swallow = during(25.9f, 28.4f, 0.4f, t), gulp = during(27.2f, 27.8f, 0.25f, t);
  const float wind = during(40.0f, 53.0f, 3.0f, t), breath = 0.006f * std::sin(1.3f * t);
  const float leap = smooth(52.2f, kHeronLeavesS, t);
  const float by = 0.50f - 0.06f * ready - 0.10f * strike - 0.08f * leap;  // height of the body
  out.push_back({0.05f, 0.02f, 0.011f, 0.065f, 0.24f, 0.010f, kLeg});
  out.push_back({0.065f, 0.24f, 0.012f, 0.03f, by - 0.06f, 0.018f, kLeg});
  out.push_back({-0.06f, 0.01f, 0.011f, -0.035f, 0.24f, 0.010f, kLeg});
  out.push_back({-0.035f, 0.24f, 0.012f, -0.03f, by - 0.06f, 0.018f, kLeg});
  out.push_back({0.30f, by - 0.10f - 0.03f * wind, 0.020f, 0.08f, by, 0.075f, kDark});   // tail
  out.push_back({0.20f, by - 0.02f, 0.065f, -0.06f, by + 0.05f + breath, 0.100f, kGrey});  // body
  out.push_back({0.24f, by - 0.07f, 0.022f, -0.02f, by + 0.04f, 0.060f, mix(kGrey, kDark, 0.35f)});
  out.push_back({-0.10f, by - 0.02f, 0.030f, -0.12f, by - 0.13f + 0.02f * wind, 0.008f, kPale});
  const float up = 0.98f - 0.14f * ready - 0.20f * wind + 0.03f * std::sin(0.5f * t);
  float hx = mix(-0.17f, -0.10f, ready) + 0.05f * wind, hy = up, pitch = 0.12f + 0.35f * ready + 0.05f * std::sin(0.37f * t);
  hx = mix(hx, -0.52f, strike);
  hy = mix(hy, 0.16f, strike);
  pitch = mix(pitch, 1.05f, strike);
  pitch = mix(pitch, -0.85f, swallow);
  hy += 0.05f * gulp;
  const float bend = 1.0f - strike;
  const float points[8] = {-0.12f, by + 0.06f, mix(-0.36f, -0.34f, ready), mix(by + 0.16f, by + 0.10f, strike), mix(0.06f + 0.06f * ready, -0.40f, 1.0f - bend), mix(hy - 0.12f, hy + 0.22f, strike), hx + 0.02f, hy};
  curve(out, points, 0.052f + 0.012f * gulp, 0.024f, kGrey, kPale);
  head(out, hx, hy, pitch, t > 24.15f && t < 27.4f);
}

void flying(std::vector<Stroke>& out, float t) {
  const float beat = 2.0f * kPi * (t - kHeronLeavesS) / 0.84f, lift = std::sin(beat), fold = std::sin(beat - 0.9f);
  // Seen from the side and a little below, going to the right: legs trail, the neck is drawn in.
  out.push_back({-0.62f, 0.50f, 0.010f, -0.12f, 0.55f, 0.018f, kLeg});
  out.push_back({-0.22f, 0.54f, 0.030f, 0.0f, 0.58f, 0.075f, kDark});
  out.push_back({-0.10f, 0.57f, 0.070f, 0.22f, 0.60f, 0.085f, kGrey});
  const float points[8] = {0.22f, 0.62f, 0.40f, 0.48f, 0.22f, 0.78f, 0.40f, 0.74f};
  curve(out, points, 0.055f, 0.026f, kGrey, kPale);
  std::vector<Stroke> face;
  head(face, -0.40f, 0.74f, 0.05f, false);
  for (Stroke s : face) {  // the head looks to the left in its own plane
    s.ax = -s.ax;
    s.bx = -s.bx;
    out.push_back(s);
  }
  for (const float side : {0.75f, 1.0f}) {
    const float mx = 0.02f - 0.06f * side, my = 0.60f + side * (0.42f * lift + 0.12f), tx = -0.16f - 0.05f * side, ty = my + side * 0.48f * fold;
    const Color tone = mix(kGrey, kDark, side < 1.0f ? 0.55f : 0.15f);
    out.push_back({0.10f, 0.62f, 0.075f, mx, my, 0.085f, tone});
    out.push_back({mx, my, 0.090f, tx, ty, 0.030f, mix(tone, kDark, 0.5f)});
    out.push_back({mx - 0.06f, my, 0.060f, tx - 0.10f, ty - 0.03f * fold, 0.018f, kDark});
  }
}

}  // namespace

Ink ink_at(const std::vector<Stroke>& strokes, float x, float y, float soft) {
  Ink ink;
  for (const Stroke& s : strokes) {
    const float dx = s.bx - s.ax, dy = s.by - s.ay;
    const float h = clamp01(((x - s.ax) * dx + (y - s.ay) * dy) / std::max(1e-6f, dx * dx + dy * dy));
    const float ox = x - s.ax - dx * h, oy = y - s.ay - dy * h, r = mix(s.ar, s.br, h);
    const float inside = r - std::sqrt(ox * ox + oy * oy);
    const float cover = clamp01(inside / soft + 0.5f);
    if (cover <= 0.0f) continue;
    const float shade = s.flat ? 0.92f : 0.80f + 0.28f * std::clamp(oy / std::max(0.01f, r), -1.0f, 1.0f);  // light from above
    ink.color = mix(ink.color, s.color * shade, ink.cover <= 0.0f ? 1.0f : cover);
    ink.cover = std::max(ink.cover, cover);
  }
  return ink;
}

std::vector<Stroke> heron(float t) {
  std::vector<Stroke> out;
  if (t < kHeronLeavesS) standing(out, t);
  else if (t < kHeronGoneS) flying(out, t);
  return out;
}

}  // namespace promenade::samples
