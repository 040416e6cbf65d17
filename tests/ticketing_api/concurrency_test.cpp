#include "ticketing/api/desk.h"

#include <catch2/catch_test_macros.hpp>
#include <barrier>
#include <cstdlib>
#include <latch>
#include <set>
#include <thread>

#include "tests/ticketing_api/office_fixture.h"
#include "tests/ticketing_store/power_cut_vfs.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::tests;
using nlohmann::json;

namespace {

// Keeps the box office's one writer busy from its making until release().
class HeldWriter {
 public:
  explicit HeldWriter(OfficeFixture& office)
      : thread_([this, &office] {
          static_cast<void>(office.desk->look([this](const store::BoxOffice&, base::UtcTime) {
            held_.count_down();
            released_.wait();
          }));
        }) {
    held_.wait();
  }
  void release() { released_.count_down(); }
  void join() { thread_.join(); }

 private:
  std::latch held_{1}, released_{1};
  std::jthread thread_;
};

}  // namespace

TEST_CASE("of 64 parallel sales of the last slot exactly one sells") {
  OfficeFixture office;
  // Two of River's three slots of one screening are sold; all buyers ask for that screening.
  const json now_showing = office.get("/v1/screenings?date=2026-05-01")["screenings"];
  std::vector<std::string> windows;
  for (const auto& s : now_showing)
    if (s["film"] == kWalk && utc(s["window_until"].get<std::string>().c_str()) > office.now()) windows.push_back(s["screening"]);
  REQUIRE(windows.size() > 1);
  office.made("/v1/sales", office.body({{"film", kWalk}, {"screening", windows[0]}, {"count", 2}}));
  constexpr int kBuyers = 64;
  std::latch together(kBuyers);
  std::atomic<int> sold{0}, sold_out{0};
  {
    std::vector<std::jthread> buyers;
    for (int i = 0; i < kBuyers; ++i)
      buyers.emplace_back([&] {
        const json body = office.body({{"film", kWalk}, {"screening", windows[0]}});
        auto client = office.client(office.all);
        together.arrive_and_wait();
        const auto answer = client.post("/v1/sales", body.dump(), "application/json");
        if (!answer) return;
        if (answer->status == 201) ++sold;
        if (answer->status == 409 && answer->body.contains("\"sold-out\"")) ++sold_out;
      });
  }
  CHECK(sold == 1);
  CHECK(sold_out == kBuyers - 1);
}

TEST_CASE("of 64 who reserve or buy the last slot exactly one gets it") {
  OfficeFixture office;
  const std::string last = office.get("/v1/counter")["films"][0]["screenings"][0]["screening"];
  office.made("/v1/sales", office.body({{"film", kWalk}, {"screening", last}, {"count", 2}}));
  constexpr int kBuyers = 64;
  std::latch together(kBuyers);
  std::atomic<int> got{0}, sold_out{0};
  {
    std::vector<std::jthread> buyers;
    for (int i = 0; i < kBuyers; ++i)
      buyers.emplace_back([&, i] {
        const json body = office.body({{"film", kWalk}, {"screening", last}});
        auto client = office.client(office.all);
        together.arrive_and_wait();
        const auto answer = client.post(i % 2 == 0 ? "/v1/sales" : "/v1/reservations", body.dump(), "application/json");
        if (!answer) return;
        if (answer->status == 201) ++got;
        if (answer->status == 409 && answer->body.contains("\"sold-out\"")) ++sold_out;
      });
  }
  CHECK(got == 1);
  CHECK(sold_out == kBuyers - 1);
  CHECK(office.get("/v1/counter")["films"][0]["screenings"][0]["left"] == 0);
}

TEST_CASE("one QR code at 8 gates opens one of them") {
  OfficeFixture office;
  const json sale = office.made("/v1/sales", office.body({{"film", kWalk}}));
  constexpr int kGates = 8;
  std::latch together(kGates);
  std::atomic<int> opened{0}, refused{0};
  {
    std::vector<std::jthread> gates;
    for (int i = 0; i < kGates; ++i)
      gates.emplace_back([&] {
        const json body = office.body({{"token", sale["tickets"][0]["token"]}, {"hall", "hall-a"}, {"door", true}});
        auto client = office.client(office.hall);
        together.arrive_and_wait();
        const auto answer = client.post("/v1/redemptions", body.dump(), "application/json");
        if (!answer) return;
        if (answer->status == 201) ++opened;
        if (answer->status == 409 && answer->body.contains("\"ticket-already-redeemed\"")) ++refused;
      });
  }
  CHECK(opened == 1);
  CHECK(refused == kGates - 1);
}

// The same 64 threads again and again at the desk, which is what the HTTP workers ask: who gets the last place, and which of
// 8 gates opens for its ticket; then the money back, and the place is the last one once more.
TEST_CASE("run after run, exactly one of 64 buyers gets the last slot and one of 8 gates opens") {
  Config config = sample_config();
  config.lanes[1].slots = 1;
  OfficeFixture office(config);
  const int runs = std::getenv("PROMENADE_LONG") != nullptr ? 10'000 : 100;
  constexpr int kBuyers = 64, kGates = 8;
  std::atomic<int> sold{0}, sold_out{0}, opened{0}, already{0}, other{0};
  std::string token, ticket;  // of the run's winner; written by him, read after the barrier
  std::barrier together(kBuyers);
  int wrong_runs = 0;
  const std::string place = office.get("/v1/counter")["films"][1]["screenings"][0]["screening"];
  const auto ask = [&](std::string_view kind, json more) { return office.desk->ask(*request_from_json(office.body(std::move(more)), kind)); };
  const auto one = [&](int buyer) {
    for (int run = 0; run < runs; ++run) {
      together.arrive_and_wait();
      if (const auto answer = ask("sale", {{"film", kSit}, {"screening", place}})) {
        ++sold;
        token = std::get<SaleAnswer>(*answer).tickets[0].token;
        ticket = std::get<SaleAnswer>(*answer).tickets[0].code.value();
      } else {
        ++(answer.error().code == "sold-out" ? sold_out : other);
      }
      together.arrive_and_wait();
      if (buyer < kGates) {
        const auto answer = ask("redemption", {{"token", token}, {"hall", "hall-a"}, {"door", true}});
        if (answer) ++opened;
        else ++(answer.error().code == "ticket-already-redeemed" ? already : other);
      }
      together.arrive_and_wait();
      if (buyer != 0) continue;
      const bool right = sold == 1 && sold_out == kBuyers - 1 && opened == 1 && already == kGates - 1 && other == 0;
      wrong_runs += right ? 0 : 1;
      sold = sold_out = opened = already = other = 0;
      if (!ask("refund", {{"ticket", ticket}, {"reason", "next run"}, {"supervisor", "eva"}})) ++wrong_runs;
    }
  };
  {
    std::vector<std::jthread> buyers;
    for (int i = 0; i < kBuyers; ++i) buyers.emplace_back(one, i);
  }
  CHECK(wrong_runs == 0);
  const json totals = office.get("/v1/reports/days/2026-05-01")["totals"];
  CHECK(totals["sold"] == runs);
  CHECK(totals["refunded"] == runs);
  CHECK(totals["net"] == "0.00");
}

TEST_CASE("invariant 9: a pull by cursor under concurrent writes gives each event exactly once, in order") {
  OfficeFixture office;
  constexpr int kWriters = 4, kEach = 40;
  std::atomic<int> running{kWriters};
  std::vector<std::jthread> writers;
  for (int w = 0; w < kWriters; ++w)
    writers.emplace_back([&, w] {
      auto client = office.client(office.all);
      for (int i = 0; i < kEach; ++i) {
        const auto day = utc("2026-05-01T00:00:00Z") + std::chrono::minutes(w * kEach + i);
        const json body = office.body({{"sensor", "door-1"}, {"hall", "hall-a"}, {"from", to_text(day)}, {"to", to_text(day + std::chrono::minutes(1))}, {"known", true}, {"entered", 1}, {"left", 1}});
        static_cast<void>(client.post("/v1/observations", body.dump(), "application/json"));
      }
      --running;
    });
  auto client = office.client(office.reader);
  ChainHead at;
  std::set<std::string> keys;
  bool last_round = false;
  while (true) {
    last_round = running == 0;
    const auto response = client.get("/v1/events?after=" + std::to_string(at.seq) + "&limit=7", {{"Accept", "application/vnd.promenade.events"}}).value();
    const auto part = read_export(base::as_bytes(response.body), at);
    REQUIRE(part);
    for (const Event& event : part->events) {
      CHECK(event.seq == ++at.seq);
      if (!event.idempotency_key.empty()) CHECK(keys.insert(event.idempotency_key).second);
    }
    at = {part->header.last, part->header.head_hash};
    if (last_round && part->events.empty()) break;
  }
  CHECK(keys.size() == kWriters * kEach);
  CHECK(at.seq == office.get("/v1/venue")["head_seq"]);
}

TEST_CASE("a waiting pull is answered by the next event, on its own listener only") {
  OfficeFixture office;
  const std::uint64_t head = office.get("/v1/venue")["head_seq"];
  const std::string target = "/v1/events?wait_s=30&after=" + std::to_string(head);
  const auto refused = office.client(office.reader).get(target).value();
  CHECK(refused.status == 400);
  CHECK(refused.body.contains(std::to_string(office.service->poll_port())));
  std::jthread waiting([&] {
    const auto answer = office.client(office.reader, true).get(target);
    REQUIRE(answer);
    CHECK(json::parse(answer->body)["events"].size() >= 1);
  });
  office.made("/v1/sales", office.body({{"film", kSit}}));
  waiting.join();
  CHECK(office.client(office.reader, true).get("/v1/films")->status == 404);
}

TEST_CASE("stopping answers waiting pulls at once") {
  OfficeFixture office;
  std::latch sent(1);
  std::jthread waiting([&] {
    auto client = office.client(office.reader, true);
    sent.count_down();
    static_cast<void>(client.get("/v1/events?wait_s=30&after=1"));
  });
  sent.wait();
  office.service->stop();
  waiting.join();
  SUCCEED();
}

TEST_CASE("a full queue refuses visibly and the refused request had no effect") {
  OfficeFixture office(sample_config(), 1);
  HeldWriter held(office);
  // The writer is held: one request fits the queue, every further one is refused.
  std::atomic<int> busy{0}, told{0};
  std::vector<std::jthread> callers;
  for (int i = 0; i < 3; ++i)
    callers.emplace_back([&] {
      const auto response = office.post("/v1/sales", office.body({{"film", kSit}}), office.all);
      if (response.status != 503) return;
      if (response.header("retry-after") == "1" && response.body.contains("\"busy\"")) ++told;  // checked below: Catch2 is for one thread
      if (++busy == 2) held.release();
    });
  callers.clear();
  held.join();
  CHECK(busy == 2);
  CHECK(told == 2);
  CHECK(office.get("/v1/reports/days/2026-05-01")["totals"]["sold"] == 1);
}

TEST_CASE("on a disk with errors nobody is told more than the ledger holds, nor turned away for what it does not hold") {
  constexpr int kCallers = 8, kPlaces = 3;
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    INFO("seed " << seed);
    OfficeFixture fixture;
    TempDir folder;
    store::test::PowerCutDisk disk("desk");
    const auto open = [&] {
      return store::BoxOffice::open(folder.path() + "/l.db", fixture.config(), fixture.ticket_key(), fixture.now(), std::make_unique<SeededIdSource>(seed), {disk.name(), store::Synchronous::full});
    };
    std::vector<Request> requests;
    std::vector<std::optional<base::Result<Answer>>> told(kCallers);
    {
      auto office = open().value();
      const auto screening = office.state().current_or_next(fixture.now(), office.config().lanes.front());
      for (int i = 0; i < kCallers; ++i) requests.push_back(*request_from_json(fixture.body({{"film", kWalk}, {"screening", screening->id.value()}}), "sale"));
      api::Desk desk(std::move(office), [&] { return fixture.now(); }, 1024, 2);
      disk.fail_at(1 + seed % 9, 1 + seed % 4);
      std::vector<std::jthread> callers;
      for (std::size_t i = 0; i < kCallers; ++i)
        callers.emplace_back([&, i] {  // the same request again until the disk has had its say
          do told[i] = desk.ask(requests[i]);
          while (!*told[i] && told[i]->error().code == "ledger-write-failed");
        });
      callers.clear();
    }
    int sold = 0;
    auto office = open().value();
    for (std::size_t i = 0; i < kCallers; ++i) {
      if (*told[i]) ++sold;
      else CHECK(told[i]->error().code == "sold-out");
      CHECK(office.ask(requests[i], fixture.now()) == *told[i]);
    }
    CHECK(sold == kPlaces);
    CHECK(office.verify()->ok());
  }
}

TEST_CASE("requests that queue together share a commit") {
  OfficeFixture office;
  const auto before = office.desk->figures();
  HeldWriter held(office);
  constexpr int kCallers = 10;
  std::atomic<int> sold{0};
  std::vector<std::jthread> callers;
  for (int i = 0; i < kCallers; ++i)
    callers.emplace_back([&] {
      const auto parsed = request_from_json(office.body({{"film", kSit}}), "sale");
      if (parsed && office.desk->ask(*parsed)) ++sold;
    });
  while (office.desk->figures().queued < kCallers) std::this_thread::yield();
  held.release();
  callers.clear();
  held.join();
  CHECK(sold == kCallers);
  CHECK(office.desk->figures().requests - before.requests == kCallers);
  CHECK(office.desk->figures().commits - before.commits == 1);
}
