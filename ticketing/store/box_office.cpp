#include "ticketing/store/box_office.h"

#include <algorithm>

#include "tracking/base/assert.h"

namespace promenade::ticketing::store {
namespace {

constexpr std::size_t kExportPiece = 256;  // events a piece

struct Replay {
  LedgerState state;
  ChainHead head;  // of the last event that continues the chain
};

// Checks the chain and takes every event into a new state; a failure leaves REPLAY where it came to.
base::Result<void> replay(const Ledger& ledger, const base::VenueId& venue, Replay& out) {
  ChainChecker chain(venue);
  auto done = ledger.for_each([&](base::ByteView stored) -> base::Result<void> {
    auto event = chain.next(stored);
    if (!event) return std::unexpected(event.error());
    out.head = chain.head();
    return out.state.apply(*event);
  });
  return done;
}

Verification verify_ledger(const Ledger& ledger, const base::VenueId& venue) {
  Verification result;
  Replay fresh{LedgerState(venue), {}};
  const auto done = replay(ledger, venue, fresh);
  result.events = fresh.head.seq;
  result.head = fresh.head;
  const bool rules_only = !done && done.error().code == "ledger-inconsistent";
  const auto head = ledger.head();
  result.chain_ok = (done || rules_only) && head && (rules_only || *head == fresh.head);
  if (!done) result.detail = done.error().text();
  else if (!head) result.detail = head.error().text();
  else if (*head != fresh.head) result.detail = "The hash kept beside the last event is not its hash.";
  if (!done) return result;
  const auto tables = ledger.dump_projection();
  if (!tables) {
    if (result.detail.empty()) result.detail = tables.error().text();
    return result;
  }
  result.rebuilt_identical = *tables == dump_rows(fresh.state.all_rows());
  if (!result.rebuilt_identical && result.detail.empty()) result.detail = "The projection tables are not what the events amount to.";
  return result;
}

}  // namespace

void SystemIdSource::fill(std::span<std::uint8_t> bytes) {
  const base::Bytes random = base::random_bytes(bytes.size());
  std::ranges::copy(random, bytes.begin());
}

BoxOffice::BoxOffice(Ledger ledger, LedgerState state, const base::KeyPair& key, std::unique_ptr<IdSource> ids)
    : ledger_(std::move(ledger)), state_(std::move(state)), key_(key), ids_(std::move(ids)) {}

base::Result<BoxOffice> BoxOffice::open(const std::string& path, const Config& config, const base::KeyPair& key, base::UtcTime now,
                                        std::unique_ptr<IdSource> ids, const FileOptions& options) {
  if (const auto findings = check(config); base::has_errors(findings)) {
    return base::fail("config-invalid", "The configuration cannot be used: " + base::to_string(findings.front()), "Correct boxoffice.toml.");
  }
  auto ledger = Ledger::open(path, config.venue, options);
  if (!ledger) return std::unexpected(ledger.error());
  Replay fresh{LedgerState(config.venue), {}};
  if (auto done = replay(*ledger, config.venue, fresh); !done) return std::unexpected(done.error());
  const auto head = ledger->head();
  if (!head) return std::unexpected(head.error());
  if (*head != fresh.head) return base::fail("chain-broken", "The last event of " + path + " does not have the hash that is kept beside it.", "Restore the ledger from a copy; keep the damaged file.");
  const auto tables = ledger->dump_projection();
  if (!tables) return std::unexpected(tables.error());
  if (*tables != dump_rows(fresh.state.all_rows())) {
    return base::fail("projection-differs", "The tables in " + path + " are not what its events amount to: somebody altered them.",
                      "Run `promenade boxoffice rebuild` and find out who did.");
  }
  fresh.state.take_changed_rows();
  const auto set_up = fresh.state.decide_config(config, key.public_key(), now);
  if (!set_up) return std::unexpected(set_up.error());
  if (*set_up) {
    if (auto done = fresh.state.apply(**set_up); !done) return std::unexpected(done.error());
    const auto rows = fresh.state.take_changed_rows();
    if (auto done = ledger->append(std::span(&**set_up, 1), rows); !done) return std::unexpected(done.error());
  }
  if (ids == nullptr) ids = std::make_unique<SystemIdSource>();
  return BoxOffice(std::move(*ledger), std::move(fresh.state), key, std::move(ids));
}

base::Result<void> BoxOffice::reload() {
  Replay fresh{LedgerState(state_.venue()), {}};
  if (auto done = replay(ledger_, state_.venue(), fresh); !done) return done;
  fresh.state.take_changed_rows();
  state_ = std::move(fresh.state);
  stale_ = false;
  return {};
}

std::vector<base::Result<Answer>> BoxOffice::ask_all(std::span<const Request> requests, base::UtcTime now) {
  std::vector<base::Result<Answer>> answers;
  if (stale_) {
    if (auto done = reload(); !done) return std::vector<base::Result<Answer>>(requests.size(), std::unexpected(done.error()));
  }
  std::vector<Event> events;
  std::vector<bool> booked;
  for (const Request& request : requests) {
    auto decision = state_.decide(request, now, key_, *ids_);
    if (!decision) {
      answers.emplace_back(std::unexpected(decision.error()));
      booked.push_back(false);
      continue;
    }
    for (Event& event : decision->events) {
      const auto applied = state_.apply(event);
      PROMENADE_ASSERT(applied.has_value());
      events.push_back(std::move(event));
    }
    answers.emplace_back(std::move(decision->answer));
    // A replayed answer counts as booked as well: the request it repeats may be in this very batch.
    booked.push_back(true);
  }
  if (events.empty()) return answers;
  const auto rows = state_.take_changed_rows();
  if (auto done = ledger_.append(events, rows); !done) {
    stale_ = true;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (booked[i]) answers[i] = std::unexpected(done.error());
    }
    // Readers of the state must not see what was not booked; where even reading fails the next call tries again.
    (void)reload();
  }
  return answers;
}

base::Result<Answer> BoxOffice::ask(const Request& request, base::UtcTime now) { return std::move(ask_all(std::span(&request, 1), now).front()); }

template <class T, class R>
base::Result<T> BoxOffice::ask_for(const R& request, base::UtcTime now) {
  auto answer = ask(Request(request), now);
  if (!answer) return std::unexpected(answer.error());
  T* typed = std::get_if<T>(&*answer);
  PROMENADE_ASSERT(typed != nullptr);
  return std::move(*typed);
}

base::Result<SaleAnswer> BoxOffice::sell(const SaleRequest& r, base::UtcTime now) { return ask_for<SaleAnswer>(r, now); }
base::Result<RefundAnswer> BoxOffice::refund(const RefundRequest& r, base::UtcTime now) { return ask_for<RefundAnswer>(r, now); }
base::Result<ChangeAnswer> BoxOffice::change(const ChangeRequest& r, base::UtcTime now) { return ask_for<ChangeAnswer>(r, now); }
base::Result<RedemptionAnswer> BoxOffice::redeem(const RedemptionRequest& r, base::UtcTime now) { return ask_for<RedemptionAnswer>(r, now); }
base::Result<GrantAnswer> BoxOffice::grant(const GrantRequest& r, base::UtcTime now) { return ask_for<GrantAnswer>(r, now); }
base::Result<RecordedAnswer> BoxOffice::play_started(const PlayStarted& r, base::UtcTime now) { return ask_for<RecordedAnswer>(r, now); }
base::Result<RecordedAnswer> BoxOffice::play_ended(const PlayEnded& r, base::UtcTime now) { return ask_for<RecordedAnswer>(r, now); }
base::Result<RecordedAnswer> BoxOffice::swap(const HeadsetSwap& r, base::UtcTime now) { return ask_for<RecordedAnswer>(r, now); }
base::Result<RecordedAnswer> BoxOffice::observe(const Observation& r, base::UtcTime now) { return ask_for<RecordedAnswer>(r, now); }
base::Result<DayAnswer> BoxOffice::close_day(const DayClose& r, base::UtcTime now) { return ask_for<DayAnswer>(r, now); }
base::Result<DayAnswer> BoxOffice::correct(const Correction& r, base::UtcTime now) { return ask_for<DayAnswer>(r, now); }

base::Result<void> BoxOffice::export_to(const std::function<void(base::ByteView)>& sink) const {
  const auto head = ledger_.head();
  if (!head) return std::unexpected(head.error());
  sink(base::as_bytes(encode_export_header({state_.venue(), 1, head->seq, head->hash})));
  for (std::uint64_t at = 0; at < head->seq;) {
    const auto page = ledger_.read(at, kExportPiece);
    if (!page) return std::unexpected(page.error());
    base::Bytes piece;
    for (const auto& stored : page->stored) append_export_event(piece, stored);
    sink(piece);
    at += page->stored.size();
    PROMENADE_ASSERT(!page->stored.empty());
  }
  return {};
}

base::Result<Verification> BoxOffice::verify() const { return verify_ledger(ledger_, state_.venue()); }

base::Result<void> BoxOffice::rebuild() {
  if (auto done = reload(); !done) return done;
  return ledger_.rebuild_projection(state_.all_rows());
}

base::Result<Verification> verify_ledger_file(const std::string& path, const base::VenueId& venue) {
  auto ledger = Ledger::open(path, venue);
  if (!ledger) return std::unexpected(ledger.error());
  return verify_ledger(*ledger, venue);
}

base::Result<void> rebuild_ledger_file(const std::string& path, const base::VenueId& venue) {
  auto ledger = Ledger::open(path, venue);
  if (!ledger) return std::unexpected(ledger.error());
  Replay fresh{LedgerState(venue), {}};
  if (auto done = replay(*ledger, venue, fresh); !done) return done;
  return ledger->rebuild_projection(fresh.state.all_rows());
}

}  // namespace promenade::ticketing::store
