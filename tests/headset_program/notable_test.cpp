#include "runtime/headset/notable.h"

#include <catch2/catch_test_macros.hpp>

using namespace promenade;
using headset::Notable;
using headset::Showing;
using Names = std::vector<std::string>;

namespace {
base::HeadsetTime at(double seconds) { return base::headset_time(seconds); }
}  // namespace

TEST_CASE("A picture is taken once, when what it shows has stood for a while") {
  Notable notable;
  Showing menu;
  menu.menu = true;
  CHECK(notable.step(at(0.0), menu).empty());
  CHECK(notable.step(at(0.5), menu).empty());
  CHECK(notable.step(at(0.7), menu) == Names{"menu"});
  CHECK(notable.step(at(3.0), menu).empty());
  notable.again("menu");
  CHECK(notable.step(at(3.1), menu) == Names{"menu"});
}

TEST_CASE("What comes and goes has to stand anew") {
  Notable notable;
  Showing ghost;
  ghost.ghost = true;
  for (int i = 0; i < 10; ++i) {
    CHECK(notable.step(at(i * 0.4), ghost).empty());
    CHECK(notable.step(at(i * 0.4 + 0.2), {}).empty());
  }
  CHECK(notable.step(at(5.0), ghost).empty());
  CHECK(notable.step(at(5.3), ghost) == Names{"ghost"});
}

TEST_CASE("Each scene of each film has a picture of its own, and several may be due at once") {
  Notable notable;
  Showing showing;
  showing.film = "001100012026";
  showing.stop = true;
  CHECK(notable.step(at(0.0), showing).empty());
  CHECK(notable.step(at(3.0), showing) == Names{"film-001100012026-0", "stop"});
  showing.scene = 1;
  CHECK(notable.step(at(4.0), showing).empty());
  CHECK(notable.step(at(7.0), showing) == Names{"film-001100012026-1"});
}
