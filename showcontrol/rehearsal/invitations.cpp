#include "showcontrol/rehearsal/invitations.h"

#include <algorithm>

namespace promenade::rehearsal {
namespace {

constexpr double kEvery_s = 0.5;
constexpr double kMissingAgain_s = 8.0;   // whoever was asked last may have found no ticket
constexpr int kLobbyMost = 4;
constexpr int kMissing = 1;               // more may be present where a chair is empty or nobody has a film before him
constexpr double kLastBeforeEnd_s = 20.0;  // who comes later cannot be fitted and begin in time

bool is_over(const Visitor& visitor) { return visitor.completed() || visitor.stage() >= Stage::at_exit; }

}  // namespace

void hurry(HouseHabits& habits, const tracking::Venue& venue, const BusyRun& run) {
  habits.headsets = venue.capacity.viewers;
  habits.fitters = 6;
  habits.fit_s = run.pace_s;
  habits.fit_sd_s = run.pace_s * 0.2;
  habits.think_least_s = 1.0;
  habits.think_most_s = 3.0;
  habits.take_back_s = 1.5;
  habits.clean_s = 6.0;
  habits.observe_every_s = 20.0;
}

Invitations::Invitations(const client::FilmShelf& films, std::size_t chairs, const BusyRun& run) : run_(run), chairs_(chairs) {
  for (const client::Film& film : films) films_.emplace_back(film.manifest.film, film.manifest.kind == package::FilmKind::seated);
  // Chairs first: they are filled from places of their own while the walkers come.
  std::ranges::stable_partition(films_, [](const auto& one) { return one.second; });
  invited_to_.resize(films_.size());
}

// The film that fewest have before them or are in; of those the one that was wanted least. An empty chair comes first.
std::optional<Invitations::Wanted> Invitations::wanted_most(const House& house) const {
  std::vector<int> active(films_.size(), 0);
  std::size_t seated = 0;
  for (const auto& visitor : house.visitors()) {
    const auto at = std::ranges::find(films_, visitor->film(), &std::pair<base::FilmId, bool>::first);
    if (is_over(*visitor) || at == films_.end()) continue;
    ++active[static_cast<std::size_t>(at - films_.begin())];
    seated += at->second ? 1 : 0;
  }
  // A chair serves one viewer at a time: nobody is asked to come and wait for one.
  const bool to_sit = seated < chairs_ && std::ranges::any_of(films_, &std::pair<base::FilmId, bool>::second);
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < films_.size(); ++i) {
    if (films_[i].second != to_sit) continue;
    if (!best || active[i] < active[*best] || (active[i] == active[*best] && invited_to_[i] < invited_to_[*best])) best = i;
  }
  if (!best) return std::nullopt;
  return Wanted{*best, films_[*best].second || active[*best] == 0};
}

void Invitations::step(House& house, double full_s, double now_s) {
  over_ = over_ || now_s > run_.seconds - run_.pace_s - kLastBeforeEnd_s || (run_.full_s > 0.0 && full_s >= run_.full_s);
  if (over_) return house.stop_admission();
  if (now_s < next_s_ || (run_.viewers > 0 && invited_ >= run_.viewers)) return;
  const auto lobby = std::ranges::count_if(house.visitors(), [](const auto& visitor) { return visitor->stage() == Stage::lobby; });
  const auto present = std::ranges::count_if(house.visitors(), [](const auto& visitor) { return !is_over(*visitor); });
  if (lobby >= kLobbyMost) return;
  const auto wanted = wanted_most(house);
  if (!wanted || (run_.present > 0 && present >= run_.present + (wanted->missing ? kMissing : 0))) return;
  next_s_ = now_s + (present >= run_.present && run_.present > 0 ? kMissingAgain_s : kEvery_s);
  ++invited_to_[wanted->film];
  ++invited_;
  house.invite({films_[wanted->film].first, 1, 0}, now_s);
}

}  // namespace promenade::rehearsal
