#include "showcontrol/console/plan_view.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace promenade::console {

namespace {

constexpr float kDisc = 15.0F;          // px, of a viewer
constexpr float kBeak = kDisc + 10.0F;  // px, to the tip of what shows where he looks
constexpr float kTouchRadius = 30.0F;   // px: the nearest within is meant
constexpr double kPlace_m = 0.45;       // a reserved place as drawn
constexpr float kMargin = 16.0F;
constexpr float kMarginHigh = 30.0F;    // above and below: the doors' names stand there

// Hall metres to pixels: x to the right, y upwards, as large as fits.
struct View {
  HallPoint low, high;
  ImVec2 origin;  // of hall (0, 0)
  float scale = 1.0F;
  ImVec2 operator()(HallPoint p) const { return {origin.x + static_cast<float>(p.x) * scale, origin.y - static_cast<float>(p.y) * scale}; }
  HallPoint back(ImVec2 p) const { return {(p.x - origin.x) / scale, (origin.y - p.y) / scale}; }
};

View fit(const tracking::Venue& venue, ImVec2 at, ImVec2 extent) {
  View view;
  view.low = view.high = venue.boundary.front();
  for (const HallPoint& p : venue.boundary) {
    view.low = {std::min(view.low.x, p.x), std::min(view.low.y, p.y)};
    view.high = {std::max(view.high.x, p.x), std::max(view.high.y, p.y)};
  }
  const auto width = static_cast<float>(view.high.x - view.low.x), height = static_cast<float>(view.high.y - view.low.y);
  view.scale = std::min((extent.x - 2 * kMargin) / width, (extent.y - 2 * kMarginHigh) / height);
  view.origin = {std::round(at.x + (extent.x - width * view.scale) / 2 - static_cast<float>(view.low.x) * view.scale),
                 std::round(at.y + kMarginHigh + (extent.y - 2 * kMarginHigh - height * view.scale) * 0.3F + height * view.scale + static_cast<float>(view.low.y) * view.scale)};
  return view;
}

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

void dashed(ImVec2 a, ImVec2 b, ImU32 ink, float thick, float on = 5.0F, float off = 5.0F) {
  const float length = std::hypot(b.x - a.x, b.y - a.y);
  for (float s = 0.0F; s < length; s += on + off) {
    const float e = std::min(length, s + on);
    canvas().AddLine({a.x + (b.x - a.x) * s / length, a.y + (b.y - a.y) * s / length}, {a.x + (b.x - a.x) * e / length, a.y + (b.y - a.y) * e / length}, ink, thick);
  }
}

void dashed_circle(ImVec2 c, float radius, ImU32 ink, float thick) {
  constexpr int kDashes = 16;
  for (int i = 0; i < kDashes; ++i) {
    const auto from = static_cast<float>(2.0 * std::numbers::pi * i / kDashes);
    canvas().PathArcTo(c, radius, from, from + static_cast<float>(std::numbers::pi / kDashes), 6);
    canvas().PathStroke(ink, 0, thick);
  }
}

// A head and shoulders on a light square: no letter, since chairs have letters.
void attendant_sign(ImVec2 c, float half = 12.0F) {
  const ImU32 ink = IM_COL32(30, 38, 50, 255);
  canvas().AddRectFilled({c.x - half, c.y - half}, {c.x + half, c.y + half}, colour::kAttendant, half * 0.4F);
  canvas().AddRect({c.x - half, c.y - half}, {c.x + half, c.y + half}, IM_COL32(0, 0, 0, 150), half * 0.4F, 0, 1.5F);
  canvas().AddCircleFilled({c.x, c.y - half * 0.32F}, half * 0.34F, ink, 20);
  canvas().PathArcTo({c.x, c.y + half * 0.72F}, half * 0.62F, static_cast<float>(std::numbers::pi), static_cast<float>(2.0 * std::numbers::pi), 16);
  canvas().PathFillConvex(ink);
}

class PlanDrawing {
 public:
  PlanDrawing(Frame& frame, const tracking::Venue& venue, ImVec2 at, ImVec2 extent)
      : frame_(frame), venue_(venue), view_(fit(venue, at, extent)), at_(at), extent_(extent) {}

  void draw() {
    floor();
    for (const protocol::HeadsetCard& card : frame_.snapshot.headsets) way(card);
    marks_of_alarms();
    for (const protocol::BodyCard& body : frame_.snapshot.bodies) other(body);
    // The chosen and the endangered lie on top.
    std::vector<Judged> order;
    for (const protocol::HeadsetCard& card : frame_.snapshot.headsets) {
      if (card.placed && with_viewer(card)) order.push_back(judge(card));
    }
    std::ranges::stable_sort(order, {}, [&](const Judged& j) { return static_cast<int>(j.weight) + (is_chosen(*j.card) ? 100 : 0); });
    for (const Judged& judged : order) viewer(judged);
    const protocol::HeadsetCard* chosen = frame_.snapshot.headset(frame_.ui.chosen);
    if (chosen != nullptr && chosen->placed && with_viewer(*chosen)) callout(*chosen);
    scale_bar();
    films();
    touch();
    frame_.layout.has_plan = true;
    frame_.layout.plan_x = view_.origin.x;
    frame_.layout.plan_y = view_.origin.y;
    frame_.layout.plan_px_per_m = view_.scale;
  }

 private:
  bool is_chosen(const protocol::HeadsetCard& card) const { return frame_.ui.chosen == card.headset; }

  void floor() {
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
    const ImVec2 tip{middle.x + in.x * 9.0F * sign, middle.y + in.y * 9.0F * sign};
    const ImVec2 tail{middle.x - in.x * 7.0F * sign, middle.y - in.y * 7.0F * sign};
    canvas().AddTriangleFilled(tip, {tail.x - in.y * 8.0F, tail.y + in.x * 8.0F}, {tail.x + in.y * 8.0F, tail.y - in.x * 8.0F}, ink);
    if (evacuate) canvas().AddCircle(middle, 18.0F + 12.0F * static_cast<float>(frame_.pulse(1.0)), with_alpha(ink, 0.9), 36, 3.0F);
    const float half = text_width(frame_, Face::small, name) / 2;
    const bool sideways = std::abs(in.x) > std::abs(in.y);  // a door in a side wall has its name inside
    const ImVec2 word = sideways ? ImVec2{middle.x + in.x * (half + 16.0F), middle.y} : ImVec2{middle.x + half + (evacuate ? 36.0F : 18.0F), middle.y - in.y * 15.0F};
    put_text_centred(frame_, Face::small, word, ink, name);
  }

  void way(const protocol::HeadsetCard& card) {
    if (!card.placed || !on_floor(card) || card.path_ahead.empty()) {
      if (!card.placed || !on_floor(card)) return;
    }
    const bool chosen = is_chosen(card);
    const ImU32 film = film_colour(frame_, card.film);
    ImVec2 from = view_(card.position);
    for (std::size_t i = 0; i < card.path_ahead.size(); ++i) {
      const ImVec2 to = view_(card.path_ahead[i]);
      if (i < card.path_reserved) canvas().AddLine(from, to, with_alpha(film, chosen ? 1.0 : 0.75), chosen ? 4.0F : 3.0F);
      else if (chosen) dashed(from, to, with_alpha(film, 0.9), 2.5F);
      else if (i < static_cast<std::size_t>(card.path_reserved) + 1) dashed(from, to, with_alpha(film, 0.4), 1.5F, 3.0F, 6.0F);
      from = to;
    }
    const auto radius = static_cast<float>(kPlace_m) * view_.scale;
    for (std::size_t i = 0; i < card.route_ahead.size(); ++i) {
      const ImVec2 c = view_(card.route_ahead[i]);
      if (i < card.reserved) {
        canvas().AddCircleFilled(c, radius, with_alpha(film, 0.16), 28);
        canvas().AddCircle(c, radius, with_alpha(film, 0.7), 28, 1.5F);
      } else if (chosen) {
        canvas().AddCircle(c, radius * 0.6F, with_alpha(film, 0.7), 20, 1.5F);
      }
    }
  }

  void viewer(const Judged& judged) {
    const protocol::HeadsetCard& card = *judged.card;
    const ImVec2 c = view_(card.position);
    const bool shows_film = card.phase >= Phase::waiting;
    const ImU32 film = shows_film ? film_colour(frame_, card.film) : colour::kFaint;
    const bool urgent = judged.weight >= Weight::act;
    if (urgent) {  // rings that run outwards
      const double share = std::fmod(frame_.now_s(), 1.2) / 1.2;
      const ImU32 ink = card.level == Level::evacuate ? colour::kStop : of_weight(judged.weight);
      canvas().AddCircle(c, kDisc + 6.0F + 26.0F * static_cast<float>(share), with_alpha(ink, 1.0 - share), 40, 4.0F);
      canvas().AddCircleFilled(c, kDisc + 9.0F, with_alpha(ink, 0.25 + 0.25 * frame_.pulse(0.8)), 40);
    }
    if (card.lost || card.radius_m > 0.6) dashed_circle(c, std::max(kDisc + 8.0F, static_cast<float>(card.radius_m) * view_.scale), with_alpha(of_weight(judged.weight), 0.9), 2.0F);
    if (!card.lost) {
      const auto yaw = static_cast<float>(card.yaw_rad);  // 0 looks along +y, counter-clockwise
      const ImVec2 ahead{-std::sin(yaw), -std::cos(yaw)};
      const ImVec2 side{ahead.y, -ahead.x};
      const auto out = [&](float along, float across) { return ImVec2{c.x + ahead.x * along + side.x * across, c.y + ahead.y * along + side.y * across}; };
      canvas().AddTriangleFilled(out(kBeak, 0.0F), out(kDisc - 6.0F, 11.0F), out(kDisc - 6.0F, -11.0F), film);
    }
    canvas().AddCircleFilled(c, kDisc, film, 32);
    const ImU32 level = card.level > Level::clear ? of_level(card.level) : urgent ? of_weight(judged.weight) : 0;
    if (level != 0) canvas().AddCircle(c, kDisc + 1.5F, level, 32, 4.5F);
    else canvas().AddCircle(c, kDisc, IM_COL32(0, 0, 0, 130), 32, 1.5F);
    if (is_chosen(card)) canvas().AddCircle(c, kDisc + 6.0F, colour::kChosen, 36, 2.5F);
    const std::string number = std::to_string(card.headset.value());
    put_text_centred(frame_, number.size() > 2 ? Face::small : Face::strong, c, IM_COL32(10, 13, 18, 255), number);
  }

  // Where a box covers fewest people: above him, below, or at his side.
  ImVec2 beside(const protocol::HeadsetCard& card, float width, float height) const {
    constexpr float kOff = kDisc + 22.0F;
    const ImVec2 c = view_(card.position);
    ImVec2 best{};
    int fewest = std::numeric_limits<int>::max();
    for (const ImVec2 wish : {ImVec2{c.x - width / 2, c.y - kOff - height}, ImVec2{c.x - width / 2, c.y + kOff}, ImVec2{c.x + kOff, c.y - height / 2}, ImVec2{c.x - kOff - width, c.y - height / 2},
                              ImVec2{c.x - width, c.y - kOff - height}, ImVec2{c.x, c.y - kOff - height}, ImVec2{c.x - width, c.y + kOff}, ImVec2{c.x, c.y + kOff}}) {
      const ImVec2 at{std::clamp(wish.x, at_.x + 4.0F, at_.x + extent_.x - width - 4.0F), std::clamp(wish.y, at_.y + 4.0F, at_.y + extent_.y - height - 4.0F)};
      const auto covers = [&](HallPoint place) {
        const ImVec2 p = view_(place);
        return p.x > at.x - kDisc && p.x < at.x + width + kDisc && p.y > at.y - kDisc && p.y < at.y + height + kDisc;
      };
      int covered = covers(card.position) ? 100 : 0;
      for (const protocol::HeadsetCard& other : frame_.snapshot.headsets) covered += other.placed && with_viewer(other) && !is_chosen(other) && covers(other.position) ? 2 : 0;
      for (const protocol::BodyCard& body : frame_.snapshot.bodies) covered += covers(body.position) ? 2 : 0;
      for (std::size_t i = 0; i < card.reserved; ++i) covered += covers(card.route_ahead[i]) ? 1 : 0;
      if (covered >= fewest) continue;
      fewest = covered;
      best = at;
    }
    return best;
  }

  void callout(const protocol::HeadsetCard& card) {
    const std::string title = film_title(frame_, card.film);
    const std::string below = where_in_film(frame_, card);
    const float width = std::max(text_width(frame_, Face::strong, title), text_width(frame_, Face::small, below)) + 20.0F;
    const float height = text_height(frame_, Face::strong) + text_height(frame_, Face::small) + 8.0F;
    const ImVec2 at = beside(card, width, height);
    panel(at, {width, height}, IM_COL32(10, 13, 18, 225), 6.0F, film_colour(frame_, card.film), 1.5F);
    put_text(frame_, Face::strong, {at.x + 10.0F, at.y + 3.0F}, colour::kText, title);
    put_text(frame_, Face::small, {at.x + 10.0F, at.y + 3.0F + text_height(frame_, Face::strong)}, colour::kDim, below);
  }

  void other(const protocol::BodyCard& body) {
    const ImVec2 c = view_(body.position);
    const bool chosen = frame_.ui.chosen_body == body.body;
    if (body.kind == protocol::Relation::staff) {
      attendant_sign(c);
      if (body.number > 0) {
        const std::string number = std::to_string(body.number);
        const float width = text_width(frame_, Face::small, number) + 8.0F;
        canvas().AddRectFilled({c.x + 8.0F, c.y + 4.0F}, {c.x + 8.0F + width, c.y + 22.0F}, IM_COL32(10, 13, 18, 235), 5.0F);
        put_text_centred(frame_, Face::small, {c.x + 8.0F + width / 2, c.y + 13.0F}, colour::kText, number);
      }
      if (chosen) canvas().AddRect({c.x - 17.0F, c.y - 17.0F}, {c.x + 17.0F, c.y + 17.0F}, colour::kChosen, 7.0F, 0, 2.5F);
      return;
    }
    const float radius = std::max(kDisc + 4.0F, static_cast<float>(body.radius_m) * view_.scale);
    canvas().AddCircleFilled(c, radius, with_alpha(colour::kPause, 0.18), 32);
    dashed_circle(c, radius, colour::kPause, 2.5F);
    canvas().AddCircleFilled(c, 12.0F, colour::kPause, 28);
    put_text_centred(frame_, Face::strong, c, IM_COL32(10, 13, 18, 255), "?");
    if (chosen) canvas().AddCircle(c, radius + 5.0F, colour::kChosen, 36, 2.5F);
  }

  void marks_of_alarms() {
    for (const protocol::StaffAlarm* alarm : untaken(frame_.snapshot)) {
      if (!alarm->placed) continue;
      const protocol::HeadsetCard* card = frame_.snapshot.headset(alarm->headset);
      const HallPoint where = card != nullptr && card->placed ? card->position : alarm->at;
      const ImVec2 c = view_(where);
      canvas().AddCircle(c, 42.0F + 5.0F * static_cast<float>(frame_.pulse(0.9)), with_alpha(colour::kStop, 0.5 + 0.5 * frame_.pulse(0.9)), 44, 3.5F);
      canvas().AddCircleFilled({c.x + 30.0F, c.y - 30.0F}, 12.0F, colour::kStop, 24);
      put_text_centred(frame_, Face::strong, {c.x + 30.0F, c.y - 30.0F}, IM_COL32_WHITE, "!");
    }
  }

  void scale_bar() {
    const ImVec2 right = view_({view_.high.x - 0.5, view_.low.y + 0.5});
    const ImVec2 left = view_({view_.high.x - 2.5, view_.low.y + 0.5});
    const ImU32 ink = with_alpha(colour::kText, 0.4);
    canvas().AddLine(left, right, ink, 2.0F);
    for (const ImVec2 end : {left, right}) canvas().AddLine({end.x, end.y - 4.0F}, {end.x, end.y + 4.0F}, ink, 2.0F);
    put_text_centred(frame_, Face::small, {(left.x + right.x) / 2, left.y - 12.0F}, ink, "2 m");
  }

  // The films that are being watched, where the hall leaves room below.
  void films() {
    const float from = view_({0.0, view_.low.y}).y + kMarginHigh;
    const float line = text_height(frame_, Face::small) + 4.0F;
    float x = at_.x + kMargin, y = from;
    for (std::size_t place = 0; place < frame_.snapshot.films.size(); ++place) {
      const Film& film = frame_.snapshot.films[place];
      const bool watched = std::ranges::any_of(frame_.snapshot.headsets, [&](const protocol::HeadsetCard& card) { return card.film == film.id && card.placed && card.phase >= Phase::waiting && with_viewer(card); });
      if (!watched) continue;
      const std::string title = film_title(frame_, film.id);
      const float whole = 20.0F + text_width(frame_, Face::small, title) + 18.0F;
      if (x + whole > at_.x + extent_.x - kMargin) x = at_.x + kMargin, y += line;
      if (y + line > at_.y + extent_.y) return;
      canvas().AddCircleFilled({x + 7.0F, y + line / 2}, 6.5F, of_film(place), 24);
      put_text(frame_, Face::small, {x + 20.0F, y + 2.0F}, colour::kDim, title);
      x += whole;
    }
  }

  void touch() {
    UiState& ui = frame_.ui;
    ImGui::SetCursorScreenPos(at_);
    const bool tapped = ImGui::InvisibleButton("plan", extent_);
    for (const protocol::HeadsetCard& card : frame_.snapshot.headsets) {
      if (!card.placed || !with_viewer(card)) continue;
      const ImVec2 c = view_(card.position);
      frame_.layout.widgets["plan-headset-" + std::to_string(card.headset.value())] = {c.x - kDisc, c.y - kDisc, 2 * kDisc, 2 * kDisc};
    }
    for (const protocol::BodyCard& body : frame_.snapshot.bodies) {
      const ImVec2 c = view_(body.position);
      const std::string name = (body.kind == protocol::Relation::staff ? "plan-attendant-" : "plan-somebody-") + std::to_string(body.body.value());
      frame_.layout.widgets[name] = {c.x - kDisc, c.y - kDisc, 2 * kDisc, 2 * kDisc};
    }
    if (!tapped) return;
    const ImVec2 finger = ImGui::GetIO().MousePos;
    if (ui.placing != Placing::nothing) {
      if (tracking::contains(venue_.boundary, view_.back(finger)) && frame_.snapshot.connected()) {
        frame_.wish(protocol::PlaceBody{frame_.next_body_number(), view_.back(finger), ui.placing == Placing::attendant});
        ui.placing = Placing::nothing;
      }
      return;
    }
    float nearest = kTouchRadius;
    const auto nearer = [&](HallPoint p) {
      const ImVec2 c = view_(p);
      const float distance = std::hypot(c.x - finger.x, c.y - finger.y);
      if (distance >= nearest) return false;
      nearest = distance;
      return true;
    };
    bool any = false;
    for (const protocol::BodyCard& body : frame_.snapshot.bodies) {
      if (nearer(body.position)) ui.choose(body.body), any = true;
    }
    for (const protocol::HeadsetCard& card : frame_.snapshot.headsets) {
      if (card.placed && with_viewer(card) && nearer(card.position)) ui.choose(card.headset), any = true;
    }
    if (any) ui.tab = Tab::headsets;
    else ui.choose(HeadsetId{});
  }

  Frame& frame_;
  const tracking::Venue& venue_;
  const View view_;
  const ImVec2 at_, extent_;
};

}  // namespace

void draw_plan(Frame& frame, ImVec2 at, ImVec2 extent) {
  panel(at, extent, colour::kPanel);
  if (frame.snapshot.venue == nullptr) {
    put_text_centred(frame, Face::body, {at.x + extent.x / 2, at.y + extent.y / 2}, colour::kFaint, frame.snapshot.link.unreadable_venue ? frame.words.venue_unreadable : "…");
    return;
  }
  canvas().PushClipRect(at, {at.x + extent.x, at.y + extent.y}, true);
  PlanDrawing(frame, *frame.snapshot.venue, at, extent).draw();
  if (!frame.snapshot.connected()) canvas().AddRectFilled(at, {at.x + extent.x, at.y + extent.y}, IM_COL32(13, 16, 21, 150), size::kRound);
  canvas().PopClipRect();
}

float draw_legend(Frame& frame, ImVec2 at, float width) {
  const Strings& w = frame.words;
  const float height = text_height(frame, Face::small) + 4.0F;
  const ImU32 sample = of_film(0);
  float x = at.x;
  float y = at.y;
  const auto entry = [&](const char* text, auto sign, float sign_width) {
    const float whole = sign_width + 6.0F + text_width(frame, Face::small, text) + 18.0F;
    if (x > at.x && x + whole > at.x + width) x = at.x, y += height;
    sign(ImVec2{x + sign_width / 2, y + height / 2});
    put_text(frame, Face::small, {x + sign_width + 6.0F, y + 2.0F}, colour::kDim, text);
    x += whole;
  };
  entry(w.legend_viewer, [&](ImVec2 c) {
    canvas().AddTriangleFilled({c.x + 12.0F, c.y}, {c.x + 2.0F, c.y - 6.0F}, {c.x + 2.0F, c.y + 6.0F}, sample);
    canvas().AddCircleFilled({c.x - 2.0F, c.y}, 8.0F, sample);
  }, 24.0F);
  entry(w.legend_reserved, [&](ImVec2 c) {
    canvas().AddLine({c.x - 14.0F, c.y}, {c.x, c.y}, sample, 3.0F);
    canvas().AddCircle({c.x + 6.0F, c.y}, 7.0F, sample, 20, 1.5F);
  }, 28.0F);
  entry(w.legend_ahead, [&](ImVec2 c) { dashed({c.x - 12.0F, c.y}, {c.x + 12.0F, c.y}, sample, 2.0F, 4.0F, 4.0F); }, 24.0F);
  entry(w.legend_attendant, [&](ImVec2 c) { attendant_sign(c, 9.0F); }, 18.0F);
  entry(w.legend_unknown, [&](ImVec2 c) {
    canvas().AddCircleFilled(c, 8.0F, colour::kPause);
    put_text_centred(frame, Face::small, c, IM_COL32(10, 13, 18, 255), "?");
  }, 16.0F);
  entry(w.legend_column, [&](ImVec2 c) { canvas().AddRectFilled({c.x - 7.0F, c.y - 7.0F}, {c.x + 7.0F, c.y + 7.0F}, colour::kColumn); }, 14.0F);
  for (const Level level : {Level::warn, Level::pause, Level::stop}) {
    entry(w.levels[static_cast<std::size_t>(level)], [&](ImVec2 c) { canvas().AddCircle(c, 7.0F, of_level(level), 24, 3.5F); }, 16.0F);
  }
  return y + height - at.y;
}

}  // namespace promenade::console
