#pragma once
// The pictures of the three seated sample films, drawn by code frame by frame: equirectangular, 360 degrees, middle of
// the picture forward (-z), 30 frames a second. `make_video` writes FOLDER/video/film.mp4 (H.264, yuv420p, BT.709
// limited): 2048x1024, or 2048x2048 for slow-planet (left eye on top). Walking films have none: nothing is written.
// Blocking, about a minute a film on two cores; any thread. Runs the program `ffmpeg`.

#include <functional>
#include <memory>
#include <string>

#include "content-tools/samples/picture.h"
#include "tracking/base/result.h"

namespace promenade::samples {

using Progress = std::function<void(double fraction)>;  // 0..1, rising; called now and then

struct VideoSettings {
  int width = 2048;        // of one eye; height is half
  double length_s = 0.0;   // 0: the film's own
  int threads = 2;
};

// Errors: "ffmpeg-missing", "video-unwritable".
base::Result<void> make_video(const std::string& film, const std::string& folder, const Progress& progress);
base::Result<void> make_video(const std::string& film, const std::string& folder, const Progress& progress,
                              const VideoSettings& settings);

// A seated film ready to be drawn at a width of 64 or more; null for any other film. The picture depends on the time
// alone, not on what was drawn before.
std::unique_ptr<Painter> make_painter(const std::string& film, int width, Pool& pool);

}  // namespace promenade::samples
