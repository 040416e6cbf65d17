#include "showcontrol/planning/demand.h"

#include <algorithm>

#include "showcontrol/planning/admission.h"
#include "tracking/base/assert.h"
#include "tracking/base/random.h"

namespace promenade::planning {
namespace {

constexpr int kPlaceTries = 20;  // of a film in the empty hall

class Demand {
 public:
  Demand(const Planner& planner, const FitWays& ways, const std::vector<DemandFilm>& films, const DemandSetting& setting)
      : films_(films), setting_(setting), end_s_(setting.hours * 3600.0), from_s_(std::min(setting.fill_s, end_s_ / 2.0)),
        wishes_(base::Random(setting.seed).fork("wishes")), plans_(base::Random(setting.seed).fork("plans")), hall_(planner, ways) {
    carried_.films.resize(films.size());
    for (const DemandFilm& film : films) {
      bool has_place = false;
      for (int i = 0; i < kPlaceTries && !has_place; ++i) {
        has_place = PlannedHall(planner, ways).begin(base::PlayId(1), film.film, film.route, std::nullopt, plans_()) != nullptr;
      }
      wished_.push_back((wished_.empty() ? 0.0 : wished_.back()) + (has_place ? film.wished : 0.0));
    }
  }

  CarriedByFilm run() {
    for (double now = 0.0; now < end_s_ && wished_.back() > 0.0; now += setting_.try_every_s) step(now);
    finish(carried_.all);
    for (Carried& film : carried_.films) finish(film);
    return std::move(carried_);
  }

 private:
  struct Viewer {
    std::size_t film = 0;
    double joined_s = 0.0;
  };

  std::size_t wish() {
    const auto first_above = std::ranges::upper_bound(wished_, wishes_.uniform(0.0, wished_.back()));
    return std::min(static_cast<std::size_t>(first_above - wished_.begin()), films_.size() - 1);
  }

  void step(double now) {
    hall_.go_on(now);
    while (waiting_.size() < static_cast<std::size_t>(setting_.waiting)) {
      viewers_.push_back({wish(), now});
      waiting_.push_back({base::PlayId(viewers_.size()), films_[viewers_.back().film].film, now});
    }
    const Admission admission = admission_order(waiting_, now);
    std::vector<char> no_room(films_.size(), 0);  // whoever wants the same would be told the same
    for (const base::PlayId id : admission.order) {
      char& none = no_room[viewers_[id.value() - 1].film];
      if (none == 0 && !begin(id)) none = 1;
      if (none != 0 && admission.room_kept_for == id) return;  // nobody else before him
    }
  }

  bool begin(base::PlayId id) {
    const Viewer& viewer = viewers_[id.value() - 1];
    const DemandFilm& film = films_[viewer.film];
    const PlayPlan* play = hall_.begin(id, film.film, film.route, std::nullopt, plans_());
    if (play == nullptr) return false;
    const double start_s = play->start_s();
    const double shown_s = std::min(end_s_, play->leave_s(play->last_scene_block())) - std::max(from_s_, start_s);
    for (Carried* sum : {&carried_.all, &carried_.films[viewer.film]}) {
      sum->at_once += std::max(0.0, shown_s);
      if (start_s < from_s_ || start_s >= end_s_) continue;
      sum->viewers_per_hour += 1.0;
      sum->wait_mean_s += start_s - viewer.joined_s;
    }
    std::erase_if(waiting_, [id](const Waiting& one) { return one.play == id; });
    return true;
  }

  // Sums become means.
  void finish(Carried& sum) const {
    if (sum.viewers_per_hour > 0.0) sum.wait_mean_s /= sum.viewers_per_hour;
    sum.at_once /= end_s_ - from_s_;
    sum.viewers_per_hour *= 3600.0 / (end_s_ - from_s_);
  }

  const std::vector<DemandFilm>& films_;
  const DemandSetting& setting_;
  double end_s_;
  double from_s_;
  base::Random wishes_;
  base::Random plans_;
  PlannedHall hall_;
  std::vector<double> wished_;   // summed up to each film; one that has no place in the empty hall adds nothing
  std::vector<Viewer> viewers_;  // by the number of their play, from 1
  std::vector<Waiting> waiting_;
  CarriedByFilm carried_;
};

}  // namespace

CarriedByFilm carried(const Planner& planner, const FitWays& ways, const std::vector<DemandFilm>& films, const DemandSetting& setting) {
  PROMENADE_ASSERT(!films.empty() && setting.hours > 0.0 && setting.try_every_s > 0.0 && setting.waiting > 0);
  return Demand(planner, ways, films, setting).run();
}

}  // namespace promenade::planning
