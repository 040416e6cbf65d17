#include "tests/bench/alert_conflicts.h"

#include <algorithm>
#include <stdexcept>

namespace promenade::bench {

namespace {

constexpr double kWalk_mps = 1.2;
constexpr double kRest_m = 1.6;      // apart between conflicts: beyond pause and release distance, within the scene's free area
constexpr double kNearest_m = 0.78;  // contact is under 0.7
constexpr double kPlain_m = 0.003;   // no sample lies this near to the stop distance: the wire tells places to a millimetre
constexpr double kPatience_s = 1.0;
constexpr double kStill_s = 0.35;    // before staff release
constexpr double kAskAgain_s = 0.25;

double seconds(Steady::time_point from, Steady::time_point to) { return std::chrono::duration<double>(to - from).count(); }

}  // namespace

Conflicts::Conflicts(Crowd& crowd, const AlertHall& hall)
    : crowd_(crowd), hall_(hall), stop_m_(hall.venue().safety.stranger.stop_m), pairs_(crowd.headsets.size() / 2) {
  const Steady::time_point now = Steady::now();
  for (std::size_t k = 0; k < pairs_.size(); ++k) {
    pairs_[k].apart_m = hall.homes()[2 * k + 1].x - hall.homes()[2 * k].x;
    pairs_[k].stage = Stage::back;  // at first all come to where they rest
    pairs_[k].since = pairs_[k].moved = now;
  }
}

void Conflicts::run(std::size_t samples, double limit_s) {
  const Steady::time_point begin = Steady::now();
  const auto done = [&] {
    ending_ = ending_ || told_ms_.size() + missed_ >= samples || seconds(begin, Steady::now()) > limit_s;
    return ending_ && std::ranges::all_of(pairs_, [](const Pair& pair) { return pair.stage == Stage::resting; });
  };
  const auto turn_all = [this] {
    for (std::size_t k = 0; k < pairs_.size(); ++k) turn(k);
  };
  if (!crowd_.run(limit_s + 20.0, done, [this](std::size_t index, Steady::time_point at) { moved(index, at); }, turn_all)) {
    throw std::runtime_error("conflicts do not come to an end. " + hall_.last_words());
  }
  took_s_ = seconds(begin, Steady::now());
}

// The first of each pair walks; the second stands in his place.
void Conflicts::moved(std::size_t index, Steady::time_point at) {
  if (index % 2 != 0) return;
  Pair& pair = pairs_[index / 2];
  const double step_m = kWalk_mps * std::clamp(seconds(pair.moved, at), 0.0, 0.05);
  pair.moved = at;
  if (pair.stage == Stage::approaching || pair.stage == Stage::near) {
    pair.apart_m = std::max(kNearest_m, pair.apart_m - step_m);
    if (std::abs(pair.apart_m - stop_m_) < kPlain_m) pair.apart_m = stop_m_ - kPlain_m;
    if (pair.apart_m < stop_m_ && !pair.too_near) {
      pair.too_near = at;
      pair.stage = Stage::near;
    }
  } else if (pair.stage == Stage::leaving || pair.stage == Stage::back) {
    pair.apart_m += std::clamp(kRest_m - pair.apart_m, -step_m, step_m);
  }
  crowd_.headsets[index]->at = {hall_.homes()[index + 1].x - pair.apart_m, hall_.homes()[index].y};
}

void Conflicts::take(std::size_t k) {
  for (const std::size_t i : {2 * k, 2 * k + 1}) {
    const CrowdHeadset& one = *crowd_.headsets[i];
    if (!one.told_at()) {
      ++missed_;
      continue;
    }
    told_ms_.push_back(1000.0 * seconds(*pairs_[k].too_near, *one.told_at()));
    if (one.shown_at()) shown_ms_.push_back(1000.0 * seconds(*pairs_[k].too_near, *one.shown_at()));
  }
}

void Conflicts::turn(std::size_t k) {
  Pair& pair = pairs_[k];
  CrowdHeadset& walks = *crowd_.headsets[2 * k];
  CrowdHeadset& stands = *crowd_.headsets[2 * k + 1];
  const Steady::time_point now = Steady::now();
  switch (pair.stage) {
    case Stage::resting:
      if (ending_ || now < pair.since) return;
      walks.watch(tracking::Level::stop);
      stands.watch(tracking::Level::stop);
      pair.too_near.reset();
      pair.stage = Stage::approaching;
      return;
    case Stage::approaching: return;
    case Stage::near: {
      const bool both = walks.told_at() && stands.told_at() && walks.shown_at() && stands.shown_at();
      if (!both && seconds(*pair.too_near, now) < kPatience_s) return;
      take(k);
      pair.stage = Stage::leaving;
      return;
    }
    case Stage::leaving:
      if (std::abs(pair.apart_m - kRest_m) > 1e-6) return;
      pair.stage = Stage::back;
      pair.since = now + std::chrono::milliseconds(static_cast<int>(1000.0 * kStill_s));
      return;
    case Stage::back:
      if (now < pair.since || std::abs(pair.apart_m - kRest_m) > 1e-6) return;
      if (std::max({walks.told(), stands.told(), walks.own(), stands.own()}) < tracking::Level::stop) {
        pair.stage = Stage::resting;
        pair.since = now + std::chrono::microseconds(static_cast<int>(random_.uniform(0.0, 1e5)));  // at any moment of the cadences
        return;
      }
      for (const CrowdHeadset* one : {&walks, &stands}) {
        if (one->told() >= tracking::Level::stop) crowd_.staff.command(protocol::ReleaseViewer{one->id()});
      }
      pair.since = now + std::chrono::milliseconds(static_cast<int>(1000.0 * kAskAgain_s));
      return;
  }
}

}  // namespace promenade::bench
