// The adapter to the national system: against a stand-in server and into a folder; resent until acknowledged, each record
// once, over lost answers, refusals and restarts.
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <set>

#include "tests/ticketing_api/office_fixture.h"
#include "ticketing/api/national_reporter.h"
#include "ticketing/core/json_fields.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::tests;
using nlohmann::json;

namespace {

const BusinessDate kDay = *BusinessDate::from_text("2026-05-01");

// Stands where the national system's receiver would. Records are known by their ids.
class StandIn {
 public:
  enum class Mood { well, loses_answers, refuses_all, half, nonsense };
  StandIn() : http_({.bind_address = "127.0.0.1", .workers = 2}) {
    http_.route("POST", "/take/records", [this](const base::http::Request& request) { return answer(request); });
    started_ = http_.start().has_value();
  }
  std::string url() const { return http_.base_url() + "/take/records"; }

  void set(Mood mood) { std::lock_guard lock(mutex_); mood_ = mood; }
  void refuse(int number) { std::lock_guard lock(mutex_); refused_ = number; }
  std::map<std::string, json> records() { std::lock_guard lock(mutex_); return records_; }
  std::vector<json> calls() { std::lock_guard lock(mutex_); return calls_; }
  std::vector<std::string> troubles() { std::lock_guard lock(mutex_); return troubles_; }
  int again() { std::lock_guard lock(mutex_); return again_; }

 private:
  base::http::Response answer(const base::http::Request& request) {
    std::lock_guard lock(mutex_);
    const json body = json::parse(request.body, nullptr, false);
    if (request.header("authorization") != "Bearer national") troubles_.push_back("a call without its key");
    if (!body.is_object() || body["format"] != "promenade-national-1" || body["records"].size() > 50) troubles_.push_back("a call of another form");
    calls_.push_back(body);
    json received = json::array(), refused = json::array();
    int nth = 0;
    for (const json& record : body["records"]) {
      if (mood_ == Mood::refuses_all || record["number"] == refused_) {
        refused.push_back({{"record", record["record"]}, {"reason", "slot unknown"}});
        continue;
      }
      if (mood_ == Mood::half && ++nth % 2 == 0) continue;
      const auto [at, fresh] = records_.emplace(record["record"].get<std::string>(), record);
      if (!fresh) ++again_;
      if (at->second != record) troubles_.push_back(at->first + " came again with other content");
      received.push_back(record["record"]);
    }
    if (mood_ == Mood::loses_answers) return {.status = 502, .headers = {}, .body = "gone"};
    if (mood_ == Mood::nonsense) return {.status = 200, .content_type = "application/json", .headers = {}, .body = R"({"received":["32020501-20260501-999999"]})"};
    return {.status = 200, .content_type = "application/json", .headers = {}, .body = json{{"received", received}, {"refused", refused}, {"reference", "N-" + std::to_string(calls_.size())}}.dump()};
  }

  std::mutex mutex_;
  Mood mood_ = Mood::well;
  int refused_ = 0, again_ = 0;
  std::map<std::string, json> records_;
  std::vector<json> calls_;
  std::vector<std::string> troubles_;
  bool started_ = false;
  base::http::Server http_;
};

struct Reporting {
  explicit Reporting(OfficeFixture& office, const std::string& place) : reporter(*office.desk, office.service->metrics(), api::open_national(place, "national").value(), [this](const std::string& w) { said.push_back(w); }) {}
  std::size_t all() {  // until nothing more is received
    std::size_t sum = 0;
    for (;;) {
      const auto received = reporter.turn();
      if (!received) throw std::runtime_error(received.error().text());
      if (*received == 0) return sum;
      sum += *received;
    }
  }
  std::vector<std::string> said;
  api::NationalReporter reporter;
};

void sell(OfficeFixture& office, int tickets) {
  for (int i = 0; i < tickets; ++i) {
    // A seat a screening is given back again, so that there is always one: two records each.
    const json sale = office.made("/v1/sales", office.body({{"film", kSit}}));
    office.made("/v1/refunds", office.body({{"ticket", sale["tickets"][0]["code"]}}));
  }
}

json national(OfficeFixture& office) { return office.get("/v1/national/days/2026-05-01"); }

std::vector<json> lines_of(const std::string& path) {
  std::ifstream file(path);
  std::vector<json> out;
  for (std::string line; std::getline(file, line);) out.push_back(json::parse(line));
  return out;
}

}  // namespace

TEST_CASE("every record reaches the stand-in once, at most fifty in a call, and the day is complete") {
  OfficeFixture office;
  StandIn stand_in;
  sell(office, 60);
  Reporting reporting(office, stand_in.url());
  CHECK(national(office)["missing"] == 120);
  CHECK(reporting.all() == 120);
  CHECK(stand_in.records().size() == 120);
  CHECK(stand_in.again() == 0);
  CHECK(stand_in.calls().size() == 3);
  CHECK(stand_in.troubles().empty());
  CHECK(stand_in.calls().front()["entry"] == "on_time");
  CHECK_FALSE(stand_in.calls().front().contains("approval"));
  const json day = national(office);
  CHECK(day["on_time"] == 120);
  CHECK(day["complete"] == true);
  CHECK(office.client(office.all).get("/metrics").value().body.contains("promenade_boxoffice_national_missing 0\n"));
  sell(office, 1);
  CHECK(reporting.all() == 2);
  CHECK(stand_in.records().size() == 122);
}

TEST_CASE("a call whose answer is lost is made again with the same records, until it is acknowledged") {
  OfficeFixture office;
  StandIn stand_in;
  sell(office, 10);
  Reporting reporting(office, stand_in.url());
  stand_in.set(StandIn::Mood::loses_answers);
  for (int i = 0; i < 3; ++i) {
    const auto lost = reporting.reporter.turn();
    REQUIRE_FALSE(lost.has_value());
    CHECK(lost.error().code == "national-refused");
    CHECK(lost.error().message.contains("502"));
  }
  CHECK(national(office)["missing"] == 20);  // nothing counts as received on hope
  CHECK(office.client(office.all).get("/metrics").value().body.contains("promenade_boxoffice_national_failed 1\n"));
  sell(office, 1);
  stand_in.set(StandIn::Mood::well);
  CHECK(reporting.all() == 22);
  CHECK(stand_in.records().size() == 22);
  CHECK(stand_in.again() == 60);
  CHECK(stand_in.troubles().empty());
  CHECK(national(office)["missing"] == 0);
}

TEST_CASE("what only half arrives is completed; what is refused is said, left out, and asked again later") {
  OfficeFixture office;
  StandIn stand_in;
  sell(office, 4);
  Reporting reporting(office, stand_in.url());
  stand_in.set(StandIn::Mood::half);
  CHECK(reporting.reporter.turn().value() == 4);
  stand_in.set(StandIn::Mood::well);
  stand_in.refuse(4);
  CHECK(reporting.all() == 3);
  CHECK(stand_in.records().size() == 7);
  REQUIRE(reporting.said.size() == 1);
  CHECK(reporting.said.front() == "the national system refused record 32020501-20260501-000004: slot unknown");
  CHECK(national(office)["missing"] == 1);
  const std::size_t calls = stand_in.calls().size();
  CHECK(reporting.all() == 0);
  CHECK(stand_in.calls().size() == calls);  // it does not hold up the others, nor is it asked without end
  stand_in.refuse(0);
  reporting.reporter.forget_refused();
  CHECK(reporting.all() == 1);
  CHECK(national(office)["complete"] == true);
}

TEST_CASE("an answer that makes no sense receives nothing") {
  OfficeFixture office;
  StandIn stand_in;
  sell(office, 1);
  Reporting reporting(office, stand_in.url());
  stand_in.set(StandIn::Mood::nonsense);
  CHECK(reporting.reporter.turn().error().code == "national-answer");
  stand_in.set(StandIn::Mood::refuses_all);
  CHECK(reporting.reporter.turn().value() == 0);
  CHECK(national(office)["missing"] == 2);
}

TEST_CASE("nothing is lost while nobody answers, and a restart between the receiver and the ledger doubles nothing") {
  TempDir temp;
  const api::DataDir dir{temp.path() + "/data"};
  const base::UtcTime noon = utc("2026-05-01T04:00:00Z");
  StandIn stand_in;
  const auto open = [&] { return api::open_office(dir, sample_config(), noon).value(); };
  const auto missing = [](const store::BoxOffice& box) { return box.state().national().at(kDay).missing; };
  {
    api::OpenOffice office = open();
    SaleRequest sale;
    sale.head = {"k-1", "test", noon, "tester"};
    sale.film = base::FilmId(kSit);
    sale.count = 7;
    REQUIRE(office.office.ask(Request(sale), noon).has_value());
    const auto batch = next_national_batch(office.office.state(), noon, {}).value();
    auto nobody = api::open_national("http://127.0.0.1:1", "national").value();
    CHECK(nobody->hand_in(batch).error().code == "http-unreachable");
    // The receiver takes them; the box office is cut off before it books that.
    CHECK(api::open_national(stand_in.url(), "national").value()->hand_in(batch).value().numbers.size() == 7);
    CHECK(missing(office.office) == 7);
  }
  api::OpenOffice office = open();
  CHECK(missing(office.office) == 7);
  api::Metrics metrics;
  api::Desk desk(std::move(office.office), [&] { return noon; });
  api::NationalReporter reporter(desk, metrics, api::open_national(stand_in.url(), "national").value(), [](const std::string&) {});
  CHECK(reporter.turn().value() == 7);
  CHECK(reporter.turn().value() == 0);
  CHECK(stand_in.records().size() == 7);
  CHECK(stand_in.again() == 7);
  CHECK(stand_in.troubles().empty());
  desk.stop();
}

TEST_CASE("after the free days nothing is handed in, until an approval is booked, which goes along") {
  OfficeFixture office;
  StandIn stand_in;
  sell(office, 2);
  office.set_now("2026-05-10T04:00:00Z");
  Reporting reporting(office, stand_in.url());
  CHECK(reporting.all() == 0);
  CHECK(stand_in.calls().empty());
  sell(office, 1);  // today's are handed in nevertheless
  CHECK(reporting.all() == 2);
  office.made("/v1/national/approvals", office.body({{"date", "2026-05-01"}, {"reference", "A-7"}, {"granted", "2026-05-10T03:00:00Z"}, {"supervisor", "eva"}}));
  CHECK(reporting.all() == 4);
  CHECK(stand_in.calls().back()["approval"] == "A-7");
  CHECK(stand_in.calls().back()["entry"] == "approved");
  CHECK(national(office)["approved"] == 4);
}

TEST_CASE("a hub that is down for seven days is caught up as late on the last free one; a day later the first date needs an approval") {
  for (const bool in_time : {true, false}) {
    OfficeFixture office;
    StandIn stand_in;
    stand_in.set(StandIn::Mood::loses_answers);
    Reporting reporting(office, stand_in.url());
    std::vector<std::string> dates;
    for (int day = 1; day <= 7; ++day) {
      dates.push_back("2026-05-0" + std::to_string(day));
      office.set_now((dates.back() + "T04:00:00Z").c_str());
      sell(office, day);
      CHECK_FALSE(reporting.reporter.turn().has_value());
    }
    office.set_now("2026-05-08T04:00:00Z");
    sell(office, 1);
    // In the last minute of the first date's seven free days, or when they are over.
    office.set_now(in_time ? "2026-05-08T21:59:00Z" : "2026-05-08T22:00:00Z");
    stand_in.set(StandIn::Mood::well);
    const std::size_t all = 2 * (1 + 2 + 3 + 4 + 5 + 6 + 7) + 2;
    CHECK(reporting.all() == (in_time ? all : all - 2));
    for (int day = 1; day <= 7; ++day) {
      const json of = office.get("/v1/national/days/" + dates[static_cast<std::size_t>(day - 1)]);
      INFO(of.dump());
      const bool waits = day == 1 && !in_time;
      CHECK(of["late"] == (waits ? 0 : 2 * day));
      CHECK(of["missing"] == (waits ? 2 : 0));
      CHECK(of["on_time"] == 0);
    }
    if (!in_time) {
      office.made("/v1/national/approvals", office.body({{"date", dates[0]}, {"reference", "A-8"}, {"granted", to_text(office.now())}, {"supervisor", "eva"}}));
      CHECK(reporting.all() == 2);
      CHECK(stand_in.calls().back()["entry"] == "approved");
      CHECK(office.get("/v1/national/days/" + dates[0])["approved"] == 2);
    }
    CHECK(stand_in.records().size() == all);
    CHECK(stand_in.troubles().empty());
    CHECK(office.client(office.all).get("/metrics").value().body.contains("promenade_boxoffice_national_missing 0\n"));
  }
}

TEST_CASE("the reporter's own thread hands records in as they come, and ends at once") {
  OfficeFixture office;
  StandIn stand_in;
  sell(office, 3);
  Reporting reporting(office, stand_in.url());
  reporting.reporter.start();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (stand_in.records().size() < 6 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  reporting.reporter.stop();
  CHECK(stand_in.records().size() == 6);
  CHECK(reporting.said.empty());
}

TEST_CASE("a folder takes each record once, also when a crash cut a line short") {
  OfficeFixture office;
  TempDir temp;
  const std::string folder = temp.path() + "/national", path = folder + "/32020501-20260501.jsonl";
  sell(office, 2);
  {
    // Written, and cut off before the ledger has the receipts; the last line by half.
    std::optional<NationalBatch> batch;
    REQUIRE(office.desk->look([&](const store::BoxOffice& box, base::UtcTime now) { batch = next_national_batch(box.state(), now, {}); }).has_value());
    CHECK(api::open_national(folder, "").value()->hand_in(*batch).value().numbers.size() == 4);
    CHECK(lines_of(path).size() == 4);
    std::filesystem::resize_file(path, std::filesystem::file_size(path) - 9);
  }
  Reporting reporting(office, folder);
  CHECK(reporting.all() == 4);
  const auto lines = lines_of(path);
  REQUIRE(lines.size() == 4);
  std::set<std::string> ids;
  for (const json& line : lines) {
    ids.insert(line["record"]["record"].get<std::string>());
    CHECK(line["entry"] == "on_time");
  }
  CHECK(ids.size() == 4);
  CHECK(lines[1]["record"]["operation"] == 2);
  // Another ledger's record under the same id is not overwritten, and not called received.
  sell(office, 1);
  json other = lines[0];
  other["record"]["record"] = "32020501-20260501-000005";
  std::ofstream(path, std::ios::app) << canonical_text(other) << "\n";
  Reporting again(office, folder);
  CHECK(again.all() == 1);
  REQUIRE(again.said.size() == 1);
  CHECK(again.said.front().contains("holds this record with other content"));
}
