#include "showcontrol/rehearsal/real_headset.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "showcontrol/client/view_json.h"

using namespace promenade;
using namespace promenade::rehearsal;

namespace {

// A driver that listens, takes one caller and reads or tells lines.
class Driver {
 public:
  Driver() {
    std::string folder = (std::filesystem::temp_directory_path() / "promenade-driver-XXXXXX").string();
    REQUIRE(::mkdtemp(folder.data()) != nullptr);
    folder_ = folder;
    path_ = folder_ + "/driver";
    listener_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.c_str(), path_.size() + 1);
    REQUIRE(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
    REQUIRE(::listen(listener_, 1) == 0);
  }
  ~Driver() {
    hang_up();
    ::close(listener_);
    std::filesystem::remove_all(folder_);
  }
  void answer() { link_ = ::accept(listener_, nullptr, nullptr); }
  void hang_up() {
    if (link_ >= 0) ::close(link_);
    link_ = -1;
  }
  void tell(const std::string& text) { REQUIRE(::send(link_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size())); }
  nlohmann::json line() {
    std::string text;
    for (char c = 0; ::recv(link_, &c, 1, 0) == 1 && c != '\n';) text += c;
    return nlohmann::json::parse(text);
  }
  const std::string& path() const { return path_; }

 private:
  std::string folder_, path_;
  int listener_ = -1, link_ = -1;
};

std::string told(client::Screen screen) {
  client::View view;
  view.screen = screen;
  return R"({"linked":true,"view":)" + client::view_json(view) + "}\n";
}

}  // namespace

TEST_CASE("A real headset is moved and told by its driver; of several lines the newest counts, a cut one waits") {
  Driver driver;
  auto headset = RealHeadset::open(base::HeadsetId(900), driver.path());
  REQUIRE(headset);
  driver.answer();
  CHECK((*headset)->id() == base::HeadsetId(900));
  CHECK_FALSE((*headset)->linked());
  const std::string next = told(client::Screen::film);
  driver.tell(told(client::Screen::shelf) + told(client::Screen::menu) + next.substr(0, 20));
  (*headset)->step(0.0, {{3.0, 4.0}, 1.6, 0.0, true});
  CHECK((*headset)->linked());
  CHECK((*headset)->view().screen == client::Screen::menu);
  driver.tell(next.substr(20));
  (*headset)->step(0.001, {{3.0, 4.0}, 1.6, 0.0, true});
  CHECK((*headset)->view().screen == client::Screen::film);

  const nlohmann::json first = driver.line();
  CHECK(first["head"].size() == 7);
  CHECK(first["head"][1].get<double>() == Catch::Approx(1.6));
  (*headset)->step(1.0, {{4.0, 4.0}, 1.6, 0.0, true});
  const nlohmann::json second = driver.line();
  const double dx = second["head"][0].get<double>() - first["head"][0].get<double>();
  const double dz = second["head"][2].get<double>() - first["head"][2].get<double>();
  CHECK(std::hypot(dx, dz) == Catch::Approx(1.0));  // a metre in the hall is a metre of its stage

  (*headset)->touch_mark("M1.first", {1.0, 2.0}, 0.0, 1.0);
  (*headset)->choose(base::FilmId("001100012026"), "en", 1.0);
  (*headset)->rate(4, 1.0);
  CHECK(driver.line()["touch"] == "M1.first");
  CHECK(driver.line()["language"] == "en");
  CHECK(driver.line()["rate"] == 4);
}

TEST_CASE("A driver that goes away is connected again") {
  Driver driver;
  auto headset = RealHeadset::open(base::HeadsetId(900), driver.path());
  REQUIRE(headset);
  driver.answer();
  driver.tell(told(client::Screen::menu));
  (*headset)->step(0.0, {});
  driver.hang_up();
  (*headset)->step(0.5, {});
  CHECK_FALSE((*headset)->linked());
  (*headset)->step(2.0, {});
  driver.answer();
  driver.tell(told(client::Screen::rate));
  (*headset)->step(2.1, {});
  CHECK((*headset)->linked());
  CHECK((*headset)->view().screen == client::Screen::rate);
}

TEST_CASE("Where no driver listens, it is said") {
  const auto none = RealHeadset::open(base::HeadsetId(1), "/nonexistent/driver");
  REQUIRE_FALSE(none);
  CHECK(none.error().code == "driver-away");
  CHECK_FALSE(RealHeadset::open(base::HeadsetId(1), std::string(200, 'x')));
}
