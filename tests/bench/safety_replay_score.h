#pragma once
// What became of two people whose walks were laid beside each other, and what an alarm about them was worth: contacts,
// leads, false alarms, as ../shared/data/walks/README.md counts them. Distances in metres, 30 samples a second. Pure.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tracking/geometry.h"

namespace promenade::bench {

inline constexpr double kContact_m = 0.7;

// Samples at which the distance enters below `contact_m`, armed again above `rearm_m`; those before `from` do not count.
std::vector<std::size_t> contacts_of(std::span<const double> distance_m, double contact_m, double rearm_m, std::size_t from);

class AlarmScore {
 public:
  static constexpr double kFrom_s = 1.5;       // contacts count from here on
  static constexpr double kRearm_m = 1.5;
  static constexpr double kGap_s = 0.5;        // gaps up to this join two alarms
  static constexpr double kAfter_s = 2.0;      // a contact so long after an alarm justifies it

  // One pair: the distance, and whether the alarm is on (not 0), at each sample; of one length.
  void add(std::span<const double> distance_m, std::span<const std::uint8_t> alarm);
  void add(const AlarmScore& other);

  std::size_t contacts() const { return lead_s_.size(); }
  std::size_t alarms() const { return alarms_; }
  std::size_t false_alarms() const { return false_; }
  double false_per_contact() const;            // 0 without contacts
  double share_with_lead(double seconds) const;  // of the contacts, those whose alarm had been on for so long; 0 of none
  double pair_minutes() const { return minutes_; }

 private:
  std::vector<double> lead_s_;
  std::size_t alarms_ = 0;
  std::size_t false_ = 0;
  double minutes_ = 0.0;
};

// The detector that ours is measured against: constant velocity; on when the two come within 1.1 m in less than 2 s, or
// are within 1.2 m.
bool baseline_alarm(tracking::HallVec offset, tracking::HallVec relative_velocity);

}  // namespace promenade::bench
