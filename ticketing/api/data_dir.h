#pragma once
// The box office's folder: ledger.sqlite, ticket-key (0600) with ticket-key.pub for the hall, api-keys. Rim: touches
// files and the system's random source. Errors: "environment", those of the key files and of BoxOffice::open.

#include <string>

#include "ticketing/api/key_ring.h"
#include "ticketing/store/box_office.h"

namespace promenade::ticketing::api {

struct DataDir {
  std::string path;
  std::string ledger() const { return path + "/ledger.sqlite"; }
  std::string ticket_key() const { return path + "/ticket-key"; }
  std::string ticket_public_key() const { return path + "/ticket-key.pub"; }
  std::string api_keys() const { return path + "/api-keys"; }
  std::string initial_keys() const { return path + "/initial-keys"; }
};

// Makes the folder (0700) and the ticket key where they are missing; gives the key. A folder with a ledger and without
// its key is refused ("key-file").
base::Result<base::KeyPair> prepare(const DataDir& dir);

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
std::string new_idempotency_key(std::string_view prefix);  // PREFIX and 16 random characters

}  // namespace promenade::ticketing::api
