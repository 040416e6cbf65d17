#pragma once
// Opens films on a thread of its own, so that no frame waits: posters, worlds, sounds, videos. Asked by the frame thread; what
// has been opened is handed over whole. Starts a thread, reads files.

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "runtime/film/film.h"
#include "runtime/headset/reading.h"
#include "runtime/sound/engine.h"
#include "tracking/base/bounded_queue.h"

namespace promenade::headset {

struct LoadedFilm {
  base::FilmId id;
  std::unique_ptr<film::OpenFilm> open;                    // none: `error` says why
  std::shared_ptr<const sound::FilmSounds> sounds;
  std::unique_ptr<film::Video> video;                      // seated films
  std::optional<base::Error> error;
};

// The folder's films, each with what is wrong with it. Errors: "films-missing".
struct ShelfRead {
  std::shared_ptr<const client::FilmShelf> shelf;
  std::map<base::FilmId, std::filesystem::path> files;
  std::vector<FilmFault> faults;
};
base::Result<ShelfRead> read_shelf(const std::filesystem::path& folder);

// What was found out about a film before anybody chose it.
struct Surveyed {
  base::FilmId id;
  std::optional<base::Error> error;                        // it cannot be shown
  base::Findings findings;                                 // parts that are missing
};

// A film's picture for the menu, or why it has none.
struct PosterRead {
  base::FilmId id;
  std::optional<film::Image> image;
  base::Findings findings;                                 // a poster that cannot be shown
};

class Media {
 public:
  // Looks through `shelf` once while nobody waits for a film: first for all posters, then for what is wrong, film by
  // film, so that staff hear of it in the morning.
  explicit Media(const std::map<base::FilmId, std::filesystem::path>& shelf);
  ~Media();                                                // waits for what is being opened

  // Asks for a film; asking again for the newest one asked does nothing.
  void want(const base::FilmId& film, const std::filesystem::path& file);
  // What has been opened since, the newest asked for; earlier ones are dropped.
  std::unique_ptr<LoadedFilm> take();
  std::optional<Surveyed> take_surveyed();
  std::optional<PosterRead> take_poster();                 // of films that have one

 private:
  struct Request {
    base::FilmId film;
    std::filesystem::path file;
  };
  void work(std::stop_token stop);
  bool look_through();                                     // one step; false: all has been looked through

  base::BoundedQueue<Request> asked_;
  base::BoundedQueue<std::unique_ptr<LoadedFilm>> opened_;
  base::BoundedQueue<Surveyed> surveyed_;
  base::BoundedQueue<PosterRead> posters_;
  base::FilmId newest_;
  std::vector<Request> pictured_, survey_;                 // of the thread, still to look through; the last one is next
  std::jthread thread_;
};

// Opens one film whole; for the thread, and for tests.
std::unique_ptr<LoadedFilm> load_film(const base::FilmId& id, const std::filesystem::path& file);

}  // namespace promenade::headset
