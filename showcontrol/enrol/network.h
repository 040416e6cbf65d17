#pragma once
// Enrolment over the network, as two commands: `open` at the hall's machine, `join` at the device. Rim: sockets, clocks, the
// terminal; each ends by itself after the invitation's ten minutes. Return exit codes: 0 done, 1 nobody enrolled, 2 input,
// 3 surroundings.

#include <cstdint>
#include <string>

namespace promenade::enrol {

inline constexpr int kDone = 0, kRefused = 1, kUsage = 2, kSurroundings = 3;

struct OpenOptions {
  std::string link, role, name;
  std::string address;       // what devices reach this machine by: stands in the QR code
  std::string bind = "0.0.0.0";
  std::uint16_t port = 9562;  // 0: the system picks
};
int open(const OpenOptions& options);

struct JoinOptions {
  std::string invitation;  // what the QR code holds; or
  std::string hall;        // HOST:PORT, to compare six digits
  std::string out;
};
int join(const JoinOptions& options);

}  // namespace promenade::enrol
