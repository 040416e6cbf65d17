#include "runtime/film/video.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "runtime/film/ffmpeg.h"
#include "tracking/base/formatted.h"

namespace promenade::film {
namespace {

using base::Result;

constexpr std::size_t kAhead = 6;            // decoded frames that wait: 0.2 s at 30 Hz, 20 MB at 2048 x 1024
constexpr std::uint32_t kMaxSide = 8192;
constexpr double kSeekAhead_s = 1.0;         // further on than this, going there is quicker than decoding all between

struct SwsFree {
  void operator()(SwsContext* context) const { sws_freeContext(context); }
};

// One frame as 4:2:0 planes without padding.
class Planes {
 public:
  bool copy(const AVFrame& frame, std::uint32_t width, std::uint32_t height, base::Bytes& out) {
    const std::size_t luma = std::size_t{width} * height, chroma = luma / 4;
    out.resize(luma + 2 * chroma);
    std::uint8_t* planes[4] = {out.data(), out.data() + luma, out.data() + luma + chroma, nullptr};
    const int w = static_cast<int>(width), h = static_cast<int>(height);
    int strides[4] = {w, w / 2, w / 2, 0};
    if (frame.format == AV_PIX_FMT_YUV420P && frame.width == w && frame.height == h) {
      for (int p = 0; p < 3; ++p) {
        av_image_copy_plane(planes[p], strides[p], frame.data[p], frame.linesize[p], p ? w / 2 : w, p ? h / 2 : h);
      }
      return true;
    }
    scaler_.reset(sws_getCachedContext(scaler_.release(), frame.width, frame.height, static_cast<AVPixelFormat>(frame.format), w, h,
                                       AV_PIX_FMT_YUV420P, SWS_BILINEAR, nullptr, nullptr, nullptr));
    return scaler_ && sws_scale(scaler_.get(), frame.data, frame.linesize, 0, frame.height, planes, strides) == h;
  }

 private:
  std::unique_ptr<SwsContext, SwsFree> scaler_;
};

}  // namespace

struct Video::State {
  explicit State(package::Reader package) : reader(std::move(package)) {}

  // Owned by the thread once it runs.
  package::Reader reader;
  const package::FileEntry* file = nullptr;  // in the reader's manifest
  std::unique_ptr<Demuxer> demuxer;
  Demuxer::Opened stream;
  Planes planes;
  std::uint32_t width = 0, height = 0;
  double frame_rate = 30.0, length_s = 0.0;

  // Between the two threads.
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::shared_ptr<const VideoFrame>> queue;  // rising; the first may be due
  double due_s = 0.0;                                   // newest time asked for
  std::optional<double> seek_to;
  bool seeking = false;      // the decoder has not yet reached the place
  bool at_end = false, failed = false, stop = false;
  std::uint64_t skipped = 0;

  // The frame thread's own.
  std::shared_ptr<const VideoFrame> current;
  std::uint64_t stalls = 0;

  std::jthread thread;

  void run();
  bool go_to(double play_s);
  bool decode_next(Packet& packet, DecodedFrame& frame);
  void keep(const AVFrame& frame, double play_s);
  double time_of(const AVFrame& frame) const;
};

double Video::State::time_of(const AVFrame& frame) const {
  const std::int64_t pts = frame.best_effort_timestamp;
  const std::int64_t start = stream.stream->start_time == AV_NOPTS_VALUE ? 0 : stream.stream->start_time;
  return pts == AV_NOPTS_VALUE ? 0.0 : static_cast<double>(pts - start) * av_q2d(stream.stream->time_base);
}

bool Video::State::go_to(double play_s) {
  const std::int64_t start = stream.stream->start_time == AV_NOPTS_VALUE ? 0 : stream.stream->start_time;
  const auto pts = start + static_cast<std::int64_t>(std::max(play_s, 0.0) / av_q2d(stream.stream->time_base));
  avcodec_flush_buffers(stream.codec.get());
  return av_seek_frame(demuxer->get(), stream.stream->index, pts, AVSEEK_FLAG_BACKWARD) >= 0;
}

// True: `frame` is the next one. False: the end, or damage.
bool Video::State::decode_next(Packet& packet, DecodedFrame& frame) {
  for (int tries = 0; tries < 10'000; ++tries) {
    const int got = avcodec_receive_frame(stream.codec.get(), frame.get());
    if (got == 0) return true;
    if (got != AVERROR(EAGAIN)) return false;
    const int read = av_read_frame(demuxer->get(), packet.get());
    const bool ours = read >= 0 && packet->stream_index == stream.stream->index;
    if (read == AVERROR_EOF || ours) {
      const int sent = avcodec_send_packet(stream.codec.get(), ours ? packet.get() : nullptr);
      av_packet_unref(packet.get());
      // A damaged packet costs its frame; a decoder that refuses everything is found by the count of tries.
      if (sent < 0 && sent != AVERROR_INVALIDDATA && sent != AVERROR_EOF) return false;
    } else if (read < 0) {
      const std::lock_guard lock(mutex);
      failed = true;
      return false;
    } else {
      av_packet_unref(packet.get());
    }
  }
  return false;
}

void Video::State::keep(const AVFrame& frame, double play_s) {
  auto made = std::make_shared<VideoFrame>();
  made->play_s = play_s;
  made->width = width;
  made->height = height;
  if (!planes.copy(frame, width, height, made->yuv)) return;
  const std::lock_guard lock(mutex);
  if (!seek_to) queue.push_back(std::move(made));
  changed.notify_all();
}

void Video::State::run() {
  Packet packet(av_packet_alloc());
  DecodedFrame frame(av_frame_alloc());
  DecodedFrame last(av_frame_alloc());  // the newest frame that came too late: at the end it is what is left to show
  const double frame_s = 1.0 / frame_rate;
  while (true) {
    std::optional<double> go;
    {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return stop || seek_to || (!at_end && queue.size() < kAhead); });
      if (stop) return;
      go = std::exchange(seek_to, std::nullopt);
      if (go) {
        queue.clear();
        at_end = false;
        seeking = true;
      }
    }
    if (go && !go_to(*go)) {
      const std::lock_guard lock(mutex);
      failed = at_end = true;
      changed.notify_all();
      continue;
    }
    if (!decode_next(packet, frame)) {
      if (last->data[0]) keep(*last, time_of(*last));
      av_frame_unref(last.get());
      const std::lock_guard lock(mutex);
      at_end = true;
      seeking = false;
      changed.notify_all();
      continue;
    }
    const double play_s = time_of(*frame);
    bool late = false;
    {
      // Frames whose successor is due already are not shown: the newest due one is what is wanted.
      const std::lock_guard lock(mutex);
      late = play_s + frame_s <= due_s + 1e-6;
      if (late && !seeking) ++skipped;
      if (!late) seeking = false;
    }
    av_frame_unref(last.get());
    if (!late) keep(*frame, play_s);
    else av_frame_move_ref(last.get(), frame.get());
    av_frame_unref(frame.get());
  }
}

Video::Video(std::unique_ptr<State> state) : state_(std::move(state)) {}

Video::~Video() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stop = true;
  }
  state_->changed.notify_all();
}

Result<std::unique_ptr<Video>> Video::open(package::Reader package, const std::string& path) {
  const auto failed = [&](std::string code, const std::string& why) {
    return base::fail(std::move(code), base::formatted("The video {} cannot be shown: {}.", path, why), "Encode it again as H.264, HEVC or AV1 in MP4.");
  };
  auto state = std::make_unique<State>(std::move(package));
  const package::FileEntry* file = state->reader.find(path);
  if (!file) return failed("video-missing", "it is not in the package");
  state->file = file;
  State* s = state.get();
  const ReadAt read = [s](std::uint64_t offset, std::span<std::uint8_t> out) { return s->reader.read(*s->file, offset, out).has_value(); };
  auto demuxer = Demuxer::open(read, file->size, "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm");
  if (!demuxer) return failed("video-malformed", demuxer.error().message);
  state->demuxer = std::move(*demuxer);
  auto stream = state->demuxer->open_stream(AVMEDIA_TYPE_VIDEO, 2);
  if (!stream) return failed(stream.error().code == "no-decoder" ? "video-unsupported" : "video-malformed", stream.error().message);
  state->stream = std::move(*stream);
  const AVCodecContext& codec = *state->stream.codec;
  if (codec.width <= 1 || codec.height <= 1) return failed("video-malformed", "it has no size");
  state->width = static_cast<std::uint32_t>(codec.width) & ~1u;
  state->height = static_cast<std::uint32_t>(codec.height) & ~1u;
  if (state->width > kMaxSide || state->height > kMaxSide) {
    return failed("video-too-large", base::formatted("it has {} x {} pixels, and a side may have {}", codec.width, codec.height, kMaxSide));
  }
  const double rate = av_q2d(av_guess_frame_rate(state->demuxer->get(), state->stream.stream, nullptr));
  if (rate >= 1.0 && rate <= 240.0) state->frame_rate = rate;
  const auto* format = state->demuxer->get();
  state->length_s = format->duration > 0 ? static_cast<double>(format->duration) / AV_TIME_BASE : 0.0;
  state->thread = std::jthread([s] { s->run(); });
  return std::unique_ptr<Video>(new Video(std::move(state)));
}

std::uint32_t Video::width() const { return state_->width; }
std::uint32_t Video::height() const { return state_->height; }
double Video::frame_rate() const { return state_->frame_rate; }
double Video::length_s() const { return state_->length_s; }
std::uint64_t Video::stalls() const { return state_->stalls; }

std::uint64_t Video::skipped() const {
  const std::lock_guard lock(state_->mutex);
  return state_->skipped;
}

bool Video::failed() const {
  const std::lock_guard lock(state_->mutex);
  return state_->failed;
}

void Video::seek(double play_s) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->seek_to = state_->due_s = std::max(play_s, 0.0);
    state_->queue.clear();
  }
  state_->changed.notify_all();
}

std::shared_ptr<const VideoFrame> Video::frame_at(double play_s) {
  State& s = *state_;
  const double frame_s = 1.0 / s.frame_rate;
  bool go = false;
  {
    const std::lock_guard lock(s.mutex);
    s.due_s = play_s;
    while (!s.queue.empty() && s.queue.front()->play_s <= play_s + 1e-6) {
      s.current = std::move(s.queue.front());
      s.queue.pop_front();
    }
    const bool waits = s.seek_to || s.seeking;
    const bool back = s.current && s.current->play_s > play_s + 0.5 * frame_s;
    const bool behind = play_s - (s.current ? s.current->play_s : 0.0) > kSeekAhead_s && s.queue.empty() && !s.at_end;
    go = !waits && (back || behind);
    const bool shows_due = s.current && play_s - s.current->play_s < 1.5 * frame_s && !back;
    if (!shows_due && !(s.at_end && s.current && !back)) ++s.stalls;
  }
  if (go) seek(play_s);
  s.changed.notify_all();
  return s.current;
}

bool Video::wait_for(double play_s, double timeout_s) {
  State& s = *state_;
  const std::chrono::time_point<std::chrono::steady_clock, std::chrono::duration<double>> until =
      std::chrono::steady_clock::now() + std::chrono::duration<double>(timeout_s);
  const double frame_s = 1.0 / s.frame_rate;
  const std::uint64_t stalls = s.stalls;
  while (true) {
    const auto frame = frame_at(play_s);
    std::unique_lock lock(s.mutex);
    const bool there = frame && frame->play_s <= play_s + 1e-6 && (play_s - frame->play_s < 1.001 * frame_s || s.at_end);
    if (there || (s.at_end && !s.seek_to && !frame)) {
      s.stalls = stalls;
      return there;
    }
    const auto now = std::chrono::steady_clock::now();
    if (now >= until) {
      s.stalls = stalls;
      return false;
    }
    // A frame may have come between the look and the lock: look again soon.
    s.changed.wait_for(lock, std::chrono::milliseconds(20));
  }
}

}  // namespace promenade::film
