#include "showcontrol/planning/occupancy.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "tracking/base/assert.h"
#include "tracking/geometry.h"

namespace promenade::planning {
namespace {

constexpr double kCell_m = 0.2;  // it is taken where its middle is
constexpr double kStep_s = 1.0;        // where the delays fit into their words

using Words = std::uint64_t;

// `count` words from bit `at` on.
inline void load(const Words* bits, std::size_t at, std::size_t count, Words* out) {
  const Words* word = bits + at / 64;
  const unsigned shift = at % 64;
  if (shift == 0) {
    std::copy_n(word, count, out);
    return;
  }
  for (std::size_t i = 0; i < count; ++i) out[i] = word[i] >> shift | word[i + 1] << (64 - shift);
}

// `out` may be `words` itself.
inline void shift_down(const Words* words, std::size_t count, std::size_t by, Words* out, std::size_t out_count) {
  const std::size_t whole = by / 64;
  const unsigned rest = by % 64;
  for (std::size_t i = 0; i < out_count; ++i) {
    const Words low = i + whole < count ? words[i + whole] : 0;
    const Words high = i + whole + 1 < count ? words[i + whole + 1] : 0;
    out[i] = rest == 0 ? low : low >> rest | high << (64 - rest);
  }
}

template <std::size_t kCount>
inline void shift_up(const Words* words, std::size_t by, Words* out) {
  if (by < 64) {  // nearly always; by > 0
    for (std::size_t i = kCount; i-- > 1;) out[i] = words[i] << by | words[i - 1] >> (64 - by);
    out[0] = words[0] << by;
    return;
  }
  const std::size_t whole = by / 64;
  const unsigned rest = by % 64;
  for (std::size_t i = kCount; i-- > 0;) {
    const Words high = i >= whole ? words[i - whole] : 0;
    const Words low = i > whole ? words[i - whole - 1] : 0;
    out[i] = rest == 0 ? high : high << rest | low >> (64 - rest);
  }
}

// Each bit becomes true where it, or one of the next `more`, is. Doubling, in place: what is read lies above what is written.
inline void any_of_next(Words* words, std::size_t count, std::size_t more) {
  for (std::size_t length = 1; length < more + 1;) {
    const std::size_t by = std::min(length, more + 1 - length);
    if (by < 64) {
      for (std::size_t i = 0; i + 1 < count; ++i) words[i] |= words[i] >> by | words[i + 1] << (64 - by);
      words[count - 1] |= words[count - 1] >> by;
    } else {
      for (std::size_t i = 0; i < count; ++i) {
        Words moved = 0;
        shift_down(words + i, count - i, by, &moved, 1);
        words[i] |= moved;
      }
    }
    length += by;
  }
}

// `run` becomes: so many bits, this one and those before, are open.
template <std::size_t kCount>
inline void open_run(const Words* open, std::size_t length, Words* run) {
  std::array<Words, kCount> moved;
  std::copy_n(open, kCount, run);
  for (std::size_t now = 1; now < length;) {
    const std::size_t by = std::min(now, length - now);
    shift_up<kCount>(run, by, moved.data());
    for (std::size_t i = 0; i < kCount; ++i) run[i] &= moved[i];
    now += by;
  }
}

// From each true bit upwards over at most `most` bits that are open, in doubling steps.
template <std::size_t kCount>
inline void spread(Words* words, const Words* open, std::size_t most) {
  std::array<Words, kCount> run, moved;
  std::copy_n(open, kCount, run.begin());
  for (std::size_t done = 0, length = 1; done < most; length *= 2) {
    const std::size_t by = std::min(length, most - done);
    if (by < length) open_run<kCount>(open, by, run.data());
    shift_up<kCount>(words, by, moved.data());
    Words grown = 0;
    for (std::size_t i = 0; i < kCount; ++i) {
      const Words more = moved[i] & run[i] & ~words[i];
      grown |= more;
      words[i] |= more;
    }
    done += by;
    if (grown == 0 || done >= most) return;
    shift_up<kCount>(run.data(), length, moved.data());
    for (std::size_t i = 0; i < kCount; ++i) run[i] &= moved[i];
  }
}

}  // namespace

Occupancy::Occupancy(const Floor& floor, ConflictRule rule, const PlayPlan& newcomer, const Snapshot& snapshot, double from_s, double step_s, std::size_t steps)
    : floor_(&floor.plan()), rule_(rule), members_(newcomer.members), seated_(newcomer.seated), from_s_(from_s), step_s_(step_s), low_(floor.low()),
      columns_(static_cast<int>(std::ceil((floor.high().x - floor.low().x) / kCell_m))), rows_(static_cast<int>(std::ceil((floor.high().y - floor.low().y) / kCell_m))),
      words_((steps + 63) / 64 + kPadding), bits_(static_cast<std::size_t>(columns_ * rows_) * words_) {
  for (const ProjectedPlay& play : snapshot.plays) take(play);
  for (const BlockingBody& body : snapshot.bodies) take(body, stays_until_s(body, snapshot.now_s));
}

const std::uint64_t* Occupancy::taken(HallPoint p) const {
  const int column = std::clamp(static_cast<int>((p.x - low_.x) * (1.0 / kCell_m)), 0, columns_ - 1);
  const int row = std::clamp(static_cast<int>((p.y - low_.y) * (1.0 / kCell_m)), 0, rows_ - 1);
  return bits_.data() + static_cast<std::size_t>(row * columns_ + column) * words_;
}

void Occupancy::take(const ProjectedPlay& play) {
  PlayPlan newcomer;
  newcomer.members = members_;
  newcomer.seated = seated_;
  const double separation_m = pair_separation_m(*floor_, newcomer, play.plan);
  for (std::size_t k = play.first_block; k < play.plan.block_count(); ++k) {
    if (rule_ == ConflictRule::points_in_time) take_points(play.plan, k, separation_m);
    else take_block(play.plan, k, separation_m);
  }
}

void Occupancy::set(std::size_t cell, Steps steps) {
  if (steps.first > steps.last) return;
  const auto first = static_cast<std::size_t>(steps.first), last = static_cast<std::size_t>(steps.last);
  Words* words = bits_.data() + cell * words_;
  const Words head = ~Words{0} << (first % 64), tail = ~Words{0} >> (63 - last % 64);
  if (first / 64 == last / 64) {
    words[first / 64] |= head & tail;
    return;
  }
  words[first / 64] |= head;
  for (std::size_t i = first / 64 + 1; i < last / 64; ++i) words[i] = ~Words{0};
  words[last / 64] |= tail;
}

Occupancy::Steps Occupancy::steps_within(double from_s, double to_s) const {
  const double most = static_cast<double>((words_ - kPadding) * 64);
  const double first = std::clamp((from_s - from_s_) / step_s_ + 0.5, 0.0, most), end = std::clamp((to_s - from_s_) / step_s_ + 0.5, 0.0, most);
  const auto whole = static_cast<int>(first);
  return {whole + (static_cast<double>(whole) < first ? 1 : 0), static_cast<int>(end) - 1};
}

// Of the cells whose middle is within the radius of the straight line, and some more.
template <typename Visit>
void Occupancy::visit_cells(HallPoint a, HallPoint b, double radius_m, Visit visit) {
  const auto index = [](double along_m, int most) { return static_cast<int>(std::clamp(along_m / kCell_m, 0.0, most - 0.5)); };
  if (a.y > b.y) std::swap(a, b);
  const double slope = b.y > a.y ? (b.x - a.x) / (b.y - a.y) : 0.0;
  const int last_row = index(b.y + radius_m - low_.y, rows_);
  for (int row = index(a.y - radius_m - low_.y, rows_); row <= last_row; ++row) {
    const double y = low_.y + (row + 0.5) * kCell_m;
    double one = a.x, two = b.x;  // the ends of what is near in y
    if (b.y > a.y) {
      one = a.x + slope * (std::clamp(y - radius_m, a.y, b.y) - a.y);
      two = a.x + slope * (std::clamp(y + radius_m, a.y, b.y) - a.y);
    }
    const int last_column = index(std::max(one, two) + radius_m - low_.x, columns_);
    for (int column = index(std::min(one, two) - radius_m - low_.x, columns_); column <= last_column; ++column) {
      visit(static_cast<std::size_t>(row * columns_ + column), HallPoint{low_.x + (column + 0.5) * kCell_m, y});
    }
  }
}

void Occupancy::take_place(HallPoint place, double from_s, double to_s, double separation_m) {
  const Steps steps = steps_within(from_s - floor_->tolerance_s, to_s + floor_->tolerance_s);
  if (steps.first > steps.last) return;
  visit_cells(place, place, separation_m, [&](std::size_t cell, HallPoint middle) {
    const HallVec off = middle - place;
    if (tracking::dot(off, off) < separation_m * separation_m) set(cell, steps);
  });
}

void Occupancy::take_leg(HallPoint from, HallPoint to, double from_s, double to_s, double separation_m) {
  const double tolerance_s = floor_->tolerance_s;
  const Steps all = steps_within(from_s - tolerance_s, to_s + tolerance_s);
  if (all.first > all.last) return;
  visit_cells(from, to, separation_m, [&](std::size_t cell, HallPoint middle) {
    const auto [first, last] = fractions_within(from, to, middle, separation_m);
    if (first <= last) set(cell, steps_within(from_s + (to_s - from_s) * first - tolerance_s, from_s + (to_s - from_s) * last + tolerance_s));
  });
}

void Occupancy::take(const BlockingBody& body, double until_s) {
  take_place(body.at, from_s_ - step_s_, until_s, body.radius_m);
  for (std::size_t i = 1; i < body.way.size(); ++i) {
    const Steps steps = steps_within(from_s_ - step_s_, until_s);
    visit_cells(body.way[i - 1], body.way[i], body.radius_m, [&](std::size_t cell, HallPoint middle) {
      if (tracking::distance_to_segment_m(body.way[i - 1], body.way[i], middle) < body.radius_m) set(cell, steps);
    });
  }
}

void Occupancy::take_points(const PlayPlan& plan, std::size_t k, double separation_m) {
  const Block& block = plan.block(k);
  const double end_s = from_s_ + static_cast<double>((words_ - kPadding) * 64) * step_s_;
  if (plan.leave_s(k) + floor_->tolerance_s < from_s_ || plan.entered_s(k) - floor_->tolerance_s > end_s) return;
  double time_s = plan.entered_s(k);
  const double stands_s = plan.walk_s(k, 0.0);
  if (stands_s > 0.0) take_place(block.path.front(), time_s, time_s + stands_s, separation_m);
  time_s += stands_s;
  for (std::size_t i = 1; i < block.path.size(); ++i) {
    const double next_s = time_s + tracking::distance(block.path[i - 1], block.path[i]) / plan.speed_mps;
    take_leg(block.path[i - 1], block.path[i], time_s, next_s, separation_m);
    time_s = next_s;
  }
  take_place(block.place(), plan.arrive_s(k), plan.leave_s(k), separation_m);
}

void Occupancy::take_block(const PlayPlan& plan, std::size_t k, double separation_m) {
  const Block& block = plan.block(k);
  const double tolerance_s = floor_->tolerance_s;
  double end_m = block.length_m;
  for (std::size_t i = block.path.size(); i-- > 1;) {
    const HallPoint from = block.path[i - 1], to = block.path[i];
    const double length_m = tracking::distance(from, to);
    visit_cells(from, to, separation_m, [&](std::size_t cell, HallPoint middle) {
      const auto [first, last] = fractions_within(from, to, middle, separation_m);
      if (first > last) return;
      set(cell, steps_within(plan.entered_s(k) - tolerance_s, plan.entered_s(k) + plan.walk_s(k, end_m - (1.0 - last) * length_m) + tolerance_s));
    });
    end_m -= length_m;
  }
  take_place(block.place(), plan.entered_s(k), plan.leave_s(k), separation_m);
}

QuickLook::QuickLook(const package::Route& route, const FloorPlan& floor, ConflictRule rule, double scale, double base_s, double spread_s)
    : rule_(rule), scale_(scale), base_s_(base_s) {
  const double most_s = spread_s + route.hold_total_max_s;
  step_s_ = std::max(kStep_s, most_s / (static_cast<double>(kWords) * 64.0 - 2.0));
  words_ = static_cast<std::size_t>(most_s / step_s_) / 64 + 1;
  hold_total_ = static_cast<std::size_t>(route.hold_total_max_s / step_s_);
  constexpr std::size_t kStayMost = 512;  // steps: longer stays are looked at as if they were so long
  double time_s = 0.0;
  const auto step_at = [&](package::FilmPoint at, double at_s, double since_s) {
    return Step{at.x_m * scale, at.y_m * scale, static_cast<std::size_t>(std::lround(at_s / step_s_)), static_cast<std::size_t>(since_s / step_s_)};
  };
  for (std::size_t i = 0; i < route.scenes.size(); ++i) {
    const package::Scene& scene = route.scenes[i];
    const std::size_t first_step = way_.size();
    if (i > 0) {
      const package::FilmPoint from = route.scenes[i - 1].at;
      const double walk_s = package::leg_length_m(route, i - 1) * scale / route.walk_speed_mps;
      const double off_s = walk_s > 0.0 ? floor.setting_off_s : 0.0;
      for (double at_s = 0.0; at_s < off_s + walk_s; at_s += step_s_) {
        const double part = walk_s > 0.0 ? std::max(0.0, at_s - off_s) / walk_s : 0.0;
        way_.push_back(step_at({from.x_m + (scene.at.x_m - from.x_m) * part, from.y_m + (scene.at.y_m - from.y_m) * part}, time_s + at_s, at_s));
      }
      if (rule == ConflictRule::blocks) way_.push_back(step_at(scene.at, time_s + off_s + walk_s, off_s + walk_s));
      time_s += off_s + walk_s;
    }
    const auto stay = std::min(kStayMost, static_cast<std::size_t>(scene.dwell_s / step_s_));
    stages_.push_back({first_step, way_.size(), step_at(scene.at, time_s, 0.0), stay, static_cast<std::size_t>(scene.hold_max_s / step_s_)});
    steps_ = std::max(steps_, stages_.back().place.at + stay + (words_ + 2) * 64);
    time_s += scene.dwell_s;
  }
}

// Where the steps and places are in the hall, found as they are asked for.
struct QuickLook::Lookups {
  const Occupancy& occupancy;
  HallVec x_axis, y_axis, shift;  // of the placement, mirroring included

  Lookups(const LaidRoute& laid, const Occupancy& taken) : occupancy(taken) {
    const double c = std::cos(laid.placement.yaw), s = std::sin(laid.placement.yaw);
    x_axis = laid.placement.mirrored ? HallVec{-c, -s} : HallVec{c, s};
    y_axis = {-s, c};
    shift = laid.placement.shift;
  }
  const Words* taken(const Step& step) const {
    const HallVec at = shift + x_axis * step.x_m + y_axis * step.y_m;
    return occupancy.taken({at.x, at.y});
  }
};

template <std::size_t kCount>
bool QuickLook::walk(const Lookups& lookups, const Stage& stage, Delays& delays) const {
  std::array<Words, kWords + 8 + 2> taken;
  for (std::size_t s = stage.first_step; s < stage.last_step; ++s) {
    const Step& step = way_[s];
    if (rule_ == ConflictRule::points_in_time) {
      load(lookups.taken(step), step.at, kCount, taken.data());
    } else {  // the whole block is his from the gate until he is past
      const std::size_t since = std::min<std::size_t>(step.since, 512);
      const std::size_t count = kCount + since / 64 + 1;
      load(lookups.taken(step), step.at - since, count, taken.data());
      any_of_next(taken.data(), count, since);
    }
    Words left = 0;
    for (std::size_t i = 0; i < kCount; ++i) left |= delays[i] &= ~taken[i];
    if (left == 0) return false;
  }
  return true;
}

template <std::size_t kCount>
bool QuickLook::stay(const Lookups& lookups, const Stage& stage, Delays& delays) const {
  std::array<Words, kWords + 8 + 2> taken;
  std::array<Words, kCount> open;
  const std::size_t count = kCount + stage.stay / 64 + 1;
  load(lookups.taken(stage.place), stage.place.at, count, taken.data());
  shift_down(taken.data(), count, stage.stay, open.data(), kCount);
  any_of_next(taken.data(), count, stage.stay);
  Words left = 0;
  for (std::size_t i = 0; i < kCount; ++i) {
    open[i] = ~open[i];
    left |= delays[i] &= ~taken[i];
  }
  if (left == 0) return false;
  spread<kCount>(delays.data(), open.data(), stage.hold_most);
  return true;
}

template <std::size_t kCount>
QuickLook::Reached QuickLook::reach(const Lookups& lookups, const Delays& from, std::size_t latest) const {
  Reached reached{from, 0};
  Delays in_time{};
  for (std::size_t i = 0; i < kCount; ++i) in_time[i] = latest >= i * 64 + 63 ? ~Words{0} : latest < i * 64 ? 0 : ~Words{0} >> (63 - latest % 64);
  for (const Stage& stage : stages_) {
    if (!walk<kCount>(lookups, stage, reached.delays) || !stay<kCount>(lookups, stage, reached.delays)) return reached;
    for (std::size_t i = 0; i < kCount; ++i) reached.delays[i] &= in_time[i];
    ++reached.stages;
  }
  return reached;
}

QuickLook::Prospect QuickLook::look(const LaidRoute& laid, const Occupancy& occupancy, Interval arrival, const Weights& weights) const {
  PROMENADE_ASSERT(laid.scale == scale_ && occupancy.from_s() == base_s_ && occupancy.step_s() == step_s_);
  const Lookups lookups(laid, occupancy);
  const auto most = static_cast<double>(words_ * 64 - 1);
  const auto first = static_cast<std::size_t>(std::clamp(std::ceil((arrival.from_s - base_s_) / step_s_ - 1e-9), 0.0, most));
  const auto last = std::max(first, static_cast<std::size_t>(std::clamp((arrival.to_s - base_s_) / step_s_, 0.0, most)));
  const auto bits = [](std::size_t from, std::size_t to) {
    Delays delays{};
    for (std::size_t bit = from; bit <= to; ++bit) delays[bit / 64] |= Words{1} << (bit % 64);
    return delays;
  };
  Prospect prospect;
  const auto pass = [&](std::size_t from, std::size_t to) {
    const Reached reached = words_ <= 4 ? reach<4>(lookups, bits(from, to), to + hold_total_) : reach<kWords>(lookups, bits(from, to), to + hold_total_);
    prospect.scenes += static_cast<int>(reached.stages) + 1;
    return reached;
  };
  const auto goes = [&](std::size_t to) { return pass(first, to).stages == stages_.size(); };
  prospect.reached = pass(first, last).stages;
  if (prospect.reached < stages_.size()) return prospect;
  std::size_t low = first, high = last;  // the first arrival that leads to the end is between them
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (goes(middle)) high = middle;
    else low = middle + 1;
  }
  constexpr std::size_t kStartsEvery = 4;
  for (std::size_t start = low; start <= last; start += kStartsEvery) {
    const double wait_s = static_cast<double>(start) * step_s_;
    if (prospect.goes && wait_s * weights.wait >= prospect.cost) break;
    const Reached alone = pass(start, start);
    if (alone.stages < stages_.size()) continue;
    std::size_t end = 0;
    while (alone.delays[end / 64] == 0) end += 64;
    end += static_cast<std::size_t>(std::countr_zero(alone.delays[end / 64]));
    const double hold_s = static_cast<double>(end - start) * step_s_;
    const double cost = wait_s * weights.wait + hold_s * weights.hold;
    if (prospect.goes && cost >= prospect.cost) continue;
    const double arrive_s = start == first ? std::max(base_s_, arrival.from_s) : base_s_ + wait_s;
    prospect = {true, stages_.size(), arrive_s, hold_s, cost, prospect.scenes};
  }
  if (!prospect.goes) --prospect.reached;
  return prospect;
}

}  // namespace promenade::planning
