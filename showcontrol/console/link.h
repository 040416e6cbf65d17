#pragma once
// Keeps a console connected to its hall: opens, reopens after a loss, reads and sends. Rim: sockets; one thread, polled
// from the loop that draws. Console seconds.

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "showcontrol/console/model.h"
#include "showcontrol/protocol/hall_connection.h"

namespace promenade::console {

class HallLink {
 public:
  HallLink(ConsoleModel& model, std::vector<protocol::HallAddress> halls, std::shared_ptr<const link::SessionSettings> security);
  // Everything heard is written there as well, packet by packet, for `replay`. Code "file-unwritable".
  base::Result<void> record_to(const std::string& path);
  void poll(double now_s);   // never waits

 private:
  void close(double now_s, bool refused);

  ConsoleModel& model_;
  std::vector<protocol::HallAddress> halls_;
  std::shared_ptr<const link::SessionSettings> security_;
  std::optional<protocol::HallConnection> connection_;
  bool up_ = false;
  double heard_s_ = 0.0;
  double again_s_ = 0.0;
  std::vector<protocol::LinkEvent> events_;
  base::Bytes bytes_;
  std::optional<std::ofstream> record_;
};

// Hands a recording to the model, as if all of it were heard at `now_s`. Codes: "file-unreadable", "recording-damaged".
base::Result<void> replay(const std::string& path, ConsoleModel& model, double now_s);

}  // namespace promenade::console
