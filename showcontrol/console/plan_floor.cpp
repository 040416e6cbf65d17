#include "showcontrol/console/plan_floor.h"

#include <algorithm>
#include <cmath>

namespace promenade::console {

View fit(const tracking::Venue& venue, ImVec2 at, ImVec2 extent) {
  View view;
  view.low = view.high = venue.boundary.front();
  for (const HallPoint& p : venue.boundary) {
    view.low = {std::min(view.low.x, p.x), std::min(view.low.y, p.y)};
    view.high = {std::max(view.high.x, p.x), std::max(view.high.y, p.y)};
  }
  const auto width = static_cast<float>(view.high.x - view.low.x), height = static_cast<float>(view.high.y - view.low.y);
  view.scale = std::min((extent.x - 2 * kPlanMargin) / width, (extent.y - kPlanMarginTop - kPlanMarginHigh) / height);
  view.origin = {std::round(at.x + (extent.x - width * view.scale) / 2 - static_cast<float>(view.low.x) * view.scale),
                 std::round(at.y + kPlanMarginTop + height * view.scale + static_cast<float>(view.low.y) * view.scale)};
  return view;
}

namespace {

std::vector<ImVec2> points(const View& view, const tracking::Polygon& polygon) {
  std::vector<ImVec2> list;
  for (const HallPoint& p : polygon) list.push_back(view(p));
  return list;
}

void fill_polygon(const std::vector<ImVec2>& list, ImU32 ink) {
  canvas().PathClear();
  for (const ImVec2& p : list) canvas().PathLineTo(p);
  canvas().PathFillConvex(ink);
}

// ImGui fills convex shapes only: a hall with corners inwards is filled row by row.
void fill_any(const View& view, const tracking::Polygon& polygon, ImU32 ink) {
  double low = polygon.front().y, high = low;
  for (const HallPoint& p : polygon) low = std::min(low, p.y), high = std::max(high, p.y);
  const float bottom = view({0.0, low}).y, top = view({0.0, high}).y;
  for (float y = std::floor(top); y < bottom; y += 1.0F) {
    const double at = view.back({0.0F, y + 0.5F}).y;
    std::vector<double> crossings;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
      const HallPoint a = polygon[i], b = polygon[(i + 1) % polygon.size()];
      if ((a.y <= at) != (b.y <= at)) crossings.push_back(a.x + (at - a.y) / (b.y - a.y) * (b.x - a.x));
    }
    std::ranges::sort(crossings);
    for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
      canvas().AddRectFilled({view({crossings[i], 0.0}).x, y}, {view({crossings[i + 1], 0.0}).x, y + 1.0F}, ink);
    }
  }
}

class Floor {
 public:
  Floor(Frame& frame, const tracking::Venue& venue, const View& view) : frame_(frame), venue_(venue), view_(view) {}

  void draw() {
    fill_any(view_, venue_.boundary, colour::kFloor);
    for (double x = std::ceil(view_.low.x); x < view_.high.x; x += 1.0) canvas().AddLine(view_({x, view_.low.y}), view_({x, view_.high.y}), colour::kGrid);
    for (double y = std::ceil(view_.low.y); y < view_.high.y; y += 1.0) canvas().AddLine(view_({view_.low.x, y}), view_({view_.high.x, y}), colour::kGrid);
    fill_any(view_, venue_.kitting, colour::kKitting);
    const auto kitting = points(view_, venue_.kitting);
    for (std::size_t i = 0; i < kitting.size(); ++i) dashed(kitting[i], kitting[(i + 1) % kitting.size()], with_alpha(colour::kAccent, 0.35), 1.0F, 4.0F, 4.0F);
    ImVec2 corner = kitting.front();  // its upper left one, where nobody is fitted
    for (const ImVec2& p : kitting) corner = {std::min(corner.x, p.x), std::min(corner.y, p.y)};
    put_text(frame_, Face::small, {corner.x + 8.0F, corner.y + 3.0F}, with_alpha(colour::kText, 0.5), frame_.words.kitting);
    for (const tracking::Seat& seat : venue_.seats) chair(seat);
    const auto walls = points(view_, venue_.boundary);
    canvas().AddPolyline(walls.data(), static_cast<int>(walls.size()), colour::kWall, ImDrawFlags_Closed, 4.0F);
    for (const tracking::Obstacle& obstacle : venue_.obstacles) {
      fill_polygon(points(view_, obstacle.outline), colour::kColumn);
    }
    door(venue_.entrance, frame_.words.entrance, true);
    door(venue_.exit, frame_.words.exit, false);
  }

 private:
  void chair(const tracking::Seat& seat) {
    const ImVec2 c = view_(seat.at);
    const float r = static_cast<float>(seat.radius_m) * view_.scale;
    canvas().AddCircleFilled(c, r, IM_COL32(255, 255, 255, 14), 32);
    canvas().AddCircle(c, r, with_alpha(colour::kText, 0.35), 32, 1.5F);
    put_text_centred(frame_, Face::small, name_of_chair(seat, c), with_alpha(colour::kText, 0.45), seat.id);
  }

  // The middle of a chair's name: where nobody who sits and turns covers it, and no wall.
  ImVec2 name_of_chair(const tracking::Seat& seat, ImVec2 c) const {
    constexpr float kLean = 6.0F;  // px, of who does not sit in the middle
    const float half = text_width(frame_, Face::small, seat.id) / 2, high = text_height(frame_, Face::small) / 2;
    const float up = kBeak + kLean + high, aside = kBeak + kLean + half;
    for (const ImVec2 at : {ImVec2{c.x, c.y + up}, ImVec2{c.x, c.y - up}, ImVec2{c.x + aside, c.y}, ImVec2{c.x - aside, c.y}}) {
      const auto inside = [&](float x, float y) { return tracking::contains(venue_.boundary, view_.back({at.x + x, at.y + y})); };
      if (inside(-half, -high) && inside(half, -high) && inside(-half, high) && inside(half, high)) return at;
    }
    return {c.x, c.y - up};
  }

  // A gap in the wall, an arrow through it and its name inside, where nothing of the plan's edge is lost.
  void door(const tracking::Door& door, const char* name, bool inwards) {
    const ImVec2 a = view_(door.left), b = view_(door.right);
    canvas().AddLine(a, b, colour::kBack, 8.0F);
    // In an evacuation both doors are ways out.
    const bool evacuate = frame_.snapshot.summary.evacuate;
    const ImU32 ink = inwards && !evacuate ? colour::kDim : colour::kClear;
    if (evacuate) inwards = false;
    for (const ImVec2 post : {a, b}) canvas().AddCircleFilled(post, 4.0F, ink);
    const ImVec2 middle{(a.x + b.x) / 2, (a.y + b.y) / 2};
    const ImVec2 inside = view_(door.at);
    const float length = std::max(1.0F, std::hypot(inside.x - middle.x, inside.y - middle.y));
    const ImVec2 in{(inside.x - middle.x) / length, (inside.y - middle.y) / length};
    const float sign = inwards ? 1.0F : -1.0F;
    const float large = evacuate ? 1.7F : 1.0F;
    const ImVec2 tip{middle.x + in.x * 9.0F * sign * large, middle.y + in.y * 9.0F * sign * large};
    const ImVec2 tail{middle.x - in.x * 7.0F * sign * large, middle.y - in.y * 7.0F * sign * large};
    canvas().AddTriangleFilled(tip, {tail.x - in.y * 8.0F * large, tail.y + in.x * 8.0F * large},
        {tail.x + in.y * 8.0F * large, tail.y - in.x * 8.0F * large}, ink);
    if (evacuate) canvas().AddCircle(middle, 18.0F + 12.0F * static_cast<float>(frame_.pulse(1.0)), with_alpha(ink, 0.9), 36, 3.0F);
    const Face face = evacuate ? Face::strong : Face::small;
    const float half = text_width(frame_, face, name) / 2;
    const bool sideways = std::abs(in.x) > std::abs(in.y);  // a door in a side wall has its name inside
    const ImVec2 word = sideways ? ImVec2{middle.x + in.x * (half + 16.0F), middle.y}
        : ImVec2{middle.x + half + (evacuate ? 36.0F : 18.0F), middle.y - in.y * 15.0F};
    const bool under_band = frame_.ui.ahead_s > 0.0 && word.y < view_(view_.high).y;
    if (!under_band) put_text_centred(frame_, face, word, ink, name);
  }

  Frame& frame_;
  const tracking::Venue& venue_;
  const View& view_;
};

}  // namespace

void draw_floor(Frame& frame, const tracking::Venue& venue, const View& view) { Floor(frame, venue, view).draw(); }

void draw_scale_bar(Frame& frame, const View& view) {
  const ImVec2 right = view({view.high.x - 0.5, view.low.y + 0.5});
  const ImVec2 left = view({view.high.x - 2.5, view.low.y + 0.5});
  const ImU32 ink = with_alpha(colour::kText, 0.4);
  canvas().AddLine(left, right, ink, 2.0F);
  for (const ImVec2 end : {left, right}) canvas().AddLine({end.x, end.y - 4.0F}, {end.x, end.y + 4.0F}, ink, 2.0F);
  put_text_centred(frame, Face::small, {(left.x + right.x) / 2, left.y - 12.0F}, ink, "2 m");
}

}  // namespace promenade::console
