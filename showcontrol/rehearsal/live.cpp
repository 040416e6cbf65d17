// `promenade-rehearse live`: visitors and staff of a house against running servers, in real time, each simulated
// headset and staff device with a connection of its own.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <format>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>
#include <unistd.h>

#include "showcontrol/protocol/codec.h"
#include "showcontrol/protocol/transport.h"
#include "showcontrol/rehearsal/commands.h"
#include "showcontrol/rehearsal/films.h"
#include "showcontrol/rehearsal/house.h"
#include "showcontrol/rehearsal/http_box_office.h"
#include "showcontrol/rehearsal/tracks.h"
#include "tracking/venue_file.h"

namespace promenade::rehearsal {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kPoseHz = 90.0;
constexpr double kTrackEvery = 0.2;      // s
constexpr double kReconnectAfter = 0.5;  // s
constexpr double kGraceAtEnd = 150.0;    // s beyond --seconds in which the last viewers may finish

volatile std::sig_atomic_t interrupted = 0;

struct LiveOptions {
  std::string hall = "127.0.0.1:7400", box_office = "http://127.0.0.1:8420", key_file, staff_key_file, venue, films, out = ".";
  int viewers = 0;
  double seconds = 180.0, pace = 4.0;
  std::uint64_t seed = 1;
};

// The connection of one endpoint, made again while the endpoint wants one.
class LiveLink {
 public:
  LiveLink(Endpoint& endpoint, std::string host, std::uint16_t port) : endpoint_(endpoint), config_{std::move(host), port, {}} {}

  void receive(double now_s) {
    if (connection_ && !endpoint_.wants_link()) {  // it went dark: nobody says goodbye
      connection_.reset();
      if (up_) endpoint_.link_down(now_s);
      up_ = false;
      return;
    }
    if (!connection_) {
      if (now_s < again_s_ || !endpoint_.wants_link()) return;
      auto opened = protocol::Connection::open(config_);
      again_s_ = now_s + kReconnectAfter;
      if (!opened) return;
      connection_.emplace(std::move(*opened));
    }
    events_.clear();
    connection_->poll(std::chrono::milliseconds(0), events_);
    for (const protocol::LinkEvent& event : events_) {
      if (std::holds_alternative<protocol::LinkConnected>(event)) {
        up_ = true;
        endpoint_.link_up(now_s);
      } else if (const auto* datagram = std::get_if<protocol::LinkDatagram>(&event)) {
        if (const auto message = protocol::decode(datagram->bytes)) endpoint_.receive(*message, now_s);
        else ++unreadable_;
      }
    }
    if (connection_->over()) {
      connection_.reset();
      again_s_ = now_s + kReconnectAfter;
      if (up_) endpoint_.link_down(now_s);
      up_ = false;
    }
  }

  void send() {
    for (const protocol::Message& message : endpoint_.take_outgoing()) {
      if (!connection_ || !up_) continue;  // state is repeated, commands are asked again
      bytes_.clear();
      protocol::encode_into(message, bytes_);
      connection_->send(bytes_, protocol::delivery_of(message));
    }
    if (connection_) connection_->flush();
  }
  std::uint64_t unreadable() const { return unreadable_; }

 private:
  Endpoint& endpoint_;
  protocol::ConnectionConfig config_;
  std::optional<protocol::Connection> connection_;
  std::vector<protocol::LinkEvent> events_;
  base::Bytes bytes_;
  double again_s_ = 0.0;
  bool up_ = false;
  std::uint64_t unreadable_ = 0;
};

// What the demo reports, gathered from the truth as it happens.
class Record {
 public:
  void look(const House& house, double now_s) {
    int walkers = 0, seated = 0;
    std::set<std::string> walking_films;
    for (const Sight& sight : house.sights()) {
      if (sight.attendant || !sight.on_floor) continue;
      const bool sits = seated_films.contains(sight.film);
      if (sight.in_film) {
        (sits ? seated : walkers) += 1;
        if (!sits) walking_films.insert(sight.film.value());
      }
      if (now_s >= next_track_s_) track(sight, sits, now_s);
    }
    if (now_s >= next_track_s_) next_track_s_ = now_s + kTrackEvery;
    walkers_max = std::max(walkers_max, walkers);
    seated_max = std::max(seated_max, seated);
    at_once_max = std::max(at_once_max, walkers + seated);
    films_max = std::max(films_max, static_cast<int>(walking_films.size()));
    if (walkers + seated >= 12 && seated >= 3 && walking_films.size() >= 6) full_seconds += now_s - last_s_;
    last_s_ = now_s;
    now_walkers = walkers;
    now_seated = seated;
  }

  Tracks tracks(const House& house, double seconds) const {
    std::set<std::uint32_t> completed;
    for (const auto& visitor : house.visitors()) {
      if (visitor->completed()) completed.insert(visitor->plan().number);
    }
    Tracks out;
    out.seconds = seconds;
    for (const auto& [number, play] : open_) {
      out.plays.push_back(play);
      out.plays.back().completed = play.completed || completed.contains(number);
    }
    std::ranges::sort(out.plays, {}, &PlayTrack::begin_s);
    return out;
  }
  void completed(std::uint32_t number) {
    if (const auto found = open_.find(number); found != open_.end()) found->second.completed = true;
  }

  std::set<base::FilmId> seated_films;
  int walkers_max = 0, seated_max = 0, at_once_max = 0, films_max = 0, now_walkers = 0, now_seated = 0;
  double full_seconds = 0.0;  // with twelve at once, three of them seated, in six walking films

 private:
  void track(const Sight& sight, bool sits, double now_s) {
    auto [found, fresh] = open_.try_emplace(sight.number);
    PlayTrack& play = found->second;
    if (fresh) {
      play.viewer = sight.number;
      play.seated = sits;
    }
    play.film = sight.film;
    play.points.push_back({now_s, sight.at});
  }

  std::map<std::uint32_t, PlayTrack> open_;
  double next_track_s_ = 0.0, last_s_ = 0.0;
};

double quantile(std::vector<double> values, double q) {
  if (values.empty()) return 0.0;
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
}

// Keeps every film wanted: whoever is invited next wants the film that fewest have wanted so far.
class Invitations {
 public:
  Invitations(const FilmSet& films, const LiveOptions& options) : options_(options) {
    for (const auto& film : films.shelf()) wanted_.emplace_back(film.manifest.film, film.manifest.kind == package::FilmKind::seated);
    counts_.resize(wanted_.size());
  }

  void step(House& house, double now_s) {
    if (now_s >= options_.seconds) return house.stop_admission();
    if (now_s < next_s_ || (options_.viewers > 0 && invited_ >= options_.viewers)) return;
    int lobby = 0;
    for (const auto& visitor : house.visitors()) lobby += visitor->stage() == Stage::lobby ? 1 : 0;
    if (lobby >= 4) return;
    // A film that ends after the run is not begun: what is left must hold the fitting, a wait and the film.
    if (now_s > options_.seconds - options_.pace - 20.0) return house.stop_admission();
    std::size_t least = 0;
    for (std::size_t i = 1; i < counts_.size(); ++i) {
      if (weight(i) < weight(least)) least = i;
    }
    ++counts_[least];
    ++invited_;
    house.invite({wanted_[least].first, 1, 0}, now_s);
    next_s_ = now_s + 0.5;
  }

 private:
  // A chair serves one viewer at a time, the floor one and a half of each film.
  double weight(std::size_t i) const { return counts_[i] * (wanted_[i].second ? 1.6 : 1.0) + 0.01 * static_cast<double>(i); }

  const LiveOptions& options_;
  std::vector<std::pair<base::FilmId, bool>> wanted_;
  std::vector<int> counts_;
  int invited_ = 0;
  double next_s_ = 0.0;
};

nlohmann::json report(const House& house, const Record& record, double seconds) {
  const Tally& tally = house.tally();
  std::vector<double> waits;
  for (const VisitTimes& times : house.visits_done()) {
    if (times.chosen_s >= 0.0 && times.started_s >= 0.0) waits.push_back(times.started_s - times.chosen_s);
  }
  nlohmann::json levels;
  constexpr std::array kLevels = {"clear", "warn", "pause", "stop", "evacuate"};
  for (std::size_t i = 0; i < kLevels.size(); ++i) levels[kLevels[i]] = std::round(tally.level_s[i] * 10.0) / 10.0;
  return {{"seconds", std::round(seconds * 10.0) / 10.0},
          {"viewers", tally.visitors},
          {"viewers_at_once_max", record.at_once_max},
          {"walking_films_at_once_max", record.films_max},
          {"walkers_at_once_max", record.walkers_max},
          {"seated_at_once_max", record.seated_max},
          {"full_seconds", std::round(record.full_seconds * 10.0) / 10.0},
          {"plays_started", tally.started},
          {"plays_completed", tally.completed},
          {"contacts", house.world().contacts().size()},
          {"wall_contacts", house.world().wall_contacts().size()},
          {"near_misses", house.world().near_misses().size()},
          {"viewer_seconds", std::round(house.world().viewer_seconds())},
          {"safety_level_seconds", levels},
          {"wait_s", {{"p50", std::round(quantile(waits, 0.5) * 10.0) / 10.0}, {"p95", std::round(quantile(waits, 0.95) * 10.0) / 10.0}, {"samples", waits.size()}}},
          {"bodies_true", tally.bodies},
          {"sold", tally.sold},
          {"comps", tally.comps},
          {"refunded", tally.refunded},
          {"no_shows", tally.no_shows},
          {"turned_away", tally.turned_away},
          {"gates_passed", tally.gates_passed},
          {"gates_passed_without_authority", tally.gates_passed_without_authority}};
}

bool write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out) std::cerr << std::format("promenade-rehearse: {} cannot be written. Give --out a folder with room.\n", path.string());
  return static_cast<bool>(out);
}

std::optional<std::string> read_key(const std::string& path, const char* what) {
  std::ifstream in(path);
  std::string key;
  if (in && std::getline(in, key) && !key.empty()) return key;
  std::cerr << std::format("promenade-rehearse: the {} file {} cannot be read. Give a file whose first line is the key.\n", what, path);
  return std::nullopt;
}

class Live {
 public:
  Live(const LiveOptions& options, FilmSet films, tracking::Venue venue, std::string staff_key, std::unique_ptr<HttpBoxOffice> box_office)
      : options_(options), films_(std::move(films)), venue_(std::move(venue)), box_office_(std::move(box_office)), house_(config(std::move(staff_key)), *box_office_), invitations_(films_, options_) {
    for (const auto& film : films_.shelf()) {
      if (film.manifest.kind == package::FilmKind::seated) record_.seated_films.insert(film.manifest.film);
    }
  }

  int run() {
    const auto colon = options_.hall.rfind(':');
    const std::string host = options_.hall.substr(0, colon);
    const int port = std::atoi(options_.hall.c_str() + colon + 1);
    for (Endpoint* endpoint : house_.endpoints()) links_.emplace_back(*endpoint, host, static_cast<std::uint16_t>(port));
    const auto begin = Clock::now();
    double now = 0.0;
    for (long frame = 1;; ++frame) {
      now = std::chrono::duration<double>(Clock::now() - begin).count();
      box_office_->deliver();
      for (LiveLink& link : links_) link.receive(now);
      invitations_.step(house_, now);
      house_.step(now);
      for (LiveLink& link : links_) link.send();
      record_.look(house_, now);
      for (const auto& visitor : house_.visitors()) {
        if (visitor->completed()) record_.completed(visitor->plan().number);
      }
      show(now);
      const bool over = now >= options_.seconds && house_.everybody_gone();
      if (over || interrupted != 0 || now > options_.seconds + kGraceAtEnd) break;
      const auto next = begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(static_cast<double>(frame) / kPoseHz));
      if (next > Clock::now()) std::this_thread::sleep_until(next);
      else frame = static_cast<long>(now * kPoseHz);  // late: no burst to catch up
    }
    return finish(now);
  }

 private:
  HouseConfig config(std::string staff_key) {
    HouseConfig config;
    config.venue = &venue_;
    config.films = films_.shared();
    config.staff_key = std::move(staff_key);
    config.utc_at_zero = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    config.seed = options_.seed;
    HouseHabits& habits = config.habits;
    habits.headsets = venue_.capacity.viewers;
    habits.fitters = 4;
    habits.fit_s = options_.pace;
    habits.fit_sd_s = options_.pace * 0.2;
    habits.take_back_s = 1.5;
    habits.clean_s = 6.0;
    habits.observe_every_s = 20.0;
    return config;
  }

  void show(double now) {
    const bool tty = ::isatty(STDERR_FILENO) != 0;
    if (now < next_line_s_) return;
    next_line_s_ = now + (tty ? 0.25 : 10.0);
    const Tally& tally = house_.tally();
    std::cerr << (tty ? "\r\x1b[K" : "")
              << std::format("  {:3.0f} s   walking {:2}   seated {}   plays {} of {} done   contacts {}", now, record_.now_walkers,
                             record_.now_seated, tally.completed, tally.started, house_.world().contacts().size())
              << (tty ? "" : "\n") << std::flush;
  }

  int finish(double now) {
    if (::isatty(STDERR_FILENO) != 0) std::cerr << "\n";
    house_.observe_now(now);
    const auto until = Clock::now() + std::chrono::seconds(5);
    while (box_office_->unanswered() > 0 && Clock::now() < until) {
      box_office_->deliver();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    const std::filesystem::path out(options_.out);
    const bool written = write_file(out / "tracks.json", tracks_json(record_.tracks(house_, now))) &&
                         write_file(out / "rehearsal.json", report(house_, record_, now).dump(2) + "\n");
    if (!house_.everybody_gone() && interrupted == 0) {
      std::cerr << "promenade-rehearse: somebody is still in the hall:\n" << house_.standing(now);
      return 1;
    }
    return !written ? 3 : interrupted != 0 ? 130 : 0;
  }

  LiveOptions options_;
  FilmSet films_;
  tracking::Venue venue_;
  std::unique_ptr<HttpBoxOffice> box_office_;
  House house_;
  Invitations invitations_;
  Record record_;
  std::vector<LiveLink> links_;
  double next_line_s_ = 0.0;
};

int run_live(const LiveOptions& options) {
  const auto colon = options.hall.rfind(':');
  if (colon == std::string::npos || std::atoi(options.hall.c_str() + colon + 1) <= 0) {
    std::cerr << std::format("promenade-rehearse: --hall {} is not HOST:PORT.\n", options.hall);
    return 2;
  }
  auto venue = tracking::load_venue(options.venue);
  if (!venue) {
    std::cerr << base::to_string(venue.error());
    return 2;
  }
  auto films = FilmSet::load(options.films);
  if (!films) {
    std::cerr << "promenade-rehearse: " << films.error().text() << "\n";
    return 2;
  }
  const auto key = read_key(options.key_file, "box office key");
  const auto staff_key = read_key(options.staff_key_file, "staff key");
  if (!key || !staff_key) return 2;
  auto box_office = HttpBoxOffice::open(options.box_office, *key);
  if (!box_office) {
    std::cerr << "promenade-rehearse: " << box_office.error().text() << "\n";
    return 2;
  }
  std::error_code failed;
  std::filesystem::create_directories(options.out, failed);
  std::signal(SIGINT, [](int) { interrupted = 1; });
  std::signal(SIGTERM, [](int) { interrupted = 1; });
  return Live(options, std::move(*films), std::move(*venue), *staff_key, std::move(*box_office)).run();
}

}  // namespace

Command add_live(CLI::App& app) {
  auto options = std::make_shared<LiveOptions>();
  app.description("Simulated visitors and staff against a running hall and box office, in real time");
  app.add_option("--hall", options->hall, "HOST:PORT of the hall")->capture_default_str();
  app.add_option("--boxoffice", options->box_office, "URL of the box office")->capture_default_str();
  app.add_option("--key-file", options->key_file, "File with an API key of the box office (scopes sell, observe)")->required();
  app.add_option("--staff-key-file", options->staff_key_file, "File with the hall's staff key")->required();
  app.add_option("--venue", options->venue, "Venue file, the same as the hall's")->required();
  app.add_option("--films", options->films, "Folder of film packages, the same as the hall's")->required();
  app.add_option("--viewers", options->viewers, "At most so many visitors; 0: as many as fit")->capture_default_str()->check(CLI::Range(0, 10000));
  app.add_option("--seconds", options->seconds, "Nobody is let in after this; the last ones finish")->capture_default_str()->check(CLI::Range(10.0, 86400.0));
  app.add_option("--pace", options->pace, "Seconds that fitting a headset takes")->capture_default_str()->check(CLI::Range(0.5, 300.0));
  app.add_option("--seed", options->seed, "Of everybody's deeds")->capture_default_str();
  app.add_option("--out", options->out, "Folder for tracks.json and rehearsal.json")->capture_default_str();
  return [options] { return run_live(*options); };
}

}  // namespace promenade::rehearsal
