// Devices by their certificates: mutual TLS on a listener of its own, scopes by certificate.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fstream>

#include "tests/http/certificates.h"
#include "tests/ticketing_api/office_fixture.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::tests;
using base::http::tests::TestCa;
using nlohmann::json;

namespace {

struct Certificates {
  TempDir folder;
  TestCa venue{folder.path(), "venue"}, stranger{folder.path(), "stranger"};
  TestCa::Pair server = venue.issue("box-office"), door = venue.issue("door-1"), hall = venue.issue("hall-a"), lost = venue.issue("lost"), foreign = stranger.issue("door-1");
};

struct DeviceOffice {
  Certificates certificates;
  OfficeFixture office{sample_config(), 1024, {}, api::DeviceListener{.tls = certificates.venue.server(certificates.server)}};
  DeviceOffice() {
    using enum api::Scope;
    REQUIRE(api::add_certificate(office.dir(), "door-1", {redeem}, certificates.door.pem()).has_value());
    REQUIRE(api::add_certificate(office.dir(), "hall-a-by-certificate", {redeem, play, observe}, certificates.hall.pem()).has_value());
  }
  base::http::Client device(const TestCa::Pair& own, base::http::Headers headers = {}) const {
    return base::http::Client::open({.base_url = office.service->device_url(), .headers = std::move(headers), .tls = certificates.venue.client(own)}).value();
  }
};

std::string code_of(const base::Result<base::http::Response>& response) {
  return response ? json::parse(response->body).value("code", "") : "transport: " + response.error().code;
}

}  // namespace

TEST_CASE("a device is let in by its certificate, for what its scopes allow, and stands in the ledger by its name") {
  DeviceOffice d;
  REQUIRE(d.office.started);
  CHECK(d.office.service->device_url().starts_with("https://127.0.0.1:"));
  const json sale = d.office.made("/v1/sales", d.office.body({{"film", kSit}, {"count", 2}}));
  auto door = d.device(d.certificates.door);
  json body{{"idempotency_key", "door-1-1"}, {"device_ts", to_text(d.office.now())}, {"token", sale["tickets"][0]["token"]}, {"hall", "hall-a"}, {"door", true}};
  const auto let_in = door.post("/v1/redemptions", body.dump(), "application/json");
  REQUIRE(let_in.has_value());
  CHECK(let_in->status == 201);
  const json events = d.office.get("/v1/events?after=0&limit=5000");
  CHECK(events["events"].back()["actor"] == "door-1");
  CHECK(events["events"].back()["device"] == "door-1");
  // Not its verbs.
  CHECK(code_of(door.post("/v1/sales", d.office.body({{"film", kSit}}).dump(), "application/json")) == "scope-missing");
  CHECK(code_of(door.get("/v1/events")) == "scope-missing");
  CHECK(code_of(door.post("/v1/waits", json{{"hall", "hall-a"}, {"waits", json::array()}}.dump(), "application/json")) == "scope-missing");
  auto hall = d.device(d.certificates.hall);
  CHECK(hall.post("/v1/waits", json{{"hall", "hall-a"}, {"waits", json::array()}}.dump(), "application/json").value().status == 200);
  // The API, and no pages.
  CHECK(door.get("/healthz").value().status == 200);
  CHECK(door.get("/sell").value().status == 404);
}

TEST_CASE("whoever shows no certificate of the venue's CA is not even heard, and one that nobody knows is refused in words") {
  DeviceOffice d;
  const auto refused_at_the_handshake = [](const base::Result<base::http::Response>& response) {
    return !response && (response.error().code == "http-unreachable" || response.error().code == "http-interrupted");
  };
  CHECK(refused_at_the_handshake(d.device(d.certificates.foreign).get("/healthz")));
  CHECK(refused_at_the_handshake(d.device({}).get("/healthz")));
  auto plain = base::http::Client::open({.base_url = "http" + d.office.service->device_url().substr(5), .headers = {}}).value();
  const auto heard = plain.get("/healthz");
  CHECK((!heard || heard->status == 400));
  // The client refuses as well: a box office whose certificate is another CA's.
  auto doubting = base::http::Client::open({.base_url = d.office.service->device_url(), .headers = {}, .tls = d.certificates.stranger.client(d.certificates.foreign)}).value();
  CHECK(refused_at_the_handshake(doubting.get("/healthz")));
  CHECK(code_of(d.device(d.certificates.lost).get("/v1/venue")) == "certificate-unknown");
  // Nor does a key help there: on this listener a device is its certificate.
  CHECK(code_of(d.device(d.certificates.lost, {{"Authorization", "Bearer " + d.office.all}}).get("/v1/venue")) == "certificate-unknown");
  CHECK(d.office.client(d.office.all).get("/v1/venue").value().status == 200);
}

TEST_CASE("with a certificate of its own the box office speaks HTTPS on its main port, pages and all") {
  Certificates certificates;
  std::optional<base::http::ServerTls> tls = base::http::ServerTls{certificates.server.certificate, certificates.server.key};
  const bool asks_clients = GENERATE(false, true);
  if (asks_clients) tls->client_ca_file = certificates.venue.file();
  OfficeFixture office(sample_config(), 1024, {}, std::nullopt, [&](api::ServiceOptions& options) { options.tls = tls; });
  REQUIRE(office.started);
  CHECK(office.service->url().starts_with("https://127.0.0.1:"));
  CHECK(office.service->poll_url().starts_with("https://127.0.0.1:"));
  const auto browser = [&](const base::http::ClientTls& shown) { return base::http::Client::open({.base_url = office.service->url(), .headers = {}, .tls = shown}).value(); };
  auto client = browser(asks_clients ? certificates.venue.client(certificates.door) : base::http::ClientTls{.certificate_file = {}, .key_file = {}, .ca_file = certificates.venue.file()});
  const auto in = client.post("/sign-in", "next=/door&key=" + office.door, kForm).value();
  CHECK(in.status == 303);
  const std::string cookie(in.header("set-cookie").value_or(""));
  CHECK(cookie.contains("; Secure"));
  CHECK(client.get("/door", {{"Cookie", cookie.substr(0, cookie.find(';'))}})->status == 200);
  CHECK(client.get("/v1/venue", {{"Authorization", "Bearer " + office.all}})->status == 200);
  CHECK(client.get("/v1/venue")->status == 401);  // a certificate stands in for no key here
  const auto without = browser({.certificate_file = {}, .key_file = {}, .ca_file = certificates.venue.file()}).get("/healthz");
  CHECK(without.has_value() == !asks_clients);
  const auto plain = base::http::Client::open({.base_url = "http" + office.service->url().substr(5), .headers = {}}).value().get("/healthz");
  CHECK((!plain || plain->status != 200));
}

TEST_CASE("a certificate that is taken back is refused at the next request, on the same connection") {
  DeviceOffice d;
  auto door = d.device(d.certificates.door);
  CHECK(door.get("/v1/venue").value().status == 200);
  auto ring = api::load_key_ring(d.office.dir().api_keys()).value();
  REQUIRE(ring.revoke("door-1").has_value());
  REQUIRE(api::save_key_ring(ring, d.office.dir().api_keys()).has_value());
  CHECK(code_of(door.get("/v1/venue")) == "certificate-unknown");
}

TEST_CASE("one certificate is one device; files that are no certificates are named") {
  DeviceOffice d;
  using enum api::Scope;
  CHECK(api::add_certificate(d.office.dir(), "door-2", {redeem}, d.certificates.door.pem()).error().code == "key-name-taken");
  CHECK(api::add_certificate(d.office.dir(), "door-2", {redeem}, "not a certificate").error().code == "certificate-malformed");
  CHECK(api::add_certificate(d.office.dir(), "door-2", {}, d.certificates.lost.pem()).error().code == "scope-unknown");
  const auto back = api::KeyRing::from_json(api::load_key_ring(d.office.dir().api_keys())->to_json(), "keys").value();
  CHECK(back.of_certificate(base::http::certificate_fingerprint(d.certificates.door.pem()).value())->name == "door-1");
  CHECK(back.of_certificate("") == nullptr);
  CHECK(back.find("") == nullptr);
  const auto start_with = [](const base::http::ServerTls& tls) {
    base::http::Server server({.bind_address = "127.0.0.1", .tls = tls});
    return server.start();
  };
  auto tls = d.certificates.venue.server(d.certificates.server);
  CHECK(start_with(tls).has_value());
  tls.key_file = d.certificates.door.key;
  CHECK(start_with(tls).error().code == "tls-unusable");
  CHECK(start_with(tls).error().message.contains("door-1.key"));
  tls = d.certificates.venue.server(d.certificates.server);
  tls.client_ca_file = "/nowhere.pem";
  CHECK(start_with(tls).error().message == "/nowhere.pem cannot be read.");
  tls.client_ca_file.clear();
  CHECK(start_with(tls).has_value());
  tls.certificate_file = "/nowhere.crt";
  CHECK(start_with(tls).error().message == "/nowhere.crt cannot be read.");
  tls.certificate_file = d.certificates.server.key;
  CHECK(start_with(tls).error().message.contains("is not a certificate"));
  CHECK(base::http::Client::open({.base_url = "https://127.0.0.1:1", .headers = {}, .tls = {"/nowhere.pem", "/nowhere.key", ""}}).error().code == "tls-unusable");
}
