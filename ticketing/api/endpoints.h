#pragma once
// What each operation and page does with a request that has passed the key check. Thread-safe: all state is in the
// desk, the reader and the metrics. Files: endpoints_write.cpp, endpoints_read.cpp,
// endpoints_pages.cpp, endpoints_counter.cpp, endpoints_evacuation.cpp, endpoints_proofs.cpp.

#include <functional>
#include <string>

#include "ticketing/api/desk.h"
#include "ticketing/api/event_reader.h"
#include "ticketing/api/gate_board.h"
#include "ticketing/api/key_watch.h"
#include "ticketing/api/metrics.h"
#include "ticketing/api/openapi.h"
#include "ticketing/api/wait_board.h"
#include "ticketing/core/national_day.h"
#include "ticketing/core/verdict.h"
#include "tracking/base/http/server.h"

namespace promenade::ticketing::api {

struct Office {
  Desk& desk;
  EventReader& reader;
  KeyWatch& keys;
  Metrics& metrics;
  GateBoard& gates;
  const base::KeyPair& ticket_key;                  // for printing a ticket again
  std::function<std::string()> new_idempotency_key;  // for the clerk's forms
  std::function<std::string()> server_url;
  std::function<std::uint16_t()> poll_port;
  std::function<std::uint64_t()> refused_connections;
  // Whether NAME asks for pages too often, or ADDRESS does where it has no name: the seconds to wait.
  std::function<std::optional<std::int64_t>(const std::string& name, const std::string& address)> page_too_soon;
  WaitBoard waits = {};  // touched on the desk's thread only, inside look()
};

// An operation of openapi.h. MAY_WAIT: on the poll listener.
base::http::Response answer_operation(Office& office, const Operation& operation, const base::http::Request& request,
                                      const ApiKey& key, bool may_wait);

base::http::Response answer_write(Office& office, const Operation& operation, const base::http::Request& request, const ApiKey& key);
// Requests of one KIND together, each accepted or refused on its own.
base::http::Response answer_batch(Office& office, std::string_view kind, const base::http::Request& request, const ApiKey& key);
// Checkpoints, log keys and proofs: endpoints_proofs.cpp.
base::http::Response answer_proof(Office& office, std::string_view id, const base::http::Request& request);
base::http::Response answer_events(Office& office, const base::http::Request& request, bool may_wait);

// The clerk's counter and the halls' word on waits: endpoints_counter.cpp.
base::http::Response answer_counter(Office& office);
base::http::Response answer_waits(Office& office, const base::http::Request& request);
base::http::Response answer_gate(Office& office, const base::http::Request& request);  // which device is which gate

base::http::Response answer_token(Office& office, const base::http::Request& request);  // endpoints_token.cpp

base::http::Response json_response(int status, const nlohmann::json& body);

// The clerk's pages; they check keys themselves, by the cookie that signing in sets.
void add_pages(Office& office, base::http::Server& server);

// A whole number from the query; DEFAULT where it is left out. Error "query-malformed" that names it.
base::Result<std::uint64_t> query_number(const base::http::Request& request, std::string_view name, std::uint64_t low,
                                         std::uint64_t high, std::uint64_t default_value);

// The problem of a number that query_number refused, with its field.
base::http::Response query_problem(const base::Error& error);

// A report as it is now, or the named revision of a closed day; and how complete the day is nationally by now.
struct FoundReport {
  DayReport report;
  std::optional<NationalDay> national;
  DayVerdict verdict;  // as of now
  std::string csv() const { return report_csv(report, national ? &*national : nullptr); }
};
base::Result<FoundReport> find_report(Office& office, BusinessDate date, std::uint64_t revision);

}  // namespace promenade::ticketing::api
