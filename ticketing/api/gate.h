#pragma once
// The command line's way to a box office: the ledger itself when no server runs, or a server's API. One interface, so
// that every command works either way. Blocking; one thread.

#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "ticketing/api/data_dir.h"
#include "tracking/base/http/client.h"

namespace promenade::ticketing::api {

enum class ReportForm { text, json, csv, html };

class Gate {
 public:
  virtual ~Gate() = default;
  virtual base::Result<Answer> ask(const Request& request, base::UtcTime now) = 0;
  virtual base::Result<std::string> report(const std::string& date, ReportForm form, bool chinese) = 0;
  virtual base::Result<nlohmann::json> ticket(const std::string& code, base::UtcTime now) = 0;
  // The QR text of a ticket that still opens the door; empty where it does not or cannot be had this way.
  virtual std::string token(const std::string& code, base::UtcTime now) = 0;
  virtual base::Result<void> export_to(const std::string& file) = 0;
  // Everybody whose visit an evacuation ended on a date ("2026-05-01"), as /v1/evacuations says it.
  virtual base::Result<nlohmann::json> evacuations(const std::string& date) = 0;
  virtual base::Result<std::string> today(base::UtcTime now) = 0;
};

std::unique_ptr<Gate> local_gate(OpenOffice office);
std::unique_ptr<Gate> remote_gate(base::http::Client client);

// What a problem document says; "http-error" where the answer is none.
base::Error error_of(const base::http::Response& response);

}  // namespace promenade::ticketing::api
