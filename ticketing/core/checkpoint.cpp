#include "ticketing/core/checkpoint.h"

#include <algorithm>

#include "ticketing/core/json_fields.h"

namespace promenade::ticketing {
namespace {

constexpr std::string_view kCheckpointFormat = "promenade-checkpoint-1";
constexpr std::string_view kLogKeyFormat = "promenade-log-key-1";

base::Signature signature_of(FieldReader& in, const char* name) {
  base::Signature signature{};
  const std::string text = in.optional_text(name, 128);
  if (text.empty()) return signature;
  const auto bytes = base::from_hex(text);
  if (bytes && bytes->size() == signature.size()) std::ranges::copy(*bytes, signature.begin());
  else in.reject(std::string("The field \"") + name + "\" is not 128 hex digits.");
  return signature;
}

nlohmann::json unsigned_json(const Checkpoint& c) {
  nlohmann::json out{{"format", kCheckpointFormat}, {"venue", c.venue.value()}, {"size", c.size}, {"root", base::to_hex(c.root)},
                     {"head_hash", base::to_hex(c.head_hash)}, {"at", to_text(c.at)}, {"key", base::to_hex(c.key)}};
  if (c.closes) out["closes"] = c.closes->text();
  return out;
}

nlohmann::json unsigned_json(const LogKey& k) {
  return {{"format", kLogKeyFormat}, {"venue", k.venue.value()}, {"from", k.from}, {"key", base::to_hex(k.key)}, {"previous", base::to_hex(k.previous)}};
}

template <class T>
std::string signed_text(const T& value) { return canonical_text(unsigned_json(value)); }

}  // namespace

Checkpoint sign_checkpoint(Checkpoint checkpoint, const base::KeyPair& log_key) {
  checkpoint.key = log_key.public_key();
  checkpoint.signature = log_key.sign(kCheckpointDomain, base::as_bytes(signed_text(checkpoint)));
  return checkpoint;
}

bool is_signed(const Checkpoint& checkpoint) {
  return base::verify(checkpoint.key, kCheckpointDomain, base::as_bytes(signed_text(checkpoint)), checkpoint.signature);
}

nlohmann::json to_json(const Checkpoint& checkpoint) {
  nlohmann::json out = unsigned_json(checkpoint);
  out["signature"] = base::to_hex(checkpoint.signature);
  return out;
}

base::Result<Checkpoint> checkpoint_from_json(const nlohmann::json& document) {
  FieldReader in(document, "checkpoint", "checkpoint-malformed");
  Checkpoint c;
  if (in.text("format", 1, 40) != kCheckpointFormat) in.reject("The checkpoint is not of the format promenade-checkpoint-1.");
  c.venue = base::VenueId(in.text("venue", 1, 80));
  c.size = in.sequence("size");
  if (c.size == 0) in.reject("The checkpoint is of no event.");
  c.root = in.hash("root");
  c.head_hash = in.hash("head_hash");
  c.at = in.time("at");
  if (in.has("closes")) c.closes = in.date("closes");
  c.key = in.hash("key");
  c.signature = signature_of(in, "signature");
  if (auto done = in.finish(); !done) return std::unexpected(done.error());
  return c;
}

base::Result<Checkpoint> checkpoint_from_text(std::string_view text) {
  const auto document = nlohmann::json::parse(text, nullptr, false);
  if (document.is_discarded()) return base::fail("checkpoint-malformed", "The checkpoint is not JSON.", "Ask for it again.");
  return checkpoint_from_json(document);
}

LogKey make_log_key(const base::VenueId& venue, std::uint64_t from, const base::KeyPair& key, const base::KeyPair* previous) {
  LogKey made{venue, from, key.public_key(), previous == nullptr ? base::PublicKey{} : previous->public_key(), {}, {}};
  const std::string text = signed_text(made);
  made.by_key = key.sign(kLogKeyDomain, base::as_bytes(text));
  if (previous != nullptr) made.by_previous = previous->sign(kLogKeyDomain, base::as_bytes(text));
  return made;
}

nlohmann::json to_json(const LogKey& key) {
  nlohmann::json out = unsigned_json(key);
  out["by_key"] = base::to_hex(key.by_key);
  out["by_previous"] = base::to_hex(key.by_previous);
  return out;
}

base::Result<LogKey> log_key_from_json(const nlohmann::json& document) {
  FieldReader in(document, "log key", "log-key-malformed");
  LogKey k;
  if (in.text("format", 1, 40) != kLogKeyFormat) in.reject("The log key is not of the format promenade-log-key-1.");
  k.venue = base::VenueId(in.text("venue", 1, 80));
  k.from = in.sequence("from");
  k.key = in.hash("key");
  k.previous = in.hash("previous");
  k.by_key = signature_of(in, "by_key");
  k.by_previous = signature_of(in, "by_previous");
  if (auto done = in.finish(); !done) return std::unexpected(done.error());
  return k;
}

base::Result<void> LogKeys::add(const LogKey& key) {
  const auto malformed = [](const std::string& what) { return base::fail("log-key-malformed", "The venue's log key " + what + ".", "Ask the venue."); };
  const std::string text = signed_text(key);
  if (key.from == 0) return malformed("does not say from which event on it signs");
  if (!keys_.empty() && (key.venue != keys_.front().venue || key.from <= keys_.back().from)) return malformed("does not follow the one before");
  if (!base::verify(key.key, kLogKeyDomain, base::as_bytes(text), key.by_key)) return malformed("is not signed by itself: whoever shows it need not have it");
  const base::PublicKey before = keys_.empty() ? base::PublicKey{} : keys_.back().key;
  const bool endorsed = keys_.empty() ? key.previous == before : key.previous == before && base::verify(before, kLogKeyDomain, base::as_bytes(text), key.by_previous);
  if (!endorsed) {
    return base::fail("log-key-unendorsed", "The venue's log key " + base::to_hex(key.key) + " is not endorsed by the key before it.",
                      "Somebody without the old key signs for the venue: ask the venue, by another way.");
  }
  keys_.push_back(key);
  return {};
}

const LogKey* LogKeys::at(std::uint64_t size) const {
  const LogKey* found = nullptr;
  for (const LogKey& key : keys_)
    if (key.from <= size) found = &key;
  return found;
}

base::Result<void> LogKeys::check(const Checkpoint& checkpoint) const {
  const LogKey* key = at(checkpoint.size);
  if (key == nullptr || key->key != checkpoint.key || key->venue != checkpoint.venue) {
    return base::fail("log-key-unknown", "The checkpoint of " + std::to_string(checkpoint.size) + " events is signed with a key that is not the venue's log key there.",
                      "Somebody else signs for the venue: ask the venue, by another way.");
  }
  if (!is_signed(checkpoint)) {
    return base::fail("checkpoint-forged", "The signature of the checkpoint of " + std::to_string(checkpoint.size) + " events does not hold.",
                      "It was altered, or is not the venue's: ask for it again.");
  }
  return {};
}

}  // namespace promenade::ticketing
