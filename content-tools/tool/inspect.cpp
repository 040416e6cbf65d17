#include "content-tools/tool/inspect.h"

#include <algorithm>

#include "content-tools/package/subtitles.h"
#include "content-tools/package/text.h"
#include "tracking/base/formatted.h"

namespace promenade::film_tool {
namespace {

using package::Manifest;

// Rows of cells as columns of even width; the first row is the heading. Numbers stand to the right.
class Columns {
 public:
  explicit Columns(std::string right) : right_(std::move(right)) {}  // one letter a column: 'l' or 'r'
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  std::string text() const {
    std::vector<int> widths(right_.size(), 0);
    for (const auto& row : rows_) {
      for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], package::display_width(row[c]));
    }
    std::string out;
    for (const auto& row : rows_) {
      std::string line = "  ";
      for (std::size_t c = 0; c < row.size(); ++c) {
        const std::string pad(static_cast<std::size_t>(widths[c] - package::display_width(row[c])), ' ');
        line += right_[c] == 'r' ? pad + row[c] : row[c] + pad;
        line += "  ";
      }
      line.erase(line.find_last_not_of(' ') + 1);
      out += line + "\n";
    }
    return out;
  }

 private:
  std::string right_;
  std::vector<std::vector<std::string>> rows_;
};

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : std::string(between)) + part;
  return out;
}

std::string minutes(double length_s) {
  const int seconds = static_cast<int>(length_s + 0.5);
  return base::formatted("{}:{:02} min", seconds / 60, seconds % 60);
}

std::string story_time(const Manifest& m, const package::StoryTime& at) {
  if (!m.route) return base::formatted("{:.1f} s", at.time_s);
  return base::formatted("scene {} + {:.1f} s", at.scene + 1, at.time_s);
}

std::string head(const Manifest& m, std::uint64_t stored_size) {
  std::vector<std::string> titles;
  for (const std::string& language : m.languages) titles.push_back(m.title(language));
  std::vector<std::string> access;
  if (m.accessibility.captions) access.push_back("captions");
  if (m.accessibility.described_audio) access.push_back("described audio");
  if (m.accessibility.sign_language) access.push_back("sign language");
  std::string out = joined(titles, " · ") + "\n";
  out += base::formatted("{} film, {}, {} motion, {}\n\n", package::to_text(m.kind), minutes(m.length_s),
                     package::to_text(m.comfort),
                     m.age_min_years == 0 ? "for everybody" : base::formatted("from age {}", m.age_min_years));
  Columns facts("ll");
  facts.row({"Film code", m.film.value()});
  facts.row({"Permit", m.permit_number});
  facts.row({"Distributor", m.distributor});
  facts.row({"Languages", joined(m.languages, ", ")});
  facts.row({"Accessibility", access.empty() ? "none stated" : joined(access, ", ")});
  facts.row({"AI content", std::string(package::to_text(m.ai_content))});
  facts.row({"Signed by", base::to_hex(m.signer)});
  if (stored_size > 0) facts.row({"Package size", base::formatted("{} bytes", stored_size)});
  return out + facts.text();
}

// Where the legs from a scene lead to is said only where it is not to the scene below.
std::string legs_of(const package::Route& route, std::uint32_t scene) {
  const std::vector<std::uint32_t> next = package::followers(route, scene);
  if (next.empty()) return "end";
  std::string legs;
  for (const std::uint32_t to : next) {
    legs += (legs.empty() ? "" : ", ") + base::formatted("{:.2f}", package::leg_length_m(route, scene, to));
    if (next.size() > 1 || to != scene + 1) legs += base::formatted(" to {}", to + 1);
  }
  return legs;
}

std::string route_part(const Manifest& m) {
  if (m.place) {
    return base::formatted("\nPlace: {}, the head within {:.1f} m\n",
                       m.place->seat == package::SeatKind::swivel_chair ? "swivel chair" : "fixed chair",
                       m.place->radius_m);
  }
  const package::Route& route = *m.route;
  double walk_m = 0.0;
  const std::vector<std::uint32_t> seen = package::default_scenes(route);
  for (std::size_t i = 0; i + 1 < seen.size(); ++i) walk_m += package::leg_length_m(route, seen[i]);
  const auto [left, right] = std::ranges::minmax(route.scenes, {}, [](const auto& s) { return s.at.x_m; });
  const auto [near, far] = std::ranges::minmax(route.scenes, {}, [](const auto& s) { return s.at.y_m; });
  std::string out = base::formatted("\nRoute: {} scenes over {:.1f} x {:.1f} m, {:.1f} m of walking at {:.2f} m/s, holds up to {:.0f} s in all\n",
                                route.scenes.size(), right.at.x_m - left.at.x_m, far.at.y_m - near.at.y_m, walk_m,
                                route.walk_speed_mps, route.hold_total_max_s);
  out += base::formatted("  {}, groups of up to {}, {}\n", route.mirrorable ? "may be mirrored" : "not mirrored", route.group_max,
                     route.headway_min_s > 0 ? base::formatted("the next viewer may follow after {:.0f} s", route.headway_min_s)
                                             : "nobody may follow in the same placement");
  Columns table("rlrrrrrrr");
  table.row({"#", "scene", "begins", "x m", "y m", "free m", "dwell s", "hold s", "leg m"});
  const auto starts = package::scene_starts_s(m);
  for (std::size_t i = 0; i < route.scenes.size(); ++i) {
    const package::Scene& s = route.scenes[i];
    table.row({base::formatted("{}", i + 1), s.name, base::formatted("{:.1f} s", starts[i]), base::formatted("{:.2f}", s.at.x_m),
               base::formatted("{:.2f}", s.at.y_m), base::formatted("{:.2f}", s.free_radius_m), base::formatted("{:.1f}", s.dwell_s),
               base::formatted("{:.1f}", s.hold_max_s),
               legs_of(route, static_cast<std::uint32_t>(i))});
  }
  if (package::has_choices(route)) {
    out += base::formatted("  the viewer chooses; {} routes lead through the film, and the length is that of who never chooses\n", package::complete_routes(route).size());
  }
  return out + table.text();
}

std::string sounds_part(const Manifest& m) {
  if (m.sounds.empty()) return "";
  Columns sounds("llrll");
  sounds.row({"file", "begins", "dB", "from", "lasts"});
  for (const auto& s : m.sounds) {
    const std::string from = s.source ? base::formatted("{:.1f}, {:.1f}, {:.1f} m up", s.source->at.x_m, s.source->at.y_m, s.source->height_m)
                                      : s.ambisonic ? "ambisonic" : "all round";
    const std::string lasts = !s.loop ? "once" : s.whole_film || m.place ? "to the end" : "through the scene";
    sounds.row({s.path, s.whole_film ? base::formatted("{:.1f} s of the play", s.at.time_s) : story_time(m, s.at),
                base::formatted("{:.1f}", s.gain_db), from, lasts});
  }
  return "Sounds\n" + sounds.text();
}

std::string content_part(const Manifest& m) {
  std::string out = "\nSubtitles:";
  for (const auto& track : m.subtitles) out += base::formatted(" {} ({} lines)", track.language, track.lines.size());
  out += m.subtitles.empty() ? " none\n" : "\n";
  if (!m.cues.empty()) {
    out += "Cues\n";
    Columns cues("ll");
    for (const auto& cue : m.cues) cues.row({story_time(m, cue.at), cue.name});
    out += cues.text();
  }
  if (!m.tracks.empty()) {
    out += "Tracks\n";
    Columns tracks("lllll");
    tracks.row({"name", "kind", "language", "codec", "file"});
    for (const auto& t : m.tracks) {
      tracks.row({t.name, std::string(package::to_text(t.kind)), t.language.empty() ? "-" : t.language, t.codec, t.path});
    }
    out += tracks.text();
  }
  if (m.video) out += base::formatted("Video: {}, {} degrees\n", package::to_text(m.video->layout), m.video->span_deg);
  out += sounds_part(m);
  out += "Files\n";
  Columns files("lrrl");
  files.row({"path", "bytes", "chunk", "needed by"});
  for (const auto& f : m.files) {
    files.row({f.path, base::formatted("{}", f.size), base::formatted("{}", f.first_chunk), story_time(m, f.needed_by)});
  }
  out += files.text() + "Chunks\n";
  Columns chunks("lrll");
  chunks.row({"name", "bytes", "sealed", "needed by"});
  for (const auto& c : m.chunks) {
    chunks.row({c.name, base::formatted("{}", c.size), c.key_id ? base::to_hex(*c.key_id) : "no", story_time(m, c.needed_by)});
  }
  return out + chunks.text();
}

}  // namespace

std::string inspect_text(const Manifest& manifest, std::uint64_t stored_size) {
  return head(manifest, stored_size) + route_part(manifest) + content_part(manifest);
}

}  // namespace promenade::film_tool
