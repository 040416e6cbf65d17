// Commands on the ledger's file itself: verify, rebuild, backup, restore, rotate-key.
#include <filesystem>
#include <print>
#include <system_error>

#include "ticketing/api/commands.h"
#include "ticketing/api/exit_code.h"
#include "ticketing/api/serve.h"
#include "ticketing/api/witness_link.h"
#include "ticketing/store/restore.h"
#include "ticketing/store/witness_file.h"
#include "tracking/base/text_file.h"

namespace promenade::ticketing::api {
namespace {

constexpr std::size_t kMaxExport = std::size_t{16} << 30;

// The ledger file of the venue that the options name, for commands that take it as it is.
struct LedgerFile {
  std::optional<Config> config;
  DataDir dir;
  int exit_code = kExitDone;
};

LedgerFile ledger_of(const Common& common, bool must_be_there = true) {
  LedgerFile found{read_config(common.config_file), DataDir{common.data_dir}, kExitDone};
  if (!found.config) return {std::nullopt, {}, kExitUsage};
  if (!must_be_there) return found;
  if (const auto there = require_ledger(found.dir); !there) found.exit_code = fail_with(there.error());
  return found;
}

base::Result<std::optional<Checkpoint>> witnessed_by(const std::string& place, const std::string& key, const base::VenueId& venue) {
  if (place.empty()) return std::nullopt;
  if (!place.starts_with("http")) return store::WitnessFile::last_of(place, venue);
  auto link = open_witness(place, key, venue);
  if (!link) return std::unexpected(link.error());
  return (*link)->last();
}

nlohmann::json json_of(const store::Verification& v, const std::optional<Checkpoint>& witnessed) {
  nlohmann::json out{{"events", v.events}, {"chain_ok", v.chain_ok}, {"rebuilt_identical", v.rebuilt_identical}, {"head_seq", v.head.seq},
                     {"head_hash", base::to_hex(v.head.hash)}, {"checkpoints", v.checkpoints}, {"code", v.code}, {"detail", v.detail}};
  out["first_bad_event"] = v.first_bad == 0 ? nlohmann::json() : nlohmann::json(v.first_bad);
  out["witnessed_events"] = witnessed ? nlohmann::json(witnessed->size) : nlohmann::json();
  return out;
}

void print_verification(const store::Verification& v, const std::optional<Checkpoint>& witnessed) {
  std::println("events             {}", v.events);
  std::println("chain_ok           {}", v.chain_ok);
  std::println("checkpoints        {}", v.checkpoints);
  if (witnessed) std::println("witnessed_events   {}", witnessed->size);
  std::println("rebuilt_identical  {}", v.rebuilt_identical);
  if (v.first_bad > 0) std::println("first_bad_event    {}", v.first_bad);
  std::println("head               {} {}", v.head.seq, base::to_hex(v.head.hash));
}

}  // namespace

int verify_command(const Common& common, const VerifyOptions& options) {
  const auto [config, dir, exit_code] = ledger_of(common);
  if (exit_code != kExitDone) return exit_code;
  const auto witnessed = witnessed_by(options.witness, options.witness_key, config->venue);
  if (!witnessed) return fail_with(witnessed.error());
  auto result = store::verify_ledger_file(dir.ledger(), config->venue, *witnessed);
  if (!result) return fail_with(result.error());
  if (options.rebuild && result->chain_ok && !result->rebuilt_identical && result->first_bad == 0) {
    if (const auto done = store::rebuild_ledger_file(dir.ledger(), config->venue); !done) return fail_with(done.error());
    std::println(stderr, "promenade-boxoffice: the tables were not what the events amount to; they are made anew.");
    result = store::verify_ledger_file(dir.ledger(), config->venue, *witnessed);
    if (!result) return fail_with(result.error());
  }
  if (common.json) std::println("{}", json_of(*result, *witnessed).dump());
  else print_verification(*result, *witnessed);
  if (result->ok()) return kExitDone;
  std::println(stderr, "promenade-boxoffice: {}", result->detail);
  return kExitRefused;
}

int rebuild_command(const Common& common) {
  const auto [config, dir, exit_code] = ledger_of(common);
  if (exit_code != kExitDone) return exit_code;
  const auto done = store::rebuild_ledger_file(dir.ledger(), config->venue);
  if (!done) return fail_with(done.error());
  std::println("The tables of {} are made anew from its events.", dir.ledger());
  return kExitDone;
}

int backup_command(const Common& common, const std::string& file) {
  const auto [config, dir, exit_code] = ledger_of(common);
  if (exit_code != kExitDone) return exit_code;
  {
    const auto reader = store::LedgerReader::open(dir.ledger(), config->venue);
    if (!reader) return fail_with(reader.error());
    if (const auto done = reader->back_up(file); !done) return fail_with(done.error());
  }
  // A copy that nobody has checked is none.
  const auto checked = store::verify_ledger_file(file, config->venue);
  std::error_code ignored;
  std::filesystem::remove(file + ".lock", ignored);
  if (!checked) return fail_with(checked.error());
  if (!checked->ok()) {
    std::println(stderr, "promenade-boxoffice: the copy {} is not whole, and so the ledger is not: {}", file, checked->detail);
    return kExitRefused;
  }
  std::println("{}: {} events, {} checkpoints, whole", file, checked->events, checked->checkpoints);
  return kExitDone;
}

int restore_command(const Common& common, const RestoreCommand& options) {
  const auto [config, dir, exit_code] = ledger_of(common, false);
  if (exit_code != kExitDone) return exit_code;
  // Never with new keys: circuit, witness and door would take nothing that they sign.
  for (const std::string& key : {dir.ticket_key(), dir.log_key()}) {
    std::error_code unknown;
    if (!std::filesystem::exists(key, unknown)) return fail_with({"key-file", "The key " + key + " is not there.", "Put the keys back from their backup first, then the ledger."});
  }
  const auto witnessed = witnessed_by(options.witness, options.witness_key, config->venue);
  if (!witnessed) return fail_with(witnessed.error());
  std::optional<ExportContent> events;
  if (!options.events_file.empty()) {
    const auto text = base::read_text_file(options.events_file, kMaxExport);
    if (!text) return fail_with({"environment", "Cannot read " + options.events_file + ": " + text.error() + ".", "Check the name."});
    auto content = read_export(base::as_bytes(*text));
    if (!content) return fail_with(content.error());
    events = std::move(*content);
  }
  const auto done = store::restore_ledger({options.copy, dir.ledger(), config->venue, events ? &*events : nullptr, *witnessed, options.accept_loss});
  if (!done) return fail_with(done.error());
  std::println("{}: {} events of the copy, {} of the export, head {}", dir.ledger(), done->of_copy, done->of_events, base::to_hex(done->head.hash));
  if (!done->kept_as.empty()) std::println("What was there is kept as {}", done->kept_as);
  return kExitDone;
}

int rotate_key_command(const Common& common, const std::string& use) {
  const auto [config, dir, exit_code] = ledger_of(common);
  if (exit_code != kExitDone) return exit_code;
  const auto key = rotate_key(dir, *config, use == "log" ? KeyUse::log : KeyUse::tickets, system_time());
  if (!key) return fail_with(key.error());
  std::println("The {} key is now {}. Back up {} again.", use == "log" ? "log" : "ticket", base::to_hex(*key), use == "log" ? dir.log_key() : dir.ticket_key());
  if (use == "tickets") std::println("Give the halls {} before they open: until then they take new tickets only while the box office answers.", dir.ticket_public_key());
  return kExitDone;
}

}  // namespace promenade::ticketing::api
