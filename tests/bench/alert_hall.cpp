#include "tests/bench/alert_hall.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "content-tools/package/package_file.h"
#include "showcontrol/link/rim/key_folder.h"
#include "showcontrol/link/rim/udp_socket.h"
#include "showcontrol/hall/records.h"
#include "tests/bench/bench.h"
#include "ticketing/store/hall_journal.h"
#include "tracking/base/formatted.h"
#include "tracking/base/http/client.h"
#include "tracking/venue_file.h"

extern char** environ;

namespace promenade::bench {

namespace {

using tracking::HallPoint;

constexpr double kPairColumn_m = 6.6, kPairRow_m = 6.06;  // 20 m² a viewer
constexpr double kPlannedApart_m = 2.0;
constexpr double kKittingDepth_m = 3.0;
constexpr double kDwell_s = 3600.0;                       // nobody's scene ends during the bench
const base::FilmId kFilm{"009900012026"};

base::KeyPair film_signer() {
  base::KeySeed seed{};
  seed.fill(11);
  return base::KeyPair::from_seed(seed);
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw std::runtime_error(path + " cannot be written");
}

}  // namespace

AlertHall::AlertHall(int viewers) {
  const int pairs = viewers / 2;
  const int columns = static_cast<int>(std::ceil(std::sqrt(static_cast<double>(pairs))));
  const int rows = (pairs + columns - 1) / columns;
  for (int k = 0; k < pairs; ++k) {
    // The wire's box is +-32.767 m: the hall lies round its middle.
    const double x = (k % columns - (columns - 1) / 2.0) * kPairColumn_m;
    const double y = kKittingDepth_m / 2.0 + (k / columns - (rows - 1) / 2.0) * kPairRow_m;
    const auto to_cm = [](double metres) { return std::round(metres * 100.0) / 100.0; };
    homes_.push_back({to_cm(x - kPlannedApart_m / 2.0), to_cm(y)});
    homes_.push_back({to_cm(x + kPlannedApart_m / 2.0), to_cm(y)});
  }
  std::filesystem::create_directories(folder_.path() + "/films");
  std::filesystem::create_directories(folder_.path() + "/data");
  write_venue(columns, rows);
  write_film();
  write_journal();
  set_contact(true);
  start();
}

AlertHall::~AlertHall() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
}

void AlertHall::write_venue(int columns, int rows) {
  const double half_x = columns * kPairColumn_m / 2.0;
  const double half_y = (rows * kPairRow_m + kKittingDepth_m) / 2.0;
  const double top_y = half_y, low_y = -half_y, kitting_y = low_y + kKittingDepth_m - 0.6;
  venue_toml_ = "format = \"promenade-venue/1\"\n[venue]\nid = \"bench\"\n[hall]\nid = \"bench-hall\"\nname_zh = \"测试厅\"\nname_en = \"Bench hall\"\n";
  const auto box = [](double x0, double y0, double x1, double y1) {
    return base::formatted("[[{0:.2f}, {1:.2f}], [{2:.2f}, {1:.2f}], [{2:.2f}, {3:.2f}], [{0:.2f}, {3:.2f}], [{0:.2f}, {1:.2f}]]\n", x0, y0, x1, y1);
  };
  venue_toml_ += "boundary_m = " + box(-half_x, low_y, half_x, top_y) + "wall_margin_m = 1.1\n";
  venue_toml_ += base::formatted("[hall.entrance]\nat_m = [{0:.2f}, {1:.2f}]\nleft_m = [{2:.2f}, {3:.2f}]\nright_m = [{4:.2f}, {3:.2f}]\n", -half_x + 2.0, low_y + 1.2,
                                 -half_x + 1.4, low_y, -half_x + 2.6);
  venue_toml_ += base::formatted("[hall.exit]\nat_m = [0.0, {0:.2f}]\nleft_m = [0.6, {1:.2f}]\nright_m = [-0.6, {1:.2f}]\n", top_y - 1.2, top_y);
  venue_toml_ += "[hall.kitting]\noutline_m = " + box(-half_x + 1.0, low_y, half_x - 1.0, kitting_y);
  venue_toml_ += base::formatted("[[hall.marks]]\nid = \"M1\"\nfirst_m = [-3.0, {0:.2f}]\nsecond_m = [3.0, {0:.2f}]\n", low_y + 1.6);
  venue_toml_ += base::formatted("[plan]\nseparation_m = {:.1f}\nseparation_reason = \"a venue's default\"\ntime_tolerance_s = 1.0\n[capacity]\nviewers = 200\nattendants = 4\n", kPlannedApart_m);
  write_file(folder_.path() + "/venue.toml", venue_toml_);
  auto venue = tracking::read_venue(venue_toml_, "the bench's venue");
  if (!venue) throw std::runtime_error(base::to_string(venue.error()));
  venue_ = std::move(*venue);
}

void AlertHall::write_film() {
  package::Manifest film;
  film.film = kFilm;
  film.permit_number = "演示虚字[2026]第099号";
  film.titles = {{"zh", "等候"}, {"en", "Standing"}};
  film.synopses = {{"zh", "站着。"}, {"en", "Somebody stands."}};
  film.length_s = 2.0 * kDwell_s + 2.0;
  film.languages = {"zh", "en"};
  film.distributor = "Bench";
  film.route = package::Route{};
  film.route->scenes = {{"first", {0.0, 0.0}, 0.6, kDwell_s, 60.0}, {"second", {0.0, 1.4}, 0.6, kDwell_s, 60.0}};
  film.route->hold_total_max_s = 120.0;
  const std::string path = folder_.path() + "/films/standing.prom";
  auto file = package::AtomicFile::create(path);
  if (!file) throw std::runtime_error(file.error().text());
  if (const auto written = package::write_package(std::move(film), {}, film_signer(), **file); !written) throw std::runtime_error(written.error().text());
  if (const auto kept = (*file)->commit(); !kept) throw std::runtime_error(kept.error().text());
  auto manifest = package::load_manifest(path);
  if (!manifest) throw std::runtime_error(manifest.error().text());
  auto shelf = std::make_shared<client::FilmShelf>();
  shelf->push_back({*manifest, base::blake2b(package::manifest_bytes(*manifest))});
  shelf_ = std::move(shelf);
}

// What a run of the hall that died in the middle of these plays would have left.
void AlertHall::write_journal() const {
  using hall::to_record;
  auto journal = ticketing::store::HallJournal::open(folder_.path() + "/data/hall.sqlite");
  if (!journal) throw std::runtime_error(journal.error().text());
  const package::Manifest& film = shelf_->front().manifest;
  const planning::FloorPlan floor = hall::floor_plan(venue_);
  std::vector<ticketing::store::Record> records;
  const auto add = [&](std::string kind, std::uint64_t key, base::Bytes body) { records.push_back({std::move(kind), std::to_string(key), std::move(body)}); };
  for (std::size_t i = 0; i < homes_.size(); ++i) {
    const auto number = static_cast<std::uint32_t>(i + 1);
    tracking::Placement placement;
    placement.shift = {homes_[i].x, homes_[i].y};
    hall::Course course;
    course.id = base::PlayId(number);
    course.film = film.film;
    course.plan = planning::make_plan(hall::planned_route(film), placement, 1.0, {}, {}, floor);
    course.plan.play = course.id;
    course.plan.film = film.film;
    course.plan.enter_s = {0.5, 0.5 + kDwell_s};
    course.plan.end_s = 3.0 + 2.0 * kDwell_s;
    course.members = {base::ViewerId(number)};
    course.granted_gate = 0;
    planning::SavedPlay saved;
    saved.plan = course.plan;
    saved.at.block = saved.at.granted = 0;
    saved.at.ready_s = kDwell_s;
    saved.waits.resize(course.plan.blocks.size());

    hall::Visit visit;
    visit.viewer = base::ViewerId(number);
    visit.headset = base::HeadsetId(static_cast<std::uint16_t>(number));
    visit.body = base::BodyId(number);
    visit.phase = protocol::Phase::playing;
    visit.film = film.film;
    visit.allowed = {film.film};
    visit.token = base::formatted("ticket-{}", number);
    visit.height_m = 1.7;
    hall::Play play;
    play.id = play.course = course.id;
    play.code = base::formatted("bench-hall-1-{}", number);
    play.walked = {0, protocol::BlockStage::in_scene, std::chrono::seconds(1), false};
    play.granted = play.started = true;
    visit.play = play;
    visit.last_head = homes_[i];
    visit.head_known = true;
    add("course", number, to_record(course, &saved));
    add("visit", number, to_record(visit));
    add("shelf", number, to_record(hall::ShelfRecord{protocol::Phase::idle, visit.viewer, 0}));
  }
  if (const auto kept = journal->append(records); !kept) throw std::runtime_error(kept.error().text());
}

void AlertHall::start() {
  const std::string& folder = folder_.path();
  std::vector<std::string> words = {beside_program("promenade-hall").string(), "--venue", folder + "/venue.toml", "--films", folder + "/films", "--data", folder + "/data", "--bind", "127.0.0.1",
                                    "--port", "0", "--http-port", "0", "--boxoffice", "http://127.0.0.1:9", "--boxoffice-key", "none",
                                    "--ticket-key", base::to_hex(film_signer().public_key()), "--staff-key", kAlertStaffKey, "--fire-contact", "file:" + folder + "/fire"};
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_addopen(&actions, 2, (folder + "/hall.log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int failed = ::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::string said;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (failed == 0 && !said.contains('\n') && std::chrono::steady_clock::now() < deadline) {
    pollfd waits{ends[0], POLLIN, 0};
    if (::poll(&waits, 1, 100) <= 0) continue;
    char text[512];
    const ssize_t size = ::read(ends[0], text, sizeof text);
    if (size <= 0) break;
    said.append(text, static_cast<std::size_t>(size));
  }
  ::close(ends[0]);
  unsigned udp = 0, http = 0;
  if (std::sscanf(said.c_str(), "promenade-hall ready on udp %u, http %u", &udp, &http) != 2) {
    if (failed == 0) ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
    throw std::runtime_error(words.front() + " did not start. Build it. " + last_words());
  }
  udp_port_ = static_cast<std::uint16_t>(udp);
  http_port_ = static_cast<std::uint16_t>(http);
}

void AlertHall::set_contact(bool closed) const {
  const std::string path = folder_.path() + "/fire";
  write_file(path + ".new", closed ? "1" : "0");
  std::filesystem::rename(path + ".new", path);
}

std::map<std::string, double> AlertHall::metrics() const {
  base::http::ClientOptions options;
  options.base_url = base::formatted("http://127.0.0.1:{}", http_port_);
  auto client = base::http::Client::open(std::move(options));
  if (!client) throw std::runtime_error(client.error().text());
  const auto answer = client->get("/metrics");
  if (!answer || answer->status != 200) throw std::runtime_error("the hall does not answer. " + last_words());
  std::map<std::string, double> found;
  std::istringstream lines(answer->body);
  for (std::string line; std::getline(lines, line);) {
    const auto space = line.rfind(' ');
    if (line.starts_with('#') || space == std::string::npos) continue;
    found[line.substr(0, space)] = std::strtod(line.c_str() + space + 1, nullptr);
  }
  return found;
}

std::shared_ptr<const link::SessionSettings> AlertHall::security(link::Role role, const std::string& name) const {
  const auto keys = link::HallKeys::open(folder_.path() + "/data/link");
  if (!keys) throw std::runtime_error(keys.error().text());
  const auto credentials = keys->authority().issue(role, name, link::system_moment().utc, link::system_random(), std::chrono::hours(24));
  if (!credentials) throw std::runtime_error(credentials.error().text());
  auto made = link::SessionSettings::make(link::SessionSettings::End::device, *credentials, link::system_random());
  if (!made) throw std::runtime_error(made.error().text());
  return *made;
}

std::string AlertHall::last_words() const {
  std::ifstream log(folder_.path() + "/hall.log");
  std::ostringstream text;
  text << log.rdbuf();
  const std::string all = text.str();
  return all.size() > 2000 ? all.substr(all.size() - 2000) : all;
}

}  // namespace promenade::bench
