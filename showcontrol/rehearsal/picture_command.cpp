// `promenade-rehearse picture`: a run's tracks as one SVG.

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>

#include "showcontrol/rehearsal/commands.h"
#include "showcontrol/rehearsal/films.h"
#include "showcontrol/rehearsal/picture.h"
#include "tracking/venue_file.h"

namespace promenade::rehearsal {
namespace {

struct PictureOptions {
  std::string venue, films, tracks, out = "hall.svg";
};

int run_picture(const PictureOptions& options) {
  const auto venue = tracking::load_venue(options.venue);
  if (!venue) {
    std::cerr << base::to_string(venue.error());
    return 2;
  }
  const auto films = FilmSet::load(options.films);
  const auto tracks = load_tracks(options.tracks);
  if (!films || !tracks) {
    std::cerr << "promenade-rehearse: " << (films ? tracks.error() : films.error()).text() << "\n";
    return 2;
  }
  std::vector<PictureFilm> pictured;
  for (const auto& film : films->shelf()) {
    const package::Manifest& m = film.manifest;
    pictured.push_back({m.film, m.title("zh"), m.title("en"), m.kind == package::FilmKind::seated});
  }
  std::ofstream out(options.out, std::ios::binary);
  out << draw_hall(*venue, pictured, *tracks);
  out.close();
  if (out) return 0;
  std::cerr << "promenade-rehearse: " << options.out << " cannot be written. Give --out a place with room.\n";
  return 3;
}

}  // namespace

Command add_picture(CLI::App& app) {
  auto options = std::make_shared<PictureOptions>();
  app.description("Draw a run: the hall at its fullest moment, who watched what when, each film's walks");
  app.add_option("--venue", options->venue, "Venue file")->required();
  app.add_option("--films", options->films, "Folder of film packages")->required();
  app.add_option("--tracks", options->tracks, "tracks.json of a run")->required();
  app.add_option("--out", options->out, "SVG file to write")->capture_default_str();
  return [options] { return run_picture(*options); };
}

}  // namespace promenade::rehearsal
