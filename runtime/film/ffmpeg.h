#pragma once
// The one place that includes FFmpeg: owning handles, and reading through a function instead of a file. For
// video.cpp and audio.cpp alone.

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "tracking/base/result.h"

namespace promenade::film {

template <auto Free>
struct FreeBy {
  template <class T>
  void operator()(T* handle) const {
    Free(&handle);
  }
};
using CodecContext = std::unique_ptr<AVCodecContext, FreeBy<avcodec_free_context>>;
using Packet = std::unique_ptr<AVPacket, FreeBy<av_packet_free>>;
using DecodedFrame = std::unique_ptr<AVFrame, FreeBy<av_frame_free>>;
using Resampler = std::unique_ptr<SwrContext, FreeBy<swr_free>>;

// Fills `out` from `offset`; false: it cannot be read. Ranges are within `size`.
using ReadAt = std::function<bool(std::uint64_t offset, std::span<std::uint8_t> out)>;

// A demuxer over bytes that a function gives. Does not move: FFmpeg holds pointers into it.
class Demuxer {
 public:
  // `formats`: names that may be probed, comma-separated. Error: what FFmpeg says.
  static base::Result<std::unique_ptr<Demuxer>> open(ReadAt read, std::uint64_t size, const char* formats);
  ~Demuxer();
  Demuxer(const Demuxer&) = delete;
  Demuxer& operator=(const Demuxer&) = delete;

  AVFormatContext* get() const { return format_; }
  // The best stream of this kind with its decoder, opened. Error code "no-stream" or "no-decoder".
  struct Opened {
    AVStream* stream = nullptr;
    CodecContext codec;
  };
  base::Result<Opened> open_stream(AVMediaType kind, int threads) const;

 private:
  Demuxer(ReadAt read, std::uint64_t size) : read_(std::move(read)), size_(size) {}
  static int read_packet(void* self, std::uint8_t* out, int size);
  static std::int64_t seek(void* self, std::int64_t offset, int whence);

  ReadAt read_;
  std::uint64_t size_;
  std::uint64_t at_ = 0;
  AVIOContext* io_ = nullptr;
  AVFormatContext* format_ = nullptr;
};

std::string av_message(int error);

}  // namespace promenade::film
