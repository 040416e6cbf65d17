#include "tracking/near_miss.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace promenade::tracking {
namespace {
constexpr std::size_t kTracksMax = 4096;
}

std::string_view to_string(EpisodeKind kind) {
  switch (kind) {
    case EpisodeKind::contact: return "contact";
    case EpisodeKind::near_miss: return "near_miss";
    case EpisodeKind::wall_contact: return "wall_contact";
    case EpisodeKind::wall_near_miss: return "wall_near_miss";
  }
  return "near_miss";
}

NearMissDetector::NearMissDetector(const SafetyLimits& limits) : limits_(limits) {}

void NearMissDetector::track(base::BodyId id, base::HallTime now, HallPoint at) {
  auto found = tracks_.find(id);
  if (found == tracks_.end()) {
    if (tracks_.size() == kTracksMax) {
      ++dropped_;
      return;
    }
    found = tracks_.try_emplace(id).first;
  }
  Track& track = found->second;
  if (track.size > 0) {
    const TrackPoint& last = track.points[(track.next + kTrackPoints - 1) % kTrackPoints];
    if (now - last.time < kTrackStep) return;
  }
  track.points[track.next] = {now, at};
  track.next = (track.next + 1) % kTrackPoints;
  track.size = std::min(track.size + 1, kTrackPoints);
}

void NearMissDetector::forget(base::BodyId id) {
  for (auto it = open_.begin(); it != open_.end();) {
    const auto& [first, second, kind] = it->first;
    if (first == id || second == id) {
      close(it->second, it->second.seen);
      it = open_.erase(it);
    } else {
      ++it;
    }
  }
  tracks_.erase(id);
}

EpisodeNews NearMissDetector::pair(base::HallTime now, base::BodyId a, HallPoint at_a, base::BodyId b, HallPoint at_b,
                                   bool strangers) {
  EpisodeNews news;
  const double gap_m = distance(at_a, at_b);
  if (open_.empty() && gap_m >= std::max(limits_.near_miss_m, limits_.contact_m)) return news;
  if (b < a) {
    std::swap(a, b);
    std::swap(at_a, at_b);
  }
  observe(now, {a, b, EpisodeKind::contact}, at_a, gap_m, limits_.contact_m, news);
  if (strangers) observe(now, {a, b, EpisodeKind::near_miss}, at_a, gap_m, limits_.near_miss_m, news);
  return news;
}

EpisodeNews NearMissDetector::wall(base::HallTime now, base::BodyId id, HallPoint at, double clearance_m) {
  EpisodeNews news;
  if (open_.empty() && clearance_m >= std::max(limits_.wall_near_miss_m, limits_.wall_contact_m)) return news;
  observe(now, {id, base::BodyId{}, EpisodeKind::wall_contact}, at, clearance_m, limits_.wall_contact_m, news);
  observe(now, {id, base::BodyId{}, EpisodeKind::wall_near_miss}, at, clearance_m, limits_.wall_near_miss_m, news);
  return news;
}

void NearMissDetector::observe(base::HallTime now, Key key, HallPoint place, double gap_m, double threshold_m, EpisodeNews& news) {
  auto found = open_.find(key);
  if (found == open_.end()) {
    if (gap_m >= threshold_m) return;
    if (open_.size() == kOpenMax) {
      ++dropped_;
      return;
    }
    Open open;
    std::tie(open.episode.first, open.episode.second, open.episode.kind) = key;
    open.episode.begin = now;
    open.episode.nearest_time = now;
    open.episode.nearest_m = gap_m;
    open.episode.nearest_place = place;
    open.seen = now;
    ++begun_[static_cast<std::size_t>(open.episode.kind)];
    news.set_begun(open.episode.kind);
    open_.emplace(key, std::move(open));
    return;
  }
  Open& open = found->second;
  open.seen = now;
  if (gap_m < open.episode.nearest_m) {
    open.episode.nearest_m = gap_m;
    open.episode.nearest_time = now;
    open.episode.nearest_place = place;
    open.tracks_kept = false;
    news.set_nearer(open.episode.kind);
  }
  if (!open.tracks_kept && now - open.episode.nearest_time >= kTrackAfter) keep_tracks(open);
  if (gap_m > threshold_m + limits_.episode_margin_m) {
    close(open, now);
    open_.erase(found);
  }
}

void NearMissDetector::advance(base::HallTime now) {
  for (auto it = open_.begin(); it != open_.end();) {
    if (now - it->second.seen > kUnseenEnd) {
      close(it->second, it->second.seen);
      it = open_.erase(it);
    } else {
      ++it;
    }
  }
}

void NearMissDetector::keep_tracks(Open& open) const {
  open.episode.first_track = copy_track(open.episode.first);
  open.episode.second_track = copy_track(open.episode.second);
  open.tracks_kept = true;
}

void NearMissDetector::close(Open& open, base::HallTime end) {
  if (closed_.size() == kClosedMax) {
    closed_.pop_front();
    ++dropped_;
  }
  if (!open.tracks_kept) keep_tracks(open);
  open.episode.end = end;
  closed_.push_back(std::move(open.episode));
}

std::vector<TrackPoint> NearMissDetector::copy_track(base::BodyId id) const {
  std::vector<TrackPoint> out;
  const auto found = tracks_.find(id);
  if (found == tracks_.end()) return out;
  const Track& track = found->second;
  out.reserve(track.size);
  for (std::size_t i = 0; i < track.size; ++i) {
    out.push_back(track.points[(track.next + kTrackPoints - track.size + i) % kTrackPoints]);
  }
  return out;
}

std::vector<Episode> NearMissDetector::take_closed() {
  std::vector<Episode> out(std::make_move_iterator(closed_.begin()), std::make_move_iterator(closed_.end()));
  closed_.clear();
  return out;
}

}  // namespace promenade::tracking
