#pragma once
// An App in a scripted hall: the test says what the hall says, where the viewer's head and hands are, and lets frames
// pass on a virtual clock. Hall time runs 1,000 s before headset time; the stage is turned and shifted in the hall.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "content-tools/package/manifest.h"
#include "runtime/headset/app.h"
#include "tests/package/temporary_folder.h"
#include "tracking/venue.h"

namespace promenade::headset::test {

inline const base::FilmId kFilm{"001100012026"};
inline const base::FilmId kSecondFilm{"001100032026"};
inline constexpr double kHallAhead_s = 1000.0;
inline constexpr double kFrame_s = 1.0 / 72.0;

const tracking::Venue& venue();

// A folder with two small walking films of three scenes of 4 s, at (0, 0), (3, 0) and (3, 3) of the film, each with a
// courtyard for a world and subtitles in both languages.
class FilmFolder {
 public:
  FilmFolder();
  std::filesystem::path path() const { return folder_.path(); }
  std::filesystem::path file(const base::FilmId& film) const { return folder_.path() + "/" + film.value() + ".prom"; }
  base::Hash hash(const base::FilmId& film) const;

 private:
  package::testing::TemporaryFolder folder_;
};
// Made once for all tests of a program.
const FilmFolder& films();

// A folder with one film, made of these files.
class OneFilmFolder {
 public:
  OneFilmFolder(package::Manifest manifest, std::vector<std::pair<std::string, base::Bytes>> files);
  std::filesystem::path path() const { return folder_.path(); }
  std::filesystem::path file() const { return folder_.path() + "/film.prom"; }
  base::Hash hash() const;

 private:
  package::testing::TemporaryFolder folder_;
};
// The manifest of a film of FilmFolder.
package::Manifest courtyard_manifest(const base::FilmId& film);
// The first film of FilmFolder, whose viewer may go from its first scene to the second or straight to the third.
class ChoiceFolder : public OneFilmFolder {
 public:
  ChoiceFolder();
};
// The first film of FilmFolder with this file as its poster, and the second as it is.
class PosterFolder : public OneFilmFolder {
 public:
  explicit PosterFolder(base::Bytes poster);
};

// Surfaces without a renderer: they count.
class CountingSurfaces final : public Surfaces {
 public:
  gpu::ModelHandle upload(std::shared_ptr<const film::Model>) override { return ++models; }
  bool ready(gpu::ModelHandle) const override { return true; }
  void release_model(gpu::ModelHandle) override { ++released; }
  gpu::TextureHandle make_texture(gpu::TextureKind, std::uint32_t, std::uint32_t) override { return ++textures; }
  void update(gpu::TextureHandle, base::ByteView) override {}
  void release_texture(gpu::TextureHandle) override { ++released; }
  gpu::TextureHandle paint(const gpu::UiDraw& ui) override { return ++painted, 100 + ui.surface; }
  std::uint32_t models = 0, textures = 0, released = 0, painted = 0;
};

struct Rig {
  explicit Rig(const std::filesystem::path& folder = films().path(), std::string language = "zh", bool sound = false);

  const Output& step();                     // the next frame
  const Output& look();                     // the same moment once more: virtual time stands still
  // Looks until it is so. For what threads do in real time: the limit is a deadline, and a busy machine changes nothing
  // but when it comes to be so.
  bool wait_for(const std::function<bool()>& done, double limit_s = 60.0);
  void run(double seconds);
  bool run_until(const std::function<bool()>& done, double limit_s);
  void walk_to(protocol::HallPoint target, double speed_mps = 0.9);
  void face(protocol::HallPoint target);

  void connect();
  void touch_mark(bool second);             // the menu button on a controller that lies on a mark of M1
  void calibrate();
  void ready(protocol::Phase phase);        // connected, calibrated, in this phase
  void menu();                              // ready, choosing, both films on the menu
  void play(double start_in_s = 0.0);       // guided to scene 0 of kFilm, gates as `gate` says
  bool load_film(double limit_s = 60.0);    // waits for the media thread, in real time
  bool see_poster(double limit_s = 60.0);   // the same, until a film's poster is on the panel
  bool shows_poster() const;
  bool begin_film();                        // play, load_film, gate 0 open, and walked to scene 0; false: not loaded
  void aim_at(const std::string& target);   // the right controller at that part of the panel
  void click(const std::string& target);
  protocol::PlayOrder order(double start_s) const;
  protocol::StagePose stage_pose(protocol::HallPoint p, double height, double hall_yaw) const;
  const client::View& view() const { return app->client().view(); }

  std::unique_ptr<App> app;
  CountingSurfaces counting;
  const Output* output = nullptr;
  double t = 10.0;
  bool linked = false, hall_talks = true;
  protocol::HallPoint head{5.0, 6.0};
  double yaw = 0.0, pitch = 0.0, height_m = 1.65;  // of the head, in the hall
  Input input;
  protocol::HallState frame;
  std::uint32_t sequence = 0;
  int gate = -1;
  std::optional<protocol::ChooseFilm> chosen;
  std::optional<protocol::RateFilm> rated;
  std::optional<protocol::HeadsetState> up;
  base::FilmId ordered = kFilm;
  std::optional<base::Hash> ordered_hash;   // none: of FilmFolder's

 private:
  void talk();
  void listen();
};

}  // namespace promenade::headset::test
