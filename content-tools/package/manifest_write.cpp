#include <nlohmann/json.hpp>
#include <utility>

#include "content-tools/package/manifest.h"
#include "content-tools/package/manifest_names.h"

namespace promenade::package {
namespace {

using nlohmann::json;

json to_json(const StoryTime& at) { return {{"scene", at.scene}, {"time_s", at.time_s}}; }

json to_json(const FilmPoint& point) { return json::array({point.x_m, point.y_m}); }

json to_json(const Route& route) {
  json scenes = json::array();
  for (const Scene& s : route.scenes) {
    json scene = {{"name", s.name},
                  {"at_m", to_json(s.at)},
                  {"free_radius_m", s.free_radius_m},
                  {"dwell_s", s.dwell_s},
                  {"hold_max_s", s.hold_max_s}};
    if (s.loop_s != 0.0) scene["loop_s"] = s.loop_s;
    if (s.group_radius_m != 0.0) scene["group_radius_m"] = s.group_radius_m;
    if (s.choose_s != 0.0) scene["choose_s"] = s.choose_s;
    if (s.next) {
      scene["next"] = json::array();
      for (const Next& next : *s.next) {
        json one = {{"scene", next.scene}};
        if (!next.text.empty()) one["text"] = next.text;
        scene["next"].push_back(std::move(one));
      }
    }
    scenes.push_back(std::move(scene));
  }
  return {{"scenes", std::move(scenes)},
          {"walk_speed_mps", route.walk_speed_mps},
          {"hold_total_max_s", route.hold_total_max_s},
          {"mirrorable", route.mirrorable},
          {"scale_min", route.scale_min},
          {"scale_max", route.scale_max},
          {"group_max", route.group_max},
          {"headway_min_s", route.headway_min_s}};
}

json story_json(const Manifest& m) {
  json out = {{"format_version", m.format_version},
              {"film", m.film.value()},
              {"permit_number", m.permit_number},
              {"titles", m.titles},
              {"synopses", m.synopses},
              {"kind", to_text(m.kind)},
              {"length_s", m.length_s},
              {"age_min_years", m.age_min_years},
              {"comfort", to_text(m.comfort)},
              {"ai_content", to_text(m.ai_content)},
              {"accessibility",
               {{"described_audio", m.accessibility.described_audio},
                {"sign_language", m.accessibility.sign_language},
                {"captions", m.accessibility.captions}}},
              {"languages", m.languages},
              {"distributor", m.distributor},
              {"signer", base::to_hex(m.signer)}};
  if (m.route) out["route"] = to_json(*m.route);
  if (m.place) out["place"] = {{"seat", to_text(m.place->seat)}, {"radius_m", m.place->radius_m}};
  return out;
}

json parts_json(const Manifest& m) {
  json tracks = json::array();
  for (const Track& t : m.tracks) {
    tracks.push_back({{"name", t.name}, {"kind", to_text(t.kind)}, {"language", t.language}, {"codec", t.codec}, {"path", t.path}});
  }
  json sounds = json::array();
  for (const Sound& s : m.sounds) {
    json sound = {{"path", s.path}, {"scene", s.at.scene}, {"time_s", s.at.time_s}, {"loop", s.loop},
                  {"whole_film", s.whole_film}, {"gain_db", s.gain_db}, {"ambisonic", s.ambisonic}};
    if (s.source) sound.update({{"at_m", to_json(s.source->at)}, {"height_m", s.source->height_m}});
    sounds.push_back(std::move(sound));
  }
  json subtitles = json::array();
  for (const SubtitleTrack& t : m.subtitles) {
    json lines = json::array();
    for (const SubtitleLine& l : t.lines) {
      lines.push_back({{"scene", l.scene}, {"start_s", l.start_s}, {"end_s", l.end_s}, {"text", l.text}});
    }
    subtitles.push_back({{"language", t.language}, {"lines", std::move(lines)}});
  }
  json cues = json::array();
  for (const Cue& c : m.cues) cues.push_back({{"scene", c.at.scene}, {"time_s", c.at.time_s}, {"name", c.name}});
  json chunks = json::array();
  for (const Chunk& c : m.chunks) {
    json chunk = {{"index", c.index}, {"name", c.name}, {"size", c.size}, {"plain_size", c.plain_size},
                  {"hash", base::to_hex(c.hash)}, {"needed_by", to_json(c.needed_by)}};
    if (c.key_id) chunk["key_id"] = base::to_hex(*c.key_id);
    chunks.push_back(std::move(chunk));
  }
  json files = json::array();
  for (const FileEntry& f : m.files) {
    files.push_back({{"path", f.path}, {"size", f.size}, {"hash", base::to_hex(f.hash)},
                     {"first_chunk", f.first_chunk}, {"first_segment", f.first_segment}, {"segments", f.segments},
                     {"needed_by", to_json(f.needed_by)}});
  }
  json out = {{"tracks", std::move(tracks)}, {"subtitles", std::move(subtitles)}, {"cues", std::move(cues)},
              {"chunks", std::move(chunks)}, {"files", std::move(files)}};
  // Optional keys stand only where they say something: a film has one canonical form.
  if (!sounds.empty()) out["sounds"] = std::move(sounds);
  if (m.video) out["video"] = {{"layout", to_text(m.video->layout)}, {"span_deg", m.video->span_deg}};
  return out;
}

}  // namespace

std::string_view to_text(FilmKind v) { return name_of(kKinds, v); }
std::string_view to_text(Comfort v) { return name_of(kComforts, v); }
std::string_view to_text(AiContent v) { return name_of(kAiContents, v); }
std::string_view to_text(SeatKind v) { return name_of(kSeats, v); }
std::string_view to_text(TrackKind v) { return name_of(kTracks, v); }
std::string_view to_text(VideoLayout v) { return name_of(kLayouts, v); }

base::Bytes manifest_bytes(const Manifest& manifest) {
  json out = story_json(manifest);
  out.update(parts_json(manifest));
  const std::string text = out.dump();
  return {text.begin(), text.end()};
}

}  // namespace promenade::package
