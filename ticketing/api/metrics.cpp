#include "ticketing/api/metrics.h"

#include "tracking/base/formatted.h"

namespace promenade::ticketing::api {

void Metrics::count(const std::string& method, const std::string& pattern, int status, std::chrono::microseconds took) {
  std::lock_guard lock(mutex_);
  Sum& sum = sums_[{method, pattern, status}];
  ++sum.requests;
  sum.took += took;
}

std::string Metrics::text(const DeskFigures& desk, std::uint64_t refused_connections) const {
  std::string out;
  const auto one = [&](std::string_view name, std::string_view kind, std::string_view help, std::uint64_t value) {
    out += base::formatted("# HELP promenade_boxoffice_{0} {1}\n# TYPE promenade_boxoffice_{0} {2}\npromenade_boxoffice_{0} {3}\n", name, help, kind, value);
  };
  one("ledger_events", "gauge", "Events in the ledger.", desk.head.seq);
  one("checkpoint_events", "gauge", "Events under the last signed checkpoint; 0: none.", desk.checkpoint_size);
  one("witness_events", "gauge", "Events under the last checkpoint that the outside witness took; 0: none.", witnessed_);
  one("witness_refused", "gauge", "1 while the outside witness refuses this ledger, or cannot be reached.", witness_failed_ ? 1 : 0);
  one("national_missing", "gauge", "Records that the national system has not received; 0 as well where nobody hands any in.", national_missing_);
  one("national_failed", "gauge", "1 while calls to the national system fail.", national_failed_ ? 1 : 0);
  one("writes_total", "counter", "Requests that reached the writer.", desk.requests);
  one("commits_total", "counter", "Durable commits.", desk.commits);
  one("commits_failed_total", "counter", "Commits that failed.", desk.failed_commits);
  one("writes_refused_total", "counter", "Requests refused because the queue was full.", desk.refused_busy);
  one("writes_queued", "gauge", "Requests waiting for the writer.", desk.queued);
  one("connections_refused_total", "counter", "Connections closed because every worker was taken.", refused_connections);
  std::string requests = "# HELP promenade_boxoffice_http_requests_total Answered requests.\n# TYPE promenade_boxoffice_http_requests_total counter\n";
  std::string seconds = "# HELP promenade_boxoffice_http_seconds_total Time spent answering.\n# TYPE promenade_boxoffice_http_seconds_total counter\n";
  std::lock_guard lock(mutex_);
  for (const auto& [key, sum] : sums_) {
    const auto& [method, pattern, status] = key;
    const std::string labels = base::formatted("{{method=\"{}\",route=\"{}\",status=\"{}\"}}", method, pattern, status);
    requests += base::formatted("promenade_boxoffice_http_requests_total{} {}\n", labels, sum.requests);
    seconds += base::formatted("promenade_boxoffice_http_seconds_total{} {:.6f}\n", labels, std::chrono::duration<double>(sum.took).count());
  }
  return out + requests + seconds;
}

}  // namespace promenade::ticketing::api
