#pragma once
// Box offices of many made venues behind one listener, each under its own path, with what a circuit asks: checkpoints, events
// and day reports. Ledgers lie in memory, or their events in one file, so that five thousand venues take little of it. A test
// changes a venue between two pulls, or has it misbehave. Thread-safe.

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>

#include "tests/circuit/made_venue.h"
#include "tracking/base/http/server.h"

namespace promenade::ticketing::tests {

// One venue as it answers.
struct ServedVenue {
  base::VenueId venue;
  std::string stream;                  // of the export form: u32 length and stored bytes for each event; empty where in the file
  std::uint64_t file_begin = 0;
  std::vector<std::uint64_t> offsets;  // of each event in the stream, and its end
  std::vector<base::Hash> hashes;
  std::vector<Checkpoint> checkpoints;
  std::map<std::pair<BusinessDate, int>, std::string> reports;
  int status = 200;                    // another: every request gets it, as from a server in trouble
  std::function<void()> before_answer; // a slow one waits here
  std::uint64_t head() const { return offsets.size() - 1; }
};
ServedVenue served(const MadeLedger& ledger);

class VenueServer {
 public:
  explicit VenueServer(base::http::ServerOptions options = {});
  ~VenueServer();
  // FILE: where the events of venues go that are put with in_file.
  void keep_in(const std::string& file);
  void put(ServedVenue venue, bool in_file = false);
  void change(const base::VenueId& venue, const std::function<void(ServedVenue&)>& deed);
  std::string url(const base::VenueId& venue) const { return server_.base_url() + "/" + venue.value(); }
  std::string base_url() const { return server_.base_url(); }
  bool start() { return server_.start().has_value(); }
  void stop() { server_.stop(); }
  std::uint64_t requests() const { return requests_; }

 private:
  using Answer = std::function<base::http::Response(const ServedVenue&, const base::http::Request&)>;
  void route(const std::string& path, Answer answer);
  std::string events(const ServedVenue& venue, std::uint64_t after, std::uint64_t last, std::string header) const;  // these, behind the header

  mutable std::shared_mutex mutex_;
  std::map<std::string, std::shared_ptr<const ServedVenue>> venues_;  // shared with the requests that still read the one before
  std::atomic<std::uint64_t> requests_{0};
  int file_ = -1;
  std::uint64_t file_end_ = 0;
  base::http::Server server_;
};

}  // namespace promenade::ticketing::tests
