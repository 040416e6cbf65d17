#include "showcontrol/drawing/canvas.h"

#include <cmath>

namespace promenade::drawing {
namespace {

void draw(Canvas& canvas) {
  canvas.rectangle({0, 0}, 200, 100, colour(0xffffff));
  canvas.disc({50, 50}, 20, colour(0xcc3311));
  const std::vector<std::vector<Point>> floor{{{100, 10}, {190, 10}, {190, 90}, {100, 90}}, {{130, 30}, {160, 30}, {160, 60}, {130, 60}}};
  canvas.fill(floor, colour(0x336699));
  canvas.line({0, 95}, {200, 95}, {colour(0x000000), 2.0, {6, 4}, false});
  canvas.text({5, 20}, "影厅 Hall", {.size = 14, .colour = colour(0x222222), .halo = 2.0});
  canvas.image({2, 1, {255, 0, 0, 255, 0, 0, 255, 128}}, {10, 80}, 20, 10, false);
  canvas.clip(floor);
  canvas.image({2, 1, {255, 0, 0, 255, 0, 0, 255, 128}}, {110, 20}, 60, 60);
  canvas.unclip();
}

std::string bytes(Canvas canvas) {
  draw(canvas);
  const auto done = canvas.finish();
  REQUIRE(done);
  return *done;
}

std::uint32_t big_endian(const std::string& text, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint8_t>(text[at + i]);
  return value;
}

TEST_CASE("The same calls give an SVG, a PNG and a PDF, each the same bytes every time") {
  const PdfInfo info{"Marks", "Promenade", "2026-05-01T09:00:00Z"};
  const std::string svg = bytes(Canvas::svg(200, 100)), png = bytes(Canvas::png(200, 100, 2.0)), pdf = bytes(Canvas::pdf(200, 100, info));
  CHECK(svg.starts_with("<?xml"));
  CHECK(svg.find("width=\"200px\" height=\"100px\"") != std::string::npos);
  CHECK(svg.ends_with("</svg>\n"));
  REQUIRE(png.starts_with("\x89PNG"));
  CHECK(big_endian(png, 16) == 400);
  CHECK(big_endian(png, 20) == 200);
  CHECK(pdf.starts_with("%PDF"));
  CHECK(svg == bytes(Canvas::svg(200, 100)));
  CHECK(png == bytes(Canvas::png(200, 100, 2.0)));
  CHECK(pdf == bytes(Canvas::pdf(200, 100, info)));
}

TEST_CASE("A PDF sheet is to scale: a millimetre of the drawing is one on paper") {
  Canvas canvas = Canvas::pdf(210, 297, {"Sheet", "Promenade", "2026-05-01T09:00:00Z"});
  canvas.rectangle({10, 10}, 100, 100, colour(0x000000));
  canvas.next_page();
  canvas.rectangle({20, 20}, 50, 50, colour(0x000000));
  const auto done = canvas.finish();
  REQUIRE(done);
  CHECK(done->find("595.2755") != std::string::npos);  // 210 mm in points of 1/72 inch
  CHECK(done->find("841.8897") != std::string::npos);
  CHECK(done->find("/Count 2") != std::string::npos);
}

TEST_CASE("A text is as wide as it is said to be, in Chinese as well; a bold one is wider in Latin") {
  Canvas canvas = Canvas::svg(400, 100);
  const double one = canvas.text_width("影", 20.0);
  CHECK(std::abs(one - 20.0) < 0.5);  // an ideograph is as wide as the font is high
  CHECK(std::abs(canvas.text_width("影厅", 20.0) - 2.0 * one) < 0.1);
  CHECK(canvas.text_width("Hall", 20.0, true) > canvas.text_width("Hall", 20.0, false));
  CHECK(canvas.text({10, 10}, "影厅", {.size = 20.0}) == canvas.text_width("影厅", 20.0));
  REQUIRE(canvas.finish());
}

TEST_CASE("Sharp pixels are shapes, not a picture; smooth ones are one picture") {
  const Image image{2, 2, {0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 255}};
  for (const bool smooth : {false, true}) {
    Canvas canvas = Canvas::svg(100, 100);
    canvas.image(image, {10, 10}, 80, 80, smooth);
    const auto done = canvas.finish();
    REQUIRE(done);
    CHECK((done->find("data:image/png;base64") != std::string::npos) == smooth);
  }
}

TEST_CASE("Nothing is drawn outside a clip, and everything after it again") {
  Canvas all = Canvas::png(40, 40), clipped = Canvas::png(40, 40), after = Canvas::png(40, 40);
  all.rectangle({0, 0}, 40, 40, colour(0x123456));
  const std::vector<std::vector<Point>> hole{{{10, 10}, {30, 10}, {30, 30}, {10, 30}}};
  clipped.clip(hole);
  clipped.rectangle({0, 0}, 40, 40, colour(0x123456));
  clipped.unclip();
  after.clip(hole);
  after.unclip();
  after.rectangle({0, 0}, 40, 40, colour(0x123456));
  const auto whole = all.finish();
  CHECK(whole == after.finish());
  CHECK(whole != clipped.finish());
}

}  // namespace
}  // namespace promenade::drawing
