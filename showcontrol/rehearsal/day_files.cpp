#include "showcontrol/rehearsal/day_files.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "ticketing/core/config_file.h"
#include "tracking/venue_file.h"

namespace promenade::rehearsal {
namespace {

constexpr double kFilmLength_s = 585.0;    // with fitting, ways, wait and handing back a visit takes about 12 minutes
constexpr base::UtcTime kOpens{std::chrono::sys_days{std::chrono::year{2026} / 5 / 16} + std::chrono::hours(1)};

}  // namespace

double film_scale_for(const FilmSet& films, double mean_length_s) {
  double length_s = 0.0;
  double dwell_s = 0.0;
  for (const client::Film& film : films.shelf()) {
    length_s += film.manifest.length_s;
    if (!film.manifest.route) {
      dwell_s += film.manifest.length_s;
      continue;
    }
    for (const std::uint32_t scene : package::default_scenes(*film.manifest.route)) dwell_s += film.manifest.route->scenes[scene].dwell_s;
  }
  const double legs_s = length_s - dwell_s;
  const double wanted_s = mean_length_s * static_cast<double>(films.shelf().size());
  return dwell_s > 0.0 ? std::max(0.1, (wanted_s - legs_s) / dwell_s) : 1.0;
}

base::Result<DayOptions> load_day(DayFiles& files) {
  const auto venue = tracking::load_venue(files.venue);
  if (!venue) return base::fail("venue-unusable", "The venue file cannot be used:\n" + base::to_string(venue.error()));
  std::ifstream text(files.venue, std::ios::binary);
  const std::string toml((std::istreambuf_iterator<char>(text)), std::istreambuf_iterator<char>());
  auto films = FilmSet::load(files.films);
  if (!films) return std::unexpected(films.error());
  const auto config = ticketing::read_config_file(files.box_office);
  if (!config.config) return base::fail("box-office-unusable", "The box office's configuration cannot be used:\n" + base::to_string(config.findings));
  if (files.film_scale <= 0.0) files.film_scale = film_scale_for(*films, kFilmLength_s);
  DayOptions options;
  options.venue = *venue;
  options.venue_toml = toml;
  options.films = films->scaled(files.film_scale);
  options.box_office = *config.config;
  options.opens = kOpens;
  return options;
}

PrivateFolder::PrivateFolder(const std::string& named) : keep_(!named.empty()) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (keep_) {
    if (fs::exists(named, error)) throw std::runtime_error(named + " is there already; name a new folder.");
    if (!fs::create_directories(named, error)) throw std::runtime_error(named + " cannot be made: " + error.message());
    path_ = named;
    return;
  }
  for (const char* parent : {"/dev/shm", "/tmp"}) {
    std::string name = std::string(parent) + "/promenade-day-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) continue;
    path_ = name;
    return;
  }
  throw std::runtime_error("No passing folder can be made in /dev/shm or /tmp.");
}

PrivateFolder::~PrivateFolder() {
  std::error_code ignored;
  if (!keep_) std::filesystem::remove_all(path_, ignored);
}

}  // namespace promenade::rehearsal
