#include "showcontrol/server/server.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "content-tools/package/package_file.h"
#include "showcontrol/link/rim/key_watch.h"
#include "showcontrol/protocol/impairment_text.h"
#include "showcontrol/server/loop.h"
#include "showcontrol/server/pair.h"
#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"
#include "tracking/venue_file.h"

namespace promenade::server {

namespace {

constexpr std::chrono::seconds kCrashWindow{60};
constexpr int kCrashesToPause = 3;
constexpr std::size_t kVenueTextMax = 15'000;  // as the welcome takes it

std::unexpected<StartFailure> input(std::string text) { return std::unexpected(StartFailure{kExitInput, std::move(text)}); }
std::unexpected<StartFailure> environment(std::string text) { return std::unexpected(StartFailure{kExitEnvironment, std::move(text)}); }

struct Inputs {
  tracking::Venue venue;
  std::string venue_toml;
  std::shared_ptr<const std::vector<hall::Film>> films;
  base::PublicKey ticket_key{};
  std::optional<ticketing::BusinessCalendar> calendar;
  std::optional<ContactSpec> fire_contact, evacuate_button;
};

std::expected<Inputs, StartFailure> read_inputs(const ServerOptions& options) {
  Inputs inputs;
  auto venue = tracking::load_venue(options.venue_file);
  if (!venue) return input(base::to_string(venue.error()));
  inputs.venue = std::move(*venue);
  std::ifstream file(options.venue_file, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  inputs.venue_toml = text.str();
  if (inputs.venue_toml.size() > kVenueTextMax) {
    return input(base::formatted("The venue file {} has {} bytes; headsets take at most {}. Shorten its comments.", options.venue_file, inputs.venue_toml.size(), kVenueTextMax));
  }
  package::TrustedKeys trusted;
  for (const std::string& signer : options.film_signers) {
    const auto key = package::load_public_key(signer);
    if (!key) return input(key.error().text());
    trusted.push_back(*key);
  }
  auto folder = package::load_film_folder(options.films_dir, trusted);
  if (!folder) return input(folder.error().text());
  if (base::has_errors(folder->findings)) return input(base::to_string(folder->findings));
  if (folder->films.empty()) return input(base::formatted("There is no film (*.prom) in {}. Make the samples, or copy films there.", options.films_dir));
  auto films = std::make_shared<std::vector<hall::Film>>();
  for (auto& film : folder->films) {
    const base::Hash hash = base::blake2b(package::manifest_bytes(film.manifest));
    films->push_back({std::move(film.manifest), hash});
  }
  inputs.films = std::move(films);
  const auto key = package::load_public_key(options.ticket_key);
  if (!key) return input(key.error().text());
  inputs.ticket_key = *key;
  auto calendar = ticketing::BusinessCalendar::make(options.time_zone, std::chrono::minutes(options.cut_over_min));
  if (!calendar) return input(calendar.error().text());
  inputs.calendar = *calendar;
  for (const auto& [option, spec] : {std::pair(&options.fire_contact, &inputs.fire_contact), std::pair(&options.evacuate_button, &inputs.evacuate_button)}) {
    if (option->empty()) continue;
    auto read = contact_spec(*option);
    if (!read) return input(read.error().text());
    *spec = std::move(*read);
  }
  return inputs;
}

std::string link_folder(const ServerOptions& options) { return options.link_dir.empty() ? options.data_dir + "/link" : options.link_dir; }

std::expected<PairAddress, StartFailure> pair_address(const ServerOptions& options) {
  if (options.standby_port && !options.standby_of.empty()) return input("--standby-port is for the hall that is followed, --standby-of for the one that follows: give one of them.");
  PairAddress address;
  if (options.standby_port) {
    address.bind = options.bind;
    address.port = *options.standby_port;
    return address;
  }
  address.place = succession::Member::Place::second;
  const std::size_t colon = options.standby_of.rfind(':');
  const std::string_view digits = colon == std::string::npos ? std::string_view() : std::string_view(options.standby_of).substr(colon + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
  if (colon == 0 || error != std::errc{} || end != digits.data() + digits.size() || address.port == 0) {
    return input(base::formatted("--standby-of wants HOST:PORT, the other hall's --standby-port, such as 192.168.1.10:9563; \"{}\" is not that.", options.standby_of));
  }
  address.host = options.standby_of.substr(0, colon);
  return address;
}

// What the journal says of earlier runs, beside the core's own records.
struct Past {
  std::vector<hall::StateRecord> records;
  std::optional<ClockMark> clock;
  std::vector<std::pair<std::string, base::UtcTime>> unclean_runs;
  std::vector<std::pair<base::TicketId, base::UtcTime>> used;
  std::optional<std::set<base::LaneId>> lanes;
};

Past read_past(const std::vector<ticketing::store::Record>& records) {
  Past past;
  const auto milliseconds = [](std::string_view text) {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return base::UtcTime(std::chrono::milliseconds(value));
  };
  for (const auto& record : records) {
    const std::string_view text = base::as_text(record.body);
    if (record.kind == "clock") past.clock = ClockMark::from_text(text);
    else if (record.kind == kPairKind) continue;
    else if (record.kind == kRunKind) past.unclean_runs.emplace_back(record.key, milliseconds(text));
    else if (record.kind == "used-ticket") past.used.emplace_back(base::TicketId(record.key), milliseconds(text));
    else if (record.kind == "lanes") past.lanes = lanes_of_text(text);
    else past.records.push_back({record.kind, record.key, record.body});
  }
  return past;
}

// This run is noted as begun; a graceful end erases the note. Old notes and used-up tickets go.
base::Result<void> note_run(ticketing::store::HallJournal& journal, const Past& past, base::EpochId epoch, base::UtcTime now) {
  std::vector<ticketing::store::Record> records;
  for (const auto& [key, at] : past.unclean_runs) {
    if (now - at > kCrashWindow) records.push_back({std::string(kRunKind), key, {}, true});
  }
  for (const auto& [code, until] : past.used) {
    if (until < now) records.push_back({"used-ticket", code.value(), {}, true});
  }
  const std::string begun = std::to_string(now.time_since_epoch().count());
  records.push_back({std::string(kRunKind), std::to_string(epoch.value()), {begun.begin(), begun.end()}, false});
  return journal.append(records);
}

}  // namespace

struct Server::Parts {
  HallClock clock{base::HallTime{}};
  base::EpochId epoch;
  EventQueue events{4096, base::Overflow::refuse_newest};
  base::BoundedQueue<Batch> batches{4, base::Overflow::drop_oldest};
  PairInbox pair_inbox{16384, base::Overflow::refuse_newest};
  std::stop_source ending;
  std::atomic<bool> replaced = false;
  StatusCell status;
  std::unique_ptr<ContactWatch> fire_contact, evacuate_button;
  LinePrinter lines;
  // Destroyed from the last to the first: the store ends last.
  std::unique_ptr<StoreWorker> store;
  std::unique_ptr<PairWorker> pair;  // null: of no pair
  std::unique_ptr<NearMissWorker> near_misses;
  std::unique_ptr<PlannerWorker> planner;
  std::unique_ptr<QuestionWorker> questions;
  std::unique_ptr<DeliveryWorker> delivery;
  std::unique_ptr<link::KeyWatch> keys;
  std::unique_ptr<base::http::Server> http;
  std::unique_ptr<Loop> loop;
  std::uint16_t udp_port = 0;
};

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Server::~Server() = default;
Server::Server(Server&&) noexcept = default;
Server& Server::operator=(Server&&) noexcept = default;

std::uint16_t Server::udp_port() const { return parts_->udp_port; }
std::uint16_t Server::http_port() const { return parts_->http->port(); }
base::EpochId Server::epoch() const { return parts_->epoch; }

struct HallStart::Parts {
  ServerOptions options;
  Inputs inputs;
  std::optional<ticketing::store::HallJournal> journal;  // while neither follower nor lead has it
  std::optional<PairFollower> follower;
  std::optional<PairLead> lead;
};

HallStart::HallStart(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
HallStart::~HallStart() = default;
HallStart::HallStart(HallStart&&) noexcept = default;
HallStart& HallStart::operator=(HallStart&&) noexcept = default;

std::uint16_t HallStart::pair_port() const { return parts_->follower ? parts_->follower->port() : 0; }

bool HallStart::wait_to_lead(std::stop_token stop, const std::function<void(const std::string&)>& tell) {
  parts_->lead = parts_->follower->wait(stop, tell);
  parts_->follower.reset();
  return parts_->lead.has_value();
}

namespace {

// What would stand in the way of a take-over is to be said when a program begins to follow, not when it is needed.
std::expected<void, StartFailure> try_ports(const ServerOptions& options) {
  protocol::ListenerConfig listen;
  listen.bind = options.bind;
  listen.port = options.port;
  if (const auto listener = protocol::Listener::open(listen); !listener) return environment(listener.error().text());
  base::http::Server http({.bind_address = options.http_bind, .port = options.http_port, .workers = 1});
  if (const auto started = http.start(); !started) return environment(started.error().text());
  http.stop();
  return {};
}

}  // namespace

std::expected<HallStart, StartFailure> HallStart::prepare(const ServerOptions& options) {
  auto inputs = read_inputs(options);
  if (!inputs) return std::unexpected(std::move(inputs.error()));
  if (const auto impairment = protocol::read_impairment(options.impair); !impairment) return input("--impair: " + impairment.error().text());
  if (options.box_office_key.empty() && options.box_office_tls.certificate_file.empty()) return input("The box office wants a key or a certificate. Give --boxoffice-key, or --boxoffice-certificate with its key.");
  if (const auto box_office = BoxOfficeClient::open({options.box_office_url, options.box_office_key, options.box_office_tls}); !box_office) return input(box_office.error().text());
  std::optional<PairAddress> address;
  if (options.paired()) {
    auto read = pair_address(options);
    if (!read) return std::unexpected(std::move(read.error()));
    address = std::move(*read);
  } else if (options.alone) {
    return input("--alone is for a hall with --standby-port or --standby-of; leave it out.");
  }
  std::error_code made;
  std::filesystem::create_directories(options.data_dir, made);
  if (made) return environment(base::formatted("The folder {} cannot be made: {}.", options.data_dir, made.message()));
  auto journal = ticketing::store::HallJournal::open(options.data_dir + "/hall.sqlite");
  if (!journal) return environment(journal.error().text());
  auto parts = std::make_unique<Parts>(Parts{options, std::move(*inputs), std::nullopt, std::nullopt, std::nullopt});
  if (!address) {
    parts->journal = std::move(*journal);
    return HallStart(std::move(parts));
  }
  if (auto free = try_ports(options); !free) return std::unexpected(std::move(free.error()));
  // The second has the first's keys: a hall of its own making would be none that headsets believe.
  auto keys = address->place == succession::Member::Place::first ? link::HallKeys::open_or_make(link_folder(options), parts->inputs.venue.venue.value(), system_time())
                                                                 : link::HallKeys::open(link_folder(options));
  if (!keys) return input(keys.error().text());
  auto follower = PairFollower::open(std::move(*journal), std::move(*address), std::move(*keys), options.alone);
  if (!follower) return environment(follower.error().text());
  parts->follower = std::move(*follower);
  return HallStart(std::move(parts));
}

std::expected<Server, StartFailure> Server::open(const ServerOptions& options) {
  auto start = HallStart::prepare(options);
  if (!start) return std::unexpected(std::move(start.error()));
  return open(std::move(*start));
}

std::expected<Server, StartFailure> Server::open(HallStart start) {
  const ServerOptions& options = start.parts_->options;
  Inputs* const inputs = &start.parts_->inputs;
  std::optional<PairLead>& lead = start.parts_->lead;
  PROMENADE_ASSERT(lead.has_value() == options.paired());
  ticketing::store::HallJournal* const journal = lead ? &lead->journal : &*start.parts_->journal;
  const BoxOfficeAddress address{options.box_office_url, options.box_office_key, options.box_office_tls};
  auto questions = BoxOfficeClient::open(address);
  auto delivery = BoxOfficeClient::open(address);
  if (!questions || !delivery) return input((questions ? delivery.error() : questions.error()).text());

  auto parts = std::make_unique<Parts>();
  // Every socket is open before an epoch is taken, so that a start that fails changes nothing.
  protocol::ListenerConfig listen;
  listen.bind = options.bind;
  listen.port = options.port;
  listen.impairment = protocol::read_impairment(options.impair).value();
  auto keys = link::HallKeys::open_or_make(link_folder(options), inputs->venue.venue.value(), system_time());
  if (!keys) return input(keys.error().text());
  auto security = keys->own_settings(system_time());
  auto revoked = keys->revoked();
  if (!security || !revoked) return input((security ? revoked.error() : security.error()).text());
  const std::string certificate = (*security)->own().serial;
  listen.security = std::move(*security);
  auto listener = protocol::Listener::open(listen);
  if (!listener) return environment(listener.error().text());
  listener->revoke(std::move(*revoked));
  parts->udp_port = listener->port();
  parts->http = std::make_unique<base::http::Server>(base::http::ServerOptions{.bind_address = options.http_bind, .port = options.http_port, .workers = 4});
  add_status_routes(*parts->http, parts->status);
  if (const auto started = parts->http->start(); !started) return environment(started.error().text());

  auto records = journal->restore();
  if (!records) return environment(records.error().text());
  const Past past = read_past(*records);
  const auto epoch = lead ? base::Result<base::EpochId>(lead->member.epoch()) : journal->take_next_epoch();  // a member's is durable already
  if (!epoch) return environment(epoch.error().text());
  const base::UtcTime now = system_time();
  if (const auto noted = note_run(*journal, past, *epoch, now); !noted) return environment(noted.error().text());
  parts->epoch = *epoch;
  parts->clock = HallClock(first_hall_time(past.clock, now));

  hall::HallConfig config;
  config.venue = inputs->venue;
  config.venue_toml = inputs->venue_toml;
  config.films = inputs->films;
  config.staff_keys = options.staff_keys;
  config.epoch = *epoch;
  config.paired = lead.has_value();
  config.seed = epoch->value();
  config.utc_at_start = now;
  config.start = parts->clock.start();
  config.limits.downlink_every = base::from_seconds(1.0 / options.downlink_hz);
  const auto lately = std::ranges::count_if(past.unclean_runs, [&](const auto& run) { return now - run.second <= kCrashWindow; });
  config.start_paused = lately >= kCrashesToPause;

  OfflineDesk desk(inputs->ticket_key, inputs->venue.venue, *inputs->calendar);
  if (past.lanes) desk.know_lanes(*past.lanes);
  for (const auto& [code, until] : past.used) {
    if (until >= now) desk.note_used(code, until);
  }
  if (inputs->fire_contact) parts->fire_contact = std::make_unique<ContactWatch>(*inputs->fire_contact);
  if (inputs->evacuate_button) parts->evacuate_button = std::make_unique<ContactWatch>(*inputs->evacuate_button);
  hall::Hall hall(config, past.records);
  std::optional<StoreWorker::Pair> pair;
  if (lead) pair.emplace(parts->pair_inbox, *epoch);
  parts->store = std::make_unique<StoreWorker>(std::move(*journal), parts->events, parts->batches, pair);
  if (lead) {
    parts->pair = std::make_unique<PairWorker>(std::move(*lead), PairWorker::Parts{*parts->store, parts->pair_inbox, parts->events, parts->clock, parts->lines},
                                               [&ending = parts->ending, &replaced = parts->replaced] {
                                                 replaced = true;
                                                 ending.request_stop();
                                               });
  }
  parts->near_misses = std::make_unique<NearMissWorker>(options.data_dir + "/" + ticketing::store::kNearMissFile);
  parts->planner = std::make_unique<PlannerWorker>(hall::floor_plan(inputs->venue), parts->events);
  parts->questions = std::make_unique<QuestionWorker>(std::move(*questions), std::move(desk), *parts->store, parts->events);
  DeliveryTalk talk;
  talk.hall = inputs->venue.hall;
  talk.waits = [&status = parts->status, hall_id = inputs->venue.hall] { return waits_body(hall_id, status.load().get(), std::chrono::steady_clock::now()); };
  talk.lanes = [&store = *parts->store, &asks = *parts->questions](const std::set<base::LaneId>& lanes) {
    asks.know_lanes(lanes);
    store.ask(StoreWorker::Lanes{lanes});
  };
  parts->delivery = std::make_unique<DeliveryWorker>(std::move(*delivery), std::move(talk), *parts->store, parts->events, parts->batches);
  if (!options.impair.empty()) parts->lines.print("--impair " + options.impair + ": the network to headsets and staff is bad on purpose. Leave it out where there are viewers.");
  parts->keys = std::make_unique<link::KeyWatch>(std::move(*keys), certificate, [&lines = parts->lines](const std::string& text) { lines.print("link keys: " + text); });
  parts->loop = std::make_unique<Loop>(std::move(hall), std::move(*listener),
                                       LoopParts{parts->clock, parts->events, *parts->planner, *parts->store, *parts->questions, *parts->near_misses, *parts->keys, parts->status, parts->lines,
                                                 parts->fire_contact.get(), parts->evacuate_button.get(), parts->pair.get()});
  return Server(std::move(parts));
}

bool Server::run(std::stop_token stop) {
  const std::stop_callback asked(stop, [this] { parts_->ending.request_stop(); });
  parts_->loop->run(parts_->ending.get_token());
  hall::Persist end;  // a graceful end is no crash
  end.records.push_back({std::string(kRunKind), std::to_string(parts_->epoch.value()), {}});
  parts_->store->ask(StoreWorker::Append{std::move(end)});
  return parts_->replaced;
}

}  // namespace promenade::server
