// The sheets as they come out of a printer that keeps to the scale: the PDF is turned into pixels and read back.
#include "showcontrol/marks/sheets.h"

#include <apriltag/apriltag.h>
#include <apriltag/tag36h11.h>
#include <apriltag/tagStandard41h12.h>

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>

#include "tracking/venue_file.h"

using namespace promenade;
using namespace promenade::marks;

namespace {

constexpr double kDotsPerInch = 200.0, kDotsPer_mm = kDotsPerInch / 25.4;

std::string slurp(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// The reference hall, with a tag on a wall and a large one on the floor.
const tracking::Venue& hall() {
  static const tracking::Venue venue = [] {
    std::string text = slurp(PROMENADE_SOURCE_DIR "/venue-configs/wuxi-420/venue.toml");
    const auto plan = text.find("[plan]\n");
    text.insert(plan, "[[hall.tags]]\nid = 20\nat_m = [28.0, 7.5]\nyaw_deg = 90\nsurface = \"wall\"\nheight_m = 1.5\n\n"
                      "[[hall.tags]]\nid = 21\nat_m = [14.0, 9.0]\nyaw_deg = -45\nsize_mm = 300\n\n");
    return tracking::read_venue(text, "venue.toml").value();
  }();
  return venue;
}

struct Grey {
  int width = 0, height = 0;
  std::string pixels;
  int at(int x, int y) const { return static_cast<unsigned char>(pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)]); }
};

Grey read_pgm(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string magic;
  int most = 0;
  Grey grey;
  in >> magic >> grey.width >> grey.height >> most;
  in.get();
  REQUIRE(magic == "P5");
  grey.pixels.resize(static_cast<std::size_t>(grey.width) * static_cast<std::size_t>(grey.height));
  in.read(grey.pixels.data(), static_cast<std::streamsize>(grey.pixels.size()));
  REQUIRE(in.good());
  return grey;
}

// Every page of the PDF, as pixels.
std::vector<Grey> printed(const Layout& layout, const std::string& name) {
  const std::filesystem::path folder = std::filesystem::path(PROMENADE_BINARY_DIR) / "marks" / name;
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const auto pdf = sheets_pdf(layout);
  REQUIRE(pdf);
  CHECK(pdf->starts_with("%PDF"));
  std::ofstream(folder / "marks.pdf", std::ios::binary) << *pdf;
  std::ostringstream command;
  command << "pdftoppm -gray -r " << kDotsPerInch << " " << (folder / "marks.pdf").string() << " " << (folder / "page").string();
  REQUIRE(std::system(command.str().c_str()) == 0);
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".pgm") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<Grey> pages;
  for (const auto& file : files) pages.push_back(read_pgm(file));
  REQUIRE(pages.size() == layout.pages.size());
  return pages;
}

struct Found {
  int id;
  double x_mm, y_mm, edge_mm, turned_rad;
};

std::vector<Found> find_tags(const Grey& page, TagFamily family) {
  const bool classic = family == TagFamily::tag36h11;
  const std::unique_ptr<apriltag_family_t, void (*)(apriltag_family_t*)> made =
      classic ? std::unique_ptr<apriltag_family_t, void (*)(apriltag_family_t*)>(tag36h11_create(), tag36h11_destroy)
              : std::unique_ptr<apriltag_family_t, void (*)(apriltag_family_t*)>(tagStandard41h12_create(), tagStandard41h12_destroy);
  const std::unique_ptr<apriltag_detector_t, void (*)(apriltag_detector_t*)> detector(apriltag_detector_create(), apriltag_detector_destroy);
  apriltag_detector_add_family(detector.get(), made.get());
  detector->nthreads = 1;
  std::string pixels = page.pixels;
  image_u8_t image{page.width, page.height, page.width, reinterpret_cast<std::uint8_t*>(pixels.data())};
  zarray_t* all = apriltag_detector_detect(detector.get(), &image);
  std::vector<Found> found;
  for (int i = 0; i < zarray_size(all); ++i) {
    apriltag_detection_t* one = nullptr;
    zarray_get(all, i, &one);
    CHECK(one->hamming == 0);
    double edges = 0.0;
    for (int k = 0; k < 4; ++k) edges += std::hypot(one->p[k][0] - one->p[(k + 1) % 4][0], one->p[k][1] - one->p[(k + 1) % 4][1]);
    // Corners run counter-clockwise from the lower left one: the second less the first looks right.
    found.push_back({one->id, one->c[0] / kDotsPer_mm, one->c[1] / kDotsPer_mm, edges / 4.0 / kDotsPer_mm, std::atan2(one->p[1][1] - one->p[0][1], one->p[1][0] - one->p[0][0])});
  }
  apriltag_detections_destroy(all);
  return found;
}

// Length of the black run that begins within 3 mm of this point and goes right.
double run_mm(const Grey& page, double x_mm, double y_mm) {
  const int y = static_cast<int>(y_mm * kDotsPer_mm);
  double longest = 0.0;
  for (int row = y - 3; row <= y + 3; ++row) {
    int from = static_cast<int>((x_mm - 3.0) * kDotsPer_mm);
    while (from < page.width && page.at(from, row) > 160) ++from;
    int to = from;
    while (to < page.width && page.at(to, row) <= 160) ++to;
    longest = std::max(longest, (to - from) / kDotsPer_mm);
  }
  return longest;
}

const tracking::Tag& tag_of(const Page& page) {
  return hall().tags[page.kind == Page::Kind::mark ? 2 * page.pair + (page.second ? 1 : 0) : page.tag];
}

}  // namespace

TEST_CASE("printed at its scale, every tag is found at its place with its id and size, and every ruler is 100 mm long") {
  const auto layout = lay_out(hall(), *paper("A3"), TagFamily::tag36h11);
  REQUIRE(layout);
  REQUIRE(layout->pages.size() == 10);  // the plan, four marks, one tag, and one tag of 300 mm in four parts
  const auto pages = printed(*layout, "a3");
  for (std::size_t i = 1; i < pages.size(); ++i) {
    const Page& page = layout->pages[i];
    INFO("page " << i);
    CHECK(pages[i].width == Catch::Approx(297.0 * kDotsPer_mm).margin(1.5));
    const auto found = find_tags(pages[i], TagFamily::tag36h11);
    if (page.columns > 1 || page.rows > 1) continue;
    const tracking::Tag& tag = tag_of(page);
    REQUIRE(found.size() == 1);
    CHECK(found[0].id == tag.id);
    CHECK(found[0].edge_mm == Catch::Approx(tag.size_m * 1000.0).margin(0.5));
    const drawing::Point centre = tag_on_sheet(*layout, page);
    CHECK(found[0].x_mm == Catch::Approx(page.origin.x + centre.x).margin(0.5));
    CHECK(found[0].y_mm == Catch::Approx(page.origin.y + centre.y).margin(0.5));
    CHECK(std::abs(found[0].turned_rad) < 0.01);
    const double ruler_y = page.kind == Page::Kind::mark ? 87.0 : 43.0;
    CHECK(run_mm(pages[i], page.origin.x + 7.0, page.origin.y + ruler_y) == Catch::Approx(kRuler_mm).margin(0.5));
  }
}

TEST_CASE("the cross of a mark lies ahead of its tag by what the venue reckons with") {
  const auto layout = lay_out(hall(), *paper("A4"), TagFamily::tag36h11);
  REQUIRE(layout);
  const auto pages = printed(*layout, "a4");
  int marks = 0;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    const Page& page = layout->pages[i];
    if (page.kind != Page::Kind::mark) continue;
    ++marks;
    REQUIRE(page.columns * page.rows == 1);  // on the most common paper a mark is one sheet
    const drawing::Point cross = cross_on_sheet(*layout, page);
    const auto found = find_tags(pages[i], TagFamily::tag36h11);
    REQUIRE(found.size() == 1);
    CHECK(found[0].y_mm - (page.origin.y + cross.y) == Catch::Approx(tracking::kTagBehindMark_m * 1000.0).margin(0.5));
    CHECK(found[0].x_mm == Catch::Approx(page.origin.x + cross.x).margin(0.5));
    // The cross's arms reach 16 mm to either side of it.
    CHECK(run_mm(pages[i], page.origin.x + cross.x - 16.0, page.origin.y + cross.y) == Catch::Approx(32.0).margin(0.5));
  }
  CHECK(marks == 4);
}

TEST_CASE("the other family prints as well, in parts where it does not fit") {
  const auto on_a4 = lay_out(hall(), *paper("A4"), TagFamily::tagStandard41h12);
  REQUIRE(on_a4);
  CHECK(std::ranges::any_of(on_a4->pages, [](const Page& page) { return page.columns > 1; }));
  const auto on_a3 = lay_out(hall(), *paper("A3"), TagFamily::tagStandard41h12);
  REQUIRE(on_a3);
  const auto pages = printed(*on_a3, "standard");
  int whole = 0;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    const Page& page = on_a3->pages[i];
    if (page.kind == Page::Kind::plan || page.columns * page.rows > 1) continue;
    const auto found = find_tags(pages[i], TagFamily::tagStandard41h12);
    REQUIRE(found.size() == 1);
    CHECK(found[0].id == tag_of(page).id);
    CHECK(found[0].edge_mm == Catch::Approx(tag_of(page).size_m * 1000.0).margin(0.5));
    ++whole;
  }
  CHECK(whole == 5);
}

TEST_CASE("the parts of a sheet cover it and overlap; a tag that the family lacks is refused") {
  const auto layout = lay_out(hall(), *paper("A4"), TagFamily::tag36h11);
  REQUIRE(layout);
  std::vector<Page> parts;
  std::ranges::copy_if(layout->pages, std::back_inserter(parts), [](const Page& page) { return page.kind == Page::Kind::tag && hall().tags[page.tag].id == 21; });
  REQUIRE(parts.size() > 1);
  const double wide = 210.0 - 2.0 * kPaperMargin_mm, high = 297.0 - 2.0 * kPaperMargin_mm;
  for (const Page& part : parts) {
    // What of the sheet this page shows, in the sheet's millimetres.
    const double left = kPaperMargin_mm - part.origin.x, top = kPaperMargin_mm - part.origin.y;
    if (part.columns > 1) {
      CHECK(left == Catch::Approx(part.column * (wide - kTileOverlap_mm)));
      if (part.column == part.columns - 1) CHECK(left + wide >= part.sheet_width_mm - 1e-9);
    }
    if (part.rows > 1 && part.row == part.rows - 1) CHECK(top + high >= part.sheet_height_mm - 1e-9);
  }
  tracking::Venue wrong = hall();
  wrong.tags.back().id = 600;
  const auto refused = lay_out(wrong, *paper("A4"), TagFamily::tag36h11);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "tag-id");
  CHECK_FALSE(paper("B5"));
  CHECK_FALSE(tag_family("tag16h5"));
}

TEST_CASE("the same venue gives the same file, byte by byte") {
  const auto layout = lay_out(hall(), *paper("A4"), TagFamily::tag36h11);
  REQUIRE(layout);
  CHECK(sheets_pdf(*layout).value() == sheets_pdf(*layout).value());
}
