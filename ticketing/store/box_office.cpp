#include "ticketing/store/box_office.h"

#include <algorithm>

#include "tracking/base/assert.h"

namespace promenade::ticketing::store {
namespace {

constexpr std::size_t kExportPiece = 256;  // events a piece

// Everything that a box office must know to be right before it sells.
base::Result<void> check_file(const Ledger& ledger, const Replay& events, const std::string& path) {
  std::uint64_t held = 0;
  if (const auto bad = check_checkpoints(ledger, events, held)) return std::unexpected(bad->error);
  const auto tables = ledger.dump_projection();
  if (!tables) return std::unexpected(tables.error());
  if (*tables != dump_rows(events.state.all_rows())) {
    return base::fail("projection-differs", "The tables in " + path + " are not what its events amount to: somebody altered them.",
                      "Run `promenade boxoffice verify --rebuild` and find out who did.");
  }
  return {};
}

}  // namespace

void SystemIdSource::fill(std::span<std::uint8_t> bytes) {
  const base::Bytes random = base::random_bytes(bytes.size());
  std::ranges::copy(random, bytes.begin());
}

BoxOffice::BoxOffice(Ledger ledger, Replay events, const OfficeKeys& keys, std::unique_ptr<IdSource> ids)
    : ledger_(std::move(ledger)), state_(std::move(events.state)), tree_(std::move(events.tree)), keys_(keys), ids_(std::move(ids)) {}

base::Result<BoxOffice> BoxOffice::open(const std::string& path, const Config& config, const OfficeKeys& keys, base::UtcTime now,
                                        std::unique_ptr<IdSource> ids, const FileOptions& options) {
  if (const auto findings = check(config); base::has_errors(findings)) {
    return base::fail("config-invalid", "The configuration cannot be used: " + base::to_string(findings.front()), "Correct boxoffice.toml.");
  }
  auto ledger = Ledger::open(path, config.venue, options);
  if (!ledger) return std::unexpected(ledger.error());
  Replay events(config.venue);
  if (const auto bad = replay(*ledger, events)) return std::unexpected(bad->error);
  if (auto done = check_file(*ledger, events, path); !done) return std::unexpected(done.error());
  auto last = ledger->last_checkpoint();
  if (!last) return std::unexpected(last.error());
  events.state.take_changed_rows();
  if (ids == nullptr) ids = std::make_unique<SystemIdSource>();
  BoxOffice office(std::move(*ledger), std::move(events), keys, std::move(ids));
  office.last_checkpoint_ = std::move(*last);
  const auto set_up = office.state_.decide_config(config, keys.ticket.public_key(), now);
  if (!set_up) return std::unexpected(set_up.error());
  if (*set_up) {
    if (auto done = office.book(**set_up); !done) return std::unexpected(done.error());
  }
  if (keys.log) {
    const auto key = office.state_.decide_log_key(*keys.log, nullptr, now);
    if (!key) return std::unexpected(key.error());
    if (*key) {
      if (auto done = office.book(**key); !done) return std::unexpected(done.error());
    }
  }
  return office;
}

base::Result<void> BoxOffice::book(const Event& event) {
  const auto applied = state_.apply(event);
  PROMENADE_ASSERT(applied.has_value());
  tree_.append(encode_event(event));
  const auto rows = state_.take_changed_rows();
  auto done = ledger_.append(std::span(&event, 1), rows);
  if (!done) not_written();
  return done;
}

std::optional<Checkpoint> BoxOffice::signed_now(base::UtcTime now, std::optional<BusinessDate> closes) const {
  if (!keys_.log) return std::nullopt;
  if (!closes && last_checkpoint_ && last_checkpoint_->size == head().seq) closes = last_checkpoint_->closes;
  return sign_checkpoint({state_.venue(), head().seq, tree_.root(), head().hash, now, closes, {}, {}}, *keys_.log);
}

std::optional<DayManifest> BoxOffice::signed_manifest(DayManifest manifest) const {
  if (!keys_.log) return std::nullopt;
  manifest.checkpoint = last_checkpoint_;
  return sign_manifest(std::move(manifest), *keys_.log);
}

bool BoxOffice::checkpoint_due(base::UtcTime now) const {
  if (!keys_.log) return false;
  return !last_checkpoint_ || now < last_checkpoint_->at || now - last_checkpoint_->at >= kCheckpointEvery;
}

base::Result<std::optional<Checkpoint>> BoxOffice::checkpoint(base::UtcTime now) {
  if (stale_) {
    if (auto done = reload(); !done) return std::unexpected(done.error());
  }
  const auto made = signed_now(now, std::nullopt);
  if (!made) return std::nullopt;
  if (auto done = ledger_.append({}, {}, &*made); !done) return std::unexpected(done.error());
  last_checkpoint_ = made;
  return made;
}

base::Result<void> BoxOffice::rotate_log_key(const base::KeyPair& next, base::UtcTime now) {
  const auto event = state_.decide_log_key(next, keys_.log ? &*keys_.log : nullptr, now);
  if (!event) return std::unexpected(event.error());
  if (*event) {
    if (auto done = book(**event); !done) return done;
  }
  keys_.log = next;
  return {};
}

base::Result<void> BoxOffice::rotate_ticket_key(const base::KeyPair& next, base::UtcTime now) {
  const auto event = state_.decide_config(config(), next.public_key(), now);
  if (!event) return std::unexpected(event.error());
  if (*event) {
    if (auto done = book(**event); !done) return done;
  }
  keys_.ticket = next;
  return {};
}

base::Result<void> BoxOffice::reload() {
  Replay fresh(state_.venue());
  if (const auto bad = replay(ledger_, fresh)) return std::unexpected(bad->error);
  auto last = ledger_.last_checkpoint();
  if (!last) return std::unexpected(last.error());
  fresh.state.take_changed_rows();
  state_ = std::move(fresh.state);
  tree_ = std::move(fresh.tree);
  last_checkpoint_ = std::move(*last);
  stale_ = false;
  return {};
}

std::vector<base::Result<Answer>> DecidedGroup::told(const base::Result<void>& written) && {
  if (!written) {
    for (std::size_t i = firm; i < answers.size(); ++i) answers[i] = std::unexpected(written.error());
  }
  return std::move(answers);
}

DecidedGroup BoxOffice::decide_all(std::span<const base::Result<CheckedRequest>> requests, base::UtcTime now) {
  DecidedGroup group;
  if (stale_) {
    if (auto done = reload(); !done) {
      group.answers.assign(requests.size(), std::unexpected(done.error()));
      group.firm = requests.size();
      if (const auto written = ledger_.head()) group.head = *written;  // the state may still be ahead of it
      return group;
    }
  }
  std::optional<BusinessDate> closes;
  for (const auto& request : requests) {
    auto decision = request ? state_.decide(*request, now, keys_.ticket, *ids_) : std::unexpected(request.error());
    if (!decision) {
      if (group.firm == group.answers.size()) ++group.firm;
      group.answers.emplace_back(std::unexpected(decision.error()));
      continue;
    }
    for (Event& event : decision->events) {
      const auto applied = state_.apply(event);
      PROMENADE_ASSERT(applied.has_value());
      group.stored.push_back(encode_event(event));
      tree_.append(group.stored.back());
      if (event.kind == DayClose::kKind || event.kind == Correction::kKind) closes = event.business_date;
      group.events.push_back(std::move(event));
    }
    group.answers.emplace_back(std::move(decision->answer));
  }
  group.rows = state_.take_changed_rows();
  // What closes a day is signed in the same commit, so that no closed day is without its checkpoint.
  if (closes) group.checkpoint = signed_now(now, closes);
  if (group.checkpoint) last_checkpoint_ = group.checkpoint;
  group.head = head();
  return group;
}

base::Result<void> BoxOffice::write(const DecidedGroup& group) {
  if (group.events.empty()) return {};
  return ledger_.append(group.events, group.stored, group.rows, group.checkpoint ? &*group.checkpoint : nullptr);
}

void BoxOffice::not_written() {
  stale_ = true;
  // Readers of the state must not see what was not booked; where even reading fails the next call tries again.
  (void)reload();
}

std::vector<base::Result<Answer>> BoxOffice::ask_all(std::span<const Request> requests, base::UtcTime now) {
  std::vector<base::Result<CheckedRequest>> asked;
  for (const Request& request : requests) asked.push_back(checked(request));
  auto group = decide_all(asked, now);
  const auto written = write(group);
  if (!written) not_written();
  return std::move(group).told(written);
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

}  // namespace promenade::ticketing::store
