#include <cerrno>
#include <cstring>
#include <fstream>

#include "ticketing/api/gate.h"
#include "ticketing/api/report_text.h"

namespace promenade::ticketing::api {
namespace {

using base::http::Client;
using base::http::Response;
using nlohmann::json;

std::string address_of(const Request& request) {
  struct Visitor {
    std::string operator()(const SaleRequest&) const { return "/v1/sales"; }
    std::string operator()(const ReservationRequest&) const { return "/v1/reservations"; }
    std::string operator()(const ReservationRelease&) const { return "/v1/reservations/release"; }
    std::string operator()(const RefundRequest&) const { return "/v1/refunds"; }
    std::string operator()(const ChangeRequest&) const { return "/v1/changes"; }
    std::string operator()(const RedemptionRequest&) const { return "/v1/redemptions"; }
    std::string operator()(const GrantRequest&) const { return "/v1/grants"; }
    std::string operator()(const PlayStarted&) const { return "/v1/plays"; }
    std::string operator()(const PlayEnded&) const { return "/v1/plays"; }
    std::string operator()(const HeadsetSwap&) const { return "/v1/swaps"; }
    std::string operator()(const Observation&) const { return "/v1/observations"; }
    std::string operator()(const DayClose& r) const { return "/v1/days/" + r.date.text() + "/close"; }
    std::string operator()(const Correction&) const { return "/v1/corrections"; }
    std::string operator()(const SettleEvacuation&) const { return "/v1/settlements"; }
    std::string operator()(const NationalReceipt&) const { return "/v1/national/receipts"; }
    std::string operator()(const LateEntryApproval&) const { return "/v1/national/approvals"; }
  };
  return std::visit(Visitor{}, request);
}

class RemoteGate final : public Gate {
 public:
  explicit RemoteGate(Client client) : client_(std::move(client)) {}

  base::Result<Answer> ask(const Request& request, base::UtcTime) override {
    const auto response = client_.post(address_of(request), to_json(request).dump(), "application/json");
    if (!response) return std::unexpected(response.error());
    if (response->status >= 300) return std::unexpected(error_of(*response));
    return answer_from_text(response->body);
  }

  base::Result<std::string> report(const std::string& date, ReportForm form, bool chinese) override {
    const std::string place = base::http::url_encode(date);
    if (form == ReportForm::csv) return fetch("/v1/reports/days/" + place + ".csv");
    if (form == ReportForm::html) return fetch("/report/" + place + ".html?lang=" + (chinese ? "zh" : "en"));
    auto text = fetch("/v1/reports/days/" + place);
    if (!text || form == ReportForm::json) return text;
    const json report = json::parse(*text, nullptr, false);
    if (!report.is_object()) return base::fail("http-error", "The server's report is not JSON.", "Check the address.");
    const auto national = fetch_json("/v1/national/days/" + place);
    if (!national && national.error().code != "national-not-reported") return std::unexpected(national.error());
    return report_summary(report, national ? *national : json());
  }

  base::Result<json> ticket(const std::string& code, base::UtcTime) override { return fetch_json("/v1/tickets/" + base::http::url_encode(code)); }
  base::Result<json> evacuations(const std::string& date) override { return fetch_json("/v1/evacuations?date=" + base::http::url_encode(date)); }
  std::string token(const std::string&, base::UtcTime) override { return {}; }

  base::Result<void> export_to(const std::string& file) override {
    // One header for the whole ledger, so the head is read first and the pull ends exactly there.
    const auto venue = fetch_json("/v1/venue");
    if (!venue) return std::unexpected(venue.error());
    const std::uint64_t last = venue->value("head_seq", std::uint64_t{0});
    ExportHeader header{.venue = base::VenueId(venue->value("venue", "")), .first = 1, .last = last, .head_hash = {}};
    const auto hash = base::from_hex(venue->value("head_hash", ""));
    if (hash && hash->size() == header.head_hash.size()) std::ranges::copy(*hash, header.head_hash.begin());
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << encode_export_header(header);
    ChainHead at;
    while (at.seq < last) {
      const auto response = client_.get("/v1/events?after=" + std::to_string(at.seq) + "&limit=" + std::to_string(std::min<std::uint64_t>(1000, last - at.seq)),
                                        {{"Accept", "application/vnd.promenade.events"}});
      if (!response) return std::unexpected(response.error());
      if (response->status != 200) return std::unexpected(error_of(*response));
      const auto part = read_export(base::as_bytes(response->body), at);
      if (!part) return std::unexpected(part.error());
      if (part->events.empty()) return base::fail("http-error", "The server's ledger ends before its own head.", "Verify the venue's ledger.");
      base::Bytes bytes;
      for (const auto& stored : part->stored) append_export_event(bytes, stored);
      out << base::as_text(bytes);
      at = {part->header.last, part->header.head_hash};
    }
    out.close();
    if (!out) return base::fail("environment", "Cannot write " + file + ": " + std::strerror(errno) + ".", "Free space or choose another place.");
    return {};
  }

  base::Result<std::string> today(base::UtcTime) override {
    const auto venue = fetch_json("/v1/venue");
    if (!venue) return std::unexpected(venue.error());
    return venue->value("business_date", "");
  }

 private:
  base::Result<std::string> fetch(const std::string& target) {
    auto response = client_.get(target);
    if (!response) return std::unexpected(response.error());
    if (response->status != 200) return std::unexpected(error_of(*response));
    return std::move(response->body);
  }
  base::Result<json> fetch_json(const std::string& target) {
    const auto text = fetch(target);
    if (!text) return std::unexpected(text.error());
    json body = json::parse(*text, nullptr, false);
    if (!body.is_object()) return base::fail("http-error", "The answer of " + client_.base_url() + " is not JSON.", "Check that a box office runs at this address.");
    return body;
  }

  Client client_;
};

}  // namespace

base::Error error_of(const Response& response) {
  const json body = json::parse(response.body, nullptr, false);
  const auto text = [&](const char* name) { return body.contains(name) && body[name].is_string() ? body[name].get<std::string>() : std::string{}; };
  if (!body.is_object() || text("code").empty()) {
    if (response.status == 303) return {"key-wrong", "This key is not known there.", "Give the key with --key."};
    return {"http-error", "The server answered with status " + std::to_string(response.status) + ".", "Check that a box office runs at this address."};
  }
  return {text("code"), text("detail"), text("advice")};
}

std::unique_ptr<Gate> remote_gate(Client client) { return std::make_unique<RemoteGate>(std::move(client)); }

}  // namespace promenade::ticketing::api
