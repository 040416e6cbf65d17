#pragma once
// A PostgreSQL of this process's own, for tests, benches and trials: a cluster in a new folder that only its user may enter, a
// Unix socket in it and no port, ended and removed with this object, and by the kernel should the process die. Rim.
// Never the system's cluster, and nothing of it is read. As root, which PostgreSQL refuses to run as, its programs run as the
// user "nobody", to whom the folder is given. Errors: "database-missing" (no PostgreSQL is installed), "database-not-started".

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "tracking/base/result.h"

namespace promenade::ticketing::postgres {

struct PrivateServerOptions {
  std::string under;  // the folder is made in this one; empty: the system's temporary folder
  // Durable as a real one by default. Off, for tests that look at nothing of the sort: starts in a third of the time.
  bool durable = true;
  std::vector<std::string> settings;  // more of postgresql.conf: "shared_buffers=512MB"
};

class PrivateServer {
 public:
  static base::Result<std::unique_ptr<PrivateServer>> start(const PrivateServerOptions& options = {});
  PrivateServer(const PrivateServer&) = delete;
  PrivateServer& operator=(const PrivateServer&) = delete;
  ~PrivateServer();

  // For Connection::open; the database "circuit", empty at first.
  std::string conninfo() const;
  const std::string& folder() const { return folder_; }
  pid_t pid() const { return pid_; }
  // As a machine that loses its power: nothing is told. start_again() recovers as PostgreSQL does.
  void kill();
  base::Result<void> start_again();

 private:
  explicit PrivateServer(PrivateServerOptions options) : options_(std::move(options)) {}
  base::Result<void> make_folder();
  base::Result<void> make_cluster();
  base::Result<void> create_database();
  base::Result<void> run_to_end(const std::vector<std::string>& command, const char* what) const;
  pid_t spawn(const std::vector<std::string>& command) const;
  std::string log_tail() const;

  PrivateServerOptions options_;
  std::string programs_, folder_;
  pid_t pid_ = -1;
};

}  // namespace promenade::ticketing::postgres
