#pragma once
// A hall of viewers under way, as a program of its own: a venue, a film and a journal are written as an earlier run would
// have left them, and promenade-hall is started on them over the loopback. Rim; one thread; hall floor, metres.
//
// Viewers stand in pairs, each in his film's first scene: 2 m apart as planned, pairs on a grid, 20 m² a viewer.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "showcontrol/client/client.h"
#include "showcontrol/link/session.h"
#include "showcontrol/rehearsal/day_files.h"
#include "tracking/geometry.h"
#include "tracking/venue.h"

namespace promenade::bench {

inline constexpr const char* kAlertStaffKey = "alert-bench";

class AlertHall {
 public:
  explicit AlertHall(int viewers);  // an even number, at most 200
  ~AlertHall();                     // ends the program
  AlertHall(const AlertHall&) = delete;
  AlertHall& operator=(const AlertHall&) = delete;

  std::uint16_t udp_port() const { return udp_port_; }
  std::shared_ptr<const link::SessionSettings> security(link::Role role, const std::string& name) const;  // of a device with a certificate of this hall
  const tracking::Venue& venue() const { return venue_; }
  const std::vector<tracking::HallPoint>& homes() const { return homes_; }  // of headset 1, 2, ...; odd and next even are a pair
  std::shared_ptr<const client::FilmShelf> shelf() const { return shelf_; }
  void set_contact(bool closed) const;                 // of the fire contact, normally closed
  std::map<std::string, double> metrics() const;       // of the program, by name (and labels)
  std::string last_words() const;                      // of the program, for a failure

 private:
  void write_venue(int columns, int rows);
  void write_film();
  void write_journal() const;
  void start();

  rehearsal::PrivateFolder folder_;
  std::vector<tracking::HallPoint> homes_;
  std::string venue_toml_;
  tracking::Venue venue_;
  std::shared_ptr<const client::FilmShelf> shelf_;
  int pid_ = -1;
  std::uint16_t udp_port_ = 0, http_port_ = 0;
};

}  // namespace promenade::bench
