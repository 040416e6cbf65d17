#pragma once
// The hall program's composition: reads what it is given, opens what it needs, starts its threads, runs the loop.
// Rim; blocking. Errors carry the program's exit code: 2 for input, 3 for the surroundings.

#include <cstdint>
#include <memory>
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
  std::string fire_contact;        // as contact_spec says; empty: none is wired
  std::string evacuate_button;
};

struct StartFailure {
  int exit_code = kExitEnvironment;
  std::string text;  // lines for a person
};

class Server {
 public:
  static std::expected<Server, StartFailure> open(const ServerOptions& options);
  ~Server();  // stops every thread, store last
  Server(Server&&) noexcept;
  Server& operator=(Server&&) noexcept;

  std::uint16_t udp_port() const;
  std::uint16_t http_port() const;
  base::EpochId epoch() const;
  void run(std::stop_token stop);  // the loop, on the calling thread

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace promenade::server
