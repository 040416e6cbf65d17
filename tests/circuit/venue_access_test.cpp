// How a circuit shows itself to its venues: a key, access tokens, a certificate.
#include "ticketing/circuit/venue_access.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/circuit/circuit_fixture.h"
#include "tests/http/certificates.h"
#include "ticketing/circuit/venue_pull.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::circuit;
using namespace promenade::ticketing::tests;

namespace {

// A venue that has signed nothing yet, gives access tokens for 100 s, and takes the last one only.
class TokenVenue {
 public:
  TokenVenue() {
    server_.route("POST", "/v1/oauth/token", [this](const base::http::Request& request) {
      if (request.param("grant_type") != "client_credentials" || request.param("client_id") != "circuit" || request.param("client_secret") != "s&cret")
        return base::http::Response{.status = 401, .content_type = "application/json", .headers = {}, .body = "{\"error\":\"invalid_client\"}"};
      return base::http::Response{.content_type = "application/json", .headers = {}, .body = "{\"access_token\":\"t" + std::to_string(++given) + "\",\"token_type\":\"Bearer\",\"expires_in\":100}"};
    });
    server_.route("GET", "/v1/checkpoints/latest", [this](const base::http::Request& request) {
      const bool known = takes_any_token && request.header("authorization") == "Bearer t" + std::to_string(given) && given > refused_up_to;
      return base::http::Response{.status = known ? 404 : 401, .content_type = "application/json", .headers = {}, .body = known ? "{\"code\":\"checkpoint-none\"}" : "{\"code\":\"key-wrong\"}"};
    });
    REQUIRE(server_.start());
    venue.id = 1;
    venue.venue = base::VenueId("token-venue");
    venue.url = server_.base_url();
    venue.api_key = "s&cret";
    venue.access.client_id = "circuit";
  }

  PullOutcome pull() {
    const PullMemory memory{.admissions = [](const auto&, const auto&) { return std::vector<Admission>(); }, .counted = [](BusinessDate) { return DayCounts(); }};
    return pull_venue(venue, {}, memory, tokens, utc("2026-05-03T04:00:00Z"));
  }
  std::string failure() {
    const auto outcome = pull();
    const auto* failed = std::get_if<Failure>(&outcome);
    return failed == nullptr ? "" : failed->error.code;
  }

  std::atomic<int> given{0}, refused_up_to{0};
  std::atomic<bool> takes_any_token{true};
  std::chrono::steady_clock::time_point now{};
  VenueTokens tokens{[this] { return now; }};
  VenueRecord venue;

 private:
  base::http::Server server_{base::http::ServerOptions{}};
};

}  // namespace

TEST_CASE("an access token is kept until shortly before it ends") {
  TokenVenue v;
  CHECK(std::holds_alternative<Unsigned>(v.pull()));
  CHECK(std::holds_alternative<Unsigned>(v.pull()));
  CHECK(v.given == 1);
  v.now += std::chrono::seconds(49);
  CHECK(std::holds_alternative<Unsigned>(v.pull()));
  CHECK(v.given == 1);
  v.now += std::chrono::seconds(1);
  CHECK(std::holds_alternative<Unsigned>(v.pull()));
  CHECK(v.given == 2);
}

TEST_CASE("a token that is refused is asked for anew, once") {
  TokenVenue v;
  CHECK(v.failure() == "");
  v.refused_up_to = 1;  // as a box office that was started again has forgotten it
  CHECK(v.failure() == "");
  CHECK(v.given == 2);
  v.takes_any_token = false;
  CHECK(v.failure() == "key-wrong");
  CHECK(v.given == 3);
  v.venue.api_key = "other";
  CHECK(v.failure() == "key-wrong");
  CHECK(v.given == 3);
}

TEST_CASE("a venue with keys alone is asked with its key, and never for a token") {
  TokenVenue v;
  v.given = 7;
  v.venue.access = {};
  v.venue.api_key = "t7";
  CHECK(v.failure() == "");
  v.takes_any_token = false;
  CHECK(v.failure() == "key-wrong");
  CHECK(v.given == 7);
}

TEST_CASE("a real box office is pulled by access tokens, and by a certificate in a key's place") {
  CircuitFixture f;
  const TempDir folder;
  const base::http::tests::TestCa ca(folder.path(), "venue-ca");
  const auto server = ca.issue("office"), own = ca.issue("circuit");
  OfficeFixture office(sample_config(), 1024, {}, api::DeviceListener{.tls = ca.server(server)});
  REQUIRE(api::add_certificate(office.dir(), "circuit-by-certificate", {api::Scope::read}, own.pem()));
  office.whole_visit(kWalk, 1);
  REQUIRE(office.desk->keep_checkpoint());
  const std::uint64_t events = office.desk->figures().head.seq;
  const auto add = [&](const std::string& url, const std::string& key, const VenueAccess& access) { REQUIRE(f.store->add_venue({kVenue, url, key, std::nullopt, access}, f.now)); };
  SECTION("tokens") { add(office.service->url(), office.reader, {.client_id = "circuit", .certificate_file = {}, .key_file = {}, .ca_file = {}}); }
  SECTION("a certificate") { add(office.service->device_url(), "", {.client_id = {}, .certificate_file = own.certificate, .key_file = own.key, .ca_file = ca.file()}); }
  REQUIRE(f.collect());
  const auto record = f.store->venue(kVenue).value();
  CHECK(record.cursor.seq == events);
  CHECK(f.said == "");
}

TEST_CASE("an access that is not whole is refused before anybody is asked") {
  CHECK(check_access("key", {}));
  CHECK(check_access("", {.client_id = {}, .certificate_file = "c", .key_file = "k", .ca_file = {}}));
  CHECK(check_access("", {}).error().code == "usage");
  CHECK(check_access("", {.client_id = "circuit", .certificate_file = "c", .key_file = "k", .ca_file = {}}).error().message.contains("circuit"));
  CHECK(check_access("key", {.client_id = {}, .certificate_file = "c", .key_file = {}, .ca_file = {}}).error().code == "usage");
}
