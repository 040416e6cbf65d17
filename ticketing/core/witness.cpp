#include "ticketing/core/witness.h"

#include <algorithm>

#include "ticketing/core/json_fields.h"
#include "ticketing/core/merkle.h"

namespace promenade::ticketing {
namespace {

constexpr std::size_t kMaxKeys = 1000, kMaxProof = 64;  // a proof has at most one hash for each bit of the size

std::unexpected<base::Error> forked(std::uint64_t size, const std::string& how) {
  return base::fail("checkpoint-forked", "The venue shows another past than at its checkpoint of " + std::to_string(size) + " events: " + how + ".",
                    "A ledger never changes: keep both checkpoints as evidence and ask the venue.");
}

}  // namespace

nlohmann::json to_json(const Submission& submission) {
  nlohmann::json keys = nlohmann::json::array(), proof = nlohmann::json::array();
  for (const LogKey& key : submission.keys) keys.push_back(to_json(key));
  for (const base::Hash& hash : submission.proof) proof.push_back(base::to_hex(hash));
  return {{"checkpoint", to_json(submission.checkpoint)}, {"keys", keys}, {"from", submission.from}, {"proof", proof}};
}

base::Result<Submission> submission_from_json(const nlohmann::json& document) {
  FieldReader in(document, "submission", "submission-malformed");
  Submission s;
  const auto checkpoint = checkpoint_from_json(in.any("checkpoint"));
  const auto& keys = in.any("keys");
  const auto& proof = in.any("proof");
  s.from = in.sequence("from");
  if (!keys.is_array() || keys.size() > kMaxKeys || !proof.is_array() || proof.size() > kMaxProof) in.reject("\"keys\" or \"proof\" is not an array of the length it may have.");
  if (auto done = in.finish(); !done) return std::unexpected(done.error());
  if (!checkpoint) return std::unexpected(checkpoint.error());
  s.checkpoint = *checkpoint;
  for (const auto& one : keys) {
    auto key = log_key_from_json(one);
    if (!key) return std::unexpected(key.error());
    s.keys.push_back(*key);
  }
  for (const auto& one : proof) {
    const auto bytes = one.is_string() ? base::from_hex(one.get<std::string>()) : std::nullopt;
    if (!bytes || bytes->size() != sizeof(base::Hash)) return base::fail("submission-malformed", "A hash of the proof is not 64 hex digits.", "Send it as docs/ledger.md says.");
    std::ranges::copy(*bytes, s.proof.emplace_back().begin());
  }
  return s;
}

base::Result<LogKeys> Witness::checked_keys(const std::vector<LogKey>& keys) const {
  LogKeys checked;
  for (const LogKey& key : keys)
    if (auto done = checked.add(key); !done) return std::unexpected(done.error());
  const auto other = [](const std::string& what) {
    return base::fail("log-key-other", "The venue's log keys " + what + ".", "Somebody else signs for the venue, or it began anew: ask the venue, by another way.");
  };
  if (checked.all().empty()) return other("are not told");
  if (checked.all().front().venue != venue_) return other("are those of the venue " + checked.all().front().venue.value() + ", not " + venue_.value());
  if (pinned_ && std::ranges::none_of(keys, [&](const LogKey& key) { return key.key == *pinned_; })) return other("do not include the one that was given to this witness");
  const auto& known = keys_.all();
  if (known.size() > keys.size() || !std::ranges::equal(known, std::span(keys).first(known.size()))) return other("are not those of before");
  return checked;
}

base::Result<void> Witness::recall(const Checkpoint& checkpoint, const std::vector<LogKey>& keys) {
  auto checked = checked_keys(keys);
  if (!checked) return std::unexpected(checked.error());
  if (auto done = checked->check(checkpoint); !done) return done;
  if (last_ && checkpoint.size < last_->size) return forked(last_->size, "a smaller one follows it");
  keys_ = std::move(*checked);
  last_ = checkpoint;
  return {};
}

base::Result<void> Witness::offer(const Submission& submission) {
  const Checkpoint& next = submission.checkpoint;
  auto keys = checked_keys(submission.keys);
  if (!keys) return std::unexpected(keys.error());
  if (auto done = keys->check(next); !done) return done;
  if (last_) {
    if (next.size < last_->size) {
      return base::fail("checkpoint-rolled-back", "The venue shows " + std::to_string(next.size) + " events and had " + std::to_string(last_->size) + " at " + to_text(last_->at) + ".",
                        "A ledger never shrinks: keep both checkpoints as evidence and ask the venue.");
    }
    if (next.size == last_->size && (next.root != last_->root || next.head_hash != last_->head_hash)) return forked(last_->size, "the root is another");
    if (next.size > last_->size) {
      if (submission.from != last_->size) {
        return base::fail("proof-needed", "The proof begins at " + std::to_string(submission.from) + " events; the last checkpoint here is of " + std::to_string(last_->size) + ".",
                          "Send a consistency proof from there.");
      }
      if (!verify_consistency(last_->size, last_->root, next.size, next.root, submission.proof)) return forked(last_->size, "its proof does not hold");
    }
  }
  keys_ = std::move(*keys);
  last_ = next;
  return {};
}

}  // namespace promenade::ticketing
