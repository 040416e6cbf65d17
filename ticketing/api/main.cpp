// promenade-boxoffice: the box office as a server and as commands. Wiring of the command line only.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <print>

#include "ticketing/api/commands.h"
#include "ticketing/api/exit_code.h"
#include "ticketing/api/serve.h"

namespace {

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::api;

struct Line {
  Common common;
  ServeOptions serve;
  SellOptions sell;
  SettleOptions settle;
  VerifyOptions verify;
  RestoreCommand restore;
  std::string price, ticket, token, hall, film, date, file, supervisor, reason, name, svg_file, granted;
  int headset = 0, port = 8420, poll_port = -1, device_port = -1;
  std::string bind = "127.0.0.1", language = "zh";
  base::http::ServerTls tls;
  bool force = false, csv = false, html = false;
  std::vector<std::string> scopes;
  std::function<int()> run;
};

void add_place(CLI::App& command, Line& line, bool with_url = true) {
  command.add_option("--config", line.common.config_file, "The venue's boxoffice.toml");
  command.add_option("--data", line.common.data_dir, "Folder of the ledger and the keys")->capture_default_str();
  if (!with_url) return;
  command.add_option("--url", line.common.url, "A running box office, e.g. http://127.0.0.1:8420; then --config and --data are not needed");
  command.add_option("--key", line.common.key, "API key for --url")->envname("PROMENADE_BOXOFFICE_KEY");
  command.add_flag("--json", line.common.json, "Print JSON on one line");
}

void add_witness(CLI::App& command, std::string& place, std::string& key) {
  command.add_option("--witness", place, "Outside witness: a file, or the address of a `promenade circuit witness`");
  command.add_option("--witness-key", key, "Key for the witness's address")->envname("PROMENADE_WITNESS_KEY");
}

void add_request(CLI::App& command, Line& line) {
  add_place(command, line);
  command.add_option("--actor", line.common.actor, "Who does it, for the ledger")->capture_default_str();
  command.add_option("--idempotency-key", line.common.idempotency_key, "The same key again gives the same answer; a fresh one where left out");
}

void add_serve(CLI::App& app, Line& line) {
  auto& command = *app.add_subcommand("serve", "Run the box office: API and pages, until SIGINT or SIGTERM");
  add_place(command, line, false);
  command.add_option("--bind", line.bind, "Address to listen on")->capture_default_str();
  command.add_option("--port", line.port, "Port of API and pages; 0: the system picks")->check(CLI::Range(0, 65535))->capture_default_str();
  command.add_option("--poll-port", line.poll_port, "Port for waiting pulls; the next after --port where left out")->check(CLI::Range(0, 65535));
  auto* certificate = command.add_option("--certificate", line.tls.certificate_file, "This server's certificate, PEM with its chain: API, pages and waiting pulls are then HTTPS");
  auto* key = command.add_option("--key", line.tls.key_file, "Its key, PEM")->needs(certificate);
  certificate->needs(key);
  command.add_option("--client-ca", line.tls.client_ca_file, "Only clients with a certificate of this CA are heard there, PEM; keys are needed all the same")->needs(certificate);
  add_witness(command, line.serve.witness, line.serve.witness_key);
  auto* device_port = command.add_option("--device-port", line.device_port, "Port for devices that are known by their certificates (mutual TLS); 0: the system picks; none where left out")->check(CLI::Range(0, 65535));
  for (const auto& [name, file, help] : std::initializer_list<std::tuple<const char*, std::string*, const char*>>{
           {"--device-certificate", &line.serve.device_tls.certificate_file, "This server's certificate, PEM with its chain"}, {"--device-key", &line.serve.device_tls.key_file, "Its key, PEM"},
           {"--device-ca", &line.serve.device_tls.client_ca_file, "Certificate of the CA that issues the devices' certificates, PEM"}}) {
    auto* option = command.add_option(name, *file, help)->needs(device_port);
    device_port->needs(option);
  }
  command.add_option("--report-to", line.serve.report_to, "Where records for the national system go: a folder, or an adapter's address (not certified; see docs/ledger.md)");
  command.add_option("--report-key", line.serve.report_key, "Key for that address")->envname("PROMENADE_REPORT_KEY");
  command.callback([&line] {
    line.run = [&line] {
      auto config = read_config(line.common.config_file);
      if (!config) return kExitUsage;
      const int poll = line.poll_port >= 0 ? line.poll_port : line.port == 0 ? 0 : line.port + 1;
      return serve({std::move(*config), line.common.data_dir, line.bind, static_cast<std::uint16_t>(line.port), static_cast<std::uint16_t>(poll),
                    line.serve.witness, line.serve.witness_key, line.serve.report_to, line.serve.report_key,
                    line.tls.certificate_file.empty() ? std::nullopt : std::optional(line.tls),
                    line.device_port < 0 ? std::nullopt : std::optional(static_cast<std::uint16_t>(line.device_port)), line.serve.device_tls});
    };
  });
}

void add_sales(CLI::App& app, Line& line) {
  for (const auto& [name, kind, help] : std::initializer_list<std::tuple<const char*, TicketKind, const char*>>{
           {"sell", TicketKind::paid, "Sell tickets of one film"}, {"comp", TicketKind::comp, "Issue tickets that cost nothing (needs --reason)"}}) {
    auto& command = *app.add_subcommand(name, help);
    add_request(command, line);
    command.add_option("--film", line.sell.film, "Film code, 12 digits")->required();
    command.add_option("--count", line.sell.count, "Tickets; one where left out, or one for each voucher code")->check(CLI::Range(1, 50));
    command.add_option("--screening", line.sell.screening, "Screening code; the current or next one where left out");
    command.add_option("--channel", line.sell.channel, "Channel code, 8 digits")->capture_default_str();
    command.add_option("--reason", line.sell.reason, "Why it costs nothing");
    if (kind == TicketKind::paid) {
      auto* discount = command.add_option("--discount", line.sell.discount, "A discount of the venue by its id in boxoffice.toml, e.g. pupil");
      auto* voucher = command.add_option("--voucher", line.sell.voucher, "A kind of voucher by its id in boxoffice.toml, e.g. gift")->excludes(discount);
      command.add_option("--voucher-code", line.sell.voucher_codes, "Code of a voucher of that kind; one for each ticket, may be given again")->needs(voucher);
    }
    command.add_flag("--qr", line.sell.qr, "Show the QR codes in the terminal");
    command.add_option("--svg", line.sell.svg_dir, "Write the QR codes as CODE.svg into this folder");
    command.callback([&line, kind] { line.run = [&line, kind] { return sell_command(line.common, line.sell, kind); }; });
  }
  auto& refund = *app.add_subcommand("refund", "Refund a ticket; once it is redeemed, with reason and supervisor");
  add_request(refund, line);
  refund.add_option("ticket", line.ticket, "Ticket code, 16 digits")->required();
  refund.add_option("--reason", line.reason, "Why");
  refund.add_option("--supervisor", line.supervisor, "Who allowed it");
  refund.callback([&line] {
    line.run = [&line] { return ask_command(line.common, RefundRequest{request_head(line.common), base::TicketId(line.ticket), line.reason, line.supervisor}); };
  });
  auto& change = *app.add_subcommand("change", "Change a ticket's film: one atomic refund and reissue");
  add_request(change, line);
  change.add_option("ticket", line.ticket, "Ticket code, 16 digits")->required();
  change.add_option("--film", line.film, "Code of the new film")->required();
  change.add_option("--screening", line.sell.screening, "Screening code; the current or next one where left out");
  change.add_option("--price", line.price, "What the new ticket costs, e.g. 45.00, where its price class is another; the difference is settled at the counter");
  change.callback([&line] {
    line.run = [&line] {
      return ask_command(line.common, ChangeRequest{request_head(line.common), base::TicketId(line.ticket), base::FilmId(line.film), base::ScreeningId(line.sell.screening),
                                                    line.price.empty() ? std::nullopt : std::optional(line.price)});
    };
  });
  auto& redeem = *app.add_subcommand("redeem", "Redeem a ticket by its QR text");
  add_request(redeem, line);
  redeem.add_option("token", line.token, "QR text, PMT1...")->required();
  redeem.add_option("--hall", line.hall, "Hall at whose door it is used")->required();
  redeem.add_option("--headset", line.headset, "Number of the headset it is bound to")->check(CLI::Range(1, 65535));
  redeem.callback([&line] {
    line.run = [&line] {
      return ask_command(line.common, RedemptionRequest{request_head(line.common), line.token, base::HallId(line.hall),
                                                        base::HeadsetId(static_cast<std::uint16_t>(line.headset)), false});
    };
  });
}

void add_evacuation(CLI::App& app, Line& line) {
  auto& settle = *app.add_subcommand("settle-evacuation", "What becomes of the visits that an evacuation ended");
  add_request(settle, line);
  auto& what = *settle.add_option_group("settlement");
  what.add_flag_callback("--refund", [&line] { line.settle.settlement = Settlement::refund; }, "The money goes back (needs --supervisor)");
  what.add_flag_callback("--rebook", [&line] { line.settle.settlement = Settlement::rebook; }, "The ticket opens the door again, now or for a later screening");
  what.add_flag_callback("--resume", [&line] { line.settle.settlement = Settlement::resume; }, "The viewer goes on");
  what.require_option(1);
  auto& whose = *settle.add_option_group("whose");
  whose.add_option("--ticket", line.settle.tickets, "Ticket code, 16 digits; may be given again");
  whose.add_flag("--all-open", line.settle.all_open, "All of the evacuation that are not settled yet");
  whose.require_option(1);
  settle.add_option("--evacuation", line.settle.evacuation, "Which; the last one of the day where left out");
  settle.add_option("--date", line.settle.date, "Its business date; today where left out");
  settle.add_option("--supervisor", line.settle.supervisor, "Who allowed it");
  settle.add_flag("--dry-run", line.settle.dry_run, "Only say for which tickets it would be asked");
  settle.callback([&line] { line.run = [&line] { return settle_evacuation_command(line.common, line.settle); }; });
}

void add_day(CLI::App& app, Line& line) {
  auto& close = *app.add_subcommand("close-day", "Close a business date into a final report");
  add_request(close, line);
  close.add_option("date", line.date, "Business date, e.g. 2026-05-01")->required();
  close.add_flag("--force", line.force, "Although plays have not ended");
  close.callback([&line] {
    line.run = [&line] {
      const auto date = BusinessDate::from_text(line.date);
      if (!date) return fail_with(date.error());
      return ask_command(line.common, DayClose{request_head(line.common), *date, line.force});
    };
  });
  auto& correct = *app.add_subcommand("correct", "Make the next revision of a closed day");
  add_request(correct, line);
  correct.add_option("date", line.date, "Business date")->required();
  correct.add_option("--reason", line.reason, "Why")->required();
  correct.add_option("--supervisor", line.supervisor, "Who allowed it")->required();
  correct.add_option("--refund", line.ticket, "Ticket that the correction refunds");
  correct.callback([&line] {
    line.run = [&line] {
      const auto date = BusinessDate::from_text(line.date);
      if (!date) return fail_with(date.error());
      return ask_command(line.common, Correction{request_head(line.common), *date, line.reason, line.supervisor, base::TicketId(line.ticket)});
    };
  });
  auto& approve = *app.add_subcommand("approve-late-entry", "Book the authority's approval of handing in records after the 7 free days; good for 48 hours");
  add_request(approve, line);
  approve.add_option("date", line.date, "Business date of the records")->required();
  approve.add_option("--reference", line.name, "The approval's reference, as the authority gave it")->required();
  approve.add_option("--granted", line.granted, "When it was granted, UTC, e.g. 2026-05-09T02:30:00Z; now where left out");
  approve.add_option("--supervisor", line.supervisor, "Who answers for it here")->required();
  approve.callback([&line] {
    line.run = [&line] {
      const auto date = BusinessDate::from_text(line.date);
      if (!date) return fail_with(date.error());
      const auto granted = line.granted.empty() ? base::Result<base::UtcTime>(system_time()) : utc_from_text(line.granted);
      if (!granted) return fail_with(granted.error());
      return ask_command(line.common, LateEntryApproval{request_head(line.common), *date, line.name, *granted, line.supervisor});
    };
  });
  auto& report = *app.add_subcommand("report", "The day report: text, or --json, --csv, --html");
  add_place(report, line);
  report.add_option("date", line.date, "Business date, or 'today'")->required();
  auto* csv = report.add_flag("--csv", line.csv, "As CSV (UTF-8 with BOM)");
  report.add_flag("--html", line.html, "As a page that stands alone")->excludes(csv);
  report.add_option("--lang", line.language, "Language of the page")->check(CLI::IsMember({"zh", "en"}))->capture_default_str();
  report.add_option("--out", line.file, "Write to this file");
  report.callback([&line] {
    line.run = [&line] {
      const ReportForm form = line.csv ? ReportForm::csv : line.html ? ReportForm::html : line.common.json ? ReportForm::json : ReportForm::text;
      return report_command(line.common, line.date, form, line.language == "zh", line.file);
    };
  });
}

void add_ledger(CLI::App& app, Line& line) {
  auto& observe = *app.add_subcommand("observe", "Book what an independent people counter wrote to a CSV file");
  add_request(observe, line);
  observe.add_option("file", line.file, "CSV with the columns sensor,hall,from,to,entered,left and, for outages, reason")->required();
  observe.callback([&line] { line.run = [&line] { return observe_command(line.common, line.file); }; });
  auto& exporting = *app.add_subcommand("export", "Write all events as stored to a file");
  add_place(exporting, line);
  exporting.add_option("file", line.file, "File to write")->required();
  exporting.callback([&line] { line.run = [&line] { return export_command(line.common, line.file); }; });
  auto& verify = *app.add_subcommand("verify", "Check every event, checkpoint and table, and name the first bad event; no server may hold the ledger");
  add_place(verify, line, false);
  verify.add_flag("--json", line.common.json, "Print JSON on one line");
  verify.add_flag("--rebuild", line.verify.rebuild, "Make the tables anew from the events, where these are whole");
  add_witness(verify, line.verify.witness, line.verify.witness_key);
  verify.callback([&line] { line.run = [&line] { return verify_command(line.common, line.verify); }; });
  auto& rebuild = *app.add_subcommand("rebuild", "Make the ledger's tables anew from its events, after `verify` found them altered");
  add_place(rebuild, line, false);
  rebuild.callback([&line] { line.run = [&line] { return rebuild_command(line.common); }; });
  auto& backup = *app.add_subcommand("backup", "Write a whole copy of the ledger, also while a server sells, and check it");
  add_place(backup, line, false);
  backup.add_option("file", line.file, "File to write; must not exist")->required();
  backup.callback([&line] { line.run = [&line] { return backup_command(line.common, line.file); }; });
  auto& restore = *app.add_subcommand("restore", "Put a copy in the ledger's place; what was there is kept beside it");
  add_place(restore, line, false);
  restore.add_option("file", line.restore.copy, "The copy that `backup` wrote")->required();
  restore.add_option("--events", line.restore.events_file, "Events that came after the copy: what `boxoffice export` or `circuit export` wrote");
  restore.add_flag("--accept-loss", line.restore.accept_loss, "Although the witness or the ledger that is there has events that nobody can give back");
  add_witness(restore, line.restore.witness, line.restore.witness_key);
  restore.callback([&line] { line.run = [&line] { return restore_command(line.common, line.restore); }; });
  auto& rotate = *app.add_subcommand("rotate-key", "Put a new key in the place of the one in use; no server may hold the ledger");
  add_place(rotate, line, false);
  rotate.add_option("use", line.name, "tickets or log")->required()->check(CLI::IsMember({"tickets", "log"}));
  rotate.callback([&line] { line.run = [&line] { return rotate_key_command(line.common, line.name); }; });
  auto& ticket = *app.add_subcommand("ticket", "Look at tickets");
  ticket.require_subcommand(1);
  auto& show = *ticket.add_subcommand("show", "What has happened to a ticket; its QR code while it still opens the door");
  add_place(show, line);
  show.add_option("code", line.ticket, "Ticket code, 16 digits")->required();
  show.add_option("--svg", line.svg_file, "Write the QR code to this SVG file");
  show.callback([&line] { line.run = [&line] { return ticket_command(line.common, line.ticket, line.svg_file); }; });
}

void add_keys(CLI::App& app, Line& line) {
  auto& key = *app.add_subcommand("key", "API keys; a running server takes changes at once");
  key.require_subcommand(1);
  auto& add = *key.add_subcommand("add", "Make a key and print it, this once");
  auto& list = *key.add_subcommand("list", "Names and scopes");
  auto& revoke = *key.add_subcommand("revoke", "Take a key back");
  for (auto* command : {&add, &list, &revoke})
    command->add_option("--data", line.common.data_dir, "Folder of the ledger and the keys")->capture_default_str();
  add.add_option("name", line.name, "Who it is for; becomes the actor in the ledger")->required();
  add.add_option("--scope", line.scopes, "sell, redeem, play, observe, read, close; may be given again")->required()->delimiter(',');
  add.add_option("--certificate", line.file, "A device's certificate (PEM) in the key's place; for --device-port of serve");
  revoke.add_option("name", line.name, "Whose")->required();
  add.callback([&line] { line.run = [&line] { return key_add_command(line.common, line.name, line.scopes, line.file); }; });
  list.callback([&line] { line.run = [&line] { return key_list_command(line.common); }; });
  revoke.callback([&line] { line.run = [&line] { return key_revoke_command(line.common, line.name); }; });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Promenade's box office: sells, redeems, counts, and reports from one append-only ledger.", "promenade-boxoffice");
  app.require_subcommand(1);
  app.footer("Exit codes: 0 done, 1 refused, 2 wrong usage or input, 3 surroundings (port, disk, ledger in use, no server).");
  Line line;
  add_serve(app, line);
  add_sales(app, line);
  add_evacuation(app, line);
  add_day(app, line);
  add_ledger(app, line);
  add_keys(app, line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitDone : kExitUsage;
  }
  try {
    const int code = line.run();
    if (std::fflush(stdout) == 0) return code;
    return fail_with({"environment", "The output could not be written in full.", "Free space where it goes; what was booked stays booked."});
  } catch (const std::exception& error) {
    std::println(stderr, "promenade-boxoffice: {}", error.what());
    return kExitEnvironment;
  }
}
