#include "ticketing/api/data_dir.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace promenade::ticketing::api {
namespace {

constexpr std::size_t kKeyBytes = 24;

base::Result<void> write_file(const std::string& path, std::string_view text, mode_t mode) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  const bool written = file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  const int error = errno;
  if (file >= 0) ::close(file);
  if (written) return {};
  return base::fail(error == ENOSPC ? "disk-full" : "environment", "Cannot write " + path + ": " + std::strerror(error) + ".",
                    "Free space or fix the folder's owner.");
}

// SQLite names a full disk in many ways, some of them only as a failed read or write: the disk itself is asked.
base::Error with_disk_state(base::Error error, const DataDir& dir) {
  constexpr std::uintmax_t kNeeded = 64 * 1024;  // a ledger's shared memory and one commit
  std::error_code unknown;
  const auto space = std::filesystem::space(dir.path, unknown);
  if (unknown || space.available >= kNeeded || !error.code.starts_with("ledger-") || error.code == "ledger-in-use") return error;
  return {"disk-full", "The disk that holds " + dir.path + " is full.", "Nothing was booked and nothing is lost; free space and ask again."};
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
  auto key = base::load_or_create_key(dir.ticket_key());
  if (!key) return key;
  const std::string text = base::to_hex(key->public_key()) + "\n";
  if (!std::filesystem::exists(dir.ticket_public_key()))
    if (const auto written = write_file(dir.ticket_public_key(), text, 0644); !written) return std::unexpected(written.error());
  return key;
}

base::Result<OpenOffice> open_office(const DataDir& dir, const Config& config, base::UtcTime now) {
  auto key = prepare(dir);
  if (!key) return std::unexpected(key.error());
  auto office = store::BoxOffice::open(dir.ledger(), config, *key, now);
  if (!office) return std::unexpected(with_disk_state(office.error(), dir));
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
  if (const auto written = write_file(dir.initial_keys(), lines, 0600); !written) return std::unexpected(written.error());
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
