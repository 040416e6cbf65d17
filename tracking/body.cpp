#include "tracking/body.h"

#include <algorithm>
#include <cmath>

#include "tracking/base/assert.h"

namespace promenade::tracking {
namespace {

struct Bounds {
  HallPoint low;
  HallPoint high;
};

Bounds bounds_of(PolygonView polygon) {
  PROMENADE_ASSERT(!polygon.empty());
  Bounds bounds{polygon[0], polygon[0]};
  for (const HallPoint p : polygon) {
    bounds.low = {std::min(bounds.low.x, p.x), std::min(bounds.low.y, p.y)};
    bounds.high = {std::max(bounds.high.x, p.x), std::max(bounds.high.y, p.y)};
  }
  return bounds;
}

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
  const double possible = std::max(speed, std::min(kPossibleSpeed_mps, speed + kPossibleAcceleration_mps2 * age_s));
  return std::min(age_s * possible, kReachMax_m);
}

BodyTable::BodyTable(std::size_t capacity, HallPoint low, HallPoint high)
    : low_(low),
      columns_(cells_over(low.x, high.x, kCell_m)),
      rows_(cells_over(low.y, high.y, kCell_m)),
      bodies_(capacity),
      next_(capacity, kNone),
      previous_(capacity, kNone),
      cell_(capacity, kNone),
      heads_(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_), kNone) {
  PROMENADE_ASSERT(capacity > 0 && capacity < kNone);
  by_id_.reserve(capacity);
  free_.reserve(capacity);
  for (std::size_t slot = capacity; slot > 0; --slot) free_.push_back(static_cast<Slot>(slot - 1));
}

BodyTable::BodyTable(std::size_t capacity, const Venue& venue)
    : BodyTable(capacity, bounds_of(venue.boundary).low, bounds_of(venue.boundary).high) {}

std::vector<BodyTable::Slot>::const_iterator BodyTable::lower_bound(base::BodyId id) const {
  return std::ranges::lower_bound(by_id_, id, {}, [this](Slot slot) { return bodies_[slot].id; });
}

const Body* BodyTable::find(base::BodyId id) const {
  const auto at = lower_bound(id);
  return at != by_id_.end() && bodies_[*at].id == id ? &bodies_[*at] : nullptr;
}

bool BodyTable::put(const Body& body) {
  PROMENADE_ASSERT(std::isfinite(body.position.x) && std::isfinite(body.position.y));
  const auto at = lower_bound(body.id);
  if (at != by_id_.end() && bodies_[*at].id == body.id) {
    const Slot slot = *at;
    bodies_[slot] = body;
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
  by_id_.insert(at, slot);
  link(slot);
  return true;
}

bool BodyTable::remove(base::BodyId id) {
  const auto at = lower_bound(id);
  if (at == by_id_.end() || bodies_[*at].id != id) return false;
  const Slot slot = *at;
  unlink(slot);
  by_id_.erase(at);
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
  const Slot cell = cell_of(bodies_[slot].position);
  cell_[slot] = cell;
  previous_[slot] = kNone;
  next_[slot] = heads_[cell];
  if (heads_[cell] != kNone) previous_[heads_[cell]] = slot;
  heads_[cell] = slot;
}

void BodyTable::unlink(Slot slot) {
  if (previous_[slot] == kNone) {
    heads_[cell_[slot]] = next_[slot];
  } else {
    next_[previous_[slot]] = next_[slot];
  }
  if (next_[slot] != kNone) previous_[next_[slot]] = previous_[slot];
}

std::size_t BodyTable::near(HallPoint p, double radius_m, base::BodyId self, std::span<Neighbour> out) const {
  const auto gap2 = [p](const Body& body) { return dot(body.position - p, body.position - p); };
  const auto before = [&](const Body& a, const Body& b) {
    const double a2 = gap2(a);
    const double b2 = gap2(b);
    return a2 < b2 || (a2 == b2 && a.id < b.id);
  };
  const double radius2 = radius_m * radius_m;
  std::size_t size = 0;
  for (int row = row_of(p.y - radius_m); row <= row_of(p.y + radius_m); ++row) {
    for (int column = column_of(p.x - radius_m); column <= column_of(p.x + radius_m); ++column) {
      for (Slot slot = heads_[static_cast<std::size_t>(row * columns_ + column)]; slot != kNone; slot = next_[slot]) {
        const Body& body = bodies_[slot];
        if (body.id == self || gap2(body) > radius2) continue;
        if (size == out.size()) {
          if (size == 0 || !before(body, *out[size - 1].body)) continue;
          --size;
        }
        std::size_t at = size++;
        for (; at > 0 && before(body, *out[at - 1].body); --at) out[at] = out[at - 1];
        out[at] = Neighbour{&body};
      }
    }
  }
  return size;
}

}  // namespace promenade::tracking
