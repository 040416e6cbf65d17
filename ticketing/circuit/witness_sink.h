#pragma once
// A witness for many venues as an HTTP sink: GET /v1/witness/{venue} gives the last checkpoint, POST takes a submission
// (witness.h) or refuses it with a problem. A file for each venue in one folder. Runs the server's threads; one lock.
// Whoever has the key may begin a venue's file; from then on only what that venue's log keys have signed is taken.

#include <map>
#include <mutex>
#include <string>

#include "ticketing/store/witness_file.h"
#include "tracking/base/http/server.h"

namespace promenade::ticketing::circuit {

class WitnessSink {
 public:
  // FOLDER must exist. KEY: what callers must send as a bearer; empty: nobody is asked for one.
  WitnessSink(std::string folder, std::string key, base::http::ServerOptions options);
  ~WitnessSink();
  base::Result<void> start();
  void stop();
  std::string url() const { return server_.base_url(); }

 private:
  base::http::Response answer(const base::http::Request& request);
  base::Result<store::WitnessFile*> file_of(const std::string& venue, bool may_begin);

  std::string folder_, key_;
  std::mutex mutex_;
  std::map<std::string, store::WitnessFile> files_;  // bounded by the venues that a circuit has
  base::http::Server server_;
};

}  // namespace promenade::ticketing::circuit
