#include "showcontrol/console/plan_view.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "showcontrol/console/ahead_view.h"
#include "showcontrol/console/forecast.h"
#include "showcontrol/console/parts.h"
#include "showcontrol/console/plan_floor.h"
#include "showcontrol/console/roll.h"
#include "showcontrol/console/wait_words.h"

namespace promenade::console {

namespace {

constexpr float kTouchRadius = 30.0F;   // px: the nearest within is meant
constexpr float kHand = 36.0F;          // px, from a viewer to whoever holds his hand
constexpr double kPlace_m = 0.45;       // a reserved place as drawn
constexpr double kKeptHalf_m = 1.0;     // half of a way along which somebody is led out: so far no gate opens into it

class PlanDrawing {
 public:
  PlanDrawing(Frame& frame, const tracking::Venue& venue, ImVec2 at, ImVec2 extent)
      : frame_(frame), venue_(venue), view_(with_room_for_films(frame, venue, at, extent)), at_(at), extent_(extent), ahead_(frame.ui.ahead_s > 0.0) {
    if (ahead_) forecasts_ = forecasts_at(frame.snapshot, frame.ui.ahead_s);
  }

  void draw() {
    draw_floor(frame_, venue_, view_);
    for (const protocol::HeadsetCard& card : frame_.snapshot.headsets) {
      if (card.escorted && card.placed && with_viewer(card)) escort(card);
    }
    for (const protocol::HeadsetCard& card : frame_.snapshot.headsets) {
      if (to_settle(frame_.snapshot, card)) place_to_be(card);
      else if (!ahead_ && !evacuated() && !card.escorted && card.placed && on_floor(card)) way(card);
    }
    // The chosen and the endangered lie on top.
    std::vector<Judged> order;
    for (const protocol::HeadsetCard& card : frame_.snapshot.headsets) {
      if (card.placed && with_viewer(card)) order.push_back(judge(frame_.snapshot, card));
    }
    std::ranges::stable_sort(order, {}, [&](const Judged& j) { return static_cast<int>(j.weight) + (is_chosen(*j.card) ? 100 : 0); });
    if (ahead_) {  // who needs nobody is faint; whoever does, and whoever stands in the way, is as bright as ever
      for (const Judged& judged : order) {
        if (!is_loud(judged)) viewer(judged);
      }
      for (const protocol::BodyCard& body : frame_.snapshot.bodies) {
        if (!is_loud(body)) other(body);
      }
      draw_ahead_veil(at_, extent_);
      forecasts();
    }
    marks_of_alarms();
    for (const protocol::BodyCard& body : frame_.snapshot.bodies) {
      if (body.beside.is_none() && (!ahead_ || is_loud(body))) other(body);
    }
    if (evacuated()) line_out();
    const protocol::HeadsetCard* chosen = frame_.snapshot.headset(frame_.ui.chosen);
    const bool shows_chosen = !ahead_ && chosen != nullptr && chosen->placed && with_viewer(*chosen);
    if (shows_chosen) awaited(*chosen);
    for (const Judged& judged : order) {
      if (!ahead_ || is_loud(judged)) viewer(judged);
    }
    for (const protocol::BodyCard& body : frame_.snapshot.bodies) {
      if (!body.beside.is_none() && !ahead_) other(body);
    }
    if (shows_chosen) callout(*chosen);
    if (ahead_) draw_ahead_band(frame_, at_, extent_, forecasts_.untold);
    draw_scale_bar(frame_, view_);
    if (!ahead_) films();
    touch();
    frame_.layout.has_plan = true;
    frame_.layout.plan_x = view_.origin.x;
    frame_.layout.plan_y = view_.origin.y;
    frame_.layout.plan_px_per_m = view_.scale;
  }

 private:
  bool is_chosen(const protocol::HeadsetCard& card) const { return frame_.ui.chosen == card.headset; }

  // Of those whom a forecast must not hide.
  static bool is_loud(const Judged& judged) { return judged.weight >= Weight::act || judged.card->level > Level::clear; }
  static bool is_loud(const protocol::BodyCard& body) { return body.beside.is_none() && body.kind != protocol::Relation::staff; }

  bool evacuated() const { return frame_.snapshot.summary.evacuate; }

  // Whoever holds a viewer's hand is drawn at his side; the hall knows both as one place.
  ImVec2 place_of(const protocol::BodyCard& body) const {
    const protocol::HeadsetCard* held = frame_.snapshot.headset(body.beside);
    if (held == nullptr || !held->placed || !with_viewer(*held)) return view_(body.position);
    const ImVec2 c = view_(held->position);
    const auto yaw = static_cast<float>(held->yaw_rad);
    return {c.x + kHand * std::cos(yaw), c.y - kHand * std::sin(yaw)};  // at his right hand
  }

  // The chosen one's way to the nearer door, where nothing stands between.
  void line_out() {
    const protocol::HeadsetCard* card = frame_.snapshot.headset(frame_.ui.chosen);
    const protocol::BodyCard* body = frame_.snapshot.body(frame_.ui.chosen_body);
    if ((card == nullptr || !card->placed || !with_viewer(*card)) && body == nullptr) return;
    const HallPoint from = body != nullptr ? body->position : card->position;
    const NearestDoor door = nearest_door(venue_, from);
    if (door.straight) dashed(view_(from), view_(door.exit ? venue_.exit.at : venue_.entrance.at), colour::kClear, 4.0F, 10.0F, 7.0F);
  }

  void escort(const protocol::HeadsetCard& card) {
    std::vector<ImVec2> points{view_(card.position)};
    for (const HallPoint& p : card.path_ahead) points.push_back(view_(p));
    kept_way(points, static_cast<float>(kKeptHalf_m) * view_.scale);
  }

  // After an evacuation: where he is to stand when he is released.
  void place_to_be(const protocol::HeadsetCard& card) {
    const HallPoint* place = place_to_go_on(card);
    if (place == nullptr || (card.settlement != protocol::Settlement::resume && card.settlement != protocol::Settlement::open)) return;
    const ImU32 film = with_alpha(film_colour(frame_, card.film), is_unsettled(card) && !is_chosen(card) ? 0.45 : 1.0);
    const ImVec2 c = view_(*place);
    if (card.placed && !is_unsettled(card)) dashed(view_(card.position), c, with_alpha(film, is_chosen(card) ? 1.0 : 0.5), 2.0F, 4.0F, 6.0F);
    canvas().AddCircleFilled(c, kDisc, IM_COL32(10, 13, 18, 200), 32);
    dashed_circle(c, kDisc, film, is_chosen(card) ? 4.0F : 2.5F);
    put_text_centred(frame_, Face::small, c, film, std::to_string(card.headset.value()));
  }

  void way(const protocol::HeadsetCard& card) {
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

  // What the chosen one waits for: the place, and whoever is before him or in the way.
  void awaited(const protocol::HeadsetCard& card) {
    if (!waits_for_others(card)) return;
    const ImU32 film = film_colour(frame_, card.film);
    const ImVec2 c = view_(card.waits_at);
    const auto radius = static_cast<float>(kPlace_m) * view_.scale;
    if (card.waits_for == protocol::WaitsFor::play) dashed_circle(c, radius + 6.0F, film, 2.5F);
    const protocol::HeadsetCard* other = frame_.snapshot.headset(card.waits_for_headset);
    if (other != nullptr && other->placed && with_viewer(*other)) dashed_circle(view_(other->position), kDisc + 7.0F, colour::kChosen, 2.0F);
    else if (card.waits_for == protocol::WaitsFor::body) dashed_circle(c, kDisc + 9.0F, colour::kChosen, 2.0F);
  }

  // Where plays will be, each with its film's name where it covers least.
  void forecasts() {
    std::vector<ImVec4> taken;  // low and high corners
    const auto take = [&](ImVec2 c) { taken.push_back({c.x - kDisc, c.y - kDisc, c.x + kDisc, c.y + kDisc}); };
    for (const Forecast& forecast : forecasts_.plays) take(view_(forecast.at));
    for (const protocol::HeadsetCard& card : frame_.snapshot.headsets) {
      if (card.placed && with_viewer(card)) take(view_(card.position));
    }
    for (const protocol::BodyCard& body : frame_.snapshot.bodies) take(place_of(body));
    for (const Forecast& forecast : forecasts_.plays) {
      const ImVec2 c = view_(forecast.at);
      const bool chosen = walks(forecast, frame_.ui.chosen);
      const ImU32 film = film_colour(frame_, forecast.play->film);
      const protocol::HeadsetCard* card = frame_.snapshot.headset(frame_.ui.chosen);
      if (chosen && card != nullptr && card->placed) dashed(view_(card->position), c, with_alpha(film, 0.9), 2.0F, 3.0F, 6.0F);
      if (chosen) forecast_sign(c, kDisc + 8.0F, colour::kChosen, 2.0F);
      forecast_sign(c, kDisc + 2.0F, film);
      const std::vector<HeadsetId>& headsets = forecast.play->headsets;
      if (headsets.empty()) continue;
      const std::string number = std::to_string(headsets.front().value()) + (headsets.size() > 1 ? "+" : "");
      put_text_centred(frame_, Face::small, c, film, number);
      const std::string name = "plan-forecast-" + std::to_string(headsets.front().value());
      frame_.layout.widgets[name] = {c.x - kDisc, c.y - kDisc, 2 * kDisc, 2 * kDisc};
    }
    for (const Forecast& forecast : forecasts_.plays) name_of_film(forecast, taken);
  }

  static bool walks(const Forecast& forecast, HeadsetId headset) { return !headset.is_none() && std::ranges::contains(forecast.play->headsets, headset); }

  void name_of_film(const Forecast& forecast, std::vector<ImVec4>& taken) {
    const std::string title = film_title(frame_, forecast.play->film);
    const float width = text_width(frame_, Face::small, title) + 10.0F, height = text_height(frame_, Face::small) + 2.0F;
    const ImVec2 c = view_(forecast.at);
    constexpr float kOff = kDisc + 5.0F;
    ImVec4 best{};
    float least = std::numeric_limits<float>::max();
    for (const ImVec2 wish : {ImVec2{c.x + kOff, c.y - height / 2}, ImVec2{c.x - kOff - width, c.y - height / 2}, ImVec2{c.x - width / 2, c.y + kOff},
                              ImVec2{c.x - width / 2, c.y - kOff - height}, ImVec2{c.x + kOff / 2, c.y + kOff / 2}, ImVec2{c.x - kOff / 2 - width, c.y + kOff / 2},
                              ImVec2{c.x + kOff / 2, c.y - kOff / 2 - height}, ImVec2{c.x - kOff / 2 - width, c.y - kOff / 2 - height}}) {
      const ImVec2 at{std::clamp(wish.x, at_.x + 6.0F, at_.x + extent_.x - width - 6.0F), std::clamp(wish.y, at_.y + kPlanMarginTop, at_.y + extent_.y - height - 6.0F)};
      const ImVec4 box{at.x, at.y, at.x + width, at.y + height};
      float covered = 0.0F;
      for (const ImVec4& other : taken) {
        const float across = std::min(box.z, other.z) - std::max(box.x, other.x), along = std::min(box.w, other.w) - std::max(box.y, other.y);
        if (across > 0.0F && along > 0.0F) covered += across * along;
      }
      if (covered >= least) continue;
      least = covered;
      best = box;
    }
    taken.push_back(best);
    canvas().AddRectFilled({best.x, best.y}, {best.z, best.w}, IM_COL32(10, 13, 18, 205), 5.0F);
    put_text(frame_, Face::small, {best.x + 5.0F, best.y + 1.0F}, film_colour(frame_, forecast.play->film), title);
  }

  void viewer(const Judged& judged) {
    const protocol::HeadsetCard& card = *judged.card;
    const ImVec2 c = view_(card.position);
    const bool shows_film = card.phase >= Phase::waiting;
    const ImU32 film = shows_film ? film_colour(frame_, card.film) : colour::kFaint;
    const bool urgent = judged.weight >= Weight::act;
    if (evacuated() && card.counted_out) {
      canvas().AddCircleFilled(c, kDisc - 3.0F, with_alpha(film, 0.35), 32);
      if (is_chosen(card)) canvas().AddCircle(c, kDisc + 6.0F, colour::kChosen, 36, 2.5F);
      put_text_centred(frame_, Face::small, c, colour::kDim, std::to_string(card.headset.value()));
      return out_sign({c.x + 11.0F, c.y + 10.0F}, 7.0F);
    }
    if (urgent) {  // rings that run outwards
      const double share = std::fmod(frame_.now_s(), 1.2) / 1.2;
      const ImU32 ink = evacuated() ? colour::kStop : of_weight(judged.weight);
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
    put_text_centred(frame_, number.size() > 2 ? Face::small : Face::strong, c, kInk, number);
    if (card.child) {
      const float half = (text_width(frame_, Face::small, frame_.words.legend_child_sign) + 14.0F) / 2;
      const bool alone = is_child_alone(frame_.snapshot, card);
      pill(frame_, {c.x - half, c.y - kDisc - 7.0F}, alone ? colour::kWarn : colour::kText, kInk, frame_.words.legend_child_sign);
    }
    const bool shows_drift = !evacuated() && card.phase >= Phase::calibrated && drift_now(card) != tracking::CalibrationState::good;
    if (shows_drift) drift_sign(frame_, drift_now(card), {c.x + 13.0F, c.y + 13.0F}, 7.5F);
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
        return p.x > at.x - kDisc && p.x < at.x + width + kDisc && p.y > at.y - kDisc && p.y < at.y + height + kDisc + 16.0F;  // a child's sign stands above
      };
      int covered = covers(card.position) ? 100 : 0;
      for (const protocol::HeadsetCard& other : frame_.snapshot.headsets) covered += other.placed && with_viewer(other) && !is_chosen(other) && covers(other.position) ? 2 : 0;
      for (const protocol::BodyCard& body : frame_.snapshot.bodies) covered += covers(body.position) ? 2 : 0;
      const protocol::HeadsetCard* before = frame_.snapshot.headset(card.waits_for_headset);  // he is shown with whom he waits for
      if (waits_for_others(card)) covered += (covers(card.waits_at) ? 8 : 0) + (before != nullptr && before->placed && covers(before->position) ? 8 : 0);
      for (std::size_t i = 0; i < card.reserved; ++i) covered += covers(card.route_ahead[i]) ? 1 : 0;
      if (covered >= fewest) continue;
      fewest = covered;
      best = at;
    }
    return best;
  }

  void callout(const protocol::HeadsetCard& card) {
    const std::string child = child_text(frame_, card);
    const bool film_over = evacuated() || to_settle(frame_.snapshot, card);
    const std::string title = film_title(frame_, card.film);
    const std::string below = (child.empty() ? child : child + " · ") + (film_over ? whereabouts(frame_, card.position) : where_in_film(frame_, card));
    const std::string waits = film_over ? std::string() : wait_short(frame_, card);  // whole on his card
    const float line = text_height(frame_, Face::small);
    const float width = std::max({text_width(frame_, Face::strong, title), text_width(frame_, Face::small, below), text_width(frame_, Face::small, waits)}) + 20.0F;
    const float upper = text_height(frame_, Face::strong) + line + 3.0F;
    const float height = upper + 5.0F + (waits.empty() ? 0.0F : line);
    const ImVec2 at = beside(card, width, height);
    panel(at, {width, height}, IM_COL32(10, 13, 18, 225), 6.0F, film_colour(frame_, card.film), 1.5F);
    put_text(frame_, Face::strong, {at.x + 10.0F, at.y + 3.0F}, colour::kText, title);
    put_text(frame_, Face::small, {at.x + 10.0F, at.y + 3.0F + text_height(frame_, Face::strong)}, colour::kDim, below);
    if (!waits.empty()) put_text(frame_, Face::small, {at.x + 10.0F, at.y + upper}, colour::kText, waits);
  }

  void other(const protocol::BodyCard& body) {
    const ImVec2 c = place_of(body);
    const bool chosen = frame_.ui.chosen_body == body.body;
    const bool out = evacuated() && body.counted_out;
    const float ring = kDisc + (body.beside.is_none() ? 7.0F : 1.0F);
    if (evacuated() && !out) canvas().AddCircle(c, ring, with_alpha(colour::kStop, 0.5 + 0.4 * frame_.pulse(0.8)), 40, 3.5F);
    if (!body.beside.is_none()) companion(body, c);
    else if (body.kind == protocol::Relation::staff) attendant(body, c, out);
    else stranger(body, c, out);
    if (out) out_sign({c.x + 11.0F, c.y + 10.0F}, 7.0F);
    if (chosen) canvas().AddCircle(c, kDisc + 6.0F, colour::kChosen, 36, 2.5F);
  }

  void companion(const protocol::BodyCard& body, ImVec2 c) {
    const protocol::HeadsetCard* held = frame_.snapshot.headset(body.beside);
    if (held != nullptr && held->placed && with_viewer(*held)) {
      const ImVec2 viewer = view_(held->position);
      const float share = (kDisc + 1.0F) / kHand;  // from his rim on
      hands({viewer.x + (c.x - viewer.x) * share, viewer.y + (c.y - viewer.y) * share}, c);
    }
    companion_sign(c, 11.0F);
  }

  void attendant(const protocol::BodyCard& body, ImVec2 c, bool out) {
    attendant_sign(c, 12.0F, out ? colour::kFaint : colour::kAttendant);
    if (body.number == 0 || out) return;
    const std::string number = std::to_string(body.number);
    const float width = text_width(frame_, Face::small, number) + 8.0F;
    canvas().AddRectFilled({c.x + 8.0F, c.y + 4.0F}, {c.x + 8.0F + width, c.y + 22.0F}, IM_COL32(10, 13, 18, 235), 5.0F);
    put_text_centred(frame_, Face::small, {c.x + 8.0F + width / 2, c.y + 13.0F}, colour::kText, number);
  }

  void stranger(const protocol::BodyCard& body, ImVec2 c, bool out) {
    const ImU32 ink = out ? colour::kFaint : colour::kPause;
    const float radius = std::max(kDisc + 4.0F, static_cast<float>(body.radius_m) * view_.scale);
    if (!out) {
      canvas().AddCircleFilled(c, radius, with_alpha(ink, 0.18), 32);
      dashed_circle(c, radius, ink, 2.5F);
    }
    canvas().AddCircleFilled(c, 12.0F, ink, 28);
    put_text_centred(frame_, Face::strong, c, kInk, "?");
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

  static float line_of_films(const Frame& frame) { return text_height(frame, Face::small) + 4.0F; }

  // Each film that is being watched, from the left and from line 0 on: its place in the hall's list, where it stands, its title.
  template <class Each>
  static void each_film(const Frame& frame, float width, Each each) {
    float x = 0.0F;
    int line = 0;
    for (std::size_t place = 0; place < frame.snapshot.films.size(); ++place) {
      const Film& film = frame.snapshot.films[place];
      const bool watched = std::ranges::any_of(frame.snapshot.headsets, [&](const protocol::HeadsetCard& card) { return card.film == film.id && card.placed && card.phase >= Phase::waiting && with_viewer(card); });
      if (!watched) continue;
      const std::string title = film_title(frame, film.id);
      const float whole = 20.0F + text_width(frame, Face::small, title) + 18.0F;
      if (x > 0.0F && x + whole > width) x = 0.0F, ++line;
      each(place, x, line, title);
      x += whole;
    }
  }

  // The hall a little smaller where its films have room below it then.
  static View with_room_for_films(const Frame& frame, const tracking::Venue& venue, ImVec2 at, ImVec2 extent) {
    constexpr float kLeast = 0.88F;  // of what would fit without
    int lines = 0;
    each_film(frame, extent.x - 2 * kPlanMargin, [&](std::size_t, float, int line, const std::string&) { lines = line + 1; });
    const View whole = fit(venue, at, extent);
    if (frame.snapshot.summary.evacuate) return whole;
    for (; lines > 0; --lines) {
      const View with = fit(venue, at, {extent.x, extent.y - static_cast<float>(lines) * line_of_films(frame)});
      if (with.scale >= kLeast * whole.scale) return with;
    }
    return whole;
  }

  void films() {
    const float from = view_({0.0, view_.low.y}).y + kPlanMarginHigh, high = line_of_films(frame_);
    each_film(frame_, extent_.x - 2 * kPlanMargin, [&](std::size_t place, float x, int line, const std::string& title) {
      const ImVec2 at{at_.x + kPlanMargin + x, from + high * static_cast<float>(line)};
      if (at.y + high > at_.y + extent_.y + 1.0F) return;
      canvas().AddCircleFilled({at.x + 7.0F, at.y + high / 2}, 6.5F, of_film(place), 24);
      put_text(frame_, Face::small, {at.x + 20.0F, at.y + 2.0F}, colour::kDim, title);
    });
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
      const ImVec2 c = place_of(body);
      const char* kind = !body.beside.is_none() ? "plan-companion-" : body.kind == protocol::Relation::staff ? "plan-attendant-" : "plan-somebody-";
      const std::string name = kind + std::to_string(body.body.value());
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
    const auto nearer = [&](ImVec2 c) {
      const float distance = std::hypot(c.x - finger.x, c.y - finger.y);
      if (distance >= nearest) return false;
      nearest = distance;
      return true;
    };
    bool any = false;
    for (const protocol::BodyCard& body : frame_.snapshot.bodies) {
      if (nearer(place_of(body))) ui.choose(body.body), any = true;
    }
    for (const protocol::HeadsetCard& card : frame_.snapshot.headsets) {
      if (card.placed && with_viewer(card) && nearer(view_(card.position))) ui.choose(card.headset), any = true;
    }
    for (const Forecast& forecast : forecasts_.plays) {
      if (!forecast.play->headsets.empty() && nearer(view_(forecast.at))) ui.choose(forecast.play->headsets.front()), any = true;
    }
    if (!any) return ui.choose(HeadsetId{});
    ui.reveal = true;
    if (ui.tab != Tab::evacuation) ui.tab = Tab::headsets;
  }

  Frame& frame_;
  const tracking::Venue& venue_;
  const View view_;
  const ImVec2 at_, extent_;
  const bool ahead_;      // what is drawn is a forecast, and people as they are faintly below it
  Forecasts forecasts_;   // where it is
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

}  // namespace promenade::console
