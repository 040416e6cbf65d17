#pragma once
// The box office: a ledger and the state it amounts to. Every accepted request is durable before its answer.
// Not thread-safe: one owner thread, others ask through it (LedgerReader serves readers beside it).
// Reads no clock; the time of each call is an argument. Errors of the rules are those of LedgerState::decide;
// of the file those of Ledger. After a failed write the state is as the file is, and the next call goes on.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ticketing/core/ledger_state.h"
#include "ticketing/core/manifest.h"
#include "ticketing/store/ledger.h"
#include "ticketing/store/verify.h"

namespace promenade::ticketing::store {

class SystemIdSource final : public IdSource {  // the system's random source
 public:
  void fill(std::span<std::uint8_t> bytes) override;
};

// What a box office signs with. The keys are different ones, so that who may print tickets cannot sign the log.
struct OfficeKeys {
  OfficeKeys(const base::KeyPair& ticket_key) : ticket(ticket_key) {}  // signs no checkpoints: simulations, and looking only
  OfficeKeys(const base::KeyPair& ticket_key, const base::KeyPair& log_key) : ticket(ticket_key), log(log_key) {}
  base::KeyPair ticket;
  std::optional<base::KeyPair> log;
};

inline constexpr std::chrono::seconds kCheckpointEvery{60};

// A group of requests that is decided and not yet durable. Its answers are nobody's before it is.
struct DecidedGroup {
  std::vector<base::Result<Answer>> answers;
  std::size_t firm = 0;  // the first so many answers rest on nothing of this group: refusals before its first accepted request
  std::vector<Event> events;
  std::vector<base::Bytes> stored;  // the same, as they are written
  std::vector<Row> rows;
  std::optional<Checkpoint> checkpoint;
  ChainHead head;  // of the ledger, once this is written

  // What the callers are told, in order: where the group could not be WRITTEN, that, in place of all that rests on it.
  std::vector<base::Result<Answer>> told(const base::Result<void>& written) &&;
};

class BoxOffice {
 public:
  // Opens or creates the ledger, checks the whole chain, rebuilds the state and compares the projection tables
  // ("projection-differs": run `rebuild`) and the checkpoints ("ledger-cut", "checkpoint-differs"), and records the
  // configuration and the log key where they are new ("log-key-unendorsed" where the ledger knows another log key).
  // IDS is kept; by default the system's random source.
  static base::Result<BoxOffice> open(const std::string& path, const Config& config, const OfficeKeys& keys,
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

  // The same in its steps, for an owner who decides one group while the one before it is being written. `decide_all` moves
  // the state ahead of the file; until that group is written nobody may be shown state, answers or file. `write` is the
  // one member that another thread may run, beside `decide_all` of the next group and nothing else; groups in order.
  // After a write that failed the owner calls `not_written`: state and all that was decided since are void.
  // What is not a CheckedRequest but its error is answered with that.
  DecidedGroup decide_all(std::span<const base::Result<CheckedRequest>> requests, base::UtcTime now);
  base::Result<void> write(const DecidedGroup& group);
  void not_written();

  const LedgerState& state() const { return state_; }
  const Config& config() const { return *state_.config(); }
  const base::PublicKey& ticket_key() const { return keys_.ticket.public_key(); }
  const ChainHead& head() const { return state_.head(); }
  DayReport report(BusinessDate date) const { return state_.report(date); }
  base::Result<Page> events_after(std::uint64_t seq, std::size_t limit) const { return ledger_.read(seq, limit); }
  // Signs what the ledger holds, durable on return; one of the same size replaces the last as a sign of life. None where
  // there is no log key. A day's close and a correction are signed in their own commit, with no need for this.
  base::Result<std::optional<Checkpoint>> checkpoint(base::UtcTime now);
  bool checkpoint_due(base::UtcTime now) const;  // kCheckpointEvery has passed, or the clock was set back
  const std::optional<Checkpoint>& last_checkpoint() const { return last_checkpoint_; }
  base::Result<std::vector<Checkpoint>> checkpoints(std::uint64_t after, std::size_t limit) const { return ledger_.checkpoints(after, limit); }
  // By the log key, with the last checkpoint; none where there is no log key.
  std::optional<DayManifest> signed_manifest(DayManifest manifest) const;
  const MerkleTree& tree() const { return tree_; }  // of all events
  // NEXT signs from now on, endorsed by the log key so far, which may be destroyed then.
  base::Result<void> rotate_log_key(const base::KeyPair& next, base::UtcTime now);
  // Tickets are signed with NEXT from now on; those sold before open the door as they did.
  base::Result<void> rotate_ticket_key(const base::KeyPair& next, base::UtcTime now);
  // The whole ledger as the export stream of event.h, in pieces.
  base::Result<void> export_to(const std::function<void(base::ByteView)>& sink) const;
  base::Result<Verification> verify() const;
  base::Result<void> rebuild();  // projection tables from the events

 private:
  BoxOffice(Ledger ledger, Replay events, const OfficeKeys& keys, std::unique_ptr<IdSource> ids);
  base::Result<void> reload();
  base::Result<void> book(const Event& event);  // one that no request asked for
  std::optional<Checkpoint> signed_now(base::UtcTime now, std::optional<BusinessDate> closes) const;
  template <class T, class R>
  base::Result<T> ask_for(const R& request, base::UtcTime now);

  Ledger ledger_;
  LedgerState state_;
  MerkleTree tree_;
  OfficeKeys keys_;
  std::optional<Checkpoint> last_checkpoint_;
  std::unique_ptr<IdSource> ids_;
  bool stale_ = false;  // a write failed; the state is read again before the next use
};

}  // namespace promenade::ticketing::store
