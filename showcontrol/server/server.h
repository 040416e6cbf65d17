#pragma once
// The hall program's composition: reads what it is given, opens what it needs, starts its threads, runs the loop.
// Rim; blocking. Errors carry the program's exit code: 2 for input, 3 for the surroundings.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "showcontrol/hall/config.h"
#include "tracking/base/finding.h"
#include "tracking/base/http/tls.h"
#include "tracking/base/result.h"

namespace promenade::server {

inline constexpr int kExitDone = 0, kExitRefused = 1, kExitInput = 2, kExitEnvironment = 3;

struct ServerOptions {
  std::string venue_file;
  std::string films_dir;
  std::string data_dir;
  std::string bind = "0.0.0.0";
  std::uint16_t port = 9560;       // UDP; 0: the system picks
  std::string http_bind = "127.0.0.1";
  std::uint16_t http_port = 9561;  // 0: the system picks
  std::string box_office_url;
  std::string box_office_key;
  base::http::ClientTls box_office_tls;  // of https://: the hall's certificate stands in the key's place
  std::string ticket_key;          // 64 hex digits, or a file that holds them
  std::vector<std::string> staff_keys;
  std::string link_dir;            // folder of the link's keys (showcontrol/link/rim/key_folder.h); empty: data_dir/link
  std::vector<std::string> film_signers;  // public keys or files; none: any signer whose signature is right
  std::string time_zone = "Asia/Shanghai";
  int cut_over_min = 6 * 60;       // of the business day, minutes after local midnight
  double downlink_hz = 30.0;
  std::string impair;              // of the network of headsets and staff, as protocol/impairment_text.h says: for rehearsals; empty: none
  std::string fire_contact;        // as contact_spec says; empty: none is wired
  std::string evacuate_button;
  // Another hall program for the same hall; see docs/decisions/0028-standby.md. At most one of the two.
  std::optional<std::uint16_t> standby_port;  // UDP, where the second finds this one, the first; 0: the system picks
  std::string standby_of;          // HOST:PORT of the first: this one is the second
  bool alone = false;              // staff have made sure that the other one is off
  bool paired() const { return standby_port.has_value() || !standby_of.empty(); }
};

struct StartFailure {
  int exit_code = kExitEnvironment;
  std::string text;  // lines for a person
};

// A hall that is about to run: its inputs read, its journal opened; of a pair, the line to the other program.
class HallStart {
 public:
  // Everything that can be wrong with the options, and that takes long.
  static std::expected<HallStart, StartFailure> prepare(const ServerOptions& options);
  ~HallStart();
  HallStart(HallStart&&) noexcept;
  HallStart& operator=(HallStart&&) noexcept;

  std::uint16_t pair_port() const;  // of a pair's first
  // Of a pair: blocks until this program leads. False: stopped before. `tell`: sentences for a person.
  bool wait_to_lead(std::stop_token stop, const std::function<void(const std::string&)>& tell);

 private:
  friend class Server;
  struct Parts;
  explicit HallStart(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

class Server {
 public:
  static std::expected<Server, StartFailure> open(const ServerOptions& options);  // not of a pair
  static std::expected<Server, StartFailure> open(HallStart start);               // of a pair: that leads
  ~Server();  // stops every thread, store last
  Server(Server&&) noexcept;
  Server& operator=(Server&&) noexcept;

  std::uint16_t udp_port() const;
  std::uint16_t http_port() const;
  base::EpochId epoch() const;
  // The loop, on the calling thread. True: it ended because another hall program leads; open it anew, to follow.
  bool run(std::stop_token stop);

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace promenade::server
