#include "runtime/film/ffmpeg.h"

#include <algorithm>
#include <format>

namespace promenade::film {
namespace {

constexpr int kIoBuffer = 64 << 10;  // about a package's segment

}  // namespace

std::string av_message(int error) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(error, text, sizeof text);
  return text;
}

int Demuxer::read_packet(void* self, std::uint8_t* out, int size) {
  auto& d = *static_cast<Demuxer*>(self);
  if (d.at_ >= d.size_) return AVERROR_EOF;
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(static_cast<std::uint64_t>(size), d.size_ - d.at_));
  if (!d.read_(d.at_, {out, count})) return AVERROR(EIO);
  d.at_ += count;
  return static_cast<int>(count);
}

std::int64_t Demuxer::seek(void* self, std::int64_t offset, int whence) {
  auto& d = *static_cast<Demuxer*>(self);
  if (whence == AVSEEK_SIZE) return static_cast<std::int64_t>(d.size_);
  const std::int64_t base = whence == SEEK_CUR ? static_cast<std::int64_t>(d.at_) : whence == SEEK_END ? static_cast<std::int64_t>(d.size_) : 0;
  const std::int64_t to = base + offset;
  if (to < 0 || static_cast<std::uint64_t>(to) > d.size_) return AVERROR(EINVAL);
  d.at_ = static_cast<std::uint64_t>(to);
  return to;
}

base::Result<std::unique_ptr<Demuxer>> Demuxer::open(ReadAt read, std::uint64_t size, const char* formats) {
  av_log_set_level(AV_LOG_QUIET);  // what is wrong is told by our own errors
  std::unique_ptr<Demuxer> d(new Demuxer(std::move(read), size));
  auto* buffer = static_cast<std::uint8_t*>(av_malloc(kIoBuffer));
  d->io_ = avio_alloc_context(buffer, kIoBuffer, 0, d.get(), &Demuxer::read_packet, nullptr, &Demuxer::seek);
  d->format_ = avformat_alloc_context();
  d->format_->pb = d->io_;
  d->format_->flags |= AVFMT_FLAG_CUSTOM_IO;
  d->format_->format_whitelist = av_strdup(formats);
  // Nothing but these bytes is ever opened.
  d->format_->protocol_whitelist = av_strdup("none");
  if (const int e = avformat_open_input(&d->format_, nullptr, nullptr, nullptr); e < 0) return base::fail("malformed", av_message(e));
  if (const int e = avformat_find_stream_info(d->format_, nullptr); e < 0) return base::fail("malformed", av_message(e));
  return d;
}

Demuxer::~Demuxer() {
  avformat_close_input(&format_);  // leaves custom input alone
  if (io_) av_freep(&io_->buffer);
  avio_context_free(&io_);
}

base::Result<Demuxer::Opened> Demuxer::open_stream(AVMediaType kind, int threads) const {
  const AVCodec* decoder = nullptr;
  const int number = av_find_best_stream(format_, kind, -1, -1, &decoder, 0);
  if (number == AVERROR_DECODER_NOT_FOUND) return base::fail("no-decoder", "it is in a codec that is not known here");
  if (number < 0) return base::fail("no-stream", "it has no such stream");
  Opened out{format_->streams[number], CodecContext(avcodec_alloc_context3(decoder))};
  int e = avcodec_parameters_to_context(out.codec.get(), out.stream->codecpar);
  out.codec->thread_count = threads;
  out.codec->pkt_timebase = out.stream->time_base;
  if (e >= 0) e = avcodec_open2(out.codec.get(), decoder, nullptr);
  if (e < 0) return base::fail("no-decoder", av_message(e));
  for (unsigned i = 0; i < format_->nb_streams; ++i) {
    if (static_cast<int>(i) != number) format_->streams[i]->discard = AVDISCARD_ALL;
  }
  return out;
}

}  // namespace promenade::film
