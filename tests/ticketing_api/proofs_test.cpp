// Checkpoints, keys and proofs over the API, verified as somebody outside would; the keeper and its witness.
#include <catch2/catch_test_macros.hpp>

#include <filesystem>

#include "tests/ticketing_api/office_fixture.h"
#include "tests/ticketing_api/schema_check.h"
#include "ticketing/api/log_keeper.h"
#include "ticketing/core/merkle.h"
#include "ticketing/store/witness_file.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::tests;
using nlohmann::json;

namespace {

base::Hash hash_of(const json& hex) {
  base::Hash hash{};
  std::ranges::copy(base::from_hex(hex.get<std::string>()).value(), hash.begin());
  return hash;
}

std::vector<base::Hash> hashes_of(const json& list) {
  std::vector<base::Hash> out;
  for (const auto& one : list) out.push_back(hash_of(one));
  return out;
}

int status_of(OfficeFixture& office, const std::string& path) { return office.client(office.reader).get(path).value().status; }

}  // namespace

TEST_CASE("a day's events are proved against signed checkpoints by what the API serves alone") {
  OfficeFixture office;
  CHECK(status_of(office, "/v1/checkpoints/latest") == 404);
  office.whole_visit(kWalk, 1);
  REQUIRE(office.desk->keep_checkpoint().value().has_value());
  office.whole_visit(kSit, 2);
  office.made("/v1/days/2026-05-01/close", office.body(json::object()));
  const json list = office.get("/v1/checkpoints");
  REQUIRE(check(list, "Checkpoints") == "");
  REQUIRE(list["checkpoints"].size() == 2);
  const json latest = office.get("/v1/checkpoints/latest");
  CHECK(check(latest, "Checkpoint") == "");
  CHECK(latest == list["checkpoints"][1]);
  CHECK(latest["closes"] == "2026-05-01");
  CHECK(latest["size"] == office.get("/v1/venue")["head_seq"]);
  const json keys = office.get("/v1/log-keys");
  CHECK(check(keys, "LogKeys") == "");
  LogKeys known;
  for (const auto& key : keys["keys"]) REQUIRE(known.add(log_key_from_json(key).value()));
  for (const auto& one : list["checkpoints"]) CHECK(known.check(checkpoint_from_json(one).value()));

  const auto events = office.client(office.reader).get("/v1/events?limit=5000", {{"Accept", "application/vnd.promenade.events"}}).value();
  const auto stored = read_export(base::as_bytes(events.body)).value().stored;
  for (std::uint64_t seq = 1; seq <= stored.size(); ++seq) {
    const json proof = office.get("/v1/proofs/inclusion?seq=" + std::to_string(seq));
    REQUIRE(check(proof, "InclusionProof") == "");
    CHECK(proof["root"] == latest["root"]);
    CHECK(verify_inclusion(merkle_leaf(stored[seq - 1]), seq - 1, proof["size"], hashes_of(proof["proof"]), hash_of(latest["root"])));
  }
  const std::uint64_t from = list["checkpoints"][0]["size"];
  const json proof = office.get("/v1/proofs/consistency?from=" + std::to_string(from));
  REQUIRE(check(proof, "ConsistencyProof") == "");
  CHECK(verify_consistency(from, hash_of(list["checkpoints"][0]["root"]), latest["size"], hash_of(latest["root"]), hashes_of(proof["proof"])));
  CHECK(office.get("/v1/checkpoints?after=" + std::to_string(from))["checkpoints"].size() == 1);
}

TEST_CASE("a day's manifest is signed by the log key over the very bytes of its JSON and CSV") {
  OfficeFixture office;
  office.whole_visit(kWalk, 1);
  const std::string day = "/v1/reports/days/2026-05-01";
  const auto manifest_of = [&](const std::string& query = "") {
    const json body = office.get(day + "/manifest" + query);
    CHECK(check(body, "DayManifest") == "");
    return manifest_from_json(body).value();
  };
  const auto hash_of_bytes = [&](const std::string& path) { return base::blake2b(base::as_bytes(office.client(office.reader).get(path).value().body)); };
  const DayManifest open = manifest_of();
  CHECK(is_signed(open));
  CHECK_FALSE(open.final);
  CHECK(open.json == hash_of_bytes(day));
  CHECK(open.csv == hash_of_bytes(day + ".csv"));
  CHECK_FALSE(open.checkpoint);

  office.made("/v1/days/2026-05-01/close", office.body(json::object()));
  const DayManifest closed = manifest_of();
  CHECK(closed.final);
  CHECK(closed.revision == 1);
  CHECK(closed.json == hash_of_bytes(day));
  REQUIRE(closed.checkpoint);
  CHECK(*closed.checkpoint == checkpoint_from_json(office.get("/v1/checkpoints/latest")).value());
  CHECK(manifest_of() == closed);
  CHECK(to_json(closed)["key"] == office.get("/v1/log-keys")["keys"].back()["key"]);
  DayManifest altered = closed;
  altered.revision = 2;
  CHECK_FALSE(is_signed(altered));
  altered = closed;
  altered.checkpoint.reset();
  CHECK_FALSE(is_signed(altered));

  office.made("/v1/corrections", office.body({{"date", "2026-05-01"}, {"reason", "late"}, {"supervisor", "boss"}}));
  const DayManifest corrected = manifest_of();
  CHECK(is_signed(corrected));
  CHECK(corrected.revision == 2);
  CHECK(corrected.json != closed.json);
  CHECK(corrected.json == hash_of_bytes(day));
  CHECK(manifest_of("?revision=1").json == closed.json);
  CHECK(status_of(office, day + "/manifest?revision=9") == 404);
  CHECK(office.client(office.hall).get(day + "/manifest")->status == 403);
}

TEST_CASE("proofs of what is not there are refused by name") {
  OfficeFixture office;
  office.desk->keep_checkpoint().value();
  for (const char* path : {"/v1/proofs/inclusion", "/v1/proofs/inclusion?seq=0", "/v1/proofs/inclusion?seq=3", "/v1/proofs/inclusion?seq=1&size=9", "/v1/proofs/inclusion?seq=x",
                           "/v1/proofs/consistency", "/v1/proofs/consistency?from=3", "/v1/proofs/consistency?from=1&to=9", "/v1/checkpoints?limit=0"}) {
    const auto response = office.client(office.reader).get(path).value();
    INFO(path << " " << response.body);
    CHECK(response.status == 400);
    CHECK(json::parse(response.body).contains("field"));
  }
  CHECK(office.client(office.hall).get("/v1/checkpoints").value().status == 403);
  CHECK(office.get("/v1/proofs/inclusion?seq=1&size=1")["proof"].empty());
  CHECK(office.get("/v1/proofs/consistency?from=0&to=2")["proof"].empty());
}

TEST_CASE("the keeper signs each minute and hands the witness what is new") {
  OfficeFixture office;
  const TempDir dir;
  const std::string file = dir.path() + "/witness";
  std::vector<std::string> said;
  api::LogKeeper keeper(*office.desk, office.service->metrics(), api::open_witness(file, "", base::VenueId("test-venue")).value(), [&](const std::string& words) { said.push_back(words); });
  REQUIRE(keeper.turn());
  const auto first = store::WitnessFile::last_of(file, base::VenueId("test-venue")).value().value();
  CHECK(first.size == 2);
  office.whole_visit(kWalk, 1);
  REQUIRE(keeper.turn());  // no minute has passed
  CHECK(store::WitnessFile::last_of(file, base::VenueId("test-venue")).value() == first);
  office.set_now("2026-05-01T04:01:00Z");
  REQUIRE(keeper.turn());
  const auto second = store::WitnessFile::last_of(file, base::VenueId("test-venue")).value().value();
  CHECK(second.size == office.get("/v1/venue")["head_seq"]);
  CHECK(office.client("").get("/metrics")->body.contains("promenade_boxoffice_witness_events " + std::to_string(second.size)));
  office.made("/v1/days/2026-05-01/close", office.body(json::object()));
  REQUIRE(keeper.turn());  // a closed day is witnessed at once
  CHECK(store::WitnessFile::last_of(file, base::VenueId("test-venue")).value()->closes.has_value());
}

TEST_CASE("an office whose ledger the witness knows to be longer or another is told so") {
  OfficeFixture office, other;
  const TempDir dir;
  const std::string file = dir.path() + "/witness";
  const auto keeper_of = [&](OfficeFixture& of) {
    return api::LogKeeper(*of.desk, of.service->metrics(), api::open_witness(file, "", base::VenueId("test-venue")).value(), [](const std::string&) {});
  };
  office.whole_visit(kWalk, 1);
  REQUIRE(keeper_of(office).turn());
  CHECK(keeper_of(other).turn().error().code == "ledger-cut");
  other.whole_visit(kWalk, 1);
  other.whole_visit(kSit, 2);
  CHECK(keeper_of(other).turn().error().code == "checkpoint-differs");
  CHECK(other.client("").get("/metrics")->body.contains("promenade_boxoffice_witness_refused 1"));
  REQUIRE(keeper_of(office).turn());
}

TEST_CASE("keys are made apart, kept, and rotate also when they are interrupted") {
  const TempDir temp;
  const api::DataDir dir{temp.path() + "/data"};
  const auto now = utc("2026-05-01T04:00:00Z");
  const auto config = sample_config();
  REQUIRE(api::open_office(dir, config, now));
  const auto keys = api::prepare(dir).value();
  CHECK(keys.ticket.public_key() != keys.log->public_key());
  const auto log = api::rotate_key(dir, config, api::KeyUse::log, now).value();
  const auto tickets = api::rotate_key(dir, config, api::KeyUse::tickets, now).value();
  const auto after = api::prepare(dir).value();
  CHECK(after.log->public_key() == log);
  CHECK(after.ticket.public_key() == tickets);
  {
    auto open = api::open_office(dir, config, now).value();
    CHECK(open.office.state().log_keys().all().size() == 2);
    CHECK(open.office.state().ticket_keys().size() == 2);
    CHECK(open.office.last_checkpoint()->key == log);
    // Recorded in the ledger, and the program ended before the file had its name.
    const auto next = base::load_or_create_key(dir.log_key() + ".next").value();
    REQUIRE(open.office.rotate_log_key(next, now));
  }
  REQUIRE(api::open_office(dir, config, now));
  CHECK(api::prepare(dir)->log->public_key() != log);
  CHECK_FALSE(std::filesystem::exists(dir.log_key() + ".next"));

  std::filesystem::copy_file(dir.log_key(), temp.path() + "/log-key");
  std::filesystem::remove(dir.log_key());
  CHECK(api::prepare(dir).error().code == "key-file");
  std::filesystem::copy_file(dir.ticket_key(), dir.log_key());
  CHECK(api::prepare(dir).error().code == "key-file");  // one key for both
  std::filesystem::remove(dir.log_key());
  std::filesystem::copy_file(temp.path() + "/log-key", dir.log_key());
  CHECK(api::open_office(dir, config, now));
}
