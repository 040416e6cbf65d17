#pragma once
// A whole box office in the test's process: its own folder, a clock that the test sets, the service on ephemeral ports.

#include <atomic>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "ticketing/api/data_dir.h"
#include "ticketing/api/service.h"
#include "tracking/base/http/client.h"

namespace promenade::ticketing::tests {

inline const std::string kForm = "application/x-www-form-urlencoded";
inline constexpr const char* kWalk = "001100012026";  // "River" of 3 slots a screening, 45.00
inline constexpr const char* kSit = "001100022026";   // "Orchard" of 20 slots, 30.00
inline constexpr const char* kOther = "001100032026"; // "Harbour", same price class as River, 3 slots

class TempDir {
 public:
  TempDir() {
    std::string pattern = (std::filesystem::temp_directory_path() / "promenade-test-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline base::UtcTime utc(const char* text) { return utc_from_text(text).value(); }

inline Config sample_config() {
  using std::chrono::seconds;
  Config c;
  c.venue = base::VenueId("test-venue");
  c.name_zh = "试验影院";
  c.name_en = "Test <Venue> & Co";
  c.cinema_code = "32020501";
  c.time_zone = "Asia/Shanghai";
  c.free_choice = true;
  c.ticket_early = seconds(900);
  c.ticket_grace = seconds(3600);
  c.halls = {{base::HallId("hall-a"), "一号厅", "Hall A", 30, {{"door-1", 0.0}}}};
  const auto film = [&](const char* id, const char* zh, const char* en, FilmKind kind, std::int64_t minor, const char* price_class) {
    c.films.push_back({.id = base::FilmId(id), .title_zh = zh, .title_en = en, .permit = "电审虚字[2025]第001号", .kind = kind, .length = seconds(70),
                       .longest_hold = seconds(60), .price = {minor, c.currency}, .price_class = price_class, .package_hash = std::nullopt});
  };
  film(kWalk, "河", "River", FilmKind::walking, 4500, "walking");
  film(kSit, "果园", "Orchard", FilmKind::seated, 3000, "seated");
  film(kOther, "港", "Harbour", FilmKind::walking, 4500, "walking");
  const auto lane = [&](const char* id, const char* film_id, int slots) {
    c.lanes.push_back({base::LaneId(id), base::HallId("hall-a"), base::FilmId(film_id), slots, seconds(3600), seconds(0)});
  };
  c.discounts = {{"pupil", "学生", "Pupil", 50}};
  c.vouchers = {{"gift", "礼券", "Gift voucher", Money{2000, c.currency}, 8}};
  lane("3202050100000001", kWalk, 3);
  lane("3202050100000002", kSit, 20);
  lane("3202050100000003", kOther, 3);
  return c;
}

class OfficeFixture {
 public:
  explicit OfficeFixture(Config config = sample_config(), std::size_t queue = 1024, api::RateLimit rate = {}, std::optional<api::DeviceListener> devices = std::nullopt,
                         const std::function<void(api::ServiceOptions&)>& adjust = {}) : config_(std::move(config)), dir_{temp_.path() + "/data"} {
    auto open = api::open_office(dir_, config_, now()).value();
    key_ = std::make_unique<base::KeyPair>(open.key);
    using enum api::Scope;
    all = api::add_key(dir_, "manager", {sell, redeem, play, observe, read, close}).value();
    reader = api::add_key(dir_, "circuit", {read}).value();
    door = api::add_key(dir_, "door", {redeem}).value();
    hall = api::add_key(dir_, "hall-a", {redeem, play, observe}).value();
    desk = std::make_unique<api::Desk>(std::move(open.office), [this] { return now(); }, queue);
    api::ServiceOptions options{.ledger_path = dir_.ledger(), .keys_path = dir_.api_keys(), .devices = std::move(devices), .rate = rate};
    if (adjust) adjust(options);
    service = std::make_unique<api::Service>(std::move(options), *desk, config_.venue, *key_,
                                             [this] { return "form-" + std::to_string(++counter_); });
    started = service->start().has_value();
  }
  ~OfficeFixture() {
    service->stop();
    desk->stop();
  }

  base::UtcTime now() const { return base::UtcTime(std::chrono::milliseconds(now_ms_.load())); }
  void set_now(const char* text) { now_ms_ = utc(text).time_since_epoch().count(); }

  base::http::Client client(const std::string& key, bool poll = false) const {
    base::http::Headers headers;
    if (!key.empty()) headers["Authorization"] = "Bearer " + key;
    return base::http::Client::open({.base_url = poll ? service->poll_url() : service->url(), .headers = headers}).value();
  }

  // A body with the head that every request needs.
  nlohmann::json body(nlohmann::json more) {
    nlohmann::json out{{"idempotency_key", "k-" + std::to_string(++counter_)}, {"device", "test"}, {"device_ts", to_text(now())}, {"actor", "tester"}};
    out.update(more);
    return out;
  }
  base::http::Response post(const std::string& path, const nlohmann::json& body_json, const std::string& key) {
    return client(key).post(path, body_json.dump(), "application/json").value();
  }
  nlohmann::json made(const std::string& path, const nlohmann::json& body_json) {
    const auto response = post(path, body_json, all);
    if (response.status != 201) throw std::runtime_error(path + ": " + response.body);
    return nlohmann::json::parse(response.body);
  }
  nlohmann::json get(const std::string& path) { return nlohmann::json::parse(client(all).get(path).value().body); }

  // One ticket sold, redeemed, granted, played to its end. Gives the sale's answer.
  nlohmann::json whole_visit(const std::string& film, int number) {
    const auto sale = made("/v1/sales", body({{"film", film}}));
    const auto redemption = made("/v1/redemptions", body({{"token", sale["tickets"][0]["token"]}, {"hall", "hall-a"}, {"headset", number}}));
    const std::string play = "hall-a-1-" + std::to_string(number);
    const std::string package(64, 'a');
    const auto grant = made("/v1/grants", body({{"redemption", redemption["redemption"]}, {"headset", number}, {"film", film}, {"package_hash", package}, {"play", play}}));
    made("/v1/plays", body({{"kind", "play_started"}, {"play", play}, {"grant", grant["grant"]}, {"film", film}, {"package_hash", package}, {"headset", number}, {"start", to_text(now())}}));
    made("/v1/plays", body({{"kind", "play_ended"}, {"play", play}, {"completed", true}, {"reason", "end"}, {"end", to_text(now() + std::chrono::seconds(70))},
                            {"worn_share", 0.97}, {"moved", true}, {"interruptions", 0}, {"swaps", 0}}));
    return sale;
  }

  const api::DataDir& dir() const { return dir_; }
  const base::KeyPair& ticket_key() const { return *key_; }
  const Config& config() const { return config_; }

  std::string all, reader, hall, door;  // API keys
  std::unique_ptr<api::Desk> desk;
  std::unique_ptr<api::Service> service;
  bool started = false;

 private:
  TempDir temp_;
  Config config_;
  api::DataDir dir_;
  std::atomic<std::int64_t> now_ms_{utc("2026-05-01T04:00:00Z").time_since_epoch().count()};  // noon in Shanghai
  std::unique_ptr<base::KeyPair> key_;
  std::atomic<int> counter_{0};
};

}  // namespace promenade::ticketing::tests
