#pragma once
// A small log of near misses: one film in two cuts, another film, a wall, and one contact within its near miss.

#include "showcontrol/report/near_misses.h"

namespace promenade::report::test {

inline constexpr const char* kLantern = "001100012026";
inline constexpr const char* kSnow = "001100042026";
inline constexpr std::int64_t kNoon_ms = 1'777'608'000'000;  // 2026-05-01 12:00:00 in Shanghai

inline NearMissPerson viewer(int headset, const std::string& film, const std::string& package, const std::string& part, int scene, double film_x_m, double film_y_m) {
  NearMissPerson one;
  one.kind = "viewer";
  one.headset = headset;
  one.play = "H-1-" + std::to_string(headset);
  one.film = film;
  one.package = package;
  one.part = part;
  one.scene = scene;
  one.scene_name = scene < 0 ? "" : scene == 0 ? "gate_house" : "bridge";
  one.scene_s = 12.4;
  one.level = "pause";
  one.cause = "body";
  one.warned_s = 1.3;
  one.x_m = 10.0 + headset;
  one.y_m = 6.0;
  one.film_x_m = film_x_m;
  one.film_y_m = film_y_m;
  one.track = {{-100, 10.0, 6.0}, {0, one.x_m, one.y_m}};
  return one;
}

inline std::vector<NearMissRecord> records() {
  const auto at = [](std::int64_t second) { return kNoon_ms + second * 1000; };
  NearMissPerson unwarned = viewer(5, kSnow, "cc", "leg", 0, 1.0, 2.0);
  unwarned.level = "clear";
  unwarned.cause = "none";
  unwarned.tracked = false;
  const auto a = viewer(1, kLantern, "aabbccdd00", "scene", 1, 0.5, 3.0), b = viewer(2, kLantern, "aabbccdd00", "scene", 1, 0.4, 2.6);
  return {
      {1, "near_miss", at(0), at(1), at(3), 0.55, {a, b}},
      {2, "contact", at(1), at(1), at(2), 0.55, {a, b}},
      {3, "near_miss", at(100), at(101), at(102), 0.92, {viewer(1, kLantern, "aabbccdd00", "leg", 0, 0.0, 1.0), unwarned}},
      {4, "wall_near_miss", at(200), at(201), at(202), 0.41, {viewer(3, kLantern, "eeff001122", "way_in", -1, 5.0, 5.0)}},
  };
}

inline std::vector<ViewerTimeRow> times() {
  return {{kLantern, "aabbccdd00", "way_in", -1, "", 3600.0},          {kLantern, "aabbccdd00", "scene", 0, "gate_house", 7200.0}, {kLantern, "aabbccdd00", "leg", 0, "gate_house", 1800.0},
          {kLantern, "aabbccdd00", "scene", 1, "bridge", 9000.0},      {kLantern, "eeff001122", "way_in", -1, "", 1800.0},         {kSnow, "cc", "leg", 0, "gate_house", 3600.0},
          {"", "", "none", -1, "", 360.0}};
}

inline FilmTitles titles() { return {{kLantern, {"灯街", "Lantern Street"}}, {kSnow, {"雪线", "Snow Line"}}}; }

}  // namespace promenade::report::test
