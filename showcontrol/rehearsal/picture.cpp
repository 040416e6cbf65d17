#include "showcontrol/rehearsal/picture.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "tracking/base/formatted.h"

namespace promenade::rehearsal {
namespace {

constexpr double kWidth = 1480.0, kMargin = 48.0, kPlanTop = 146.0;
constexpr double kLegendWidth = 290.0;
constexpr double kTail = 12.0;  // s of walk drawn bold behind everybody at the fullest moment
constexpr std::array kColours = {"#d1495b", "#2a7f9e", "#c98a1b", "#5b7cc9", "#4d8b3d", "#7d5ba6",
                                 "#8a6d5a", "#1f9e8a", "#b0578d"};
constexpr const char* kInk = "#26323c";
constexpr const char* kFaint = "#7c8893";

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '"') out += "&quot;";
    else out += c;
  }
  return out;
}

std::string text(double x, double y, double size, const char* colour, const std::string& words, const char* extra = "") {
  return base::formatted("<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{}\" fill=\"{}\" {}>{}</text>\n", x, y, size, colour, extra, escaped(words));
}

std::string clock(double seconds) {
  const int whole = static_cast<int>(std::lround(seconds));
  return base::formatted("{}:{:02}", whole / 60, whole % 60);
}

// Maps the hall's floor into a box of the picture, y upwards.
struct Frame {
  double left = 0.0, top = 0.0, scale = 1.0;
  HallPoint low, high;
  double x(HallPoint p) const { return left + (p.x - low.x) * scale; }
  double y(HallPoint p) const { return top + (high.y - p.y) * scale; }
  double width() const { return (high.x - low.x) * scale; }
  double height() const { return (high.y - low.y) * scale; }
};

class Picture {
 public:
  Picture(const tracking::Venue& venue, const std::vector<PictureFilm>& films, const Tracks& tracks)
      : venue_(venue), films_(films), tracks_(tracks), fullest_(fullest_moment(tracks)) {}

  std::string draw();

 private:
  const char* colour(const base::FilmId& film) const;
  Frame frame(double left, double top, double width) const;
  std::string polygon(const Frame& f, const std::vector<HallPoint>& points, const char* style) const;
  std::string hall(const Frame& f, bool detailed) const;
  std::string walk(const Frame& f, const PlayTrack& play, double from_s, double to_s, double width, double opacity) const;
  std::string moment(const Frame& f) const;
  std::string legend(double left, double top) const;
  std::string strip(double top, double& bottom) const;
  std::string singles(double top, double& bottom) const;

  const tracking::Venue& venue_;
  const std::vector<PictureFilm>& films_;
  const Tracks& tracks_;
  const Fullest fullest_;
};

const char* Picture::colour(const base::FilmId& film) const {
  for (std::size_t i = 0; i < films_.size(); ++i) {
    if (films_[i].film == film) return kColours[i % kColours.size()];
  }
  return kFaint;
}

Frame Picture::frame(double left, double top, double width) const {
  Frame f;
  f.left = left;
  f.top = top;
  f.low = f.high = venue_.boundary.front();
  for (const HallPoint& p : venue_.boundary) {
    f.low = {std::min(f.low.x, p.x), std::min(f.low.y, p.y)};
    f.high = {std::max(f.high.x, p.x), std::max(f.high.y, p.y)};
  }
  f.scale = width / (f.high.x - f.low.x);
  return f;
}

std::string Picture::polygon(const Frame& f, const std::vector<HallPoint>& points, const char* style) const {
  std::string out = "<polygon points=\"";
  for (const HallPoint& p : points) out += base::formatted("{:.1f},{:.1f} ", f.x(p), f.y(p));
  return out + "\" " + style + "/>\n";
}

std::string Picture::hall(const Frame& f, bool detailed) const {
  std::string out = polygon(f, venue_.boundary, detailed ? "fill=\"#ffffff\" stroke=\"#26323c\" stroke-width=\"3\""
                                                         : "fill=\"#ffffff\" stroke=\"#9aa5ae\" stroke-width=\"1.2\"");
  if (detailed) {
    for (double x = std::ceil(f.low.x); x < f.high.x; x += 1.0) {
      out += base::formatted("<line x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{0:.1f}\" y2=\"{2:.1f}\" stroke=\"#eef1f3\"/>\n", f.x({x, 0}), f.top + 2, f.top + f.height() - 2);
    }
    for (double y = std::ceil(f.low.y); y < f.high.y; y += 1.0) {
      out += base::formatted("<line x1=\"{1:.1f}\" y1=\"{0:.1f}\" x2=\"{2:.1f}\" y2=\"{0:.1f}\" stroke=\"#eef1f3\"/>\n", f.y({0, y}), f.left + 2, f.left + f.width() - 2);
    }
  }
  out += polygon(f, venue_.kitting, "fill=\"#eaf0f4\" stroke=\"none\"");
  for (const tracking::Obstacle& obstacle : venue_.obstacles) out += polygon(f, obstacle.outline, "fill=\"#4a5660\" stroke=\"none\"");
  for (const tracking::Seat& seat : venue_.seats) {
    out += base::formatted("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\" fill=\"#f3ede4\" stroke=\"#b9a88f\"/>\n", f.x(seat.at), f.y(seat.at), seat.radius_m * f.scale);
  }
  if (detailed) out += polygon(f, venue_.boundary, "fill=\"none\" stroke=\"#26323c\" stroke-width=\"3\"");
  for (const tracking::Door* door : {&venue_.entrance, &venue_.exit}) {
    out += base::formatted("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#ffffff\" stroke-width=\"{}\"/>\n", f.x(door->left), f.y(door->left), f.x(door->right), f.y(door->right), detailed ? 6 : 3);
  }
  if (!detailed) return out;
  HallPoint middle;
  for (const HallPoint& p : venue_.kitting) middle = {middle.x + p.x / static_cast<double>(venue_.kitting.size()), middle.y + p.y / static_cast<double>(venue_.kitting.size())};
  out += text(f.x(middle), f.y(middle) - 4, 12, kFaint, "准备区", "text-anchor=\"middle\"");
  out += text(f.x(middle), f.y(middle) + 11, 11, kFaint, "Kitting", "text-anchor=\"middle\"");
  const auto door_label = [&](const tracking::Door& door, const char* words) {  // outside, in front of the doorway
    const double x = (f.x(door.left) + f.x(door.right)) / 2, y = (f.y(door.left) + f.y(door.right)) / 2;
    const double dx = x - f.x(door.at), dy = y - f.y(door.at);
    const double length = std::max(1e-9, std::hypot(dx, dy));
    const double at_x = x + 16 * dx / length, at_y = y + 16 * dy / length;
    const bool upright = std::abs(dx) > std::abs(dy);
    out += text(at_x, at_y + 4, 12, kInk, words, (upright ? base::formatted("text-anchor=\"middle\" transform=\"rotate(-90 {:.1f} {:.1f})\"", at_x, at_y) : std::string("text-anchor=\"middle\"")).c_str());
  };
  door_label(venue_.entrance, "入口 In");
  door_label(venue_.exit, "出口 Out");
  // Below the wall, at whichever end no door has its name.
  const auto at_right = [&](const tracking::Door& door) { return f.y(door.at) > f.top + 0.5 * f.height() && f.x(door.at) > f.left + 0.5 * f.width(); };
  const double bar_y = f.top + f.height() + 22;
  const double bar_x = at_right(venue_.entrance) || at_right(venue_.exit) ? f.left + 36 : f.left + f.width() - 5 * f.scale;
  out += base::formatted("<path d=\"M{0:.1f} {1:.1f}v6h{2:.1f}v-6\" fill=\"none\" stroke=\"{3}\"/>\n", bar_x, bar_y - 4, 5 * f.scale, kFaint);
  out += text(bar_x - 8, bar_y + 4, 12, kFaint, "5 m", "text-anchor=\"end\"");
  return out;
}

std::string Picture::walk(const Frame& f, const PlayTrack& play, double from_s, double to_s, double width, double opacity) const {
  std::string points;
  int count = 0;
  for (const TrackPoint& point : play.points) {
    if (point.time_s < from_s || point.time_s > to_s) continue;
    points += base::formatted("{:.1f},{:.1f} ", f.x(point.at), f.y(point.at));
    ++count;
  }
  if (count < 2) return {};
  return base::formatted("<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" stroke-opacity=\"{}\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>\n", points, colour(play.film), width, opacity);
}

std::string Picture::moment(const Frame& f) const {
  std::string out;
  const double now = fullest_.time_s;
  for (const PlayTrack& play : tracks_.plays) {
    if (!play.seated) out += walk(f, play, 0.0, tracks_.seconds, 1.2, 0.16);
  }
  for (const PlayTrack& play : tracks_.plays) {
    if (play.begin_s() > now || play.end_s() < now) continue;
    for (int part = 0; part < 4; ++part) {  // the walk behind him, stronger towards now
      const double from = now - kTail * (4 - part) / 4.0;
      out += walk(f, play, from - 0.3, from + kTail / 4.0, 2.0 + 0.9 * part, 0.25 + 0.2 * part);
    }
  }
  for (const PlayTrack& play : tracks_.plays) {
    if (play.begin_s() > now || play.end_s() < now) continue;
    const auto after = std::ranges::find_if(play.points, [&](const TrackPoint& p) { return p.time_s >= now; });
    const HallPoint at = (after == play.points.end() ? play.points.back() : *after).at;
    if (!play.seated) {
      out += base::formatted("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\" fill=\"{}\" fill-opacity=\"0.10\" stroke=\"{}\" stroke-opacity=\"0.5\" stroke-dasharray=\"3 4\"/>\n", f.x(at), f.y(at), 0.5 * venue_.separation_m * f.scale, colour(play.film), colour(play.film));
    }
    out += base::formatted("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"8.5\" fill=\"{}\" stroke=\"#ffffff\" stroke-width=\"2\"/>\n", f.x(at), f.y(at), colour(play.film));
  }
  return out;
}

std::string Picture::legend(double left, double top) const {
  std::string out = text(left + kLegendWidth, top + 14, 12, kFaint, "放映次数 plays", "text-anchor=\"end\"");
  double y = top;
  for (const bool seated : {false, true}) {
    out += text(left, y + 14, 13, kFaint, seated ? "坐观式 Seated" : "行进式 Walking", "font-weight=\"600\" letter-spacing=\"0.4\"");
    y += 30;
    for (const PictureFilm& film : films_) {
      if (film.seated != seated) continue;
      const auto plays = std::ranges::count_if(tracks_.plays, [&](const PlayTrack& p) { return p.film == film.film; });
      out += base::formatted("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"8\" fill=\"{}\"/>\n", left + 8, y + 10, colour(film.film));
      out += text(left + 28, y + 10, 15, kInk, film.title_zh, "font-weight=\"600\"");
      out += text(left + 28, y + 27, 13, kFaint, film.title_en);
      out += text(left + kLegendWidth, y + 15, 15, kInk, std::to_string(plays), "text-anchor=\"end\" font-weight=\"600\"");
      y += 46;
    }
    y += 14;
  }
  return out;
}

std::string Picture::strip(double top, double& bottom) const {
  constexpr double kLabel = 210.0, kLane = 7.0;
  const double left = kMargin + kLabel, width = kWidth - kMargin - left;
  const double end = std::max(1.0, tracks_.seconds);
  const auto at = [&](double time) { return left + width * time / end; };
  std::string rows, out;
  out += text(kMargin, top, 17, kInk, "谁在何时看哪部影片  Who watched which film when", "font-weight=\"600\"");
  double y = top + 22;
  for (const PictureFilm& film : films_) {
    std::vector<double> lanes;  // end of the last play in each
    std::string bars;
    for (const PlayTrack& play : tracks_.plays) {
      if (play.film != film.film) continue;
      std::size_t lane = 0;
      while (lane < lanes.size() && lanes[lane] > play.begin_s()) ++lane;
      if (lane == lanes.size()) lanes.push_back(0.0);
      lanes[lane] = play.end_s();
      bars += base::formatted("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{}\" rx=\"2.5\" fill=\"{}\"{}/>\n", at(play.begin_s()), y + static_cast<double>(lane) * (kLane + 2), std::max(2.0, at(play.end_s()) - at(play.begin_s())), kLane, colour(film.film), play.completed ? "" : " fill-opacity=\"0.4\"");
    }
    const double height = std::max(22.0, static_cast<double>(lanes.size()) * (kLane + 2));
    rows += text(kMargin, y + 9, 13, kInk, film.title_zh + "  " + film.title_en);
    rows += bars;
    rows += base::formatted("<line x1=\"{}\" y1=\"{:.1f}\" x2=\"{}\" y2=\"{:.1f}\" stroke=\"#e3e8ec\"/>\n", kMargin, y + height, kWidth - kMargin, y + height);
    y += height + 6;
  }
  const double step = end > 1200 ? 300 : end > 300 ? 60 : 30;
  for (double t = 0; t <= end; t += step) {
    out += base::formatted("<line x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{0:.1f}\" y2=\"{2:.1f}\" stroke=\"#e3e8ec\"/>\n", at(t), top + 14, y);
    out += text(at(t), y + 16, 12, kFaint, clock(t), "text-anchor=\"middle\"");
  }
  out += rows;
  out += base::formatted("<line x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{0:.1f}\" y2=\"{2:.1f}\" stroke=\"{3}\" stroke-width=\"1.5\" stroke-dasharray=\"5 4\"/>\n", at(fullest_.time_s), top + 8, y, kInk);
  bottom = y + 30;
  return out;
}

std::string Picture::singles(double top, double& bottom) const {
  std::string out = text(kMargin, top, 17, kInk, "每部行进影片的足迹  Each walking film by itself", "font-weight=\"600\"");
  constexpr int kColumns = 3;
  const double gap = 28, width = (kWidth - 2 * kMargin - gap * (kColumns - 1)) / kColumns;
  int n = 0;
  double y = top + 20;
  for (const PictureFilm& film : films_) {
    if (film.seated) continue;
    const int column = n++ % kColumns;
    const Frame f = frame(kMargin + column * (width + gap), y, width);
    out += hall(f, false);
    for (const PlayTrack& play : tracks_.plays) {
      if (play.film != film.film) continue;
      out += walk(f, play, 0.0, tracks_.seconds, 1.6, 0.55);
      for (double t = std::ceil(play.begin_s() / 10.0) * 10.0; t < play.end_s(); t += 10.0) {
        const auto point = std::ranges::find_if(play.points, [&](const TrackPoint& p) { return p.time_s >= t; });
        if (point == play.points.end()) break;
        out += base::formatted("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2\" fill=\"{}\"/>\n", f.x(point->at), f.y(point->at), colour(film.film));
      }
    }
    out += text(f.left, f.top + f.height() + 18, 14, colour(film.film), film.title_zh + "  " + film.title_en, "font-weight=\"600\"");
    if (column == kColumns - 1) y += f.height() + 44;
    bottom = f.top + f.height() + 44;
  }
  return out;
}

std::string Picture::draw() {
  const double plan_width = kWidth - 2 * kMargin - kLegendWidth - 56;
  const Frame f = frame(kMargin + 6, kPlanTop, plan_width);
  std::string body;
  const std::string heading = venue_.name.zh + "  " + venue_.name.en;
  body += text(kMargin, 58, 27, kInk, heading, "font-weight=\"700\"");
  body += text(kMargin, 88, 15, kFaint,
               base::formatted("最满的一刻 {0}：{1} 人，各看自选的影片；淡线是全程足迹。 The fullest moment, {0}: {1} viewers, each watching a film of their choice; faint lines are the whole run.",
                           clock(fullest_.time_s), fullest_.plays));
  body += text(kMargin, 109, 13, kFaint, base::formatted("虚线圈：计划间距 {0:.1f} m 的一半  Dashed rings: half of the planned separation, {0:.1f} m", venue_.separation_m));
  body += hall(f, true);
  body += moment(f);
  body += legend(f.left + f.width() + 50, f.top);
  double bottom = f.top + std::max(f.height(), 9 * 46.0 + 90.0) + 62;
  body += strip(bottom, bottom);
  body += singles(bottom + 20, bottom);
  return base::formatted("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1:.0f}\" viewBox=\"0 0 {0} {1:.0f}\" font-family=\"'Noto Sans CJK SC','Noto Sans SC',sans-serif\">\n<rect width=\"100%\" height=\"100%\" fill=\"#f7f8f9\"/>\n",
                     kWidth, bottom) +
         body + "</svg>\n";
}

}  // namespace

Fullest fullest_moment(const Tracks& tracks) {
  Fullest best;
  for (const PlayTrack& candidate : tracks.plays) {  // the maximum is reached at some play's beginning
    const double t = candidate.begin_s();
    const int running = static_cast<int>(std::ranges::count_if(tracks.plays, [&](const PlayTrack& p) { return p.begin_s() <= t && p.end_s() > t; }));
    if (running > best.plays) best = {t, running};
  }
  if (best.plays == 0) return best;
  double until = tracks.seconds;  // the middle of that stretch shows more of it than its first instant
  for (const PlayTrack& p : tracks.plays) {
    if (p.begin_s() <= best.time_s && p.end_s() > best.time_s) until = std::min(until, p.end_s());
    if (p.begin_s() > best.time_s) until = std::min(until, p.begin_s());
  }
  best.time_s = (best.time_s + until) / 2.0;
  return best;
}

std::string draw_hall(const tracking::Venue& venue, const std::vector<PictureFilm>& films, const Tracks& tracks) {
  return Picture(venue, films, tracks).draw();
}

}  // namespace promenade::rehearsal
