#pragma once
// Checkpoints: what a venue signs about its whole ledger, the keys it signs them with, and how a key follows another.
// Pure. A chain of hashes alone does not show that all of it was written anew; a checkpoint that somebody else keeps does.
// docs/ledger.md states the formats for whoever writes a verifier.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "ticketing/core/business_date.h"
#include "tracking/base/crypto.h"
#include "tracking/base/id.h"
#include "tracking/base/result.h"

namespace promenade::ticketing {

inline constexpr std::string_view kCheckpointDomain = "promenade-checkpoint-1";
inline constexpr std::string_view kLogKeyDomain = "promenade-log-key-1";
inline constexpr std::string_view kLogKeyEvent = "log_key";  // the kind of the event whose body is a LogKey

struct Checkpoint {
  base::VenueId venue;
  std::uint64_t size = 0;     // events 1..size; 1 or more
  base::Hash root{};          // of their tree (merkle.h)
  base::Hash head_hash{};     // of event `size`, so that whoever follows the chain needs no tree
  base::UtcTime at;           // by the box office's clock; says nothing about order, which is by size
  std::optional<BusinessDate> closes;  // made because this day was closed or corrected by event `size`
  base::PublicKey key{};
  base::Signature signature{};
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// Signs everything but key and signature, which it sets.
Checkpoint sign_checkpoint(Checkpoint checkpoint, const base::KeyPair& log_key);
bool is_signed(const Checkpoint& checkpoint);  // by the key that it names
nlohmann::json to_json(const Checkpoint& checkpoint);
// Strict; error "checkpoint-malformed". The signature is not checked.
base::Result<Checkpoint> checkpoint_from_json(const nlohmann::json& json);
base::Result<Checkpoint> checkpoint_from_text(std::string_view text);

// One log key and from where it signs: an event of the ledger (kind "log_key", this as its body), so that a rotation is
// itself in the log. Every key but the first is endorsed by the key before it.
struct LogKey {
  base::VenueId venue;
  std::uint64_t from = 0;       // its event's seq: it signs checkpoints of this size and larger ones
  base::PublicKey key{};
  base::PublicKey previous{};   // zeros: it is the first
  base::Signature by_key{};
  base::Signature by_previous{};  // zeros where it is the first
  friend bool operator==(const LogKey&, const LogKey&) = default;
};

// PREVIOUS is null for the first.
LogKey make_log_key(const base::VenueId& venue, std::uint64_t from, const base::KeyPair& key, const base::KeyPair* previous);
nlohmann::json to_json(const LogKey& key);
base::Result<LogKey> log_key_from_json(const nlohmann::json& json);  // error "log-key-malformed"

// The log keys of one venue, each signed by itself and endorsed by the one before.
class LogKeys {
 public:
  // Errors: "log-key-malformed" (of another venue, not later than the last, or its own signature does not hold),
  // "log-key-unendorsed" (the last key has not signed it).
  base::Result<void> add(const LogKey& key);
  const LogKey* at(std::uint64_t size) const;  // who signs checkpoints of SIZE; null before the first
  const LogKey* last() const { return keys_.empty() ? nullptr : &keys_.back(); }
  const std::vector<LogKey>& all() const { return keys_; }
  // Signature and key of a checkpoint. Errors: "checkpoint-forged", "log-key-unknown".
  base::Result<void> check(const Checkpoint& checkpoint) const;
  friend bool operator==(const LogKeys&, const LogKeys&) = default;

 private:
  std::vector<LogKey> keys_;
};

}  // namespace promenade::ticketing
