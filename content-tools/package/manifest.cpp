#include "content-tools/package/manifest.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "content-tools/package/text.h"
#include "tracking/base/formatted.h"

namespace promenade::package {
namespace {

constexpr double kMaxLength_s = 6.0 * 3600.0;
constexpr std::size_t kNextText = 60;  // bytes that stand beside a way in the headset

class ManifestChecker {
 public:
  explicit ManifestChecker(std::string file) : file_(std::move(file)) {}
  void add(std::string code, std::string key, std::string message, std::string expected,
           base::Severity severity = base::Severity::error) {
    if (findings_.size() >= 100) return;  // a hostile input must not make a finding for each of its bytes
    findings_.push_back(
        {severity, std::move(code), file_, 0, std::move(key), std::move(message), std::move(expected)});
  }
  void text(const std::string& key, std::string_view text, std::size_t size_max, bool may_be_empty = false) {
    if (!is_utf8(text) || has_control(text)) {
      add("text-malformed", key, "The text is not valid UTF-8 or has control characters.", "Save it as plain UTF-8.");
    } else if ((text.empty() && !may_be_empty) || text.size() > size_max) {
      add("text-length", key, base::formatted("The text has {} bytes.", text.size()),
          base::formatted("Give {} to {} bytes.", may_be_empty ? 0 : 1, size_max));
    }
  }
  void range(const std::string& key, double value, double low, double high, std::string_view unit) {
    if (std::isfinite(value) && value >= low && value <= high) return;
    add("out-of-range", key, base::formatted("The value is {}.", value),
        base::formatted("Give a number from {} to {}{}.", low, high, unit));
  }
  void append(base::Findings findings) {
    findings_.insert(findings_.end(), std::make_move_iterator(findings.begin()),
                     std::make_move_iterator(findings.end()));
  }
  base::Findings take() { return std::move(findings_); }

 private:
  std::string file_;
  base::Findings findings_;
};

void check_texts(const TextByLanguage& texts, const std::string& key, const std::vector<std::string>& languages,
                 std::size_t size_max, ManifestChecker& check) {
  for (const auto& [language, text] : texts) {
    if (!is_language_tag(language)) {
      check.add("language-malformed", key, base::formatted("\"{}\" is not a language tag.", language),
                "Use tags like \"zh\" or \"zh-HK\".");
    }
    check.text(key + "." + language, text, size_max);
  }
  for (const std::string& language : languages) {
    if (!texts.contains(language)) {
      check.add("language-missing", key, base::formatted("There is no text in \"{}\".", language),
                "Give one for every language of the film.");
    }
  }
}

void check_identity(const Manifest& m, ManifestChecker& check) {
  if (m.format_version != kFormatVersion) {
    check.add("version-unknown", "format_version", base::formatted("The format version is {}.", m.format_version),
              base::formatted("This program reads version {}.", kFormatVersion));
  }
  if (!is_film_code(m.film.value())) {
    check.add("film-code-malformed", "film", base::formatted("\"{}\" is not a film code.", m.film.value()),
              "Give 12 digits: 3 country, 1 version, 4 serial, 4 year.");
  }
  check.text("permit_number", m.permit_number, 100);
  check.text("distributor", m.distributor, 200);
  if (m.languages.empty()) {
    check.add("language-missing", "languages", "The film has no language.", "Name at least one.");
  }
  std::set<std::string> seen;
  for (std::size_t i = 0; i < m.languages.size(); ++i) {
    const std::string key = base::formatted("languages[{}]", i);
    if (!is_language_tag(m.languages[i])) {
      check.add("language-malformed", key, base::formatted("\"{}\" is not a language tag.", m.languages[i]),
                "Use tags like \"zh\" or \"zh-HK\".");
    }
    if (!seen.insert(m.languages[i]).second) {
      check.add("name-twice", key, "The language is named twice.", "Name it once.");
    }
  }
  check_texts(m.titles, "titles", m.languages, 200, check);
  check_texts(m.synopses, "synopses", m.languages, 4000, check);
  check.range("length_s", m.length_s, 1.0, kMaxLength_s, " s");
  check.range("age_min_years", m.age_min_years, 0, 21, " years");
}

void check_kind(const Manifest& m, const std::string& file, ManifestChecker& check) {
  const bool walking = m.kind == FilmKind::walking;
  if (walking != m.route.has_value()) {
    check.add(walking ? "route-missing" : "route-unexpected", "route",
              walking ? "A walking film needs a route." : "A seated film has no route.",
              walking ? "Add the route." : "Remove it, or make the film a walking film.");
  }
  if (walking == m.place.has_value()) {
    check.add(walking ? "place-unexpected" : "place-missing", "place",
              walking ? "A walking film has no place." : "A seated film needs a place.",
              walking ? "Remove it, or make the film a seated film." : "Add the place with its seat and radius.");
  }
  if (m.place) check.range("place.radius_m", m.place->radius_m, 0.3, 2.0, " m");
  if (!m.route) return;
  base::Findings route = check_route(*m.route, file, "route");
  const bool sound = !base::has_errors(route);
  check.append(std::move(route));
  if (!sound) return;
  for (std::size_t i = 0; i < m.route->scenes.size(); ++i) {
    const Scene& scene = m.route->scenes[i];
    check.text(base::formatted("route.scenes[{}].name", i), scene.name, 100);
    for (std::size_t k = 0; scene.next && k < scene.next->size(); ++k) {
      const bool chosen = scene.next->size() > 1;
      check_texts((*scene.next)[k].text, base::formatted("route.scenes[{}].next[{}].text", i, k), chosen ? m.languages : std::vector<std::string>{}, kNextText, check);
    }
  }
  const double nominal_s = nominal_length_s(*m.route);
  if (std::abs(nominal_s - m.length_s) > 1.0) {
    check.add("length-mismatch", "length_s",
              base::formatted("The length is {} s, the route's dwells and legs take {:.1f} s.", m.length_s, nominal_s),
              "Make them agree within one second.");
  }
}

// How long scene `scene` lasts with the leg that follows it.
double scene_span_s(const Manifest& m, std::uint32_t scene) {
  if (!m.route) return m.length_s;
  return m.route->scenes[scene].dwell_s + leg_after_s(*m.route, scene);
}

bool check_scene_index(const Manifest& m, std::uint32_t scene, const std::string& key, ManifestChecker& check) {
  if (scene < m.scene_count()) return true;
  check.add("scene-unknown", key, base::formatted("There is no scene {}.", scene),
            base::formatted("The film has scenes 0 to {}.", m.scene_count() - 1));
  return false;
}

void check_story_time(const Manifest& m, const StoryTime& at, const std::string& key, ManifestChecker& check) {
  if (check_scene_index(m, at.scene, key + ".scene", check)) {
    check.range(key + ".time_s", at.time_s, 0.0, scene_span_s(m, at.scene) + 1e-6, " s, the scene with its leg");
  }
}

void check_subtitles(const Manifest& m, ManifestChecker& check) {
  std::set<std::string> seen;
  for (std::size_t t = 0; t < m.subtitles.size(); ++t) {
    const SubtitleTrack& track = m.subtitles[t];
    const std::string key = base::formatted("subtitles[{}]", t);
    if (!is_language_tag(track.language) || !seen.insert(track.language).second) {
      check.add("language-malformed", key + ".language",
                base::formatted("\"{}\" is not a language tag, or comes twice.", track.language),
                "Give one track a language, with tags like \"zh\".");
    }
    for (std::size_t i = 0; i < track.lines.size(); ++i) {
      const SubtitleLine& line = track.lines[i];
      const std::string at = base::formatted("{}.lines[{}]", key, i);
      check.text(at + ".text", line.text, 400);
      if (!check_scene_index(m, line.scene, at + ".scene", check)) continue;
      check.range(at + ".start_s", line.start_s, 0.0, line.end_s - 1e-6, " s, before its end");
      check.range(at + ".end_s", line.end_s, 0.0, scene_span_s(m, line.scene) + 1e-6, " s, the scene with its leg");
      if (i > 0 && std::pair(line.scene, line.start_s) <
                       std::pair(track.lines[i - 1].scene, track.lines[i - 1].end_s - 1e-6)) {
        check.add("subtitle-overlap", at, "The line begins before the line above it ends.", "Put them in order.");
      }
    }
  }
}

void check_named_parts(const Manifest& m, ManifestChecker& check) {
  for (std::size_t i = 0; i < m.cues.size(); ++i) {
    const std::string key = base::formatted("cues[{}]", i);
    check.text(key + ".name", m.cues[i].name, 100);
    check_story_time(m, m.cues[i].at, key, check);
  }
  std::set<std::string> names;
  for (std::size_t i = 0; i < m.tracks.size(); ++i) {
    const Track& track = m.tracks[i];
    const std::string key = base::formatted("tracks[{}]", i);
    check.text(key + ".name", track.name, 100);
    check.text(key + ".codec", track.codec, 40);
    if (!names.insert(track.name).second) {
      check.add("name-twice", key + ".name", base::formatted("Another track is named \"{}\" too.", track.name),
                "Give every track a name of its own.");
    }
    if (!track.language.empty() && !is_language_tag(track.language)) {
      check.add("language-malformed", key + ".language", base::formatted("\"{}\" is not a language tag.", track.language),
                "Use tags like \"zh\" or \"zh-HK\".");
    }
    if (!is_package_path(track.path)) {
      check.add("path-malformed", key + ".path", "The path cannot stand in a package.",
                "Give a relative path with '/' between its parts.");
    }
  }
}

void check_sounds(const Manifest& m, ManifestChecker& check) {
  for (std::size_t i = 0; i < m.sounds.size(); ++i) {
    const Sound& sound = m.sounds[i];
    const std::string key = base::formatted("sounds[{}]", i);
    if (!is_package_path(sound.path)) {
      check.add("path-malformed", key + ".path", "The path cannot stand in a package.",
                "Give a relative path with '/' between its parts.");
    }
    if (!sound.whole_film) {
      check_story_time(m, sound.at, key, check);
    } else if (sound.at.scene != 0) {
      check.add("scene-unexpected", key + ".scene", "A sound of the whole film goes by the play's own seconds.",
                "Leave out the scene, or whole_film.");
    } else {
      check.range(key + ".time_s", sound.at.time_s, 0.0, m.length_s, " s, the film's length");
    }
    check.range(key + ".gain_db", sound.gain_db, -60.0, 12.0, " dB");
    if (!sound.source) continue;
    check.range(key + ".at_m[0]", sound.source->at.x_m, -1000.0, 1000.0, " m");
    check.range(key + ".at_m[1]", sound.source->at.y_m, -1000.0, 1000.0, " m");
    check.range(key + ".height_m", sound.source->height_m, -100.0, 1000.0, " m");
    if (sound.ambisonic) {
      check.add("sound-placed-twice", key + ".ambisonic", "An ambisonic sound comes from all round and has no place.",
                "Leave out at_m and height_m, or ambisonic.");
    }
  }
}

void check_video(const Manifest& m, ManifestChecker& check) {
  if (!m.video) return;
  if (m.kind != FilmKind::seated) {
    check.add("video-unexpected", "video", "A walking film has a world, not a video.",
              "Remove it, or make the film a seated film.");
  } else if (std::ranges::find(m.tracks, TrackKind::video, &Track::kind) == m.tracks.end()) {
    check.add("video-missing", "video", "The film has no track of kind \"video\".", "Add the track.");
  }
  if (m.video->span_deg != 180 && m.video->span_deg != 360) {
    check.add("out-of-range", "video.span_deg", base::formatted("The value is {}.", m.video->span_deg), "Give 180 or 360.");
  }
}

void check_files(const Manifest& m, ManifestChecker& check) {
  std::set<std::string> paths;
  for (std::size_t i = 0; i < m.files.size(); ++i) {
    const std::string key = base::formatted("files[{}]", i);
    if (!is_package_path(m.files[i].path)) {
      check.add("path-malformed", key + ".path", "The path cannot stand in a package.",
                "Give a relative path with '/' between its parts.");
    } else if (!paths.insert(m.files[i].path).second) {
      check.add("name-twice", key + ".path", base::formatted("The file \"{}\" comes twice.", m.files[i].path),
                "Name each file once.");
    }
    check_story_time(m, m.files[i].needed_by, key + ".needed_by", check);
  }
  for (std::size_t i = 0; i < m.chunks.size(); ++i) {
    check_story_time(m, m.chunks[i].needed_by, base::formatted("chunks[{}].needed_by", i), check);
  }
  for (std::size_t i = 0; i < m.tracks.size(); ++i) {
    if (!paths.contains(m.tracks[i].path)) {
      check.add("file-missing", base::formatted("tracks[{}].path", i),
                base::formatted("The package has no file \"{}\".", m.tracks[i].path), "Pack it, or remove the track.");
    }
  }
  for (std::size_t i = 0; i < m.sounds.size(); ++i) {
    if (!paths.contains(m.sounds[i].path)) {
      check.add("file-missing", base::formatted("sounds[{}].path", i),
                base::formatted("The package has no file \"{}\".", m.sounds[i].path), "Pack it, or remove the sound.");
    }
  }
}

}  // namespace

const std::string& text_in(const TextByLanguage& texts, std::string_view language) {
  static const std::string kNone;
  const auto exact = texts.find(std::string(language));
  if (exact != texts.end()) return exact->second;
  const auto primary = texts.find(std::string(language.substr(0, language.find('-'))));
  if (primary != texts.end()) return primary->second;
  const auto english = texts.find("en");
  if (english != texts.end()) return english->second;
  return texts.empty() ? kNone : texts.begin()->second;
}

const std::string& Manifest::title(std::string_view language) const { return text_in(titles, language); }
const std::string& Manifest::synopsis(std::string_view language) const { return text_in(synopses, language); }

base::Findings check_story(const Manifest& manifest, const std::string& file) {
  ManifestChecker check(file);
  check_identity(manifest, check);
  check_kind(manifest, file, check);
  base::Findings findings = check.take();
  // Times are measured against scenes and legs, which must be right for that.
  if (base::has_errors(findings)) return findings;
  check.append(std::move(findings));
  check_subtitles(manifest, check);
  check_named_parts(manifest, check);
  check_sounds(manifest, check);
  check_video(manifest, check);
  return check.take();
}

base::Findings check_manifest(const Manifest& manifest, const std::string& file) {
  ManifestChecker check(file);
  base::Findings story = check_story(manifest, file);
  const bool sound = !base::has_errors(story);
  check.append(std::move(story));
  if (sound) check_files(manifest, check);
  return check.take();
}

bool is_film_code(std::string_view text) {
  return text.size() == 12 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_package_path(std::string_view path) {
  if (path.empty() || path.size() > 255 || !is_utf8(path) || has_control(path)) return false;
  if (path.find_first_of("\\\n") != std::string_view::npos) return false;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view part = path.substr(at, end - at);
    if (part.empty() || part == "." || part == "..") return false;
    at = end + 1;
  }
  return true;
}

bool is_language_tag(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() < 2 || text.size() > 35) return false;
  std::size_t part = 0;
  for (std::size_t at = 0; at <= text.size(); ++part) {
    const std::size_t end = std::min(text.find('-', at), text.size());
    const std::string_view piece = text.substr(at, end - at);
    const bool letters = std::ranges::all_of(piece, is_letter);
    const bool both = std::ranges::all_of(piece, [&](char c) { return is_letter(c) || is_digit(c); });
    if (piece.empty() || piece.size() > 8 || (part == 0 ? !letters || piece.size() < 2 : !both)) return false;
    at = end + 1;
  }
  return true;
}

}  // namespace promenade::package
