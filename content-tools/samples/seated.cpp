#include "content-tools/samples/seated.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <filesystem>
#include <thread>
#include <utility>
#include <vector>

#include "content-tools/samples/ffmpeg.h"
#include "content-tools/samples/seated_films.h"
#include "tracking/base/formatted.h"

namespace promenade::samples {

namespace {

constexpr int kFramesPerSecond = 30;

// Quick to make and to decode in software: no B frames, no arithmetic coding, four slices a frame; a keyframe each second,
// so that a seek is short. What the quick preset leaves out of the look is put back: smoothed block edges, transforms of
// eight pixels, and bits moved to the dark, where steps show first.
std::vector<std::string> encoder(int width, int height, int threads, const std::string& path) {
  const std::string rate = height > width / 2 ? "13M" : "10M", second = std::to_string(kFramesPerSecond);
  return {"-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", base::formatted("{}x{}", width, height), "-r", second, "-color_range", "tv", "-colorspace", "bt709",
          "-i", "pipe:0", "-an", "-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "high", "-crf", "22", "-maxrate", rate, "-bufsize", rate,
          "-g", second, "-keyint_min", second, "-sc_threshold", "0", "-bf", "0", "-slices", "4", "-threads", std::to_string(threads),
          "-x264-params", "no-deblock=0:8x8dct=1:aq-mode=3:colorprim=bt709:transfer=bt709:colormatrix=bt709", "-pix_fmt", "yuv420p", "-color_range", "tv",
          "-movflags", "+faststart", "-fflags", "+bitexact", "-flags:v", "+bitexact", path};
}

}  // namespace

std::unique_ptr<Painter> make_painter(const std::string& film, int width, Pool& pool) {
  if (film == "inside-the-bell") return paint_inside_the_bell(width, pool);
  if (film == "reed-lake") return paint_reed_lake(width, pool);
  if (film == "slow-planet") return paint_slow_planet(width, pool);
  return nullptr;
}

base::Result<void> make_video(const std::string& film, const std::string& folder, const Progress& progress) {
  return make_video(film, folder, progress, VideoSettings{});
}

base::Result<void> make_video(const std::string& film, const std::string& folder, const Progress& progress, const VideoSettings& settings) {
  Pool pool(std::max(1, settings.threads));
  const auto painter = make_painter(film, settings.width, pool);
  if (!painter) return {};
  const std::filesystem::path path = std::filesystem::path(folder) / "video" / "film.mp4";
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  if (error) {
    return base::fail("video-unwritable", base::formatted("The folder \"{}\" could not be made: {}.", path.parent_path().string(), error.message()),
                      "Choose a folder that can be written.");
  }
  auto ffmpeg = Ffmpeg::start(encoder(painter->width(), painter->height() * painter->eyes(), std::max(1, settings.threads), path.string()));
  if (!ffmpeg) return std::unexpected(ffmpeg.error());
  const double length_s = settings.length_s > 0.0 ? settings.length_s : painter->length_s();
  const int frames = static_cast<int>(std::lround(length_s * kFramesPerSecond));
  // One frame is written by a thread of its own while the next is drawn.
  VideoFrame drawn, written;
  std::atomic<bool> open{true};
  std::jthread writer;
  for (int i = 0; i < frames && open; ++i) {
    paint(*painter, static_cast<double>(i) / kFramesPerSecond, pool, drawn);
    if (writer.joinable()) writer.join();
    if (!open) break;
    std::swap(drawn, written);
    writer = std::jthread([&] { open = ffmpeg->write(written.bytes); });
    if (progress && i % kFramesPerSecond == 0) progress(static_cast<double>(i) / frames);
  }
  if (writer.joinable()) writer.join();
  if (const auto ended = ffmpeg->finish(); !ended || !open) {
    return base::fail("video-unwritable", base::formatted("\"{}\" could not be written.", path.string()),
                      ended ? "Look for room on the disk." : ended.error().advice);
  }
  if (progress) progress(1.0);
  return {};
}

}  // namespace promenade::samples
