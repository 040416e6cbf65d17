#pragma once
// A film that is open: its manifest, world, subtitles and sounds, out of its package; and its poster.
// `OpenFilm::open` reads and checks the world whole, which takes from a tenth of a second to some seconds: not on the
// frame thread. Afterwards an OpenFilm is read-only, but for `read` and `open_video`, which belong to one thread.
//
// Errors, each with a message for a person: "film-too-new" (a format this program does not know), "world-missing",
// "world-damaged" (the GLB cannot be read, and why), "video-missing", and those of package::Reader.

#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include "content-tools/package/package.h"
#include "runtime/film/model.h"
#include "runtime/film/video.h"

namespace promenade::film {

// A moment of a play, as the client's View tells it: in scene `scene`, `time_s` after it began, holds included; or on
// the leg after it, `time_s` after its gate.
struct Moment {
  std::uint32_t scene = 0;
  double time_s = 0.0;
  bool on_leg = false;
};

// The point of the story that is shown at a moment. While a viewer is held, the scene's last `loop_s` seconds repeat;
// without any it rests at its end. A leg's time goes on from the scene's dwell and rests where the next scene begins.
package::StoryTime story_time(const package::Manifest& manifest, const Moment& moment);
package::StoryTime story_time(const package::Manifest& manifest, std::uint32_t scene, double scene_time_s);
// The same without loops: rests at the scene's end. For what must not come twice.
package::StoryTime unlooped_time(const package::Manifest& manifest, const Moment& moment);

// The subtitle at a moment, in `language`, else its primary part, else nothing; nullptr: none now. A line is not told
// again while a scene repeats. Valid as long as the manifest.
const package::SubtitleLine* subtitle_at(const package::Manifest& manifest, const Moment& moment, std::string_view language);

class OpenFilm {
 public:
  static base::Result<std::unique_ptr<OpenFilm>> open(const std::filesystem::path& file,
                                                      const package::TrustedKeys& trusted = {});
  ~OpenFilm();

  const package::Manifest& manifest() const;
  // Walking films; never empty there. Shared, since the renderer keeps it while it uploads.
  std::shared_ptr<const Model> world() const;
  const base::Findings& findings() const;       // what could not be shown as it was made (missing textures)
  const std::filesystem::path& file() const;

  // A file of the package, whole.
  base::Result<base::Bytes> read(std::string_view path, std::uint64_t size_max);
  // The seated film's picture, with a reader and a thread of its own.
  base::Result<std::unique_ptr<Video>> open_video() const;

 private:
  struct State;
  explicit OpenFilm(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The poster alone, for the menu, its sides made as small as `kPosterShort_px` and `kPosterLong_px` ask. Opaque sRGB;
// reads no world. None: the film has no poster, or one that cannot be shown, which is a warning in
// `findings`. Takes up to a second: not on the frame thread. Errors: those of package::Reader, and "film-too-new".
inline constexpr std::uint32_t kPosterShort_px = 512, kPosterLong_px = 1024;
base::Result<std::optional<Image>> read_poster(const std::filesystem::path& file, base::Findings& findings,
                                               const package::TrustedKeys& trusted = {});

}  // namespace promenade::film
