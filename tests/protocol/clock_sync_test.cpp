#include "showcontrol/protocol/clock_sync.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <functional>
#include <rapidcheck.h>

#include "tracking/base/random.h"

using namespace promenade;
using namespace promenade::protocol;
using std::chrono::milliseconds;

namespace {

// A headset whose clock runs `ppm` fast against the hall's, on a link whose one-way delays `delay` draws (s).
struct Link {
  ClockSync sync;
  double ppm = 40.0;
  double offset_s = 1000.0;
  double loss = 0.0;
  std::function<double()> delay;
  base::Random random{5};
  std::vector<double> errors;  // s, at each step after the first 10 s

  HallTime truth(HeadsetTime t) const {
    return base::hall_time(offset_s + base::seconds_since_zero(t) * (1.0 - ppm * 1e-6));
  }
  struct Pending { HeadsetTime at; ClockReply reply; };
  std::vector<Pending> pending;

  void run(double from_s, double seconds, bool may_step = false, Duration step = milliseconds(5)) {
    const HeadsetTime end = base::headset_time(from_s + seconds);
    for (HeadsetTime now = base::headset_time(from_s); now < end; now += step) {
      for (const Pending& p : pending) {
        if (p.at <= now) sync.reply(p.reply, p.at);
      }
      std::erase_if(pending, [&](const Pending& p) { return p.at <= now; });
      if (const auto request = sync.request_due(now)) {
        const HeadsetTime there = now + base::from_seconds(delay());
        const HeadsetTime left = there + Duration{50};
        const HeadsetTime back = left + base::from_seconds(delay());
        if (!random.chance(loss)) pending.push_back({back, {request->sequence, request->sent, truth(there), truth(left)}});
      }
      sync.advance(now, may_step);
      if (sync.known() && now > base::headset_time(from_s + 10.0)) {
        errors.push_back(std::abs(base::to_seconds(sync.map().to_hall(now) - truth(now))));
      }
    }
  }
  double p99() {
    REQUIRE(errors.size() > 2000);
    std::ranges::sort(errors);
    return errors[errors.size() * 99 / 100];
  }
};

}  // namespace

TEST_CASE("a join asks 20 times at 20 ms, then 8 every 4 s") {
  ClockSync sync;
  CHECK_FALSE(sync.request_due(base::headset_time(0.0)));
  sync.join(base::headset_time(1.0));
  std::vector<double> asked;
  for (int ms = 1000; ms < 10000; ++ms) {
    if (sync.request_due(HeadsetTime{milliseconds(ms)})) asked.push_back(ms * 0.001);
  }
  REQUIRE(asked.size() == 20 + 8 * 2);
  CHECK(std::abs(asked[1] - asked[0] - 0.02) < 1e-9);
  CHECK(std::abs(asked[20] - 5.0) < 0.002);
  CHECK(std::abs(asked[28] - 9.0) < 0.002);
}

TEST_CASE("quiet link: p99 within 0.3 ms; busy: within 1 ms") {
  base::Random random(11);
  Link quiet;
  quiet.delay = [&] { return 0.001 + random.exponential(0.0003); };
  quiet.sync.join(base::headset_time(0.0));
  quiet.run(0.0, 180.0);
  CHECK(quiet.p99() < 0.0003);
  CHECK(quiet.sync.uncertainty(base::headset_time(180.0)) < milliseconds(2));

  Link busy;
  busy.loss = 0.1;
  busy.delay = [&] { return 0.001 + random.exponential(0.004) + (random.chance(0.1) ? random.uniform(0.01, 0.08) : 0.0); };
  busy.sync.join(base::headset_time(0.0));
  busy.run(0.0, 300.0);
  CHECK(busy.p99() < 0.001);
}

TEST_CASE("the true offset stays within the stated uncertainty, nearly always") {
  base::Random random(3);
  Link link;
  link.delay = [&] { return 0.002 + random.exponential(0.002); };
  link.sync.join(base::headset_time(0.0));
  int outside = 0, steps = 0;
  for (double t = 0.0; t < 120.0; t += 1.0) {
    link.run(t, 1.0);
    if (!link.sync.known()) continue;
    const HeadsetTime now = base::headset_time(t + 1.0);
    const Duration error = link.sync.map().to_hall(now) - link.truth(now);
    ++steps;
    outside += std::abs(error.count()) > link.sync.uncertainty(now).count();
  }
  CHECK(outside * 20 <= steps);
}

TEST_CASE("while something plays the map slews and never goes back; it steps when it may or must") {
  Link link;
  link.ppm = 0.0;
  link.delay = [] { return 0.001; };
  link.sync.join(base::headset_time(0.0));
  link.run(0.0, 20.0);
  link.offset_s += 0.020;  // the hall's clock is 20 ms further: slew
  HallTime last = link.sync.map().to_hall(base::headset_time(20.0));
  for (int i = 0; i < 1000; ++i) {
    const double t = 20.0 + 0.1 * i;
    link.run(t, 0.1);
    const HallTime now = link.sync.map().to_hall(base::headset_time(t + 0.1));
    const double rate = base::to_seconds(now - last) / 0.1;
    REQUIRE(rate > 1.0 - 800e-6);
    REQUIRE(rate < 1.0 + 800e-6);
    last = now;
  }
  CHECK(std::abs(base::to_seconds(last - link.truth(base::headset_time(120.0)))) < 0.002);
  link.offset_s += 1.0;  // far wrong: step
  link.run(120.0, 70.0);
  CHECK(std::abs(base::to_seconds(link.sync.map().to_hall(base::headset_time(190.0)) - link.truth(base::headset_time(190.0)))) < 0.002);
}

TEST_CASE("whatever the network does, the map is as right as its best exchanges, and while something plays time never jumps") {
  CHECK(rc::check([](std::uint64_t seed) {
    base::Random random(seed);
    Link link;
    link.ppm = random.uniform(-100.0, 100.0);
    link.offset_s = random.uniform(0.0, 1e6);
    link.loss = random.uniform(0.0, 0.5);
    link.random = random.fork("loss");
    const double least_s = random.uniform(0.0, 0.02), more_s = random.uniform(0.0, 0.05), late = random.uniform(0.0, 1.0);
    link.delay = [&] { return least_s + random.exponential(more_s * 0.1) + (random.chance(late) ? random.uniform(0.0, more_s) : 0.0); };
    link.sync.join(base::headset_time(0.0));
    link.run(0.0, 30.0, true);
    RC_PRE(link.sync.known());
    HallTime last = link.sync.map().to_hall(base::headset_time(30.0));
    for (int i = 0; i < 60; ++i) {
      link.run(30.0 + i, 1.0);
      const HallTime now = link.sync.map().to_hall(base::headset_time(31.0 + i));
      RC_ASSERT(std::abs(base::to_seconds(now - last) - 1.0) <= 700e-6 + 1e-6);
      last = now;
    }
    // An exchange is wrong by at most half of what it took beyond the least; no kept one took longer than all of this.
    const double most_s = (least_s + more_s * 2.0) + 0.001;
    RC_ASSERT(std::abs(base::to_seconds(last - link.truth(base::headset_time(90.0)))) <= most_s);
  }));
}

TEST_CASE("a hall that lies about one exchange moves nobody's clock by much") {
  Link link;
  link.delay = [] { return 0.002; };
  link.sync.join(base::headset_time(0.0));
  link.run(0.0, 60.0);
  // The last bin of fifteen is a second off, with the least round trip of all.
  const auto asked = [&]() -> ClockRequest {
    for (double t = 60.0;; t += 0.005) {
      if (const auto request = link.sync.request_due(base::headset_time(t))) return *request;
    }
  }();
  const HallTime lie = link.truth(asked.sent) + std::chrono::seconds(1);
  REQUIRE(link.sync.reply({asked.sequence, asked.sent, lie, lie}, asked.sent + Duration{100}));
  link.sync.advance(asked.sent + Duration{200}, true);
  CHECK(std::abs(base::to_seconds(link.sync.map().to_hall(asked.sent) - link.truth(asked.sent))) < 0.002);
}

TEST_CASE("answers that were not asked for, come twice or cannot be are ignored") {
  ClockSync sync;
  sync.join(base::headset_time(1.0));
  const auto request = sync.request_due(base::headset_time(1.0));
  REQUIRE(request);
  const HeadsetTime back = base::headset_time(1.01);
  CHECK_FALSE(sync.reply({99, request->sent, base::hall_time(5.0), base::hall_time(5.0)}, back));
  CHECK_FALSE(sync.reply({request->sequence, base::headset_time(0.5), base::hall_time(5.0), base::hall_time(5.0)}, back));
  CHECK_FALSE(sync.reply({request->sequence, back + milliseconds(1), base::hall_time(5.0), base::hall_time(5.0)}, back));
  // Stamped anew as it was put on the wire, a little later than it was asked for.
  CHECK(sync.reply({request->sequence, request->sent + milliseconds(2), base::hall_time(5.0), base::hall_time(5.0)}, back));
  CHECK(sync.round_trip() == milliseconds(8));
  CHECK_FALSE(sync.reply({request->sequence, request->sent, base::hall_time(5.0), base::hall_time(5.0)}, back));
  const auto second = sync.request_due(base::headset_time(1.02));
  REQUIRE(second);
  CHECK_FALSE(sync.reply({second->sequence, second->sent, base::hall_time(6.0), base::hall_time(5.0)}, base::headset_time(1.03)));
  sync.advance(back, true);
  CHECK(sync.known());
  sync.forget();
  CHECK(sync.known());
  CHECK(sync.uncertainty(back) == Duration::max());
}

TEST_CASE("a clock map and its inverse agree") {
  const ClockMap map{base::headset_time(10.0), base::hall_time(500.0), 1.0 + 50e-6};
  for (double t = 0.0; t < 4000.0; t += 7.3) {
    const HeadsetTime at = base::headset_time(t);
    CHECK(std::abs((map.to_headset(map.to_hall(at)) - at).count()) <= 1);
  }
}
