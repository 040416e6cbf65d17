#pragma once
// Films for the tests of packages: small, valid, and the same each time.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "content-tools/package/package.h"

namespace promenade::package::testing {

inline base::KeyPair key(std::uint8_t number = 7) {
  base::KeySeed seed{};
  seed.fill(number);
  return base::KeyPair::from_seed(seed);
}

inline Scene scene(std::string name, double x_m, double y_m) {
  return {std::move(name), {x_m, y_m}, 0.5, 8.0, 20.0};
}

// Two scenes, 1.4 m apart: 8 + 2 + 8 seconds.
inline Manifest walking_film() {
  Manifest m;
  m.film = base::FilmId{"001199992026"};
  m.permit_number = "演示虚字[2026]第099号";
  m.titles = {{"zh", "试片"}, {"en", "Trial"}};
  m.synopses = {{"zh", "一句话。"}, {"en", "One sentence."}};
  m.length_s = 18.0;
  m.languages = {"zh", "en"};
  m.distributor = "Tests";
  m.route = Route{};
  m.route->scenes = {scene("first", 0.0, 0.0), scene("second", 0.0, 1.4)};
  m.route->hold_total_max_s = 40.0;
  m.subtitles = {{"zh", {{0, 1.0, 2.0, "你好"}, {1, 0.5, 2.5, "再见"}}}, {"en", {{0, 1.0, 2.0, "Hello"}}}};
  m.cues = {{{0, 4.0}, "start"}, {{1, 4.0}, "finish"}};
  return m;
}

inline Manifest seated_film() {
  Manifest m = walking_film();
  m.kind = FilmKind::seated;
  m.route.reset();
  m.place = Place{SeatKind::fixed_chair, 0.8};
  for (SubtitleTrack& track : m.subtitles) {
    for (SubtitleLine& line : track.lines) line.scene = 0;
    if (track.lines.size() > 1) track.lines[1] = {0, 3.0, 4.0, track.lines[1].text};
  }
  m.cues.clear();
  return m;
}

// The same with all that a film may show and sound like.
inline Manifest sounding_film() {
  Manifest m = walking_film();
  m.route->scenes[1].loop_s = 4.0;
  m.tracks = {{"world", TrackKind::world, "", "glb", "world/world.glb"}};
  m.sounds = {{.path = "sound/bell.flac", .at = {1, 2.5}, .gain_db = -6.0, .source = SoundSource{{0.5, 1.4}, 2.0}},
              {.path = "sound/wind.flac", .loop = true, .whole_film = true, .ambisonic = true}};
  return m;
}

inline Manifest video_film() {
  Manifest m = seated_film();
  m.tracks = {{"picture", TrackKind::video, "", "h264", "video/film.mp4"}};
  m.video = Video{VideoLayout::top_bottom, 180};
  m.sounds = {{.path = "sound/lake.flac", .at = {0, 3.0}, .loop = true}};
  return m;
}

struct NamedFile {
  std::string path;
  base::Bytes bytes;
  StoryTime needed_by;
};

inline base::Result<base::Bytes> packed(Manifest manifest, const std::vector<NamedFile>& files,
                                        const base::KeyPair& signer = key()) {
  std::vector<std::unique_ptr<MemorySource>> sources;
  std::vector<InputFile> inputs;
  for (const NamedFile& file : files) {
    sources.push_back(std::make_unique<MemorySource>(file.bytes));
    inputs.push_back({file.path, file.needed_by, sources.back().get()});
  }
  MemorySink sink;
  const auto manifest_written = write_package(std::move(manifest), std::move(inputs), signer, sink);
  if (!manifest_written) return std::unexpected(manifest_written.error());
  return sink.bytes();
}

inline base::Result<Reader> opened(base::Bytes bytes, const TrustedKeys& trusted = {}) {
  return Reader::open(std::make_unique<MemorySource>(std::move(bytes)), "trial.prom", trusted);
}

inline bool has_code(const base::Findings& findings, std::string_view code, std::string_view where = "") {
  for (const base::Finding& finding : findings) {
    if (finding.code == code && (where.empty() || finding.key == where)) return true;
  }
  return false;
}

}  // namespace promenade::package::testing
