// The screen as it looks, drawn without a display and halved, against pictures that were looked at. Tolerance: 1.5 of 255
// on average, and 2 % of the pixels by more than 32, for another version of Mesa. With PROMENADE_UPDATE_GOLDEN=1 the
// pictures are written anew; each run leaves its own in full size in the build folder.

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <png.h>
#include <vector>

#include "showcontrol/console/app.h"
#include "showcontrol/console/link.h"
#include "showcontrol/protocol/codec.h"
#include "tests/console/scenes.h"

using namespace promenade;
using namespace promenade::console;
using namespace promenade::console_test;

namespace {

const std::string kGolden = PROMENADE_SOURCE_DIR "/tests/console/golden/";
const std::string kOut = PROMENADE_BINARY_DIR "/console-pictures/";
constexpr double kNow_s = 7200.3;

std::string clock_of(double s) {
  const int whole = 14 * 3600 + static_cast<int>(s) - 7200;
  char text[16];
  std::snprintf(text, sizeof text, "%02d:%02d:%02d", whole / 3600 % 24, whole / 60 % 60, whole % 60);
  return text;
}

Image halved(const Image& full) {
  Image half{full.width / 2, full.height / 2, {}};
  half.rgb.resize(static_cast<std::size_t>(half.width) * static_cast<std::size_t>(half.height) * 3);
  for (int y = 0; y < half.height; ++y) {
    for (int x = 0; x < half.width; ++x) {
      for (int c = 0; c < 3; ++c) {
        int sum = 2;
        for (int k = 0; k < 4; ++k) sum += full.rgb[(static_cast<std::size_t>(2 * y + k / 2) * static_cast<std::size_t>(full.width) + static_cast<std::size_t>(2 * x + k % 2)) * 3 + static_cast<std::size_t>(c)];
        half.rgb[(static_cast<std::size_t>(y) * static_cast<std::size_t>(half.width) + static_cast<std::size_t>(x)) * 3 + static_cast<std::size_t>(c)] = static_cast<std::uint8_t>(sum / 4);
      }
    }
  }
  return half;
}

struct Difference {
  double mean = 255.0;
  double far_share = 1.0;
};
Difference difference(const Image& image, const std::string& path) {
  png_image head{};
  head.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_file(&head, path.c_str()) == 0) return {};
  head.format = PNG_FORMAT_RGB;
  std::vector<std::uint8_t> pixels(PNG_IMAGE_SIZE(head));
  if (png_image_finish_read(&head, nullptr, pixels.data(), 0, nullptr) == 0) return {};
  Difference found;
  if (static_cast<int>(head.width) == image.width && static_cast<int>(head.height) == image.height) {
    double sum = 0.0;
    std::size_t far = 0;
    for (std::size_t i = 0; i < image.rgb.size(); ++i) {
      const int off = std::abs(static_cast<int>(image.rgb[i]) - static_cast<int>(pixels[i]));
      sum += off;
      far += off > 32 ? 1 : 0;
    }
    found = {sum / static_cast<double>(image.rgb.size()), static_cast<double>(far) / static_cast<double>(image.rgb.size())};
  }
  return found;
}

// Somebody has fallen while the plan is a forecast.
std::vector<Message> ahead_alarm() {
  std::vector<Message> scene = with_alarm();
  for (Message& play : forecasts()) scene.push_back(std::move(play));
  return scene;
}

struct Shot {
  std::string name;
  std::vector<Message> scene;
  Language language = Language::zh;
  Tab tab = Tab::headsets;
  std::uint16_t chosen = 0;
  bool lost = false;
  int width = 1280, height = 800;
  protocol::StaffAction asked{};
  bool asks = false;
  bool child = false;
  protocol::Settlement confirming = protocol::Settlement::open;
  double ahead_s = 0.0;
};

Layout draw(const Shot& shot, Image& image) {
  auto app = App::make({"tablet 1", "staff-key", shot.language, "127.0.0.1:9560", clock_of});
  REQUIRE(app.has_value());
  auto surface = open_offscreen(shot.width, shot.height);
  INFO((surface ? std::string() : surface.error().text()));
  REQUIRE(surface.has_value());
  ConsoleModel& model = (*app)->model();
  model.link_up(kNow_s - 1.0);
  for (const Message& message : shot.scene) model.receive(message, kNow_s - 0.1);
  if (shot.lost) model.link_down(kNow_s - 0.05);
  (*app)->frame(**surface, kNow_s);  // what the hall's state alone opens comes first
  (*app)->ui().tab = shot.tab;
  if (shot.chosen != 0) (*app)->ui().choose(HeadsetId(shot.chosen));
  (*app)->ui().child = shot.child;
  if (shot.child) (*app)->ui().height_cm = 120;
  (*app)->ui().confirming = shot.confirming;
  (*app)->ui().ahead_s = shot.ahead_s;
  (*app)->ui().ahead_touched_s = kNow_s;
  for (const protocol::StaffAlarm& alarm : model.snapshot().alarms) (*app)->ui().ahead_alarm = std::max((*app)->ui().ahead_alarm, alarm.number);
  if (shot.asks) {
    const auto number = model.ask(shot.asked, kNow_s - 0.5);
    model.receive(protocol::StaffReply{number, false, "somebody-near", "Another person is too near. Lead one of them away first."}, kNow_s - 0.3);
  }
  for (int i = 0; i < 3; ++i) (*app)->frame(**surface, kNow_s + (shot.lost ? 42.0 : 0.0));
  image = (*surface)->image();
  return (*app)->layout();
}

}  // namespace

TEST_CASE("The console looks as it did when it was looked at") {
  std::filesystem::create_directories(kOut);
  const std::vector<Shot> shots{
      {.name = "busy-zh", .scene = busy()},
      {.name = "busy-en", .scene = busy(), .language = Language::en, .tab = Tab::queue},
      {.name = "alarm-zh", .scene = with_alarm()},
      {.name = "alarm-en", .scene = with_alarm(), .language = Language::en, .chosen = 10},
      {.name = "drift-zh", .scene = with_drift(), .chosen = 8},
      {.name = "drift-en", .scene = with_drift(), .language = Language::en, .chosen = 8},
      {.name = "lifted-en", .scene = with_drift(), .language = Language::en, .chosen = 4},
      {.name = "parent-zh", .scene = with_children(), .chosen = 5},
      {.name = "parent-en", .scene = with_children(), .language = Language::en, .chosen = 5},
      {.name = "child-alone-en", .scene = with_children(), .language = Language::en, .chosen = 2},
      {.name = "leading-out-zh", .scene = leading_out(), .chosen = 10},
      {.name = "leading-out-en", .scene = leading_out(), .language = Language::en, .chosen = 10},
      {.name = "evacuate-zh", .scene = evacuating(), .tab = Tab::evacuation},
      {.name = "evacuate-en", .scene = evacuating(), .language = Language::en, .tab = Tab::evacuation, .chosen = 5},
      {.name = "evacuate-small-en", .scene = evacuating(), .language = Language::en, .tab = Tab::evacuation, .width = 1024, .height = 700},
      {.name = "drift-small-zh", .scene = with_drift(), .chosen = 2, .width = 1024, .height = 700},
      {.name = "settle-small-en", .scene = after_evacuation(), .language = Language::en, .tab = Tab::evacuation, .width = 1024, .height = 700},
      {.name = "settle-zh", .scene = after_evacuation(), .tab = Tab::evacuation},
      {.name = "settle-en", .scene = after_evacuation(), .language = Language::en, .tab = Tab::evacuation, .chosen = 1},
      {.name = "refund-all-en", .scene = after_evacuation(), .language = Language::en, .tab = Tab::evacuation, .confirming = protocol::Settlement::refund},
      {.name = "release-en", .scene = console_test::stopped(), .language = Language::en, .chosen = 6, .asked = protocol::ReleaseViewer{HeadsetId(6)}, .asks = true},
      {.name = "lost-en", .scene = busy(), .language = Language::en, .lost = true},
      {.name = "bind-zh", .scene = busy(), .chosen = 21},
      {.name = "bind-child-en", .scene = busy(), .language = Language::en, .chosen = 21, .child = true},
      {.name = "unknown-en", .scene = with_gaps(), .language = Language::en},
      {.name = "ahead-zh", .scene = with_forecasts(), .ahead_s = 240.0},
      {.name = "ahead-en", .scene = with_forecasts(), .language = Language::en, .chosen = 6, .ahead_s = 75.0},
      {.name = "ahead-small-en", .scene = with_forecasts(), .language = Language::en, .width = 1024, .height = 700, .ahead_s = 420.0},
      {.name = "ahead-alarm-en", .scene = ahead_alarm(), .language = Language::en, .ahead_s = 150.0},
      {.name = "waits-zh", .scene = with_forecasts(), .chosen = 6},
      {.name = "waits-en", .scene = with_forecasts(), .language = Language::en, .chosen = 6},
      {.name = "waits-body-en", .scene = with_forecasts(), .language = Language::en, .chosen = 10},
      {.name = "waits-start-zh", .scene = with_forecasts(), .chosen = 14},
      {.name = "waits-small-en", .scene = with_forecasts(), .language = Language::en, .chosen = 6, .width = 1024, .height = 700},
      {.name = "day-zh", .scene = with_alarm(), .tab = Tab::day},
      {.name = "closing-en", .scene = closing(), .language = Language::en, .tab = Tab::day},
      {.name = "closing-zh", .scene = closing(), .tab = Tab::day},
      {.name = "closing-queue-en", .scene = closing(), .language = Language::en, .tab = Tab::queue},
      {.name = "closing-small-en", .scene = closing(), .language = Language::en, .tab = Tab::day, .width = 1024, .height = 700},
  };
  for (const Shot& shot : shots) {
    Image image;
    draw(shot, image);
    REQUIRE(write_png(image, kOut + shot.name + ".png"));
    const Image half = halved(image);
    const std::string golden = kGolden + shot.name + ".png";
    if (std::getenv("PROMENADE_UPDATE_GOLDEN") != nullptr) REQUIRE(write_png(half, golden));
    const Difference off = difference(half, golden);
    INFO(shot.name << ": " << off.mean << " on average, " << off.far_share << " far off; see " << kOut);
    CHECK(off.mean <= 1.5);
    CHECK(off.far_share <= 0.02);
  }
}

TEST_CASE("Whatever can be tapped is as large as a finger, and lies on the screen") {
  struct Seen {
    std::vector<Message> scene;
    Tab tab;
    std::uint16_t chosen;
    double ahead_s = 0.0;
  };
  const std::vector<Seen> all{{with_alarm(), Tab::headsets, 0},      {with_alarm(), Tab::headsets, 10},  {with_alarm(), Tab::queue, 0},
                              {with_alarm(), Tab::day, 0},           {with_drift(), Tab::headsets, 8},   {with_drift(), Tab::headsets, 21},
                              {with_children(), Tab::headsets, 2},   {evacuating(), Tab::evacuation, 5}, {evacuating(), Tab::headsets, 0},
                              {after_evacuation(), Tab::evacuation, 3},
                              {with_forecasts(), Tab::headsets, 6},  {with_forecasts(), Tab::headsets, 0, 300.0}};
  struct Size {
    int width, height;
    Language language;
  };
  for (const auto& [width, height, language] : {Size{1024, 700, Language::zh}, Size{1024, 700, Language::en}, Size{1920, 1200, Language::en}}) {
    for (const Seen& seen : all) {
      Image image;
      const Shot shot{.name = "", .scene = seen.scene, .language = language, .tab = seen.tab, .chosen = seen.chosen, .width = width, .height = height, .ahead_s = seen.ahead_s};
      const Layout layout = draw(shot, image);
      CHECK((layout.widgets.contains("evacuate") || layout.widgets.contains("end-evacuation")));
      for (const auto& [name, box] : layout.widgets) {
        INFO(width << "x" << height << " " << name);
        CHECK(box.x >= 0.0F);
        CHECK(box.y >= 0.0F);
        CHECK(box.x + box.width <= static_cast<float>(width));
        CHECK(box.y + box.height <= static_cast<float>(height));
        if (name.starts_with("plan-")) continue;  // as large as what it stands for
        CHECK(box.width >= 44.0F);
        CHECK(box.height >= 25.0F);  // half of a button may be scrolled away
      }
      for (const char* bar : {"evacuate", "end-evacuation", "pause-all", "stop-hall", "language", "alarm-take", "settle", "tab-roll", "tab-settle", "ahead", "ahead-now"}) {
        if (layout.widgets.contains(bar)) CHECK(layout.widgets.at(bar).height >= 44.0F);
      }
    }
  }
}

TEST_CASE("What a console heard can be shown again from its recording") {
  const std::string path = kOut + "busy.recording";
  std::filesystem::create_directories(kOut);
  {
    std::ofstream out(path, std::ios::binary);
    for (const Message& message : busy()) {
      const base::Bytes bytes = protocol::encode(message);
      out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    }
  }
  ConsoleModel model("tablet", "key");
  REQUIRE(replay(path, model, 5.0));
  CHECK(model.snapshot().headsets.size() == 24);
  CHECK(model.snapshot().films.size() == 9);
  CHECK(replay(kOut + "none.recording", model, 5.0).error().code == "file-unreadable");
}
