// A circuit as witness of its venues, and the HTTP witness: what is taken and what is refused.
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

#include "tests/circuit/circuit_fixture.h"
#include "ticketing/api/log_keeper.h"
#include "ticketing/circuit/check_log.h"
#include "ticketing/circuit/pull.h"
#include "ticketing/circuit/witness_sink.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::circuit;
using namespace promenade::ticketing::tests;
using nlohmann::json;

namespace {


// What a circuit keeps of one venue.
struct Kept {
  TempDir dir;
  EventFile file = EventFile::open(dir.path() + "/store", kVenue).value();
  store::WitnessFile witness = store::WitnessFile::open(dir.path() + "/store.checkpoints", kVenue).value();

  base::Result<SignedLog> pull(OfficeFixture& office) {
    auto client = office.client(office.reader);
    if (const auto pulled = pull_events(client, file); !pulled) return std::unexpected(pulled.error());
    return check_log(client, file, witness);
  }
  std::string refused(OfficeFixture& office) {
    const auto before = witness.last();
    const auto done = pull(office);
    if (!done) CHECK(witness.last() == before);
    return done ? std::string() : done.error().code;
  }
};

// A venue that answers with what a test puts in its mouth, and otherwise as the honest one does.
class Liar {
 public:
  explicit Liar(OfficeFixture& honest) : honest_(honest) {
    for (const char* path : {"/v1/events", "/v1/checkpoints/latest", "/v1/log-keys"}) {
      server_.route("GET", path, [this, path](const base::http::Request& request) {
        if (const auto lie = lies.find(path); lie != lies.end()) return base::http::Response{.status = lie->second.first, .content_type = "application/json", .headers = {}, .body = lie->second.second};
        std::string query;
        for (const auto& [name, value] : request.query) query += (query.empty() ? "?" : "&") + name + "=" + value;
        return honest_.client(honest_.reader).get(path + query, {{"Accept", std::string(request.header("accept").value_or("application/json"))}}).value();
      });
    }
    REQUIRE(server_.start());
  }
  base::http::Client client() const { return base::http::Client::open({.base_url = server_.base_url(), .headers = {}}).value(); }
  std::map<std::string, std::pair<int, std::string>> lies;

 private:
  OfficeFixture& honest_;
  base::http::Server server_{base::http::ServerOptions{}};
};

}  // namespace

TEST_CASE("a circuit takes a venue's checkpoints only over the events it pulled itself") {
  OfficeFixture office;
  Kept kept;
  CHECK(kept.pull(office)->size == 0);  // none yet
  office.whole_visit(kWalk, 1);
  office.desk->keep_checkpoint().value();
  const auto signed_size = [&] { return kept.pull(office).value().size; };
  const std::uint64_t first = signed_size();
  CHECK(first == kept.file.head().seq);
  office.whole_visit(kSit, 2);
  CHECK(signed_size() == first);  // no minute has passed: the last events are not signed yet
  CHECK(kept.file.head().seq > first);
  office.made("/v1/days/2026-05-01/close", office.body(json::object()));
  const std::uint64_t last = signed_size();
  CHECK(last == kept.file.head().seq);
  CHECK(kept.witness.last()->closes.has_value());
}

TEST_CASE("a checkpoint of more events than were pulled brings these first") {
  OfficeFixture office;
  Kept kept;
  office.whole_visit(kWalk, 1);
  auto client = office.client(office.reader);
  REQUIRE(pull_events(client, kept.file));
  office.whole_visit(kSit, 2);
  office.desk->keep_checkpoint().value();
  const auto done = check_log(client, kept.file, kept.witness).value();
  CHECK(done.size == kept.file.head().seq);
  CHECK(done.size == office.desk->figures().head.seq);
}

TEST_CASE("a venue that signs other events than it gives, hides its checkpoints or names other keys is refused") {
  OfficeFixture office, other;
  Kept kept;
  office.whole_visit(kWalk, 1);
  office.desk->keep_checkpoint().value();
  Liar liar(office);
  auto client = liar.client();
  REQUIRE(pull_events(client, kept.file));
  const auto refused = [&] { return check_log(client, kept.file, kept.witness).error().code; };
  other.whole_visit(kWalk, 1);
  other.desk->keep_checkpoint().value();
  liar.lies["/v1/checkpoints/latest"] = {200, other.get("/v1/checkpoints/latest").dump()};
  CHECK(refused() == "checkpoint-differs");  // the lie of a double ledger
  json altered = office.get("/v1/checkpoints/latest");
  altered["at"] = "2026-05-01T05:00:00.000Z";
  liar.lies["/v1/checkpoints/latest"] = {200, altered.dump()};
  CHECK(refused() == "checkpoint-forged");
  liar.lies["/v1/checkpoints/latest"] = {200, "{}"};
  CHECK(refused() == "checkpoint-malformed");
  liar.lies.clear();
  liar.lies["/v1/log-keys"] = {200, other.get("/v1/log-keys").dump()};
  CHECK(refused() == "log-keys-differ");
  liar.lies["/v1/log-keys"] = {200, R"({"keys":[]})"};
  CHECK(refused() == "log-key-other");
  liar.lies.clear();
  REQUIRE(check_log(client, kept.file, kept.witness));
  liar.lies["/v1/checkpoints/latest"] = {404, R"({"code":"checkpoint-none","detail":"none"})"};
  CHECK(refused() == "checkpoint-missing");
}

TEST_CASE("a venue restored to an old copy is refused until it has its events again") {
  OfficeFixture office;
  Kept kept;
  office.whole_visit(kWalk, 1);
  const TempDir old;
  REQUIRE(store::LedgerReader::open(office.dir().ledger(), kVenue)->back_up(old.path() + "/ledger.sqlite"));
  for (const char* key : {"/ticket-key", "/log-key"}) std::filesystem::copy_file(office.dir().path + key, old.path() + key);
  office.whole_visit(kSit, 2);
  office.desk->keep_checkpoint().value();
  REQUIRE(kept.pull(office));
  auto restored = api::open_office({old.path()}, sample_config(), office.now()).value();
  CHECK(api::check_against(*kept.witness.last(), restored.office).error().code == "ledger-cut");
}

TEST_CASE("the store's export is what a venue takes back") {
  OfficeFixture office;
  Kept kept;
  office.whole_visit(kWalk, 1);
  REQUIRE(kept.pull(office));
  base::Bytes stream;
  REQUIRE(kept.file.export_to([&](base::ByteView bytes) { stream.insert(stream.end(), bytes.begin(), bytes.end()); }));
  const auto content = read_export(stream).value();
  CHECK(content.events.back().hash == kept.file.head().hash);
}

TEST_CASE("the HTTP witness keeps venues apart, asks for its key, and refuses what a witness refuses") {
  const TempDir dir;
  OfficeFixture office, other;
  auto sink = std::make_unique<WitnessSink>(dir.path(), "secret", base::http::ServerOptions{});
  REQUIRE(sink->start());
  CHECK(api::open_witness(sink->url(), "wrong", kVenue).value()->last().error().code == "key-wrong");
  const auto keeper_of = [&](OfficeFixture& of) {
    return std::make_unique<api::LogKeeper>(*of.desk, of.service->metrics(), api::open_witness(sink->url(), "secret", kVenue).value(), [](const std::string&) {});
  };
  office.whole_visit(kWalk, 1);
  REQUIRE(keeper_of(office)->turn());
  other.whole_visit(kWalk, 1);
  other.whole_visit(kSit, 2);
  other.desk->keep_checkpoint().value();
  auto link = api::open_witness(sink->url(), "secret", kVenue).value();
  const auto witnessed = link->last().value().value();
  // Sent past the office's own check, as a thief's program would.
  std::optional<Submission> lie;
  REQUIRE(other.desk->look([&](const store::BoxOffice& box, base::UtcTime) { lie = api::submission_of(box, witnessed.size); }));
  CHECK(link->offer(*lie).error().code == "log-key-other");
  // After a restart it knows what it knew.
  const std::string url = sink->url();
  sink.reset();
  sink = std::make_unique<WitnessSink>(dir.path(), "secret", base::http::ServerOptions{});
  REQUIRE(sink->start());
  link = api::open_witness(sink->url(), "secret", kVenue).value();
  CHECK(link->last().value() == witnessed);
  CHECK_FALSE(api::open_witness(sink->url(), "secret", base::VenueId("elsewhere")).value()->last().value().has_value());
  auto client = base::http::Client::open({.base_url = sink->url(), .headers = {{"Authorization", "Bearer secret"}}}).value();
  CHECK(client.get("/v1/witness/..%2Fescape")->status >= 400);
  CHECK(client.get("/v1/witness/.hidden")->status == 400);
  CHECK(client.post("/v1/witness/empty", "{}", "application/json")->status == 400);
  CHECK(client.post("/v1/witness/empty", "no json", "application/json")->status == 400);
  CHECK_FALSE(std::filesystem::exists(dir.path() + "/empty.witness"));
}
