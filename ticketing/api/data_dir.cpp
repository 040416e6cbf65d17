#include "ticketing/api/data_dir.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "ticketing/api/text_file.h"

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

}  // namespace

base::Result<base::KeyPair> prepare(const DataDir& dir) {
  std::error_code error;
  const bool made = std::filesystem::create_directories(dir.path, error);
  if (error)
    return base::fail("environment", "Cannot make the folder " + dir.path + ": " + error.message() + ".", "Choose another with --data or fix its owner.");
  if (made) ::chmod(dir.path.c_str(), 0700);
  if (std::filesystem::exists(dir.ledger(), error) && !std::filesystem::exists(dir.ticket_key(), error))
    return base::fail("key-file", "The ticket key " + dir.ticket_key() + " is missing, but there is a ledger: with a new key no ticket sold so far would open the door.",
                      "Restore the key from its backup.");
  auto key = base::load_or_create_key(dir.ticket_key());
  if (!key) return key;
  const std::string text = base::to_hex(key->public_key()) + "\n";
  if (text_of(dir.ticket_public_key()) != text)
    if (const auto written = replace_file(dir.ticket_public_key(), text, 0644); !written) return std::unexpected(written.error());
  return key;
}

base::Result<void> require_ledger(const DataDir& dir) {
  std::error_code error;
  if (std::filesystem::exists(dir.ledger(), error)) return {};
  return base::fail("ledger-missing", "There is no ledger in " + dir.path + ".", "Name the box office's folder with --data; serve or sell begins a new one.");
}

base::Result<OpenOffice> open_office(const DataDir& dir, const Config& config, base::UtcTime now) {
  auto key = prepare(dir);
  if (!key) return std::unexpected(key.error());
  auto office = store::BoxOffice::open(dir.ledger(), config, *key, now);
  if (!office) return std::unexpected(office.error());
  return OpenOffice{*key, std::move(*office)};
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

std::string new_idempotency_key(std::string_view prefix) { return std::string(prefix) + base::to_base64url(base::random_bytes(12)); }

}  // namespace promenade::ticketing::api
