#include <cerrno>
#include <cstring>
#include <fstream>

#include "ticketing/api/facts.h"
#include "ticketing/api/gate.h"
#include "ticketing/api/report_text.h"
#include "ticketing/api/serve.h"
#include "ticketing/core/national_day.h"
#include "ticketing/web/report_page.h"

namespace promenade::ticketing::api {
namespace {

class LocalGate final : public Gate {
 public:
  explicit LocalGate(OpenOffice open) : open_(std::move(open)) {}

  base::Result<Answer> ask(const Request& request, base::UtcTime now) override { return open_.office.ask(request, now); }

  base::Result<std::string> report(const std::string& text, ReportForm form, bool chinese) override {
    const auto date = BusinessDate::from_text(text);
    if (!date) return std::unexpected(date.error());
    const DayReport report = open_.office.report(*date);
    const auto national = national_day(open_.office.state(), *date, system_time());
    switch (form) {
      case ReportForm::json: return report_json_text(report);
      case ReportForm::csv: return report_csv(report, national ? &*national : nullptr);
      case ReportForm::text: return report_summary(nlohmann::json::parse(report_json_text(report)), national ? to_json(*national) : nlohmann::json());
      case ReportForm::html: return page(report, national, chinese);
    }
    return {};
  }

  base::Result<nlohmann::json> ticket(const std::string& code, base::UtcTime) override {
    auto facts = ticket_json(open_.office.state(), base::TicketId(code));
    if (!facts) return base::fail("ticket-unknown", "This venue has sold no ticket " + code + ".", "Check the 16 digits.");
    return *facts;
  }

  std::string token(const std::string& code, base::UtcTime now) override {
    const LedgerState& state = open_.office.state();
    const auto found = state.tickets().find(base::TicketId(code));
    if (found == state.tickets().end()) return {};
    const TicketRecord& t = found->second;
    if (t.refunded || t.changed_away || !t.redemption.is_none() || now >= t.valid_until) return {};
    return issue_ticket({.venue = state.venue(), .code = t.code, .film = t.film, .lane = t.lane, .screening = t.screening, .slot = t.slot,
                         .business_date = t.business_date, .valid_from = t.valid_from, .valid_until = t.valid_until, .price_class = t.price_class,
                         .kind = t.kind, .nonce = ticket_nonce(t.code, open_.key)},
                        open_.key);
  }

  base::Result<void> export_to(const std::string& file) override {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    const auto done = open_.office.export_to([&](base::ByteView bytes) { out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size())); });
    if (!done) return done;
    out.close();
    if (!out) return base::fail("environment", "Cannot write " + file + ": " + std::strerror(errno) + ".", "Free space or choose another place.");
    return {};
  }

  base::Result<nlohmann::json> evacuations(const std::string& text) override {
    const auto date = BusinessDate::from_text(text);
    if (!date) return std::unexpected(date.error());
    return evacuations_json(open_.office.state(), *date);
  }

  base::Result<std::string> today(base::UtcTime now) override { return open_.office.state().calendar().date_of(now).text(); }

 private:
  std::string page(const DayReport& report, const std::optional<NationalDay>& national, bool chinese) const {
    const BusinessCalendar& calendar = open_.office.state().calendar();
    web::ReportPage view{.report = report, .national = national, .verdict = judge_day(open_.office.state(), report.date), .data_through_local = {}, .local_text = [&](base::UtcTime time) { return calendar.local_text(time); }, .navigation = false};
    if (report.data_through > 0) {
      const auto last = open_.office.events_after(report.data_through - 1, 1);
      if (last && !last->events.empty()) view.data_through_local = calendar.local_text(last->events.front().ts).substr(0, 16);
    }
    return web::report_page(view, chinese ? web::Language::zh : web::Language::en);
  }

  OpenOffice open_;
};

}  // namespace

std::unique_ptr<Gate> local_gate(OpenOffice office) { return std::make_unique<LocalGate>(std::move(office)); }

}  // namespace promenade::ticketing::api
