// promenade-report: what a hall has kept of itself, for staff and for authors of films.
// Exit code 0: done; 2: wrong use, or input that cannot be used; 3: the surroundings (a disk full, a folder not to be written).

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <limits>
#include <string>

#include "content-tools/package/package_file.h"
#include "showcontrol/report/heat_map.h"
#include "tracking/base/formatted.h"
#include "tracking/venue_file.h"

namespace promenade::report {
namespace {

namespace fs = std::filesystem;
constexpr int kDone = 0, kUnusable = 2, kSurroundings = 3;

struct Options {
  std::string data, venue, films, from, to, film, kind, csv, heat_maps;
  std::string time_zone = "Asia/Shanghai";
  int cut_over_min = 360;
  bool json = false, any_cut = false;
};

struct Failure {
  int code = kUnusable;
  std::string text;
};
std::unexpected<Failure> unusable(std::string text) { return std::unexpected(Failure{kUnusable, std::move(text)}); }

struct Films {
  std::vector<package::FilmFolder::Film> known;
  FilmTitles titles;
};

struct Kept {
  std::vector<NearMissRecord> records;
  std::vector<ViewerTimeRow> time;
  Heading heading;
  Filter filter;
};

std::expected<ticketing::BusinessDate, Failure> date_of(const std::string& text, const char* option) {
  const auto date = ticketing::BusinessDate::from_text(text);
  if (date) return *date;
  return unusable(base::formatted("{} {} is not a date. Give it as YEAR-MONTH-DAY, such as 2026-05-01.", option, text));
}

struct Period {
  std::int64_t from_ms = 0, to_ms = std::numeric_limits<std::int64_t>::max();
  std::string text = "all that was kept";
};

std::expected<Period, Failure> period_of(const Options& options, const ticketing::BusinessCalendar& calendar) {
  Period period;
  std::optional<ticketing::BusinessDate> from, to;
  for (const auto& [text, option, date] : {std::tuple(&options.from, "--from", &from), std::tuple(&options.to, "--to", &to)}) {
    if (text->empty()) continue;
    const auto read = date_of(*text, option);
    if (!read) return std::unexpected(read.error());
    *date = *read;
  }
  if (from && to && *to < *from) return unusable(base::formatted("--to {} lies before --from {}. Give the earlier date first.", options.to, options.from));
  if (from) period.from_ms = calendar.starts_at(*from).time_since_epoch().count();
  if (to) period.to_ms = calendar.ends_at(*to).time_since_epoch().count();
  if (from && to) period.text = options.from == options.to ? options.from : options.from + " to " + options.to;
  else if (from) period.text = "from " + options.from;
  else if (to) period.text = "until " + options.to;
  return period;
}

std::expected<Films, Failure> read_films(const std::string& folder) {
  Films films;
  if (folder.empty()) return films;
  auto read = package::load_film_folder(folder);
  if (!read) return unusable(read.error().text());
  if (read->films.empty()) return unusable(base::formatted("There is no film (*.prom) in {}. Name the folder that the hall shows its films from.", folder));
  films.known = std::move(read->films);
  for (const auto& film : films.known) films.titles[film.manifest.film.value()] = {film.manifest.title("zh"), film.manifest.title("en")};
  return films;
}

std::string cut_of(const package::Manifest& manifest) { return base::to_hex(base::blake2b(package::manifest_bytes(manifest))); }

// Whatever was shown of this film counts as the cut that is in the folder.
void as_one_cut(Kept& kept, const package::Manifest& manifest) {
  const std::string code = manifest.film.value(), cut = cut_of(manifest);
  for (NearMissRecord& record : kept.records) {
    for (NearMissPerson& one : record.people) {
      if (one.film == code) one.package = cut;
    }
  }
  for (ViewerTimeRow& row : kept.time) {
    if (row.film == code) row.package = cut;
  }
}

std::expected<Kept, Failure> read_kept(const Options& options, const ticketing::BusinessCalendar& calendar, const Films& films) {
  const auto period = period_of(options, calendar);
  if (!period) return std::unexpected(period.error());
  if (!fs::is_directory(options.data)) return unusable(base::formatted("There is no folder {}. Name the one that the hall was given by --data.", options.data));
  const std::string path = (fs::path(options.data) / ticketing::store::kNearMissFile).string();
  if (!fs::exists(path)) {
    return unusable(base::formatted("The folder {} holds no near misses: there is no {} in it. Name the one that the hall was given by --data.", options.data, ticketing::store::kNearMissFile));
  }
  const auto reader = ticketing::store::NearMissReader::open(path);
  if (!reader) return unusable(reader.error().text());
  auto records = reader->read(period->from_ms, period->to_ms);
  auto time = reader->time(period->from_ms, period->to_ms);
  if (!records || !time) return unusable((records ? time.error() : records.error()).text());
  Kept kept{std::move(*records), std::move(*time), {{}, period->text, {}}, {}};
  if (!options.film.empty()) {
    const bool known = films.titles.contains(options.film) || std::ranges::any_of(kept.time, [&](const ViewerTimeRow& row) { return row.film == options.film; }) ||
                       std::ranges::any_of(kept.records, [&](const NearMissRecord& one) { return passes({options.film, {}}, one); });
    if (!known) return unusable(base::formatted("No film {} is known to this hall{}. Give its twelve digits.", options.film, options.films.empty() ? "" : ", nor is it in " + options.films));
    kept.filter.film = options.film;
    kept.heading.choice = "Only " + film_text(films.titles, options.film) + ".";
  }
  if (options.from.empty() && options.to.empty() && !kept.records.empty()) {
    const auto day = [&](const NearMissRecord& one) { return calendar.date_of(base::UtcTime(std::chrono::milliseconds(one.begin_ms))).text(); };
    const std::string first = day(kept.records.front()), last = day(kept.records.back());
    kept.heading.period = first == last ? first : first + " to " + last;
  }
  if (options.any_cut) {
    for (const auto& film : films.known) as_one_cut(kept, film.manifest);
  }
  if (!options.kind.empty()) {
    kept.filter.kind = options.kind;
    kept.heading.choice += (kept.heading.choice.empty() ? "" : " ") + std::string("Only the kind ") + options.kind + ".";
  }
  return kept;
}

std::expected<void, Failure> write_file(const std::string& path, const std::string& bytes) {
  auto file = package::AtomicFile::create(path);
  if (!file) return std::unexpected(Failure{kSurroundings, file.error().text()});
  if (const auto done = (*file)->write(base::ByteView(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size())); !done) return std::unexpected(Failure{kSurroundings, done.error().text()});
  if (const auto done = (*file)->commit(); !done) return std::unexpected(Failure{kSurroundings, done.error().text()});
  return {};
}

std::expected<void, Failure> write_sheet(const Sheet& sheet, const fs::path& path) {
  for (const auto& [end, drawn] : {std::pair(".svg", svg_of(sheet)), std::pair(".png", png_of(sheet))}) {
    if (!drawn) return std::unexpected(Failure{kSurroundings, drawn.error().text()});
    if (const auto written = write_file(path.string() + end, *drawn); !written) return written;
  }
  return {};
}

// One map of the hall, and one of each walking film of which there is anything to show.
std::expected<void, Failure> write_heat_maps(const Options& options, const Kept& kept, const Films& films, const std::optional<tracking::Venue>& venue) {
  std::error_code failed;
  fs::create_directories(options.heat_maps, failed);
  if (failed) return std::unexpected(Failure{kSurroundings, base::formatted("The folder {} cannot be made: {}.", options.heat_maps, failed.message())});
  const fs::path folder(options.heat_maps);
  if (venue) {
    const Sheet sheet = hall_sheet(*venue, hall_marks(kept.records, kept.filter), summarise(kept.records, kept.time, kept.filter), films.titles, kept.heading);
    if (const auto written = write_sheet(sheet, folder / "hall"); !written) return written;
    std::fprintf(stderr, "%s\n", (folder / "hall.png").c_str());
  }
  for (const auto& film : films.known) {
    const std::string code = film.manifest.film.value();
    if (!film.manifest.route || (kept.filter.film && *kept.filter.film != code)) continue;
    Filter own = kept.filter;
    own.film = code;
    const Summary summary = summarise(kept.records, kept.time, own);
    const std::string package = cut_of(film.manifest);
    if (summary.rows.empty()) continue;
    if (std::ranges::none_of(summary.rows, [&](const Row& row) { return row.package == package; })) {
      std::fprintf(stderr, "Of film %s only other cuts were shown than the one in %s: no map is drawn of it. --any-cut draws one all the same.\n", code.c_str(), options.films.c_str());
      continue;
    }
    const Sheet sheet = film_sheet(film.manifest, package, film_marks(kept.records, own, code, package), summary, kept.heading);
    if (const auto written = write_sheet(sheet, folder / ("film-" + code)); !written) return written;
    std::fprintf(stderr, "%s\n", (folder / ("film-" + code + ".png")).c_str());
    if (summary.cuts(code) > 1) std::fprintf(stderr, "Of film %s other cuts were shown as well; the map has the one in %s.\n", code.c_str(), options.films.c_str());
  }
  return {};
}

std::expected<void, Failure> near_misses(const Options& options) {
  const auto calendar = ticketing::BusinessCalendar::make(options.time_zone, std::chrono::minutes(options.cut_over_min));
  if (!calendar) return unusable(calendar.error().text());
  std::optional<tracking::Venue> venue;
  if (!options.venue.empty()) {
    auto read = tracking::load_venue(options.venue);
    if (!read) return unusable(base::to_string(read.error()));
    venue = std::move(*read);
  }
  if (!options.heat_maps.empty() && options.venue.empty() && options.films.empty()) {
    return unusable("--heat-map wants to know what to draw on. Give --venue for the hall's map, --films for the films' maps, or both.");
  }
  const auto films = read_films(options.films);
  if (!films) return std::unexpected(films.error());
  auto kept = read_kept(options, *calendar, *films);
  if (!kept) return std::unexpected(kept.error());
  if (venue) kept->heading.hall = venue->name.en.empty() ? venue->hall.value() : venue->name.en;
  const Summary summary = summarise(kept->records, kept->time, kept->filter);
  std::string text = options.json ? to_json(summary, films->titles, kept->heading) + "\n" : to_text(summary, films->titles, kept->heading, *calendar);
  std::fputs(text.c_str(), stdout);
  if (!options.csv.empty()) {
    if (const auto written = write_file(options.csv, to_csv(kept->records, kept->filter)); !written) return written;
  }
  if (!options.heat_maps.empty()) return write_heat_maps(options, *kept, *films, venue);
  return {};
}

int run(int argc, char** argv) {
  CLI::App app{"Reports of what a hall has kept.\nExit code 0: done; 2: wrong use or unusable input; 3: a file that cannot be written."};
  app.name("promenade-report");
  app.require_subcommand(1);
  Options options;
  CLI::App* command = app.add_subcommand("near-misses", "Where viewers came too near to each other or to walls: by film and scene, the worst ten, and as heat maps");
  command->add_option("--data", options.data, "Folder of the hall's journal, as promenade hall has it, or of a rehearsed day's ledger")->required();
  command->add_option("--venue", options.venue, "The hall's venue.toml: its name, and its heat map");
  command->add_option("--films", options.films, "Folder of film packages (*.prom): titles, and a heat map of each walking film");
  command->add_option("--from", options.from, "First business date, such as 2026-05-01; left out: since the beginning");
  command->add_option("--to", options.to, "Last business date; left out: until now");
  command->add_option("--film", options.film, "Only what concerns viewers of this film, by its code");
  command->add_option("--kind", options.kind, "Only this kind")->check(CLI::IsMember({"near_miss", "contact", "wall_near_miss", "wall_contact"}));
  command->add_option("--csv", options.csv, "Write every near miss as a line of this CSV file");
  command->add_flag("--json", options.json, "Print one JSON object instead of sentences");
  command->add_option("--heat-map", options.heat_maps, "Draw the hall and each walking film into this folder, as SVG and PNG");
  command->add_flag("--any-cut", options.any_cut, "Count near misses of other cuts of a film to the one in the folder: where its route is the same");
  command->add_option("--time-zone", options.time_zone, "The venue's time zone")->capture_default_str();
  command->add_option("--cut-over", options.cut_over_min, "Minutes after local midnight at which the business day changes")->check(CLI::Range(0, 1440))->capture_default_str();
  if (argc > 1 && argv[1][0] != '-' && std::string_view(argv[1]) != "near-misses") {
    std::fprintf(stderr, "promenade-report: there is no report '%s'. There is: near-misses.\n", argv[1]);
    return kUnusable;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUnusable;
  }
  if (const auto done = near_misses(options); !done) {
    std::fprintf(stderr, "promenade-report: %s%s", done.error().text.c_str(), done.error().text.ends_with('\n') ? "" : "\n");
    return done.error().code;
  }
  return kDone;
}

}  // namespace
}  // namespace promenade::report

int main(int argc, char** argv) {
  try {
    return promenade::report::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "promenade-report: %s\n", error.what());
    return 3;
  }
}
