#include "showcontrol/rehearsal/tracks.h"

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tracking/base/formatted.h"

namespace promenade::rehearsal {
namespace {

constexpr const char* kFormat = "promenade-tracks/1";

double rounded(double value, double step) { return std::round(value / step) * step; }

}  // namespace

std::string tracks_json(const Tracks& tracks) {
  nlohmann::json plays = nlohmann::json::array();
  for (const PlayTrack& play : tracks.plays) {
    nlohmann::json points = nlohmann::json::array();
    for (const TrackPoint& point : play.points) {
      points.push_back({rounded(point.time_s, 0.01), rounded(point.at.x, 0.001), rounded(point.at.y, 0.001)});
    }
    plays.push_back({{"viewer", play.viewer},
                     {"film", play.film.value()},
                     {"seated", play.seated},
                     {"completed", play.completed},
                     {"points_s_m_m", std::move(points)}});
  }
  return nlohmann::json{{"format", kFormat}, {"seconds", tracks.seconds}, {"plays", std::move(plays)}}.dump();
}

base::Result<Tracks> parse_tracks(const std::string& json, const std::string& name) {
  Tracks tracks;
  try {
    const nlohmann::json root = nlohmann::json::parse(json);
    if (root.at("format") != kFormat) {
      return base::fail("tracks-malformed", base::formatted("{} does not say format {}.", name, kFormat), "Give a file that a rehearsal wrote.");
    }
    tracks.seconds = root.at("seconds").get<double>();
    for (const nlohmann::json& entry : root.at("plays")) {
      PlayTrack play;
      play.viewer = entry.at("viewer").get<std::uint32_t>();
      play.film = base::FilmId(entry.at("film").get<std::string>());
      play.seated = entry.at("seated").get<bool>();
      play.completed = entry.at("completed").get<bool>();
      for (const nlohmann::json& point : entry.at("points_s_m_m")) {
        play.points.push_back({point.at(0).get<double>(), {point.at(1).get<double>(), point.at(2).get<double>()}});
      }
      if (!play.points.empty()) tracks.plays.push_back(std::move(play));
    }
  } catch (const nlohmann::json::exception& error) {
    return base::fail("tracks-malformed", base::formatted("{} cannot be used: {}.", name, error.what()), "Give a file that a rehearsal wrote.");
  }
  return tracks;
}

base::Result<Tracks> load_tracks(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) return base::fail("tracks-unreadable", base::formatted("{} cannot be read.", path), "Check the name.");
  return parse_tracks(text.str(), path);
}

}  // namespace promenade::rehearsal
