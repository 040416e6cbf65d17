#include "tests/bench/safety_replay_score.h"

#include <algorithm>

#include "tests/bench/safety_replay_walks.h"
#include "tracking/base/assert.h"

namespace promenade::bench {
namespace {

constexpr double kBaselineReach_m = 1.1;
constexpr double kBaselineTime_s = 2.0;
constexpr double kBaselineDistance_m = 1.2;

struct Episode {
  std::size_t begin = 0;
  std::size_t last = 0;  // the last sample at which the alarm is on
};

std::vector<Episode> episodes_of(std::span<const std::uint8_t> alarm, std::size_t gap) {
  std::vector<Episode> episodes;
  for (std::size_t i = 0; i < alarm.size(); ++i) {
    if (alarm[i] == 0) continue;
    if (!episodes.empty() && i - episodes.back().last <= gap) {
      episodes.back().last = i;
    } else {
      episodes.push_back({i, i});
    }
  }
  return episodes;
}

}  // namespace

std::vector<std::size_t> contacts_of(std::span<const double> distance_m, double contact_m, double rearm_m, std::size_t from) {
  std::vector<std::size_t> contacts;
  bool armed = true;
  for (std::size_t i = 0; i < distance_m.size(); ++i) {
    if (armed && distance_m[i] < contact_m) {
      armed = false;
      if (i >= from) contacts.push_back(i);
    } else if (distance_m[i] > rearm_m) {
      armed = true;
    }
  }
  return contacts;
}

void AlarmScore::add(std::span<const double> distance_m, std::span<const std::uint8_t> alarm) {
  PROMENADE_ASSERT(distance_m.size() == alarm.size());
  const auto contacts = contacts_of(distance_m, kContact_m, kRearm_m, samples_in(kFrom_s));
  const auto episodes = episodes_of(alarm, samples_in(kGap_s));
  for (const std::size_t at : contacts) {
    double lead_s = 0.0;
    for (const Episode& episode : episodes) {
      if (episode.begin <= at && at <= episode.last + samples_in(kGap_s)) lead_s = static_cast<double>(at - episode.begin) / kReplayRate_hz;
    }
    lead_s_.push_back(lead_s);
  }
  for (const Episode& episode : episodes) {
    const bool justified = std::ranges::any_of(
        contacts, [&](std::size_t at) { return at >= episode.begin && at <= episode.last + samples_in(kAfter_s); });
    ++alarms_;
    if (!justified) ++false_;
  }
  minutes_ += static_cast<double>(distance_m.size()) / kReplayRate_hz / 60.0;
}

void AlarmScore::add(const AlarmScore& other) {
  lead_s_.insert(lead_s_.end(), other.lead_s_.begin(), other.lead_s_.end());
  alarms_ += other.alarms_;
  false_ += other.false_;
  minutes_ += other.minutes_;
}

double AlarmScore::false_per_contact() const {
  return lead_s_.empty() ? 0.0 : static_cast<double>(false_) / static_cast<double>(lead_s_.size());
}

double AlarmScore::share_with_lead(double seconds) const {
  if (lead_s_.empty()) return 0.0;
  constexpr double kRounding_s = 1e-9;
  const auto long_enough = std::ranges::count_if(lead_s_, [&](double lead_s) { return lead_s >= seconds - kRounding_s; });
  return static_cast<double>(long_enough) / static_cast<double>(lead_s_.size());
}

bool baseline_alarm(tracking::HallVec offset, tracking::HallVec relative_velocity) {
  if (tracking::length(offset) < kBaselineDistance_m) return true;
  const auto reached_s = tracking::time_to_within_s(offset, relative_velocity, kBaselineReach_m);
  return reached_s && *reached_s < kBaselineTime_s;
}

}  // namespace promenade::bench
