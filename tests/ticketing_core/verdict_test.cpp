// verdict.h: a screening of twenty is exact when the counts agree, and the one that does not is named; observation_file.h.
#include "ticketing/core/verdict.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include "tests/ticketing_core/fixtures.h"
#include "ticketing/core/observation_file.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::test;
using std::chrono::minutes;

namespace {


Config twenty() {
  Config c = small_config();
  c.halls[0].capacity = 60;
  for (auto& lane : c.lanes) lane.slots = 20;
  return c;
}

// Twenty sold; what else happens is the fault that a seed picks.
struct Screening20 {
  World w{twenty()};
  SaleAnswer sold = w.must<SaleAnswer>(Request(w.sale(kSnowLine, 20)));

  GrantRequest begin(std::size_t i) {
    const auto redeemed = w.must<RedemptionAnswer>(Request(w.redemption(sold.tickets[i].token)));
    const GrantRequest grant = w.grant(redeemed);
    w.must<GrantAnswer>(Request(grant));
    w.must<RecordedAnswer>(Request(w.started(grant)));
    return grant;
  }
  void watch(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) w.must<RecordedAnswer>(Request(w.ended(begin(i).play)));
  }
  void seen(int bodies) { w.must<RecordedAnswer>(Request(w.observation(noon(), noon() + minutes(2), bodies))); }
  ScreeningVerdict verdict() { return judge_day(w.state, kDay).screenings.at(0); }
};

}  // namespace

TEST_CASE("twenty that agree are exact, with no-shows told apart") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Screening20 s;
    const auto came = 1 + base::Random(seed).below(20);
    s.watch(came);
    s.seen(static_cast<int>(came));
    const auto v = s.verdict();
    CHECK(v.agreement == Agreement::exact);
    CHECK(v.sold == 20);
    CHECK(v.no_show == 20 - static_cast<int>(came));
    CHECK_FALSE(v.differs.has_value());
  }
}

TEST_CASE("of twenty the count that disagrees is named, with by how much") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    base::Random random(seed);
    Screening20 s;
    const int by = 1 + static_cast<int>(random.below(3));
    INFO("seed " << seed << " by " << by);
    switch (seed % 4) {
      case 0:  // the door counter misses some, or somebody was let in
        s.watch(20);
        s.seen(seed % 8 == 0 ? 20 + by : 20 - by);
        CHECK(s.verdict().differs == CountName::bodies);
        CHECK(s.verdict().by == (seed % 8 == 0 ? by : -by));
        break;
      case 1:  // headsets failed
        s.watch(static_cast<std::size_t>(20 - by));
        for (int i = 20 - by; i < 20; ++i) s.begin(static_cast<std::size_t>(i));
        s.seen(20);
        CHECK(s.verdict().differs == CountName::played);
        CHECK(s.verdict().by == -by);
        break;
      case 2:  // tickets redeemed for nobody
        s.watch(static_cast<std::size_t>(20 - by));
        for (int i = 20 - by; i < 20; ++i) s.w.must<RedemptionAnswer>(Request(s.w.redemption(s.sold.tickets[static_cast<std::size_t>(i)].token)));
        s.seen(20 - by);
        CHECK(s.verdict().differs == CountName::redeemed);
        CHECK(s.verdict().by == by);
        break;
      default:  // two things at once
        s.watch(18);
        s.begin(18);
        s.seen(25);
        CHECK(s.verdict().differs == CountName::several);
        break;
    }
    CHECK(s.verdict().agreement == Agreement::disagrees);
  }
}

TEST_CASE("bodies that cannot be told are unknown with the reason, and a lost play is named all the same") {
  {
    Screening20 s;
    s.watch(20);
    const auto v = s.verdict();
    CHECK(v.agreement == Agreement::unknown);
    CHECK(v.bodies.reason.contains("no report for"));
    CHECK_FALSE(v.differs.has_value());
  }
  {
    Screening20 s;
    s.watch(20);
    Observation out = s.w.observation(noon(), noon() + minutes(2), 0);
    out.known = false;
    out.left = 0;
    out.reason = "cable";
    s.w.must<RecordedAnswer>(Request(out));
    CHECK(s.verdict().bodies.reason.contains("cable"));
  }
  {
    Screening20 s;
    const auto other = s.w.must<SaleAnswer>(Request(s.w.sale(kReedLake)));
    s.watch(19);
    s.begin(19);
    s.w.watch(other.tickets[0].token);
    s.seen(21);
    const auto v = judge_day(s.w.state, kDay).screenings;
    REQUIRE(v.size() == 2);
    for (const auto& one : v) {
      CHECK(one.agreement == Agreement::unknown);
      CHECK(one.bodies.reason.contains("holds 2 screenings"));
      CHECK(one.differs.has_value() == (one.film == kSnowLine));
    }
  }
}

TEST_CASE("the door's scan and the hall's are one entry, and the screening is exact by the interval of the first") {
  Screening20 s;
  for (const SoldTicket& ticket : s.sold.tickets) {
    RedemptionRequest door = s.w.redemption(ticket.token);
    door.door = true;
    s.w.must<RedemptionAnswer>(Request(door));
  }
  s.seen(20);
  s.w.now += minutes(2);
  s.watch(20);
  CHECK(s.verdict().agreement == Agreement::exact);
  CHECK(s.verdict().redeemed == 20);
}

TEST_CASE("two screenings that enter in intervals of their own are each exact; strays are told apart, staff are people") {
  Screening20 s;
  s.watch(20);
  s.seen(20);
  s.w.now += minutes(10);
  const auto seat = s.w.must<SaleAnswer>(Request(s.w.sale(kReedLake)));
  const auto staff = s.w.must<SaleAnswer>(Request(s.w.sale(kReedLake, 2, TicketKind::staff)));
  s.w.watch(seat.tickets[0].token);
  for (const auto& ticket : staff.tickets) s.w.watch(ticket.token);
  s.w.must<RecordedAnswer>(Request(s.w.observation(noon() + minutes(2), noon() + minutes(9), 1)));
  s.w.must<RecordedAnswer>(Request(s.w.observation(noon() + minutes(9), noon() + minutes(12), 3)));
  const DayVerdict day = judge_day(s.w.state, kDay);
  REQUIRE(day.screenings.size() == 2);
  for (const auto& v : day.screenings) CHECK(v.agreement == Agreement::exact);
  CHECK(day.screenings[1].sold == 1);
  CHECK(day.screenings[1].guests == 2);
  CHECK(day.screenings[1].redeemed == 3);
  CHECK(day.unattributed_bodies == 1);
}

namespace {

// Twenty inside, five of them sent out by an evacuation; what becomes of these is SETTLEMENT.
struct Evacuation20 : Screening20 {
  std::vector<GrantRequest> out;

  explicit Evacuation20(Settlement settlement) {
    watch(15);
    for (std::size_t i = 15; i < 20; ++i) out.push_back(begin(i));
    seen(20);
    for (const GrantRequest& grant : out) {
      PlayEnded end = w.ended(grant.play, false);
      end.reason = kEvacuated;
      end.end = w.now + minutes(1);
      end.evacuation = "alarm-1";
      w.must<RecordedAnswer>(Request(end));
    }
    w.now += minutes(10);
    for (std::size_t i = 15; i < 20; ++i) {
      w.must<SettlementAnswer>(Request(SettleEvacuation{w.head(), "alarm-1", sold.tickets[i].code, {}, settlement, {}, settlement == Settlement::refund ? "eva" : ""}));
    }
  }
  void come_back(int bodies = 5) {
    for (std::size_t i = 15; i < 20; ++i) w.watch(sold.tickets[i].token);
    w.must<RecordedAnswer>(Request(w.observation(noon() + minutes(9), noon() + minutes(12), bodies)));
  }
};

}  // namespace

TEST_CASE("an honest screening stays exact after an evacuation, whatever becomes of the viewers") {
  Evacuation20 refunded(Settlement::refund);
  CHECK(refunded.verdict().agreement == Agreement::exact);
  CHECK(refunded.verdict().evacuated == 5);
  CHECK(refunded.verdict().redeemed == 20);
  Evacuation20 resumed(Settlement::resume);
  resumed.come_back();
  CHECK(resumed.verdict().agreement == Agreement::exact);
  CHECK(resumed.verdict().returned == 5);
  CHECK(resumed.verdict().played == 20);
}

TEST_CASE("those who were rebooked count where they were let in, and a stowaway among them is found") {
  for (const int stowaways : {0, 1}) {
    Evacuation20 s(Settlement::rebook);
    s.come_back(5 + stowaways);
    const auto v = judge_day(s.w.state, kDay).screenings;
    REQUIRE(v.size() == 2);
    CHECK(v[0].agreement == Agreement::exact);
    CHECK(v[0].redeemed == 20);
    CHECK(v[0].evacuated == 5);
    CHECK(v[1].extra_bodies == stowaways);
    CHECK((v[1].agreement == Agreement::exact) == (stowaways == 0));
    CHECK(v[1].sold == 0);
    CHECK(v[1].redeemed == 5);
    CHECK(v[1].played == 5);
  }
}

TEST_CASE("the report names the screening whose bodies its tickets do not explain, beyond the counter's known error") {
  for (const int stowaways : {0, 1, 4, -4}) {
    Screening20 s;
    s.watch(20);
    s.seen(20 + stowaways);  // one in a hundred missed or doubled: up to 2 of 20
    const DayReport report = s.w.state.report(kDay);
    const auto named = std::ranges::find(report.discrepancies, "screening-disagrees", &Discrepancy::code);
    REQUIRE((named != report.discrepancies.end()) == (std::abs(stowaways) > 2));
    if (named == report.discrepancies.end()) continue;
    CHECK(named->subject == s.sold.screening.value());
    CHECK(named->count == 4);
    CHECK(named->level == (stowaways > 0 ? DiscrepancyLevel::alarm : DiscrepancyLevel::warning));
    CHECK(named->tickets.size() == 20);
  }
}

TEST_CASE("the events of a ticket are found by number, through change, door, hall and evacuation") {
  World w;
  const SoldTicket first = w.must<SaleAnswer>(Request(w.sale(kTideCaves))).tickets[0];
  w.must<SaleAnswer>(Request(w.sale(kTideCaves)));
  const auto changed = w.must<ChangeAnswer>(Request(ChangeRequest{w.head(), first.code, kSnowLine, {}, {}}));
  RedemptionRequest door = w.redemption(changed.ticket.token);
  door.door = true;
  w.must<RedemptionAnswer>(Request(door));
  w.watch(changed.ticket.token);
  const auto kinds = [&](const base::TicketId& code) {
    std::string out;
    for (const std::uint64_t seq : w.state.events_of(code)) out += w.events.at(seq - 1).kind + " ";
    return out;
  };
  CHECK(kinds(first.code) == "sale change ");
  CHECK(kinds(changed.ticket.code) == "change redemption redemption grant play_started play_ended ");
  CHECK(w.state.events_of(base::TicketId("0000000000000000")).empty());
}

TEST_CASE("a counter's file is read whole or not at all") {
  World w;
  const RequestHead head{"", "counter-file", noon(), "importer"};
  const std::string header = "hall,sensor,from,to,entered,left,reason\r\n";
  const auto read = observations_from_csv("\xEF\xBB\xBF" + header + "hall-a,door-1,2026-05-01T04:00:00Z,2026-05-01T04:05:00Z,7,2,\n\nhall-a,door-1,2026-05-01T04:05:00Z,2026-05-01T04:10:00Z,,,\"cable, cut\"\n", head).value();
  REQUIRE(read.size() == 2);
  CHECK(read[0].entered == 7);
  CHECK(read[0].left == 2);
  CHECK_FALSE(read[1].known);
  CHECK(read[1].reason == "cable, cut");
  for (int twice = 0; twice < 2; ++twice)
    for (const auto& o : read) w.must<RecordedAnswer>(Request(o));
  CHECK(w.state.observations().size() == 2);
  const auto refused = [&](const std::string& lines) {
    const auto done = observations_from_csv(lines, head);
    return done ? std::string() : done.error().code + " " + done.error().message;
  };
  CHECK(refused("") .starts_with("observations-malformed"));
  CHECK(refused("sensor,hall\n").contains("no column from"));
  CHECK(refused(header + "hall-a,door-1,yesterday,2026-05-01T04:05:00Z,1,1,\n").contains("Line 2"));
  CHECK(refused(header + "hall-a,door-1,2026-05-01T04:00:00Z,2026-05-01T04:05:00Z,many,1,\n").contains("\"entered\""));
  CHECK(refused(header + "hall-a,door-1,2026-05-01T04:00:00Z,2026-05-01T04:05:00Z,-1,1,\n").contains("Line 2"));
  CHECK(refused(header + "hall-a,,2026-05-01T04:00:00Z,2026-05-01T04:05:00Z,1,1,\n").contains("Line 2"));
}
