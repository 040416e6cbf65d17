#include "ticketing/circuit/check_log.h"

#include "ticketing/circuit/pull.h"
#include "ticketing/core/ledger_state.h"
#include "ticketing/core/merkle.h"

namespace promenade::ticketing::circuit {
namespace {

constexpr int kTries = 5;  // a venue that sells is always a little ahead of what was pulled

struct Replayed {
  MerkleTree tree;
  LogKeys keys;
};

// The tree and the log keys of the pulled events. The rules are checked where reports are; here only what is signed.
base::Result<Replayed> replay(const EventFile& file) {
  Replayed out;
  const auto done = file.for_each_stored([&](base::ByteView stored, const Event& event) -> base::Result<void> {
    out.tree.append(stored);
    if (event.kind != kLogKeyEvent) return {};
    const auto key = log_key_from_json(nlohmann::json::parse(event.body, nullptr, false));
    if (!key) return std::unexpected(key.error());
    return out.keys.add(*key);
  });
  if (!done) return std::unexpected(done.error());
  return out;
}

base::Result<std::vector<LogKey>> ask_keys(base::http::Client& client) {
  const auto body = ask_json(client, "/v1/log-keys");
  if (!body) return std::unexpected(body.error());
  std::vector<LogKey> keys;
  for (const auto& one : body->value("keys", nlohmann::json::array())) {
    const auto key = log_key_from_json(one);
    if (!key) return std::unexpected(key.error());
    keys.push_back(*key);
  }
  return keys;
}

std::unexpected<base::Error> differs(const Checkpoint& checkpoint) {
  return base::fail("checkpoint-differs", "The venue " + checkpoint.venue.value() + " has signed a checkpoint of " + std::to_string(checkpoint.size) + " events that are not those it gave here.",
                    "It shows different people different ledgers: keep this file and the checkpoint as evidence and ask the venue.");
}

}  // namespace

base::Result<SignedLog> check_log(base::http::Client& client, EventFile& file, store::WitnessFile& witness) {
  const auto body = ask_json(client, "/v1/checkpoints/latest");
  if (!body && (body.error().code == "checkpoint-none" || body.error().code == "not-found")) {
    if (!witness.last()) return SignedLog{};
    return base::fail("checkpoint-missing", "The venue " + file.venue().value() + " shows no checkpoint, and had signed one of " + std::to_string(witness.last()->size) + " events.",
                      "Ask the venue; a restored ledger shows its checkpoints again within a minute.");
  }
  if (!body) return std::unexpected(body.error());
  const auto checkpoint = checkpoint_from_json(*body);
  if (!checkpoint) return std::unexpected(checkpoint.error());
  for (int tries = 0; checkpoint->size > file.head().seq && tries < kTries; ++tries)
    if (const auto more = pull_events(client, file); !more) return std::unexpected(more.error());
  if (checkpoint->size > file.head().seq) return differs(*checkpoint);
  const auto ours = replay(file);
  if (!ours) return std::unexpected(ours.error());
  if (checkpoint->root != ours->tree.root(checkpoint->size)) return differs(*checkpoint);
  const auto keys = ask_keys(client);
  if (!keys) return std::unexpected(keys.error());
  // A key that came after our last event is no contradiction; the next pull brings its event.
  for (const LogKey& key : *keys) {
    const LogKey* known = ours->keys.at(key.from);
    if (key.from <= file.head().seq && (known == nullptr || *known != key)) {
      return base::fail("log-keys-differ", "The venue " + file.venue().value() + " names a log key that its events do not.", "Somebody else answers for the venue: ask the venue, by another way.");
    }
  }
  const std::uint64_t from = witness.last() ? witness.last()->size : 0;
  const auto proof = from <= checkpoint->size ? ours->tree.consistency(from, checkpoint->size) : std::vector<base::Hash>{};
  if (auto done = witness.offer({*checkpoint, *keys, from, proof}); !done) return std::unexpected(done.error());
  return SignedLog{checkpoint->size};
}

}  // namespace promenade::ticketing::circuit
