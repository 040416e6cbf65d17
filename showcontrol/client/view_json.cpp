#include "showcontrol/client/view_json.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "tracking/base/formatted.h"

namespace promenade::client {
namespace {

using nlohmann::json;
using protocol::HallPoint;

constexpr std::array<std::string_view, 11> kScreens{"shelf", "wait_staff", "menu",      "wait_start",  "guide_in", "film",
                                                    "leg",   "guide_out",  "rate",      "stand_still", "evacuate"};

json point(HallPoint p) { return json::array({p.x, p.y}); }
HallPoint point_of(const json& value) { return {value.at(0).get<double>(), value.at(1).get<double>()}; }

json points(const std::vector<HallPoint>& path) {
  json list = json::array();
  for (const HallPoint& p : path) list.push_back(point(p));
  return list;
}
std::vector<HallPoint> points_of(const json& value) {
  std::vector<HallPoint> path;
  for (const json& one : value) path.push_back(point_of(one));
  return path;
}

template <class T>
void put(json& object, const char* key, const std::optional<T>& value) {
  if (value) object[key] = *value;
}
template <class T>
void take(const json& object, const char* key, std::optional<T>& value) {
  if (const auto found = object.find(key); found != object.end()) value = found->get<T>();
}

json ghost_json(const Ghost& one) {
  return {{"body", one.body.value()}, {"relation", static_cast<int>(one.relation)}, {"at", point(one.position)},
          {"radius_m", one.radius_m}, {"opacity", one.opacity}, {"ring", one.ring}};
}
Ghost ghost_of(const json& one) {
  const int relation = std::clamp(one.at("relation").get<int>(), 0, static_cast<int>(protocol::Relation::placed_staff));
  return {base::BodyId(one.at("body").get<std::uint32_t>()), static_cast<protocol::Relation>(relation), point_of(one.at("at")),
          one.at("radius_m").get<double>(), one.at("opacity").get<double>(), one.at("ring").get<double>()};
}

json play_json(const protocol::PlayOrder& play) {
  return {{"id", play.play.value()},
          {"film", play.film.value()},
          {"language", play.language},
          {"placement", {{"yaw_rad", play.placement.yaw}, {"shift_m", json::array({play.placement.shift.x, play.placement.shift.y})}, {"mirrored", play.placement.mirrored}}},
          {"scale", play.scale},
          {"start_s", base::to_seconds(play.start.time_since_epoch())},
          {"way_in", points(play.way_in)},
          {"way_in_stops", play.way_in_stops},
          {"way_out", points(play.way_out)},
          {"way_out_stops", play.way_out_stops},
          {"run", static_cast<int>(play.run)}};
}
protocol::PlayOrder play_of(const json& value) {
  protocol::PlayOrder play;
  play.play = base::PlayId(value.at("id").get<std::uint64_t>());
  play.film = base::FilmId(value.at("film").get<std::string>());
  play.language = value.at("language").get<std::string>();
  const json& placement = value.at("placement");
  play.placement.yaw = placement.at("yaw_rad").get<double>();
  play.placement.shift = {placement.at("shift_m").at(0).get<double>(), placement.at("shift_m").at(1).get<double>()};
  play.placement.mirrored = placement.at("mirrored").get<bool>();
  play.scale = value.at("scale").get<double>();
  play.start = base::hall_time(value.at("start_s").get<double>());
  play.way_in = points_of(value.at("way_in"));
  play.way_in_stops = value.at("way_in_stops").get<std::vector<std::uint8_t>>();
  play.way_out = points_of(value.at("way_out"));
  play.way_out_stops = value.at("way_out_stops").get<std::vector<std::uint8_t>>();
  play.run = static_cast<protocol::PlayRun>(std::clamp(value.at("run").get<int>(), 0, 2));
  return play;
}

json choice_json(const Choice& choice) {
  json ways = json::array();
  for (const Choice::Way& way : choice.ways) ways.push_back({{"number", way.number}, {"text", way.text}});
  json out{{"ways", std::move(ways)}, {"left_s", choice.left_s}};
  put(out, "chosen", choice.chosen);
  return out;
}
Choice choice_of(const json& value) {
  Choice choice;
  for (const json& way : value.at("ways")) choice.ways.push_back({way.at("number").get<std::uint8_t>(), way.at("text").get<std::string>()});
  take(value, "chosen", choice.chosen);
  choice.left_s = value.at("left_s").get<double>();
  return choice;
}

void read_film(const json& text, View& view) {
  view.block = text.at("block").get<std::uint8_t>();
  view.first_scene = text.value("first_scene", std::uint8_t{0});
  view.scene_time_s = text.at("scene_time_s").get<double>();
  view.film_running = text.at("film_running").get<bool>();
  view.holding = text.at("holding").get<bool>();
  take(text, "countdown_s", view.countdown_s);
  take(text, "told_wait_s", view.told_wait_s);
  for (const json& one : text.value("ways", json::array())) view.ways.push_back({one.at("way").get<std::uint8_t>(), one.at("offered").get<std::uint8_t>()});
  if (text.contains("choice")) view.choice = choice_of(text.at("choice"));
  if (text.contains("play")) view.play = play_of(text.at("play"));
  view.path = points_of(text.at("path"));
  if (text.contains("target")) view.target = point_of(text.at("target"));
  view.target_radius_m = text.at("target_radius_m").get<double>();
}

View view_of(const json& text) {
  View view;
  const auto screen = std::ranges::find(kScreens, text.at("screen").get<std::string>());
  const auto level = tracking::level_from_string(text.at("level").get<std::string>());
  const auto cause = tracking::cause_from_string(text.at("cause").get<std::string>());
  if (screen == kScreens.end() || !level || !cause) throw std::invalid_argument("screen, level or cause is unknown");
  view.screen = static_cast<Screen>(screen - kScreens.begin());
  view.level = *level;
  view.cause = *cause;
  view.word_stop = text.at("word_stop").get<bool>();
  view.stand_still = text.at("stand_still").get<bool>();
  view.boundary_grid = text.at("boundary_grid").get<double>();
  view.dim = text.at("dim").get<double>();
  take(text, "arrow_rad", view.arrow_rad);
  take(text, "danger_rad", view.danger_rad);
  for (const json& one : text.at("ghosts")) view.ghosts.push_back(ghost_of(one));
  read_film(text, view);
  for (const json& one : text.at("menu")) {
    view.menu.push_back({base::FilmId(one.at("film").get<std::string>()), base::from_seconds(one.at("wait_s").get<double>()), one.at("available").get<bool>()});
  }
  if (text.contains("refusal")) {
    const json& refusal = text.at("refusal");
    view.refusal = protocol::Refusal{refusal.at("request").get<std::uint32_t>(), refusal.at("code").get<std::string>(), refusal.at("text").get<std::string>()};
  }
  view.way_out_door = point_of(text.at("way_out_door"));
  view.way_out_name = static_cast<protocol::DoorName>(std::clamp(text.at("way_out_name").get<int>(), 0, 1));
  view.way_out = points_of(text.at("way_out"));
  return view;
}

}  // namespace

std::string_view to_string(Screen screen) { return kScreens.at(static_cast<std::size_t>(screen)); }

std::string view_json(const View& view) {
  json text{{"screen", to_string(view.screen)},
            {"level", tracking::to_string(view.level)},
            {"cause", tracking::to_string(view.cause)},
            {"word_stop", view.word_stop},
            {"stand_still", view.stand_still},
            {"boundary_grid", view.boundary_grid},
            {"dim", view.dim},
            {"ghosts", json::array()},
            {"block", view.block},
            {"first_scene", view.first_scene},
            {"scene_time_s", view.scene_time_s},
            {"film_running", view.film_running},
            {"holding", view.holding},
            {"path", points(view.path)},
            {"target_radius_m", view.target_radius_m},
            {"menu", json::array()},
            {"way_out_door", point(view.way_out_door)},
            {"way_out_name", static_cast<int>(view.way_out_name)},
            {"way_out", points(view.way_out)}};
  put(text, "arrow_rad", view.arrow_rad);
  put(text, "danger_rad", view.danger_rad);
  put(text, "countdown_s", view.countdown_s);
  put(text, "told_wait_s", view.told_wait_s);
  for (const Ghost& one : view.ghosts) text["ghosts"].push_back(ghost_json(one));
  if (view.play) text["play"] = play_json(*view.play);
  for (const protocol::WayOrder& way : view.ways) text["ways"].push_back({{"way", way.way}, {"offered", way.offered}});
  if (view.choice) text["choice"] = choice_json(*view.choice);
  if (view.target) text["target"] = point(*view.target);
  for (const protocol::MenuEntry& one : view.menu) {
    text["menu"].push_back({{"film", one.film.value()}, {"wait_s", base::to_seconds(one.wait)}, {"available", one.available}});
  }
  if (view.refusal) text["refusal"] = {{"request", view.refusal->request}, {"code", view.refusal->code}, {"text", view.refusal->text}};
  return text.dump();
}

base::Result<View> read_view_json(std::string_view text) {
  try {
    return view_of(json::parse(text));
  } catch (const std::exception& wrong) {
    return base::fail("view-malformed", base::formatted("The view cannot be read: {}.", wrong.what()));
  }
}

}  // namespace promenade::client
