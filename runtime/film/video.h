#pragma once
// The picture of a seated film: decoded in software on a thread of its own, straight out of the package, a few frames
// ahead of the play. Times are seconds of the play; frames have the package's own size.
// `seek`, `frame_at` and the counters belong to one thread (the frame thread) and never wait for the decoder.
// Errors of `open`: "video-malformed", "video-unsupported" (a codec that this FFmpeg does not decode), "video-too-large".

#include <cstdint>
#include <memory>
#include <string>

#include "content-tools/package/package.h"
#include "tracking/base/bytes.h"
#include "tracking/base/result.h"

namespace promenade::film {

struct VideoFrame {
  double play_s = 0.0;               // when it is due
  std::uint32_t width = 0, height = 0;
  base::Bytes yuv;                   // Y, then U and V of half the size, without padding; BT.709, limited range
};

class Video {
 public:
  // `path`: of a file in the package. The reader is the video's own from then on.
  static base::Result<std::unique_ptr<Video>> open(package::Reader package, const std::string& path);
  ~Video();                          // ends the thread

  std::uint32_t width() const;       // even
  std::uint32_t height() const;
  double frame_rate() const;         // frames a second
  double length_s() const;

  // Makes ready for `play_s`: after a resume, so that the first frame_at has something.
  void seek(double play_s);
  // The newest frame that is due at `play_s`; the one before while that is not decoded; nullptr before the first.
  // A time outside of what is decoded is a seek. Shared, because the frame may be shown longer than it is kept here.
  std::shared_ptr<const VideoFrame> frame_at(double play_s);
  // Waits until frame_at(play_s) has its right frame, or `timeout_s` went by (then false). For tools and tests.
  bool wait_for(double play_s, double timeout_s);

  std::uint64_t stalls() const;      // calls of frame_at that had to show an older frame than was due
  std::uint64_t skipped() const;     // frames decoded too late to be shown
  bool failed() const;               // damage in mid-film: the last good frame stays

 private:
  struct State;
  explicit Video(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace promenade::film
