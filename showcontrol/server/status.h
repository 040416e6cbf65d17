#pragma once
// What the hall process says of itself over HTTP: health, readiness, metrics. Pure text from a snapshot that the
// loop stores and the HTTP threads read.

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "showcontrol/hall/hall.h"
#include "showcontrol/protocol/transport.h"
#include "showcontrol/server/door.h"
#include "tracking/base/bounded_queue.h"
#include "tracking/base/http/server.h"

namespace promenade::server {

// How long the loop took to tell what it had heard: counts by upper bound, the last for whatever took longer.
struct Latencies {
  static constexpr std::array<double, 15> kBounds_s{0.0001, 0.0002, 0.0003, 0.0004, 0.0005, 0.0007, 0.001, 0.0015, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1};
  std::array<std::uint64_t, kBounds_s.size() + 1> counts{};
  double sum_s = 0.0;
  void add(double seconds);
};

struct Status {
  std::chrono::steady_clock::time_point made;
  protocol::HallSummary summary;
  hall::Counts counts;
  protocol::LinkTotals link;
  std::size_t links = 0;
  std::size_t bodies = 0;
  std::size_t phases[static_cast<std::size_t>(protocol::Phase::out_of_order) + 1] = {};
  std::size_t levels[5] = {};            // viewers at each level now
  std::size_t staff_paused = 0;          // viewers paused one by one by staff
  std::size_t attendants = 0;
  std::size_t unknown_bodies = 0;        // placed by staff, or left behind
  std::size_t stopped = 0;               // viewers who wait to be released
  bool store_failing = false;
  std::size_t store_waiting = 0;
  std::uint64_t near_misses_kept = 0;    // written for reports
  std::uint64_t near_misses_lost = 0;    // could not be
  DoorCounts door;
  std::uint64_t events_refused = 0;      // by a full queue
  double loop_busy_s = 0.0;              // time that the loop has worked
  double loop_longest_s = 0.0;           // its longest turn since the last snapshot
  Latencies alerts;                      // from a datagram to the frames on the wire that tell a pause or worse because of it
  Latencies turns_alone, turns_beside_planner;  // of the loop that handled anything: a planner at rest, or at work on its own thread
  Latencies plans;                       // from a question to the planner to its answer, as the loop has it
  hall::ContactsRead contacts;
  bool paired = false;                   // another hall program may stand by for this one
  bool standby_armed = false;            // and does
};
using StatusCell = base::LatestCell<std::shared_ptr<const Status>>;  // shared: readers outlive the next store

inline constexpr std::chrono::milliseconds kStatusEvery{250};
inline constexpr std::chrono::milliseconds kStatusStale{3000};  // older: the loop stands still

std::string metrics_text(const Status& status);  // Prometheus text format 0.0.4
std::string status_json(const Status& status);

// GET /healthz (200 while the loop turns), /readyz (200 while new plays could start), /metrics, /status.
void add_status_routes(base::http::Server& http, const StatusCell& cell);

}  // namespace promenade::server
