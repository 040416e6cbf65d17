#pragma once
// The commands of `promenade-boxoffice` but serve: each does one thing through a gate or on the data folder, prints
// what came of it, and gives the exit code. Rim.

#include <optional>
#include <string>
#include <vector>

#include "ticketing/api/gate.h"

namespace promenade::ticketing::api {

struct Common {
  std::string config_file, data_dir = "boxoffice-data";
  std::string url, key;              // url set: through a running server
  std::string actor = "cli", idempotency_key;
  bool json = false;
};

struct SellOptions {
  std::string film, screening, channel = "00000000", reason;
  std::optional<int> count;  // none: one, or as many as there are voucher codes
  std::string discount, voucher;  // by their ids in boxoffice.toml; one of the two
  std::vector<std::string> voucher_codes;
  bool qr = false;
  std::string svg_dir;
};

struct SettleOptions {
  std::string evacuation, date;        // empty: the last one of the date; today
  std::string supervisor;
  std::vector<std::string> tickets;    // none: all that are open
  Settlement settlement = Settlement::open;
  bool all_open = false, dry_run = false;
};

int fail_with(const base::Error& error);
// Reads boxoffice.toml; prints its findings; nullopt when it cannot be used.
std::optional<Config> read_config(const std::string& file);

int sell_command(const Common& common, const SellOptions& options, TicketKind kind);
// Books what an independent counter wrote to a file (observation_file.h); lines booked before are booked no second time.
int observe_command(const Common& common, const std::string& file);
int ask_command(const Common& common, Request request);  // any other request; prints the answer
// Each ticket on its own, with a line for each; "refused" where one of them was. Settled so already is no refusal.
int settle_evacuation_command(const Common& common, const SettleOptions& options);
int report_command(const Common& common, const std::string& date, ReportForm form, bool chinese, const std::string& out_file);
int export_command(const Common& common, const std::string& file);
struct VerifyOptions {
  bool rebuild = false;              // makes the tables anew where the events are whole
  std::string witness, witness_key;  // compares with what it holds, see open_witness
};
struct RestoreCommand {
  std::string copy, events_file;
  std::string witness, witness_key;
  bool accept_loss = false;
};
// On the data folder; commands_ledger.cpp.
int verify_command(const Common& common, const VerifyOptions& options);
int rebuild_command(const Common& common);
int backup_command(const Common& common, const std::string& file);
int restore_command(const Common& common, const RestoreCommand& options);
int rotate_key_command(const Common& common, const std::string& use);
int ticket_command(const Common& common, const std::string& code, const std::string& svg_file);
// CERTIFICATE_FILE: the device is known by it, and no key is made; empty: a key.
int key_add_command(const Common& common, const std::string& name, const std::vector<std::string>& scopes, const std::string& certificate_file);
int key_list_command(const Common& common);
int key_revoke_command(const Common& common, const std::string& name);

// Head of a request made by hand: now, this device, the actor; a fresh idempotency key unless one is given.
RequestHead request_head(const Common& common);

}  // namespace promenade::ticketing::api
