#pragma once
// A hall of viewers under way, as a program of its own: a venue, a film and a journal are written as an earlier run would
// have left them, and promenade-hall is started on them over the loopback. Rim; one thread; hall floor, metres.
//
// Viewers stand in pairs, each in his film's first scene: 2 m apart as planned, pairs on a grid, 20 m² a viewer. Others may
// wait in the kitting area for a film that walks about and finds no room between them: the planner is asked for them again and again.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "showcontrol/client/client.h"
#include "showcontrol/link/session.h"
#include "showcontrol/rehearsal/day_files.h"
#include "tests/bench/standing_crowd.h"
#include "tracking/geometry.h"
#include "tracking/venue.h"

namespace promenade::bench {

inline constexpr const char* kAlertStaffKey = "alert-bench";

using Metrics = std::map<std::string, double>;  // by name and labels, as the program prints them

// What a histogram of the hall's counted between two readings; the p99 is the least bound of a bucket that holds it, infinite beyond
// the last. `labels` as printed, without braces; empty: none.
struct HallTimes {
  double samples = 0.0, p99_ms = 0.0, mean_ms = 0.0;
};
HallTimes hall_times(const std::string& histogram, const std::string& labels, const Metrics& before, const Metrics& after);

class AlertHall {
 public:
  // `viewers` under way: an even number, at most 200. At most 12 who wait; the smallest hall's kitting area has room for `viewers` / 12.
  explicit AlertHall(int viewers, int waiting = 0);
  ~AlertHall();                     // ends the program
  AlertHall(const AlertHall&) = delete;
  AlertHall& operator=(const AlertHall&) = delete;

  std::uint16_t udp_port() const { return udp_port_; }
  std::shared_ptr<const link::SessionSettings> security(link::Role role, const std::string& name) const;  // of a device with a certificate of this hall
  const tracking::Venue& venue() const { return crowd_.venue; }
  const std::vector<tracking::HallPoint>& homes() const { return crowd_.homes; }  // of headset 1, 2, ...; odd and next even are a pair, who waits comes last
  std::shared_ptr<const client::FilmShelf> shelf() const { return shelf_; }
  void set_contact(bool closed) const;                 // of the fire contact, normally closed
  Metrics metrics() const;                             // of the program
  std::size_t memory_kib() const;                      // of the program: what it has resident
  std::string last_words() const;                      // of the program, for a failure

 private:
  void write_films();
  void write_journal() const;
  void start();

  rehearsal::PrivateFolder folder_;
  StandingCrowd crowd_;
  std::shared_ptr<const client::FilmShelf> shelf_;
  int pid_ = -1;
  std::uint16_t udp_port_ = 0, http_port_ = 0;
};

}  // namespace promenade::bench
