#include "tracking/body.h"

#include <algorithm>
#include <cmath>

#include "tracking/base/assert.h"
#include "tracking/box.h"

namespace promenade::tracking {
namespace {

int cells_over(double low, double high, double cell_m) {
  return std::max(1, static_cast<int>(std::ceil((high - low) / cell_m)));
}

}  // namespace

std::string_view to_string(BodyKind kind) {
  switch (kind) {
    case BodyKind::viewer: return "viewer";
    case BodyKind::attendant: return "attendant";
    case BodyKind::companion: return "companion";
    case BodyKind::lost_viewer: return "lost_viewer";
    case BodyKind::unknown: return "unknown";
  }
  return "unknown";
}

double reach_m(const Body& body, base::HallTime now) {
  const double age_s = std::max(0.0, base::to_seconds(now - body.heard));
  if (body.kind == BodyKind::lost_viewer) return std::min(age_s * kLostSpeed_mps, kLostReachMax_m);
  if (!body.reports) return 0.0;  // placed by staff, who watch it
  const double speed = length(body.velocity);
  const double speeding_up_s = std::min(age_s, std::max(0.0, kPossibleSpeed_mps - speed) / kPossibleAcceleration_mps2);
  const double gained_mps = kPossibleAcceleration_mps2 * speeding_up_s;
  return std::min(age_s * speed + gained_mps * (age_s - speeding_up_s / 2.0), kReachMax_m);
}

BodyTable::BodyTable(std::size_t capacity, HallPoint low, HallPoint high)
    : low_(low),
      columns_(cells_over(low.x, high.x, kCell_m)),
      rows_(cells_over(low.y, high.y, kCell_m)),
      bodies_(capacity),
      spots_(capacity),
      previous_(capacity, kNone),
      cell_(capacity, kNone),
      heads_(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_), kNone) {
  PROMENADE_ASSERT(capacity > 0 && capacity < kNone);
  by_id_.reserve(capacity);
  ids_.reserve(capacity);
  free_.reserve(capacity);
  for (std::size_t slot = capacity; slot > 0; --slot) free_.push_back(static_cast<Slot>(slot - 1));
}

BodyTable::BodyTable(std::size_t capacity, const Venue& venue)
    : BodyTable(capacity, box_of(venue.boundary).low, box_of(venue.boundary).high) {}

std::size_t BodyTable::rank_of(base::BodyId id) const {
  return static_cast<std::size_t>(std::ranges::lower_bound(ids_, id) - ids_.begin());
}

const Body* BodyTable::find(base::BodyId id) const {
  const std::size_t rank = rank_of(id);
  return rank < ids_.size() && ids_[rank] == id ? &bodies_[by_id_[rank]] : nullptr;
}

bool BodyTable::put(const Body& body) {
  PROMENADE_ASSERT(std::isfinite(body.position.x) && std::isfinite(body.position.y));
  const std::size_t rank = rank_of(body.id);
  if (rank < ids_.size() && ids_[rank] == body.id) {
    const Slot slot = by_id_[rank];
    bodies_[slot] = body;
    spots_[slot].at = body.position;
    if (cell_of(body.position) != cell_[slot]) {
      unlink(slot);
      link(slot);
    }
    return true;
  }
  if (free_.empty()) return false;
  const Slot slot = free_.back();
  free_.pop_back();
  bodies_[slot] = body;
  spots_[slot] = {body.position, body.id, kNone};
  by_id_.insert(by_id_.begin() + static_cast<std::ptrdiff_t>(rank), slot);
  ids_.insert(ids_.begin() + static_cast<std::ptrdiff_t>(rank), body.id);
  link(slot);
  return true;
}

bool BodyTable::remove(base::BodyId id) {
  const std::size_t rank = rank_of(id);
  if (rank >= ids_.size() || ids_[rank] != id) return false;
  const Slot slot = by_id_[rank];
  unlink(slot);
  by_id_.erase(by_id_.begin() + static_cast<std::ptrdiff_t>(rank));
  ids_.erase(ids_.begin() + static_cast<std::ptrdiff_t>(rank));
  free_.push_back(slot);
  return true;
}

int BodyTable::column_of(double x) const {
  return static_cast<int>(std::clamp(std::floor((x - low_.x) / kCell_m), 0.0, columns_ - 1.0));
}

int BodyTable::row_of(double y) const {
  return static_cast<int>(std::clamp(std::floor((y - low_.y) / kCell_m), 0.0, rows_ - 1.0));
}

BodyTable::Slot BodyTable::cell_of(HallPoint p) const {
  return static_cast<Slot>(row_of(p.y) * columns_ + column_of(p.x));
}

void BodyTable::link(Slot slot) {
  const Slot cell = cell_of(spots_[slot].at);
  cell_[slot] = cell;
  previous_[slot] = kNone;
  spots_[slot].next = heads_[cell];
  if (heads_[cell] != kNone) previous_[heads_[cell]] = slot;
  heads_[cell] = slot;
}

void BodyTable::unlink(Slot slot) {
  const Slot next = spots_[slot].next;
  if (previous_[slot] == kNone) {
    heads_[cell_[slot]] = next;
  } else {
    spots_[previous_[slot]].next = next;
  }
  if (next != kNone) previous_[next] = previous_[slot];
}

std::size_t BodyTable::near(HallPoint p, double radius_m, base::BodyId self, std::span<Neighbour> out) const {
  const double radius2 = radius_m * radius_m;
  const auto before = [p](double gap2, base::BodyId id, const Body& other) {
    const double other2 = dot(other.position - p, other.position - p);
    return gap2 < other2 || (gap2 == other2 && id < other.id);
  };
  const int last_row = row_of(p.y + radius_m);
  const int first_column = column_of(p.x - radius_m);
  const int last_column = column_of(p.x + radius_m);
  std::size_t size = 0;
  for (int row = row_of(p.y - radius_m); row <= last_row; ++row) {
    for (int column = first_column; column <= last_column; ++column) {
      Slot next = heads_[static_cast<std::size_t>(row * columns_ + column)];
      while (next != kNone) {
        const Slot slot = next;
        const Spot& spot = spots_[slot];
        next = spot.next;
        const double gap2 = dot(spot.at - p, spot.at - p);
        if (gap2 > radius2 || spot.id == self) continue;
        if (size == out.size()) {
          if (size == 0 || !before(gap2, spot.id, *out[size - 1].body)) continue;
          --size;
        }
        std::size_t at = size++;
        for (; at > 0 && before(gap2, spot.id, *out[at - 1].body); --at) out[at] = out[at - 1];
        out[at] = Neighbour{&bodies_[slot]};
      }
    }
  }
  return size;
}

}  // namespace promenade::tracking
