#include "ticketing/api/commands.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <print>

#include "ticketing/api/exit_code.h"
#include "ticketing/api/serve.h"
#include "ticketing/core/config_file.h"
#include "ticketing/core/observation_file.h"
#include "ticketing/web/qr.h"
#include "tracking/base/text_file.h"

namespace promenade::ticketing::api {
namespace {

base::Result<void> write_text(const std::string& path, std::string_view text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) return base::fail("environment", "Cannot write " + path + ": " + std::strerror(errno) + ".", "Free space or choose another place.");
  return {};
}

enum class Missing { begin, refuse };  // what becomes of a folder without a ledger

// The gate that the options name; the exit code where there is none.
struct Opened {
  std::unique_ptr<Gate> gate;
  int exit_code = kExitDone;
};

Opened open_gate(const Common& common, Missing missing = Missing::refuse) {
  if (!common.url.empty()) {
    if (common.key.empty()) return {nullptr, fail_with({"usage", "--url needs a key.", "Give --key KEY or set PROMENADE_BOXOFFICE_KEY."})};
    auto client = base::http::Client::open({.base_url = common.url, .headers = {{"Authorization", "Bearer " + common.key}}});
    if (!client) return {nullptr, fail_with(client.error())};
    return {remote_gate(std::move(*client)), kExitDone};
  }
  const auto config = read_config(common.config_file);
  if (!config) return {nullptr, kExitUsage};
  if (missing == Missing::refuse)
    if (const auto there = require_ledger({common.data_dir}); !there) return {nullptr, fail_with(there.error())};
  auto open = open_office({common.data_dir}, *config, system_time());
  if (!open) {
    if (open.error().code == "ledger-in-use")
      open.error().advice = "A box office that runs holds it: use its API with --url http://HOST:PORT --key KEY, or stop it first.";
    return {nullptr, fail_with(open.error())};
  }
  return {local_gate(std::move(*open)), kExitDone};
}

// As the counter's page takes it: blanks and dashes are how codes are printed, and case says nothing.
std::string plain_code(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ' || c == '-') continue;
    out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

int show_tickets(const SaleAnswer& sale, const SellOptions& options) {
  std::println("{} {} on {}: {} x {} = {} {}", sale.sale, sale.film.value(), sale.business_date.text(), sale.tickets.size(), to_decimal(sale.price),
               to_decimal(sale.total), sale.price.currency.code());
  if (sale.off) {
    const bool voucher = !sale.voucher.empty();
    std::println("{} {}: {} {} off each ticket; no part of the takings", voucher ? "voucher" : "discount", voucher ? sale.voucher : sale.discount, to_decimal(*sale.off), sale.off->currency.code());
  }
  for (const SoldTicket& ticket : sale.tickets) {
    std::println("{}  slot {}  {}", ticket.code.value(), ticket.slot, ticket.token);
    if (options.qr) {
      const auto text = web::qr_terminal(ticket.token);
      if (text) std::print("{}", *text);
    }
    if (options.svg_dir.empty()) continue;
    const auto svg = web::qr_svg(ticket.token, ticket.code.value());
    if (!svg) return fail_with(svg.error());
    std::error_code ignored;  // the write below says what is wrong
    std::filesystem::create_directories(options.svg_dir, ignored);
    if (const auto done = write_text(options.svg_dir + "/" + ticket.code.value() + ".svg", *svg); !done) return fail_with(done.error());
  }
  return kExitDone;
}

}  // namespace

int fail_with(const base::Error& error) {
  std::println(stderr, "promenade-boxoffice: {}", error.text());
  return exit_code_of(error.code);
}

std::optional<Config> read_config(const std::string& file) {
  if (file.empty()) {
    fail_with({"usage", "No configuration was named.", "Give --config boxoffice.toml, or --url for a running server."});
    return std::nullopt;
  }
  auto reading = read_config_file(file);
  std::print(stderr, "{}", base::to_string(reading.findings));
  if (!reading.config) std::println(stderr, "promenade-boxoffice: {} cannot be used; correct what is listed above.", file);
  return std::move(reading.config);
}

RequestHead request_head(const Common& common) {
  return {common.idempotency_key.empty() ? new_idempotency_key("cli-") : common.idempotency_key, "cli", system_time(), common.actor};
}

int sell_command(const Common& common, const SellOptions& options, TicketKind kind) {
  auto [gate, exit_code] = open_gate(common, Missing::begin);
  if (!gate) return exit_code;
  SaleRequest sale;
  sale.head = request_head(common);
  sale.film = base::FilmId(options.film);
  sale.screening = base::ScreeningId(options.screening);
  sale.count = options.count.value_or(options.voucher_codes.empty() ? 1 : static_cast<int>(options.voucher_codes.size()));
  sale.discount = options.discount;
  sale.voucher = options.voucher;
  for (const std::string& code : options.voucher_codes) sale.voucher_codes.push_back(plain_code(code));
  sale.channel = options.channel;
  sale.ticket_kind = kind;
  sale.reason = options.reason;
  if (sale.voucher.empty() && !sale.voucher_codes.empty()) return fail_with({"usage", "--voucher-code needs --voucher: of which kind is it?", "The kinds are in boxoffice.toml under [[vouchers]]."});
  const auto checked = request_from_json(to_json(Request(sale)));
  if (!checked) return fail_with(checked.error());
  const auto answer = gate->ask(*checked, system_time());
  if (!answer) return fail_with(answer.error());
  if (common.json) {
    std::println("{}", to_json(*answer).dump());
    return kExitDone;
  }
  return show_tickets(std::get<SaleAnswer>(*answer), options);
}

int ask_command(const Common& common, Request request) {
  const auto checked = request_from_json(to_json(request));
  if (!checked) return fail_with(checked.error());
  auto [gate, exit_code] = open_gate(common);
  if (!gate) return exit_code;
  const auto answer = gate->ask(*checked, system_time());
  if (!answer) return fail_with(answer.error());
  std::println("{}", to_json(*answer).dump(common.json ? -1 : 2));
  return kExitDone;
}

int observe_command(const Common& common, const std::string& file) {
  constexpr std::size_t kMostBytes = std::size_t{64} << 20;
  const auto text = base::read_text_file(file, kMostBytes);
  if (!text) return fail_with({"environment", "Cannot read " + file + ": " + text.error() + ".", "Check the name."});
  if (text->size() > kMostBytes) return fail_with({"observations-malformed", file + " is larger than 64 MiB.", "Hand it in by parts."});
  RequestHead head = request_head(common);
  const auto observations = observations_from_csv(*text, head);
  if (!observations) return fail_with(observations.error());
  auto [gate, exit_code] = open_gate(common);
  if (!gate) return exit_code;
  int refused = 0;
  for (const Observation& observation : *observations) {
    const auto answer = gate->ask(Request(observation), system_time());
    if (answer) continue;
    ++refused;
    std::println(stderr, "promenade-boxoffice: {} from {}: {}", observation.sensor, to_text(observation.from), answer.error().text());
  }
  std::println("{} observations booked, {} refused", observations->size() - static_cast<std::size_t>(refused), refused);
  return refused == 0 ? kExitDone : kExitRefused;
}

int settle_evacuation_command(const Common& common, const SettleOptions& options) {
  auto [gate, exit_code] = open_gate(common);
  if (!gate) return exit_code;
  const auto today = options.date.empty() ? gate->today(system_time()) : base::Result<std::string>(options.date);
  if (!today) return fail_with(today.error());
  const auto found = gate->evacuations(*today);
  if (!found) return fail_with(found.error());
  std::string evacuation = options.evacuation;
  std::vector<std::string> tickets = options.tickets;
  for (const auto& one : found->value("evacuations", nlohmann::json::array())) {
    if (evacuation.empty()) evacuation = one.value("evacuation", "");  // the latest comes first
    if (one.value("evacuation", "") != evacuation || !options.all_open) continue;
    for (const auto& c : one.value("cases", nlohmann::json::array()))
      if (c.value("settlement", "") == "open") tickets.push_back(c.value("ticket", ""));
  }
  if (evacuation.empty()) return fail_with({"evacuation-unknown", "The ledger knows of no evacuation on " + *today + ".", "Name it with --evacuation, or its day with --date."});
  const RequestHead head = request_head(common);
  nlohmann::json rows = nlohmann::json::array();
  Money total;
  int done = 0, refused = 0;
  for (const std::string& ticket : tickets) {
    SettleEvacuation request{head, evacuation, base::TicketId(ticket), {}, options.settlement, {}, options.supervisor};
    request.head.idempotency_key += "-" + ticket;
    const auto checked = request_from_json(to_json(Request(request)));
    if (!checked) return fail_with(checked.error());
    nlohmann::json row{{"ticket", ticket}, {"settlement", to_text(options.settlement)}};
    if (options.dry_run) {
      row["result"] = "would be asked";
    } else if (const auto answer = gate->ask(*checked, system_time())) {
      const auto& settled = std::get<SettlementAnswer>(*answer);
      total.currency = settled.settlement == Settlement::refund ? settled.amount.currency : total.currency;
      total.minor_units += settled.amount.minor_units;
      ++done;
      row.update({{"result", "done"}, {"amount", to_decimal(settled.amount)}});
    } else {
      const bool already = answer.error().code == "evacuation-settled" || (options.settlement == Settlement::refund && answer.error().code == "ticket-already-refunded");
      refused += already ? 0 : 1;
      row.update({{"result", already ? "settled so already" : answer.error().text()}, {"code", answer.error().code}});
    }
    rows.push_back(std::move(row));
  }
  if (common.json) {
    std::println("{}", nlohmann::json{{"evacuation", evacuation}, {"done", done}, {"refused", refused}, {"amount", to_decimal(total)}, {"rows", rows}}.dump());
  } else {
    for (const auto& row : rows)
      std::println("{}  {}  {}{}", row.value("ticket", ""), row.value("settlement", ""), row.value("result", ""), row.contains("amount") ? "  " + row.value("amount", "") : "");
    std::println("evacuation {}: {} done, {} refused, {} given back{}", evacuation, done, refused, to_decimal(total), options.dry_run ? " (dry run: nothing was booked)" : "");
  }
  return refused == 0 ? kExitDone : kExitRefused;
}

int report_command(const Common& common, const std::string& date, ReportForm form, bool chinese, const std::string& out_file) {
  auto [gate, exit_code] = open_gate(common);
  if (!gate) return exit_code;
  std::string day = date;
  if (date == "today") {
    const auto today = gate->today(system_time());
    if (!today) return fail_with(today.error());
    day = *today;
  }
  const auto text = gate->report(day, form, chinese);
  if (!text) return fail_with(text.error());
  if (out_file.empty()) {
    std::print("{}", *text);
    return kExitDone;
  }
  const auto written = write_text(out_file, *text);
  return written ? kExitDone : fail_with(written.error());
}

int export_command(const Common& common, const std::string& file) {
  auto [gate, exit_code] = open_gate(common);
  if (!gate) return exit_code;
  const auto done = gate->export_to(file);
  return done ? kExitDone : fail_with(done.error());
}

int ticket_command(const Common& common, const std::string& code, const std::string& svg_file) {
  auto [gate, exit_code] = open_gate(common);
  if (!gate) return exit_code;
  const auto facts = gate->ticket(code, system_time());
  if (!facts) return fail_with(facts.error());
  std::println("{}", facts->dump(common.json ? -1 : 2));
  const std::string token = gate->token(code, system_time());
  if (token.empty()) {
    if (svg_file.empty()) return kExitDone;
    return fail_with({"ticket-not-live", "The QR code of this ticket cannot be shown.", "It is used, refunded or over, or a server holds its key: print it from the server's page."});
  }
  if (!svg_file.empty()) {
    const auto svg = web::qr_svg(token, code);
    if (!svg) return fail_with(svg.error());
    const auto written = write_text(svg_file, *svg);
    return written ? kExitDone : fail_with(written.error());
  }
  if (common.json) return kExitDone;
  const auto text = web::qr_terminal(token);
  if (!text) return fail_with(text.error());
  std::print("{}", *text);
  return kExitDone;
}

int key_add_command(const Common& common, const std::string& name, const std::vector<std::string>& scopes, const std::string& certificate_file) {
  std::set<Scope> wanted;
  for (const auto& text : scopes) {
    const auto scope = parse_scope(text);
    if (!scope) return fail_with(scope.error());
    wanted.insert(*scope);
  }
  if (!certificate_file.empty()) {
    const auto pem = base::read_text_file(certificate_file, 1U << 20);
    if (!pem) return fail_with({"environment", "Cannot read " + certificate_file + ": " + pem.error() + ".", "Check the name."});
    const auto fingerprint = add_certificate({common.data_dir}, name, wanted, *pem);
    if (!fingerprint) return fail_with(fingerprint.error());
    std::println("'{}' is known by the certificate {}", name, *fingerprint);
    return kExitDone;
  }
  const auto key = add_key({common.data_dir}, name, wanted);
  if (!key) return fail_with(key.error());
  std::println(stderr, "The key of '{}'. It is shown this once:", name);
  std::println("{}", *key);
  return kExitDone;
}

int key_list_command(const Common& common) {
  const auto ring = load_key_ring(DataDir{common.data_dir}.api_keys());
  if (!ring) return fail_with(ring.error());
  if (ring->keys().empty()) return fail_with({"key-unknown", "There is no API key in " + common.data_dir + ".", "Name the box office's folder with --data; serve and `key add` make keys."});
  for (const ApiKey& key : ring->keys()) {
    std::string scopes;
    for (const Scope scope : key.scopes) scopes += (scopes.empty() ? "" : ",") + std::string(to_string(scope));
    std::println("{:20} {}{}", key.name, scopes, key.certificate.empty() ? "" : "  certificate " + key.certificate.substr(0, 16) + "…");
  }
  return kExitDone;
}

int key_revoke_command(const Common& common, const std::string& name) {
  auto ring = load_key_ring(DataDir{common.data_dir}.api_keys());
  if (!ring) return fail_with(ring.error());
  if (const auto done = ring->revoke(name); !done) return fail_with(done.error());
  const auto saved = save_key_ring(*ring, DataDir{common.data_dir}.api_keys());
  return saved ? kExitDone : fail_with(saved.error());
}

}  // namespace promenade::ticketing::api
