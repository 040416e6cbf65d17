#include "ticketing/api/data_dir.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "ticketing/api/text_file.h"
#include "tracking/base/http/tls.h"

namespace promenade::ticketing::api {
namespace {

constexpr std::size_t kKeyBytes = 24;

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string scope_list(const std::set<Scope>& scopes) {
  std::string out;
  for (const Scope scope : scopes) out += (out.empty() ? "" : ",") + std::string(to_string(scope));
  return out;
}

constexpr const char* kNext = ".next";  // a key that is about to take another's place

base::Result<void> publish_key(const std::string& file, const base::KeyPair& key) {
  const std::string text = base::to_hex(key.public_key()) + "\n";
  return text_of(file) == text ? base::Result<void>{} : replace_file(file, text, 0644);
}

base::Result<void> take_place(const std::string& file, const std::string& public_file, const base::KeyPair& next) {
  std::error_code error;
  std::filesystem::rename(file + kNext, file, error);
  if (error) return base::fail("environment", "Cannot put " + file + kNext + " in the place of " + file + ": " + error.message() + ".", "Ask for the rotation again.");
  return publish_key(public_file, next);
}

}  // namespace

base::Result<store::OfficeKeys> prepare(const DataDir& dir) {
  std::error_code error;
  const bool made = std::filesystem::create_directories(dir.path, error);
  if (error)
    return base::fail("environment", "Cannot make the folder " + dir.path + ": " + error.message() + ".", "Choose another with --data or fix its owner.");
  if (made) ::chmod(dir.path.c_str(), 0700);
  const auto there = [&](const std::string& file) { return std::filesystem::exists(file, error); };
  if (there(dir.ledger()) && !there(dir.ticket_key()))
    return base::fail("key-file", "The ticket key " + dir.ticket_key() + " is missing, but there is a ledger: with a new key no ticket sold so far would open the door.",
                      "Restore the key from its backup.");
  if (there(dir.ledger()) && there(dir.log_public_key()) && !there(dir.log_key()))
    return base::fail("key-file", "The log key " + dir.log_key() + " is missing, but the ledger's checkpoints are signed with it: circuit and witness take no other.",
                      "Restore the key from its backup.");
  auto ticket = base::load_or_create_key(dir.ticket_key());
  if (!ticket) return std::unexpected(ticket.error());
  auto log = base::load_or_create_key(dir.log_key());
  if (!log) return std::unexpected(log.error());
  if (ticket->public_key() == log->public_key())
    return base::fail("key-file", "The ticket key and the log key in " + dir.path + " are the same.", "Who prints tickets must not sign the log: restore the right keys from their backup.");
  for (const auto& [file, key] : {std::pair(dir.ticket_public_key(), *ticket), std::pair(dir.log_public_key(), *log)})
    if (auto written = publish_key(file, key); !written) return std::unexpected(written.error());
  return store::OfficeKeys(*ticket, *log);
}

base::Result<void> require_ledger(const DataDir& dir) {
  std::error_code error;
  if (std::filesystem::exists(dir.ledger(), error)) return {};
  return base::fail("ledger-missing", "There is no ledger in " + dir.path + ".", "Name the box office's folder with --data; serve or sell begins a new one.");
}

base::Result<OpenOffice> open_office(const DataDir& dir, const Config& config, base::UtcTime now) {
  auto keys = prepare(dir);
  if (!keys) return std::unexpected(keys.error());
  auto office = store::BoxOffice::open(dir.ledger(), config, *keys, now);
  if (!office && office.error().code == "log-key-unendorsed" && std::filesystem::exists(dir.log_key() + kNext)) {
    // A rotation that was interrupted after the ledger had recorded it.
    const auto next = base::load_key(dir.log_key() + kNext);
    if (!next) return std::unexpected(next.error());
    office = store::BoxOffice::open(dir.ledger(), config, {keys->ticket, *next}, now);
    if (office) {
      if (auto done = take_place(dir.log_key(), dir.log_public_key(), *next); !done) return std::unexpected(done.error());
    }
  }
  if (!office) return std::unexpected(office.error());
  return OpenOffice{keys->ticket, std::move(*office)};
}

base::Result<base::PublicKey> rotate_key(const DataDir& dir, const Config& config, KeyUse use, base::UtcTime now) {
  auto open = open_office(dir, config, now);
  if (!open) return std::unexpected(open.error());
  const std::string file = use == KeyUse::log ? dir.log_key() : dir.ticket_key();
  const auto next = base::load_or_create_key(file + kNext);
  if (!next) return std::unexpected(next.error());
  if (use == KeyUse::log) {
    if (auto done = open->office.rotate_log_key(*next, now); !done) return std::unexpected(done.error());
    // The first checkpoint under the new key, so that the old one is not missed.
    if (auto signed_with = open->office.checkpoint(now); !signed_with) return std::unexpected(signed_with.error());
  } else if (auto done = open->office.rotate_ticket_key(*next, now); !done) {
    return std::unexpected(done.error());
  }
  if (auto done = take_place(file, use == KeyUse::log ? dir.log_public_key() : dir.ticket_public_key(), *next); !done) return std::unexpected(done.error());
  return next->public_key();
}

base::Result<bool> make_initial_keys(const DataDir& dir) {
  auto ring = load_key_ring(dir.api_keys());
  if (!ring) return std::unexpected(ring.error());
  if (!ring->keys().empty()) return false;
  using enum Scope;
  std::string lines;
  for (const auto& [name, scopes] : std::initializer_list<std::pair<const char*, std::set<Scope>>>{
           {"clerk", {sell, redeem, read}}, {"hall", {redeem, play, observe, read}}, {"circuit", {read}}, {"manager", {sell, redeem, play, observe, read, close}}}) {
    const auto key = ring->add(name, scopes, base::random_bytes(kKeyBytes));
    if (!key) return std::unexpected(key.error());
    lines += std::string(name) + " " + *key + " " + scope_list(scopes) + "\n";
  }
  if (const auto written = replace_file(dir.initial_keys(), lines, 0600); !written) return std::unexpected(written.error());
  if (const auto saved = save_key_ring(*ring, dir.api_keys()); !saved) return std::unexpected(saved.error());
  return true;
}

base::Result<std::string> add_key(const DataDir& dir, const std::string& name, const std::set<Scope>& scopes) {
  if (const auto ready = prepare(dir); !ready) return std::unexpected(ready.error());
  auto ring = load_key_ring(dir.api_keys());
  if (!ring) return std::unexpected(ring.error());
  auto key = ring->add(name, scopes, base::random_bytes(kKeyBytes));
  if (!key) return key;
  if (const auto saved = save_key_ring(*ring, dir.api_keys()); !saved) return std::unexpected(saved.error());
  return key;
}

base::Result<std::string> add_certificate(const DataDir& dir, const std::string& name, const std::set<Scope>& scopes, std::string_view pem) {
  auto fingerprint = base::http::certificate_fingerprint(pem);
  if (!fingerprint) return fingerprint;
  if (const auto ready = prepare(dir); !ready) return std::unexpected(ready.error());
  auto ring = load_key_ring(dir.api_keys());
  if (!ring) return std::unexpected(ring.error());
  if (auto added = ring->add_certificate(name, scopes, *fingerprint); !added) return std::unexpected(added.error());
  if (const auto saved = save_key_ring(*ring, dir.api_keys()); !saved) return std::unexpected(saved.error());
  return fingerprint;
}

std::string new_idempotency_key(std::string_view prefix) { return std::string(prefix) + base::to_base64url(base::random_bytes(12)); }

}  // namespace promenade::ticketing::api
