#include "tests/bench/report_page_time.h"

#include <chrono>
#include <stdexcept>
#include <vector>

#include "tests/bench/quantile.h"
#include "tests/circuit/made_venue.h"
#include "ticketing/api/service.h"
#include "ticketing/core/ledger_state.h"
#include "ticketing/store/box_office.h"
#include "tracking/base/http/client.h"

namespace promenade::bench {
namespace {

using namespace ticketing;
using Clock = std::chrono::steady_clock;

const BusinessDate kFirst{std::chrono::sys_days(std::chrono::year(2026) / 3 / 1)};

template <class T>
T value_or_throw(base::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  return std::move(*result);
}

// The ledger's file, with the tables that its events amount to. Gives when its last event was.
base::UtcTime write_ledger(const tests::MadeLedger& made, const std::string& file) {
  auto ledger = value_or_throw(store::Ledger::open(file, made.venue));
  LedgerState state(made.venue);
  std::vector<Event> events;
  for (const base::Bytes& stored : made.stored) {
    events.push_back(value_or_throw(decode_event(stored, made.venue)));
    if (auto done = state.apply(events.back()); !done) throw std::runtime_error(done.error().text());
  }
  if (auto done = ledger.append(events, made.stored, state.take_changed_rows(), nullptr); !done) throw std::runtime_error(done.error().text());
  return events.back().ts;
}

}  // namespace

PageTime time_report_page(const Config& config, int days_before, int each, int admissions, int pages, const std::string& folder, std::uint64_t seed) {
  const auto days = tests::make_days({.config = config, .first = kFirst, .days = days_before + 1, .admissions = each, .last_admissions = admissions, .close_last = false, .seed = seed});
  const auto made = tests::ledger_of(days, config.venue, config.name_zh, config.name_en, 5000);
  const std::string file = folder + "/page-" + std::to_string(days_before) + ".sqlite", keys_file = folder + "/page-keys";
  const base::UtcTime now = write_ledger(made, file);
  base::KeySeed seed_of_tickets{};
  seed_of_tickets.fill(1);
  const auto ticket_key = base::KeyPair::from_seed(seed_of_tickets);
  auto office = value_or_throw(store::BoxOffice::open(file, config, {ticket_key, tests::log_key_of(config.venue)}, now));
  const BusinessDate date = kFirst.plus_days(days_before);
  PageTime out;
  out.admissions = office.report(date).totals.redeemed;
  out.events = office.head().seq;
  api::KeyRing ring;
  const std::string key = value_or_throw(ring.add("bench", {api::Scope::read}, base::Bytes(24, base::Bytes::value_type{7})));
  if (auto done = api::save_key_ring(ring, keys_file); !done) throw std::runtime_error(done.error().text());
  api::Desk desk(std::move(office), [now] { return now; });
  api::Service service({.ledger_path = file, .keys_path = keys_file, .page_rate = {}}, desk, config.venue, ticket_key, [] { return std::string("bench"); });
  if (auto started = service.start(); !started) throw std::runtime_error(started.error().text());
  auto client = value_or_throw(base::http::Client::open({.base_url = service.url(), .read_timeout = std::chrono::seconds(60), .headers = {{"Authorization", "Bearer " + key}}}));
  std::vector<double> ms;
  for (int i = 0; i < pages; ++i) {
    const auto begun = Clock::now();
    const auto page = value_or_throw(client.get("/report/" + date.text()));
    ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begun).count());
    if (page.status != 200) throw std::runtime_error(page.body);
  }
  service.stop();
  desk.stop();
  out.first_ms = ms.front();
  out.p50_ms = quantile(ms, 0.5);
  out.p99_ms = quantile(ms, 0.99);
  return out;
}

}  // namespace promenade::bench
