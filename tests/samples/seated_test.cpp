// The seated films' pictures, drawn small: closed at the back, different for the eyes where they should be, and the same
// whenever a moment is drawn again.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <numeric>

#include <catch2/catch_test_macros.hpp>

#include "content-tools/samples/seated.h"
#include "content-tools/samples/seated_films.h"
#include "tests/package/temporary_folder.h"

using namespace promenade::samples;
using promenade::package::testing::TemporaryFolder;

namespace {

constexpr const char* kFilms[] = {"inside-the-bell", "reed-lake", "slow-planet"};

int luma(const VideoFrame& frame, int x, int y) { return frame.bytes[static_cast<std::size_t>(y * frame.width + x)]; }

// Mean difference of two columns of brightness.
double between(const VideoFrame& frame, int a, int b) {
  double sum = 0.0;
  for (int y = 0; y < frame.height; ++y) sum += std::abs(luma(frame, a, y) - luma(frame, b, y));
  return sum / frame.height;
}

}  // namespace

TEST_CASE("pictures of the seated films close at the back") {
  Pool pool(2);
  for (const char* film : kFilms) {
    INFO(film);
    const auto painter = make_painter(film, 256, pool);
    REQUIRE(painter);
    VideoFrame frame;
    for (const double t : {12.0, 31.0, 50.0, 66.0}) {
      INFO(t);
      paint(*painter, t, pool, frame);
      REQUIRE(frame.width == 256);
      REQUIRE(frame.height == 128 * painter->eyes());
      double neighbours = 0.0;
      for (int x = 0; x < 8; ++x) neighbours = std::max({neighbours, between(frame, x, x + 1), between(frame, 254 - x, 255 - x)});
      CHECK(between(frame, 255, 0) <= neighbours * 1.3 + 0.5);
      const auto [low, high] = std::minmax_element(frame.bytes.begin(), frame.bytes.begin() + static_cast<std::ptrdiff_t>(frame.width) * frame.height);
      CHECK(*low >= 16);
      CHECK(*high <= 235);
      CHECK(*high - *low > 25);  // there is something to see
    }
  }
}

TEST_CASE("the zenith of open skies is one colour") {
  Pool pool(2);
  for (const char* film : {"reed-lake", "slow-planet"}) {
    const auto painter = make_painter(film, 256, pool);
    VideoFrame frame;
    paint(*painter, 35.0, pool, frame);
    for (int x = 1; x < frame.width; ++x) CHECK(std::abs(luma(frame, x, 0) - luma(frame, x - 1, 0)) <= 4);
  }
}

TEST_CASE("a moment looks the same whatever was drawn before it") {
  Pool pool(2);
  for (const char* film : kFilms) {
    INFO(film);
    const auto a = make_painter(film, 128, pool), b = make_painter(film, 128, pool);
    VideoFrame first, again;
    paint(*a, 28.4, pool, first);
    for (const double t : {3.0, 60.2, 28.1}) paint(*b, t, pool, again);
    paint(*b, 28.4, pool, again);
    CHECK(first.bytes == again.bytes);
  }
}

TEST_CASE("the eyes of slow planet see near things apart and far things alike") {
  Pool pool(2);
  constexpr int kWidth = 1024, kHeight = kWidth / 2;
  const auto painter = make_painter("slow-planet", kWidth, pool);
  REQUIRE(painter->eyes() == 2);
  VideoFrame frame;
  paint(*painter, 30.0, pool, frame);
  // How far the left eye's picture lies to the right of the right eye's, in a window of it.
  const auto shift = [&](int x0, int x1, int y0, int y1) {
    int best = 0;
    double least = 1e18;
    for (int s = -12; s <= 12; ++s) {
      double sum = 0.0;
      for (int y = y0; y < y1; ++y) {
        for (int x = x0; x < x1; ++x) sum += std::pow(luma(frame, x, y) - luma(frame, x - s, y + kHeight), 2.0);
      }
      if (sum < least) {
        least = sum;
        best = s;
      }
    }
    return best;
  };
  // The pole, 1.75 m away 13 degrees to the right, before the sky: 2 asin(0.032 / 1.75) is 6 columns.
  const int pole = static_cast<int>((13.0 / 360.0 + 0.5) * kWidth);
  const int moved = shift(pole - 14, pole + 14, kHeight / 2 - 40, kHeight / 2 - 12);
  CHECK(moved >= 5);
  CHECK(moved <= 7);
  // The ground below, 3 m away, is apart by less; the mountains hardly at all.
  const int ground = shift(kWidth / 4, kWidth / 3, kHeight / 2 + 58, kHeight / 2 + 66);
  CHECK(ground >= 2);
  CHECK(ground <= 5);
  CHECK(shift(kWidth / 4, kWidth / 3, kHeight / 2 - 30, kHeight / 2 - 4) == 0);
}

TEST_CASE("a short film is written as video, and a walking film has none") {
  TemporaryFolder folder;
  double last = -1.0;
  VideoSettings settings;
  settings.width = 128;
  settings.length_s = 0.3;
  REQUIRE(make_video("inside-the-bell", folder.path(), [&](double done) {
    CHECK(done >= last);
    last = done;
  }, settings));
  CHECK(last == 1.0);
  std::ifstream file(folder.file("video/film.mp4"), std::ios::binary);
  std::string start(12, '\0');
  file.read(start.data(), 12);
  CHECK(start.substr(4, 4) == "ftyp");
  Pool pool(1);
  CHECK(make_painter("lantern-street", 128, pool) == nullptr);
  CHECK(make_video("lantern-street", folder.path(), {}));
  CHECK(make_video("inside-the-bell", "/proc/none", {}, settings).error().code == "video-unwritable");
}

TEST_CASE("the pool does every part once") {
  Pool pool(3);
  std::vector<int> done(1000);
  for (int round = 0; round < 20; ++round) {
    pool.run(1000, 7, [&](int first, int last) {
      for (int i = first; i < last; ++i) ++done[static_cast<std::size_t>(i)];
    });
  }
  CHECK(std::ranges::all_of(done, [](int n) { return n == 20; }));
}

TEST_CASE("rows turn round about, and coarse fields are drawn without steps") {
  std::vector<float> row(64), out(64);
  row[10] = 1.0f;
  turned(row.data(), 64, 60.0f / 64.0f, out.data());
  CHECK(out[6] == 1.0f);
  turned(row.data(), 64, -10.5f / 64.0f, out.data());
  CHECK(out[63] == 0.5f);
  CHECK(out[0] == 0.5f);
  Field field(16, 4, -1.0f, 1.0f);
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 16; ++x) field.row(y)[x] = std::sin(2.0f * kPi * static_cast<float>(x) / 16.0f);
  }
  std::vector<float> wide(128);
  field.expand(0.2f, 0.37f, 128, wide.data());
  for (std::size_t x = 0; x < 128; ++x) CHECK(std::fabs(wide[x] - wide[(x + 1) % 128]) < 0.06f);
}
