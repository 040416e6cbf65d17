#include "runtime/headset/media.h"

#include <algorithm>
#include <ranges>

#include "content-tools/package/package_file.h"
#include "tracking/base/formatted.h"

namespace promenade::headset {
namespace {
constexpr std::size_t kAskedMax = 4;

bool is_film_file(const std::filesystem::directory_entry& entry) { return entry.path().extension() == ".prom"; }
}  // namespace

base::Result<ShelfRead> read_shelf(const std::filesystem::path& folder) {
  std::error_code failed;
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    if (is_film_file(*at)) files.push_back(at->path());
  }
  if (failed) {
    return base::fail("films-missing", base::formatted("The films' folder {} cannot be read: {}.", folder.string(), failed.message()),
                      "Name a folder with *.prom files by --films.");
  }
  std::ranges::sort(files);
  ShelfRead read;
  client::FilmShelf shelf;
  for (const auto& file : files) {
    auto manifest = package::load_manifest(file.string());
    if (!manifest) {
      read.faults.push_back({{}, why_of(manifest.error()), manifest.error()});
      continue;
    }
    const base::FilmId id = manifest->film;
    if (read.files.contains(id)) {
      read.faults.push_back({{}, ui::Why::film_damaged, {"film-twice", base::formatted("{} holds film {}, which {} brings already.", file.string(), id.value(), read.files[id].string()), "Take one of them away."}});
      continue;
    }
    read.files[id] = file;
    const base::Hash hash = base::blake2b(package::manifest_bytes(*manifest));
    shelf.push_back({std::move(*manifest), hash});
  }
  read.shelf = std::make_shared<const client::FilmShelf>(std::move(shelf));
  return read;
}

namespace {

// Everything but the sounds, whose decoding takes long.
Surveyed survey_of(const base::FilmId& id, const std::filesystem::path& file) {
  auto open = film::OpenFilm::open(file);
  if (!open) return {id, std::move(open.error()), {}};
  if ((*open)->manifest().kind == package::FilmKind::seated) {
    if (auto video = (*open)->open_video(); !video) return {id, std::move(video.error()), {}};
  }
  return {id, std::nullopt, (*open)->findings()};
}

}  // namespace

std::unique_ptr<LoadedFilm> load_film(const base::FilmId& id, const std::filesystem::path& file) {
  auto loaded = std::make_unique<LoadedFilm>();
  loaded->id = id;
  auto open = film::OpenFilm::open(file);
  if (!open) {
    loaded->error = std::move(open.error());
    return loaded;
  }
  if ((*open)->manifest().kind == package::FilmKind::seated) {
    auto video = (*open)->open_video();
    if (!video) {
      loaded->error = std::move(video.error());
      return loaded;
    }
    loaded->video = std::move(*video);
  }
  loaded->sounds = sound::load_sounds(**open);
  loaded->open = std::move(*open);
  return loaded;
}

Media::Media(const std::map<base::FilmId, std::filesystem::path>& shelf)
    : asked_(kAskedMax, base::Overflow::drop_oldest), opened_(kAskedMax, base::Overflow::drop_oldest),
      surveyed_(std::max<std::size_t>(shelf.size(), 1), base::Overflow::drop_oldest),
      posters_(std::max<std::size_t>(shelf.size(), 1), base::Overflow::drop_oldest) {
  for (const auto& [id, file] : std::views::reverse(shelf)) survey_.push_back({id, file});
  pictured_ = survey_;
  thread_ = std::jthread([this](std::stop_token stop) { work(stop); });
}
Media::~Media() = default;

void Media::want(const base::FilmId& film, const std::filesystem::path& file) {
  if (film == newest_) return;
  newest_ = film;
  asked_.push({film, file});
}

std::unique_ptr<LoadedFilm> Media::take() {
  std::unique_ptr<LoadedFilm> newest;
  while (auto next = opened_.try_pop()) {
    if ((*next)->id == newest_) newest = std::move(*next);
  }
  return newest;
}

std::optional<Surveyed> Media::take_surveyed() { return surveyed_.try_pop(); }
std::optional<PosterRead> Media::take_poster() { return posters_.try_pop(); }

bool Media::look_through() {
  if (!pictured_.empty()) {
    const Request next = std::move(pictured_.back());
    pictured_.pop_back();
    base::Findings findings;
    auto poster = film::read_poster(next.file, findings);
    // A package that cannot be opened is the survey's to tell.
    if (poster && (*poster || !findings.empty())) posters_.push({next.film, std::move(*poster), std::move(findings)});
    return true;
  }
  if (survey_.empty()) return false;
  surveyed_.push(survey_of(survey_.back().film, survey_.back().file));
  survey_.pop_back();
  return true;
}

void Media::work(std::stop_token stop) {
  while (!stop.stop_requested()) {
    auto request = asked_.try_pop();
    if (!request && look_through()) continue;
    if (!request && !(request = asked_.pop(stop))) return;
    while (auto later = asked_.try_pop()) request = std::move(later);  // nobody waits for the earlier ones any more
    opened_.push(load_film(request->film, request->file));
  }
}

}  // namespace promenade::headset
