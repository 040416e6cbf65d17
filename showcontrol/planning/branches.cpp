// The part of a plan that is a tree: blocks of the ways that a viewer may still choose.

#include <algorithm>

#include "showcontrol/planning/plan.h"
#include "tracking/base/assert.h"

namespace promenade::planning {
namespace {

struct Where {  // a block of a branch
  const Branch* branch;
  std::size_t index;
};

Where where(const PlayPlan& plan, std::size_t number) {
  std::size_t index = number - plan.blocks.size();
  for (const Branch& branch : plan.branches) {
    if (index < branch.blocks.size()) return {&branch, index};
    index -= branch.blocks.size();
  }
  PROMENADE_ASSERT(!"the plan has so many blocks");
  return {};
}

}  // namespace

std::size_t PlayPlan::branch_blocks() const {
  std::size_t count = 0;
  for (const Branch& branch : branches) count += branch.blocks.size();
  return count;
}

const Block& PlayPlan::branch_block(std::size_t number) const {
  const Where at = where(*this, number);
  return at.branch->blocks[at.index];
}

double PlayPlan::branch_entered_s(std::size_t number) const {
  const Where at = where(*this, number);
  return at.branch->enter_s[at.index];
}

std::optional<std::size_t> PlayPlan::before(std::size_t number) const {
  if (number == 0) return std::nullopt;
  if (number < blocks.size()) return number - 1;
  const Where at = where(*this, number);
  return at.index == 0 ? at.branch->after : number - 1;
}

std::vector<std::size_t> PlayPlan::followers(std::size_t number) const {
  std::vector<std::size_t> all;
  std::size_t first = 0;
  const auto take = [&](std::size_t count) {
    if (number >= first && number + 1 < first + count) all.push_back(number + 1);
    first += count;
  };
  take(blocks.size());
  for (const Branch& branch : branches) {
    if (branch.after == number) all.push_back(first);
    take(branch.blocks.size());
  }
  return all;
}

bool PlayPlan::choice_open_at(std::size_t number) const { return std::ranges::contains(branches, number, &Branch::after); }

double PlayPlan::leave_s(std::size_t number) const {
  if (branches.empty()) return number + 1 < blocks.size() ? enter_s[number + 1] : end_s;
  const std::vector<std::size_t> next = followers(number);
  if (next.empty()) return number < blocks.size() ? end_s : where(*this, number).branch->end_s;
  double latest = entered_s(next.front());
  for (const std::size_t one : next) latest = std::max(latest, entered_s(one));
  return latest;
}

std::optional<std::size_t> next_choice(const PlayPlan& plan) {
  std::optional<std::size_t> first;
  for (const Branch& branch : plan.branches) {
    if (!first || branch.after < *first) first = branch.after;
  }
  return first;
}

std::vector<std::optional<std::size_t>> PlayPlan::choose(std::size_t after, std::uint8_t option) {
  PROMENADE_ASSERT(after < blocks.size() && choice_open_at(after));
  std::vector<std::optional<std::size_t>> now(block_count());
  for (std::size_t k = 0; k <= after; ++k) now[k] = k;
  const auto taken = std::ranges::find_if(branches, [&](const Branch& branch) { return branch.after == after && branch.option == option; });
  PROMENADE_ASSERT(option == 0 || taken != branches.end());
  if (option == 0) {
    for (std::size_t k = after + 1; k < blocks.size(); ++k) now[k] = k;
  } else {
    blocks.resize(after + 1);
    enter_s.resize(after + 1);
    blocks.insert(blocks.end(), taken->blocks.begin(), taken->blocks.end());
    enter_s.insert(enter_s.end(), taken->enter_s.begin(), taken->enter_s.end());
    end_s = taken->end_s;
  }
  std::size_t was = now.size();
  for (const Branch& branch : branches) was -= branch.blocks.size();  // the first number of the first branch before
  std::size_t next = blocks.size();
  std::vector<Branch> kept;
  for (Branch& branch : branches) {
    const bool is_taken = option != 0 && &branch == &*taken;
    const bool stays = branch.after != after && now[branch.after].has_value();
    for (std::size_t i = 0; i < branch.blocks.size() && (is_taken || stays); ++i) now[was + i] = is_taken ? after + 1 + i : next++;
    was += branch.blocks.size();
    if (!stays) continue;
    branch.after = *now[branch.after];
    kept.push_back(std::move(branch));
  }
  branches = std::move(kept);
  return now;
}

}  // namespace promenade::planning
