#pragma once
// The box office's folder: ledger.sqlite; ticket-key (0600) with ticket-key.pub for the hall; log-key (0600) with
// log-key.pub for circuits and witnesses; api-keys. The two keys are different ones: who may print tickets cannot sign the
// log. (The keys that films are signed with are the distributors', and never here.) Rim: touches files and the system's random source. Errors: "environment", those of the key files and of BoxOffice::open.

#include <string>

#include "ticketing/api/key_ring.h"
#include "ticketing/store/box_office.h"

namespace promenade::ticketing::api {

struct DataDir {
  std::string path;
  std::string ledger() const { return path + "/ledger.sqlite"; }
  std::string ticket_key() const { return path + "/ticket-key"; }
  std::string ticket_public_key() const { return path + "/ticket-key.pub"; }
  std::string log_key() const { return path + "/log-key"; }
  std::string log_public_key() const { return path + "/log-key.pub"; }
  std::string api_keys() const { return path + "/api-keys"; }
  std::string gates() const { return path + "/gates"; }  // which device is which gate of the venue
  std::string initial_keys() const { return path + "/initial-keys"; }
};

// Makes the folder (0700) and the keys where they are missing; gives them. A folder with a ledger and without a key that
// it had, or with one key for both, is refused ("key-file").
base::Result<store::OfficeKeys> prepare(const DataDir& dir);

enum class KeyUse { tickets, log };
// Another key takes the place of the one in use, which is destroyed: the ledger records it, and what the old one signed
// stays good. No server may hold the ledger. Interrupted at any moment it can be asked again.
base::Result<base::PublicKey> rotate_key(const DataDir& dir, const Config& config, KeyUse use, base::UtcTime now);

// "ledger-missing" where the folder has no ledger: for commands that have no business beginning one.
base::Result<void> require_ledger(const DataDir& dir);

struct OpenOffice {
  base::KeyPair key;
  store::BoxOffice office;
};
base::Result<OpenOffice> open_office(const DataDir& dir, const Config& config, base::UtcTime now);

// Where the folder has no API key yet, makes clerk, hall, circuit and manager and writes them as lines
// "NAME KEY SCOPES" to initial-keys (0600). True when it did.
base::Result<bool> make_initial_keys(const DataDir& dir);

base::Result<std::string> add_key(const DataDir& dir, const std::string& name, const std::set<Scope>& scopes);
// A device that is known by its certificate, PEM; gives the fingerprint. Errors besides: "certificate-malformed".
base::Result<std::string> add_certificate(const DataDir& dir, const std::string& name, const std::set<Scope>& scopes, std::string_view pem);
std::string new_idempotency_key(std::string_view prefix);  // PREFIX and 16 random characters

}  // namespace promenade::ticketing::api
