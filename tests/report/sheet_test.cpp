// density.h, sheet.h, heat_map.h
#include "showcontrol/report/heat_map.h"

#include <catch2/catch_approx.hpp>
#include <cmath>

#include "tests/report/records.h"
#include "tracking/venue_file.h"

using namespace promenade;
using namespace promenade::report;
using namespace promenade::report::test;
using Catch::Approx;

namespace {

// Relative luminance of sRGB (IEC 61966-2-1): what is left of a colour in grey.
double luminance(const drawing::Colour& colour) {
  const auto linear = [](double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
  return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue);
}

package::Manifest film() {
  package::Manifest manifest;
  manifest.film = base::FilmId(kLantern);
  manifest.titles = {{"zh", "灯街"}, {"en", "Lantern Street"}};
  manifest.route = package::Route{};
  manifest.route->scenes = {{"gate_house", {0.0, 0.0}, 0.8, 60.0, 30.0, 10.0}, {"bridge", {0.0, 4.0}, 0.6, 60.0, 30.0, 10.0}, {"square", {4.0, 4.0}, 0.8, 60.0, 30.0, 10.0}};
  return manifest;
}

tracking::Venue venue() {
  auto read = tracking::load_venue(std::string(PROMENADE_SOURCE_DIR) + "/venue-configs/wuxi-420/venue.toml");
  REQUIRE(read);
  return *read;
}

std::uint32_t big_endian(const std::string& text, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint8_t>(text[at + i]);
  return value;
}

}  // namespace

TEST_CASE("A density holds as many near misses as there were, whose peak is where they lie closest") {
  const Density density({0, 0}, {10, 8}, {{3.0, 3.0}, {3.1, 3.0}, {7.0, 6.0}});
  double sum = 0.0, best = 0.0;
  int best_column = 0, best_row = 0;
  for (int row = 0; row < density.rows(); ++row) {
    for (int column = 0; column < density.columns(); ++column) {
      sum += density.at(column, row) * Density::kCell_m * Density::kCell_m;
      if (density.at(column, row) > best) best = density.at(column, row), best_column = column, best_row = row;
    }
  }
  CHECK(sum == Approx(3.0).epsilon(0.01));
  CHECK(density.peak() == best);
  CHECK((best_column + 0.5) * Density::kCell_m == Approx(3.05).margin(0.11));
  CHECK((best_row + 0.5) * Density::kCell_m == Approx(3.0).margin(0.11));
  CHECK(density.scale_end() >= density.peak());
}

TEST_CASE("The image has the top of the floor first, is clear where nothing was and dark where most was") {
  const Density density({0, 0}, {4, 4}, {{1.0, 3.5}, {1.0, 3.5}});
  const drawing::Image image = density.image();
  const auto pixel = [&](double x, double y) { return &image.rgba[(static_cast<std::size_t>((4.0 - y) * 10.0) * 40 + static_cast<std::size_t>(x * 10.0)) * 4]; };
  CHECK(pixel(3.5, 0.5)[3] == 0);
  CHECK(pixel(1.0, 3.5)[3] > 200);
  CHECK(pixel(1.0, 3.5)[1] < 120);
}

TEST_CASE("The scale of colours only darkens, in even steps, so that it reads in grey") {
  double before = 1.0;
  for (int i = 0; i <= 100; ++i) {
    const double now = luminance(heat_colour(i / 100.0));
    CHECK(now < before);
    before = now;
  }
  CHECK(luminance(heat_colour(0.0)) > 0.85);
  CHECK(luminance(heat_colour(1.0)) < 0.03);
}

TEST_CASE("Every film's map is in its own frame; pairs of the hall lie half way; other cuts and ways are left out") {
  const auto all = records();
  const auto in_hall = hall_marks(all, {});
  REQUIRE(in_hall.size() == 4);
  CHECK(in_hall[0].at.x == Approx(11.5));
  CHECK(in_hall[1].contact);
  CHECK(in_hall[3].wall);
  const auto in_film = film_marks(all, {kLantern, {}}, kLantern, "aabbccdd00");
  REQUIRE(in_film.size() == 5);  // two people of a near miss and of its contact, and one on the leg
  CHECK(in_film[0].at.y == Approx(3.0));
  CHECK(film_marks(all, {kLantern, {}}, kLantern, "eeff001122").empty());
}

TEST_CASE("The maps are drawn as SVG and as PNG of twice its size, the same every time") {
  const auto all = records();
  const Summary summary = summarise(all, times(), {});
  const Sheet hall = hall_sheet(venue(), hall_marks(all, {}), summary, titles(), {"", "2026-05-01", ""});
  const Sheet lantern = film_sheet(film(), "aabbccdd00", film_marks(all, {}, kLantern, "aabbccdd00"), summary, {"", "2026-05-01", ""});
  for (const Sheet& sheet : {hall, lantern}) {
    const auto svg = svg_of(sheet), png = png_of(sheet);
    REQUIRE(svg);
    REQUIRE(png);
    CHECK(svg->starts_with("<?xml"));
    CHECK(svg->contains("data:image/png;base64"));  // the density
    CHECK(big_endian(*png, 16) == 2 * static_cast<std::uint32_t>(kSheetWidth));
    CHECK(big_endian(*png, 20) == static_cast<std::uint32_t>(std::lround(2.0 * sheet.height)));
    CHECK(svg == svg_of(sheet));
    CHECK(png == png_of(sheet));
  }
  const Sheet empty = hall_sheet(venue(), {}, summarise({}, {}, {}), {}, {"", "2026-05-01", ""});
  CHECK(svg_of(empty));
  CHECK(svg_of(empty) != svg_of(hall));
}

TEST_CASE("A name that is too long is cut at a letter, not within one") {
  drawing::Canvas canvas = drawing::Canvas::svg(100, 100);
  CHECK(shortened(canvas, "bridge", 14, 200) == "bridge");
  CHECK(shortened(canvas, "灯灯灯灯灯灯", 10, 45) == "灯灯灯…");
  CHECK(canvas.text_width(shortened(canvas, "a very long name of a scene", 14, 80), 14) <= 80.0);
  REQUIRE(canvas.finish());
}
