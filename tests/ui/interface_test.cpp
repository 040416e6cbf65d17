#include "runtime/ui/interface.h"
#include "tracking/base/formatted.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>

#include <glm/common.hpp>

using namespace promenade;
using namespace promenade::ui;

namespace {

std::unique_ptr<Interface> make() {
  auto made = Interface::create();
  REQUIRE(made);
  return std::move(*made);
}

Menu menu_of(std::size_t count) {
  Menu menu;
  for (std::size_t i = 0; i < count; ++i) {
    FilmCard card;
    card.film = base::FilmId(base::formatted("0011{:04}2026", i + 1));
    card.title = base::formatted("Film {}", i + 1);
    menu.films.push_back(card);
  }
  if (count > 0) menu.chosen = menu.films.front().film;
  return menu;
}

const Target* find(const Interface& interface, std::string_view name) {
  const auto at = std::ranges::find(interface.targets(), name, &Target::name);
  return at == interface.targets().end() ? nullptr : &*at;
}

void check_sound(const gpu::UiDraw& draw) {
  CHECK(draw.width_px > 0);
  CHECK(draw.atlas_alpha.size() == std::size_t{draw.atlas_width} * draw.atlas_height);
  CHECK_FALSE(draw.commands.empty());
  for (const std::uint32_t index : draw.indices) REQUIRE(index < draw.vertices.size());
  for (const gpu::UiCommand& command : draw.commands) REQUIRE(command.first + command.count <= draw.indices.size());
}

}  // namespace

TEST_CASE("every panel draws in both languages and keeps its targets on the panel") {
  auto interface = make();
  bool changed = false;
  const std::vector<Panel> panels{Shelf{}, WaitStaff{}, Welcome{}, menu_of(9), menu_of(1), menu_of(0), menu_of(16), WaitStart{}, Rate{}, StandStill{}, Evacuate{}, Evacuate{0.5, 12, true, false, false},
                                  Evacuate{0.5, 12, false, true, false}, Evacuate{{}, 0, false, true, true}, Evacuate{0.5, 3, false, false, true}, Help{}};
  for (const Language language : {Language::zh, Language::en}) {
    for (const Panel& panel : panels) {
      check_sound(interface->panel(panel, language, {}, changed));
      CHECK(changed);
      for (const Target& target : interface->targets()) {
        CHECK(target.low.x >= 0.0f);
        CHECK(target.high.x <= kPanelWidth_px);
        CHECK(target.high.y <= kPanelHeight_px);
      }
    }
  }
}

TEST_CASE("the menu names its films and pages beyond nine") {
  auto interface = make();
  bool changed = false;
  Menu menu = menu_of(12);
  interface->panel(menu, Language::en, {}, changed);
  CHECK(find(*interface, "film:001100012026") != nullptr);
  CHECK(find(*interface, "film:001100092026") == nullptr);
  CHECK(find(*interface, "page:1") != nullptr);
  CHECK(find(*interface, "choose") != nullptr);
  menu.page = 1;
  interface->panel(menu, Language::en, {}, changed);
  CHECK(find(*interface, "film:001100122026") != nullptr);
  CHECK(find(*interface, "page:0") != nullptr);
}

TEST_CASE("a film's poster fills its cards from its middle, and the others keep their drawn pictures") {
  auto interface = make();
  bool changed = false;
  const Menu menu = menu_of(2);  // two upright cards
  const WaitStart wait{"Film 1", menu.films.front().film, 65};
  const auto posters = [&](const Panel& panel) {
    std::vector<gpu::UiCommand> found;
    for (const gpu::UiCommand& command : interface->panel(panel, Language::en, {}, changed).commands) {
      if (command.texture != 0) found.push_back(command);
    }
    return found;
  };
  CHECK(posters(menu).empty());
  interface->show_poster(menu.films.front().film, {7, 1024, 512});
  const auto shown = posters(menu);
  CHECK(changed);
  REQUIRE(shown.size() == 1);
  CHECK(shown[0].texture == 7);
  CHECK(shown[0].count == 6);
  const gpu::UiDraw& draw = interface->panel(menu, Language::en, {}, changed);
  CHECK_FALSE(changed);
  glm::vec2 low(1e9f), high(0.0f), uv_low(1.0f), uv_high(0.0f);
  for (std::uint32_t i = shown[0].first; i < shown[0].first + shown[0].count; ++i) {
    const gpu::UiVertex& at = draw.vertices[draw.indices[i]];
    low = glm::min(low, at.position), high = glm::max(high, at.position);
    uv_low = glm::min(uv_low, at.uv), uv_high = glm::max(uv_high, at.uv);
  }
  const Target* card = find(*interface, "film:" + menu.films.front().film.value());
  REQUIRE(card != nullptr);
  CHECK(low == card->low);
  CHECK(high == card->high);
  const glm::vec2 size = high - low, seen = uv_high - uv_low;
  CHECK(uv_low.y == 0.0f);
  CHECK(uv_high.y == 1.0f);
  CHECK(std::abs(uv_low.x + uv_high.x - 1.0f) < 1e-5f);               // from the middle
  CHECK(std::abs(seen.x * 1024.0f / 512.0f - size.x / size.y) < 1e-4f);  // and undistorted
  CHECK(posters(wait).size() == 1);
  Menu away = menu;
  away.films.front().available = false;
  CHECK(posters(away).size() == 1);
  interface->drop_posters();
  CHECK(posters(away).empty());
  CHECK(changed);
}

TEST_CASE("what cannot be had cannot be chosen") {
  auto interface = make();
  bool changed = false;
  Menu menu = menu_of(2);
  menu.films.front().available = false;
  interface->panel(menu, Language::en, {}, changed);
  CHECK(find(*interface, "choose") == nullptr);
  menu.films.front().available = true;
  menu.films.front().fault = "damaged";
  interface->panel(menu, Language::en, {}, changed);
  CHECK(find(*interface, "choose") == nullptr);
}

TEST_CASE("an unchanged panel is not drawn again, and new glyphs come by themselves") {
  auto interface = make();
  bool changed = false;
  const auto before = interface->subtitle("hello", changed).atlas_revision;
  CHECK(changed);
  interface->subtitle("hello", changed);
  CHECK_FALSE(changed);
  CHECK(interface->subtitle("龘", changed).atlas_revision > before);
  CHECK(changed);
  interface->panel(Rate{}, Language::zh, {}, changed);
  CHECK(interface->note({}, Language::zh, changed).atlas_revision > before);
}

TEST_CASE("a panel is drawn again for a moving pointer only where something can be pressed") {
  auto interface = make();
  bool changed = false;
  const WaitStart nothing_to_press{"Film", {}, 20};
  interface->panel(nothing_to_press, Language::en, {{{100.0f, 100.0f}}}, changed);
  REQUIRE(interface->targets().empty());
  interface->panel(nothing_to_press, Language::en, {{{140.0f, 100.0f}}}, changed);
  CHECK_FALSE(changed);
  interface->panel(Rate{}, Language::en, {{{140.0f, 100.0f}}}, changed);
  CHECK(changed);
  REQUIRE_FALSE(interface->targets().empty());
  interface->panel(Rate{}, Language::en, {{{100.0f, 100.0f}}}, changed);
  CHECK(changed);
}

TEST_CASE("a point is hit where the targets say") {
  auto interface = make();
  bool changed = false;
  interface->panel(Rate{}, Language::en, {}, changed);
  const Target* star = find(*interface, "star:4");
  REQUIRE(star != nullptr);
  const Target* found = hit(interface->targets(), (star->low + star->high) * 0.5f);
  REQUIRE(found != nullptr);
  CHECK(found->name == "star:4");
  CHECK(hit(interface->targets(), {2.0f, 2.0f}) == nullptr);
}
