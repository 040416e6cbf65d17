#include "runtime/film/film.h"

#include <algorithm>
#include <cmath>

#include "content-tools/package/package_file.h"
#include "runtime/film/gltf.h"
#include "runtime/film/shrink.h"
#include "tracking/base/formatted.h"

namespace promenade::film {
namespace {

using base::Result;
using package::Manifest;

constexpr std::uint64_t kMaxWorld = 1ull << 30;    // bytes of a GLB
constexpr std::uint64_t kMaxPoster = 32ull << 20;
constexpr std::uint64_t kMaxPosterPixels = 32ull << 20;

std::uint32_t scene_of(const Manifest& manifest, std::uint32_t scene) {
  return std::min(scene, static_cast<std::uint32_t>(std::max<std::size_t>(manifest.scene_count(), 1) - 1));
}

double dwell_s(const Manifest& manifest, std::uint32_t scene) {
  return manifest.route ? manifest.route->scenes[scene].dwell_s : manifest.length_s;
}

// How long the leg after `scene` takes, the longest where there are several; 0 after the last one.
double leg_s(const Manifest& manifest, std::uint32_t scene) { return manifest.route ? package::leg_after_s(*manifest.route, scene) : 0.0; }

const package::Track* track_of(const Manifest& manifest, package::TrackKind kind) {
  const auto it = std::ranges::find(manifest.tracks, kind, &package::Track::kind);
  return it == manifest.tracks.end() ? nullptr : &*it;
}

Result<package::Reader> open_reader(const std::filesystem::path& file, const package::TrustedKeys& trusted) {
  auto reader = package::open_package(file.string(), trusted);
  if (!reader && reader.error().code == "version-unknown") {
    return base::fail("film-too-new", base::formatted("The film {} is newer than this program. {}", file.filename().string(), reader.error().message),
                      "Update the program, or ask the distributor for the film in the older format.");
  }
  return reader;
}

std::optional<Image> poster_of(package::Reader& reader, base::Findings& findings) {
  const package::Track* track = track_of(reader.manifest(), package::TrackKind::poster);
  if (!track) return std::nullopt;
  auto bytes = reader.read_file(track->path, kMaxPoster);
  auto image = bytes ? decode_image(*bytes, track->path, kMaxPosterPixels) : Result<Image>(std::unexpected(bytes.error()));
  if (image) return shrunk(*image, kPosterShort_px, kPosterLong_px);
  findings.push_back({base::Severity::warning, image.error().code, track->path, 0, "", image.error().message, image.error().advice});
  return std::nullopt;
}

Result<std::shared_ptr<const Model>> world_of(package::Reader& reader, const std::string& name, base::Findings& findings) {
  const package::Track* track = track_of(reader.manifest(), package::TrackKind::world);
  if (!track) {
    return base::fail("world-missing", base::formatted("The film {} has no world to walk in.", name), "Pack it with a track of kind \"world\".");
  }
  if (track->codec != "glb") {
    return base::fail("film-too-new", base::formatted("The world of {} is in the form \"{}\", which this program does not read.", name, track->codec),
                      "Update the program.");
  }
  auto bytes = reader.read_file(track->path, kMaxWorld);
  if (!bytes) {
    return base::fail("world-damaged", base::formatted("The world of {} cannot be read. {}", name, bytes.error().message), "Transfer the film again.");
  }
  auto model = load_gltf(*bytes, track->path, &findings);
  if (!model) return base::fail("world-damaged", base::formatted("The world of {} cannot be shown. {}", name, model.error().message), model.error().advice);
  return std::make_shared<const Model>(std::move(*model));
}

}  // namespace

package::StoryTime unlooped_time(const Manifest& manifest, const Moment& moment) {
  const std::uint32_t scene = scene_of(manifest, moment.scene);
  const double dwell = dwell_s(manifest, scene);
  const double time_s = std::isfinite(moment.time_s) ? std::max(moment.time_s, 0.0) : 0.0;
  if (moment.on_leg) return {scene, dwell + std::min(time_s, leg_s(manifest, scene))};
  return {scene, std::min(time_s, dwell)};
}

package::StoryTime story_time(const Manifest& manifest, const Moment& moment) {
  package::StoryTime at = unlooped_time(manifest, moment);
  if (moment.on_leg || !manifest.route) return at;
  const package::Scene& scene = manifest.route->scenes[at.scene];
  const double held_s = moment.time_s - scene.dwell_s;
  if (scene.loop_s > 0.0 && std::isfinite(held_s) && held_s >= 0.0) at.time_s = scene.dwell_s - scene.loop_s + std::fmod(held_s, scene.loop_s);
  return at;
}

package::StoryTime story_time(const Manifest& manifest, std::uint32_t scene, double scene_time_s) {
  return story_time(manifest, Moment{scene, scene_time_s, false});
}

const package::SubtitleLine* subtitle_at(const Manifest& manifest, const Moment& moment, std::string_view language) {
  const auto track_in = [&](std::string_view wanted) {
    return std::ranges::find(manifest.subtitles, wanted, &package::SubtitleTrack::language);
  };
  auto track = track_in(language);
  if (track == manifest.subtitles.end()) track = track_in(language.substr(0, language.find('-')));
  if (track == manifest.subtitles.end()) return nullptr;
  const std::uint32_t scene = scene_of(manifest, moment.scene);
  const double dwell = dwell_s(manifest, scene);
  // While a scene is held its lines run out, and those of the leg have not begun.
  const double time_s = moment.on_leg ? dwell + moment.time_s : moment.time_s;
  for (const package::SubtitleLine& line : track->lines) {
    if (line.scene != scene || time_s < line.start_s || time_s >= line.end_s) continue;
    if (moment.on_leg || line.start_s < dwell) return &line;
  }
  return nullptr;
}

struct OpenFilm::State {
  std::filesystem::path file;
  package::TrustedKeys trusted;
  package::Reader reader;
  base::Findings findings;
  std::shared_ptr<const Model> world;
};

OpenFilm::OpenFilm(std::unique_ptr<State> state) : state_(std::move(state)) {}
OpenFilm::~OpenFilm() = default;

Result<std::unique_ptr<OpenFilm>> OpenFilm::open(const std::filesystem::path& file, const package::TrustedKeys& trusted) {
  auto reader = open_reader(file, trusted);
  if (!reader) return std::unexpected(reader.error());
  auto state = std::make_unique<State>(State{file, trusted, std::move(*reader), {}, nullptr});
  const std::string name = file.filename().string();
  if (state->reader.manifest().kind == package::FilmKind::walking) {
    auto world = world_of(state->reader, name, state->findings);
    if (!world) return std::unexpected(world.error());
    state->world = std::move(*world);
  } else if (!track_of(state->reader.manifest(), package::TrackKind::video)) {
    return base::fail("video-missing", base::formatted("The film {} has no picture.", name), "Pack it with a track of kind \"video\".");
  }
  return std::unique_ptr<OpenFilm>(new OpenFilm(std::move(state)));
}

const Manifest& OpenFilm::manifest() const { return state_->reader.manifest(); }
std::shared_ptr<const Model> OpenFilm::world() const { return state_->world; }
const base::Findings& OpenFilm::findings() const { return state_->findings; }
const std::filesystem::path& OpenFilm::file() const { return state_->file; }

Result<base::Bytes> OpenFilm::read(std::string_view path, std::uint64_t size_max) { return state_->reader.read_file(path, size_max); }

Result<std::unique_ptr<Video>> OpenFilm::open_video() const {
  const package::Track* track = track_of(manifest(), package::TrackKind::video);
  if (!track) return base::fail("video-missing", base::formatted("The film {} has no picture.", state_->file.filename().string()));
  auto reader = open_reader(state_->file, state_->trusted);
  if (!reader) return std::unexpected(reader.error());
  return Video::open(std::move(*reader), track->path);
}

Result<std::optional<Image>> read_poster(const std::filesystem::path& file, base::Findings& findings, const package::TrustedKeys& trusted) {
  auto reader = open_reader(file, trusted);
  if (!reader) return std::unexpected(std::move(reader.error()));
  return poster_of(*reader, findings);
}

}  // namespace promenade::film
