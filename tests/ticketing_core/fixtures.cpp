#include "tests/ticketing_core/fixtures.h"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace promenade::ticketing::test {

using std::chrono::seconds;

Config small_config() {
  Config c;
  c.venue = base::VenueId("test-venue");
  c.name_zh = "测试影院";
  c.name_en = "Test cinema";
  c.cinema_code = "12345678";
  c.time_zone = "Asia/Shanghai";
  c.free_choice = true;
  c.ticket_early = seconds(900);
  c.ticket_grace = seconds(1800);
  c.halls = {{kHall, "甲厅", "Hall A", 5, {{"door-1", 0.01}}}};
  const auto film = [&](const base::FilmId& id, const char* zh, const char* en, FilmKind kind, const char* price_class, std::int64_t price) {
    FilmEntry f;
    f.id = id;
    f.title_zh = zh;
    f.title_en = en;
    f.permit = "电审虚字[2025]第001号";
    f.kind = kind;
    f.length = seconds(90);
    f.longest_hold = seconds(kind == FilmKind::walking ? 60 : 0);
    f.price = Money{price, c.currency};
    f.price_class = price_class;
    return f;
  };
  c.films = {film(kTideCaves, "潮洞", "Tide Caves", FilmKind::walking, "walking", 8800),
             film(kSnowLine, "雪线", "Snow Line", FilmKind::walking, "walking", 8800),
             film(kReedLake, "芦苇湖", "Reed Lake", FilmKind::seated, "seated", 4800)};
  c.lanes = {{base::LaneId("1234567800000101"), kHall, kTideCaves, 2, seconds(150), seconds(0)},
             {base::LaneId("1234567800000102"), kHall, kTideCaves, 2, seconds(150), seconds(150)},
             {base::LaneId("1234567800000201"), kHall, kSnowLine, 3, seconds(150), seconds(0)},
             {base::LaneId("1234567800000301"), kHall, kReedLake, 1, seconds(210), seconds(0)}};
  return c;
}

Config config_with_concessions() {
  Config c = small_config();
  c.discounts = {{"pupil", "学生", "Pupil", 50}};
  c.vouchers = {{"gift", "礼券", "Gift voucher", Money{2000, c.currency}, 8}, {"whole", "兑换券", "Ticket voucher", std::nullopt, 0}};
  return c;
}

base::KeyPair fixed_key() {
  base::KeySeed seed{};
  for (std::size_t i = 0; i < seed.size(); ++i) seed[i] = static_cast<std::uint8_t>(i);
  return base::KeyPair::from_seed(seed);
}

base::UtcTime utc(const std::string& text) {
  const auto time = utc_from_text(text);
  if (!time) throw std::runtime_error(time.error().text());
  return *time;
}

base::UtcTime noon() { return utc("2026-05-01T04:00:00Z"); }

base::Hash package(std::uint8_t value) {
  base::Hash hash{};
  hash.fill(value);
  return hash;
}

bool matches_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(PROMENADE_SOURCE_DIR) + "/tests/ticketing_core/golden/" + name;
  if (std::getenv("PROMENADE_WRITE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << text;
    return true;
  }
  std::ifstream file(path, std::ios::binary);
  std::ostringstream golden;
  golden << file.rdbuf();
  return file && golden.str() == text;
}

World::World(const Config& config, std::uint64_t seed) : state(config.venue), now(noon()), key(fixed_key()), ids(seed) {
  const auto event = state.decide_config(config, key.public_key(), now);
  if (!event) fail(event.error());
  events.push_back(**event);
  if (auto done = state.apply(**event); !done) fail(done.error());
}

void World::fail(const base::Error& error) { throw std::runtime_error(error.code + ": " + error.text()); }

base::Result<Answer> World::ask(const Request& request) {
  auto decision = state.decide(request, now, key, ids);
  if (!decision) return std::unexpected(decision.error());
  for (auto& event : decision->events) {
    if (auto done = state.apply(event); !done) fail(done.error());
    events.push_back(std::move(event));
  }
  return std::move(decision->answer);
}

std::string World::refused(const Request& request) {
  const auto answer = ask(request);
  return answer ? std::string() : answer.error().code;
}

RequestHead World::head() { return {"key-" + std::to_string(++counter_), "counter-1", now, "ann"}; }

SaleRequest World::sale(const base::FilmId& film, int count, TicketKind kind) {
  SaleRequest r;
  r.head = head();
  r.film = film;
  r.count = count;
  r.ticket_kind = kind;
  if (kind != TicketKind::paid) r.reason = "invited";
  return r;
}

RedemptionRequest World::redemption(const std::string& token) {
  RedemptionRequest r;
  r.head = head();
  r.token = token;
  r.hall = kHall;
  r.headset = base::HeadsetId(7);
  return r;
}

GrantRequest World::grant(const RedemptionAnswer& redemption) {
  GrantRequest r;
  r.head = head();
  r.redemption = redemption.redemption;
  r.headset = base::HeadsetId(7);
  r.film = redemption.film;
  r.package_hash = package(1);
  r.play = play_code(kHall, base::EpochId(1), static_cast<std::uint64_t>(++counter_));
  return r;
}

PlayStarted World::started(const GrantRequest& grant) {
  PlayStarted r;
  r.head = head();
  r.play = grant.play;
  r.grant = GrantId(grant.head.idempotency_key);
  r.film = grant.film;
  r.package_hash = grant.package_hash;
  r.headset = grant.headset;
  r.start = now;
  return r;
}

PlayEnded World::ended(const PlayCode& play, bool completed) {
  PlayEnded r;
  r.head = head();
  r.play = play;
  r.completed = completed;
  r.reason = completed ? "end" : "viewer-left";
  r.end = now + seconds(90);
  r.worn_share = 0.97;
  r.moved = true;
  return r;
}

Observation World::observation(base::UtcTime from, base::UtcTime to, int entered) {
  Observation r;
  r.head = head();
  r.sensor = "door-1";
  r.hall = kHall;
  r.from = from;
  r.to = to;
  r.entered = entered;
  r.left = entered;
  return r;
}

DayClose World::close(bool force) {
  DayClose r;
  r.head = head();
  r.date = state.calendar().date_of(now);
  r.force = force;
  return r;
}

PlayCode World::watch(const std::string& token) {
  const auto redeemed = must<RedemptionAnswer>(Request(redemption(token)));
  const GrantRequest granted = grant(redeemed);
  must<GrantAnswer>(Request(granted));
  must<RecordedAnswer>(Request(started(granted)));
  must<RecordedAnswer>(Request(ended(granted.play)));
  return granted.play;
}

}  // namespace promenade::ticketing::test
