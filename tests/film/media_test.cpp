#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <fstream>

#include "runtime/film/audio.h"
#include "runtime/film/video.h"
#include "tests/package/films.h"

using namespace promenade;
using namespace promenade::film;
using Catch::Approx;

namespace {

base::Bytes data(const std::string& name) {
  std::ifstream in(std::string(PROMENADE_SOURCE_DIR) + "/tests/film/data/" + name, std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

package::Reader video_package(base::Bytes video) {
  package::Manifest m = package::testing::video_film();
  auto bytes = package::testing::packed(m, {{"video/film.mp4", std::move(video), {}}, {"sound/lake.flac", {1}, {}}});
  REQUIRE(bytes);
  auto reader = package::testing::opened(std::move(*bytes));
  REQUIRE(reader);
  return std::move(*reader);
}

std::unique_ptr<Video> clip() {
  auto video = Video::open(video_package(data("clip.mp4")), "video/film.mp4");
  REQUIRE(video);
  return std::move(*video);
}

// Frame N of the clip has luma 16 + 3 N.
int number_of(const VideoFrame& frame) {
  double sum = 0.0;
  const std::size_t luma = std::size_t{frame.width} * frame.height;
  for (std::size_t i = 0; i < luma; ++i) sum += frame.yuv[i];
  return static_cast<int>(std::lround((sum / static_cast<double>(luma) - 16.0) / 3.0));
}

base::Bytes wav(int channels, int frames) {
  base::Bytes out;
  base::ByteWriter w(out);
  const auto size = static_cast<std::uint32_t>(frames * channels * 2);
  w.raw(base::as_bytes("RIFF"));
  w.u32(36 + size);
  w.raw(base::as_bytes("WAVEfmt "));
  w.u32(16);
  w.u16(1);
  w.u16(static_cast<std::uint16_t>(channels));
  w.u32(48000);
  w.u32(static_cast<std::uint32_t>(48000 * channels * 2));
  w.u16(static_cast<std::uint16_t>(channels * 2));
  w.u16(16);
  w.raw(base::as_bytes("data"));
  w.u32(size);
  for (int i = 0; i < frames; ++i) {
    for (int c = 0; c < channels; ++c) w.u16(static_cast<std::uint16_t>(100 * c + i % 100));
  }
  return out;
}

}  // namespace

TEST_CASE("a video is decoded out of its package, frame by frame") {
  const auto video = clip();
  CHECK(video->width() == 64);
  CHECK(video->height() == 32);
  CHECK(video->frame_rate() == Approx(30.0));
  CHECK(video->length_s() == Approx(2.0).margin(0.05));
  for (const int number : {0, 1, 2, 10, 11, 40, 59}) {
    REQUIRE(video->wait_for(number / 30.0 + 0.001, 20.0));
    const auto frame = video->frame_at(number / 30.0 + 0.001);
    REQUIRE(frame);
    CHECK(number_of(*frame) == number);
    CHECK(frame->yuv.size() == 64u * 32u * 3u / 2u);
  }
  CHECK_FALSE(video->failed());
}

TEST_CASE("a seek lands on the frame that is due, forwards, backwards and at the end") {
  const auto video = clip();
  for (const int number : {45, 5, 59, 0, 31}) {
    const double play_s = number / 30.0 + 0.01;
    video->seek(play_s);
    REQUIRE(video->wait_for(play_s, 20.0));
    const auto frame = video->frame_at(play_s);
    REQUIRE(frame);
    CHECK(number_of(*frame) == number);
    CHECK(std::abs(frame->play_s - number / 30.0) < 0.001);
  }
  REQUIRE(video->wait_for(1.9, 20.0));
  CHECK(video->wait_for(0.2, 20.0));  // back without being told
  CHECK(number_of(*video->frame_at(0.2)) == 6);
  video->seek(30.0);
  REQUIRE(video->wait_for(30.0, 20.0));
  CHECK(number_of(*video->frame_at(30.0)) == 59);  // beyond the end: the last one stays
}

TEST_CASE("a frame that is not there yet is a stall, and the one before is shown") {
  const auto video = clip();
  REQUIRE(video->wait_for(0.001, 20.0));
  const auto first = video->frame_at(0.001);
  CHECK(video->stalls() == 0);
  const auto same = video->frame_at(0.6);  // 18 frames on: more than are decoded ahead
  CHECK(same);
  CHECK(video->stalls() == 1);
}

TEST_CASE("what is no video is refused") {
  const auto refused = [](base::Bytes bytes) {
    const auto video = Video::open(video_package(std::move(bytes)), "video/film.mp4");
    return video ? "opened" : video.error().code;
  };
  CHECK(refused({1, 2, 3}) == "video-malformed");
  CHECK(refused(data("tone.flac")) == "video-malformed");
  CHECK(Video::open(video_package(data("clip.mp4")), "other").error().code == "video-missing");
}

TEST_CASE("sounds are decoded whole: FLAC, WAV, mono, stereo, four channels") {
  const auto tone = decode_audio(data("tone.flac"), "tone");
  REQUIRE(tone);
  CHECK(tone->rate_hz == 8000);
  CHECK(tone->channels == 1);
  CHECK(tone->length_s() == Approx(0.25));
  CHECK(*std::ranges::max_element(tone->interleaved) > 3000);
  for (const int channels : {1, 2, 4}) {
    const auto samples = decode_audio(wav(channels, 480), "wav");
    INFO(channels);
    REQUIRE(samples);
    CHECK(samples->channels == static_cast<unsigned>(channels));
    REQUIRE(samples->frames() == 480);
    for (int c = 0; c < channels; ++c) CHECK(samples->interleaved[static_cast<std::size_t>(7 * channels + c)] == 100 * c + 7);
  }
}

TEST_CASE("sounds that cannot be heard say why") {
  CHECK(decode_audio(base::as_bytes("no sound"), "s").error().code == "sound-malformed");
  CHECK(decode_audio(wav(3, 10), "s").error().code == "sound-unsupported");
  CHECK(decode_audio(wav(1, 480), "s", 100).error().code == "sound-too-long");
  CHECK(decode_audio(data("clip.mp4"), "s").error().code == "sound-malformed");
}
