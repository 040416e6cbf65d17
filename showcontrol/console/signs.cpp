#include "showcontrol/console/signs.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "showcontrol/console/parts.h"

namespace promenade::console {

using tracking::CalibrationState;

void dashed(ImVec2 a, ImVec2 b, ImU32 ink, float thick, float on, float off) {
  const float length = std::hypot(b.x - a.x, b.y - a.y);
  for (float s = 0.0F; s < length; s += on + off) {
    const float e = std::min(length, s + on);
    const auto at = [&](float share) { return ImVec2{a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share}; };
    canvas().AddLine(at(s / length), at(e / length), ink, thick);
  }
}

void dashed_circle(ImVec2 c, float radius, ImU32 ink, float thick) {
  const int dashes = radius < 12.0F ? 8 : 16;
  for (int i = 0; i < dashes; ++i) {
    const auto from = static_cast<float>(2.0 * std::numbers::pi * i / dashes);
    canvas().PathArcTo(c, radius, from, from + static_cast<float>(std::numbers::pi / dashes), 6);
    canvas().PathStroke(ink, 0, thick);
  }
}

namespace {

void person(ImVec2 c, float half) {
  const ImU32 ink = IM_COL32(30, 38, 50, 255);
  canvas().AddCircleFilled({c.x, c.y - half * 0.32F}, half * 0.34F, ink, 20);
  canvas().PathArcTo({c.x, c.y + half * 0.72F}, half * 0.62F, static_cast<float>(std::numbers::pi), static_cast<float>(2.0 * std::numbers::pi), 16);
  canvas().PathFillConvex(ink);
}

}  // namespace

// No letter, since chairs have letters.
void attendant_sign(ImVec2 c, float half, ImU32 ground) {
  canvas().AddRectFilled({c.x - half, c.y - half}, {c.x + half, c.y + half}, ground, half * 0.4F);
  canvas().AddRect({c.x - half, c.y - half}, {c.x + half, c.y + half}, IM_COL32(0, 0, 0, 150), half * 0.4F, 0, 1.5F);
  person(c, half);
}

void companion_sign(ImVec2 c, float radius) {
  canvas().AddCircleFilled(c, radius, colour::kAttendant, 28);
  canvas().AddCircle(c, radius, IM_COL32(0, 0, 0, 150), 28, 1.5F);
  person(c, radius * 0.86F);
}

void hands(ImVec2 a, ImVec2 b) {
  canvas().AddLine(a, b, IM_COL32(10, 13, 18, 255), 9.0F);
  canvas().AddLine(a, b, colour::kAttendant, 5.0F);
}

void out_sign(ImVec2 c, float radius) {
  canvas().AddCircleFilled(c, radius, colour::kClear, 24);
  const ImVec2 tick[]{{c.x - radius * 0.5F, c.y}, {c.x - radius * 0.12F, c.y + radius * 0.42F}, {c.x + radius * 0.55F, c.y - radius * 0.4F}};
  canvas().AddPolyline(tick, 3, kInk, 0, std::max(2.0F, radius * 0.24F));
}

ImU32 of_drift(CalibrationState state) {
  switch (state) {
    case CalibrationState::none:
    case CalibrationState::unknown: return colour::kDim;
    case CalibrationState::good: return colour::kClear;
    case CalibrationState::alarm: return colour::kWarn;
    case CalibrationState::out_of_trust: return colour::kPause;
  }
  return colour::kDim;
}

void drift_sign(Frame& frame, CalibrationState state, ImVec2 c, float radius) {
  const ImU32 ink = of_drift(state);
  canvas().AddCircleFilled(c, radius + 1.5F, IM_COL32(10, 13, 18, 255), 24);
  if (state == CalibrationState::good) {  // a target that is met
    canvas().AddCircle(c, radius - 1.0F, ink, 24, 2.0F);
    canvas().AddCircleFilled(c, radius * 0.4F, ink, 16);
    return;
  }
  const bool measured = state == CalibrationState::alarm || state == CalibrationState::out_of_trust;
  if (measured) canvas().AddCircleFilled(c, radius, ink, 24);
  else dashed_circle(c, radius - 1.0F, ink, 1.8F);
  if (state != CalibrationState::out_of_trust) return put_text_centred(frame, Face::small, c, measured ? kInk : ink, measured ? "!" : "?");
  const float arm = radius * 0.42F;
  canvas().AddLine({c.x - arm, c.y - arm}, {c.x + arm, c.y + arm}, kInk, 2.5F);
  canvas().AddLine({c.x - arm, c.y + arm}, {c.x + arm, c.y - arm}, kInk, 2.5F);
}

void forecast_sign(ImVec2 c, float half, ImU32 film, float thick) {
  const ImVec2 corners[]{{c.x, c.y - half}, {c.x + half, c.y}, {c.x, c.y + half}, {c.x - half, c.y}};
  canvas().AddConvexPolyFilled(corners, 4, IM_COL32(10, 13, 18, 215));
  canvas().AddPolyline(corners, 4, film, ImDrawFlags_Closed, thick);
}

void kept_way(const std::vector<ImVec2>& points, float half) {
  if (points.size() < 2) return;
  canvas().AddPolyline(points.data(), static_cast<int>(points.size()), with_alpha(colour::kAttendant, 0.17), 0, 2.0F * half);
  constexpr float kEach = 20.0F, kArrow = 6.0F;
  float past = kEach * 0.5F;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const ImVec2 a = points[i - 1], b = points[i];
    const float length = std::hypot(b.x - a.x, b.y - a.y);
    if (length < 1.0F) continue;
    const ImVec2 along{(b.x - a.x) / length, (b.y - a.y) / length};
    for (; past < length; past += kEach) {
      const ImVec2 tip{a.x + along.x * (past + kArrow), a.y + along.y * (past + kArrow)};
      for (const float side : {-1.0F, 1.0F}) {
        const ImVec2 end{tip.x - (along.x + along.y * side) * kArrow, tip.y - (along.y - along.x * side) * kArrow};
        canvas().AddLine(tip, end, colour::kAttendant, 3.0F);
      }
    }
    past -= length;
  }
}

// ------------------------------------------------------------ what they mean

void draw_legend(Frame& frame, ImVec2 at, ImVec2 extent) {
  const Strings& w = frame.words;
  const Snapshot& s = frame.snapshot;
  const float height = text_height(frame, Face::small) + 2.0F;
  const ImU32 sample = of_film(0);
  float x = at.x;
  float y = at.y;
  const auto entry = [&](const char* text, auto sign, float sign_width) {
    const float whole = sign_width + 6.0F + text_width(frame, Face::small, text) + 16.0F;
    if (x > at.x && x + whole > at.x + extent.x) x = at.x, y += height;
    if (y + height > at.y + extent.y + 1.0F) return;
    sign(ImVec2{x + sign_width / 2, y + height / 2});
    put_text(frame, Face::small, {x + sign_width + 6.0F, y + 1.0F}, colour::kDim, text);
    x += whole;
  };
  const auto any = [&](auto has) {
    return std::ranges::any_of(s.headsets, [&](const protocol::HeadsetCard& card) { return card.placed && with_viewer(card) && has(card); });
  };
  const auto any_body = [&](auto has) { return std::ranges::any_of(s.bodies, has); };
  const bool evacuated = s.summary.evacuate;
  const bool ahead = frame.ui.ahead_s > 0.0;
  if (ahead) {
    entry(w.legend_forecast, [&](ImVec2 c) { forecast_sign(c, 9.0F, sample, 2.0F); }, 18.0F);
    entry(w.legend_live_faint, [&](ImVec2 c) { canvas().AddCircleFilled(c, 8.0F, with_alpha(sample, 0.4)); }, 16.0F);
  }
  entry(w.legend_viewer, [&](ImVec2 c) {
    canvas().AddTriangleFilled({c.x + 12.0F, c.y}, {c.x + 2.0F, c.y - 6.0F}, {c.x + 2.0F, c.y + 6.0F}, sample);
    canvas().AddCircleFilled({c.x - 2.0F, c.y}, 8.0F, sample);
  }, 24.0F);
  if (!evacuated && !ahead) {
    entry(w.legend_reserved, [&](ImVec2 c) {
      canvas().AddLine({c.x - 14.0F, c.y}, {c.x, c.y}, sample, 3.0F);
      canvas().AddCircle({c.x + 6.0F, c.y}, 7.0F, sample, 20, 1.5F);
    }, 28.0F);
    entry(w.legend_ahead, [&](ImVec2 c) { dashed({c.x - 12.0F, c.y}, {c.x + 12.0F, c.y}, sample, 2.0F, 4.0F, 4.0F); }, 24.0F);
  }
  entry(w.legend_attendant, [&](ImVec2 c) { attendant_sign(c, 9.0F); }, 18.0F);
  const auto stranger = [](const protocol::BodyCard& body) { return body.kind != protocol::Relation::staff && body.beside.is_none(); };
  if (any_body(stranger)) {
    entry(w.legend_unknown, [&](ImVec2 c) {
      canvas().AddCircleFilled(c, 8.0F, colour::kPause);
      put_text_centred(frame, Face::small, c, kInk, "?");
    }, 16.0F);
  }
  if (any([](const auto& card) { return card.child; })) {
    const float wide = text_width(frame, Face::small, w.legend_child_sign) + 14.0F;
    entry(w.legend_child, [&](ImVec2 c) { pill(frame, {c.x - wide / 2, c.y}, colour::kText, kInk, w.legend_child_sign); }, wide);
  }
  if (any_body([](const protocol::BodyCard& body) { return !body.beside.is_none(); })) {
    entry(w.legend_hand, [&](ImVec2 c) {
      hands({c.x - 10.0F, c.y}, {c.x + 10.0F, c.y});
      canvas().AddCircleFilled({c.x - 10.0F, c.y}, 7.0F, sample);
      companion_sign({c.x + 10.0F, c.y}, 7.5F);
    }, 38.0F);
  }
  if (any([](const auto& card) { return card.escorted; })) {
    entry(w.legend_escort, [&](ImVec2 c) { kept_way({{c.x - 20.0F, c.y}, {c.x + 20.0F, c.y}}, 7.0F); }, 40.0F);
  }
  if (!evacuated && s.venue != nullptr && !s.venue->obstacles.empty()) {
    entry(w.legend_column, [&](ImVec2 c) { canvas().AddRectFilled({c.x - 7.0F, c.y - 7.0F}, {c.x + 7.0F, c.y + 7.0F}, colour::kColumn); }, 14.0F);
  }
  const auto untrusted = w.drift_states[static_cast<std::size_t>(CalibrationState::out_of_trust)];
  for (const auto& [state, text] : {std::pair{CalibrationState::unknown, w.legend_unmeasured}, {CalibrationState::alarm, w.legend_drifted},
                                    {CalibrationState::out_of_trust, untrusted}}) {
    if (!evacuated && any([&](const auto& card) { return drift_now(card) == state; })) entry(text, [&](ImVec2 c) { drift_sign(frame, state, c, 8.0F); }, 18.0F);
  }
  if (evacuated) {
    entry(w.reason_evacuated, [&](ImVec2 c) { canvas().AddCircle(c, 7.0F, colour::kStop, 24, 3.5F); }, 16.0F);
    entry(w.legend_out, [&](ImVec2 c) { out_sign(c, 8.0F); }, 16.0F);
    return;
  }
  if (any([&](const auto& card) { return to_settle(s, card); })) {
    entry(w.legend_goes_on, [&](ImVec2 c) {
      canvas().AddCircleFilled(c, 9.0F, IM_COL32(10, 13, 18, 255), 24);
      dashed_circle(c, 9.0F, sample, 2.5F);
    }, 18.0F);
  }
  for (const Level level : {Level::warn, Level::pause, Level::stop}) {
    entry(w.levels[static_cast<std::size_t>(level)], [&](ImVec2 c) { canvas().AddCircle(c, 7.0F, of_level(level), 24, 3.5F); }, 16.0F);
  }
}

}  // namespace promenade::console
