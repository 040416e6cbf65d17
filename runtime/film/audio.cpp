#include "runtime/film/audio.h"

#include <algorithm>
#include <cstring>

#include "runtime/film/ffmpeg.h"
#include "tracking/base/formatted.h"

namespace promenade::film {
namespace {

using base::Result;

// Decodes to the end; samples are appended as 16-bit integers.
class Decoder {
 public:
  Decoder(Demuxer& demuxer, Demuxer::Opened opened, std::uint64_t frames_max)
      : demuxer_(demuxer), stream_(std::move(opened)), frames_max_(frames_max) {}

  Result<Samples> run() {
    AVCodecContext& codec = *stream_.codec;
    const int channels = codec.ch_layout.nb_channels;
    if (channels != 1 && channels != 2 && channels != 4) {
      return base::fail("sound-unsupported", base::formatted("it has {} channels", channels));
    }
    if (codec.sample_rate < 8000 || codec.sample_rate > 192000) {
      return base::fail("sound-unsupported", base::formatted("it has {} samples a second", codec.sample_rate));
    }
    out_.channels = static_cast<std::uint32_t>(channels);
    out_.rate_hz = static_cast<std::uint32_t>(codec.sample_rate);
    // Channels keep their order, whatever their layout is called: the four of an ambisonic sound are no speakers.
    AVChannelLayout layout = AV_CHANNEL_LAYOUT_MONO;
    av_channel_layout_default(&layout, channels);
    SwrContext* raw = nullptr;
    int e = swr_alloc_set_opts2(&raw, &layout, AV_SAMPLE_FMT_S16, codec.sample_rate, &layout, codec.sample_fmt, codec.sample_rate, 0, nullptr);
    resampler_.reset(raw);
    if (e >= 0) e = swr_init(raw);
    if (e < 0) return base::fail("sound-unsupported", av_message(e));
    Packet packet(av_packet_alloc());
    frame_.reset(av_frame_alloc());
    while (av_read_frame(demuxer_.get(), packet.get()) >= 0) {
      const bool ours = packet->stream_index == stream_.stream->index;
      if (ours && !send(packet.get())) return std::unexpected(*error_);
      av_packet_unref(packet.get());
    }
    if (!send(nullptr)) return std::unexpected(*error_);
    if (out_.interleaved.empty()) return base::fail("sound-malformed", "it holds no sound");
    return std::move(out_);
  }

 private:
  bool send(const AVPacket* packet) {
    const int sent = avcodec_send_packet(stream_.codec.get(), packet);
    if (sent < 0 && sent != AVERROR_EOF) return give_up("sound-malformed", av_message(sent));
    while (true) {
      const int got = avcodec_receive_frame(stream_.codec.get(), frame_.get());
      if (got == AVERROR(EAGAIN) || got == AVERROR_EOF) return true;
      if (got < 0) return give_up("sound-malformed", av_message(got));
      if (frame_->ch_layout.nb_channels != static_cast<int>(out_.channels) || frame_->format != stream_.codec->sample_fmt) {
        return give_up("sound-malformed", "its form changes midway");
      }
      const auto frames = static_cast<std::size_t>(std::max(frame_->nb_samples, 0));
      if (out_.frames() + frames > frames_max_) return give_up("sound-too-long", base::formatted("it is longer than {} s", frames_max_ / out_.rate_hz));
      const std::size_t before = out_.interleaved.size();
      out_.interleaved.resize(before + frames * out_.channels);
      auto* to = reinterpret_cast<std::uint8_t*>(out_.interleaved.data() + before);
      const int made = swr_convert(resampler_.get(), &to, static_cast<int>(frames), const_cast<const std::uint8_t**>(frame_->extended_data), frame_->nb_samples);
      if (made < 0) return give_up("sound-malformed", av_message(made));
      out_.interleaved.resize(before + static_cast<std::size_t>(made) * out_.channels);
      av_frame_unref(frame_.get());
    }
  }

  bool give_up(std::string code, std::string message) {
    error_ = base::Error{std::move(code), std::move(message), {}};
    return false;
  }

  Demuxer& demuxer_;
  Demuxer::Opened stream_;
  std::uint64_t frames_max_;
  Samples out_;
  Resampler resampler_;
  DecodedFrame frame_;
  std::optional<base::Error> error_;
};

}  // namespace

Result<Samples> decode_audio(base::ByteView bytes, const std::string& name, std::uint64_t frames_max) {
  const auto failed = [&](const base::Error& error, std::string code) {
    return base::fail(std::move(code), base::formatted("The sound {} cannot be heard: {}.", name, error.message),
                      "Save it as FLAC or WAV with one, two or four channels.");
  };
  const ReadAt read = [bytes](std::uint64_t offset, std::span<std::uint8_t> out) {
    std::memcpy(out.data(), bytes.data() + offset, out.size());
    return true;
  };
  auto demuxer = Demuxer::open(read, bytes.size(), "flac,wav");
  if (!demuxer) return failed(demuxer.error(), "sound-malformed");
  auto stream = (*demuxer)->open_stream(AVMEDIA_TYPE_AUDIO, 1);
  if (!stream) return failed(stream.error(), "sound-unsupported");
  auto samples = Decoder(**demuxer, std::move(*stream), frames_max).run();
  if (!samples) return failed(samples.error(), samples.error().code);
  return samples;
}

}  // namespace promenade::film
