#pragma once
// The box office: a ledger and the state it amounts to. Every accepted request is durable before its answer.
// Not thread-safe: one owner thread, others ask through it (LedgerReader serves readers beside it).
// Reads no clock; the time of each call is an argument. Errors of the rules are those of LedgerState::decide;
// of the file those of Ledger. After a failed write the state is as the file is, and the next call goes on.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ticketing/core/ledger_state.h"
#include "ticketing/store/ledger.h"

namespace promenade::ticketing::store {

class SystemIdSource final : public IdSource {  // the system's random source
 public:
  void fill(std::span<std::uint8_t> bytes) override;
};

struct Verification {
  std::uint64_t events = 0;
  ChainHead head;
  bool chain_ok = false;
  bool rebuilt_identical = false;
  std::string detail;  // of the first failure; empty where all is well
};

class BoxOffice {
 public:
  // Opens or creates the ledger, checks the whole chain, rebuilds the state and compares the projection tables
  // ("projection-differs": run `rebuild`), and records the configuration where it is new.
  // IDS is kept; by default the system's random source.
  static base::Result<BoxOffice> open(const std::string& path, const Config& config, const base::KeyPair& key,
                                      base::UtcTime now, std::unique_ptr<IdSource> ids = nullptr,
                                      const FileOptions& options = {});

  base::Result<SaleAnswer> sell(const SaleRequest& request, base::UtcTime now);
  base::Result<RefundAnswer> refund(const RefundRequest& request, base::UtcTime now);
  base::Result<ChangeAnswer> change(const ChangeRequest& request, base::UtcTime now);
  base::Result<RedemptionAnswer> redeem(const RedemptionRequest& request, base::UtcTime now);
  base::Result<GrantAnswer> grant(const GrantRequest& request, base::UtcTime now);
  base::Result<RecordedAnswer> play_started(const PlayStarted& request, base::UtcTime now);
  base::Result<RecordedAnswer> play_ended(const PlayEnded& request, base::UtcTime now);
  base::Result<RecordedAnswer> swap(const HeadsetSwap& request, base::UtcTime now);
  base::Result<RecordedAnswer> observe(const Observation& request, base::UtcTime now);
  base::Result<DayAnswer> close_day(const DayClose& request, base::UtcTime now);
  base::Result<DayAnswer> correct(const Correction& request, base::UtcTime now);

  // Any request; and many in one durable commit: answers in order, each accepted or refused on its own. Where
  // the commit fails every accepted one gets that error.
  base::Result<Answer> ask(const Request& request, base::UtcTime now);
  std::vector<base::Result<Answer>> ask_all(std::span<const Request> requests, base::UtcTime now);

  const LedgerState& state() const { return state_; }
  const Config& config() const { return *state_.config(); }
  const base::PublicKey& ticket_key() const { return key_.public_key(); }
  const ChainHead& head() const { return state_.head(); }
  DayReport report(BusinessDate date) const { return state_.report(date); }
  base::Result<Page> events_after(std::uint64_t seq, std::size_t limit) const { return ledger_.read(seq, limit); }
  // The whole ledger as the export stream of event.h, in pieces.
  base::Result<void> export_to(const std::function<void(base::ByteView)>& sink) const;
  base::Result<Verification> verify() const;
  base::Result<void> rebuild();  // projection tables from the events

 private:
  BoxOffice(Ledger ledger, LedgerState state, const base::KeyPair& key, std::unique_ptr<IdSource> ids);
  base::Result<void> reload();
  template <class T, class R>
  base::Result<T> ask_for(const R& request, base::UtcTime now);

  Ledger ledger_;
  LedgerState state_;
  base::KeyPair key_;
  std::unique_ptr<IdSource> ids_;
  bool stale_ = false;  // a write failed; the state is read again before the next use
};

// Of a ledger that no box office has open: verifies it without changing it; makes its tables anew from its events
// (the way out of "projection-differs").
base::Result<Verification> verify_ledger_file(const std::string& path, const base::VenueId& venue);
base::Result<void> rebuild_ledger_file(const std::string& path, const base::VenueId& venue);

}  // namespace promenade::ticketing::store
