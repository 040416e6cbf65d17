#include "showcontrol/planning/open_times.h"

#include <algorithm>
#include <limits>

namespace promenade::planning {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();
constexpr double kEntryStep_s = 1.0;

Intervals merged(Intervals all) {
  std::ranges::sort(all, {}, &Interval::from_s);
  Intervals result;
  for (const Interval& one : all) {
    if (!result.empty() && one.from_s <= result.back().to_s) result.back().to_s = std::max(result.back().to_s, one.to_s);
    else result.push_back(one);
  }
  return result;
}

Intervals common(const Intervals& one, const Intervals& other) {
  Intervals result;
  for (const Interval& a : one) {
    for (const Interval& b : other) {
      const Interval both{std::max(a.from_s, b.from_s), std::min(a.to_s, b.to_s)};
      if (both.from_s <= both.to_s) result.push_back(both);
    }
  }
  return merged(std::move(result));
}

// The plan's tree seen from its ends: for each block the entries from which every way on can be gone to its end.
class Backward {
 public:
  Backward(const PlayPlan& plan, const Forbidden& forbidden) : plan_(plan), forbidden_(forbidden) {
    const std::size_t count = plan.block_count();
    nodes_.resize(count);
    for (std::size_t k = 0; k < count; ++k) {
      Node& node = nodes_[k];
      const auto before = plan.before(k);
      node.walk_s = plan.walk_s(k);
      node.nominal_s = node.walk_s + plan.block(k).stay_s + (before ? nodes_[*before].nominal_s : 0.0);
      node.next = plan.followers(k);
      node.windows = windows_of(forbidden.stay[k]);
    }
  }

  // For entries of the play until `no_later_s`, from which the holds' total is reckoned.
  void look(double no_later_s, double hold_total_max_s) {
    for (std::size_t k = nodes_.size(); k-- > 0;) {  // followers have higher numbers
      Node& node = nodes_[k];
      node.leave_by_s = no_later_s + node.nominal_s + hold_total_max_s;
      Intervals all;
      for (const Interval& window : node.windows) {
        const Intervals here = entries(k, window);
        all.insert(all.end(), here.begin(), here.end());
      }
      node.good = without(merged(std::move(all)), forbidden_.entry[k]);
    }
  }
  const Intervals& good(std::size_t block) const { return nodes_[block].good; }

  // Each gate as early as may be, from the entry at `at_s`, which must be good.
  bool time_from(double at_s, std::vector<double>& enter_s, std::vector<double>& leave_s) const {
    enter_s.assign(nodes_.size(), 0.0);
    leave_s.assign(nodes_.size(), 0.0);
    enter_s[0] = at_s;
    for (std::size_t k = 0; k < nodes_.size(); ++k) {
      const double arrive_s = enter_s[k] + nodes_[k].walk_s;
      leave_s[k] = arrive_s + plan_.block(k).stay_s;
      if (nodes_[k].next.empty()) continue;
      // Where two windows touch, the one in which he can stay on.
      bool timed = false;
      for (const Interval& window : nodes_[k].windows) {
        timed = timed || (arrive_s >= window.from_s && arrive_s <= window.to_s && time_next(k, arrive_s, window, enter_s));
      }
      if (!timed) return false;
    }
    return true;
  }

 private:
  struct Node {
    double walk_s = 0.0;
    double nominal_s = 0.0;  // from the play's entry to the end of the stay, without holds
    double leave_by_s = kInfinite;
    std::vector<std::size_t> next;
    Intervals windows;       // free times of the place
    Intervals good;
  };

  // Entries of block k from which the viewer stays within `window` and can go every way on.
  Intervals entries(std::size_t k, const Interval& window) const {
    const Node& node = nodes_[k];
    const double nominal_s = node.walk_s + plan_.block(k).stay_s;
    const double leave_by_s = std::min(window.to_s, node.leave_by_s);
    Intervals all{{window.from_s - node.walk_s, leave_by_s - nominal_s}};
    if (all.front().from_s > all.front().to_s) return {};
    for (const std::size_t next : node.next) {
      Intervals way;
      for (const Interval& one : nodes_[next].good) {
        if (one.from_s > leave_by_s) continue;
        way.push_back({one.from_s - plan_.block(k).hold_max_s - nominal_s, std::min(one.to_s, leave_by_s) - nominal_s});
      }
      all = common(all, merged(std::move(way)));
    }
    return all;
  }

  bool time_next(std::size_t k, double arrive_s, const Interval& window, std::vector<double>& enter_s) const {
    constexpr double kRounding_s = 1e-7;
    const double ready_s = arrive_s + plan_.block(k).stay_s;
    const double latest_s = std::min({ready_s + plan_.block(k).hold_max_s, window.to_s, nodes_[k].leave_by_s}) + kRounding_s;
    for (const std::size_t next : nodes_[k].next) {
      double first_s = kInfinite;
      for (const Interval& one : nodes_[next].good) {
        if (one.to_s >= ready_s - kRounding_s) first_s = std::min(first_s, std::clamp(ready_s, one.from_s, std::max(one.from_s, one.to_s)));
      }
      if (first_s > latest_s) return false;
      enter_s[next] = std::max(first_s, ready_s);
    }
    return true;
  }

  const PlayPlan& plan_;
  const Forbidden& forbidden_;
  std::vector<Node> nodes_;
};

}  // namespace

bool open_times(PlayPlan& plan, const Forbidden& forbidden, double earliest_s, double latest_s, double hold_total_max_s) {
  Backward tree(plan, forbidden);
  tree.look(latest_s, hold_total_max_s);
  std::vector<double> tries;
  for (const Interval& one : common(tree.good(0), {{earliest_s, latest_s}})) {
    for (double at = one.from_s; at < one.to_s; at += kEntryStep_s) tries.push_back(at);
    tries.push_back(one.to_s);
  }
  std::vector<double> enter_s, leave_s;
  for (const double at : tries) {
    tree.look(at, hold_total_max_s);
    if (!std::ranges::any_of(tree.good(0), [&](const Interval& one) { return at >= one.from_s && at <= one.to_s; })) continue;
    if (!tree.time_from(at, enter_s, leave_s)) continue;
    const std::size_t count = plan.blocks.size();
    std::copy_n(enter_s.begin(), count, plan.enter_s.begin());
    plan.end_s = leave_s[count - 1];
    std::size_t from = count;
    for (Branch& branch : plan.branches) {
      std::copy_n(enter_s.begin() + static_cast<std::ptrdiff_t>(from), branch.blocks.size(), branch.enter_s.begin());
      from += branch.blocks.size();
      branch.end_s = leave_s[from - 1];
    }
    return true;
  }
  return false;
}

}  // namespace promenade::planning
