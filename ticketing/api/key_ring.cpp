#include "ticketing/api/key_ring.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "ticketing/api/text_file.h"

namespace promenade::ticketing::api {
namespace {

using base::fail;

constexpr std::string_view kNames[] = {"sell", "redeem", "play", "observe", "read", "close"};

std::string hash_text(std::string_view key_text) { return base::to_hex(base::blake2b(base::as_bytes(key_text))); }

}  // namespace

std::string_view to_string(Scope scope) { return kNames[static_cast<std::size_t>(scope)]; }

const std::vector<Scope>& all_scopes() {
  static const std::vector<Scope> scopes{Scope::sell, Scope::redeem, Scope::play, Scope::observe, Scope::read, Scope::close};
  return scopes;
}

base::Result<Scope> parse_scope(std::string_view text) {
  for (const Scope scope : all_scopes())
    if (to_string(scope) == text) return scope;
  return fail("scope-unknown", "There is no scope '" + std::string(text) + "'.",
              "The scopes are sell, redeem, play, observe, read and close.");
}

base::Result<void> KeyRing::check_new(const std::string& name, const std::set<Scope>& scopes) const {
  if (name.empty() || name.size() > 64 ||
      !std::ranges::all_of(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.'; }))
    return fail("key-name-bad", "'" + name + "' cannot name a key.", "Use up to 64 letters, digits, '-', '_' and '.'.");
  if (scopes.empty()) return fail("scope-unknown", "The key '" + name + "' has no scope.", "Name at least one scope.");
  if (std::ranges::any_of(keys_, [&](const ApiKey& key) { return key.name == name; }))
    return fail("key-name-taken", "A key '" + name + "' exists.", "Choose another name or revoke that key.");
  return {};
}

base::Result<std::string> KeyRing::add(std::string name, std::set<Scope> scopes, base::ByteView random) {
  if (auto fine = check_new(name, scopes); !fine) return std::unexpected(fine.error());
  std::string text = "pk_" + base::to_base64url(random);
  keys_.push_back({std::move(name), hash_text(text), std::move(scopes), {}});
  return text;
}

base::Result<void> KeyRing::add_certificate(std::string name, std::set<Scope> scopes, std::string fingerprint) {
  if (auto fine = check_new(name, scopes); !fine) return fine;
  if (const ApiKey* other = of_certificate(fingerprint); other != nullptr)
    return fail("key-name-taken", "This certificate is that of the key '" + other->name + "'.", "One certificate is for one device.");
  keys_.push_back({std::move(name), {}, std::move(scopes), std::move(fingerprint)});
  return {};
}

base::Result<void> KeyRing::revoke(std::string_view name) {
  if (std::erase_if(keys_, [&](const ApiKey& key) { return key.name == name; }) == 0)
    return fail("key-unknown", "There is no key '" + std::string(name) + "'.", "`key list` shows the names.");
  return {};
}

const ApiKey* KeyRing::find(std::string_view key_text) const {
  const std::string hash = hash_text(key_text);
  const auto at = std::ranges::find_if(keys_, [&](const ApiKey& key) { return key.hash == hash; });
  return at == keys_.end() ? nullptr : &*at;
}

const ApiKey* KeyRing::of_certificate(std::string_view fingerprint) const {
  if (fingerprint.empty()) return nullptr;
  const auto at = std::ranges::find(keys_, fingerprint, &ApiKey::certificate);
  return at == keys_.end() ? nullptr : &*at;
}

const ApiKey* KeyRing::named(std::string_view name) const {
  const auto at = std::ranges::find(keys_, name, &ApiKey::name);
  return at == keys_.end() ? nullptr : &*at;
}

std::string KeyRing::to_json() const {
  nlohmann::json keys = nlohmann::json::array();
  for (const ApiKey& key : keys_) {
    nlohmann::json scopes = nlohmann::json::array();
    for (const Scope scope : key.scopes) scopes.push_back(to_string(scope));
    keys.push_back({{"name", key.name}, {"hash", key.hash}, {"scopes", scopes}});
    if (!key.certificate.empty()) keys.back()["certificate"] = key.certificate;
  }
  return nlohmann::json{{"keys", keys}}.dump(2) + "\n";
}

base::Result<KeyRing> KeyRing::from_json(std::string_view text, const std::string& file_name) {
  const auto malformed = [&] {
    return fail("keys-malformed", file_name + " is not a key file.", "Restore it, or move it away and make the keys anew.");
  };
  const auto document = nlohmann::json::parse(text, nullptr, false);
  if (!document.is_object() || !document.contains("keys") || !document["keys"].is_array()) return malformed();
  KeyRing ring;
  for (const auto& entry : document["keys"]) {
    if (!entry.is_object() || !entry.contains("name") || !entry["name"].is_string() || !entry.contains("hash") ||
        !entry["hash"].is_string() || !entry.contains("scopes") || !entry["scopes"].is_array())
      return malformed();
    if (entry.contains("certificate") && !entry["certificate"].is_string()) return malformed();
    ApiKey key{entry["name"], entry["hash"], {}, entry.value("certificate", std::string())};
    for (const auto& scope : entry["scopes"]) {
      if (!scope.is_string()) return malformed();
      const auto parsed = parse_scope(scope.get<std::string>());
      if (!parsed) return std::unexpected(parsed.error());
      key.scopes.insert(*parsed);
    }
    ring.keys_.push_back(std::move(key));
  }
  return ring;
}

base::Result<KeyRing> load_key_ring(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    if (errno == ENOENT) return KeyRing{};
    return fail("keys-unreadable", "Cannot read " + path + ": " + std::strerror(errno) + ".", "Run as the user that owns it.");
  }
  std::ostringstream text;
  text << file.rdbuf();
  return KeyRing::from_json(text.view(), path);
}

base::Result<void> save_key_ring(const KeyRing& ring, const std::string& path) { return replace_file(path, ring.to_json(), 0600); }

}  // namespace promenade::ticketing::api
